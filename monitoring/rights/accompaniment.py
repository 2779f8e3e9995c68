"""Who may let which event happen to an accompaniment and to a visit (SPEC 4.14, 5; 118-p33-2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from monitoring.models import AccompanimentCase, Visit

Rule = Callable[[Any, Actor], Verdict]


def may(case: AccompanimentCase, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to an accompaniment."""
    return RULES[event](case, by)


def may_visit(visit: Visit, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a visit."""
    return VISIT_RULES[event](visit, by)


def may_open(case: AccompanimentCase, by: Actor) -> Verdict:
    """Opened by the payment, or by the chamber where the financing was not a grant."""
    if by.is_system:
        return judging.YES
    return judging.staff(case, by, case.office_id, Role.PROJECT_CONSULTANT, Role.COORDINATOR)


def is_trainer_of(case: AccompanimentCase, by: Actor) -> Verdict:
    """The business trainer who was named for this business."""
    allowed = judging.staff(case, by, case.office_id, Role.TRAINER)
    if allowed.ok and (by.user is None or case.trainer_id != by.user.pk):
        return judging.NOT_ASSIGNED
    return allowed


def _coordinator(case: AccompanimentCase, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.COORDINATOR)


def _consultant(case: AccompanimentCase, by: Actor) -> Verdict:
    return judging.assigned(case, by, case.office_id, Role.PROJECT_CONSULTANT)


def _names_trainer(case: AccompanimentCase, by: Actor) -> Verdict:
    return _coordinator(case, by) if by.role == Role.COORDINATOR else _consultant(case, by)


def _visitor(case: AccompanimentCase, by: Actor) -> Verdict:
    return is_trainer_of(case, by) if by.role == Role.TRAINER else _consultant(case, by)


def _finisher(case: AccompanimentCase, by: Actor) -> Verdict:
    return judging.YES if by.is_system else _consultant(case, by)


RULES: dict[str, Rule] = {
    "open": may_open,
    "name_consultant": _coordinator,
    "name_trainer": _names_trainer,
    "launch": _consultant,
    "extend": _consultant,
    "plan_visit": _visitor,
    "keep_card": _consultant,
    "enter_issue": _consultant,
    "report": _consultant,
    "finish": _finisher,
    "stop": _consultant,
}


def _of_accompaniment(visit: Visit, by: Actor) -> Verdict:
    allowed = _visitor(visit.accompaniment, by)
    if allowed.ok or by.user is None or visit.assignee_id != by.user.pk:
        return allowed
    # Who was to visit still writes down what came of it when another accompanies by now.
    return judging.staff(visit, by, visit.office_id, Role.TRAINER, Role.PROJECT_CONSULTANT)


def _canceller(visit: Visit, by: Actor) -> Verdict:
    return judging.YES if by.is_system else _of_accompaniment(visit, by)


VISIT_RULES: dict[str, Rule] = {
    "plan": _of_accompaniment,
    "agree": judging.own,
    "decline": judging.own,
    "hold": _of_accompaniment,
    "cancel": _canceller,
}
