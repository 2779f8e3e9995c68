"""The business plan: written, handed in by the last training day, returned once, assessed by another trainer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bastau import clock, papers
from bastau.flow import Refused
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.papers.models import Paper
from bastau.people.roles import Role
from tests.training import course_cases as cases
from tests.training.groups_cases import hired
from training import tasks
from training.actions import business_plans as actions
from training.actions import enrolments
from training.states import BusinessPlanState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A participant who studies; another whose classes are over, all modules passed, the plan handed in."""
    with cases.rolled_back(django_db_blocker):
        first = cases.running()
        last = cases.running(chamber=first.chamber, moment=cases.LATER)
        with clock.at(last.at(0)):
            cases.all_passed(last.people[0])
            cases.submitted(last.people[0])
        cases.taught(last)
        yield {"first": first, "last": last, "assessor": hired(last.chamber.office, Role.TRAINER)}


@pytest.fixture
def made(worlds: dict[str, Any], db: None) -> Iterator[cases.Class]:
    found = worlds["first"].again()
    with clock.at(found.at(3)):
        yield found


@pytest.fixture
def person(made: cases.Class) -> Any:
    return made.people[0]


@pytest.fixture
def ended(worlds: dict[str, Any], db: None) -> Iterator[cases.Class]:
    found = worlds["last"].again()
    with clock.at(found.after):
        yield found


@pytest.fixture
def writer(ended: cases.Class) -> Any:
    return ended.people[0]


@pytest.fixture
def assessor(worlds: dict[str, Any], ended: cases.Class) -> Any:
    """A trainer of the chamber who did not help."""
    return worlds["assessor"]


@pytest.mark.clause("118-p02-s02")
def test_a_section_is_kept_and_the_others_stay(person: Any) -> None:
    plan, by = cases.plan(person), cases.citizen(person)
    actions.save_section(plan, by=by, values={"title": "Наубайхана"})
    actions.save_section(plan, by=by, values={"product": "Нан"})
    assert cases.plan(person).content == {"title": "Наубайхана", "product": "Нан"}


def test_another_person_cannot_write_in_it(person: Any, made: cases.Class) -> None:
    with pytest.raises(Refused):
        actions.save_section(cases.plan(person), by=made.chamber.trainer, values={"title": "x"})


def test_a_line_is_reckoned_and_sent_twice_stands_once(person: Any) -> None:
    plan, by = cases.plan(person), cases.citizen(person)
    for _ in range(2):
        actions.save_line(plan, by=by, name="Пеш", quantity=3, price=1000, source="grant")
    line = plan.lines.get()
    line.refresh_from_db()
    assert line.amount == 3000


def test_an_incomplete_plan_is_not_handed_in(person: Any) -> None:
    with pytest.raises(Refused):
        actions.submit(cases.plan(person), by=cases.citizen(person))


@pytest.mark.clause("A-22")
def test_a_plan_is_handed_in_until_the_end_of_the_last_training_day(person: Any, made: cases.Class) -> None:
    with clock.at(made.last_day.replace(hour=23, minute=59, second=30)):
        plan = cases.submitted(person)
    assert plan.state == BusinessPlanState.SUBMITTED


@pytest.mark.clause("A-22", "118-p27-2")
def test_a_minute_after_the_last_training_day_it_is_too_late(person: Any, made: cases.Class) -> None:
    cases.written(person)
    with clock.at(made.last_day.replace(hour=23, minute=59) + timedelta(minutes=1)), pytest.raises(Refused):
        actions.submit(cases.plan(person), by=cases.citizen(person))


def test_handing_in_twice_makes_one_step_and_one_paper(person: Any) -> None:
    plan = cases.submitted(person)
    actions.submit(plan, by=cases.citizen(person))
    assert Step.objects.filter(case_kind="business_plan", case_id=plan.pk, event="submit").count() == 1
    assert Paper.objects.filter(case_kind="business_plan", case_id=plan.pk).count() == 1


def test_what_is_handed_in_is_not_changed(person: Any) -> None:
    plan = cases.submitted(person)
    with pytest.raises(Refused):
        actions.save_section(plan, by=cases.citizen(person), values={"title": "Басқа"})


def test_the_paper_of_the_plan_prints_its_sums(person: Any) -> None:
    plan = cases.submitted(person)
    paper = Paper.objects.get(case_kind="business_plan", case_id=plan.pk)
    assert paper.facts["total_sum"] == "1\u202f000\u202f000"
    assert papers.render(paper.pk).content().startswith(b"%PDF")


# ------------------------------------------------------------------------------------------------------------- terms


def test_the_writer_has_until_the_last_day_and_it_is_a_declared_term(person: Any, made: cases.Class) -> None:
    term = Deadline.objects.open().get(case_kind="business_plan", case_id=cases.plan(person).pk)
    assert (term.name, term.duty) == ("T-PLAN", "citizen")
    assert term.due_at.astimezone(cases.ALMATY).date() == made.group.end_on


