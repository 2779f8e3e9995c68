"""The payment: formed by one, approved by another, sent once, executed or returned by the bank (SPEC 4.12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.gateways.models import Enquiry
from bastau.gateways.outbox import send
from bastau.notices.models import Notice
from bastau.papers import actions as printer
from bastau.papers.models import Paper, Signature
from bastau.people.roles import Role
from grants import signals
from grants.actions import budget, contracts, payments
from grants.models import Budget, Payment
from grants.states import ContractState, PaymentState
from tests.conftest import ALMATY, MONDAY
from tests.factories import PostFactory
from tests.gateways import serving
from tests.grants import contract_cases as money
from tests.grants.contract_cases import PayingCentre, signatures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _quick_and_english(monkeypatch):
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())
    with override("en"):
        yield


@pytest.fixture
def centre() -> PayingCentre:
    return PayingCentre.open()


def kept(payment: Payment) -> Payment:
    return Payment.objects.get(pk=payment.pk)


def term(case) -> Deadline:
    return Deadline.objects.get(case_kind=case.kind, case_id=case.pk, name="T-PAY", closed_at=None)


@pytest.mark.clause("FKA04-4.1")
def test_the_order_names_the_sum_and_the_account_of_the_contract(centre):
    payment = money.formed(centre)
    contract = payment.contract
    assert (payment.state, payment.amount, payment.iban) == (PaymentState.FORMED, contract.amount, contract.iban)
    facts = Paper.objects.get(kind="payment_order").facts
    assert facts["payee_iban"].replace(" ", "") == contract.iban
    assert (facts["contract_number"], facts["purpose_code"]) == (contract.number, "359")


@pytest.mark.clause("FKA04-4.1")
def test_nothing_is_formed_before_the_contract_is_in_force(centre):
    contract = money.sent(centre)
    with pytest.raises(Refused):
        payments.form(contract, by=centre.accountant, purpose_code="")
    assert not Payment.objects.exists()


@pytest.mark.clause("A-38")
def test_a_contract_is_paid_once(centre):
    payment = money.formed(centre)
    with pytest.raises(Refused, match="formed already"):
        payments.form(payment.contract, by=centre.accountant, purpose_code="")
    assert Payment.objects.count() == 1


def test_without_the_payers_account_no_order_is_formed(centre):
    Budget.objects.update(iban="")
    contract = money.in_force(centre)
    with pytest.raises(Refused, match="account the centre pays from"):
        payments.form(contract, by=centre.accountant, purpose_code="")
    assert not Payment.objects.exists()


def test_a_purpose_code_has_three_digits(centre):
    contract = money.in_force(centre)
    with pytest.raises(Refused, match="KNP"):
        payments.form(contract, by=centre.accountant, purpose_code="35")


@pytest.mark.clause("FKA04-4.1")
def test_who_formed_the_order_does_not_approve_it(centre):
    both = Actor(
        centre.director.user, PostFactory(user=centre.director.user, office=centre.office, role=Role.ACCOUNTANT)
    )
    payment = money.formed(centre, by=both)
    with pytest.raises(Refused, match="another person must approve"):
        money.approve(centre, payment)
    assert kept(payment).state == PaymentState.FORMED


def test_the_database_refuses_one_person_as_maker_and_approver(centre):
    payment = money.approved(centre)
    with pytest.raises(IntegrityError, match="payment_maker_is_not_approver"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(approved_by=payment.formed_by)


@pytest.mark.clause("FKA04-4.1")
def test_the_head_signs_first_then_the_accountant_and_the_order_leaves(centre):
    payment = money.approved(centre)
    assert payment.number.startswith("ТП-35-2026-")
    payment = money.send_order(centre, payment)
    order = payments.orders(payment)[0]
    signed = Signature.objects.filter(paper=order).order_by("pk")
    assert [one.user for one in signed] == [centre.director.user, centre.accountant.user]
    assert payments.order_at_bank(payment).payload["amount"] == payment.amount


def test_an_order_is_not_sent_before_it_is_approved(centre):
    payment = money.formed(centre)
    by = centre.accountant
    with pytest.raises(Refused):
        payments.send(payment, by=by, signatures=signatures(payments.orders(payment), by))
    assert not Enquiry.objects.filter(case_kind="payment").exists()


@pytest.mark.clause("FKA04-4.1")
def test_the_bank_executes_it_with_date_and_reference_and_the_money_counts_as_paid(centre):
    told = []

    def hear(sender, case, **_):
        told.append(case.pk)

    signals.payment_executed.connect(hear)
    try:
        payment = money.executed(centre)
    finally:
        signals.payment_executed.disconnect(hear)
    assert (payment.state, payment.executed_on, payment.bank_reference) == (
        PaymentState.EXECUTED, date(2026, 6, 8), "ULGI-00000001",
    )  # fmt: skip
    row = Budget.objects.get(office=centre.office)
    assert (row.reserved, row.paid, row.free) == (0, payment.amount, money.TOTAL - payment.amount)
    assert told == [payment.pk]


def test_the_grantee_is_told_the_sum(centre):
    payment = money.executed(centre)
    assert Notice.objects.get(code="N-PAY-DONE").facts == {"sum": "1\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}000"}
    assert Notice.objects.get(code="N-PAY-DONE").user == money.citizen(payment).user


@pytest.mark.clause("A-38")
def test_an_order_sent_twice_is_one_message_to_the_bank(centre):
    payment = money.approved(centre)
    by = centre.accountant
    signed = signatures(payments.orders(payment), by)
    payments.send(payment, by=by, signatures=signed)
    payments.send(payment, by=by, signatures=signed)
    assert Enquiry.objects.filter(case_kind="payment").count() == 1
    assert Step.objects.filter(case_kind="payment", event="send").count() == 1


@pytest.mark.clause("A-38")
def test_an_order_whose_answer_was_lost_is_executed_once_by_the_bank(centre, settings):
    payment = money.at_bank(centre)
    enquiry = payments.order_at_bank(payment)
    with serving.running({}) as simulators:
        serving.pointed_at(simulators, settings)
        serving.broken(simulators, "bank", "empty", times=1)
        assert send(enquiry.pk) == "nonsense"
        assert payments.ask_bank_again(payment, by=centre.accountant)
        assert send(enquiry.pk) == "answered"
        log = serving.log(simulators)
    assert (len(log["payments"]), log["payments_repeated"]) == (1, 1)
    assert kept(payment).state == PaymentState.EXECUTED


def test_the_answer_comes_once_however_often_it_is_taken_in(centre):
    payment = money.executed(centre)
    payments.note_bank_answer(payments.order_at_bank(payment))
    assert Step.objects.filter(case_kind="payment", event="execute").count() == 1


@pytest.mark.clause("FKA04-4.1")
def test_a_returned_payment_asks_the_grantee_for_another_account(centre):
    payment = money.returned(centre)
    assert (payment.state, payment.return_reason) == (PaymentState.BANK_RETURNED, "account_closed")
    assert Paper.objects.get(kind="payment_order").state == "void"
    supplement = payment.contract.supplements.get()
    assert supplement.state == ContractState.AWAITING_DATA
    assert Notice.objects.get(code="N-PAY-RETURNED").user == money.citizen(payment).user
    row = Budget.objects.get(office=centre.office)
    assert (row.reserved, row.paid) == (payment.amount, 0)


def test_a_returned_payment_is_not_formed_again_without_a_signed_supplement(centre):
    payment = money.returned(centre)
    with pytest.raises(Refused, match="supplement"):
        payments.form_again(payment, by=centre.accountant, purpose_code="")


def test_the_account_the_bank_returned_is_not_taken_again(centre):
    supplement = money.returned(centre).contract.supplements.get()
    with pytest.raises(Refused, match="very account"):
        contracts.give_account(supplement, by=money.citizen(supplement), iban=supplement.contract.iban)


@pytest.mark.clause("FKA04-4.1")
def test_a_supplement_is_signed_by_the_head_first_and_then_the_payment_is_formed_again_and_executed(centre):
    payment = money.returned(centre)
    supplement = money.corrected(centre, payment)
    assert supplement.number == f"{payment.contract.number}/1"
    paper = Paper.objects.get(kind="grant_supplement")
    assert [one.user for one in paper.signatures.order_by("pk")] == [
        centre.director.user, money.citizen(supplement).user,
    ]  # fmt: skip
    payment = money.printed(payments.form_again(kept(payment), by=centre.accountant, purpose_code=""))
    assert (payment.attempt, payment.iban) == (2, supplement.iban)
    payment = money.bank_says(money.send_order(centre, money.approve(centre, payment)))
    assert payment.state == PaymentState.EXECUTED
    assert Enquiry.objects.filter(case_kind="payment").count() == 2


def test_a_late_answer_to_the_first_order_does_not_touch_the_second(centre):
    payment = money.returned(centre)
    first = payments.order_at_bank(payment)
    money.corrected(centre, payment)
    payment = money.printed(payments.form_again(kept(payment), by=centre.accountant, purpose_code=""))
    payment = money.send_order(centre, money.approve(centre, payment))
    payments.note_bank_answer(first)
    assert kept(payment).state == PaymentState.SENT_TO_BANK


def test_a_second_return_opens_a_second_supplement(centre):
    payment = money.returned(centre)
    money.corrected(centre, payment)
    payment = money.printed(payments.form_again(kept(payment), by=centre.accountant, purpose_code=""))
    payment = money.bank_says(
        money.send_order(centre, money.approve(centre, payment)),
        status="returned", reason="account_blocked", reference="",
    )  # fmt: skip
    assert payment.contract.supplements.filter(state=ContractState.AWAITING_DATA).get().number.endswith("/2")


# ------------------------------------------------------------------------------------------------------------ terms


@pytest.mark.clause("A-38")
def test_the_term_of_the_payment_runs_from_the_second_signature_and_is_missed(centre):
    payment = money.formed(centre)
    assert term(payment).duty == "director"
    assert term(payment).due_at.astimezone(ALMATY) == datetime(2026, 6, 22, 18, 30, tzinfo=ALMATY)
    money.approve(centre, payment)
    assert term(payment).duty == "accountant"
    with clock.at(datetime(2026, 6, 22, 18, 31, tzinfo=ALMATY)):
        sweep()
        assert term(payment).breached_at is not None


@pytest.mark.clause("A-38")
def test_after_a_return_the_term_runs_from_the_second_signature_of_the_supplement(centre):
    payment = money.returned(centre)
    assert not Deadline.objects.open().filter(name="T-PAY").exists()
    with clock.at(MONDAY + timedelta(days=1)):
        supplement = money.corrected(centre, payment)
        assert term(supplement).due_at.astimezone(ALMATY) == datetime(2026, 6, 23, 18, 30, tzinfo=ALMATY)
        payment = payments.form_again(kept(payment), by=centre.accountant, purpose_code="")
        assert term(payment).due_at.astimezone(ALMATY) == datetime(2026, 6, 23, 18, 30, tzinfo=ALMATY)


@pytest.mark.parametrize(("name", "duty"), [("T-CTR-DOCS", "citizen"), ("T-CTR-HEAD", "director")])
def test_the_terms_of_a_supplement_pass_and_are_missed(centre, name, duty):
    supplement = money.returned(centre).contract.supplements.get()
    if name == "T-CTR-HEAD":
        supplement = money.given(supplement)
    row = Deadline.objects.open().get(case_kind="supplement", name=name)
    assert row.duty == duty
    with clock.at(row.due_at + timedelta(minutes=1)):
        sweep()
    assert Deadline.objects.get(pk=row.pk).breached_at is not None


# ------------------------------------------------------------------------------------------------------ termination


def test_a_terminated_contract_gives_back_what_is_not_paid_and_ends_its_supplement(centre):
    payment = money.returned(centre)
    contract = contracts.terminate(payment.contract, by=centre.director, reason="Тараптардың келісімі бойынша.")
    assert contract.state == ContractState.TERMINATED
    assert contract.supplements.get().state == ContractState.LAPSED
    assert budget.free_in(centre.office) == money.TOTAL


def test_a_contract_is_not_terminated_while_its_money_is_at_the_bank(centre):
    payment = money.at_bank(centre)
    with pytest.raises(Refused, match="under way"):
        contracts.terminate(payment.contract, by=centre.director, reason="Мақсатсыз жұмсау.")


def test_a_terminated_contract_keeps_what_was_paid(centre):
    payment = money.executed(centre)
    contracts.terminate(payment.contract, by=centre.director, reason="Мақсатсыз жұмсау.")
    assert Budget.objects.get(office=centre.office).paid == payment.amount


def test_a_fulfilled_contract_is_completed_by_the_system_once(centre):
    payment = money.executed(centre)
    for _ in range(2):
        contract = contracts.complete(payment.contract)
    assert contract.state == ContractState.COMPLETED
    assert Step.objects.filter(case_kind="contract", event="complete").count() == 1
