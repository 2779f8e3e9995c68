"""Terms reckoned so that they can explain themselves: which days were counted, which were not, and why.

Pure: days and calendars come in, a :class:`Reckoning` goes out. Instants are kept in UTC; days are local dates of the
office's IANA zone, because a term is a matter of local days and the country has changed its offset.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from bastau import law
from bastau.law import Term
from bastau.workdays.days import Calendar
from bastau.workdays.words import CALENDAR_DAY


@dataclass(frozen=True, slots=True)
class DayLook:
    """One day the reckoning looked at. `number` is its place in the term when it was counted."""

    date: date
    counted: bool
    number: int | None
    reason_kk: str
    reason_ru: str
    reason_en: str

    def reason(self, lang: str) -> str:
        """Why the day was counted or not, in kk, ru or en."""
        return {"ru": self.reason_ru, "en": self.reason_en}.get(lang[:2], self.reason_kk)

    def as_json(self) -> dict[str, Any]:
        """A plain dict; the date as YYYY-MM-DD."""
        return {one.name: getattr(self, one.name) for one in fields(self)} | {"date": self.date.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The reverse of :meth:`as_json`."""
        return cls(**{**kept, "date": date.fromisoformat(kept["date"])})


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A reckoned term: when it is due and every day that made it so.

    `due` is aware, in UTC. `start` is the day the term runs from. `days` holds every day looked at after it, up to
    the due day; `before` the days between filing and acceptance, when they differ. `clause` is the id of the clause
    applied. `provisional`: a year it touches has no decree on days off yet (A-50).
    """

    due: datetime
    start: date
    days: tuple[DayLook, ...]
    clause: str
    term: Term
    provisional: bool
    zone: str
    calendar: str
    before: tuple[DayLook, ...] = ()

    @property
    def due_on(self) -> date:
        """The local date of the due instant."""
        return self.due_local.date()

    @property
    def due_local(self) -> datetime:
        """The due instant with the offset of the office's zone."""
        return self.due.astimezone(ZoneInfo(self.zone))

    def as_json(self) -> dict[str, Any]:
        """What a JSON field keeps; :meth:`from_json` reads it back unchanged."""
        term = self.term
        return {
            "due": self.due.isoformat(),
            "start": self.start.isoformat(),
            "days": [day.as_json() for day in self.days],
            "before": [day.as_json() for day in self.before],
            "clause": self.clause,
            "term": {"id": term.id, "length": term.length, "unit": term.unit, "start": term.start},
            "provisional": self.provisional,
            "zone": self.zone,
            "calendar": self.calendar,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The reverse of :meth:`as_json`. Raises KeyError or ValueError when it is not one of ours."""
        return cls(
            due=datetime.fromisoformat(kept["due"]),
            start=date.fromisoformat(kept["start"]),
            days=tuple(DayLook.from_json(day) for day in kept["days"]),
            clause=kept["clause"],
            term=Term(**kept["term"]),
            provisional=kept["provisional"],
            zone=kept["zone"],
            calendar=kept["calendar"],
            before=tuple(DayLook.from_json(day) for day in kept["before"]),
        )


def working_term(
    start_day: date, term: Term, calendar: Calendar, zone: str, *, before: tuple[DayLook, ...] = ()
) -> Reckoning:
    """A term of working days: it ends when the office closes on its last working day. Clause: A-02.

    The start day is not counted (unless the owner turns A-02 round). `before` are the days between filing and
    acceptance, kept to be shown. Raises NoWorkingDay when the calendar has none for a month.
    """
    days: list[DayLook] = []
    provisional = calendar.look(start_day).provisional
    counted = 0
    day = start_day - timedelta(days=1) if law.value("A-02", start_day) else start_day
    while counted < term.length:
        reached = calendar.next_working(day)
        for passed in _up_to(day, reached):
            look = calendar.look(passed)
            provisional |= look.provisional
            counted += look.working
            number = counted if look.working else None
            days.append(DayLook(passed, look.working, number, look.reason_kk, look.reason_ru, look.reason_en))
        day = reached
    due = calendar.closing(day, zone).astimezone(UTC)
    return Reckoning(due, start_day, tuple(days), term.id, term, provisional, zone, calendar.kind, before)


def hours_before(whole: Reckoning, term: Term, calendar: Calendar) -> Reckoning:
    """The latest moment to act, `term` hours before `whole` ends; out of working time it rolls back to the close of
    the preceding working day. Clause: 118-p07-2, A-03.

    `days` are those of `whole` up to the day 24 hours before, so that what was rolled over is seen.
    """
    raw = whole.due - timedelta(hours=term.length)
    reached = raw.astimezone(ZoneInfo(whole.zone)).date()
    due = _roll_back(raw, calendar, whole.zone) if law.value("A-03", whole.start) == "back" else raw
    days = tuple(day for day in whole.days if day.date <= reached)
    return Reckoning(due, whole.start, days, term.id, term, whole.provisional, whole.zone, calendar.kind, whole.before)


def calendar_term(start_day: date, term: Term, calendar: Calendar, zone: str) -> Reckoning:
    """A term of calendar days, months or years: it ends with its last local day, working or not.

    Of months and years only the last day is kept among `days`.
    """
    last = add(start_day, term)
    first_kept = start_day + timedelta(days=1) if term.unit == "cd" else last
    days = tuple(
        DayLook(day, True, (day - start_day).days if term.unit == "cd" else None, *CALENDAR_DAY)
        for day in _up_to(first_kept - timedelta(days=1), last)
    )
    return Reckoning(end_of(last, zone), start_day, days, term.id, term, False, zone, calendar.kind)


def by_month_day(month: date, term: Term, calendar: Calendar, zone: str, *, roll_back: bool) -> Reckoning:
    """Due at the close of a given day of the month of `month`; a day off rolls back when `roll_back`."""
    first = month.replace(day=1)
    day = first.replace(day=min(term.length, monthrange(first.year, first.month)[1]))
    named = day
    if roll_back and not calendar.is_working(day):
        day = calendar.last_working_before(day)
    looked = [calendar.look(one) for one in _up_to(day - timedelta(days=1), named)]
    days = tuple(DayLook(one.day, one.working, None, one.reason_kk, one.reason_ru, one.reason_en) for one in looked)
    due = calendar.closing(day, zone).astimezone(UTC)
    provisional = any(one.provisional for one in looked)
    return Reckoning(due, first, days, term.id, term, provisional, zone, calendar.kind)


def add(day: date, term: Term, *, times: int = 1) -> date:
    """`day` moved by a term of calendar days, months or years; a missing day of the month becomes its last one.

    Negative `times` go back. Raises ValueError for other units.
    """
    if term.unit == "cd":
        return day + timedelta(days=times * term.length)
    months = {"month": 1, "year": 12}.get(term.unit)
    if months is None:
        raise ValueError(f"{term.id} is a term of {term.unit}, not of calendar days, months or years.")
    count = day.year * 12 + day.month - 1 + times * term.length * months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of(day: date, zone: str) -> datetime:
    """The last microsecond of a local day, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter of `day`."""
    last_month = (day.month + 2) // 3 * 3
    return date(day.year, last_month, monthrange(day.year, last_month)[1])


def looks(after: date, until: date, calendar: Calendar) -> tuple[DayLook, ...]:
    """The days after one and before another, none of them counted, each with its reason."""
    found = (calendar.look(day) for day in _up_to(after, until - timedelta(days=1)))
    return tuple(DayLook(one.day, False, None, one.reason_kk, one.reason_ru, one.reason_en) for one in found)


def exceptions_changed(before: Calendar, after: Calendar, reckonings: Iterable[Reckoning]) -> tuple[Reckoning, ...]:
    """Those of `reckonings` that a change of the calendar crosses: a day of theirs, from the start to the due day,
    became working, off, provisional or settled. All others stand as they are."""
    return tuple(one for one in reckonings if any(_differs(before, after, day) for day in _touched(one)))


def _touched(reckoning: Reckoning) -> Iterator[date]:
    last = max([reckoning.due_on, *(day.date for day in reckoning.days)])
    return _up_to(reckoning.start, last)


def _differs(before: Calendar, after: Calendar, day: date) -> bool:
    old, new = before.look(day), after.look(day)
    return (old.working, old.provisional) != (new.working, new.provisional)


def _roll_back(raw: datetime, calendar: Calendar, zone: str) -> datetime:
    local = raw.astimezone(ZoneInfo(zone))
    day = local.date()
    if calendar.is_working(day) and local.time() >= calendar.opens(day):
        return min(raw, calendar.closing(day, zone).astimezone(UTC))
    return calendar.closing(calendar.last_working_before(day), zone).astimezone(UTC)


def _up_to(after: date, last: date) -> Iterator[date]:
    return (after + timedelta(days=n) for n in range(1, (last - after).days + 1))
