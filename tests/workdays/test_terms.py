"""Terms of every unit, by the worked examples of the specification (V…)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bastau import law, workdays
from bastau.law import Term
from bastau.workdays import Calendar, Reckoning, calendar_for, working_term

ALMATY = "Asia/Almaty"


@pytest.fixture
def centre() -> Calendar:
    return calendar_for("centre")


def test_a_reckoning_survives_its_json(centre: Calendar) -> None:
    reckoning = working_term(date(2026, 6, 5), law.term("118-p06"), centre, ALMATY)
    assert Reckoning.from_json(reckoning.as_json()) == reckoning


def test_a_reckoning_names_every_day_it_looked_at(centre: Calendar) -> None:
    reckoning = working_term(date(2026, 6, 5), law.term("118-p06"), centre, ALMATY)
    assert [(day.date.day, day.counted, day.number) for day in reckoning.days] == [
        (6, False, None),
        (7, False, None),
        (8, True, 1),
        (9, True, 2),
        (10, True, 3),
    ]


@pytest.mark.clause("118-p07-2")
def test_a_day_before_noon_is_noon_of_the_day_before(centre: Calendar) -> None:
    noon = datetime(2026, 6, 4, 12, tzinfo=ZoneInfo(ALMATY))
    term = Term("118-p06", 3, "wd", "acceptance")
    whole = Reckoning(noon.astimezone(UTC), date(2026, 6, 1), (), "118-p06", term, False, ALMATY, "centre")
    found = workdays.hours_before(whole, law.term("118-p07-2"), centre)
    assert found.due_local == datetime(2026, 6, 3, 12, tzinfo=ZoneInfo(ALMATY))


@pytest.mark.clause("A-03")
def test_a_moment_before_opening_rolls_back_to_the_close_of_the_day_before(centre: Calendar) -> None:
    early = datetime(2026, 6, 4, 8, tzinfo=ZoneInfo(ALMATY))
    term = Term("118-p06", 3, "wd", "acceptance")
    whole = Reckoning(early.astimezone(UTC), date(2026, 6, 1), (), "118-p06", term, False, ALMATY, "centre")
    found = workdays.hours_before(whole, law.term("118-p07-2"), centre)
    assert found.due_local == datetime(2026, 6, 2, 18, 30, tzinfo=ZoneInfo(ALMATY))


@pytest.mark.clause("A-13")
@pytest.mark.parametrize(
    ("month", "due"),
    [
        pytest.param("2026-06-15", "2026-07-03T18:30", id="V12 the fifth is a Sunday"),
        pytest.param("2024-12-31", "2025-01-05T18:30", id="V28 the fifth is a working Sunday"),
        pytest.param("2026-05-01", "2026-06-05T18:30", id="the fifth is a Friday"),
    ],
)
def test_the_monthly_list_goes_by_the_fifth_or_the_last_working_day_before(
    centre: Calendar, month: str, due: str
) -> None:
    found = workdays.monthly_list_due(date.fromisoformat(month), centre, ALMATY)
    assert found.due_local == datetime.fromisoformat(due).replace(tzinfo=ZoneInfo(ALMATY))


@pytest.mark.clause("A-14")
def test_v13_the_start_is_announced_fifteen_calendar_days_before() -> None:
    assert workdays.announce_by(date(2027, 2, 1)) == date(2027, 1, 17)


def test_v14_the_assessment_runs_from_the_day_after_the_last_class(centre: Calendar) -> None:
    found = working_term(date(2027, 2, 25), law.term("118-p28"), centre, ALMATY)
    assert found.due_on == date(2027, 3, 12)


@pytest.mark.clause("118-p29", "A-23")
@pytest.mark.parametrize(
    ("ended", "again"),
    [
        pytest.param("2024-02-29", "2027-02-28", id="V15"),
        pytest.param("2023-12-10", "2026-12-10", id="V16"),
    ],
)
def test_training_may_be_repeated_three_years_after_its_end(ended: str, again: str) -> None:
    assert workdays.repeat_from(date.fromisoformat(ended)) == date.fromisoformat(again)


@pytest.mark.parametrize(
    ("term", "ends"),
    [
        pytest.param("118-p33-1:usual", "2027-08-31", id="V17 ordinary"),
        pytest.param("118-p33-1:family", "2028-02-29", id="V17 large family"),
    ],
)
def test_accompaniment_runs_in_months_from_the_launch(term: str, ends: str) -> None:
    assert workdays.add(date(2026, 8, 31), law.term(term)) == date.fromisoformat(ends)


@pytest.mark.clause("A-39")
def test_v18_and_v33_four_reports_each_on_the_tenth_working_day_after_its_quarter(centre: Calendar) -> None:
    found = workdays.reports_due(date(2026, 5, 20), centre, ALMATY)
    assert [(one.due_on, one.provisional) for one in found] == [
        (date(2026, 7, 15), False),
        (date(2026, 10, 14), False),
        (date(2027, 1, 19), True),
        (date(2027, 4, 14), True),
    ]


def test_v24_payment_takes_ten_working_days(centre: Calendar) -> None:
    assert working_term(date(2026, 7, 2), law.term("A-38"), centre, ALMATY).due_on == date(2026, 7, 17)


@pytest.mark.parametrize(("sent", "in_time"), [("2027-02-25T23:58", True), ("2027-02-26T00:05", False)])
def test_v30_a_plan_is_handed_in_by_the_end_of_the_last_day(sent: str, in_time: bool) -> None:
    instant = datetime.fromisoformat(sent).replace(tzinfo=ZoneInfo(ALMATY))
    assert (instant <= workdays.end_of(date(2027, 2, 25), ALMATY)) is in_time


def test_a_term_of_calendar_days_ends_with_its_last_day(centre: Calendar) -> None:
    found = workdays.calendar_term(date(2026, 6, 1), law.term("A-40:return"), centre, ALMATY)
    assert found.due_on == date(2026, 7, 1)
    assert [day.number for day in found.days] == list(range(1, 31))


@pytest.mark.clause("T-UNCOLLECTED")
def test_a_month_ends_on_the_same_day_of_the_next_one_or_its_last(centre: Calendar) -> None:
    found = workdays.calendar_term(date(2026, 1, 31), law.term("T-UNCOLLECTED"), centre, ALMATY)
    assert found.due_on == date(2026, 2, 28)
    assert [day.date for day in found.days] == [date(2026, 2, 28)]


@pytest.mark.parametrize(
    ("day", "end"),
    [("2026-01-01", "2026-03-31"), ("2026-06-30", "2026-06-30"), ("2026-11-15", "2026-12-31")],
)
def test_a_quarter_ends_with_its_third_month(day: str, end: str) -> None:
    assert workdays.quarter_end(date.fromisoformat(day)) == date.fromisoformat(end)


def test_working_days_cannot_be_added_without_a_calendar() -> None:
    with pytest.raises(ValueError, match="118-p06"):
        workdays.add(date(2026, 6, 1), law.term("118-p06"))
