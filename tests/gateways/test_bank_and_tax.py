"""The tax register and the bank: what an answer must look like, and what their stand-ins tell."""

import pytest
import requests

from bastau import clock, gateways
from bastau.gateways import answers, outbox
from bastau.gateways.models import Enquiry, System
from bastau.gateways.simulators import bank, people
from bastau.gateways.simulators.people import make_iin
from tests.conftest import MONDAY
from tests.gateways import serving

IIN = make_iin(3)
OWN = bank.account(IIN)
ACCOUNT = {"ask": "account", "iban": OWN}
HELD = {
    "iin": IIN, "iban": OWN, "found": True, "own": True, "bank_kk": "Үлгі", "bank_ru": "Образец", "bic": "ULGIKZKX",
}  # fmt: skip
ORDER = {"ask": "pay", "key": "payment:1:1", "number": "ТП-1", "iban": OWN, "amount": 1_500_000, "date": "2026-06-08"}
DONE = {
    "key": "payment:1:1", "amount": 1_500_000, "status": "executed", "date": "2026-06-08", "reference": "R-1",
    "reason": "",
}  # fmt: skip
BACK = {**DONE, "status": "returned", "reference": "", "reason": "account_closed"}
ENTREPRENEUR = {"iin": IIN, "registered": True, "number": "KZ1", "since": "2024-02-01"}


def test_whole_answers_come_through_unchanged():
    assert answers.bank(IIN, ACCOUNT, HELD) == HELD
    assert answers.bank(IIN, ORDER, DONE) == DONE
    assert answers.bank(IIN, ORDER, BACK) == BACK
    assert answers.tax_registry(IIN, ENTREPRENEUR) == ENTREPRENEUR


@pytest.mark.parametrize(
    "other",
    [
        {"iin": make_iin(4)}, {"iban": bank.account(make_iin(4))}, {"own": "yes"}, {"bic": "SHORT"}, {"bank_kk": ""},
        {"found": False, "own": True},
    ],
)  # fmt: skip
def test_an_answer_about_another_account_or_person_is_none(other):
    with pytest.raises(answers.Nonsense):
        answers.bank(IIN, ACCOUNT, {**HELD, **other})


@pytest.mark.parametrize(
    "other", [{"key": "payment:2:1"}, {"amount": 1}, {"status": "maybe"}, {"reference": ""}, {"date": "tomorrow"}]
)
def test_an_answer_about_another_order_is_none(other):
    with pytest.raises(answers.Nonsense):
        answers.bank(IIN, ORDER, {**DONE, **other})


def test_a_returned_order_has_a_known_reason():
    with pytest.raises(answers.Nonsense):
        answers.bank(IIN, ORDER, {**BACK, "reason": "mood"})


@pytest.mark.parametrize("other", [{"registered": False}, {"number": ""}, {"since": None}, {"iin": make_iin(4)}])
def test_half_a_registration_is_no_answer(other):
    with pytest.raises(answers.Nonsense):
        answers.tax_registry(IIN, {**ENTREPRENEUR, **other})


def test_most_synthetic_people_are_entrepreneurs_and_some_are_not_yet():
    told = [people.entrepreneur(make_iin(n))["registered"] for n in range(100)]
    assert 60 < sum(told) < 95


@pytest.mark.parametrize(
    ("iban", "found", "own"),
    [(OWN, True, True), (bank.account(make_iin(4)), True, False), ("KZ64999KZT0000012345", True, False),
     ("KZ86125KZT5004100100", False, False)],
)  # fmt: skip
def test_the_sample_bank_knows_its_own_accounts_and_whose_they_are(iban, found, own):
    told = bank.holder(iban, IIN)
    assert (told["found"], told["own"]) == (found, own)


@pytest.mark.parametrize(
    ("letter", "iin", "reason"),
    [("B", IIN, "account_blocked"), ("C", IIN, "account_closed"), ("A", make_iin(4), "other_holder")],
)
def test_the_sample_bank_returns_what_cannot_be_paid(letter, iin, reason):
    orders = bank.Orders()
    answer = orders.take({**ORDER, "iin": IIN, "iban": bank.account(iin, letter)})
    assert (answer["status"], answer["reason"]) == ("returned", reason)


def test_an_order_with_the_same_key_is_executed_once():
    orders = bank.Orders()
    first = orders.take({**ORDER, "iin": IIN})
    assert orders.take({**ORDER, "iin": IIN}) == first
    assert (len(orders.log()["payments"]), orders.log()["payments_repeated"]) == (1, 1)


@pytest.mark.django_db
def test_a_question_carries_what_is_asked_beside_the_person(settings, django_capture_on_commit_callbacks):
    with serving.running({}) as server, clock.at(MONDAY):
        serving.pointed_at(server, settings)
        enquiry = gateways.ask(
            System.BANK, subject_iin=IIN, case_kind="sample", case_id=1, key="account:1", payload=ACCOUNT
        )
        assert outbox.send(enquiry.pk) == "answered"
    answer = Enquiry.objects.get().answer
    assert (answer["own"], answer["bic"]) == (True, bank.BIC)


@pytest.mark.django_db
def test_an_order_keeps_its_key_at_each_attempt(settings, monkeypatch):
    keys = []

    def fetch(system, iin, *, key, payload=None):
        keys.append(key)
        raise outbox.Fault("down")

    monkeypatch.setattr("bastau.gateways.adapters.fetch", fetch)
    with clock.at(MONDAY):
        enquiry = gateways.ask(
            System.BANK, subject_iin=IIN, case_kind="sample", case_id=1, key="payment:1:1", payload=ORDER
        )
        outbox.send(enquiry.pk)
        gateways.ask_again(enquiry)
        outbox.send(enquiry.pk)
    assert keys == ["payment:1:1", "payment:1:1"]


@pytest.mark.parametrize(
    "body", [{"ask": "loan"}, {"ask": "account"}, {**ORDER, "amount": "1"}, {**ORDER, "amount": 0}]
)
def test_the_sample_bank_refuses_what_it_cannot_read(body):
    with serving.running({}) as server:
        asked = requests.post(f"{server.address}/bank", json={"iin": IIN, **body}, timeout=5)
    assert asked.status_code == 400
