"""The citizen's pages of the grant and the staff's case page (SPEC 4.9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bastau import clock
from bastau.flow import Actor
from bastau.people import sessions
from bastau.people.citizens import account_of
from bastau.people.models import User
from grants.actions import applications, checks, drafts
from grants.models import GrantApplication
from grants.states import Criterion, GrantState, Met
from tests.conftest import MONDAY
from tests.factories import CitizenFactory
from tests.grants import applications_cases as cases
from tests.grants import applications_walk as walk
from tests.referrals.walk import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def centre() -> cases.GrantCentre:
    return cases.GrantCentre.open()


@pytest.fixture
def citizen() -> User:
    return CitizenFactory(person__phone="")


@pytest.fixture
def web(citizen: User) -> Client:
    return signed_in(citizen)


def staff(actor: Actor) -> Client:
    assert actor.user is not None
    client = signed_in(actor.user)
    session = client.session
    session[sessions.LANGUAGE] = "en"
    session.save()
    return client


def url(application: GrantApplication, page: str = "change") -> str:
    return f"/office/grants/grantapplication/{application.pk}/{page}/"


# ------------------------------------------------------------------------------------------------------------ the start


def test_everybody_reads_what_the_grant_is_and_its_limit_today(client: Client) -> None:
    client.cookies["bastau_language"] = "en"
    assert "1 730 000" in text(client.get("/grant/")).replace("\u202f", " ")


@pytest.mark.clause("FKA04-1.1")
def test_without_a_certificate_the_page_says_what_to_do(web: Client) -> None:
    page = web.post("/grant/", walk.CONSENTS)
    assert page.status_code == 422
    assert "Apply for a referral to the training" in text(page)


def test_without_consents_no_register_is_asked(web: Client) -> None:
    page = web.post("/grant/", {**walk.START, "consent_secrets": ""})
    assert page.status_code == 422
    assert not GrantApplication.objects.exists()


def test_a_certificate_from_the_future_is_refused_in_words(web: Client) -> None:
    page = web.post("/grant/", {**walk.START, "skills_issued_on_year": "2027"})
    assert "This day has not come yet" in text(page)


def test_a_stranger_signs_in_first(client: Client) -> None:
    assert "sign-in" in client.post("/grant/", walk.START).headers["Location"]


# --------------------------------------------------------------------------------------------------------- the criteria


@pytest.mark.clause("FKA04-1.2")
def test_the_protocol_says_for_each_criterion_answer_source_and_advice(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre, registered_unemployed=False, registered_on=None, target_status="NONE")
    page = text(web.get(f"/grant/{application.pk}/criteria/"))
    for line in application.checks.all():
        assert str(Criterion(line.criterion).label) in page
    assert "does not show you as registered unemployed" in page
    assert "Register at your employment centre or on enbek.kz" in page
    assert "Source: Labour market system" in page


def test_while_the_registers_are_silent_the_project_can_be_filled_in(web: Client) -> None:
    application = walk.begun(web)
    page = text(web.get(f"/grant/{application.pk}/criteria/"))
    assert "You need not wait here" in page
    assert web.post(f"/grant/{application.pk}/project/idea/", walk.PAGES["project/idea"]).status_code == 302


def test_when_the_register_is_down_the_check_page_says_what_to_do_and_the_draft_stays(web: Client) -> None:
    application = walk.begun(web)
    page = web.get(f"/grant/{application.pk}/check/")
    assert "not answered yet" in text(page)
    assert web.post(f"/grant/{application.pk}/check/").status_code == 200
    application.refresh_from_db()
    assert application.state == GrantState.DRAFT


def test_asked_again_after_a_registration_the_answer_changes(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre, registered_unemployed=False, registered_on=None, target_status="NONE")
    web.post(f"/grant/{application.pk}/criteria/", {"again": "1"})
    walk.answer(application, "labour_market", cases.LABOUR)
    assert application.checks.get(criterion=Criterion.STANDING).result == Met.YES


# ---------------------------------------------------------------------------------------------------------- the project


def test_a_short_summary_is_refused_with_its_length(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre)
    page = web.post(f"/grant/{application.pk}/project/idea/", {**walk.PAGES["project/idea"], "summary": "Нан."})
    assert page.status_code == 422
    assert "from 300 to 2000 characters. Now: 4." in text(page)


def test_the_estimate_explains_the_limit_and_by_how_much_it_is_passed(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre)
    web.post(f"/grant/{application.pk}/estimate/", {**walk.PAGES["estimate"], "quantity": "2", "grant_part": "2400000"})
    page = text(web.get(f"/grant/{application.pk}/estimate/")).replace("\u202f", " ").replace("\u00a0", " ")
    assert "It is 670 000 ₸ more than the limit of 1 730 000 ₸" in page


def test_a_line_is_changed_in_place_and_taken_out(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre)
    web.post(f"/grant/{application.pk}/estimate/", walk.PAGES["estimate"])
    line = application.lines.get()
    changed = {**walk.PAGES["estimate"], "grant_part": "1 000 000"}
    web.post(f"/grant/{application.pk}/estimate/?line={line.pk}", changed)
    application.refresh_from_db()
    assert (application.grant_sum, application.own_sum) == (1_000_000, 200_000)
    web.post(f"/grant/{application.pk}/estimate/", {"drop": line.pk})
    assert not application.lines.exists()


def test_words_instead_of_a_number_get_a_sentence(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre)
    page = web.post(f"/grant/{application.pk}/estimate/", {**walk.PAGES["estimate"], "price": "миллион"})
    assert "Write a whole number in digits" in text(page)


def test_a_step_of_the_schedule_is_added_once_and_taken_out(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre)
    for _ in range(2):
        web.post(f"/grant/{application.pk}/schedule/", walk.PAGES["schedule"])
    application.refresh_from_db()
    assert len(application.project["calendar"]) == 1
    web.post(f"/grant/{application.pk}/schedule/", {**walk.PAGES["schedule"], "drop": "1"})
    application.refresh_from_db()
    assert application.project["calendar"] == []


def test_a_draft_goes_on_where_it_was_left(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.begun(web, centre)
    assert web.get(f"/grant/{application.pk}/").headers["Location"].endswith("/criteria/")
    web.post(f"/grant/{application.pk}/criteria/", walk.CRITERIA)
    assert web.get(f"/grant/{application.pk}/").headers["Location"].endswith("/project/idea/")


# --------------------------------------------------------------------------------------------------------- the sending


@pytest.mark.clause("FKA04-1.4")
def test_from_the_first_page_to_the_receipt(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.filled_in(web, centre)
    assert "Prepare the application for signing" in text(web.get(f"/grant/{application.pk}/check/"))
    walk.printed(web, application)
    assert walk.send(web, application).headers["Location"].endswith("/done/")
    application.refresh_from_db()
    assert application.state == GrantState.SUBMITTED
    assert application.number in text(web.get(f"/grant/{application.pk}/done/"))


def test_a_second_click_shows_the_same_receipt(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.filled_in(web, centre)
    walk.printed(web, application)
    walk.send(web, application)
    assert walk.send(web, application).headers["Location"].endswith("/done/")


def test_a_form_of_a_sent_application_changes_nothing_and_says_so(web: Client, centre: cases.GrantCentre) -> None:
    application = walk.filled_in(web, centre)
    walk.printed(web, application)
    walk.send(web, application)
    late = web.post(f"/grant/{application.pk}/project/risks/", {"risks": "Басқа."})
    assert late.status_code == 409
    application.refresh_from_db()
    assert application.project["risks"] == cases.PROJECT["risks"]


@pytest.mark.parametrize("page", ["", "criteria/", "estimate/", "check/", "sign/", "done/", "withdraw/"])
def test_another_persons_application_looks_like_none(centre: cases.GrantCentre, page: str) -> None:
    application = cases.submitted(centre)
    assert signed_in(CitizenFactory()).get(f"/grant/{application.pk}/{page}").status_code == 404


# ------------------------------------------------------------------------------------------------------------- the case

STATES = {
    "submitted": "Sent, on its way", "accepted": "Accepted by your centre", "in_check": "checking the criteria",
    "scheduled": "The commission will hear you", "postponed": "next meeting", "heard": "has heard you",
    "approved": "The grant is awarded", "in_reserve": "Your place in the list: 1",
}  # fmt: skip


@pytest.mark.parametrize("stage", STATES)
def test_cabinet_and_case_page_say_where_it_stands(centre: cases.GrantCentre, stage: str) -> None:
    application = getattr(cases, stage)(centre)
    web = signed_in(account_of(application.person))
    assert STATES[stage] in text(web.get(f"/grant/{application.pk}/"))
    assert STATES[stage] in text(web.get("/cabinet/"))


@pytest.mark.parametrize("ending", ["rejected_criteria", "rejected", "closed_no_show", "lapsed", "withdrawn"])
def test_every_ending_has_its_page(centre: cases.GrantCentre, ending: str) -> None:
    application = ENDINGS[ending](centre)
    assert application.state == ending
    page = web_of(application).get(f"/grant/{application.pk}/")
    assert "again" in text(page)
    if ending in {"rejected_criteria", "rejected"}:
        assert "You have the right to complain or to go to court." in text(page)


def web_of(application: GrantApplication) -> Client:
    return signed_in(account_of(application.person))


def _closed(centre: cases.GrantCentre) -> GrantApplication:
    moved = cases.postponed(centre)
    again = applications.put_on_agenda(moved, moved, centre.secretary)
    return applications.close_no_show(again, centre.secretary)


def _withdrawn(centre: cases.GrantCentre) -> GrantApplication:
    application = cases.submitted(centre)
    web_of(application).post(f"/grant/{application.pk}/withdraw/")
    return GrantApplication.objects.get(pk=application.pk)


ENDINGS: dict[str, Any] = {
    "rejected_criteria": lambda centre: checks.reject_criteria(cases.rejection_proposed(centre), by=centre.head),
    "rejected": lambda centre: applications.enter_decision(
        cases.heard(centre), "rejected", centre.secretary, reason="Нарық зерттелмеген."
    ),
    "closed_no_show": _closed,
    "lapsed": lambda centre: applications.lapse(cases.in_reserve(centre), centre.director),
    "withdrawn": _withdrawn,
}


# ------------------------------------------------------------------------------------------------------------ the staff


def do(web: Client, application: GrantApplication, event: str, **typed: Any) -> Any:
    page = web.get(url(application))
    seen = str(page.context["seen"])
    sent = {"seen": seen, **{f"{event}-{name}": value for name, value in typed.items()}}
    return web.post(url(application, f"do/{event}"), sent)


def test_the_specialist_takes_checks_and_proposes_and_the_head_confirms(centre: cases.GrantCentre) -> None:
    application = cases.accepted(centre)
    specialist, head = staff(centre.specialist), staff(centre.head)
    assert do(specialist, application, "take").status_code == 302
    said = {"criterion": "category", "result": "no", "reason": "Мәртебесі расталмады."}
    assert do(specialist, application, "answer_criterion", **said).status_code == 302
    assert do(specialist, application, "propose_rejection", reason="Санаты расталмады.").status_code == 302
    assert "Санаты расталмады." in text(head.get(url(application)))
    assert do(head, application, "reject_criteria").status_code == 302
    application.refresh_from_db()
    assert application.state == GrantState.REJECTED_CRITERIA


def test_the_head_returns_with_a_comment(centre: cases.GrantCentre) -> None:
    application = cases.rejection_proposed(centre)
    assert do(staff(centre.head), application, "return_rejection", comment="Анықтаманы сұраңыз.").status_code == 302
    assert "Анықтаманы сұраңыз." in text(staff(centre.specialist).get(url(application)))


def test_an_empty_reason_comes_back_with_a_sentence(centre: cases.GrantCentre) -> None:
    application = cases.in_check(centre)
    page = do(staff(centre.specialist), application, "answer_criterion", criterion="category", result="no", reason="")
    assert page.status_code == 422
    assert "Write at least a sentence here." in text(page)


def test_the_queue_to_the_labour_market_system_is_visible(centre: cases.GrantCentre) -> None:
    application = cases.submitted(centre)
    assert "Attempts so far: 0." in text(staff(centre.specialist).get(url(application)))
    assert application.number in text(staff(centre.specialist).get("/office/grants/grantapplication/?waits=transfer"))


def test_the_rooms_count_what_waits_for_the_specialist_and_for_the_head(centre: cases.GrantCentre) -> None:
    cases.accepted(centre)
    cases.rejection_proposed(centre)
    for actor, waits in ((centre.specialist, "check"), (centre.head, "confirm")):
        page = staff(actor).get("/office/rooms/")
        entries = [one for one in page.context["rooms"] if "grantapplication" in one["url"]]
        assert [(one["url"].endswith(f"waits={waits}"), one["count"]) for one in entries] == [(True, 1)]


def test_a_case_of_another_centre_looks_like_none(centre: cases.GrantCentre) -> None:
    elsewhere = cases.GrantCentre.open(region__code="19")
    assert staff(elsewhere.specialist).get(url(cases.accepted(centre))).status_code == 404


def test_a_list_of_thirty_costs_as_many_statements_as_one_of_three(centre: cases.GrantCentre) -> None:
    web, address = staff(centre.specialist), "/office/grants/grantapplication/"

    def statements() -> int:
        web.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert web.get(address).status_code == 200
        return len(captured)

    for _ in range(3):
        cases.submitted(centre)
    few = statements()
    for _ in range(27):
        cases.submitted(centre)
    assert statements() == few


def test_the_drafts_own_paper_is_read_by_its_writer_alone(centre: cases.GrantCentre) -> None:
    application = cases.printed(centre)
    paper = drafts.prepared(application)[0]
    assert web_of(application).get(f"/papers/{paper.pk}/").status_code == 200
    assert staff(centre.specialist).get(f"/papers/{paper.pk}/").status_code == 404
    assert signed_in(CitizenFactory()).get(f"/papers/{paper.pk}/").status_code == 404


def test_the_director_announces_the_intake_and_the_citizen_reads_its_days(
    web: Client, centre: cases.GrantCentre
) -> None:
    days = {"opens_on_day": "9", "opens_on_month": "6", "opens_on_year": "2026"}
    days |= {"closes_on_day": "20", "closes_on_month": "6", "closes_on_year": "2026"}
    assert staff(centre.director).post("/office/intake/", days).status_code == 302
    assert staff(centre.specialist).get("/office/intake/").status_code == 404
    application = walk.begun(web, centre)
    assert "Applications are taken from 9 June 2026 to 20 June 2026" in text(
        web.get(f"/grant/{application.pk}/criteria/")
    )
