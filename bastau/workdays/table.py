"""The calendars with the entries of the table: read in one query, within a request or task only once."""

from contextvars import ContextVar

from celery.signals import task_postrun, task_prerun
from django.core.signals import request_finished, request_started

from bastau import clock
from bastau.workdays.days import Calendar, CalendarKind, calendar_for, shipped_exceptions
from bastau.workdays.models import DayException, ExceptionKind

Calendars = dict[CalendarKind, Calendar]

# None outside a request or task: nothing is kept then, so a shell or a long command never reads yesterday's calendar.
_kept: ContextVar[Calendars | None] = ContextVar("workdays_calendars", default=None)


def calendars() -> Calendars:
    """The calendars of all kinds of offices, with the table's exceptions: one query."""
    kept = _kept.get()
    if kept:
        return kept
    # Oldest first by key, not by time: a movable clock may enter a later row at an earlier hour.
    rules = [row.as_rule() for row in DayException.objects.order_by("pk")]
    found = {kind: calendar_for(kind, rules) for kind in CalendarKind}
    if kept is not None:
        kept.update(found)
    return found


def current(kind: CalendarKind | str) -> Calendar:
    """The calendar of one kind of office, with the table's exceptions. Raises ValueError for an unknown kind."""
    return calendars()[CalendarKind(kind)]


def forget() -> None:
    """Read the table anew at the next question; whoever enters an exception calls it."""
    if _kept.get() is not None:
        _kept.set({})


def seed() -> int:
    """Enter the shipped exceptions that the table does not hold yet; returns how many. Safe to repeat and to race."""
    shipped, decreed = shipped_exceptions()
    before = DayException.objects.count()
    now = clock.now()
    DayException.objects.bulk_create(
        [
            DayException(
                day=rule.day,
                kind=ExceptionKind.WORKING if rule.working else ExceptionKind.OFF,
                name_kk=rule.words.kk,
                name_ru=rule.words.ru,
                name_en=rule.words.en,
                decree=rule.decree,
                for_centre=CalendarKind.CENTRE in rule.calendars,
                for_sc=CalendarKind.SC in rule.calendars,
                settles_year=rule.day.year in decreed,
                entered_at=now,
            )
            for rule in shipped
        ],
        ignore_conflicts=True,
    )
    forget()
    return DayException.objects.count() - before


def connect() -> None:
    """Keep the calendars for the length of a request or task, and forget them between."""
    for starts in (request_started, task_prerun):
        starts.connect(_begin, dispatch_uid="workdays.begin")
    for ends in (request_finished, task_postrun):
        ends.connect(_end, dispatch_uid="workdays.end")


def _begin(**_: object) -> None:
    _kept.set({})


def _end(**_: object) -> None:
    _kept.set(None)
