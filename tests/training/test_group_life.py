"""Groups from the roster to the end (118-p20, p22, p23, p28; A-16, A-23; SPEC 4.3; vector V14, question 9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bastau import clock, flow, law
from bastau.flow.models import Deadline
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from tests.training import groups_cases as cases
from tests.training.course_cases import citizen, enrolled, running, taught
from tests.training.groups_cases import Chamber, english  # noqa: F401  (every sentence in English)
from training import sweeps
from training.actions import attendance, following, group_life, groups
from training.models import Enrolment, MemberAnswer, TrainingGroup
from training.states import EnrolmentState, GroupState

pytestmark = pytest.mark.django_db
ALMATY = ZoneInfo("Asia/Almaty")
FEB = date(2027, 2, 1)
NOW = datetime(2027, 1, 11, 10, 0, tzinfo=ALMATY)
FIRST_DAY = datetime(2027, 2, 1, 9, 0, tzinfo=ALMATY)


@pytest.fixture
def chamber() -> Iterator[Chamber]:
    with clock.at(NOW):
        yield Chamber.open()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practical training takes two to three people: what follows from the limits is cheaper to show so."""
    real = law.value
    limits = {"118-p22-3:min": 2, "118-p22-3:max": 3}
    monkeypatch.setattr(law, "value", lambda name, on=None: limits[name] if name in limits else real(name, on))


def with_members(chamber: Chamber, n: int, start: date = FEB, **other: Any) -> TrainingGroup:
    group = cases.enrolling(chamber, start, **other)
    for _ in range(n):
        enrolled(chamber, group)
    return group


def ready(chamber: Chamber, n: int = 2, start: date = FEB, **other: Any) -> TrainingGroup:
    return group_life.fix_roster(with_members(chamber, n, start, **other), by=chamber.coordinator)


def fresh(group: TrainingGroup) -> TrainingGroup:
    return TrainingGroup.objects.get(pk=group.pk)


# --------------------------------------------------------------------------------------------------------------- roster


@pytest.mark.clause("118-p22-3", "A-16")
def test_fourteen_are_refused_in_words_and_the_fifteenth_makes_the_group_ready(chamber: Chamber) -> None:
    group = with_members(chamber, 14)
    with pytest.raises(flow.Refused, match=r"14 members.*at least 15"):
        group_life.fix_roster(group, by=chamber.coordinator)
    enrolled(chamber, group)
    group = group_life.fix_roster(group, by=chamber.coordinator)
    assert (group.state, group.roster_count) == (GroupState.READY, 15)


def test_one_more_than_the_limit_waits_and_does_not_hinder(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 4)
    assert group.enrolments.filter(state=EnrolmentState.WAITLISTED).count() == 1
    assert group_life.fix_roster(group, by=chamber.coordinator).roster_count == 3


@pytest.mark.clause("118-p20")
def test_without_trainer_consultant_room_or_means_nothing_is_fixed(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 2)
    for lacking in ({"trainer": None}, {"consultant": None}, {"room": None}, {"equipment_ready": False}):
        groups.assign(group, by=chamber.coordinator, **lacking)
        with pytest.raises(flow.Refused):
            group_life.fix_roster(group, by=chamber.coordinator)
        cases.equipped(chamber, group)
    assert group_life.fix_roster(group, by=chamber.coordinator).state == GroupState.READY


def test_online_neither_size_nor_room_is_asked(chamber: Chamber) -> None:
    assert ready(chamber, 1, mode="online").state == GroupState.READY


# ------------------------------------------------------------------------------------------------------------ beginning


@pytest.mark.clause("118-p22-2")
def test_the_system_begins_the_training_on_its_first_day(chamber: Chamber, small: None) -> None:
    group = ready(chamber)
    sweeps.begin_groups()
    assert fresh(group).state == GroupState.READY
    with clock.at(FIRST_DAY):
        sweeps.begin_groups()
    assert fresh(group).state == GroupState.RUNNING


@pytest.mark.clause("A-16")
def test_on_the_start_day_the_size_is_checked_again(chamber: Chamber, small: None) -> None:
    from training.actions import enrolments

    group = ready(chamber)
    leaving = group.enrolments.order_by("pk").first()
    assert leaving is not None
    enrolments.withdraw(leaving, by=citizen(leaving), reason="OWN_REQUEST")
    with clock.at(FIRST_DAY):
        sweeps.begin_groups()
        sweeps.begin_groups()
    assert fresh(group).state == GroupState.READY
    told = Notice.objects.filter(user=chamber.coordinator.user, key__contains="cannot-begin")
    assert told.count() == 1


@pytest.mark.clause("118-p22-2", "A-17")
def test_the_course_runs_25_days_with_the_first_and_the_last(chamber: Chamber, small: None) -> None:
    group = ready(chamber)
    with clock.at(FIRST_DAY):
        sweeps.begin_groups()
    row = Deadline.objects.get(case_kind=group.kind, case_id=group.pk, name="T-COURSE")
    assert row.due_at.astimezone(ALMATY).date() == date(2027, 2, 25)
    with clock.at(datetime(2027, 2, 26, 0, 1, tzinfo=ALMATY)):
        sweep()
    row.refresh_from_db()
    assert row.breached_at is not None


