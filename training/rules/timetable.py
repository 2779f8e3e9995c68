"""The timetable of a group, without a database: it is laid out, checked, and says in words what is wrong with it.

Clauses: 118-p22-2 (25 calendar days, A-17), 118-p22-4 (80 academic hours, 4 a day, A-18), 118-p23 (public speaking),
118-p15 (15 days between announcement and start, A-14). An academic hour has 45 minutes (A-15).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bastau import law, workdays

if TYPE_CHECKING:
    from training.models import TrainingGroup

PITCH = "pitch"
#: Minutes between academic hours: short, long after each second one, a meal after the fourth.
SHORT_BREAK, LONG_BREAK, MEAL = 5, 15, 60
#: Nobody is kept longer without being told so: the text knows no daily maximum (SPEC 8).
LONG_DAY = 8


@dataclass(frozen=True)
class Lesson:
    """One class day: the module it ends with, and how many academic hours."""

    day: date
    hours: int
    module: str
    starts_at: time = time(9, 30)

    @property
    def ends_at(self) -> time:
        """When the last hour ends, breaks included (A-15)."""
        return ends_at(self.starts_at, self.hours)


class TooLong(ValueError):
    """The hours do not fit between the start and the end of a day."""


def ends_at(starts_at: time, hours: int) -> time:
    """The end of `hours` academic hours begun at `starts_at`: 09:30 and 4 give 12:55. Raises TooLong past midnight."""
    minutes = hours * law.value("A-15")
    for hour in range(1, hours):
        minutes += MEAL if hour % 4 == 0 else LONG_BREAK if hour % 2 == 0 else SHORT_BREAK
    begin = datetime.combine(date.min, starts_at)
    end = begin + timedelta(minutes=minutes)
    if end.date() != begin.date():
        raise TooLong(f"{hours} academic hours from {starts_at} end after midnight.")
    return end.time()


def lay_out(
    start: date,
    modules: Sequence[Mapping[str, Any]],
    *,
    hours_a_day: int,
    weekdays: Collection[int],
    starts_at: time = time(9, 30),
    is_off: Callable[[date], bool] = lambda day: False,
) -> list[Lesson]:
    """Class days from `start` on the chosen `weekdays` (1 = Monday), leaving out days off, till all hours are given.

    A day is named by the module it ends with. Empty without hours or weekdays.
    """
    left = [[one["code"], one["hours"]] for one in modules]
    lessons: list[Lesson] = []
    day = start
    while left and weekdays and hours_a_day > 0:
        if day.isoweekday() in weekdays and not is_off(day):
            lessons.append(Lesson(day, *_taken(left, hours_a_day), starts_at))
        day += timedelta(days=1)
    return lessons


def _taken(left: list[list[Any]], hours: int) -> tuple[int, str]:
    given, module = 0, ""
    while left and given < hours:
        module = left[0][0]
        piece = min(hours - given, left[0][1])
        given += piece
        left[0][1] -= piece
        if not left[0][1]:
            left.pop(0)
    return given, module


def faults(lessons: Sequence[Lesson]) -> list[str]:
    """What the Rules do not allow in this timetable, each in a sentence that says what to do; else empty."""
    return list(_faults(sorted(lessons, key=lambda one: one.day)))


def _faults(lessons: Sequence[Lesson]) -> Iterator[str]:
    if not lessons:
        yield _("The timetable has no class day.")
        return
    total, daily = law.value("118-p22-4:total"), law.value("118-p22-4:daily")
    given = sum(one.hours for one in lessons)
    if given > total:
        words = _("The timetable has %(given)d academic hours; group training takes at most %(total)d. Take hours out.")
        yield words % {"given": given, "total": total}
    for one in lessons:
        if one.hours < daily:
            yield _(
                "%(day)s has %(hours)d academic hours; the daily load is at least %(daily)d. Join these hours with"
                " another day, or give every day the same number of hours."
            ) % {"day": f"{one.day:%d.%m.%Y}", "hours": one.hours, "daily": daily}
    if len({one.day for one in lessons}) != len(lessons):
        yield _("A day stands in the timetable twice.")
    yield from _span_faults(lessons)
    if all(one.module != PITCH for one in lessons):
        yield _("The timetable has no public speaking training, which is obligatory.")


def _span_faults(lessons: Sequence[Lesson]) -> Iterator[str]:
    first, last = lessons[0].day, lessons[-1].day
    days, most = span(first, last), law.term("118-p22-2").length
    if days > most:
        yield _(
            "From %(first)s to %(last)s there are %(days)d calendar days; training takes at most %(most)d, the first"
            " and the last day included. Teach on one more Saturday, or more hours a day (5 hours on 16 days instead of"
            " 4 hours on 20)."
        ) % {"first": f"{first:%d.%m.%Y}", "last": f"{last:%d.%m.%Y}", "days": days, "most": most}


def warnings(lessons: Sequence[Lesson]) -> list[str]:
    """What is lawful but unusual: more than eight academic hours on a day (SPEC 8)."""
    long = sum(one.hours > LONG_DAY for one in lessons)
    return [_("There are days with more than %(n)d academic hours.") % {"n": LONG_DAY}] if long else []


def span(first: date, last: date) -> int:
    """Calendar days from the first to the last training day (118-p22-2); both count unless A-17 is turned round."""
    return (last - first).days + (1 if law.value("A-17") else 0)


def last_possible_day(first: date) -> date:
    """The last day on which training begun on `first` may end (118-p22-2, A-17)."""
    return first + timedelta(days=law.term("118-p22-2").length - (1 if law.value("A-17") else 0))


def may_announce(start: date, today: date) -> bool:
    """Whether enough calendar days are left before `start` for its announcement (118-p15, A-14)."""
    return today <= workdays.announce_by(start)


def earliest_start(today: date) -> date:
    """The first day of training that may still be announced `today` (118-p15)."""
    return workdays.add(today, law.term("118-p15"))


def late_to_announce(start: date, today: date) -> str:
    """Why a start cannot be announced any more, and which is the earliest that can."""
    return _(
        "The start %(start)s is too near: it must be announced at least %(days)d calendar days before. The earliest"
        " start that can be announced today is %(earliest)s."
    ) % {
        "start": f"{start:%d.%m.%Y}",
        "days": law.term("118-p15").length,
        "earliest": f"{earliest_start(today):%d.%m.%Y}",
    }


def lessons_of(group: TrainingGroup) -> list[Lesson]:
    """The class days of a group as the rules see them."""
    days = group.class_days.filter(booked=True).order_by("day")
    return [Lesson(one.day, one.hours, one.module_code, one.starts_at) for one in days]


def fingerprint(group: TrainingGroup) -> str:
    """What the local body agrees to: form, dates and place (118-p14)."""
    agreed = [group.mode, group.start_on.isoformat(), group.end_on.isoformat(), group.place_kk, group.place_ru]
    return hashlib.sha256("\n".join(agreed).encode()).hexdigest()
