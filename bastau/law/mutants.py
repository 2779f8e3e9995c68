"""Bends the law by one, number by number, and asks the tests that claim it whether they notice."""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from bastau.law.claims import ROOT, Claim, Coverage
from bastau.law.reading import LawIsBroken, Statutes, Term, Value

#: Times of day are moved on some day, whichever.
ANY_DAY = date(2000, 1, 2)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One number of the law, changed by one."""

    clause: str
    address: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a mutant. `detail`: noticed, slept or nothing ran."""

    mutant: Mutant
    killed: bool
    detail: str


def mutants(statutes: Statutes, claims: Iterable[Claim], covered: Coverage) -> list[Mutant]:
    """Every numeric term and value of the claimed clauses, one more and one less."""
    claimed = {claim.clause for claim in claims} - set(covered.open) - set(covered.outside)
    found: list[Mutant] = []
    for clause in statutes.clauses.values():
        if clause.id in claimed:
            entries: list[Term | Value] = [*clause.terms, *clause.values]
            for entry in entries:
                found += _bent(clause.id, entry)
    return found


def hunt(found: list[Mutant], claims: Iterable[Claim], *, marks: str, jobs: int) -> Iterator[Outcome]:
    """Run, for each mutant, the tests that claim its clause; pure ones first, the database's only if those slept.

    Raises LawIsBroken when the tests fail under the law as it stands, for then they prove nothing.
    """
    nodes: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for claim in claims:
        if "journey" not in claim.marks:
            nodes[claim.clause, claim.pure].add(claim.node)
    plan = [
        {
            "bent": {one.address: _plain(one.after)},
            "pure": sorted(nodes[one.clause, True]),
            "heavy": sorted(nodes[one.clause, False]),
        }
        for one in found
    ]
    told = 0
    with _pytest({"mutants": plan, "marks": marks, "jobs": jobs}) as (report, last_words):
        for line in report:
            at, said = json.loads(line)
            if said == "straight fails":
                raise LawIsBroken("The tests fail under the law as it stands, so they prove nothing.")
            told += 1
            yield Outcome(found[at], said == "noticed", said)
        if told != len(found):
            raise LawIsBroken(f"The tests could not be run: {last_words()}")


@contextmanager
def _pytest(plan: dict[str, Any]) -> Iterator[tuple[IO[str], Callable[[], str]]]:
    read, write = os.pipe()
    with tempfile.TemporaryFile("w+") as said, os.fdopen(read) as report:
        process = subprocess.Popen(
            [sys.executable, "-m", "bastau.law.bending"],
            cwd=ROOT,
            env={**os.environ, "PYTEST_ADDOPTS": ""},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            pass_fds=[write],
            text=True,
        )
        os.close(write)

        def last_words() -> str:
            process.wait()
            said.seek(0)
            return "".join(said.readlines()[-5:]).strip()

        try:
            assert process.stdin is not None
            with process.stdin as given:
                given.write(json.dumps({**plan, "report": write}))
            yield report, last_words
        finally:
            process.terminate()
            process.wait()


def _bent(clause: str, entry: Term | Value) -> Iterator[Mutant]:
    field = "length" if isinstance(entry, Term) else "value"
    before = getattr(entry, field)
    for step in (-1, 1):
        if isinstance(before, time):
            after: Any = (datetime.combine(ANY_DAY, before) + timedelta(minutes=step)).time()
        elif isinstance(before, int) and not isinstance(before, bool):
            after = before + step
            least, most = getattr(entry, "least", None), getattr(entry, "most", None)
            if after < (0 if least is None else least) or (most is not None and after > most):
                continue
        else:
            return
        yield Mutant(clause, f"{entry.address}.{field}", before, after)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else value
