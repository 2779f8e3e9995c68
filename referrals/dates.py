"""The dates of a referral: when an application is accepted, by when it is checked, decided and sent, and why.

Pure: the channel, the instant of filing, the zone and the calendars come in. Instants are aware.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bastau import law
from bastau.workdays import Calendar, CalendarKind, DayLook, Reckoning, hours_before, looks, working_term

#: Gives the calendar of a kind of office: `workdays.current`, or `workdays.calendar_for` without a database.
CalendarOf = Callable[[CalendarKind], Calendar]

CHECK, ISSUE, TOTAL, SC_RETURN, SC_CHECK = "118-p09-1", "118-p09-2", "118-p06", "118-p07-2", "T-SC-CHECK"
PORTAL_CUTOFF, RESULT_CUTOFF = "A-04", "A-45"


class OutsideHours(ValueError):
    """A counter was said to accept an application while it was closed. `str()` is a sentence for the reader.

    `channel` is the counter's; `day` the local day; `opens` and `closes` its hours, local.
    """

    def __init__(self, channel: CalendarKind, calendar: Calendar, day: date) -> None:
        self.channel = channel
        self.day = day
        self.opens, self.closes = calendar.opens(day), calendar.closes(day)
        self.is_day_off = not calendar.is_working(day)
        super().__init__(channel, day)

    def __str__(self) -> str:
        words = {
            "day": self.day.strftime("%d.%m.%Y"),
            "opens": self.opens.strftime("%H:%M"),
            "closes": self.closes.strftime("%H:%M"),
        }
        if self.channel is CalendarKind.SC and self.is_day_off:
            said = _(
                "The State Corporation is closed on this day: %(day)s. Come on a working day or file on the Portal."
            )
        elif self.channel is CalendarKind.SC:
            said = _(
                "The State Corporation accepts applications at these hours: %(opens)s–%(closes)s. "
                "Come at these hours or file on the Portal."
            )
        elif self.is_day_off:
            said = _(
                "The employment centre is closed on this day: %(day)s. Come on a working day or file on the Portal."
            )
        else:
            said = _(
                "The employment centre accepts applications at these hours: %(opens)s–%(closes)s. "
                "Come at these hours or file on the Portal."
            )
        return said % words


@dataclass(frozen=True, slots=True)
class ReferralDates:
    """The dates of one application. The last two exist for the State Corporation's channel only.

    `check`: the legal term of the check; `total`: of the whole service; `sc_return`: by when the result is at the
    State Corporation; `sc_check`: the internal target of the check that leaves the director a day.
    """

    channel: CalendarKind
    accepted_on: date
    check: Reckoning
    total: Reckoning
    sc_return: Reckoning | None
    sc_check: Reckoning | None

    @property
    def result_due(self) -> Reckoning:
        """The earlier of the dates that bind the signature."""
        return self.sc_return or self.total

    @property
    def provisional(self) -> bool:
        """Whether a date rests on a year without its decree (A-50)."""
        return self.total.provisional


def reckon(channel: CalendarKind | str, filed_at: datetime, zone: str, calendar_of: CalendarOf) -> ReferralDates:
    """All dates of an application filed at an aware instant. Clause: 118-p06, 118-p07-2, 118-p09-1, A-02…A-05.

    `zone` is that of the applicant's centre. Raises OutsideHours at a closed counter, ValueError for a channel that
    does not exist.
    """
    filed_on = filed_at.astimezone(ZoneInfo(zone)).date()
    accepted = accepted_on(channel, filed_at, zone, calendar_of)
    before = looks(filed_on, accepted, calendar_of(CalendarKind.CENTRE))
    return dates_from(channel, accepted, zone, calendar_of, before=before)


def accepted_on(channel: CalendarKind | str, filed_at: datetime, zone: str, calendar_of: CalendarOf) -> date:
    """The day an application counts as accepted. Raises OutsideHours at a closed counter. Clause: 118-a2-r07.

    A counter accepts while it is open, and the day is that day (A-05). The Portal takes filings round the clock;
    from the cutoff on, and on days off, they are accepted on the centre's next working day (A-04).
    """
    channel = CalendarKind(channel)
    local = filed_at.astimezone(ZoneInfo(zone))
    if channel is CalendarKind.PORTAL:
        return _day_or_next(local, PORTAL_CUTOFF, calendar_of(CalendarKind.CENTRE))
    counter = calendar_of(channel)
    if not counter.is_open(filed_at, zone):
        raise OutsideHours(channel, counter, local.date())
    return local.date()


def dates_from(
    channel: CalendarKind | str, accepted: date, zone: str, calendar_of: CalendarOf, *, before: tuple[DayLook, ...] = ()
) -> ReferralDates:
    """The dates from a day of acceptance that stands; also how they are reckoned anew when the calendar changed.

    Every term runs in the centre's working days, whatever the channel. Clause: 118-p06, 118-p07-2, 118-p09-1.
    """
    channel, centre = CalendarKind(channel), calendar_of(CalendarKind.CENTRE)

    def term_of(clause: str) -> Reckoning:
        return working_term(accepted, law.term(clause, accepted), centre, zone, before=before)

    total = term_of(TOTAL)
    through_sc = channel is CalendarKind.SC
    return ReferralDates(
        channel=channel,
        accepted_on=accepted,
        check=term_of(CHECK),
        total=total,
        sc_return=hours_before(total, law.term(SC_RETURN, accepted), centre) if through_sc else None,
        sc_check=term_of(SC_CHECK) if through_sc else None,
    )


def issue_due(
    checked_on: date, total: Reckoning, sc_return: Reckoning | None, zone: str, calendar: Calendar
) -> Reckoning:
    """By when the decision is signed: one working day from the day of the check, never later than the whole term and,
    through the State Corporation, than the return. The binding reckoning is given back. Clause: 118-p09-2.

    A check finished late leaves a date in the past: the law gives no pause.
    """
    own = working_term(checked_on, law.term(ISSUE, total.start), calendar, zone)
    return min((one for one in (own, total, sc_return) if one), key=lambda one: one.due)


def issued_on(signed_at: datetime, zone: str, calendar: Calendar) -> date:
    """The day a signed result counts as issued: from the cutoff on, and on days off, the next working day.
    Lateness uses this day. Clause: A-45."""
    return _day_or_next(signed_at.astimezone(ZoneInfo(zone)), RESULT_CUTOFF, calendar)


def is_late(signed_at: datetime, due: Reckoning, calendar: Calendar) -> bool:
    """Whether a result signed then was issued after its due day. Clause: A-45."""
    return issued_on(signed_at, due.zone, calendar) > due.due_on


def _day_or_next(local: datetime, cutoff: str, calendar: Calendar) -> date:
    day = local.date()
    in_time = calendar.is_working(day) and local.time() < law.value(cutoff, day)
    return day if in_time else calendar.next_working(day)
