"""The payment: formed, approved by another person, signed and sent, executed or returned by the bank (SPEC 4.12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, gateways, papers
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.gateways.models import Enquiry, System
from bastau.papers.models import Paper
from grants.actions import budget as money
from grants.actions.within_contracts import (
    ask_papers,
    live_papers,
    locked_contract,
    locked_payment,
    office_of,
    sign_papers,
    void_papers,
)
from grants.models import Budget, ContractSupplement, GrantContract, Payment
from grants.papers import contracts as kinds
from grants.states import CONTRACT_OFFERED, ContractState, PaymentState

LEFT = (PaymentState.SENT_TO_BANK, PaymentState.EXECUTED)


def form(contract: GrantContract, *, by: Actor, purpose_code: str) -> Payment:
    """Form the payment order of a contract in force (FKA04-4.1): the sum of the contract, to its account.

    Raises Refused, also where one is formed already: a contract is paid once.
    """
    with transaction.atomic():
        contract = locked_contract(contract)
        perform(contract, "start_payment", by=by)
        payment, _fresh = Payment.objects.get_or_create(
            contract=contract,
            defaults={
                "person": contract.person,
                "office": contract.office,
                "number": contract.number,
                "amount": contract.amount,
                "language": contract.language,
                "iban": contract.iban,
                "ruleset": contract.ruleset,
                "created_at": clock.now(),
            },
        )
        return _form(payment, contract, by, purpose_code)


def form_again(payment: Payment, *, by: Actor, purpose_code: str) -> Payment:
    """After the bank returned it: form it anew for the account of the supplement (FKA04-4.1). Raises Refused."""
    with transaction.atomic():
        payment = locked_payment(payment)
        allowed = verdict(payment, "form", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="form")
        supplement = _supplement_of(payment.contract)
        assert supplement is not None
        perform(supplement, "start_payment", by=SYSTEM)
        return _form(payment, supplement, by, purpose_code)


def _form(payment: Payment, account: GrantContract | ContractSupplement, by: Actor, purpose_code: str) -> Payment:
    budget = _paying(payment)
    code = purpose_code.strip() or budget.purpose_code
    if not (len(code) == CODE_LENGTH and code.isdecimal()):
        raise Refused(_("Enter the code of the purpose of the payment (KNP): three digits."))
    payment = perform(
        payment,
        "form",
        by=by,
        set={
            "iban": account.iban,
            "bank_kk": account.bank_kk,
            "bank_ru": account.bank_ru,
            "bic": account.bic,
            "purpose_code": code,
        },
        amount=payment.amount,
        attempt=payment.attempt + 1,
    )
    ask_papers(payment, kinds.PAYMENT_ORDER, kinds.order_facts(payment, budget))
    return payment


CODE_LENGTH = 3


def _paying(payment: Payment) -> Budget:
    """The budget the sum is reserved in, with the payer's side known. Raises Refused."""
    held = payment.contract.application.reservations.filter(released_at=None).select_related("budget").first()
    if held is None or held.amount != payment.amount:
        raise Refused(_("The sum is not reserved in the centre's budget."))
    if not held.budget.can_pay:
        raise Refused(
            _("The account the centre pays from is not entered. The accountant enters it on the page of the budget.")
        )
    return held.budget


def orders(payment: Payment) -> list[Paper]:
    """The live payment order in its languages, Kazakh first."""
    return live_papers(payment, kinds.PAYMENT_ORDER)


def approve(payment: Payment, *, by: Actor, signatures: Mapping[int, bytes]) -> Payment:
    """The director signs the order; never who formed it (SPEC 5). Raises Refused, SigningRefused.

    A second click changes nothing.
    """
    with transaction.atomic():
        payment = locked_payment(payment)
        if payment.state == PaymentState.APPROVED and by.user is not None and payment.approved_by_id == by.user.pk:
            return payment
        allowed = verdict(payment, "approve", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="approve")
        main = sign_papers(orders(payment), by=by, signatures=signatures)
        number = main.shown_number
        return perform(payment, "approve", by=by, set={"number": number}, number=number, paper=main.sha256)


