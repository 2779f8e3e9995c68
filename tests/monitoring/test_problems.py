"""Problem issues: found, resolved by the trainer, confirmed, passed on, printed (SPEC 4.16, 2.15; 118-p36)."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import override

from bastau import clock
from bastau.flow import Refused, verdict
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep as sweep_deadlines
from bastau.notices.models import Notice
from bastau.papers import actions as printer
from bastau.papers import printing
from bastau.papers.models import Paper
from bastau.people.citizens import account_of
from bastau.people.roles import Role
from monitoring.actions import problems as actions
from monitoring.models import ProblemIssue, ProblemRegister
from monitoring.states import HigherLevel, ProblemState
from tests.conftest import ALMATY
from tests.factories import OfficeFactory, PersonFactory
from tests.monitoring import accompaniment_cases as cases
from tests.monitoring.accompaniment_cases import Chamber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are looked at as they stand in the code."""
    with override("en"):
        yield


@pytest.fixture
def chamber() -> Chamber:
    return Chamber.open()


@pytest.fixture
def case(chamber: Chamber) -> Any:
    return cases.active(chamber)


def due(issue: ProblemIssue) -> str:
    row = Deadline.objects.open().get(case_kind=issue.kind, case_id=issue.pk)
    return row.due_at.astimezone(ALMATY).strftime("%m-%d %H:%M")


@pytest.mark.clause("118-p36")
def test_the_way_of_an_issue_from_found_to_closed(chamber: Chamber, case: Any) -> None:
    issue = cases.resolved(chamber, case)
    issue = actions.close(actions.confirm(issue, by=chamber.consultant), by=chamber.consultant)
    events = Step.objects.filter(case_kind=issue.kind, case_id=issue.pk).order_by("sequence")
    assert list(events.values_list("event", flat=True)) == [
        "find", "assign", "start_work", "resolve", "confirm", "close",
    ]  # fmt: skip
    assert issue.state == ProblemState.CLOSED


@pytest.mark.clause("118-p36")
def test_the_consultant_finds_and_the_trainer_resolves(chamber: Chamber, case: Any) -> None:
    issue = cases.in_work(chamber, case)
    assert verdict(issue, "resolve", chamber.trainer).ok
    assert not verdict(issue, "resolve", chamber.consultant).ok
    with pytest.raises(Refused):
        actions.find(case, by=chamber.trainer, key=uuid4(), category="tax", essence="Салық", found_on=date(2026, 6, 5))


@pytest.mark.clause("118-p36")
def test_only_the_consultant_confirms(chamber: Chamber, case: Any) -> None:
    issue = cases.resolved(chamber, case)
    assert verdict(issue, "confirm", chamber.consultant).ok
    assert not verdict(issue, "confirm", chamber.trainer).ok
    assert not verdict(issue, "confirm", chamber.coordinator).ok


def test_another_trainer_does_not_take_an_issue_up(chamber: Chamber, case: Any) -> None:
    assert chamber.trainer.user is not None
    issue = actions.assign(cases.found(chamber, case), by=chamber.consultant, trainer=chamber.trainer.user)
    assert not verdict(issue, "start_work", cases.hired(chamber.office, Role.TRAINER)).ok


@pytest.mark.clause("T-PROBLEM")
def test_the_trainer_answers_within_ten_working_days_of_the_entry(chamber: Chamber, case: Any) -> None:
    issue = cases.in_work(chamber, case)
    assert due(issue) == "06-22 18:30"
    row = Deadline.objects.get(case_kind=issue.kind, case_id=issue.pk)
    assert (row.duty, row.assignee) == (Role.TRAINER, chamber.trainer.user)


