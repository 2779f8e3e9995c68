"""Who may do which step of a contract and of its supplement (SPEC 4.11, 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from grants.models import ContractSupplement, GrantContract

FOUR_EYES = Verdict(False, _("You confirmed the registration of this applicant, so another person must sign."))

Rule = Callable[["GrantContract | ContractSupplement", Actor], Verdict]


def may(case: GrantContract | ContractSupplement, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a contract."""
    return RULES[event](case, by)


def may_supplement(case: GrantContract | ContractSupplement, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a supplement."""
    return SUPPLEMENT_RULES[event](case, by)


def _system(case: GrantContract | ContractSupplement, by: Actor) -> Verdict:
    return judging.system(by)


def _specialist(case: GrantContract | ContractSupplement, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.SPECIALIST)


def _head(case: GrantContract | ContractSupplement, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.DIRECTOR)


def _signer(case: GrantContract | ContractSupplement, by: Actor) -> Verdict:
    """The checker of the scan is not the signer of the contract (SPEC 5)."""
    allowed = _head(case, by)
    checker = getattr(case, "business_confirmed_by_id", None)
    if allowed.ok and by.user is not None and checker == by.user.pk:
        return FOUR_EYES
    return allowed


def _payer(case: GrantContract | ContractSupplement, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.ACCOUNTANT, Role.SPECIALIST)


RULES: dict[str, Rule] = {
    "open": _system,
    "give": judging.own,
    "confirm_registration": _specialist,
    "extend": _head,
    "complete_data": _system,
    "sign_by_head": _signer,
    "sign": judging.own,
    "decline": judging.own,
    "lapse": _head,
    "start_payment": _payer,
    "complete": _system,
    "terminate": _head,
}
SUPPLEMENT_RULES: dict[str, Rule] = {
    "open": _system,
    "give": judging.own,
    "complete_data": _system,
    "sign_by_head": _head,
    "sign": judging.own,
    "start_payment": _system,
    "lapse": _system,
}