@pytest.mark.clause("118-p27-2", "A-22")
def test_no_plan_by_the_last_day_is_absent_and_the_enrolment_knows(person: Any, made: cases.Class) -> None:
    with clock.at(made.last_day):
        tasks.sweep_course()
    assert cases.plan(person).state == BusinessPlanState.DRAFT
    with clock.at(made.after):
        tasks.sweep_course()
    person.refresh_from_db()
    assert cases.plan(person).state == BusinessPlanState.ABSENT
    assert person.plan_at is not None
    assert person.plan_percent is None
    assert Notice.objects.filter(code="N-PLN-ABSENT").count() == 1


def test_the_term_of_the_writer_is_recorded_as_missed(person: Any, made: cases.Class) -> None:
    plan = cases.plan(person)
    with clock.at(made.after):
        sweep()
    assert Deadline.objects.get(case_kind="business_plan", case_id=plan.pk, name="T-PLAN").breached_at is not None


@pytest.mark.clause("118-p28")
def test_the_assessment_has_the_ten_working_days_and_lies_with_the_coordinator_first(
    writer: Any, ended: cases.Class
) -> None:
    term = Deadline.objects.open().get(case_kind="business_plan", case_id=cases.plan(writer).pk)
    assert (term.name, term.duty) == ("T-ASSESS", Role.COORDINATOR)
    counted = [day for day in term.reckoning["days"] if day["counted"]]
    assert len(counted) == 10


@pytest.mark.clause("118-p28")
def test_a_late_assessor_is_recorded_and_the_state_stays(writer: Any, ended: cases.Class) -> None:
    plan = cases.plan(writer)
    with clock.at(ended.after_window):
        sweep()
    assert Deadline.objects.get(case_kind="business_plan", case_id=plan.pk, name="T-ASSESS").breached_at is not None
    assert cases.plan(writer).state == BusinessPlanState.SUBMITTED


def test_leaving_the_training_ends_the_writers_term(person: Any, made: cases.Class) -> None:
    enrolments.withdraw(person, by=cases.citizen(person), reason="OWN_REQUEST")
    tasks.stop_plan(person.pk)
    assert not Deadline.objects.open().filter(case_kind="business_plan", case_id=cases.plan(person).pk).exists()


# -------------------------------------------------------------------------------------------------- the assessment


def test_the_coordinator_names_the_assessor_and_the_term_passes_to_the_trainer(
    writer: Any, ended: cases.Class, assessor: Any
) -> None:
    plan = actions.appoint(cases.plan(writer), by=ended.chamber.coordinator, assessor=assessor.user)
    term = Deadline.objects.open().get(case_kind="business_plan", case_id=plan.pk, name="T-ASSESS")
    assert (term.duty, term.assignee_id) == (Role.TRAINER, assessor.user.pk)
    assert Notice.objects.filter(code="N-PLN-TO-ASSESS", user=assessor.user).count() == 1


def test_who_helped_to_write_the_plan_does_not_assess_it(writer: Any, ended: cases.Class) -> None:
    with pytest.raises(Refused):
        actions.appoint(cases.plan(writer), by=ended.chamber.coordinator, assessor=ended.chamber.trainer.user)
    assert ended.chamber.trainer.user not in actions.assessors(cases.plan(writer))


def test_a_trainer_nobody_named_does_not_assess(writer: Any, assessor: Any) -> None:
    with pytest.raises(Refused):
        actions.review(cases.plan(writer), by=assessor)


@pytest.mark.clause("118-p27-1", "A-21")
@pytest.mark.parametrize(
    ("total", "state"), [(60, BusinessPlanState.ASSESSED_POSITIVE), (59, BusinessPlanState.ASSESSED_NEGATIVE)]
)
def test_sixty_points_make_it_positive_and_the_enrolment_knows(
    writer: Any, ended: cases.Class, assessor: Any, total: int, state: str
) -> None:
    plan = cases.under_review(writer, assessor, ended.chamber.coordinator)
    plan = actions.assess(plan, by=assessor, points=cases.points(total), conclusion="Қаржылық бөлімі нақты.")
    writer.refresh_from_db()
    assert (plan.state, plan.percent, writer.plan_percent) == (state, total, total)
    assert plan.scores.count() == 5
    assert Notice.objects.filter(code="N-PLN-ASSESSED").count() == 1


@pytest.mark.clause("118-p27-1")
def test_both_results_complete_the_training(writer: Any, ended: cases.Class, assessor: Any) -> None:
    cases.tested(cases.final(writer), 12)
    plan = cases.under_review(writer, assessor, ended.chamber.coordinator)
    actions.assess(plan, by=assessor, points=cases.points(75), conclusion="Жақсы.")
    writer.refresh_from_db()
    assert writer.state == "completed_completion"