# -------------------------------------------------------------------------------------------------------------- running


@pytest.mark.clause("118-p20")
def test_another_trainer_takes_over_from_today_and_the_local_body_is_told(chamber: Chamber, small: None) -> None:
    group = ready(chamber)
    other = cases.hired(chamber.office, "trainer")
    with clock.at(FIRST_DAY):
        sweeps.begin_groups()
    with clock.at(FIRST_DAY + timedelta(days=3)):
        group = group_life.substitute(fresh(group), by=chamber.coordinator, trainer=other.user)
    assert group.trainer == other.user
    taught_by = dict(group.class_days.values_list("day", "trainer"))
    assert taught_by[date(2027, 2, 3)] == chamber.trainer.user.pk  # type: ignore[union-attr]
    assert taught_by[date(2027, 2, 4)] == other.user.pk  # type: ignore[union-attr]
    assert Notice.objects.filter(user=chamber.officer.user, key__contains="group-substituted").exists()


def test_a_busy_trainer_does_not_take_over(chamber: Chamber, small: None) -> None:
    group = ready(chamber)
    other = cases.hired(chamber.office, "trainer")
    second = cases.announced(chamber, FEB)
    groups.assign(second, by=chamber.coordinator, trainer=other.user)
    with clock.at(FIRST_DAY):
        sweeps.begin_groups()
        with pytest.raises(flow.Refused, match="is busy"):
            group_life.substitute(fresh(group), by=chamber.coordinator, trainer=other.user)


@pytest.mark.clause("118-p22-2")
def test_a_lost_day_is_made_up_only_inside_the_25_days(chamber: Chamber, small: None) -> None:
    group = ready(chamber)
    with clock.at(FIRST_DAY):
        sweeps.begin_groups()
        group = fresh(group)
        with pytest.raises(flow.Refused, match="26 calendar days"):
            group_life.move_day(group, by=chamber.coordinator, lost=date(2027, 2, 5), to=date(2027, 2, 26))
        group = group_life.move_day(group, by=chamber.coordinator, lost=date(2027, 2, 5), to=date(2027, 2, 25))
    assert group.end_on == date(2027, 2, 25)
    assert group.class_days.count() == 20


# --------------------------------------------------------------------------------------------------------------- ending


@pytest.mark.clause("118-p23")
def test_without_consultations_and_pitch_training_the_last_day_is_not_closed() -> None:
    made = running()
    trainer, coordinator = made.chamber.trainer, made.chamber.coordinator
    for day in made.group.class_days.order_by("day"):
        with clock.at(datetime.combine(day.day, made.last_day.time(), ALMATY)):
            attendance.mark_day(day, by=trainer, present={made.people[0].pk})
    with clock.at(made.last_day):
        with pytest.raises(flow.Refused, match="no individual consultation"):
            group_life.finish(made.group, by=coordinator)
        attendance.record_consultation(
            made.people[0], by=trainer, held_on=made.group.end_on, topic="Нарық", online=True
        )
        with pytest.raises(flow.Refused, match="public speaking"):
            group_life.finish(made.group, by=coordinator)
        attendance.record_pitch(made.group, by=trainer, held_on=made.group.end_on, participants=[made.people[0].pk])
        assert group_life.finish(made.group, by=coordinator).state == GroupState.ASSESSING


def test_a_class_day_without_its_journal_keeps_the_last_day_open() -> None:
    made = running()
    with clock.at(made.last_day), pytest.raises(flow.Refused, match="no entry in the journal"):
        group_life.finish(made.group, by=made.chamber.coordinator)


@pytest.mark.clause("118-p28", "A-22")
def test_the_assessment_runs_ten_working_days_from_the_day_after_the_last_one() -> None:
    made = running()
    taught(made)
    row = Deadline.objects.get(case_kind="training_group", case_id=made.group.pk, name="T-ASSESS")
    calendar_days = [one["date"] for one in row.reckoning["days"] if one["counted"]]
    assert len(calendar_days) == 10
    assert calendar_days[0] > made.group.end_on.isoformat()
    with clock.at(made.after_window):
        sweep()
    row.refresh_from_db()
    assert row.breached_at is not None


def test_a_group_is_closed_only_when_all_results_are_in() -> None:
    made = running()
    taught(made)
    with clock.at(made.after), pytest.raises(flow.Refused, match="has no result yet"):
        group_life.complete(made.group, by=made.chamber.coordinator)
    with clock.at(made.after_window):
        following.follow_all()
        group = group_life.complete(fresh(made.group), by=made.chamber.coordinator)
    assert group.state == GroupState.COMPLETED
    assert Notice.objects.filter(user=made.chamber.officer.user, key__contains="group-completed").exists()


@pytest.mark.clause("A-23")
def test_a_group_broken_off_gives_its_members_back_without_the_three_years() -> None:
    made = running()
    with clock.at(made.at(2)):
        group_life.break_off(made.group, by=made.chamber.coordinator, reason="Су тасқыны.")
        following.follow_all()
    member = Enrolment.objects.get(pk=made.people[0].pk)
    assert (member.state, member.group, member.ended_on) == (EnrolmentState.SUBMITTED, None, None)


