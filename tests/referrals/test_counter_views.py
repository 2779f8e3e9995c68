"""The counter: who it is, documents, receipt or annex 3; each bad input has its sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bastau import clock, papers
from bastau.flow import Actor
from bastau.flow.models import Step
from bastau.gateways.models import Enquiry
from bastau.people.models import Person, User
from bastau.people.roles import Role
from referrals import actions
from referrals.models import ReferralApplication
from referrals.states import Channel, State
from tests.conftest import ALMATY
from tests.factories import OfficeFactory, PersonFactory, StaffFactory, make_iin
from tests.referrals import cases
from tests.referrals.cases import Centre
from tests.referrals.screens import Screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(frozen: Any) -> Centre:
    return Centre.open()


@pytest.fixture
def desk(client: Client, centre: Centre) -> Screen:
    return Screen(client)


def errors(response: Any, form: str = "form") -> str:
    return str(response.context[form].errors)


def fresh(case: ReferralApplication) -> ReferralApplication:
    return ReferralApplication.objects.get(pk=case.pk)


# ----------------------------------------------------------------------------------------------------- the counter

COUNTER = "/office/counter/"
ANSWERS = {
    "target_status": "UNEMPLOYED",
    "study_form": "offline",
    "language": "kk",
    "phone": "",
    "email": "",
    "access_needs": "",
    "sheets": "0",
    "application_signed": "on",
    "identity_valid": "on",
    "originals_returned": "on",
}


def look_up(desk: Screen, actor: Actor, iin: str, **more: str) -> Any:
    data = {"post": str(actor.post.pk), "iin": iin, "consents": "on", **more}  # type: ignore[union-attr]
    return desk.of(actor).client.post(COUNTER, data)


def opened(desk: Screen, centre: Centre, actor: Actor, *, residence: str | None = None) -> ReferralApplication:
    """A draft at the counter with the registers' answers."""
    person = PersonFactory()
    look_up(desk, actor, person.iin)
    draft = ReferralApplication.objects.get(person=person)
    answer = {**cases.register(person, centre.office), **({"residence": residence} if residence else {})}
    actions.note_register_answer(draft, "person_registry", answer)
    Enquiry.objects.filter(case_id=draft.pk, case_kind="referral").update(answered_at=clock.now(), answer=answer)
    return fresh(draft)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"iin": "850312400129"}, "iin"), ({"iin": ""}, "iin"), ({"iin": "12345"}, "iin"), ({"consents": ""}, "consents")],
)
def test_a_look_up_names_what_is_wrong(desk: Screen, centre: Centre, change: dict[str, str], field: str) -> None:
    iin = change.pop("iin", PersonFactory().iin)
    response = look_up(desk, centre.specialist, iin, **change)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.UNIT_HEAD, Role.AUDITOR, Role.LEB_OFFICER, Role.SYSADMIN])
def test_only_counters_have_a_counter(desk: Screen, role: Role) -> None:
    assert desk.of(Actor(StaffFactory(role=role))).client.get(COUNTER).status_code == 404


def test_an_unknown_person_is_asked_of_the_register(desk: Screen, centre: Centre) -> None:
    iin = make_iin(4711)
    response = look_up(desk, centre.specialist, iin)
    enquiry = Enquiry.objects.get(subject_iin=iin)
    assert response["Location"] == reverse("centre:looking_up", args=[enquiry.pk])
    assert iin not in response["Location"]


def test_the_registers_answer_makes_the_person_and_the_draft(desk: Screen, centre: Centre) -> None:
    iin = make_iin(4711)
    look_up(desk, centre.specialist, iin)
    enquiry = Enquiry.objects.get(subject_iin=iin)
    person = PersonFactory.build(iin=iin)
    Enquiry.objects.filter(pk=enquiry.pk).update(answered_at=clock.now(), answer=cases.register(person, centre.office))
    desk.post("looking_up", enquiry, {"use": "register"})
    draft = ReferralApplication.objects.get(person__iin=iin)
    assert (draft.counter, draft.channel, draft.consent_data_at) == (centre.office, Channel.CENTRE, clock.now())
    assert User.objects.filter(person__iin=iin, kind="citizen").exists()