@pytest.mark.clause("T-PROBLEM")
def test_a_term_of_an_issue_is_missed_and_told(chamber: Chamber, case: Any) -> None:
    issue = cases.in_work(chamber, case)
    with clock.at(datetime(2026, 6, 22, 18, 31, tzinfo=ALMATY)):
        sweep_deadlines()
    assert Deadline.objects.get(case_kind=issue.kind, case_id=issue.pk).breached_at is not None
    assert Notice.objects.filter(code="N-DEADLINE-BREACHED", user=chamber.trainer.user).count() == 1


def test_before_it_is_given_to_a_trainer_the_consultant_has_the_turn(chamber: Chamber, case: Any) -> None:
    issue = cases.found(chamber, case)
    row = Deadline.objects.get(case_kind=issue.kind, case_id=issue.pk)
    assert (row.duty, row.assignee) == (Role.PROJECT_CONSULTANT, chamber.consultant.user)


def test_not_confirmed_the_trainers_term_runs_anew(chamber: Chamber, case: Any) -> None:
    issue = cases.resolved(chamber, case)
    with clock.at(datetime(2026, 6, 15, 10, 0, tzinfo=ALMATY)):
        issue = actions.reject(issue, by=chamber.consultant, text="Әлі сатылмайды.")
    assert (issue.state, due(issue)) == (ProblemState.IN_WORK, "06-29 18:30")


def test_outside_the_trainers_power_it_goes_higher_and_is_resolved_there(chamber: Chamber, case: Any) -> None:
    issue = cases.in_work(chamber, case)
    issue = actions.escalate(issue, by=chamber.trainer, level=HigherLevel.LEB, text="Жол жөндеу керек.")
    assert not Deadline.objects.open().filter(case_kind=issue.kind).exists()
    assert not verdict(issue, "resolve", chamber.trainer).ok
    issue = actions.resolve(issue, by=chamber.coordinator, measures="Жол жөнделді.")
    assert actions.confirm(issue, by=chamber.consultant).state == ProblemState.CONFIRMED


def test_what_no_level_resolves_is_closed_with_its_reason(chamber: Chamber, case: Any) -> None:
    issue = cases.in_work(chamber, case)
    issue = actions.escalate(issue, by=chamber.trainer, level=HigherLevel.CHAMBER, text="Заң өзгеруі керек.")
    issue = actions.give_up(issue, by=chamber.consultant, reason="Заң өзгерген жоқ.")
    assert (issue.state, issue.unresolved_reason) == (ProblemState.CLOSED_UNRESOLVED, "Заң өзгерген жоқ.")


def test_when_the_trainer_leaves_another_takes_the_issue_over_and_the_term_runs_on(chamber: Chamber, case: Any) -> None:
    issue = cases.in_work(chamber, case)
    other = cases.hired(chamber.office, Role.TRAINER)
    assert other.user is not None
    with clock.at(datetime(2026, 6, 10, 10, 0, tzinfo=ALMATY)):
        issue = actions.start_work(actions.assign(issue, by=chamber.coordinator, trainer=other.user), by=other)
    row = Deadline.objects.open().get(case_kind=issue.kind, case_id=issue.pk)
    assert (row.assignee, due(issue)) == (other.user, "06-22 18:30")


def test_an_issue_in_work_is_not_given_up(chamber: Chamber, case: Any) -> None:
    assert not verdict(cases.in_work(chamber, case), "give_up", chamber.consultant).ok


def test_two_clicks_enter_one_issue(chamber: Chamber, case: Any) -> None:
    key = uuid4()
    assert cases.found(chamber, case, key=key) == cases.found(chamber, case, key=key)
    assert ProblemIssue.objects.count() == 1


def test_an_issue_is_not_found_in_the_future(chamber: Chamber, case: Any) -> None:
    with pytest.raises(Refused, match="ahead"):
        cases.found(chamber, case, found_on=date(2026, 6, 9))


def test_an_issue_may_be_born_of_an_enquiry(chamber: Chamber, case: Any) -> None:
    issue = cases.found(chamber, case, source="enquiry", enquiry=cases.asked_on_business(case))
    assert issue.enquiry is not None


