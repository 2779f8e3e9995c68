"""Dates and numbers of accompaniment, enquiries and problem issues."""

from __future__ import annotations

from datetime import date

from bastau import law, workdays
from bastau.law import Term
from monitoring.states import FamilyCategory

USUAL, FAMILY = "118-p33-1:usual", "118-p33-1:family"
#: Series of numbers: сүйемелдеу, сұрау салу, проблемалық мәселе, their register.
SERIES = {"accompaniment": "СҮ", "consultation": "СС", "problem": "ПМ", "problem_register": "ПТ"}


def term_of(category: str, on: date | None = None) -> Term:
    """Twelve months, or eighteen for members of low-income and large families. Clause: 118-p33-1."""
    return law.term(USUAL if category == FamilyCategory.NONE else FAMILY, on)


def ends_on(launched_on: date, category: str) -> date:
    """The last day of accompaniment; both terms run from the launch. Clause: 118-p33-1, A-28."""
    return workdays.add(launched_on, term_of(category, launched_on))


def series(kind: str, region: str, day: date) -> str:
    """The series of numbers of one kind in a region and year (A-44)."""
    return f"{SERIES[kind]}-{region}-{day.year}"


def quarters_back(day: date, count: int = 2) -> list[date]:
    """The last days of the quarter of `day` and of those before it, newest first."""
    found = [workdays.quarter_end(day)]
    while len(found) < count:
        before = found[-1].replace(month=found[-1].month - 2, day=1)
        found.append(date.fromordinal(before.toordinal() - 1))
    return found
