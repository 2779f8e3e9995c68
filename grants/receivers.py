"""Reactions to facts told elsewhere: a register's answer, the steps of an application, of a meeting, of a contract."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from bastau.flow import Actor
from bastau.gateways.models import Enquiry
from bastau.gateways.signals import answered
from grants import signals
from grants.actions import applications, contracts, drafts, payments
from grants.models import ContractSupplement, GrantApplication, GrantContract, Payment
from grants.notices import applications as notices
from grants.notices import contracts as contract_notices
from grants.states import GrantState

# ------------------------------------------------------------------------------------------------- the application


@receiver(answered, dispatch_uid="grants.register_answered")
def register_answered(sender: type, enquiry: Enquiry, **_: Any) -> None:
    """Take a register's answer into the draft; the answer to the transfer is the acknowledgment (FKA04-1.5)."""
    if enquiry.case_kind != GrantApplication.kind:
        return
    application = GrantApplication._base_manager.get(pk=enquiry.case_id)
    if enquiry.key == applications.filing_key(application):
        applications.arrive(application)
        return
    application = drafts.locked(application)
    if application.state == GrantState.DRAFT:
        drafts.note_register_answer(application, enquiry.system, enquiry.answer or {})


@receiver(signals.application_submitted, dispatch_uid="grants.tell_submitted")
def tell_submitted(sender: type, case: GrantApplication, **_: Any) -> None:
    notices.tell_submitted(case)


@receiver(signals.rejection_proposed, dispatch_uid="grants.tell_rejection_waits")
def tell_rejection_waits(sender: type, case: GrantApplication, **_: Any) -> None:
    notices.tell_rejection_waits(case)


@receiver(signals.rejection_returned, dispatch_uid="grants.tell_rejection_returned")
def tell_rejection_returned(sender: type, case: GrantApplication, **_: Any) -> None:
    notices.tell_rejection_returned(case)


@receiver(signals.criteria_rejected, dispatch_uid="grants.tell_criteria_rejected")
def tell_criteria_rejected(sender: type, case: GrantApplication, **_: Any) -> None:
    notices.tell_rejected(case)


@receiver(signals.application_not_attended, dispatch_uid="grants.tell_not_attended")
def tell_not_attended(sender: type, case: GrantApplication, **_: Any) -> None:
    notices.tell_not_attended(case)


@receiver(signals.award_lapsed, dispatch_uid="grants.tell_award_lapsed")
def tell_award_lapsed(sender: type, case: GrantApplication, **_: Any) -> None:
    # Where a contract was offered, its own notice tells the reasons of the head.
    if getattr(case, "contract", None) is None:
        notices.tell_lapsed(case)


@receiver(signals.grant_withdrawn, dispatch_uid="grants.tell_withdrawn")
def tell_withdrawn(sender: type, case: GrantApplication, **_: Any) -> None:
    notices.tell_withdrawn(case)


# -------------------------------------------------------------------------------------------- contract and payment


@receiver(answered, dispatch_uid="grants.contract_answered")
def contract_answered(sender: type, enquiry: Enquiry, **_: Any) -> None:
    """Take in what the tax register and the bank say of registration, account and payment order."""
    if enquiry.case_kind in {GrantContract.kind, ContractSupplement.kind}:
        contracts.note_answer(enquiry)
    elif enquiry.case_kind == Payment.kind:
        payments.note_bank_answer(enquiry)


@receiver(signals.grant_approved, dispatch_uid="grants.offer_contract")
def offer_contract(sender: type, case: GrantApplication, **_: Any) -> None:
    """An award opens its contract, in the same transaction (FKA04-3.1)."""
    contracts.offer(case)


@receiver(signals.award_lapsed, dispatch_uid="grants.close_offer")
def close_offer(sender: type, case: GrantApplication, by: Actor, **_: Any) -> None:
    """An award that lapsed takes its contract with it and gives the money back."""
    contracts.close_offer(case, by=by)


@receiver(signals.money_released, dispatch_uid="grants.tell_released")
def tell_released(sender: type, application: GrantApplication, amount: int, **_: Any) -> None:
    contract_notices.tell_released(application, amount)


@receiver(signals.contract_offered, dispatch_uid="grants.tell_offered")
def tell_offered(sender: type, case: GrantContract, **_: Any) -> None:
    contract_notices.tell_offered(case)


@receiver(signals.contract_term_extended, dispatch_uid="grants.tell_extended")
def tell_extended(sender: type, case: GrantContract, **_: Any) -> None:
    contract_notices.tell_extended(case)


@receiver(signals.contract_signed_by_head, dispatch_uid="grants.tell_contract_to_sign")
@receiver(signals.supplement_signed_by_head, dispatch_uid="grants.tell_supplement_to_sign")
def tell_to_sign(sender: type, case: GrantContract | ContractSupplement, **_: Any) -> None:
    contract_notices.tell_to_sign(case)


@receiver(signals.contract_declined, dispatch_uid="grants.tell_declined")
def tell_declined(sender: type, case: GrantContract, **_: Any) -> None:
    contract_notices.tell_declined(case)


@receiver(signals.contract_lapsed, dispatch_uid="grants.tell_offer_lapsed")
def tell_offer_lapsed(sender: type, case: GrantContract, **_: Any) -> None:
    contract_notices.tell_lapsed(case)


@receiver(signals.contract_terminated, dispatch_uid="grants.tell_terminated")
def tell_terminated(sender: type, case: GrantContract, **_: Any) -> None:
    contract_notices.tell_terminated(case)


@receiver(signals.contract_completed, dispatch_uid="grants.tell_completed")
def tell_completed(sender: type, case: GrantContract, **_: Any) -> None:
    contract_notices.tell_completed(case)


@receiver(signals.supplement_opened, dispatch_uid="grants.tell_account_needed")
def tell_account_needed(sender: type, case: ContractSupplement, **_: Any) -> None:
    contract_notices.tell_account_needed(case)


@receiver(signals.payment_executed, dispatch_uid="grants.tell_paid")
def tell_paid(sender: type, case: Payment, **_: Any) -> None:
    contract_notices.tell_paid(case)


@receiver(signals.payment_returned, dispatch_uid="grants.tell_returned")
def tell_returned(sender: type, case: Payment, **_: Any) -> None:
    contract_notices.tell_returned(case)
