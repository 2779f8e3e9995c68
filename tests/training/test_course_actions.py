"""The course: modules one after another, attempts, the final test once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bastau import clock
from bastau.flow import Refused
from bastau.flow.models import Deadline, Step
from bastau.notices.models import Notice
from tests.training import course_cases as cases
from training import tasks
from training.actions import attendance, course, group_life, results, stipends
from training.conditions import course as conditions
from training.models import CourseModule, ModuleProgress, Question, TestAttempt
from training.seeding import load_course
from training.states import FinalState, ModuleState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, cases.Class]]:
    """A participant on the first class day of an online group, and one before the final test."""
    with cases.rolled_back(django_db_blocker):
        first = cases.running()
        last = cases.running(chamber=first.chamber, moment=cases.LATER)
        with clock.at(last.at(0)):
            cases.all_passed(last.people[0])
        cases.taught(last)
        yield {"first": first, "last": last}


@pytest.fixture
def made(worlds: dict[str, cases.Class], db: None) -> Iterator[cases.Class]:
    """One participant on the first class day of an online group."""
    found = worlds["first"].again()
    with clock.at(found.at(0)):
        yield found


@pytest.fixture
def person(made: cases.Class) -> Any:
    return made.people[0]


def test_the_course_has_five_modules_with_six_questions_and_a_final_test_of_fifteen() -> None:
    assert load_course() == (6, 45)
    modules = CourseModule.objects.filter(kind="module")
    assert {one.code: one.questions.filter(final=False).count() for one in modules} == dict.fromkeys(
        ["support", "tax", "legal", "marketing", "planning"], 6
    )
    assert Question.objects.filter(final=True).count() == 15


def test_the_course_is_loaded_twice_without_change() -> None:
    load_course()
    before = list(Question.objects.order_by("pk").values_list("pk", "code", "retired_at"))
    load_course()
    assert list(Question.objects.order_by("pk").values_list("pk", "code", "retired_at")) == before


def test_a_corrected_question_is_a_new_row_and_the_old_one_is_kept() -> None:
    load_course()
    Question.objects.filter(code="tax-1").update(answer=3)
    load_course()
    assert Question.objects.filter(code="tax-1").count() == 2
    assert Question.objects.get(code="tax-1", retired_at=None).answer == 1


@pytest.mark.clause("118-p24")
def test_at_the_start_the_first_module_alone_is_open(person: Any) -> None:
    states = ModuleProgress.objects.filter(enrolment=person).order_by("module__order").values_list("state", flat=True)
    assert list(states) == ["open", "locked", "locked", "locked", "locked"]


@pytest.mark.clause("118-p24")
def test_four_of_six_open_the_next_module(person: Any) -> None:
    cases.tested(cases.module(person), 4)
    assert cases.module(person).state == ModuleState.PASSED
    assert cases.module(person, 2).state == ModuleState.OPEN


@pytest.mark.clause("118-p24")
def test_three_of_six_leave_the_next_module_locked(person: Any) -> None:
    cases.tested(cases.module(person), 3)
    assert cases.module(person).state == ModuleState.FAILED
    assert cases.module(person, 2).state == ModuleState.LOCKED


@pytest.mark.clause("118-p24")
def test_a_failed_test_is_told_with_its_percent_and_that_attempts_are_unlimited(person: Any) -> None:
    cases.tested(cases.module(person), 3)
    notice = Notice.objects.get(code="N-TST-FAILED")
    assert "50 %" in notice.text
    assert "шектелмеген" in notice.text


@pytest.mark.clause("118-p24")
def test_attempts_at_a_module_are_unlimited_and_the_best_score_is_kept(person: Any) -> None:
    for right in (2, 3, 1, 0, 3, 2, 1, 0, 3, 2):
        cases.tested(cases.module(person), right)
    kept = cases.module(person)
    assert (kept.best_correct, kept.best_total) == (3, 6)
    cases.tested(kept, 6)
    assert cases.module(person).state == ModuleState.PASSED


def test_a_test_waits_until_the_materials_are_looked_through(person: Any) -> None:
    with pytest.raises(Refused, match=r"материал|materials"):
        course.begin_test(cases.module(person), by=cases.citizen(person))


def test_a_locked_module_has_no_test(person: Any) -> None:
    with pytest.raises(Refused):
        course.begin_test(cases.module(person, 2), by=cases.citizen(person))
    with pytest.raises(Refused):
        course.see_materials(cases.module(person, 2), by=cases.citizen(person))


def test_beginning_twice_gives_the_same_questions_in_the_same_order(person: Any) -> None:
    first = cases.begun(cases.module(person))
    again = course.begin_test(cases.module(person), by=cases.citizen(person))
    assert again.pk == first.pk
    assert again.questions == first.questions


def test_a_test_is_handed_in_once_however_often_it_is_sent(person: Any) -> None:
    by = cases.citizen(person)
    attempt = cases.answered(cases.begun(cases.module(person)), 6, by)
    stale = TestAttempt.objects.get(pk=attempt.pk)
    course.hand_in(attempt, by=by)
    assert course.hand_in(stale, by=by).correct == 6
    done = Step.objects.filter(case_kind="module", case_id=cases.module(person).pk, event="hand_in")
    assert done.count() == 1


def test_after_handing_in_no_answer_is_taken(person: Any) -> None:
    by = cases.citizen(person)
    attempt = cases.tested(cases.module(person), 3)
    assert not course.save_answer(attempt.pk, by=by, place=0, choice=0)


def test_answers_of_two_windows_are_both_kept(person: Any) -> None:
    by = cases.citizen(person)
    attempt = cases.begun(cases.module(person))
    course.save_answer(attempt.pk, by=by, place=0, choice=1)
    course.save_answer(attempt.pk, by=by, place=3, choice=2)
    course.save_answer(attempt.pk, by=by, place=0, choice=3)
    attempt.refresh_from_db()
    assert attempt.answers == {"0": 3, "3": 2}


@pytest.mark.parametrize(("place", "choice"), [(6, 0), (99, 0), (0, 4), (0, 77)])
def test_an_answer_to_no_question_or_with_no_such_option_is_not_taken(person: Any, place: int, choice: int) -> None:
    attempt = cases.begun(cases.module(person))
    assert not course.save_answer(attempt.pk, by=cases.citizen(person), place=place, choice=choice)


def test_an_answer_costs_one_statement(person: Any, django_assert_num_queries: Any) -> None:
    attempt, by = cases.begun(cases.module(person)), cases.citizen(person)
    with django_assert_num_queries(1):
        assert course.save_answer(attempt.pk, by=by, place=0, choice=0)


@pytest.mark.clause("T-TEST")
def test_when_the_time_is_over_what_was_answered_is_handed_in(person: Any, made: cases.Class) -> None:
    attempt = cases.answered(cases.begun(cases.module(person)), 6, cases.citizen(person))
    with clock.at(made.at(0) + timedelta(minutes=31)):
        assert not course.save_answer(attempt.pk, by=cases.citizen(person), place=0, choice=0)
        tasks.sweep_course()
    attempt.refresh_from_db()
    assert attempt.timed_out
    assert cases.module(person).state == ModuleState.PASSED


def test_a_test_in_time_is_left_alone_by_the_sweep(person: Any) -> None:
    attempt = cases.begun(cases.module(person))
    tasks.sweep_course()
    attempt.refresh_from_db()
    assert attempt.handed_in_at is None


def test_the_coordinator_voids_a_running_attempt_with_a_reason(person: Any, made: cases.Class) -> None:
    attempt = cases.begun(cases.module(person))
    course.void(cases.module(person), by=made.chamber.coordinator, reason="Байланыс үзілді")
    attempt.refresh_from_db()
    assert attempt.voided_by == made.chamber.coordinator.user
    assert cases.module(person).state == ModuleState.OPEN
    assert cases.module(person).best_total == 0


def test_a_void_needs_its_reason_and_the_coordinator(person: Any, made: cases.Class) -> None:
    cases.begun(cases.module(person))
    with pytest.raises(Refused):
        course.void(cases.module(person), by=made.chamber.coordinator, reason="  ")
    with pytest.raises(Refused):
        course.void(cases.module(person), by=made.chamber.trainer, reason="Байланыс үзілді")


def test_a_void_attempt_cannot_be_handed_in(person: Any, made: cases.Class) -> None:
    attempt = cases.begun(cases.module(person))
    course.void(cases.module(person), by=made.chamber.coordinator, reason="Байланыс үзілді")
    with pytest.raises(Refused):
        course.hand_in(attempt, by=cases.citizen(person))


@pytest.mark.clause("118-p24", "118-p28")
def test_after_the_window_no_test_begins(person: Any, made: cases.Class) -> None:
    course.see_materials(cases.module(person), by=cases.citizen(person))
    with clock.at(made.after_window), pytest.raises(Refused):
        course.begin_test(cases.module(person), by=cases.citizen(person))


@pytest.mark.clause("A-49")
def test_who_failed_a_module_test_still_attends_the_later_classes(made: cases.Class, person: Any) -> None:
    cases.tested(cases.module(person), 0)
    later = made.group.class_days.order_by("day")[10]
    with clock.at(made.at((later.day - made.group.start_on).days)):
        assert attendance.mark_day(later, by=made.chamber.trainer, present={person.pk}) == 1


# ----------------------------------------------------------------------------------------------------- the final test


@pytest.fixture
def ended(worlds: dict[str, cases.Class], db: None) -> Iterator[cases.Class]:
    """A group in the assessment window; its participant passed all modules."""
    found = worlds["last"].again()
    with clock.at(found.after):
        yield found


@pytest.fixture
def examinee(ended: cases.Class) -> Any:
    return ended.people[0]


@pytest.fixture
def final(examinee: Any) -> Any:
    """The final test of who passed all modules."""
    return cases.final(examinee)


@pytest.mark.clause("118-p25", "118-p24")
def test_the_final_test_opens_after_the_last_class_for_who_passed_all_modules(final: Any) -> None:
    assert final.state == FinalState.OPEN


@pytest.mark.clause("118-p24")
def test_with_a_module_not_passed_the_final_test_stays_closed(made: cases.Class, person: Any) -> None:
    cases.tested(cases.module(person), 0)
    cases.taught(made)
    assert cases.final(person).state == FinalState.CLOSED


@pytest.mark.clause("118-p24")
def test_the_last_module_passed_inside_the_window_opens_the_final_test(made: cases.Class, person: Any) -> None:
    for order in range(1, 5):
        cases.tested(cases.module(person, order), 6)
    cases.taught(made)
    assert cases.final(person).state == FinalState.CLOSED
    with clock.at(made.after):
        cases.tested(cases.module(person, 5), 4)
    assert cases.final(person).state == FinalState.OPEN


@pytest.mark.clause("118-p25", "A-20")
def test_nine_of_fifteen_pass_and_the_enrolment_knows_the_percent(final: Any, examinee: Any) -> None:
    cases.tested(final, 9)
    examinee.refresh_from_db()
    assert (cases.final(examinee).state, examinee.final_percent) == (FinalState.PASSED, 60)


@pytest.mark.clause("118-p25")
def test_eight_of_fifteen_are_low_and_propose_the_expulsion(final: Any, examinee: Any) -> None:
    cases.tested(final, 8)
    examinee.refresh_from_db()
    assert (cases.final(examinee).state, examinee.final_percent) == (FinalState.LOW, 53)
    assert Step.objects.filter(case_kind="enrolment", event="propose_expulsion").exists()


@pytest.mark.clause("A-20")
def test_the_final_test_is_taken_once(final: Any, examinee: Any) -> None:
    cases.tested(final, 8)
    with pytest.raises(Refused):
        course.begin_test(cases.final(examinee), by=cases.citizen(examinee))
    assert not conditions.attempt_left(cases.final(examinee))


@pytest.mark.engine
def test_the_database_keeps_a_second_counted_attempt_out(final: Any, examinee: Any) -> None:
    attempt = cases.begun(final)
    with pytest.raises(IntegrityError), transaction.atomic():
        TestAttempt.objects.create(
            final=final, person=examinee.person, questions=attempt.questions, begun_at=clock.now(), ends_at=clock.now()
        )


@pytest.mark.clause("A-20")
def test_a_technical_fault_lets_the_coordinator_void_it_once(final: Any, examinee: Any, ended: cases.Class) -> None:
    cases.begun(final)
    course.void(cases.final(examinee), by=ended.chamber.coordinator, reason="Жарық сөнді")
    assert cases.final(examinee).state == FinalState.OPEN
    cases.begun(cases.final(examinee))
    with pytest.raises(Refused):
        course.void(cases.final(examinee), by=ended.chamber.coordinator, reason="Тағы да")


def test_a_low_result_is_taken_back_by_a_void(final: Any, examinee: Any, ended: cases.Class) -> None:
    cases.tested(final, 2)
    course.void(cases.final(examinee), by=ended.chamber.coordinator, reason="Уақыты байланыс үзілгенде бітті")
    examinee.refresh_from_db()
    assert examinee.final_percent is None
    cases.tested(cases.final(examinee), 12)
    examinee.refresh_from_db()
    assert examinee.final_percent == 80


@pytest.mark.clause("118-p28", "118-p25")
def test_outside_the_window_the_final_test_does_not_begin(final: Any, examinee: Any, ended: cases.Class) -> None:
    for moment in (ended.last_day, ended.after_window):
        with clock.at(moment), pytest.raises(Refused):
            course.begin_test(cases.final(examinee), by=cases.citizen(examinee))


def test_a_final_test_cut_off_by_the_end_of_the_window_is_scored_before_the_window_closes(
    final: Any, examinee: Any, ended: cases.Class
) -> None:
    from datetime import datetime

    from training.rules.course import window

    end: datetime = window(ended.group).due
    with clock.at(end - timedelta(minutes=10)):
        attempt = cases.answered(cases.begun(final), 12, cases.citizen(examinee))
    assert attempt.ends_at == end
    with clock.at(end + timedelta(minutes=1)):
        tasks.follow_enrolments()
    examinee.refresh_from_db()
    assert examinee.final_percent == 80


def test_a_group_broken_off_keeps_the_modules_and_its_people_wait_for_the_director(
    made: cases.Class, person: Any
) -> None:
    cases.tested(cases.module(person), 6)
    day = made.group.class_days.order_by("day")[0]
    with clock.at(made.at(0, 18)):
        attendance.mark_day(day, by=made.chamber.trainer, present={person.pk})
        group_life.break_off(made.group, by=made.chamber.coordinator, reason="Ғимарат жабылды")
        tasks.follow_enrolments()
        tasks.stop_plan(person.pk)
    person.refresh_from_db()
    assert (person.state, person.group) == ("submitted", None)
    assert cases.module(person).state == ModuleState.PASSED
    assert not Deadline.objects.open().filter(case_kind="business_plan", case_id=cases.plan(person).pk).exists()
    group = made.again().group
    assert list(stipends.learners(group, made.chamber.centre.office)) == [person]


def test_opening_the_course_again_changes_nothing(person: Any) -> None:
    before = Step.objects.count()
    tasks.open_course(person.pk)
    tasks.open_final(person.pk)
    results.begin(person, by=cases.citizen(person))
    assert Step.objects.count() == before
