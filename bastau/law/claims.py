"""Which test claims which clause, which code applies it, and what the claims leave uncovered. Reads files only."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bastau.law.reading import Statutes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: Fixtures and marks that show a test needs a database or a server, by name.
DATABASE = frozenset({"db", "transactional_db", "client", "admin_client", "live_server", "django_db"})
CITED = re.compile(
    r"(?<![\w-])(118-(?:o\d|p\d\d(?:-s\d\d|-\d)?|a\d(?:-r\d\d(?:-\d)?)?)|FKA04-\d\.\d|A-\d\d|T-[A-Z]+(?:-[A-Z]+)*)(?![\w])"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A test that says: break this clause and I break."""

    clause: str
    node: str
    pure: bool
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What no test has to claim: `outside` the system, with the reason; `open`, with what it waits for."""

    outside: Mapping[str, str]
    open: Mapping[str, str]


def coverage(path: Path = HERE / "coverage.toml") -> Coverage:
    """Read coverage.toml."""
    content = tomllib.loads(path.read_text("utf-8"))
    return Coverage(content.get("outside", {}), content.get("open", {}))


def requirements(path: Path = HERE / "requirements.toml") -> list[str]:
    """The requirement ids the system answers for."""
    return tomllib.loads(path.read_text("utf-8"))["ids"]


def collect(tests: Path = ROOT / "tests", root: Path = ROOT) -> tuple[list[Claim], list[str]]:
    """Every `@pytest.mark.clause(...)` under `tests`, and sentences on marks that no test carries."""
    claims: list[Claim] = []
    problems: list[str] = []
    for path in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        name = path.relative_to(root).as_posix()
        written = sum(1 for node in ast.walk(tree) if _is_clause(node))
        shared = [node.value for node in tree.body if isinstance(node, ast.Assign) and _names(node) == ["pytestmark"]]
        read = sum(_count(one) for one in shared)
        for test in _tests(tree.body, name, shared):
            claims += _claims_of(*test)
        read += sum(_count(one) for one in _decorators(tree.body))
        if read != written:
            problems.append(f"{name}: a clause mark that is no decorator of a test is claimed by nobody.")
    return sorted(claims, key=lambda one: (one.clause, one.node)), problems


def gaps(statutes: Statutes, known: Iterable[str], claims: Iterable[Claim], covered: Coverage) -> list[str]:
    """Sentences on every id whose standing is unclear: nobody answers for it, or two answers contradict."""
    found: list[str] = []
    needed = set(known)
    acts = {clause.id for clause in statutes.clauses.values() if clause.act != "assumptions"}
    found += [f"{id}: a requirement that no act holds." for id in sorted(needed - acts)]
    found += [f"{id}: stands in an act, but not among the requirements." for id in sorted(acts - needed)]
    # An assumption with a number is as binding as a clause: someone has to notice when the number changes.
    needed |= {one.id for one in statutes.in_act("assumptions") if one.terms or one.values}
    claimed = {claim.clause for claim in claims}
    for id in sorted(needed & set(statutes.clauses)):
        if not (id in claimed or id in covered.outside or id in covered.open):
            found.append(f"{id}: claimed by no test, and neither outside nor open.")
    for id in sorted(claimed | set(covered.outside) | set(covered.open)):
        if id not in statutes.clauses:
            found.append(f"{id}: no act has this clause.")
        elif id in claimed and id in covered.open:
            found.append(f"{id}: claimed by a test, yet still open.")
        elif id in claimed and id in covered.outside:
            found.append(f"{id}: claimed by a test, yet outside the system.")
        elif id in covered.outside and id in covered.open:
            found.append(f"{id}: both outside and open.")
    return found


def rules(statutes: Statutes, root: Path = ROOT) -> dict[str, list[str]]:
    """For each clause the places of the code that name it, as `path:function`, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for apps in sorted(root.glob("*/apps.py")):
        for path in sorted(apps.parent.rglob("*.py")):
            place = path.relative_to(root).as_posix()
            if place.startswith("bastau/law/") or "/migrations/" in place:
                continue
            for where, text in _pieces(path.read_text("utf-8")):
                for id in CITED.findall(text):
                    if id in statutes.clauses:
                        found[id].add(f"{place}:{where}" if where else place)
    return {id: sorted(places) for id, places in found.items()}


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    lines = source.splitlines()
    outside = dict(enumerate(lines, 1))
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            last = node.end_lineno or node.lineno
            yield node.name, "\n".join(lines[first - 1 : last])
            for number in range(first, last + 1):
                outside.pop(number, None)
    yield "", "\n".join(outside.values())


def _tests(
    body: list[ast.stmt], prefix: str, shared: list[ast.expr]
) -> Iterator[tuple[str, list[str], list[ast.expr]]]:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            own = [one.value for one in node.body if isinstance(one, ast.Assign) and _names(one) == ["pytestmark"]]
            yield from _tests(node.body, f"{prefix}::{node.name}", [*shared, *own, *node.decorator_list])
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            arguments = [one.arg for one in [*node.args.args, *node.args.kwonlyargs]]
            yield f"{prefix}::{node.name}", arguments, [*shared, *node.decorator_list]


def _claims_of(node: str, arguments: list[str], marks: list[ast.expr]) -> Iterator[Claim]:
    names = {part.attr for mark in marks for part in ast.walk(mark) if isinstance(part, ast.Attribute)}
    pure = not (names | set(arguments)) & DATABASE
    clauses = {id for mark in marks for id in _ids(mark)}
    for clause in sorted(clauses):
        yield Claim(clause, node, pure, frozenset(names & {"engine", "journey", "django_db"}))


def _ids(mark: ast.expr) -> Iterator[str]:
    for call in ast.walk(mark):
        if isinstance(call, ast.Call) and _is_clause(call):
            yield from (str(one.value) for one in call.args if isinstance(one, ast.Constant))


def _is_clause(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.clause")


def _count(mark: ast.expr) -> int:
    return sum(1 for node in ast.walk(mark) if _is_clause(node))


def _names(node: ast.Assign) -> list[str]:
    return [one.id for one in node.targets if isinstance(one, ast.Name)]


def _decorators(body: list[ast.stmt]) -> Iterator[ast.expr]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from node.decorator_list
            yield from (one.value for one in node.body if isinstance(one, ast.Assign) and _names(one) == ["pytestmark"])
            yield from _decorators(node.body)
        elif isinstance(node, ast.FunctionDef):
            yield from node.decorator_list