def test_while_the_register_is_down_the_card_is_typed(desk: Screen, centre: Centre) -> None:
    iin = make_iin(4712)
    look_up(desk, centre.specialist, iin)
    card = {
        "use": "card", "surname": "Әлиева", "given_name": "Жанар", "patronymic": "",
        "birth_date_day": "1", "birth_date_month": "2", "birth_date_year": "1890", "sex": "f",
    }  # fmt: skip
    desk.post("looking_up", Enquiry.objects.get(subject_iin=iin), card)
    assert Person.objects.get(iin=iin).surname == "Әлиева"


def test_a_card_typed_in_part_names_what_is_missing(desk: Screen, centre: Centre) -> None:
    iin = make_iin(4712)
    look_up(desk, centre.specialist, iin)
    response = desk.post("looking_up", Enquiry.objects.get(subject_iin=iin), {"use": "card", "surname": "Әлиева"})
    assert set(response.context["form"].errors) == {"given_name", "birth_date", "sex"}
    assert response.context["form"]["surname"].value() == "Әлиева"


def test_a_colleagues_look_up_is_not_found(desk: Screen, centre: Centre) -> None:
    look_up(desk, centre.specialist, make_iin(4713))
    enquiry = Enquiry.objects.get(case_kind="counter")
    assert desk.of(centre.colleague).client.get(reverse("centre:looking_up", args=[enquiry.pk])).status_code == 404


def test_nobody_serves_oneself(desk: Screen, centre: Centre) -> None:
    response = look_up(desk, centre.specialist, centre.specialist.user.person.iin)  # type: ignore[union-attr]
    assert response.context["form"].non_field_errors()


