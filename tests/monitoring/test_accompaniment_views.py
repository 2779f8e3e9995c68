"""The screens of accompaniment, enquiries and problem issues: each role does its step, strangers find nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from bastau import clock
from bastau.flow import Actor
from bastau.people.models import OfficeKind
from bastau.people.roles import Role
from monitoring import summary
from monitoring.actions import accompaniment
from monitoring.models import (
    AccompanimentCase,
    ConsultationRequest,
    MonitoringCard,
    ProblemIssue,
    ProblemRegister,
    Visit,
)
from monitoring.states import AccompanimentState, ConsultationState, ProblemState, VisitState
from tests.conftest import ALMATY
from tests.factories import OfficeFactory, StaffFactory
from tests.monitoring import accompaniment_cases as cases
from tests.monitoring.accompaniment_cases import Chamber, picture
from tests.monitoring.accompaniment_screens import browser, day, do, fresh, url, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def chamber() -> Chamber:
    return Chamber.open()


# --------------------------------------------------------------------------------------- the consultant's way, in order


def test_the_coordinator_names_who_accompanies(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    other = cases.hired(chamber.office, Role.PROJECT_CONSULTANT)
    web = browser(chamber.coordinator)
    assert do(web, case, "name_consultant", consultant=other.user.pk).status_code == 200  # type: ignore[union-attr]
    assert fresh(case).assignee == other.user


def test_the_consultant_launches_with_evidence(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    page = do(
        browser(chamber.consultant), case, "launch", category="large", evidence=picture(),
        **day("launched_on", date(2026, 6, 2)),
    )  # fmt: skip
    assert fresh(case).state == AccompanimentState.ACTIVE
    assert "Accompanied until" in words(page)


def test_a_launch_without_evidence_says_what_is_missing(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    page = do(browser(chamber.consultant), case, "launch", category="none", **day("launched_on", date(2026, 6, 2)))
    assert page.status_code == 422
    assert "Attach what shows that the business was launched." in words(page)


def test_the_consultant_keeps_a_card_plans_a_visit_and_enters_an_issue(chamber: Chamber) -> None:
    case = cases.active(chamber)
    web = browser(chamber.consultant)
    do(web, case, "keep_card", quarter_end="2026-06-30", working="yes", jobs="2", income="1 500 000", problems="")
    assert MonitoringCard.objects.get().income == 1_500_000
    do(
        web, case, "plan_visit", mode="on_site", purpose="Есеп", cost="15000", cost_reason="Жанармай",
        **day("planned_on", date(2026, 6, 20)),
    )  # fmt: skip
    assert Visit.objects.get().cost == 15_000
    do(
        web, case, "enter_issue", key=str(uuid4()), category="tax", essence="Салық есебі", origin="monitoring:",
        **day("found_on", date(2026, 6, 8)),
    )  # fmt: skip
    page = words(web.get(url(case)))
    assert ProblemIssue.objects.get().number in page
    assert "15 000" in page.replace("\u00a0", " ")


def test_a_cost_without_its_reason_is_refused_on_the_page(chamber: Chamber) -> None:
    case = cases.active(chamber)
    page = do(
        browser(chamber.trainer), case, "plan_visit", mode="on_site", purpose="Есеп", cost="15000", cost_reason="",
        **day("planned_on", date(2026, 6, 20)),
    )  # fmt: skip
    assert page.status_code == 422
    assert "so that it can be agreed" in words(page)


def test_the_final_report_and_the_end(chamber: Chamber) -> None:
    case = cases.active(chamber)
    web = browser(chamber.consultant)
    do(web, case, "report", text="Бизнес жұмыс істейді.")
    assert "finishes by itself" in words(web.get(url(case)))
    with clock.at(datetime(2027, 6, 2, 10, 0, tzinfo=ALMATY)):
        do(web, case, "finish")
    assert fresh(case).state == AccompanimentState.FINISHED


def test_the_consultant_extends_and_stops(chamber: Chamber) -> None:
    case = cases.active(chamber)
    web = browser(chamber.consultant)
    do(web, case, "extend", category="low_income", document=picture())
    assert fresh(case).state == AccompanimentState.EXTENDED
    do(web, case, "stop", reason="business_closed", text="Тіркеуден алынды.")
    assert fresh(case).state == AccompanimentState.STOPPED


def test_the_trainer_enters_what_came_of_a_visit(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), on=date(2026, 6, 8))
    do(browser(chamber.trainer), visit, "hold", result="Болды.", **day("held_on", date(2026, 6, 8)))
    assert fresh(visit).state == VisitState.HELD


def test_the_visit_with_a_cost_waits_with_its_reason_on_the_button(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=5_000)
    assert "has not agreed to the cost" in words(browser(chamber.trainer).get(url(visit)))


def test_a_visit_is_cancelled_on_its_page(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber))
    do(browser(chamber.consultant), visit, "cancel", reason="not_needed")
    assert fresh(visit).state == VisitState.CANCELLED


def test_the_specialist_reads_and_has_no_button(chamber: Chamber) -> None:
    case = cases.active(chamber)
    page = browser(chamber.specialist).get(url(case))
    assert page.status_code == 200
    assert not page.context["step"]["buttons"]
    assert not page.context["step"]["forms"]


@pytest.mark.parametrize("role", [Role.PROJECT_CONSULTANT, Role.TRAINER, Role.COORDINATOR])
def test_a_case_of_another_chamber_does_not_exist(chamber: Chamber, role: str) -> None:
    case = cases.active(chamber)
    stranger = cases.hired(OfficeFactory(kind=OfficeKind.CHAMBER), role)
    assert browser(stranger).get(url(case)).status_code == 404


def test_other_financing_needs_a_certificate_that_the_chamber_knows(chamber: Chamber) -> None:
    web = browser(chamber.consultant)
    address = reverse("monitoring_office:financing_new")
    assert web.get(address).status_code == 200
    said = {"certificate": "ХХ-1", "source": "microcredit", "project_name": "Наубайхана", "evidence": picture()}
    page = web.post(address, {**said, **day("financed_on", date(2026, 6, 1))})
    assert page.status_code == 422
    assert "No certificate of completed training" in words(page)


# -------------------------------------------------------------------------------------------------- enquiries of staff


def test_an_oral_enquiry_is_registered_taken_and_answered(chamber: Chamber) -> None:
    web = browser(chamber.coordinator)
    address = reverse("monitoring_office:enquiry_new")
    assert web.get(address).status_code == 200
    said = {"key": str(uuid4()), "asker_name": "Ерлан О.", "text": "Қашан басталады?"}
    for _ in range(2):
        web.post(address, said, follow=True)
    request = ConsultationRequest.objects.get()
    do(web, request, "take")
    page = do(web, request, "answer", text="Келесі айда.")
    assert fresh(request).state == ConsultationState.ANSWERED
    assert "Келесі айда." in words(page)


def test_an_oral_enquiry_of_a_participant_is_registered_from_the_business(chamber: Chamber) -> None:
    case = cases.active(chamber)
    web = browser(chamber.consultant)
    link = f"{reverse('monitoring_office:enquiry_new')}?case={case.pk}"
    assert link in web.get(url(case)).content.decode()
    web.post(link, {"key": str(uuid4()), "topic": "tax", "text": "Қай салық?"}, follow=True)
    assert ConsultationRequest.objects.get().accompaniment == case


def test_an_enquiry_is_given_passed_on_and_referred_out_on_its_page(chamber: Chamber) -> None:
    web = browser(chamber.coordinator)
    given, passed, told = (cases.asked_on_training(chamber) for _ in range(3))
    do(web, given, "assign", to=chamber.trainer.user.pk)  # type: ignore[union-attr]
    assert fresh(given).assignee == chamber.trainer.user
    do(web, passed, "take")
    do(web, passed, "redirect", passed_to="centre", text="Орталық біледі.")
    assert fresh(passed).office == chamber.centre
    do(web, told, "take")
    do(web, told, "refer_out", text="Кірістер басқармасы.")
    assert fresh(told).passed_to == "tax_office"


def test_passing_on_to_a_trainer_asks_which(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber)
    web = browser(chamber.coordinator)
    do(web, request, "take")
    page = do(web, request, "redirect", passed_to="trainer", text="Ол біледі.")
    assert page.status_code == 422
    assert "Choose the business trainer" in words(page)


def test_the_specialist_answers_what_came_to_the_centre(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber)
    do(browser(chamber.coordinator), request, "take")
    do(browser(chamber.coordinator), request, "redirect", passed_to="centre", text="Орталық біледі.")
    web = browser(chamber.specialist)
    do(web, request, "take")
    do(web, request, "answer", text="Иә.")
    assert fresh(request).state == ConsultationState.ANSWERED


# ------------------------------------------------------------------------------------------------------ problem issues


def test_an_issue_goes_its_way_on_the_screens_of_consultant_and_trainer(chamber: Chamber) -> None:
    issue = cases.found(chamber, cases.active(chamber))
    consultant, trainer = browser(chamber.consultant), browser(chamber.trainer)
    do(consultant, issue, "assign", trainer=chamber.trainer.user.pk)  # type: ignore[union-attr]
    do(trainer, issue, "start_work")
    do(trainer, issue, "resolve", measures="Орын алынды.")
    do(consultant, issue, "reject", text="Әлі жоқ.")
    do(trainer, issue, "resolve", measures="Енді бар.")
    do(consultant, issue, "confirm")
    do(consultant, issue, "close")
    assert fresh(issue).state == ProblemState.CLOSED


def test_an_issue_goes_higher_and_ends_unresolved_on_the_screens(chamber: Chamber) -> None:
    issue = cases.in_work(chamber, cases.active(chamber))
    do(browser(chamber.trainer), issue, "escalate", level="leb", text="Жол керек.")
    do(browser(chamber.consultant), issue, "give_up", reason="Қаржы жоқ.")
    assert fresh(issue).state == ProblemState.CLOSED_UNRESOLVED


def test_the_higher_levels_measures_are_entered_by_the_coordinator(chamber: Chamber) -> None:
    issue = cases.in_work(chamber, cases.active(chamber))
    do(browser(chamber.trainer), issue, "escalate", level="chamber", text="Жол керек.")
    do(browser(chamber.coordinator), issue, "resolve", measures="Жол салынды.")
    assert fresh(issue).state == ProblemState.RESOLVED


def test_the_register_is_asked_for_once_and_listed(chamber: Chamber) -> None:
    web = browser(chamber.consultant)
    address = reverse("monitoring_office:problem_register")
    said = {"key": str(uuid4()), "language": "ru", **day("since", date(2026, 4, 1)), **day("until", date(2026, 6, 30))}
    for _ in range(2):
        page = web.post(address, said, follow=True)
    assert ProblemRegister.objects.count() == 1
    assert "being printed" in words(page)


def test_a_period_the_wrong_way_round_is_said(chamber: Chamber) -> None:
    said = {"key": str(uuid4()), "language": "kk", **day("since", date(2026, 7, 1)), **day("until", date(2026, 6, 30))}
    page = browser(chamber.consultant).post(reverse("monitoring_office:problem_register"), said)
    assert page.status_code == 422
    assert "ends before it begins" in words(page)


# --------------------------------------------------------------------------------------------------------- the summary


def carded(chamber: Chamber, jobs: int, income: int) -> AccompanimentCase:
    case = cases.active(chamber)
    return accompaniment.keep_card(
        case, by=chamber.consultant, quarter_end=date(2026, 6, 30), working=True, jobs=jobs, income=income
    )


@pytest.mark.clause("118-p35")
def test_the_summary_counts_launched_jobs_income_and_problems_of_the_region(chamber: Chamber) -> None:
    cases.found(chamber, carded(chamber, 2, 500_000))
    carded(chamber, 3, 700_000)
    cases.waiting(chamber)
    whole = summary.lines([chamber.office], date(2026, 4, 1), date(2026, 6, 30))[-1]
    assert whole.numbers == {
        "accompanied": 3, "launched": 2, "working": 2, "jobs": 5, "income": 1_200_000, "enquiries": 0,
        "problems": 1, "resolved": 0, "open_problems": 1,
    }  # fmt: skip


@pytest.mark.clause("118-p35")
def test_another_period_counts_nothing_of_this_one(chamber: Chamber) -> None:
    cases.found(chamber, carded(chamber, 2, 500_000))
    whole = summary.lines([chamber.office], date(2026, 1, 1), date(2026, 3, 31))[-1]
    assert set(whole.numbers.values()) == {0}


def test_jobs_are_those_of_the_last_card_and_income_is_of_all_of_them(chamber: Chamber) -> None:
    case = carded(chamber, 2, 500_000)
    with clock.at(datetime(2026, 10, 5, 10, 0, tzinfo=ALMATY)):
        accompaniment.keep_card(
            case, by=chamber.consultant, quarter_end=date(2026, 9, 30), working=True, jobs=4, income=100_000
        )
    whole = summary.lines([chamber.office], date(2026, 1, 1), date(2026, 12, 31))[-1]
    assert (whole.numbers["jobs"], whole.numbers["income"]) == (4, 600_000)


def test_the_summary_costs_the_same_for_many(chamber: Chamber) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            summary.lines([chamber.office], date(2026, 4, 1), date(2026, 6, 30))
        return len(found)

    carded(chamber, 1, 1)
    few = cost()
    for _ in range(5):
        carded(chamber, 1, 1)
    assert cost() == few


def test_fewer_than_five_people_are_not_shown_to_the_local_body(chamber: Chamber) -> None:
    carded(chamber, 2, 500_000)
    officer = Actor(StaffFactory(role=Role.LEB_OFFICER, office=OfficeFactory(leb=True)))
    outside = words(browser(officer).get(reverse("monitoring_office:summary")))
    assert "<5" in outside
    assert "500 000" not in outside.replace("\u00a0", " ")
    assert "500 000" in words(browser(chamber.consultant).get(reverse("monitoring_office:summary"))).replace(
        "\u00a0", " "
    )


def test_the_table_for_spreadsheets_holds_no_formula(chamber: Chamber) -> None:
    chamber.centre.name_en = '=HYPERLINK("x")'
    chamber.centre.save()
    carded(chamber, 2, 500_000)
    page = browser(chamber.consultant).get(reverse("monitoring_office:summary_csv"))
    text = page.content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "500000" in text


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@a", "\tx"])
def test_a_value_that_begins_like_a_formula_is_made_text(value: str) -> None:
    assert summary.csv_safe(value) == f"'{value}"


def test_the_summary_is_no_page_of_a_trainer(chamber: Chamber) -> None:
    assert browser(chamber.trainer).get(reverse("monitoring_office:summary")).status_code == 404


# -------------------------------------------------------------------------------------------------------------- lists


@pytest.mark.parametrize("model", [AccompanimentCase, Visit, ConsultationRequest, ProblemIssue])
def test_a_register_costs_the_same_for_three_and_for_thirty(chamber: Chamber, model: Any) -> None:
    web = browser(chamber.consultant)
    address = reverse(f"workplace:monitoring_{model._meta.model_name}_changelist")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert web.get(address).status_code == 200
        return len(found)

    def more(count: int) -> None:
        for _ in range(count):
            case = cases.active(chamber)
            cases.planned(chamber, case)
            cases.asked_on_business(case)
            cases.found(chamber, case)

    more(3)
    web.get(address)
    few = cost()
    more(27)
    assert cost() == few


def test_the_registers_are_searched_by_number_and_name(chamber: Chamber) -> None:
    case = cases.active(chamber)
    web = browser(chamber.consultant)
    address = reverse("workplace:monitoring_accompanimentcase_changelist")
    assert case.number in words(web.get(address, {"q": case.person.surname[:4]}))
    assert case.number in words(web.get(address, {"q": case.number}))
    assert case.number not in words(web.get(address, {"q": "Басқа"}))
