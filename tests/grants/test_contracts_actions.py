"""The contract: data from register and bank, two signatures in order, lapse, extension (SPEC 4.11)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from bastau import clock
from bastau.flow import Refused
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.papers import actions as printer
from bastau.papers.cms import SigningRefused
from bastau.papers.models import Paper, Signature
from grants.actions import applications, budget, contracts
from grants.models import GrantApplication, GrantContract
from grants.models.voting import Decision
from grants.states import ContractState, GrantState
from tests.conftest import ALMATY, MONDAY
from tests.factories import PersonFactory
from tests.grants import commission_cases
from tests.grants import contract_cases as money
from tests.grants.applications_cases import in_reserve
from tests.grants.contract_cases import PayingCentre, citizen, signatures
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


def again(contract: GrantContract) -> GrantContract:
    return GrantContract.objects.get(pk=contract.pk)


def term(case, name: str) -> Deadline:
    return Deadline.objects.get(case_kind=case.kind, case_id=case.pk, name=name, closed_at=None)


def local(moment: datetime) -> datetime:
    return moment.astimezone(ALMATY)


# ------------------------------------------------------------------------------------------------------- the offer


@pytest.mark.clause("FKA04-3.1")
def test_an_award_opens_one_contract_that_awaits_registration_and_account(centre):
    contract = money.offered(centre)
    assert (contract.state, contract.amount) == (ContractState.AWAITING_DATA, contract.application.awarded_sum)
    assert contracts.offer(contract.application).pk == contract.pk
    assert Step.objects.filter(case_kind="contract", case_id=contract.pk, event="open").count() == 1


@pytest.mark.clause("A-36")
def test_the_applicant_has_ten_working_days_for_registration_and_account(centre):
    contract = money.offered(centre)
    assert local(term(contract, "T-CTR-DOCS").due_at) == datetime(2026, 6, 22, 18, 30, tzinfo=ALMATY)
    assert term(contract, "T-CTR-DOCS").duty == "citizen"
    told = Notice.objects.get(code="N-CTR-DOCS")
    assert told.facts == {"date": {"date": "2026-06-22"}}


def test_the_offer_tells_the_applicant_alone(centre):
    contract = money.offered(centre)
    assert Notice.objects.get(code="N-CTR-DOCS").user == citizen(contract).user


# --------------------------------------------------------------------------------------------- registration, account


@pytest.mark.clause("FKA04-3.1")
def test_the_tax_register_confirms_the_entrepreneur(centre):
    contract = money.registered(money.offered(centre))
    assert (contract.business_number, contract.business_since) == ("KZ00112233UTN", date(2026, 5, 20))
    assert (contract.business_source, contract.business_answer) == ("register", "yes")
    assert contract.state == ContractState.AWAITING_DATA


def test_who_is_not_in_the_register_stays_unregistered_and_may_ask_again(centre):
    contract = money.registered(money.offered(centre), registered=False, number="", since=None)
    assert (contract.registered, contract.business_answer) == (False, "no")
    contract = money.registered(contract)
    assert (contract.registered, contract.business_tries) == (True, 2)


@pytest.mark.clause("FKA04-3.2")
def test_registration_and_own_account_draw_up_the_contract_in_the_applicants_language(centre):
    contract = money.given(money.registered(money.offered(centre, language="ru")))
    assert contract.state == ContractState.DRAFT
    assert contract.bic == "ULGIKZKX"
    papers = Paper.objects.filter(case_kind="contract", case_id=contract.pk, kind="grant_contract")
    assert sorted(papers.values_list("language", flat=True)) == ["kk", "ru"]
    assert not papers.filter(shown_to_person=True).exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("KZ64999KZT0000012346", "check digits"),
        ("DE89370400440532013000", "not in Kazakhstan"),
        ("KZ64 999K", "20 characters"),
        ("KZ64999KZT00000ы2345", "Latin"),
    ],
)
@pytest.mark.clause("FKA04-3.2")
def test_an_account_that_cannot_be_right_is_refused_in_words_and_nothing_is_kept(centre, typed, said):
    contract = money.offered(centre)
    with pytest.raises(Refused, match=said):
        contracts.give_account(contract, by=citizen(contract), iban=typed)
    assert again(contract).iban == ""


def test_spaces_and_small_letters_of_an_account_do_not_matter(centre):
    contract = money.offered(centre)
    given = contracts.give_account(contract, by=citizen(contract), iban=" kz64 999k zt00 0001 2345 ")
    assert given.iban == "KZ64999KZT0000012345"


@pytest.mark.clause("A-38")
def test_an_account_of_another_person_does_not_draw_up_a_contract(centre):
    contract = money.given(money.registered(money.offered(centre)), own=False, iban="KZ64999KZT0000012345")
    assert (contract.state, contract.account_answer) == (ContractState.AWAITING_DATA, "no")
    assert contract.bank_kk == ""
    contract = money.given(contract)
    assert contract.state == ContractState.DRAFT


def test_an_account_the_bank_does_not_know_is_told_apart_from_another_persons(centre):
    contract = money.given(money.offered(centre), found=False, own=False)
    assert contract.account_answer == "unknown"


def test_the_answer_to_a_former_account_changes_nothing(centre):
    contract = money.registered(money.offered(centre))
    by = citizen(contract)
    former = contracts.give_account(contract, by=by, iban="KZ64999KZT0000012345")
    contracts.give_account(contract, by=by, iban=money.own_account(contract.person))
    late = {"iin": contract.person.iin, "iban": former.iban, "found": True, "own": True}
    money.answered(f"contract:{contract.pk}:account:1", {**late, "bank_kk": "Б", "bank_ru": "Б", "bic": "ULGIKZKX"})
    assert again(contract).account_answer == "waiting"


def test_the_same_account_twice_is_one_question_to_the_bank(centre):
    contract = money.offered(centre)
    for _ in range(2):
        contract = contracts.give_account(contract, by=citizen(contract), iban=money.own_account(contract.person))
    assert contract.account_tries == 1


def test_another_citizen_cannot_give_an_account(centre):
    contract = money.offered(centre)
    stranger = money.offered(centre, person=PersonFactory())
    with pytest.raises(Refused):
        contracts.give_account(contract, by=citizen(stranger), iban=money.own_account(contract.person))


# ------------------------------------------------------------------------------------------------------- signatures


@pytest.mark.clause("FKA04-3.3")
def test_the_head_signs_first_and_the_paper_goes_to_the_applicant(centre):
    contract = money.sent(centre)
    paper = contracts.versions(contract)[0]
    assert contract.state == ContractState.SIGNED_BY_HEAD
    assert (paper.state, paper.shown_to_person) == ("ready", True)
    assert contract.number == paper.number
    assert contract.number.startswith("ГШ-35-2026-")


@pytest.mark.clause("A-37")
def test_the_head_has_five_working_days_and_the_applicant_five_after_it(centre):
    contract = money.drawn_up(centre)
    assert term(contract, "T-CTR-HEAD").duty == "director"
    assert local(term(contract, "T-CTR-HEAD").due_at) == datetime(2026, 6, 15, 18, 30, tzinfo=ALMATY)
    with clock.at(MONDAY + timedelta(days=2)):
        by = centre.director
        contracts.sign_by_head(contract, by=by, signatures=signatures(contracts.versions(contract), by))
        assert term(contract, "T-CTR-APPL").duty == "citizen"
        assert local(term(contract, "T-CTR-APPL").due_at) == datetime(2026, 6, 17, 18, 30, tzinfo=ALMATY)


@pytest.mark.clause("FKA04-3.3")
def test_the_applicant_is_told_in_the_words_of_the_specification(centre):
    money.sent(centre)
    told = Notice.objects.get(code="N-CTR-SIGN")
    assert told.facts == {"date": {"date": "2026-06-15"}}


@pytest.mark.clause("FKA04-3.4")
def test_the_second_signature_puts_the_contract_in_force_from_its_day(centre):
    contract = money.sent(centre)
    with clock.at(MONDAY + timedelta(days=1)):
        by = citizen(contract)
        contract = contracts.sign(contract, by=by, signatures=signatures(contracts.versions(contract), by))
    assert (contract.state, contract.in_force_on) == (ContractState.IN_FORCE, date(2026, 6, 9))
    paper = contracts.versions(contract)[0]
    assert (paper.state, paper.issued_on) == ("issued", date(2026, 6, 9))
    signed = Signature.objects.filter(paper=paper).order_by("signed_at")
    assert [one.user for one in signed] == [centre.director.user, by.user]
    assert GrantApplication.objects.get(pk=contract.application_id).state == GrantState.CONTRACTED


@pytest.mark.clause("FKA04-3.4")
def test_the_applicant_cannot_sign_before_the_head(centre):
    contract = money.drawn_up(centre)
    by = citizen(contract)
    with pytest.raises(Refused):
        contracts.sign(contract, by=by, signatures=signatures(contracts.versions(contract), by))
    assert not Signature.objects.filter(paper__case_kind="contract").exists()


def test_the_database_refuses_a_contract_signed_by_the_applicant_first(centre):
    contract = money.sent(centre)
    early = contract.head_signed_at - timedelta(hours=1)
    with pytest.raises(IntegrityError, match="contract_head_signs_first"), transaction.atomic():
        GrantContract.objects.filter(pk=contract.pk).update(signed_at=early)


@pytest.mark.clause("FKA04-3.3")
def test_without_reserved_money_the_head_cannot_sign(centre):
    contract = money.drawn_up(centre)
    budget.release(contract.application)
    by = centre.director
    with pytest.raises(Refused, match="reserved"):
        contracts.sign_by_head(contract, by=by, signatures=signatures(contracts.versions(contract), by))


def test_signing_twice_leaves_one_signature_of_each(centre):
    contract = money.sent(centre)
    by = citizen(contract)
    signed = signatures(contracts.versions(contract), by)
    contracts.sign(contract, by=by, signatures=signed)
    contracts.sign(contract, by=by, signatures=signed)
    assert Signature.objects.filter(paper__kind="grant_contract").count() == 2


def test_a_signature_of_another_person_is_refused_and_nothing_changes(centre):
    contract = money.sent(centre)
    with pytest.raises(SigningRefused):
        contracts.sign(
            contract, by=citizen(contract), signatures=signatures(contracts.versions(contract), centre.director)
        )
    assert again(contract).state == ContractState.SIGNED_BY_HEAD


# ------------------------------------------------------------------------------------------------------------- scan


def scanned(contract: GrantContract):
    contracts.add_scan(contract, file=scan(), by=citizen(contract))
    return again(contract)


@pytest.mark.clause("FKA04-3.1")
def test_a_scan_is_confirmed_by_a_specialist_and_stands_for_the_register(centre):
    contract = scanned(money.given(money.offered(centre)))
    assert contract.state == ContractState.AWAITING_DATA
    contract = contracts.confirm_registration(contract, by=centre.specialist, number="KZ77", since=date(2026, 6, 1))
    assert (contract.state, contract.business_source) == (ContractState.DRAFT, "scan")
    assert Notice.objects.filter(code="N-CTR-SCAN", user=centre.specialist.user).count() == 1


def test_a_registration_of_tomorrow_or_without_a_scan_is_not_confirmed(centre):
    contract = money.offered(centre)
    with pytest.raises(Refused, match="no scan"):
        contracts.confirm_registration(contract, by=centre.specialist, number="KZ77", since=date(2026, 6, 1))
    contract = scanned(contract)
    with pytest.raises(Refused, match="future"):
        contracts.confirm_registration(contract, by=centre.specialist, number="KZ77", since=date(2026, 6, 9))


# ------------------------------------------------------------------------------------------------------ lapse, extend


@pytest.mark.clause("A-36")
def test_an_offer_lapses_by_decision_of_the_head_when_the_term_is_missed_and_the_money_is_free_again(centre):
    contract = money.offered(centre)
    with pytest.raises(Refused, match="still running"):
        contracts.lapse(contract, by=centre.director, reason="Мерзім өтті.")
    free = budget.free_in(centre.office)
    with clock.at(datetime(2026, 6, 23, 10, 0, tzinfo=ALMATY)):
        sweep()
        contract = contracts.lapse(contract, by=centre.director, reason="Мерзім өтті.")
        assert budget.free_in(centre.office) == free + contract.amount
    assert contract.state == ContractState.LAPSED
    assert GrantApplication.objects.get(pk=contract.application_id).state == GrantState.LAPSED
    assert Notice.objects.get(code="N-CTR-LAPSED").facts["reason"] == "Мерзім өтті."
    assert not Notice.objects.filter(code="N-GR-LAPSED").exists()


@pytest.mark.clause("A-37")
def test_an_unsigned_contract_lapses_when_the_applicants_term_is_missed_and_its_paper_is_void(centre):
    contract = money.sent(centre)
    with clock.at(datetime(2026, 6, 16, 10, 0, tzinfo=ALMATY)):
        contract = contracts.lapse(contract, by=centre.director, reason="Қол қойылмады.")
    assert contract.state == ContractState.LAPSED
    assert Paper.objects.get(kind="grant_contract").state == "void"


@pytest.mark.clause("A-37")
def test_a_refusal_lets_the_head_decide_at_once(centre):
    contract = contracts.decline(money.sent(centre), by=citizen(money.GrantContract.objects.get()))
    assert contract.state == ContractState.SIGNED_BY_HEAD
    assert Notice.objects.get(code="N-CTR-DECLINED").user == centre.director.user
    assert contracts.lapse(contract, by=centre.director, reason="Бас тартты.").state == ContractState.LAPSED


def test_who_refused_may_still_sign_until_the_head_decides(centre):
    contract = money.sent(centre)
    by = citizen(contract)
    contract = contracts.decline(contract, by=by)
    contract = contracts.sign(contract, by=by, signatures=signatures(contracts.versions(contract), by))
    assert contract.state == ContractState.IN_FORCE


def test_an_award_cannot_lapse_past_its_contract(centre):
    contract = money.offered(centre)
    with pytest.raises(Refused, match="still running"):
        applications.lapse(contract.application, centre.director, "Мерзім өтті.")
    assert GrantApplication.objects.get(pk=contract.application_id).state == GrantState.APPROVED


@pytest.mark.clause("A-36")
def test_the_head_extends_the_term_and_it_runs_anew(centre):
    contract = money.offered(centre)
    with clock.at(MONDAY + timedelta(days=7)):
        contract = contracts.extend(contract, by=centre.director)
        assert local(term(contract, "T-CTR-DOCS").due_at) == datetime(2026, 6, 29, 18, 30, tzinfo=ALMATY)
    assert Notice.objects.filter(code="N-CTR-EXTENDED").count() == 1


def test_released_money_is_told_to_the_secretary_with_the_next_of_the_reserve(centre):
    contract = money.offered(centre)
    following = in_reserve(centre)
    with clock.at(datetime(2026, 6, 23, 10, 0, tzinfo=ALMATY)):
        contracts.lapse(contract, by=centre.director, reason="Мерзім өтті.")
    told = Notice.objects.get(code="N-GR-RELEASED", user=centre.secretary.user)
    assert told.facts["next"] == following.number


# ------------------------------------------------------------------------------------------------------------ terms


def breached(case, name: str) -> bool:
    return Deadline.objects.get(case_kind=case.kind, case_id=case.pk, name=name).breached_at is not None


@pytest.mark.clause("A-36")
def test_the_term_of_the_data_passes_and_is_missed(centre):
    contract = money.offered(centre)
    with clock.at(datetime(2026, 6, 22, 18, 29, tzinfo=ALMATY)):
        sweep()
        assert not breached(contract, "T-CTR-DOCS")
    with clock.at(datetime(2026, 6, 22, 18, 31, tzinfo=ALMATY)):
        sweep()
        assert breached(contract, "T-CTR-DOCS")


@pytest.mark.clause("A-37")
def test_the_term_of_the_head_passes_and_is_missed(centre):
    contract = money.drawn_up(centre)
    with clock.at(datetime(2026, 6, 15, 18, 31, tzinfo=ALMATY)):
        sweep()
        assert breached(contract, "T-CTR-HEAD")
    assert Notice.objects.filter(code="N-DEADLINE-BREACHED", user=centre.director.user).exists()


@pytest.mark.clause("A-37")
def test_the_term_of_the_applicants_signature_passes_and_is_missed(centre):
    contract = money.sent(centre)
    with clock.at(datetime(2026, 6, 15, 18, 29, tzinfo=ALMATY)):
        sweep()
        assert not breached(contract, "T-CTR-APPL")
    with clock.at(datetime(2026, 6, 15, 18, 31, tzinfo=ALMATY)):
        sweep()
        assert breached(contract, "T-CTR-APPL")


@pytest.mark.clause("A-38")
def test_ten_working_days_after_the_second_signature_the_payment_is_late(centre):
    contract = money.in_force(centre)
    assert (term(contract, "T-PAY").duty, local(term(contract, "T-PAY").due_at)) == (
        "accountant", datetime(2026, 6, 22, 18, 30, tzinfo=ALMATY),
    )  # fmt: skip
    with clock.at(datetime(2026, 6, 22, 18, 31, tzinfo=ALMATY)):
        sweep()
        assert breached(contract, "T-PAY")


# -------------------------------------------------------------------------------------------------- the commission


@pytest.mark.clause("FKA04-3.3")
def test_the_contract_names_the_protocol_of_the_award_and_stands_on_its_reservation(centre):
    meeting = commission_cases.entered(commission_cases.Room.open(centre=centre))
    decision = Decision.objects.get(item__meeting=meeting)
    contract = GrantContract.objects.get(application=decision.item.application)
    assert (contract.protocol_number, contract.protocol_date) == (decision.protocol_number, meeting.held_on)
    assert contract.protocol_number
    assert contract.application.reservations.get().amount == contract.amount == decision.amount
