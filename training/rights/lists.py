"""Who may do what with a monthly list (118-p12, SPEC 5.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bastau.flow import Actor, judging
from bastau.flow.judging import YES
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from training.models import MonthlyList


def may(case: MonthlyList, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to the list."""
    return RULES[event](case, by)


def _drawer(case: MonthlyList, by: Actor) -> Verdict:
    return YES if by.is_system else _centre(case, by)


def _centre(case: MonthlyList, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.SPECIALIST, Role.DIRECTOR)


def _director(case: MonthlyList, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.DIRECTOR)


def _chamber(case: MonthlyList, by: Actor) -> Verdict:
    return judging.staff(case, by, case.chamber_id, Role.COORDINATOR)


RULES: dict[str, Callable[[MonthlyList, Actor], Verdict]] = {
    "draw": _drawer,
    "redraw": _centre,
    "sign": _director,
    "send": _centre,
    "acknowledge": _chamber,
    "add_supplement": _centre,
}