def test_a_trainer_sees_given_issues_alone(chamber: Chamber, case: Any) -> None:
    issue = cases.found(chamber, case)
    assert not ProblemIssue.objects.visible_to(chamber.trainer.user).exists()
    assert chamber.trainer.user is not None
    actions.assign(issue, by=chamber.coordinator, trainer=chamber.trainer.user)
    assert ProblemIssue.objects.visible_to(chamber.trainer.user).exists()


def test_participant_and_centre_read_an_issue_and_strangers_do_not(chamber: Chamber, case: Any) -> None:
    cases.found(chamber, case)
    for user in (account_of(case.person), chamber.specialist.user):
        assert ProblemIssue.objects.visible_to(user).exists()
    stranger = cases.hired(OfficeFactory(kind="chamber"), Role.PROJECT_CONSULTANT)
    for user in (account_of(PersonFactory()), stranger.user):
        assert not ProblemIssue.objects.visible_to(user).exists()


# ------------------------------------------------------------------------------------------------- the printed register


def printed(chamber: Chamber, **options: Any) -> ProblemRegister:
    said: dict[str, Any] = {"since": date(2026, 4, 1), "until": date(2026, 6, 30), "language": "ru", "key": uuid4()}
    return actions.print_register(by=chamber.consultant, **{**said, **options})


def page(register: ProblemRegister, language: str) -> str:
    return html.unescape(printing.html_of(Paper.objects.get(case_id=register.pk, language=language)))


@pytest.mark.clause("118-p36")
def test_the_register_prints_the_issues_of_the_period_in_the_words_of_the_form(chamber: Chamber, case: Any) -> None:
    cases.resolved(chamber, case)
    register = printed(chamber)
    russian = page(register, "ru")
    for words in (
        "Реестр проблемных вопросов, препятствующих реализации и развитию бизнес-проектов",
        "сбыт", "05.06.2026", "мониторинг", "22.06.2026", "Жәрмеңкеде орын алынды.", "решен", case.person.full_name,
    ):  # fmt: skip
        assert words in russian
    kazakh = page(register, "kk")
    assert "кедергі келтіретін проблемалық мәселелердің тізілімі" in kazakh
    assert "шешілді" in kazakh


@pytest.mark.clause("118-p36")
def test_issues_outside_the_period_and_of_other_chambers_are_not_printed(chamber: Chamber, case: Any) -> None:
    cases.found(chamber, case, found_on=date(2026, 6, 3))
    other = Chamber.open()
    register = printed(chamber, since=date(2026, 6, 4))
    assert "выявлены" in page(register, "ru")
    assert "выявлены" in page(printed(other), "ru")


def test_two_clicks_print_one_register(chamber: Chamber) -> None:
    key = uuid4()
    assert printed(chamber, key=key) == printed(chamber, key=key)
    assert Paper.objects.count() == 2


def test_a_period_that_ends_before_it_begins_is_refused(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="period"):
        printed(chamber, since=date(2026, 7, 1))


def test_a_trainer_prints_no_register(chamber: Chamber) -> None:
    with pytest.raises(Refused):
        actions.print_register(
            by=chamber.trainer, since=date(2026, 4, 1), until=date(2026, 6, 30), language="kk", key=uuid4()
        )


def test_the_register_becomes_a_numbered_pdf_that_the_chamber_reads(chamber: Chamber, case: Any) -> None:
    cases.found(chamber, case)
    register = printed(chamber, language="kk")
    paper = printer.render(Paper.objects.get(case_id=register.pk).pk)
    assert paper.number == "ПТ-35-2026-000001"
    assert paper.content().startswith(b"%PDF")
    assert Paper.objects.visible_to(chamber.coordinator.user).filter(pk=paper.pk).exists()
    assert not Paper.objects.visible_to(chamber.specialist.user).filter(pk=paper.pk).exists()