@pytest.mark.clause("118-p27-2")
def test_a_negative_plan_with_a_passed_final_test_completes_as_participation(
    writer: Any, ended: cases.Class, assessor: Any
) -> None:
    cases.tested(cases.final(writer), 12)
    plan = cases.under_review(writer, assessor, ended.chamber.coordinator)
    actions.assess(plan, by=assessor, points=cases.points(40), conclusion="Есеп жоқ.")
    writer.refresh_from_db()
    assert writer.state == "completed_participation"


@pytest.mark.clause("118-p25")
def test_a_good_plan_does_not_replace_a_low_final_test(writer: Any, ended: cases.Class, assessor: Any) -> None:
    cases.tested(cases.final(writer), 8)
    plan = cases.under_review(writer, assessor, ended.chamber.coordinator)
    actions.assess(plan, by=assessor, points=cases.points(75), conclusion="Жақсы.")
    enrolments.expel(writer, by=ended.chamber.coordinator)
    writer.refresh_from_db()
    assert writer.state == "expelled"


@pytest.mark.parametrize("wrong", [{"market": 26}, {"finance": -1}])
def test_points_outside_the_sheet_are_refused(
    writer: Any, ended: cases.Class, assessor: Any, wrong: dict[str, int]
) -> None:
    plan = cases.under_review(writer, assessor, ended.chamber.coordinator)
    with pytest.raises(Refused):
        actions.assess(plan, by=assessor, points={**cases.points(60), **wrong}, conclusion="x")


# ---------------------------------------------------------------------------------------------------- the correction


def returned(writer: Any, ended: cases.Class) -> Any:
    return actions.send_back(cases.plan(writer), by=ended.chamber.trainer, reason="Сметада баға жоқ")


@pytest.mark.clause("T-PLAN-FIX")
def test_a_plan_with_formal_faults_comes_back_for_three_working_days(writer: Any, ended: cases.Class) -> None:
    plan = returned(writer, ended)
    assert plan.state == BusinessPlanState.RETURNED
    term = Deadline.objects.open().get(case_kind="business_plan", case_id=plan.pk, name="T-PLAN-FIX")
    assert len([day for day in term.reckoning["days"] if day["counted"]]) == 3
    assert "Сметада баға жоқ" in Notice.objects.get(code="N-PLN-RETURNED").more


def test_it_is_returned_once(writer: Any, ended: cases.Class) -> None:
    returned(writer, ended)
    actions.submit(cases.plan(writer), by=cases.citizen(writer))
    with pytest.raises(Refused):
        returned(writer, ended)


def test_a_return_needs_words(writer: Any, ended: cases.Class) -> None:
    with pytest.raises(Refused):
        actions.send_back(cases.plan(writer), by=ended.chamber.trainer, reason=" ")


def test_the_corrected_text_is_the_one_that_is_assessed(writer: Any, ended: cases.Class) -> None:
    plan, by = returned(writer, ended), cases.citizen(writer)
    actions.save_section(plan, by=by, values={"title": "Түзетілген"})
    plan = actions.submit(cases.plan(writer), by=by)
    assert (plan.state, plan.title) == (BusinessPlanState.SUBMITTED, "Түзетілген")


def test_not_corrected_in_time_the_first_text_is_assessed(writer: Any, ended: cases.Class) -> None:
    plan, by = returned(writer, ended), cases.citizen(writer)
    actions.save_section(plan, by=by, values={"title": "Жартылай"})
    actions.remove_line(plan, by=by, line=plan.lines.all()[0].pk)
    with clock.at(ended.after + timedelta(days=10)):
        with pytest.raises(Refused):
            actions.submit(cases.plan(writer), by=by)
        tasks.sweep_course()
        tasks.sweep_course()
    plan = cases.plan(writer)
    assert (plan.state, plan.title) == (BusinessPlanState.SUBMITTED, cases.CONTENT["title"])
    assert plan.lines.count() == 2


def test_a_plan_returned_early_may_be_corrected_until_the_last_training_day(person: Any, made: cases.Class) -> None:
    cases.submitted(person)
    plan = actions.send_back(cases.plan(person), by=made.chamber.trainer, reason="Сметада баға жоқ")
    with clock.at(made.last_day):
        tasks.sweep_course()
        plan = actions.submit(cases.plan(person), by=cases.citizen(person))
    assert plan.state == BusinessPlanState.SUBMITTED
    assert plan.first_text["content"] == plan.content


def test_the_coordinator_names_another_assessor_in_place_of_who_fell_ill(
    writer: Any, ended: cases.Class, assessor: Any
) -> None:
    plan = cases.under_review(writer, assessor, ended.chamber.coordinator)
    other = hired(ended.chamber.office, Role.TRAINER)
    plan = actions.appoint(plan, by=ended.chamber.coordinator, assessor=other.user)
    assert (plan.state, plan.assignee) == (BusinessPlanState.SUBMITTED, other.user)
    assert actions.review(plan, by=other).state == BusinessPlanState.UNDER_REVIEW


def test_after_the_window_nothing_is_returned_any_more(writer: Any, ended: cases.Class) -> None:
    with clock.at(ended.after_window), pytest.raises(Refused):
        returned(writer, ended)
