"""The screens of contract, payment and budget: each role does its step, a stranger finds nothing."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils.translation import override

from bastau import clock
from bastau.papers import actions as printer
from bastau.people import sessions
from bastau.people.roles import Role
from grants.actions import contracts, payments
from grants.models import Budget, ContractSupplement, GrantContract, Payment
from grants.states import ContractState, PaymentState
from tests.conftest import ALMATY
from tests.factories import PersonFactory
from tests.grants import contract_cases as money
from tests.grants.applications_cases import hired
from tests.grants.contract_cases import PAYER, PayingCentre, citizen
from tests.referrals.test_attachments import scan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _quick_and_english(monkeypatch):
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())
    with override("en"):
        yield


@pytest.fixture
def centre() -> PayingCentre:
    return PayingCentre.open()


class Browser:
    """Somebody's browser, in English."""

    def __init__(self, client):
        self.client = client

    def of(self, actor) -> Browser:
        self.client.force_login(actor.user)
        self.client.cookies["bastau_language"] = "en"
        session = self.client.session
        session[sessions.LANGUAGE] = "en"
        session.save()
        return self

    def get(self, url: str, **more):
        return self.client.get(url, **more)

    def post(self, url: str, data=None, **more):
        return self.client.post(url, data or {}, follow=True, **more)


@pytest.fixture
def web(client) -> Browser:
    return Browser(client)


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def page(name: str, case) -> str:
    return reverse(f"grants:{name}", args=[case.pk])


def room(case, what: str = "change", *args) -> str:
    return reverse(f"workplace:grants_{case._meta.model_name}_{what}", args=[case.pk, *args])


def do(web: Browser, case, event: str, **data):
    seen = web.get(room(case)).context["seen"]
    return web.post(room(case, "do", event), {"seen": seen, **{f"{event}-{key}": value for key, value in data.items()}})


def sign(web: Browser, url: str):
    shown = web.get(url).context
    hashes = {f"paper_sha256{one['end']}": one["paper"].sha256 for one in shown["versions"]}
    return web.post(url, {"sign_with": "demo", **hashes})


# ---------------------------------------------------------------------------------------------------------- citizen


def test_the_cabinet_says_what_to_give_and_by_when(web, centre):
    contract = money.offered(centre)
    shown = text(web.of(citizen(contract)).get(reverse("cabinet")))
    assert "The grant is awarded: give your registration and your account" in shown
    assert page("contract_data", contract) in shown


def test_the_register_is_asked_from_the_page_and_its_answer_stands_there(web, centre):
    contract = money.offered(centre)
    web.of(citizen(contract))
    shown = web.post(page("contract_data", contract), {"do": "register"})
    assert "The answer is awaited" in text(shown)
    money.answered(f"contract:{contract.pk}:tax:1", {"iin": contract.person.iin, **money.REGISTERED})
    assert "KZ00112233UTN" in text(web.get(page("contract_data", contract)))


def test_who_is_not_registered_reads_what_to_do_and_sends_a_scan(web, centre):
    contract = money.registered(money.offered(centre), registered=False, number="", since=None)
    web.of(citizen(contract))
    assert "does not show you as an individual entrepreneur" in text(web.get(page("contract_data", contract)))
    shown = web.post(page("contract_data", contract), {"do": "scan", "file": scan()})
    assert "A specialist of the centre reads it" in text(shown)
    assert len(contracts.scans_of(contract)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("KZ64999KZT0000012346", "check digits do not fit"),
        ("DE89370400440532013000", "not in Kazakhstan"),
        ("", "Enter the number of your account"),
    ],
)
def test_a_wrong_account_gets_a_sentence_and_what_was_typed_stays(web, centre, typed, said):
    contract = money.offered(centre)
    shown = web.of(citizen(contract)).post(page("contract_data", contract), {"do": "account", "iban": typed})
    assert shown.status_code == 422
    assert said in text(shown)
    assert f'value="{typed}"' in text(shown) or not typed


@pytest.mark.parametrize(
    ("answer", "said"),
    [({"own": False}, "belongs to another person"), ({"own": False, "found": False}, "does not know this account")],
)
def test_what_the_bank_says_of_an_account_stands_on_the_page(web, centre, answer, said):
    contract = money.given(money.offered(centre), **answer)
    assert said in text(web.of(citizen(contract)).get(page("contract_data", contract)))