def test_a_second_open_application_is_told_by_its_number(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    response = look_up(desk, centre.specialist, case.person.iin)
    assert case.number in errors(response)


@pytest.mark.clause("118-p07-1")
def test_a_complete_package_is_accepted_with_number_and_receipt(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    response = desk.post("documents", draft, ANSWERS)
    case = fresh(draft)
    assert case.state == State.ACCEPTED
    assert case.number in response.content.decode()
    assert response.context["paper"].kind == "acceptance_receipt"


@pytest.mark.clause("118-a2-r08-1")
def test_missing_work_and_education_documents_make_nothing_incomplete(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    desk.post("documents", draft, {**ANSWERS, "sheets": "", "originals_returned": ""})
    assert fresh(draft).state == State.ACCEPTED


def test_originals_are_given_back_before_the_centre_accepts(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    response = desk.post("documents", draft, {**ANSWERS, "sheets": "2", "originals_returned": ""})
    assert response.context["form"].non_field_errors()
    assert fresh(draft).state == State.DRAFT


@pytest.mark.parametrize("tick", ["application_signed", "identity_valid"])
def test_without_signature_or_card_nothing_is_accepted(desk: Screen, centre: Centre, tick: str) -> None:
    draft = opened(desk, centre, centre.specialist)
    response = desk.post("documents", draft, {**ANSWERS, tick: ""})
    assert set(response.context["form"].errors) == {tick}
    assert fresh(draft).state == State.DRAFT


def test_a_second_click_on_accept_shows_the_same_receipt(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    first = desk.post("documents", draft, ANSWERS)
    second = desk.post("documents", draft, ANSWERS)
    assert first.context["paper"] == second.context["paper"]
    assert Step.objects.filter(event="accept", case_id=draft.pk).count() == 1


def test_a_centre_sends_residents_of_others_on(desk: Screen, centre: Centre) -> None:
    other = OfficeFactory(serves=["351012"], name_kk="Басқа орталық")
    draft = opened(desk, centre, centre.specialist, residence="351012000")
    page = desk.client.get(reverse("centre:documents", args=[draft.pk]))
    assert "Басқа орталық" in page.content.decode()
    desk.post("documents", draft, ANSWERS)
    assert (fresh(draft).state, fresh(draft).office) == (State.DRAFT, other)


def test_the_state_corporation_accepts_for_any_centre(desk: Screen, centre: Centre) -> None:
    other = OfficeFactory(serves=["351012"])
    draft = opened(desk, centre, centre.operator, residence="351012000")
    desk.post("documents", draft, ANSWERS)
    assert (fresh(draft).state, fresh(draft).office) == (State.ACCEPTED, other)


EVENING = datetime(2026, 6, 8, 18, 45, tzinfo=ALMATY)


@pytest.mark.clause("118-a2-r07")
def test_outside_hours_the_counter_says_when_it_is_open(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    with clock.at(EVENING):
        response = desk.post("documents", draft, ANSWERS)
        assert "18:30" in errors(response)
        assert "18:30" in str(desk.client.get(COUNTER).context["closed"])
    assert fresh(draft).state == State.DRAFT


@pytest.mark.clause("A-05", "118-a2-r07")
def test_the_state_corporation_is_still_open_then(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.operator)
    with clock.at(EVENING):
        desk.post("documents", draft, ANSWERS)
    assert fresh(draft).state == State.ACCEPTED


@pytest.mark.clause("118-p07-1")
def test_a_refusal_to_accept_needs_reason_and_text(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    response = desk.post("not_accepted", draft, {})
    assert set(response.context["refusal_form"].errors) == {"reason", "text"}
    assert fresh(draft).state == State.DRAFT


@pytest.mark.clause("118-p07-1")
def test_an_expired_card_is_answered_with_annex_3(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    data = {"reason": "ACCEPT_EXPIRED", "text": "Жеке куәліктің мерзімі өткен."}
    response = desk.post("not_accepted", draft, data)
    assert fresh(draft).state == State.ACCEPTANCE_REFUSED
    assert response.context["paper"].kind == "refusal_a3"


def test_another_counters_draft_is_not_found(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    assert desk.of(centre.operator).client.get(reverse("centre:documents", args=[draft.pk])).status_code == 404


def test_who_leaves_the_counter_goes_on_at_home(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    desk.post("leave", draft, {})
    assert (fresh(draft).channel, fresh(draft).counter) == (Channel.PORTAL, None)


def test_the_next_person_finds_an_empty_page(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    response = desk.post("documents", draft, ANSWERS)
    assert "no-store" in response["Cache-Control"]
    page = desk.client.get(COUNTER)
    assert draft.person.iin[:6] not in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_the_receipt_is_shown_as_soon_as_it_is_printed(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    waiting = desk.post("documents", draft, ANSWERS)
    assert not waiting.context["ready"]
    papers.render(waiting.context["paper"].pk)
    assert desk.client.get(reverse("centre:counter_done", args=[draft.pk])).context["ready"]


# ------------------------------------------------------------------------------------- a page that asks again by itself


def asks_again(desk: Screen, name: str, row: Any) -> Any:
    """What a waiting page gets when it asks by itself, every few seconds."""
    return desk.client.get(reverse(f"centre:{name}", args=[row.pk]), headers={"HX-Request": "true"})


def test_the_look_up_waits_without_a_new_page(desk: Screen, centre: Centre) -> None:
    iin = make_iin(4711)
    look_up(desk, centre.specialist, iin)
    piece = asks_again(desk, "looking_up", Enquiry.objects.get(subject_iin=iin))
    assert "hx-get" in piece.content.decode()
    assert "<html" not in piece.content.decode()


def test_the_look_up_shows_the_answer_when_it_has_come(desk: Screen, centre: Centre) -> None:
    iin = make_iin(4711)
    look_up(desk, centre.specialist, iin)
    enquiry = Enquiry.objects.get(subject_iin=iin)
    Enquiry.objects.filter(pk=enquiry.pk).update(answered_at=clock.now(), answer={"found": False})
    assert asks_again(desk, "looking_up", enquiry)["HX-Refresh"] == "true"


def test_the_documents_page_waits_for_the_registers(desk: Screen, centre: Centre) -> None:
    person = PersonFactory()
    look_up(desk, centre.specialist, person.iin)
    piece = asks_again(desk, "documents", ReferralApplication.objects.get(person=person))
    assert "hx-get" in piece.content.decode()


def test_the_receipt_is_waited_for_and_then_shown(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    paper = desk.post("documents", draft, ANSWERS).context["paper"]
    assert "hx-get" in asks_again(desk, "counter_done", draft).content.decode()
    papers.render(paper.pk)
    assert asks_again(desk, "counter_done", draft)["HX-Refresh"] == "true"
