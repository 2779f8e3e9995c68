"""docs/law.md: every clause, the code that applies it and the tests that break with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from bastau.law.claims import ROOT, Claim, Coverage
from bastau.law.reading import Clause, Statutes

PAGE = ROOT / "docs" / "law.md"
HEAD = """# The law in the code

Written by `manage.py law --write`; `manage.py law --check` fails when this page is stale.
Each clause, the code that names it, and the tests that break when it is broken. A clause without a test is either
outside the system or still open, with the reason.
"""


def printed(
    statutes: Statutes, claims: Iterable[Claim], covered: Coverage, applied: Mapping[str, Iterable[str]]
) -> str:
    """The page, the same for the same tree."""
    tests: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        tests[claim.clause].append(claim.node)
    lines = [HEAD]
    for act in statutes.acts.values():
        lines += [f"## {act.title('en')}", ""]
        if act.effective_from:
            lines += [f"In force from {act.effective_from.isoformat()}, the earliest reading.", ""]
        if act.repealed:
            lines += [f"Repealed by {act.repealed_by['en']}; applied here by A-01.", ""]
        lines += ["| Clause | What it says | Numbers | Rule | Test |", "|---|---|---|---|---|"]
        lines += [_row(clause, tests, covered, applied) for clause in statutes.in_act(act.id)]
        lines.append("")
    return "\n".join(lines)


def is_stale(text: str, path: Path = PAGE) -> bool:
    """Whether the kept page differs from what would be written now."""
    return not path.exists() or path.read_text("utf-8") != text


def write(text: str, path: Path = PAGE) -> None:
    """Keep the page."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def _row(
    clause: Clause, tests: Mapping[str, list[str]], covered: Coverage, applied: Mapping[str, Iterable[str]]
) -> str:
    numbers = [f"{_short(term.id)}{term.length} {term.unit}{_life(term)}" for term in clause.terms]
    numbers += [f"{_short(value.id)}{_shown(value.value)}{_life(value)}" for value in clause.values]
    if clause.id in covered.outside:
        standing = f"outside: {covered.outside[clause.id]}"
    elif clause.id in covered.open:
        standing = f"open: {covered.open[clause.id]}"
    else:
        standing = "<br>".join(f"`{node}`" for node in sorted(set(tests.get(clause.id, [])))) or "–"
    places = "<br>".join(f"`{place}`" for place in applied.get(clause.id, [])) or "–"
    cells = [f"{clause.id}<br>{clause.label('en')}", clause.text("en"), "<br>".join(numbers) or "–", places, standing]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _short(id: str) -> str:
    _, _, key = id.partition(":")
    return f"{key}: " if key else ""


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _life(entry: object) -> str:
    since, until = getattr(entry, "since", None), getattr(entry, "until", None)
    return f" ({since or ''}…{until or ''})" if since or until else ""
