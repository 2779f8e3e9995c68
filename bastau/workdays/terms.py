"""Terms of the centre's calendar year whose dates several parts of the chain share."""

from datetime import date, timedelta

from bastau import law
from bastau.workdays.days import Calendar
from bastau.workdays.reckoning import Reckoning, add, by_month_day, quarter_end, working_term

#: Added to the first of a month, always lands in the next one.
LONGER_THAN_A_MONTH = 32


def monthly_list_due(reporting_month: date, calendar: Calendar, zone: str) -> Reckoning:
    """When the list of a month's candidates must have gone to the chamber: by the fifth of the next month, and on
    the last working day before it when the fifth is off. Clause: 118-p12-1, A-13."""
    next_month = (reporting_month.replace(day=1) + timedelta(days=LONGER_THAN_A_MONTH)).replace(day=1)
    roll_back = law.value("A-13", next_month) == "back"
    return by_month_day(next_month, law.term("118-p12-1", next_month), calendar, zone, roll_back=roll_back)


def reports_due(paid_on: date, calendar: Calendar, zone: str) -> list[Reckoning]:
    """The quarterly reports of a grant: one for each of the quarters from that of the payment, due on the named
    working day after the quarter's end. Clause: FKA04-5.1, A-39."""
    found: list[Reckoning] = []
    end = quarter_end(paid_on)
    for _ in range(law.value("A-39:quarters", paid_on)):
        found.append(working_term(end, law.term("A-39", paid_on), calendar, zone))
        end = quarter_end(end + timedelta(days=1))
    return found


def announce_by(start: date) -> date:
    """The last day on which the start of training may be announced. Clause: 118-p15, A-14."""
    return add(start, law.term("118-p15", start), times=-1)


def repeat_from(ended_on: date) -> date:
    """The first day on which a person may start training again. Clause: 118-p29, A-23."""
    return add(ended_on, law.term("118-p29", ended_on))
