"""Who may let which event happen to a stipend sheet and its lines (SPEC 4.8, 5): maker, approver, payer are three."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from training.models import StipendSheet

Rule = Callable[[Any, Actor], Verdict]

MADE_IT = Verdict(False, _("You drew up this sheet, so another person approves it."))
APPROVED_IT = Verdict(False, _("You approved this sheet, so another person sends it to the bank."))


def may(case: Any, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a sheet."""
    return RULES[event](case, by)


def may_line(case: Any, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a line."""
    return LINE_RULES[event](case, by)


def _specialist(case: Any, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.SPECIALIST)


def _director(case: Any, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.DIRECTOR)


def _approver(case: StipendSheet, by: Actor) -> Verdict:
    allowed = _director(case, by)
    if allowed.ok and by.user is not None and case.drafted_by_id == by.user.pk:
        return MADE_IT
    return allowed


def _accountant(case: Any, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.ACCOUNTANT)


def _sender(case: StipendSheet, by: Actor) -> Verdict:
    allowed = _accountant(case, by)
    if allowed.ok and by.user is not None and case.approved_by_id == by.user.pk:
        return APPROVED_IT
    return allowed


def _system_or_director(case: Any, by: Actor) -> Verdict:
    """The Rules are applied by the system; where they are silent, the director decides (A-25)."""
    return judging.YES if by.is_system else _director(case, by)


def _system(case: Any, by: Actor) -> Verdict:
    return judging.system(by)


RULES: dict[str, Rule] = {
    "send_to_check": _specialist,
    "send_back": _director,
    "draw_anew": _specialist,
    "approve": _approver,
    "send_to_bank": _sender,
    "execute": _accountant,
}

LINE_RULES: dict[str, Rule] = {
    "hold": _system,
    "release": _system_or_director,
    "exclude": _system_or_director,
    "pay": _accountant,
    "bank_return": _accountant,
}
