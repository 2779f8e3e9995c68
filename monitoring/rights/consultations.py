"""Who may let which event happen to an enquiry (SPEC 4.15, 5; 118-p17, 118-p33-3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from monitoring.models import ConsultationRequest

#: Who registers, takes and gives out enquiries; a trainer answers what was given to him.
RECEPTION = (Role.COORDINATOR, Role.PROJECT_CONSULTANT, Role.SPECIALIST)
ANSWERING = (*RECEPTION, Role.TRAINER)

NOT_TAKEN = Verdict(False, _("Take the enquiry first, so that others see who answers."))

Rule = Callable[["ConsultationRequest", Actor], Verdict]


def may(case: ConsultationRequest, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to an enquiry."""
    return RULES[event](case, by)


def _asker(case: ConsultationRequest, by: Actor) -> Verdict:
    return judging.own(case, by) if by.role == "citizen" else judging.staff(case, by, case.office_id, *RECEPTION)


def _taker(case: ConsultationRequest, by: Actor) -> Verdict:
    if by.role == Role.TRAINER:
        return _given(case, by)
    return judging.staff(case, by, case.office_id, *RECEPTION)


def _given(case: ConsultationRequest, by: Actor) -> Verdict:
    allowed = judging.staff(case, by, case.office_id, *ANSWERING)
    if not allowed.ok or by.user is None or case.assignee_id == by.user.pk:
        return allowed
    return NOT_TAKEN if case.assignee_id is None else judging.NOT_ASSIGNED


def _giver(case: ConsultationRequest, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, *RECEPTION)


def _system(case: ConsultationRequest, by: Actor) -> Verdict:
    return judging.system(by)


RULES: dict[str, Rule] = {
    "ask": _asker,
    "take": _taker,
    "assign": _giver,
    "answer": _given,
    "redirect": _given,
    "refer_out": _given,
    "reopen": judging.own,
    "confirm": judging.own,
    "close": _system,
}
