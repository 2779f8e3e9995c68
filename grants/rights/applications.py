"""Who may let which event happen to a grant application (SPEC 4.9, 5). The reason goes to the person who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.flow.judging import YES
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from grants.models import GrantApplication

FOUR_EYES = Verdict(False, _("You proposed this rejection, so another person must confirm it."))

Rule = Callable[["GrantApplication", Actor], Verdict]


def may(case: GrantApplication, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to `case`."""
    return RULES[event](case, by)


def _system(case: GrantApplication, by: Actor) -> Verdict:
    return judging.system(by)


def _taker(case: GrantApplication, by: Actor) -> Verdict:
    return YES if by.is_system else judging.staff(case, by, case.office_id, Role.SPECIALIST)


def _checker(case: GrantApplication, by: Actor) -> Verdict:
    return judging.assigned(case, by, case.office_id, Role.SPECIALIST)


def _confirmer(case: GrantApplication, by: Actor) -> Verdict:
    allowed = judging.staff(case, by, case.office_id, Role.UNIT_HEAD)
    if allowed.ok and by.user is not None and by.user.pk in _proposers(case):
        return FOUR_EYES
    return allowed


def _proposers(case: GrantApplication) -> set[int]:
    return set(case.rejections.filter(closed_at=None).values_list("proposed_by", flat=True))


def _secretary(case: GrantApplication, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.COMMISSION_SECRETARY)


def _commission(case: GrantApplication, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.COMMISSION_CHAIR, Role.COMMISSION_SECRETARY)


def _decider(case: GrantApplication, by: Actor) -> Verdict:
    """The secretary enters what the commission decided; out of the reserve also the head may call the next one."""
    if case.state == "reserve":
        return judging.staff(case, by, case.office_id, Role.COMMISSION_SECRETARY, Role.DIRECTOR)
    return _secretary(case, by)


def _head(case: GrantApplication, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.DIRECTOR)


RULES: dict[str, Rule] = {
    "submit": judging.own,
    "arrive": _system,
    "take": _taker,
    "answer_criterion": _checker,
    "propose_rejection": _checker,
    "return_rejection": _confirmer,
    "reject_criteria": _confirmer,
    "schedule": _secretary,
    "hear": _secretary,
    "postpone": _commission,
    "close_no_show": _secretary,
    "approve": _decider,
    "reserve": _secretary,
    "reject": _secretary,
    "lapse": _head,
    "mark_contracted": _system,
    "withdraw": judging.own,
}
