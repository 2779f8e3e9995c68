"""Conditions of the payment's steps (SPEC 4.12). Each carries the sentence that the disabled button shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from grants.states import ContractState, PaymentState
from referrals.conditions import because

if TYPE_CHECKING:
    from grants.models.payments import Payment


@because(_("The payment order is formed already."))
def not_formed_yet(case: Payment) -> bool:
    return case.formed_at is None or case.state == PaymentState.BANK_RETURNED


@because(_("The contract is not in force, so nothing is paid."))
def contract_in_force(case: Payment) -> bool:
    """FKA04-4.1: money moves only under a contract with both signatures."""
    return case.contract.state == ContractState.IN_FORCE


@because(
    _(
        "The bank returned the payment. It can be formed again when a supplement with another account is signed by the"
        " director and by the grantee."
    )
)
def another_account(case: Payment) -> bool:
    """FKA04-4.1: after a return the account is corrected by a supplement first."""
    if case.state != PaymentState.BANK_RETURNED:
        return True
    latest = case.contract.supplements.filter(state=ContractState.IN_FORCE).order_by("-pk").first()
    return latest is not None and latest.iban != case.iban


@because(_("The payment order is not formed yet."))
def formed(case: Payment) -> bool:
    return case.formed_at is not None
