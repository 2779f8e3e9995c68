"""Pure rules of quarterly reports: their quarters, what a sum confirms, when another report is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bastau import law, workdays

ROMAN = ("I", "II", "III", "IV")
_SPOKEN = ("first", "second", "third", "fourth")


def quarter_name(quarter_end: date) -> dict[str, str]:
    """The quarter in words, in each language: «2026 жылғы II тоқсан», «II квартал 2026 года»."""
    place = (quarter_end.month - 1) // 3
    return {
        "kk": f"{quarter_end.year} жылғы {ROMAN[place]} тоқсан",
        "ru": f"{ROMAN[place]} квартал {quarter_end.year} года",
        "en": f"the {_SPOKEN[place]} quarter of {quarter_end.year}",
    }


def next_quarter_end(quarter_end: date) -> date:
    """The last day of the quarter after the one that ends on `quarter_end`."""
    return workdays.quarter_end(quarter_end + timedelta(days=1))


def previous_quarter_end(quarter_end: date) -> date:
    """The last day of the quarter before the one that ends on `quarter_end`."""
    return quarter_end.replace(month=quarter_end.month - 2, day=1) - timedelta(days=1)


def first_quarters(paid_on: date) -> list[date]:
    """The last days of the quarters for which a report is due in any case, from that of the payment (A-39)."""
    found = [workdays.quarter_end(paid_on)]
    while len(found) < law.value("A-39:quarters", paid_on):
        found.append(next_quarter_end(found[-1]))
    return found


def may_be_filed(quarter_end: date, today: date) -> bool:
    """A report tells of a whole quarter, so it waits for the quarter's end (FKA04-5.1)."""
    return today > quarter_end


@dataclass(frozen=True)
class Balance:
    """The grant in whole tenge: what came, what filed reports say was spent, what of it has found its end."""

    received: int
    spent: int = 0
    confirmed: int = 0
    recovered: int = 0
    in_court: int = 0

    @property
    def rest(self) -> int:
        """What of the grant is not spent yet, as far as filed reports say."""
        return self.received - self.spent

    @property
    def unconfirmed(self) -> int:
        """What no accepted report covers: neither confirmed nor returned nor before the court."""
        return self.received - self.confirmed - self.recovered - self.in_court


def further_due(balance: Balance, last_quarter_end: date, today: date, *, open_reports: bool) -> bool:
    """Whether a report for the quarter after the last one is to be made (A-39): the whole sum is not confirmed, and
    either every report is settled or that next quarter itself is over."""
    if balance.unconfirmed <= 0:
        return False
    return not open_reports or may_be_filed(next_quarter_end(last_quarter_end), today)


def reminder(days_before: int | None, left: timedelta) -> int | None:
    """Which reminder is to be sent now, in days before the term, with `left` until it; None where none is.

    `days_before` is the last one sent. Of several missed ones only the nearest is sent (A-39).
    """
    due = [days for days in (law.value("A-39:remind_first"), law.value("A-39:remind_last")) if left <= timedelta(days)]
    if not due or left <= timedelta(0) or (days_before is not None and days_before <= min(due)):
        return None
    return min(due)
