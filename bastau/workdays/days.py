"""Which days are working days, and why: three calendars as pure data, without a database.

The `holidays` package seeds a year; the shipped `exceptions.toml` and then the table of day exceptions override it
both ways. The newest entry of a day wins.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from bastau import law
from bastau.workdays.words import DAY_OFF, HOLIDAY, HOLIDAYS, MOVED, ROUND_THE_CLOCK, WEEKDAYS, WORKING_DAY, Words

HOURS = "118-a2-r07"
SHIPPED = Path(__file__).parent / "exceptions.toml"
#: No run of days off is longer; a longer one means a broken table, and the search for a working day stops.
LONGEST_BREAK = timedelta(days=31)


class CalendarKind(StrEnum):
    """Whose working time it is: the employment centre's, the State Corporation's, the Portal's."""

    CENTRE = "centre"
    SC = "sc"
    PORTAL = "portal"


class NoWorkingDay(ValueError):
    """The calendar holds no working day within a month: its exceptions cannot be right."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """One exception: that day is off, or working, by that decree, for those calendars.

    `settles_year`: with this entry the decree of the day's year is in, and the year is provisional no more.
    """

    day: date
    working: bool
    words: Words
    decree: str
    calendars: frozenset[str] = frozenset({CalendarKind.CENTRE, CalendarKind.SC})
    settles_year: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar: does it count, and why. `provisional`: its year's decree is not published (A-50)."""

    day: date
    working: bool
    reason_kk: str
    reason_ru: str
    reason_en: str
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Working days and hours of one kind of office. Hours are local; days are local dates. Clause: 118-a2-r07."""

    kind: CalendarKind
    rules: Mapping[date, DayRule] = field(default_factory=dict, repr=False)
    decreed: frozenset[int] = frozenset()

    def look(self, day: date) -> Day:
        """Whether `day` is a working day, and the reason in kk, ru and en."""
        provisional = day.year not in self.decreed
        if self.kind is CalendarKind.PORTAL:
            return Day(day, True, *ROUND_THE_CLOCK, provisional)
        if rule := self.rules.get(day):
            return Day(day, rule.working, *rule.words, provisional)
        if words := _holidays(day.year, not provisional).get(day):
            return Day(day, False, *words, provisional)
        weekday = WEEKDAYS[day.weekday()]
        if self._first_weekday(day) <= day.isoweekday() <= self._last_weekday(day):
            return Day(day, True, *_said(WORKING_DAY, weekday), provisional)
        return Day(day, False, *_said(DAY_OFF, weekday), provisional)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return self.look(day).working

    def opens(self, day: date) -> time:
        """Local opening time on a working day. The Portal opens at midnight."""
        return time.min if self.kind is CalendarKind.PORTAL else law.value(f"{HOURS}:{self.kind}.opens", day)

    def closes(self, day: date) -> time:
        """Local closing time on a working day; that instant itself is after hours. The Portal's is the day's end."""
        return time.max if self.kind is CalendarKind.PORTAL else law.value(f"{HOURS}:{self.kind}.closes", day)

    def is_open(self, instant: datetime, zone: str | ZoneInfo) -> bool:
        """Whether the office is open at an aware instant, by the local time of `zone`."""
        local = instant.astimezone(_zone(zone))
        day = local.date()
        return self.is_working(day) and self.opens(day) <= local.time() < self.closes(day)

    def closing(self, day: date, zone: str | ZoneInfo) -> datetime:
        """The instant at which a working day ends, aware, in the zone."""
        return datetime.combine(day, self.closes(day), _zone(zone))

    def next_working(self, day: date) -> date:
        """The first working day after `day`. Raises NoWorkingDay."""
        return self._search(day, 1)

    def last_working_before(self, day: date) -> date:
        """The last working day before `day`. Raises NoWorkingDay."""
        return self._search(day, -1)

    def shift(self, day: date, count: int) -> date:
        """The working day `count` working days after (before, when negative) `day`. Raises NoWorkingDay."""
        step = 1 if count > 0 else -1
        for _ in range(abs(count)):
            day = self._search(day, step)
        return day

    def _search(self, day: date, step: int) -> date:
        reached = day + timedelta(days=step)
        while not self.is_working(reached):
            reached += timedelta(days=step)
            if abs(reached - day) > LONGEST_BREAK:
                raise NoWorkingDay(f"The {self.kind} calendar has no working day within a month of {day}.")
        return reached

    def _first_weekday(self, day: date) -> int:
        return law.value(f"{HOURS}:{self.kind}.first_day", day)

    def _last_weekday(self, day: date) -> int:
        return law.value(f"{HOURS}:{self.kind}.last_day", day)


def calendar_for(
    kind: CalendarKind | str, exceptions: Iterable[DayRule] = (), decreed: Collection[int] = ()
) -> Calendar:
    """The calendar of an office: the seeded years, the shipped exceptions, and `exceptions` on top, oldest first.

    `decreed` names further years whose decree is published. Raises ValueError for an unknown kind.
    """
    kind = CalendarKind(kind)
    shipped, shipped_years = shipped_exceptions()
    rules: dict[date, DayRule] = {}
    years = set(shipped_years) | set(decreed)
    for rule in (*shipped, *exceptions):
        if kind in rule.calendars:
            rules[rule.day] = rule
        if rule.settles_year:
            years.add(rule.day.year)
    return Calendar(kind, MappingProxyType(rules), frozenset(years))


@cache
def shipped_exceptions() -> tuple[tuple[DayRule, ...], frozenset[int]]:
    """The exceptions that come with the code, and the years whose decree they rest on."""
    content = tomllib.loads(SHIPPED.read_text("utf-8"))
    rules = tuple(
        DayRule(
            day=row["day"],
            working={"working": True, "off": False}[row["kind"]],
            words=Words(row["kk"], row["ru"], row["en"]),
            decree=row["decree"],
            calendars=frozenset(row.get("calendars", (CalendarKind.CENTRE, CalendarKind.SC))),
        )
        for row in content["exception"]
    )
    return rules, frozenset(content["decreed_years"])


@cache
def _holidays(year: int, decreed: bool) -> Mapping[date, Words]:
    """Holidays of a year. Estimated ones stand in no decree, so a year without one has only its fixed holidays."""
    found: dict[date, Words] = {}
    for day, name in holidays.country_holidays("KZ", years=year, language="en_US").items():
        if day.year == year and not name.startswith("Day off (substituted") and (decreed or "estimated" not in name):
            found[day] = _named(name)
    return MappingProxyType(found)


def _named(name: str) -> Words:
    plain, _, rest = name.partition(" (")
    words = HOLIDAYS.get(plain, HOLIDAY)
    return _said(MOVED, words) if "observed" in rest else words


def _said(what: Words, detail: Words) -> Words:
    return Words(*(f"{one} ({other})" for one, other in zip(what, detail, strict=True)))


def _zone(zone: str | ZoneInfo) -> ZoneInfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone
