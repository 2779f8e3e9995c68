"""Conditions of the contract's steps (SPEC 4.11). Each carries the sentence that the disabled button shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow.models import Deadline
from grants.rules.accounts import fault
from grants.states import ContractState, GrantState, PaymentState
from referrals.conditions import because

if TYPE_CHECKING:
    from grants.models.contracts import Accounted, GrantContract

#: The term of the citizen's duty in each state where the head may let the offer lapse (A-36, A-37).
CITIZENS_TERMS = {ContractState.AWAITING_DATA: "T-CTR-DOCS", ContractState.SIGNED_BY_HEAD: "T-CTR-APPL"}


@because(_("The registration as an individual entrepreneur is confirmed already."))
def registration_open(case: GrantContract) -> bool:
    return not case.registered


@because(_("The registration as an individual entrepreneur is not confirmed yet."))
def registered(case: GrantContract) -> bool:
    """FKA04-3.1: the contract is made with an individual entrepreneur."""
    return case.registered


@because(_("There is no account yet that the bank confirmed as the applicant's own."))
def own_account(case: Accounted) -> bool:
    """FKA04-3.2, A-38: a right IBAN of Kazakhstan whose holder is the applicant."""
    return case.account_own and fault(case.iban) is None


@because(_("The applicant has refused the offer. Decide on its lapse."))
def not_declined(case: GrantContract) -> bool:
    return case.declined_at is None


@because(_("The application is no longer one with an awarded grant."))
def approved(case: GrantContract) -> bool:
    return case.application.state == GrantState.APPROVED


@because(_("The sum of the contract is not the sum of the commission's decision."))
def same_sum(case: GrantContract) -> bool:
    return case.amount == case.application.awarded_sum


@because(_("The sum is not reserved in the centre's budget."))
def money_reserved(case: GrantContract) -> bool:
    held = case.application.reservations.filter(released_at=None, paid_at=None)
    return held.filter(amount=case.amount).exists()


@because(
    _(
        "The applicant's term is still running and the offer was not refused. The offer may lapse only when the term"
        " is missed."
    )
)
def may_lapse(case: GrantContract) -> bool:
    """A-36, A-37: only after the citizen's own term was missed, or the citizen refused."""
    if case.declined_at is not None:
        return True
    name = CITIZENS_TERMS.get(ContractState(case.state))
    terms = Deadline.objects.open().filter(case_kind=case.kind, case_id=case.pk, name=name)
    return name is not None and terms.filter(due_at__lt=clock.now()).exists()


@because(_("A payment is under way at the bank. Wait for the bank's answer."))
def nothing_under_way(case: GrantContract) -> bool:
    payment = getattr(case, "payment", None)
    return payment is None or payment.state != PaymentState.SENT_TO_BANK


@because(_("The payment order of this contract is formed already. It stands among the payments."))
def no_payment_yet(case: GrantContract) -> bool:
    """SPEC 4.12: one payment for a contract."""
    return getattr(case, "payment", None) is None
