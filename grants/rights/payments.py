"""Who may do which step of a payment (SPEC 4.12, 5): who forms an order never approves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from grants.models import Payment

MAKER = Verdict(False, _("You formed this payment order, so another person must approve it."))
APPROVER = Verdict(False, _("You approved this payment order, so another person must sign and send it."))

Rule = Callable[["Payment", Actor], Verdict]


def may(case: Payment, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to `case`."""
    return RULES[event](case, by)


def _maker(case: Payment, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.ACCOUNTANT, Role.SPECIALIST)


def _approver(case: Payment, by: Actor) -> Verdict:
    allowed = judging.staff(case, by, case.office_id, Role.DIRECTOR)
    return MAKER if allowed.ok and by.user is not None and case.formed_by_id == by.user.pk else allowed


def _sender(case: Payment, by: Actor) -> Verdict:
    """The second signature of the order is the accountant's (SPEC 2.12)."""
    allowed = judging.staff(case, by, case.office_id, Role.ACCOUNTANT)
    return APPROVER if allowed.ok and by.user is not None and case.approved_by_id == by.user.pk else allowed


def _system(case: Payment, by: Actor) -> Verdict:
    return judging.system(by)


RULES: dict[str, Rule] = {
    "form": _maker,
    "approve": _approver,
    "send": _sender,
    "execute": _system,
    "note_return": _system,
}