# ---------------------------------------------------------------------- postponed, merged, turned online


def test_members_of_a_postponed_group_keep_their_places_and_are_told(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 1)
    group = group_life.postpone(group, by=chamber.coordinator, reason="Екі адам жетпейді.")
    member = group.enrolments.get()
    assert member.state == EnrolmentState.ENROLLED
    assert Notice.objects.filter(code="N-TRN-POSTPONED", user__person=member.person).exists()
    later = cases.schedule(chamber, FEB + timedelta(days=7))
    group = group_life.replan(group, by=chamber.coordinator, schedule=later)
    group = groups.approve(groups.agree(group, by=chamber.officer), by=chamber.coordinator)
    cases.announce(chamber, group)
    assert Notice.objects.filter(code="N-TRN-MOVED", user__person=member.person).exists()


@pytest.mark.clause("A-16")
def test_two_groups_are_merged_with_the_agreement_of_the_local_body(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 1)
    into = with_members(chamber, 1, starts_at=cases.time(14, 0))
    with pytest.raises(flow.Refused):
        group_life.merge(group, by=chamber.coordinator)
    group_life.ask_change(group, by=chamber.coordinator, change="merge", into=into, reason="Бір-бірден адам.")
    group_life.agree_change(group, by=chamber.officer)
    group = group_life.merge(group, by=chamber.coordinator)
    assert (group.state, group.merged_into) == (GroupState.MERGED, into)
    assert into.enrolments.members().count() == 2
    assert Notice.objects.filter(code="N-TRN-MERGED").count() == 1
    with pytest.raises(flow.Refused, match="has not answered"):
        group_life.fix_roster(into, by=chamber.coordinator)
    answer = MemberAnswer.objects.get()
    group_life.answer_change(answer, by=citizen(answer.enrolment), stays=True)
    assert group_life.fix_roster(into, by=chamber.coordinator).state == GroupState.READY


def test_groups_of_other_language_or_too_many_together_are_not_merged(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 2)
    russian = with_members(chamber, 0, language="ru", starts_at=cases.time(14, 0))
    full = with_members(chamber, 2, FEB + timedelta(days=1), starts_at=cases.time(18, 30))
    for into, said in ((russian, "same form and language"), (full, "Together the groups have 4")):
        with pytest.raises(flow.Refused, match=said):
            group_life.ask_change(group, by=chamber.coordinator, change="merge", into=into, reason="Аз адам.")


@pytest.mark.clause("A-16")
def test_turned_online_only_when_the_local_body_and_each_member_agree(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 2)
    group_life.ask_change(group, by=chamber.coordinator, change="online", reason="Екі адам ғана.")
    group_life.agree_change(group, by=chamber.officer)
    assert Notice.objects.filter(code="N-TRN-ONLINE").count() == 2
    first, second = MemberAnswer.objects.order_by("pk")
    group_life.answer_change(first, by=citizen(first.enrolment), stays=True)
    with pytest.raises(flow.Refused, match="1 member has not confirmed"):
        group_life.turn_online(group, by=chamber.coordinator)
    group_life.answer_change(second, by=citizen(second.enrolment), stays=False)
    second.enrolment.refresh_from_db()
    assert second.enrolment.state == EnrolmentState.WITHDRAWN
    group = group_life.turn_online(group, by=chamber.coordinator)
    assert (group.state, group.mode, group.room) == (GroupState.ENROLLING, "online", None)
    assert group_life.fix_roster(group, by=chamber.coordinator).state == GroupState.READY


def test_what_the_local_body_declines_can_be_asked_again(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 1)
    group_life.ask_change(group, by=chamber.coordinator, change="online", reason="Аз адам.")
    with pytest.raises(flow.Refused, match="already"):
        group_life.ask_change(group, by=chamber.coordinator, change="online", reason="Аз адам.")
    group_life.decline_change(group, by=chamber.officer, reason="Оффлайн керек.")
    with pytest.raises(flow.Refused):
        group_life.turn_online(group, by=chamber.coordinator)
    assert group_life.ask_change(group, by=chamber.coordinator, change="online", reason="Тағы да.").agreed is None


def test_nobody_answers_for_another_member(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 2)
    group_life.ask_change(group, by=chamber.coordinator, change="online", reason="Аз адам.")
    group_life.agree_change(group, by=chamber.officer)
    first, second = MemberAnswer.objects.order_by("pk")
    with pytest.raises(flow.Refused, match="another person"):
        group_life.answer_change(first, by=citizen(second.enrolment), stays=True)


def test_a_cancelled_group_gives_its_members_back(chamber: Chamber, small: None) -> None:
    group = with_members(chamber, 1)
    member = group.enrolments.get()
    group_life.cancel(group, by=chamber.coordinator, reason="Адам жоқ.")
    following.follow_all()
    member.refresh_from_db()
    assert (member.state, member.group) == (EnrolmentState.SUBMITTED, None)
