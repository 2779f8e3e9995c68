"""Which days are working days, and why."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bastau.workdays import Calendar, CalendarKind, DayRule, NoWorkingDay, calendar_for
from bastau.workdays.words import Words

ALMATY = "Asia/Almaty"

#: Weekdays that are off, by year, written down by hand from the list of holidays and decrees.
WEEKDAYS_OFF = {
    2021: "01-01 01-04 01-07 03-08 03-22 03-23 03-24 05-03 05-07 05-10 07-05 07-06 07-20 08-30 12-01 12-16 12-17",
    2022: "01-03 01-04 01-07 03-07 03-08 03-21 03-22 03-23 05-02 05-09 05-10 07-06 08-29 08-30 10-24 10-25 12-16",
    2023: "01-02 01-03 03-08 03-21 03-22 03-23 05-01 05-08 05-09 06-28 07-06 07-07 08-30 10-25 12-18",
    2024: "01-01 01-02 03-08 03-21 03-22 03-25 05-01 05-07 05-08 05-09 07-08 08-30 10-25 12-16",
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16",
    2027: "01-01 01-04 01-07 03-08 03-15 03-22 03-23 03-24 05-03 05-07 05-10 07-06 10-25 12-16",
}
WORKING_WEEKENDS = {
    2021: "07-03",
    2022: "03-05 08-27 10-22",
    2023: "07-01",
    2024: "05-04",
    2025: "01-05",
    2026: "",
    2027: "",
}
#: Saturdays on which a holiday falls: off for the State Corporation, too.
SATURDAYS_OFF = {
    2021: "01-02 05-01",
    2022: "01-01 05-07 07-09",
    2023: "01-07 12-16",
    2024: "03-23 07-06",
    2025: "03-08 03-22 08-30 10-25",
    2026: "03-21 05-09",
    2027: "01-02 05-01",
}


@pytest.fixture
def centre() -> Calendar:
    return calendar_for("centre")


@pytest.fixture
def sc() -> Calendar:
    return calendar_for("sc")


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def named(year: int, table: dict[int, str]) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in table[year].split()}


@pytest.mark.clause("118-a2-r07", "A-50")
@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_every_day_of_the_centre_is_as_the_decrees_say(centre: Calendar, year: int) -> None:
    expected = {day for day in days_of(year) if day.isoweekday() <= 5} - named(year, WEEKDAYS_OFF)
    expected |= named(year, WORKING_WEEKENDS)
    assert {day for day in days_of(year) if centre.is_working(day)} == expected


@pytest.mark.clause("118-a2-r07")
@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_the_state_corporation_works_on_saturdays_but_not_on_holidays(sc: Calendar, year: int) -> None:
    expected = {day for day in days_of(year) if day.isoweekday() <= 6}
    expected -= named(year, WEEKDAYS_OFF) | named(year, SATURDAYS_OFF)
    expected |= named(year, WORKING_WEEKENDS)
    assert {day for day in days_of(year) if sc.is_working(day)} == expected


def test_the_portal_works_every_day() -> None:
    portal = calendar_for(CalendarKind.PORTAL)
    assert all(portal.is_working(day) for year in WEEKDAYS_OFF for day in days_of(year))


@pytest.mark.clause("118-a2-r07")
@pytest.mark.parametrize(
    ("kind", "at", "is_open"),
    [
        ("centre", "2026-06-01T08:59", False),
        ("centre", "2026-06-01T09:00", True),
        ("centre", "2026-06-01T18:29", True),
        ("centre", "2026-06-01T18:30", False),
        ("centre", "2026-06-05T12:00", True),
        ("centre", "2026-06-06T12:00", False),
        ("sc", "2026-06-01T08:59", False),
        ("sc", "2026-06-01T09:00", True),
        ("sc", "2026-06-06T19:59", True),
        ("sc", "2026-06-06T20:00", False),
        ("sc", "2026-06-07T12:00", False),
        ("portal", "2026-06-07T03:00", True),
    ],
)
def test_the_hours_of_each_office(kind: str, at: str, is_open: bool) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ALMATY))
    assert calendar_for(kind).is_open(instant, ALMATY) is is_open


def test_hours_are_those_of_the_zone(centre: Calendar) -> None:
    before_the_clocks_changed = datetime(2024, 2, 28, 12, 45, tzinfo=ZoneInfo("UTC"))
    assert not centre.is_open(before_the_clocks_changed, ALMATY)
    assert centre.is_open(before_the_clocks_changed, "Asia/Aqtau")


@pytest.mark.parametrize(
    ("day", "kk", "ru"),
    [
        ("2026-06-06", "Демалыс күні (сенбі)", "Выходной день (суббота)"),
        ("2026-06-01", "Жұмыс күні (дүйсенбі)", "Рабочий день (понедельник)"),
        ("2026-07-06", "Астана күні", "День столицы"),
        ("2026-05-27", "Құрбан айт", "Курбан айт"),
        ("2024-05-04", "Демалыс күні 2024 жылғы 8 мамырға ауыстырылды", "День отдыха перенесен на 8 мая 2024 года"),
        (
            "2026-05-11",
            "Мереке күні демалысқа дәл келгендіктен берілген демалыс (Жеңіс күні)",
            "Выходной за праздник, совпавший с выходным днем (День Победы)",
        ),
    ],
)
def test_a_day_says_why_in_both_languages(centre: Calendar, day: str, kk: str, ru: str) -> None:
    look = centre.look(date.fromisoformat(day))
    assert (look.reason_kk, look.reason_ru) == (kk, ru)


def test_every_holiday_of_the_package_has_its_own_name_in_kazakh_and_russian(centre: Calendar) -> None:
    unnamed = [
        day for year in range(2021, 2031) for day in days_of(year) if centre.look(day).reason_kk == "Мереке күні"
    ]
    assert unnamed == []


@pytest.mark.clause("A-50")
def test_only_the_year_without_a_decree_is_provisional(centre: Calendar) -> None:
    assert [year for year in WEEKDAYS_OFF if centre.look(date(year, 6, 1)).provisional] == [2027]


@pytest.mark.clause("A-50")
def test_a_year_without_a_decree_has_no_estimated_holidays(centre: Calendar) -> None:
    # Kurban ait of 2028 is estimated for Friday 5 May; no decree says so yet.
    assert centre.look(date(2028, 5, 5)).working


@pytest.mark.clause("A-50")
def test_a_decree_settles_its_year() -> None:
    rule = DayRule(date(2027, 1, 1), False, Words("Жаңа жыл", "Новый год", "New Year"), "№ 1", settles_year=True)
    settled = calendar_for("centre", [rule])
    assert not settled.look(date(2027, 6, 1)).provisional


def test_the_newest_exception_of_a_day_wins() -> None:
    words = Words("себеп", "причина", "reason")
    saturday = date(2026, 6, 6)
    rules = [DayRule(saturday, True, words, "№ 1"), DayRule(saturday, False, words, "№ 2")]
    assert calendar_for("centre", rules[:1]).is_working(saturday)
    assert not calendar_for("centre", rules).is_working(saturday)


def test_an_exception_holds_only_for_its_calendars(centre: Calendar) -> None:
    monday = date(2026, 6, 1)
    rule = DayRule(monday, False, Words("себеп", "причина", "reason"), "№ 1", calendars=frozenset({CalendarKind.SC}))
    assert calendar_for("centre", [rule]).is_working(monday)
    assert not calendar_for("sc", [rule]).is_working(monday)


def test_a_calendar_without_working_days_is_refused_instead_of_searched_for_ever() -> None:
    words = Words("себеп", "причина", "reason")
    rules = [DayRule(date(2026, 1, 1) + timedelta(days=n), False, words, "№ 1") for n in range(90)]
    with pytest.raises(NoWorkingDay):
        calendar_for("centre", rules).next_working(date(2026, 1, 1))


def test_shifting_by_working_days_goes_both_ways(centre: Calendar) -> None:
    assert centre.shift(date(2026, 6, 5), 1) == date(2026, 6, 8)
    assert centre.shift(date(2026, 6, 8), -1) == date(2026, 6, 5)


def test_an_unknown_office_has_no_calendar() -> None:
    with pytest.raises(ValueError, match="chamber"):
        calendar_for("chamber")


@pytest.mark.clause("118-a2-r07")
def test_the_centre_closes_at_half_past_six(centre: Calendar) -> None:
    assert centre.closes(date(2026, 6, 1)) == time(18, 30)
