"""Who may let which event happen to an enrolment (SPEC 4.4, 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role
from training.rights.attendance import keeps

if TYPE_CHECKING:
    from training.models import Enrolment

Rule = Callable[["Enrolment", Actor], Verdict]


def may(case: Enrolment, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to `case`."""
    return RULES[event](case, by)


def coordinator(case: Enrolment, by: Actor) -> Verdict:
    """The coordinator of the chamber; not in a case of the own IIN."""
    return judging.staff(case, by, case.office_id, Role.COORDINATOR)


def own_or_coordinator(case: Enrolment, by: Actor) -> Verdict:
    """The citizen, or the coordinator at the chamber's counter."""
    return judging.own(case, by) if by.role == "citizen" else coordinator(case, by)


def _system(case: Enrolment, by: Actor) -> Verdict:
    return judging.system(by)


def _beginner(case: Enrolment, by: Actor) -> Verdict:
    """The first class attended is entered in the journal; the first sign-in is the citizen's own."""
    if by.is_system:
        return judging.YES
    if by.role == "citizen":
        return judging.own(case, by)
    if case.group is None:
        return judging.NOT_YOUR_ROLE
    allowed = keeps(case.group, by)
    return coordinator(case, by) if by.role == Role.COORDINATOR else allowed


RULES: dict[str, Rule] = {
    "submit": own_or_coordinator,
    "reject": coordinator,
    "waitlist": _system,
    "enrol": own_or_coordinator,
    "begin": _beginner,
    "open_final": _system,
    "enter_final": _system,
    "void_final": coordinator,
    "enter_plan": _system,
    "propose_expulsion": _system,
    "not_admit": _system,
    "expel": coordinator,
    "complete": _system,
    "complete_without_plan": _system,
    "close_without_result": _system,
    "expel_by_act": coordinator,
    "mark_no_show": coordinator,
    "withdraw": own_or_coordinator,
    "return_to_pool": _system,
}
