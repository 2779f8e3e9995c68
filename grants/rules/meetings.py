"""When a meeting may be held, and whether the commission is composed as it must be (A-32, A-33, A-34). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bastau import law, workdays
from bastau.portal import dates
from bastau.workdays import Calendar, DayLook, Reckoning


@dataclass(frozen=True)
class Appointed:
    """One appointment as the rules need it."""

    is_chair: bool
    is_substitute: bool


def composition_faults(members: Iterable[Appointed]) -> list[Any]:
    """What is wrong with a commission, in sentences; empty when it may sit. Clause: A-32."""
    voting = [member for member in members if not member.is_substitute]
    least = law.value("A-32:members")
    faults: list[Any] = []
    if len(voting) < least:
        faults.append(
            _("The commission has %(number)s voting members and needs at least %(least)s. The director appoints them.")
            % {"number": len(voting), "least": least}
        )
    if len(voting) % 2 == 0 and voting:
        faults.append(
            _("The commission has %(number)s voting members: the number must be odd. Appoint or release one.")
            % {"number": len(voting)}
        )
    chairs = sum(member.is_chair for member in voting)
    if chairs != 1:
        faults.append(_("The commission needs exactly one chair. The director appoints the chair by an order."))
    return faults


def notice_due(meeting_day: date, calendar: Calendar, zone: str) -> Reckoning:
    """Until when members and applicants must be told: the last working day with the term's days after it. A-33.

    The days counted are those after the notice, up to the meeting; the last of them may be the meeting's own day.
    """
    term = law.term("A-33", meeting_day)
    look = calendar.look(meeting_day)
    # A meeting on a day off has its last counted day before it.
    last = meeting_day if look.working else calendar.last_working_before(meeting_day)
    start = calendar.shift(last, -term.length)
    days, counted, provisional = [], 0, calendar.look(start).provisional
    day = start
    while day < meeting_day:
        day += timedelta(days=1)
        look = calendar.look(day)
        provisional |= look.provisional
        counted += look.working
        number = counted if look.working else None
        days.append(DayLook(day, look.working, number, look.reason_kk, look.reason_ru, look.reason_en))
    due = calendar.closing(start, zone).astimezone(UTC)
    return Reckoning(due, start, tuple(days), term.id, term, provisional, zone, calendar.kind)


def earliest_meeting(now: datetime, calendar: Calendar, zone: str) -> date:
    """The first day a meeting may be held when everybody is told now. Clause: A-33."""
    today = now.astimezone(ZoneInfo(zone)).date()
    told = today
    if not calendar.is_working(today) or now >= calendar.closing(today, zone):
        # Told after the office closed counts from the next working day.
        told = calendar.next_working(today)
    return calendar.shift(told, law.term("A-33", today).length)


def is_in_time(meeting_day: date, now: datetime, calendar: Calendar, zone: str) -> bool:
    """Whether notices sent now come at least the term's working days before the meeting. Clause: A-33."""
    return now <= notice_due(meeting_day, calendar, zone).due


def too_late(meeting_day: date, now: datetime, calendar: Calendar, zone: str) -> Any:
    """The sentence for a meeting that is too near, naming the earliest day. Clause: A-33."""
    return _(
        "Members and applicants must be told at least %(number)s working days before the meeting, and %(day)s is too"
        " near. The earliest day for this meeting is %(earliest)s. Choose that day or a later one."
    ) % {
        "number": law.term("A-33", meeting_day).length,
        "day": dates.long_date(meeting_day),
        "earliest": dates.long_date(earliest_meeting(now, calendar, zone)),
    }


def protocol_due(closed_on: date, zone: str) -> Reckoning:
    """When the protocol must be signed. Clause: A-34."""
    return workdays.working_term(closed_on, law.term("A-34:protocol", closed_on), workdays.current("centre"), zone)


def entry_due(signed_on: date, zone: str) -> Reckoning:
    """When the decisions must be entered. Clause: A-34."""
    return workdays.working_term(signed_on, law.term("A-34:entry", signed_on), workdays.current("centre"), zone)