def test_when_all_is_given_the_page_leads_to_the_contract(web, centre):
    contract = money.drawn_up(centre)
    web.of(citizen(contract))
    assert web.get(page("contract_data", contract)).url == page("contract", contract)
    asked = web.get(page("contract_data", contract), headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"] == page("contract", contract)


def test_a_page_that_waits_is_asked_again_by_itself_until_the_answer_is_there(web, centre):
    contract = money.offered(centre)
    by = citizen(contract)
    contracts.ask_register(contract, by=by)
    web.of(by)
    asked = web.get(page("contract_data", contract), headers={"HX-Request": "true"})
    assert "hx-get" in text(asked)
    money.answered(
        f"contract:{contract.pk}:tax:1",
        {"iin": contract.person.iin, "registered": False, "number": "", "since": None},
    )
    again = web.get(page("contract_data", contract), headers={"HX-Request": "true"})
    assert again.headers["HX-Refresh"] == "true"


def test_the_citizen_reads_and_signs_after_the_director(web, centre):
    contract = money.sent(centre)
    shown = sign(web.of(citizen(contract)), page("contract_sign", contract))
    assert "The contract is in force" in text(shown)
    assert GrantContract.objects.get().state == ContractState.IN_FORCE


def test_before_the_director_there_is_nothing_to_sign(web, centre):
    contract = money.drawn_up(centre)
    assert web.of(citizen(contract)).get(page("contract_sign", contract)).url == page("contract", contract)


def test_a_second_signature_of_the_same_citizen_leads_to_the_contract(web, centre):
    contract = money.in_force(centre)
    assert web.of(citizen(contract)).get(page("contract_sign", contract)).url == page("contract", contract)


def test_the_grant_can_be_refused_after_one_more_question(web, centre):
    contract = money.sent(centre)
    web.of(citizen(contract))
    assert "Refuse the grant" in text(web.get(page("contract_decline", contract)))
    shown = web.post(page("contract_decline", contract))
    assert "You refused the grant" in text(shown)
    assert "Read and sign after all" in text(shown)


def test_a_lapsed_offer_shows_its_reasons_and_the_right_to_complain(web, centre):
    contract = contracts.decline(money.sent(centre), by=citizen(GrantContract.objects.get()))
    contracts.lapse(contract, by=centre.director, reason="Ізденуші бас тартты.")
    shown = text(web.of(citizen(contract)).get(page("contract", contract)))
    assert "Ізденуші бас тартты." in shown
    assert "complain or to go to court" in shown


def test_a_returned_payment_is_corrected_by_the_citizen_on_the_pages(web, centre):
    payment = money.returned(centre)
    supplement = payment.contract.supplements.get()
    web.of(citizen(payment))
    assert "the account is closed" in text(web.get(reverse("cabinet")))
    web.post(page("supplement_data", supplement), {"do": "account", "iban": money.own_account(payment.person)})
    supplement = money.printed(money.given(ContractSupplement.objects.get()))
    by = centre.director
    contracts.sign_by_head(supplement, by=by, signatures=money.signatures(contracts.versions(supplement), by))
    shown = sign(web.of(citizen(payment)), page("supplement_sign", supplement))
    assert "The supplement is in force" in text(shown)


def test_the_account_the_bank_returned_is_refused_on_the_page(web, centre):
    payment = money.returned(centre)
    supplement = payment.contract.supplements.get()
    shown = web.of(citizen(payment)).post(page("supplement_data", supplement), {"do": "account", "iban": payment.iban})
    assert "very account" in text(shown)


def test_the_executed_payment_stands_in_the_cabinet_and_on_the_page(web, centre):
    payment = money.executed(centre)
    web.of(citizen(payment))
    assert "The grant is on your account" in text(web.get(reverse("cabinet")))
    shown = text(web.get(page("contract", payment.contract)))
    assert payment.bank_reference in shown
    assert "Executed by the bank" in shown


@pytest.mark.parametrize("name", ["contract", "contract_data", "contract_sign", "contract_decline"])
def test_another_citizens_contract_does_not_exist(web, centre, name):
    contract = money.sent(centre)
    stranger = money.offered(centre, person=PersonFactory())
    assert web.of(citizen(stranger)).get(page(name, contract)).status_code == 404


# ------------------------------------------------------------------------------------------------------------ staff


def test_a_specialist_reads_the_scan_and_confirms_the_registration(web, centre):
    contract = money.given(money.offered(centre))
    contracts.add_scan(contract, file=scan(), by=citizen(contract))
    web.of(centre.specialist)
    listed = web.get(reverse("workplace:grants_grantcontract_changelist") + "?waits=scan")
    assert contract.number in text(listed)
    shown = do(web, contract, "confirm_registration", number="KZ77", since_day="1", since_month="6", since_year="2026")
    assert "The registration is confirmed" in text(shown)
    assert GrantContract.objects.get().state == ContractState.DRAFT


def test_the_director_signs_the_contract_on_the_page(web, centre):
    contract = money.drawn_up(centre)
    shown = sign(web.of(centre.director), room(contract, "sign", "sign_by_head"))
    assert "The contract is sent to the applicant" in text(shown)


def test_the_director_extends_a_running_term_and_lets_a_missed_one_lapse(web, centre):
    contract = money.offered(centre)
    web.of(centre.director)
    assert "The applicant is told" in text(do(web, contract, "extend"))
    assert "still running" in text(web.get(room(contract)))
    with clock.at(datetime(2026, 6, 23, 10, 0, tzinfo=ALMATY)):
        listed = web.get(reverse("workplace:grants_grantcontract_changelist") + "?waits=lapse")
        assert contract.number in text(listed)
        shown = do(web, contract, "lapse", reason="Мерзім өтті.")
    assert "the money is free again" in text(shown)


def test_the_accountant_forms_the_director_approves_the_accountant_sends(web, centre):
    contract = money.in_force(centre)
    assert "The payment order is formed" in text(
        do(web.of(centre.accountant), contract, "start_payment", purpose_code="359")
    )
    payment = money.printed(Payment.objects.get())
    assert "Approved." in text(sign(web.of(centre.director), room(payment, "sign", "approve")))
    shown = sign(web.of(centre.accountant), room(payment, "sign", "send"))
    assert "on its way to the bank" in text(shown)
    assert Payment.objects.get().state == PaymentState.SENT_TO_BANK


def test_an_order_is_formed_once_by_two_clicks(web, centre):
    contract = money.in_force(centre)
    web.of(centre.accountant)
    seen = web.get(room(contract)).context["seen"]
    for _ in range(2):
        web.post(room(contract, "do", "start_payment"), {"seen": seen, "start_payment-purpose_code": "359"})
    assert Payment.objects.count() == 1


def test_a_returned_order_is_formed_again_on_its_page(web, centre):
    payment = money.returned(centre)
    web.of(centre.accountant)
    assert "by a supplement" in text(web.get(room(payment))).lower()
    money.corrected(centre, payment)
    assert "formed again" in text(do(web, payment, "form", purpose_code="359"))


def test_the_accountant_asks_a_silent_bank_again(web, centre):
    payment = money.at_bank(centre)
    url = reverse("grants_office:ask_bank", args=[payment.pk])
    assert "The bank is asked again" in text(web.of(centre.accountant).post(url))
    assert web.of(centre.specialist).post(url).status_code == 404


def test_an_accountant_sees_contracts_in_force_alone_and_no_estimate(web, centre):
    contract = money.sent(centre)
    web.of(centre.accountant)
    assert web.get(room(contract)).status_code == 404
    by = citizen(contract)
    contracts.sign(contract, by=by, signatures=money.signatures(contracts.versions(contract), by))
    shown = web.get(room(contract))
    assert "Estimate" not in text(shown)


@pytest.mark.parametrize("model", ["contract", "payment"])
def test_another_centres_staff_find_nothing(web, centre, model):
    payment = money.formed(centre)
    case = payment if model == "payment" else payment.contract
    other = PayingCentre.open()
    for actor in (other.director, other.accountant, other.specialist):
        assert web.of(actor).get(room(case)).status_code == 404


def test_a_chambers_coordinator_has_no_contracts_payments_or_budget(web, centre):
    payment = money.formed(centre)
    stranger = hired(centre.office, Role.COORDINATOR)
    web.of(stranger)
    for url in (room(payment), room(payment.contract), reverse("grants_office:budget")):
        assert web.get(url).status_code == 404


# ----------------------------------------------------------------------------------------------------------- budget


def test_the_budget_page_shows_what_is_total_reserved_paid_and_free(web, centre):
    payment = money.executed(centre)
    money.offered(centre)
    figures = {one["label"]: one["value"] for one in web.of(centre.director).get(
        reverse("grants_office:budget")).context["figures"]}  # fmt: skip
    assert figures == {
        "Sum of the year": money.TOTAL, "Reserved": 1_500_000, "Paid": payment.amount,
        "Free": money.TOTAL - 1_500_000 - payment.amount,
    }  # fmt: skip


def test_the_director_enters_the_sum_and_the_accountant_the_account(web, centre):
    url = reverse("grants_office:budget")
    web.of(centre.director).post(url, {"do": "total", "total": "12000000", "basis": "№ 9"})
    web.of(centre.accountant).post(url, {"do": "payer", **PAYER, "bic": "BANKKZKX"})
    row = Budget.objects.get()
    assert (row.total, row.bic) == (12_000_000, "BANKKZKX")


def test_the_accountant_cannot_enter_the_sum(web, centre):
    url = reverse("grants_office:budget")
    shown = web.of(centre.accountant).post(url, {"do": "total", "total": "99000000", "basis": "№ 9"})
    assert shown.status_code == 422
    assert Budget.objects.get().total == money.TOTAL


def test_a_sum_below_what_is_promised_gets_a_sentence(web, centre):
    money.offered(centre)
    url = reverse("grants_office:budget")
    shown = web.of(centre.director).post(url, {"do": "total", "total": "1000", "basis": "№ 9"})
    assert "cannot be less" in text(shown)


# ---------------------------------------------------------------------------------------------------------- queries


@pytest.mark.parametrize("model", ["grantcontract", "payment"])
def test_a_list_asks_as_often_for_thirty_as_for_three(web, centre, model, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = reverse(f"workplace:grants_{model}_changelist")
    counts = []
    web.of(centre.director)
    for more in (3, 7):
        Budget.objects.update(total=1_000_000_000)
        for _ in range(more):
            money.formed(centre)
        web.get(url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            web.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_cabinet_asks_as_often_for_a_contract_under_way_as_for_a_paid_one(web, centre):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    payment = money.executed(centre)
    web.of(citizen(payment))
    web.get(reverse("cabinet"))
    with CaptureQueriesContext(connection) as asked:
        web.get(reverse("cabinet"))
    assert len(asked) < 40


def test_payments_module_has_its_orders(centre):
    assert payments.orders(money.formed(centre))[0].kind == "payment_order"
