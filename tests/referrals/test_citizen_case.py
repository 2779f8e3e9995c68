"""What follows the questions: check, signature, receipt, the case, the cabinet, the notices."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from bastau import clock
from bastau.flow.models import Step
from bastau.gateways.models import System
from bastau.notices.models import Notice
from bastau.papers.models import Paper, PaperState
from bastau.people.models import User
from referrals import actions
from referrals.models import ReferralApplication
from referrals.states import Channel, State
from tests.conftest import ALMATY, MONDAY
from tests.factories import CitizenFactory
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
    send,
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


# ------------------------------------------------------------------------------------------------ check, sign, send


def test_the_check_page_says_which_question_is_missing(web: Client, centre: Centre) -> None:
    application = consented(web, centre)
    assert "A question is not answered yet." in text(web.get(f"/referral/{application.pk}/check/"))


def test_the_check_page_waits_for_a_silent_register(web: Client) -> None:
    application = consented(web)
    web.post(f"/referral/{application.pk}/status/", STATUS)
    web.post(f"/referral/{application.pk}/contacts/", CONTACTS)
    page = text(web.post(f"/referral/{application.pk}/check/"))
    assert "A register has not answered yet. Your answers are kept; you may come back later." in page


def test_signing_waits_for_the_printed_paper(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    web.post(f"/referral/{application.pk}/check/")
    assert "Your application is being printed." in text(web.get(f"/referral/{application.pk}/sign/"))


def test_the_poll_draws_the_page_again_when_the_paper_is_printed(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    printed(web, application)
    response = web.get(f"/referral/{application.pk}/sign/", headers={"HX-Request": "true"})
    assert response.headers["HX-Refresh"] == "true"


def test_without_a_paper_the_signing_page_leads_to_the_check(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    assert web.get(f"/referral/{application.pk}/sign/").url == f"/referral/{application.pk}/check/"


def test_the_signing_page_opens_without_a_reproach(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    printed(web, application)
    page = text(web.get(f"/referral/{application.pk}/sign/"))
    assert "Sign with the demo key" in page
    assert "Please mend this" not in page


def test_the_check_page_says_that_no_centre_was_found(web: Client, centre: Centre) -> None:
    application = consented(web, centre)
    said = cases.register(application.person, centre.office)
    web.post(f"/referral/{application.pk}/registers/")
    answer(application, System.PERSON_REGISTRY, {**said, "residence": "000000000"})
    answer(application, System.LABOUR_MARKET, LABOUR)
    web.post(f"/referral/{application.pk}/status/", STATUS)
    web.post(f"/referral/{application.pk}/contacts/", CONTACTS)
    page = text(web.get(f"/referral/{application.pk}/check/"))
    assert "The employment centre of your place of residence could not be found." in page


def test_preparing_twice_prints_one_paper(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    for _ in range(2):
        web.post(f"/referral/{application.pk}/check/")
    assert Paper.objects.count() == 1


@pytest.mark.clause("118-p08-1")
def test_a_signed_application_is_accepted_and_the_receipt_names_number_and_date(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    assert application.state == State.ACCEPTED
    page = text(web.get(f"/referral/{application.pk}/done/"))
    assert application.number in page
    assert "Thursday, 11 June, 18:30" in page
    assert "Sent and accepted: Monday, 8 June, 10:00." in page


def test_the_life_line_tells_the_day_that_counts_when_it_is_not_the_day_of_sending(web: Client, centre: Centre) -> None:
    with clock.at(datetime(2026, 6, 5, 19, 10, tzinfo=ALMATY)):
        application = sent(web, centre)
        page = text(web.get(f"/referral/{application.pk}/"))
    assert "Counts as accepted on: Monday, 8 June" in page


def test_the_life_line_does_not_repeat_the_day_of_sending(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    assert "Counts as accepted on" not in text(web.get(f"/referral/{application.pk}/"))


@pytest.mark.clause("118-a2-r07")
def test_an_application_after_hours_is_accepted_on_the_next_working_day(web: Client, centre: Centre) -> None:
    with clock.at(datetime(2026, 6, 5, 19, 10, tzinfo=ALMATY)):
        application = sent(web, centre)
        page = text(web.get(f"/referral/{application.pk}/done/"))
    assert application.accepted_on == date(2026, 6, 8)
    assert "The working day was over, so the application is accepted on the next one: Monday, 8 June." in page


@pytest.mark.clause("118-a2-r07")
def test_an_application_on_a_day_off_says_so(web: Client, centre: Centre) -> None:
    with clock.at(datetime(2026, 6, 6, 11, 0, tzinfo=ALMATY)):
        application = sent(web, centre)
        page = text(web.get(f"/referral/{application.pk}/done/"))
    assert "It was a day off, so the application is accepted on the next working day: Monday, 8 June." in page


def test_sending_twice_files_one_application_and_shows_the_same_receipt(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    paper = printed(web, application)
    first, second = send(web, application, paper), send(web, application, paper)
    assert first.url == second.url == f"/referral/{application.pk}/done/"
    assert Step.objects.filter(event="submit").count() == 1


def test_the_second_of_two_clicks_takes_no_number(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    paper = printed(web, application)
    stale = ReferralApplication.objects.select_related("person", "office").get(pk=application.pk)
    send(web, application, paper)
    by = cases.citizen(application)
    again = actions.submit(stale, by=by, cms=cases.signed(paper, by), paper=paper)
    other = signed_in(CitizenFactory())
    following = sent(other, centre)
    assert int(following.number[-6:]) == int(again.number[-6:]) + 1


def test_a_refused_signature_is_told_and_nothing_is_lost(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    paper = printed(web, application)
    stranger = cases.citizen(begun(signed_in(CitizenFactory())))
    cms = b64encode(cases.signed(paper, stranger)).decode()
    typed = {"sign_with": "ncalayer", "cms": cms, "paper_sha256": paper.sha256}
    response = web.post(f"/referral/{application.pk}/sign/", typed)
    application.refresh_from_db()
    paper.refresh_from_db()
    assert "Please mend this" in text(response)
    assert (application.state, paper.state) == (State.DRAFT, PaperState.READY)


def test_a_paper_that_changed_since_it_was_read_is_not_signed(web: Client, centre: Centre) -> None:
    application = filled_in(web, centre)
    old = printed(web, application)
    web.post(f"/referral/{application.pk}/status/", {**STATUS, "study_form": "online"})
    printed(web, application)
    assert "The document changed since you opened it." in text(send(web, application, old))
    application.refresh_from_db()
    assert application.state == State.DRAFT


@pytest.mark.parametrize("page", ["consents/", "status/", "contacts/", "check/"])
def test_a_page_opened_before_sending_changes_nothing_and_links_to_the_case(
    web: Client, centre: Centre, page: str
) -> None:
    application = sent(web, centre)
    typed = {**CONSENTS, "target_status": "E01", "study_form": "online", **CONTACTS, "phone": "7771112233"}
    response = web.post(f"/referral/{application.pk}/{page}", typed)
    assert response.status_code == 409
    assert "This application was sent already" in text(response)
    assert f'href="/referral/{application.pk}/"' in text(response)
    application.refresh_from_db()
    assert (application.target_status, application.phone) == ("UNEMPLOYED", "+77012345678")


def test_a_draft_that_a_counter_took_over_is_not_changed_from_home(web: Client, centre: Centre) -> None:
    application = consented(web, centre)
    actions.start(by=centre.operator, person=application.person, channel=Channel.SC, counter=centre.counter)
    response = web.post(f"/referral/{application.pk}/status/", STATUS)
    assert "A counter took this application over" in text(response)
    assert "is being filled in at a counter" in text(web.get(f"/referral/{application.pk}/"))


# -------------------------------------------------------------------------------------------------- case, cabinet


def test_the_case_page_says_whose_turn_it_is_and_until_when(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    page = text(web.get(f"/referral/{application.pk}/"))
    assert f"Turn: {centre.office.name('en')}" in page
    assert "Accepted, waits for its check" in page


def test_the_cabinet_keeps_what_the_receipt_said(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    page = text(web.get("/cabinet/"))
    assert application.number in page
    assert "Thursday, 11 June, 18:30" in page
    assert "Why this date?" in page


def test_an_empty_cabinet_offers_the_application(web: Client) -> None:
    assert 'href="/referral/"' in text(web.get("/cabinet/"))


def test_an_unfinished_draft_is_the_next_step(web: Client) -> None:
    application = consented(web)
    assert f"/referral/{application.pk}/registers/" in text(web.get("/cabinet/"))


def test_a_proposal_to_refuse_is_not_shown_before_the_decision(web: Client, citizen: User, centre: Centre) -> None:
    application = cases.awaiting(centre, refusal=True, person=citizen.person)
    page = text(web.get(f"/referral/{application.pk}/")) + text(web.get("/cabinet/"))
    assert "Refusal put before the director" not in page
    assert "Сіз нысаналы топқа жатпайсыз." not in page


def test_a_refusal_gives_its_reasons_and_the_right_to_complain_and_go_to_court(
    web: Client, citizen: User, centre: Centre
) -> None:
    application = cases.decided(centre, refusal=True, person=citizen.person)
    page = text(web.get(f"/referral/{application.pk}/"))
    assert "Сіз нысаналы топқа жатпайсыз." in page
    assert "Мәртебеңіз өзгергенде қайта өтініш беріңіз." in page
    assert "You have the right to complain or to go to court." in page


def test_an_issued_referral_is_among_the_papers(web: Client, citizen: User, centre: Centre) -> None:
    application = cases.decided(centre, channel=Channel.PORTAL, person=citizen.person)
    paper = Paper.objects.get(case_id=application.pk, kind="referral_a5")
    page = text(web.get("/cabinet/"))
    assert paper.number in page
    assert "The referral is issued" in page


def test_a_late_answer_is_admitted(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    with clock.at(MONDAY + timedelta(days=10)):
        assert "The term is over and the answer is late." in text(web.get(f"/referral/{application.pk}/"))


def test_withdrawing_asks_first_and_needs_a_post(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    web.get(f"/referral/{application.pk}/withdraw/")
    application.refresh_from_db()
    assert application.state == State.ACCEPTED


def test_an_undecided_application_can_be_withdrawn_twice_without_harm(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    for _ in range(2):
        response = web.post(f"/referral/{application.pk}/withdraw/", follow=True)
        assert "Your application is withdrawn." in text(response)
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert Step.objects.filter(event="withdraw").count() == 1


def test_after_withdrawing_a_new_application_can_be_started(web: Client, centre: Centre) -> None:
    application = sent(web, centre)
    web.post(f"/referral/{application.pk}/withdraw/")
    assert begun(web).pk != application.pk


def test_a_decided_application_is_not_withdrawn_and_the_page_says_why(
    web: Client, citizen: User, centre: Centre
) -> None:
    application = cases.decided(centre, person=citizen.person)
    assert "This step is not possible" in text(web.get(f"/referral/{application.pk}/withdraw/"))
    assert "This step is not possible" in text(web.post(f"/referral/{application.pk}/withdraw/", follow=True))
    application.refresh_from_db()
    assert application.state == State.ISSUED


def test_a_refusal_to_accept_is_shown_with_what_was_missing(web: Client, citizen: User, centre: Centre) -> None:
    application = cases.draft(centre, person=citizen.person)
    actions.refuse_acceptance(
        application, by=centre.specialist, reason="ACCEPT_EXPIRED", text="Жеке куәліктің мерзімі өткен."
    )
    assert "Жеке куәліктің мерзімі өткен." in text(web.get(f"/referral/{application.pk}/"))


def test_notices_are_read_by_a_post_only(web: Client, citizen: User, centre: Centre) -> None:
    sent(web, centre)
    own = Notice.objects.visible_to(citizen)
    assert own.unread().count() == own.count() == 1
    web.get("/cabinet/notices/")
    assert own.unread().count() == 1
    web.post("/cabinet/notices/", {"until": str(own.get().pk)})
    assert own.unread().count() == 0


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40, "²"])
def test_a_wrong_mark_of_the_notices_changes_nothing(web: Client, citizen: User, centre: Centre, typed: str) -> None:
    sent(web, centre)
    assert web.post("/cabinet/notices/", {"until": typed}).status_code == 302
    assert web.get("/cabinet/notices/", {"before": typed}).status_code == 200
    assert Notice.objects.visible_to(citizen).unread().count() == 1


def test_a_result_of_a_counter_waits_there(web: Client, citizen: User, centre: Centre) -> None:
    cases.decided(centre, person=citizen.person)
    assert "Collect it where you applied; bring your identity document." in text(web.get("/cabinet/"))


@pytest.mark.clause("118-p29", "A-23")
def test_who_was_trained_before_is_told_the_earliest_day(web: Client, citizen: User, centre: Centre) -> None:
    sent(web, centre, trained_until="2025-04-30")
    assert "30 April 2028" in text(web.get("/cabinet/"))
