"""The citizen's way to the signature: who may open, the draft, bad input, the registers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from bastau import clock, law
from bastau.gateways.models import Enquiry, System
from bastau.papers.models import Paper, PaperState
from bastau.people.models import User
from bastau.people.roles import Role
from referrals.models import ReferralApplication
from tests.conftest import MONDAY
from tests.factories import CitizenFactory, StaffFactory
from tests.referrals import cases
from tests.referrals.cases import LABOUR, Centre
from tests.referrals.walk import (
    CONSENTS,
    CONTACTS,
    STATUS,
    answer,
    begun,
    consented,
    filled_in,
    printed,
    sent,
    signed_in,
    text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def centre() -> Centre:
    return Centre.open()


@pytest.fixture
def citizen() -> User:
    return CitizenFactory(person__phone="")


@pytest.fixture
def web(citizen: User) -> Client:
    return signed_in(citizen)


# ------------------------------------------------------------------------------------------------------ who may open


def test_the_start_page_may_be_read_without_signing_in() -> None:
    assert Client().get("/referral/").status_code == 200


def test_starting_leads_to_the_sign_in_page_first() -> None:
    response = Client().post("/referral/")
    assert response.url == "/sign-in/?next=/referral/"
    assert not ReferralApplication.objects.exists()


def test_staff_are_led_to_their_desk(centre: Centre) -> None:
    response = signed_in(StaffFactory(role=Role.SPECIALIST, office=centre.office)).get("/cabinet/")
    assert response.status_code == 302


PAGES = ("", "consents/", "registers/", "status/", "contacts/", "check/", "sign/", "done/", "withdraw/")


@pytest.mark.parametrize("page", PAGES)
def test_another_persons_application_looks_like_none(web: Client, page: str) -> None:
    other = begun(signed_in(CitizenFactory()))
    assert web.get(f"/referral/{other.pk}/{page}").status_code == 404
    assert web.get(f"/referral/{other.pk + 1}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["consents/", "registers/", "status/", "contacts/", "check/", "sign/", "withdraw/"])
def test_nothing_can_be_posted_to_another_persons_application(web: Client, page: str) -> None:
    other = begun(signed_in(CitizenFactory()))
    assert web.post(f"/referral/{other.pk}/{page}", {**CONSENTS, **STATUS, **CONTACTS}).status_code == 404


def test_a_number_too_big_for_any_case_is_not_found(web: Client) -> None:
    assert web.get("/referral/99999999999999999999999/").status_code == 404


# --------------------------------------------------------------------------------------------------- start and draft


def test_the_start_page_takes_its_term_from_the_law(web: Client) -> None:
    assert f"Within {law.term('118-p06').length} working days" in text(web.get("/referral/"))


def test_looking_at_the_start_page_opens_no_draft(web: Client) -> None:
    web.get("/referral/")
    assert not ReferralApplication.objects.exists()


def test_starting_twice_opens_one_draft(web: Client) -> None:
    first, second = web.post("/referral/"), web.post("/referral/")
    assert first.url == second.url
    assert ReferralApplication.objects.count() == 1


def test_starting_beside_an_open_application_leads_to_it(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    response = web.post("/referral/", follow=True)
    assert response.redirect_chain[-1][0] == f"/referral/{application.pk}/"
    assert "You have an application under way" in text(response)
    assert ReferralApplication.objects.count() == 1


def test_answers_are_kept_page_by_page(web: Client, centre: Centre) -> None:
    application = consented(web, centre)
    web.post(f"/referral/{application.pk}/status/", STATUS)
    application.refresh_from_db()
    assert (application.target_status, application.study_form) == ("UNEMPLOYED", "offline")


def test_a_draft_goes_on_where_it_was_left(web: Client, centre: Centre) -> None:
    application = consented(web, centre)
    assert web.get(f"/referral/{application.pk}/").url.endswith("/status/")
    web.post(f"/referral/{application.pk}/status/", STATUS)
    assert web.get(f"/referral/{application.pk}/").url.endswith("/contacts/")
    web.post(f"/referral/{application.pk}/contacts/", CONTACTS)
    assert web.get(f"/referral/{application.pk}/").url.endswith("/check/")


def test_what_was_typed_is_there_again(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    assert "+7 (701) 234-56-78" in text(web.get(f"/referral/{application.pk}/contacts/"))


def test_a_change_from_the_check_page_leads_back_to_it(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    response = web.post(f"/referral/{application.pk}/status/?from=check", {**STATUS, "study_form": "online"})
    assert response.url == f"/referral/{application.pk}/check/"


def test_reading_the_pages_writes_nothing(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    printed(web, application)
    before = ReferralApplication.objects.filter(pk=application.pk).values().get(), Enquiry.objects.count()
    for page in PAGES:
        web.get(f"/referral/{application.pk}/{page}")
    web.get("/cabinet/")
    web.get("/cabinet/notices/")
    assert before == (ReferralApplication.objects.filter(pk=application.pk).values().get(), Enquiry.objects.count())
    assert Paper.objects.count() == 1


# -------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.clause("118-a1")
@pytest.mark.parametrize("missing", ["consent_data", "consent_secrets"])
def test_without_both_consents_no_register_is_asked(web: Client, missing: str) -> None:
    application = begun(web)
    response = web.post(f"/referral/{application.pk}/consents/", {k: v for k, v in CONSENTS.items() if k != missing})
    assert "Without this consent the registers cannot be asked." in text(response)
    assert not Enquiry.objects.exists()


def test_both_consents_ask_both_registers_once(web: Client) -> None:
    application = begun(web)
    for _ in range(2):
        web.post(f"/referral/{application.pk}/consents/", CONSENTS)
    assert sorted(Enquiry.objects.values_list("system", flat=True)) == ["labour_market", "person_registry"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose the line that fits you best."),
        ({"target_status": "UNEMPLOYED"}, "Choose how you would like to study."),
        ({"target_status": "NONE", "study_form": "offline"}, "Choose one of the lines."),
    ],
)
def test_a_missing_or_unknown_status_is_told(web: Client, typed: dict[str, str], sentence: str) -> None:
    application = consented(web)
    assert sentence in text(web.post(f"/referral/{application.pk}/status/", typed))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"phone": "123"}, "This is not a telephone number of Kazakhstan."),
        ({"phone": "+49 30 1234567"}, "This is not a telephone number of Kazakhstan."),
        ({"phone": "1" * 50}, "This is too long for a telephone number."),
        ({"phone": "", "email": ""}, "Write a telephone number or an e-mail address"),
        ({"email": "name@"}, "This is not an e-mail address."),
        ({"language": "de"}, "Choose one of the lines."),
        ({"access_needs": "м" * 301}, "This is too long. Write it in fewer words."),
        ({"access_needs": "а\x00"}, "There is a sign in it that is no text."),
    ],
)
def test_wrong_contacts_get_a_sentence_that_says_what_to_do(web: Client, typed: dict[str, str], sentence: str) -> None:
    application = consented(web)
    assert sentence in text(web.post(f"/referral/{application.pk}/contacts/", {**CONTACTS, **typed}))


def test_a_wrong_telephone_comes_back_as_it_was_typed(web: Client) -> None:
    application = consented(web)
    assert 'value="123"' in text(web.post(f"/referral/{application.pk}/contacts/", {**CONTACTS, "phone": "123"}))


@pytest.mark.parametrize("typed", ["8 701 234 56 78", "+7 (701) 234-56-78", "7012345678", "87012345678"])
def test_a_telephone_is_stored_in_one_form(web: Client, typed: str) -> None:
    application = consented(web)
    web.post(f"/referral/{application.pk}/contacts/", {**CONTACTS, "phone": typed})
    application.refresh_from_db()
    assert application.phone == "+77012345678"


def test_the_error_summary_leads_to_the_first_radio_button(web: Client) -> None:
    application = consented(web)
    assert 'href="#id_target_status_0"' in text(web.post(f"/referral/{application.pk}/status/", {}))


# --------------------------------------------------------------------------------------------------- the registers


def test_the_registers_page_waits_and_may_be_left(web: Client) -> None:
    application = consented(web)
    page = text(web.get(f"/referral/{application.pk}/registers/"))
    assert "We are asking the registers." in page
    assert f'href="/referral/{application.pk}/status/"' in page


def test_a_register_that_stays_silent_is_told_after_a_while(web: Client) -> None:
    application = consented(web)
    with clock.at(MONDAY + timedelta(minutes=2)):
        assert "A register has not answered yet. We keep asking." in text(
            web.get(f"/referral/{application.pk}/registers/")
        )


def test_the_poll_draws_the_page_again_when_an_answer_came(web: Client, centre: Centre) -> None:
    application = consented(web)
    poll = f"/referral/{application.pk}/registers/?done=0&slow=0"
    assert "HX-Refresh" not in web.get(poll, headers={"HX-Request": "true"}).headers
    answer(application, System.PERSON_REGISTRY, cases.register(application.person, centre.office))
    assert web.get(poll, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


@pytest.mark.clause("118-p08-2")
def test_the_residence_of_the_register_names_the_centre(web: Client, centre: Centre) -> None:
    application = consented(web, centre)
    page = text(web.get(f"/referral/{application.pk}/registers/"))
    assert centre.office.name("en") in page
    assert "Ask the registers again" in page


def test_an_unknown_person_is_told_where_to_go(web: Client) -> None:
    application = consented(web)
    answer(application, System.PERSON_REGISTRY, {"found": False})
    page = text(web.get(f"/referral/{application.pk}/registers/"))
    assert "The register of persons does not know your IIN" in page
    assert "Hours and contacts" in page


def test_without_a_place_of_residence_the_page_says_how_to_register_one(web: Client, centre: Centre) -> None:
    application = consented(web)
    said = cases.register(application.person, centre.office)
    answer(application, System.PERSON_REGISTRY, {**said, "residence": "000000000"})
    page = text(web.get(f"/referral/{application.pk}/registers/"))
    assert "The register has no place of residence for you" in page


def test_where_no_centre_serves_the_address_the_regions_centres_are_named(web: Client, centre: Centre) -> None:
    type(centre.office).objects.filter(pk=centre.office.pk).update(serves=["3510"])
    application = consented(web)
    said = cases.register(application.person, centre.office)
    answer(application, System.PERSON_REGISTRY, {**said, "residence": "359900000"})
    page = text(web.get(f"/referral/{application.pk}/registers/"))
    assert "No employment centre could be found for your address" in page
    assert centre.office.name("en") in page


@pytest.mark.clause("A-10", "118-a2-r10")
def test_who_is_not_registered_unemployed_is_shown_the_counter_and_cannot_sign(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre, registered_unemployed=False, registered_on=None)
    assert "You are not registered as unemployed" in text(web.get(f"/referral/{application.pk}/registers/"))
    page = text(web.post(f"/referral/{application.pk}/check/"))
    assert "You may hand it in at your employment centre or at the State Corporation." in page
    assert not Paper.objects.exists()


def test_the_registers_can_be_asked_again_after_a_registration(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre, registered_unemployed=False, registered_on=None)
    web.post(f"/referral/{application.pk}/registers/")
    answer(application, System.PERSON_REGISTRY, cases.register(application.person, centre.office))
    answer(application, System.LABOUR_MARKET, LABOUR)
    application.refresh_from_db()
    assert application.registered_unemployed is True


def test_asking_again_while_a_question_is_open_adds_none(web: Client) -> None:
    application = consented(web)
    web.post(f"/referral/{application.pk}/registers/")
    assert Enquiry.objects.count() == 2


def test_a_paper_with_the_former_address_is_void_when_the_register_answers_anew(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    paper = printed(web, application)
    web.post(f"/referral/{application.pk}/registers/")
    said = cases.register(application.person, centre.office)
    answer(application, System.PERSON_REGISTRY, {**said, "address_kk": "Жаңа көше, 7-үй"})
    paper.refresh_from_db()
    assert paper.state == PaperState.VOID
