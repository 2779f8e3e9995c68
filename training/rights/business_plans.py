"""Who may let which event happen to a business plan (SPEC 4.6, 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from bastau.people.models import User
    from training.models import BusinessPlan

Rule = Callable[["BusinessPlan", Actor], Verdict]

HELPED = Verdict(False, _("You helped to write this plan, so another trainer assesses it."))
NOBODY_YET = Verdict(False, _("The coordinator has not named who assesses this plan."))


def may(case: BusinessPlan, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to `case`."""
    return RULES[event](case, by)


def helped(case: BusinessPlan, user: User) -> bool:
    """Whether `user` consulted the writer: the assessor is somebody else (SPEC 4.6)."""
    return case.enrolment.consultations.filter(by=user, refused=False).exists()


def _system(case: BusinessPlan, by: Actor) -> Verdict:
    return judging.system(by)


def _coordinator(case: BusinessPlan, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.COORDINATOR)


def _trainer(case: BusinessPlan, by: Actor) -> Verdict:
    """Formal faults are pointed out by the trainer of the group or by whoever assesses."""
    allowed = judging.staff(case, by, case.office_id, Role.TRAINER)
    if not allowed.ok or by.user is None:
        return allowed
    group = case.enrolment.group
    own = group is not None and group.trainer_id == by.user.pk
    return allowed if own or case.assignee_id == by.user.pk else judging.NOT_YOUR_ROLE


def _assessor(case: BusinessPlan, by: Actor) -> Verdict:
    allowed = judging.assigned(case, by, case.office_id, Role.TRAINER)
    if not allowed.ok or by.user is None:
        return allowed
    if helped(case, by.user):
        return HELPED
    return allowed if case.assignee_id == by.user.pk else NOBODY_YET


RULES: dict[str, Rule] = {
    "open": _system,
    "submit": judging.own,
    "resubmit": judging.own,
    "appoint": _coordinator,
    "send_back": _trainer,
    "take_first": _system,
    "review": _assessor,
    "assess": _assessor,
    "mark_absent": _system,
    "stop": _system,
}
