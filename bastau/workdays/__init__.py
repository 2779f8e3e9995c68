"""Working days: which days count, and terms reckoned from them that can say why they end when they end.

Everything here is pure but :func:`current`, :func:`forget` and :func:`seed`, which read or fill the table.
"""

from bastau.workdays.days import (
    Calendar,
    CalendarKind,
    Day,
    DayRule,
    NoWorkingDay,
    calendar_for,
    shipped_exceptions,
)
from bastau.workdays.reckoning import (
    DayLook,
    Reckoning,
    add,
    by_month_day,
    calendar_term,
    end_of,
    exceptions_changed,
    hours_before,
    looks,
    quarter_end,
    working_term,
)
from bastau.workdays.terms import announce_by, monthly_list_due, repeat_from, reports_due

__all__ = [
    "Calendar",
    "CalendarKind",
    "Day",
    "DayLook",
    "DayRule",
    "NoWorkingDay",
    "Reckoning",
    "add",
    "announce_by",
    "by_month_day",
    "calendar_for",
    "calendar_term",
    "current",
    "end_of",
    "exceptions_changed",
    "forget",
    "hours_before",
    "looks",
    "monthly_list_due",
    "quarter_end",
    "repeat_from",
    "reports_due",
    "seed",
    "shipped_exceptions",
    "working_term",
]


# The table's module needs loaded models, and this package is imported before them; hence the late imports.
def current(kind: CalendarKind | str) -> Calendar:
    """The calendar of an office with the table's exceptions; one small query, once a request or task.

    Raises ValueError for an unknown kind.
    """
    from bastau.workdays import table

    return table.current(kind)


def forget() -> None:
    """Read the table anew at the next question; whoever enters an exception calls it."""
    from bastau.workdays import table

    table.forget()


def seed() -> int:
    """Enter the shipped exceptions that the table does not hold yet; returns how many. Safe to repeat."""
    from bastau.workdays import table

    return table.seed()