def send(payment: Payment, *, by: Actor, signatures: Mapping[int, bytes]) -> Payment:
    """The accountant signs second and sends the order to the bank. Raises Refused, SigningRefused.

    It leaves once: the order carries its own key, so neither a second click nor a repeated attempt pays twice.
    """
    with transaction.atomic():
        payment = locked_payment(payment)
        if payment.state in LEFT and by.user is not None and payment.sent_by_id == by.user.pk:
            return payment
        allowed = verdict(payment, "send", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="send")
        main = sign_papers(orders(payment), by=by, signatures=signatures)
        payment = perform(payment, "send", by=by, number=payment.number, paper=main.sha256, attempt=payment.attempt)
        gateways.ask(
            System.BANK,
            subject_iin=payment.person.iin,
            case_kind=payment.kind,
            case_id=payment.pk,
            key=payment.idempotency_key,
            payload={
                "ask": "pay",
                "key": payment.idempotency_key,
                "number": payment.number,
                "iban": payment.iban,
                "amount": payment.amount,
                "date": clock.today(office_of(payment).zone).isoformat(),
            },
        )
    return payment


def order_at_bank(payment: Payment) -> Enquiry | None:
    """The message to the bank that is under way or was answered, with its attempts."""
    return Enquiry.objects.filter(key=payment.idempotency_key).first()


def ask_bank_again(payment: Payment, *, by: Actor) -> bool:
    """Let an unanswered order go out at once, under its own key. False where it is answered. Raises Refused."""
    enquiry = order_at_bank(payment)
    if enquiry is None or by.post is None or by.post.office_id != payment.office_id:
        raise Refused(_("Nothing is on its way to the bank."))
    return gateways.ask_again(enquiry)


def note_bank_answer(enquiry: Enquiry) -> None:
    """Take in the bank's answer: executed with date and reference, or returned with a reason (FKA04-4.1).

    An answer to a former attempt changes nothing.
    """
    payment = locked_payment(Payment._base_manager.select_related("contract").get(pk=enquiry.case_id))
    answer: dict[str, Any] = enquiry.answer or {}
    if payment.state != PaymentState.SENT_TO_BANK or answer.get("key") != payment.idempotency_key:
        return
    day = date.fromisoformat(answer["date"])
    if answer["status"] == "executed":
        money.mark_paid(payment.contract.application)
        for paper in orders(payment):
            papers.issue(paper, day)
        set_ = {"executed_on": day, "reference": answer["reference"]}
        perform(payment, "execute", by=SYSTEM, set=set_, reference=answer["reference"], executed_on=day)
        return
    void_papers(payment, kinds.PAYMENT_ORDER)
    set_ = {"returned_on": day, "reason": answer["reason"]}
    payment = perform(payment, "note_return", by=SYSTEM, set=set_, reason=answer["reason"], returned_on=day)
    ask_for_account(payment)


def ask_for_account(payment: Payment) -> ContractSupplement:
    """Open the supplement by which the account is changed; one is open at a time (SPEC 4.11)."""
    contract = payment.contract
    known = contract.supplements.filter(state__in=CONTRACT_OFFERED).first()
    if known is not None:
        return known
    supplement = ContractSupplement.objects.create(
        contract=contract,
        person=contract.person,
        office=contract.office,
        number=f"{contract.number}/{contract.supplements.count() + 1}",
        language=contract.language,
        ruleset=contract.ruleset,
        created_at=clock.now(),
        offered_on=clock.today(office_of(contract).zone),
    )
    return perform(supplement, "open", by=SYSTEM, payment=payment.pk)


def _supplement_of(contract: GrantContract) -> ContractSupplement | None:
    return contract.supplements.filter(state=ContractState.IN_FORCE).order_by("-pk").first()
