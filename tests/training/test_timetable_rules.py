"""The timetable and the size of a group as pure rules (118-p15, p22, p23; SPEC 8; vectors V13, V25)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bastau import workdays
from tests.training.groups_cases import english  # noqa: F401  (every sentence in English)
from training.rules import roster, timetable
from training.rules.timetable import Lesson

# Questions of section 7: 20 days of 4 hours; a 2-hour closing day. No database is needed: the acts are files.
MODULES = [
    {"code": "support", "hours": 12},
    {"code": "tax", "hours": 16},
    {"code": "legal", "hours": 12},
    {"code": "marketing", "hours": 12},
    {"code": "planning", "hours": 20},
    {"code": "pitch", "hours": 8},
]
FEB = date(2027, 2, 1)


def laid(hours: int, weekdays: tuple[int, ...], start: date = FEB) -> list[Lesson]:
    return timetable.lay_out(start, MODULES, hours_a_day=hours, weekdays=weekdays)


def days(hours: list[int], *, gap: int = 1) -> list[Lesson]:
    return [Lesson(FEB + timedelta(days=gap * n), one, "pitch") for n, one in enumerate(hours)]


@pytest.mark.clause("118-p22-2")
def test_twenty_days_of_four_hours_from_monday_to_friday_are_26_days_and_refused() -> None:
    lessons = laid(4, (1, 2, 3, 4, 5))
    assert lessons[-1].day == date(2027, 2, 26)
    (said,) = timetable.faults(lessons)
    assert "26 calendar days" in said
    assert "Saturday" in said


@pytest.mark.clause("118-p22-2", "A-17")
def test_twenty_five_days_with_one_saturday_are_right() -> None:
    lessons = laid(4, (1, 2, 3, 4, 5))[:-1]
    lessons.append(Lesson(date(2027, 2, 6), 4, "planning"))
    assert timetable.span(lessons[0].day, date(2027, 2, 25)) == 25
    assert timetable.faults(lessons) == []


@pytest.mark.clause("118-p22-2", "A-17")
def test_the_last_possible_day_is_the_twenty_fifth() -> None:
    assert timetable.last_possible_day(FEB) == date(2027, 2, 25)


def test_five_hours_on_sixteen_days_are_22_days_and_right() -> None:
    lessons = laid(5, (1, 2, 3, 4, 5))
    assert (len(lessons), timetable.span(lessons[0].day, lessons[-1].day)) == (16, 22)
    assert timetable.faults(lessons) == []


@pytest.mark.clause("118-p22-4")
def test_eighty_hours_are_right_and_eighty_four_too_many() -> None:
    assert timetable.faults(days([4] * 20)) == []
    (said,) = timetable.faults(days([4] * 21))
    assert "84 academic hours" in said


@pytest.mark.clause("118-p22-4")
def test_eighty_one_hours_are_too_many() -> None:
    assert timetable.faults(days([4] * 19 + [5]))


@pytest.mark.clause("118-p22-4")
def test_a_day_of_three_hours_is_too_short() -> None:
    (said,) = timetable.faults(days([4, 4, 3]))
    assert "at least 4" in said


def test_a_closing_day_of_two_hours_is_refused_with_what_to_do() -> None:
    lessons = laid(6, (1, 2, 3, 4, 5))
    assert lessons[-1].hours == 2
    (said,) = timetable.faults(lessons)
    assert "Join these hours with another day" in said


def test_ten_days_of_eight_hours_are_right_without_a_warning_and_nine_hours_warn() -> None:
    assert timetable.faults(laid(8, (1, 2, 3, 4, 5))) == []
    assert timetable.warnings(laid(8, (1, 2, 3, 4, 5))) == []
    assert timetable.warnings(days([9]))


@pytest.mark.clause("118-p23")
def test_a_timetable_without_public_speaking_is_refused() -> None:
    assert timetable.faults([Lesson(FEB, 4, "tax")])


def test_public_holidays_are_left_out() -> None:
    calendar = workdays.calendar_for("sc", ())
    lessons = timetable.lay_out(
        date(2027, 3, 1),
        MODULES,
        hours_a_day=8,
        weekdays=(1, 2, 3, 4, 5),
        is_off=lambda day: not calendar.is_working(day),
    )
    assert date(2027, 3, 8) not in {one.day for one in lessons}


def test_the_modules_follow_each_other_with_their_hours() -> None:
    lessons = laid(4, (1, 2, 3, 4, 5, 6))
    counted = {code: sum(one.hours for one in lessons if one.module == code) for code in ("support", "tax", "pitch")}
    assert counted == {"support": 12, "tax": 16, "pitch": 8}


@pytest.mark.clause("A-15")
def test_four_academic_hours_from_half_past_nine_end_at_five_to_one() -> None:
    assert timetable.ends_at(time(9, 30), 4) == time(12, 55)


def test_a_day_cannot_last_past_midnight() -> None:
    with pytest.raises(timetable.TooLong):
        timetable.ends_at(time(18, 0), 8)


@pytest.mark.clause("118-p15", "A-14")
def test_v13_a_start_on_1_february_2027_is_announced_by_17_january() -> None:
    assert workdays.announce_by(FEB) == date(2027, 1, 17)
    assert timetable.may_announce(FEB, date(2027, 1, 17))
    assert not timetable.may_announce(FEB, date(2027, 1, 18))


def test_an_announcement_twelve_days_ahead_names_the_earliest_start() -> None:
    said = str(timetable.late_to_announce(FEB, date(2027, 1, 20)))
    assert "15 calendar days" in said
    assert "04.02.2027" in said


@pytest.mark.clause("118-p22-3", "A-16")
@pytest.mark.parametrize(("members", "right"), [(14, False), (15, True), (70, True), (71, False)])
def test_practical_training_takes_15_to_70(members: int, right: bool) -> None:
    assert (roster.size_fault(members, offline=True) == "") is right


def test_fourteen_are_told_the_three_ways_out() -> None:
    said = roster.size_fault(14, offline=True)
    assert all(word in said for word in ("14 members", "at least 15", "Postpone", "merge", "online"))


@pytest.mark.parametrize("members", [1, 14, 71, 300])
def test_online_there_are_no_limits(members: int) -> None:
    assert roster.size_fault(members, offline=False) == ""


def test_two_groups_together_are_checked_against_the_upper_limit_alone() -> None:
    assert roster.size_fault(3, offline=True, together=True) == ""
    assert roster.size_fault(71, offline=True, together=True)
