"""The day strip: every legal date shown as the days that make it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypedDict

from django.utils.translation import gettext, ngettext, pgettext

from bastau.portal import dates

#: A small strip of the desk shows so many days; of a longer one the middle is left out.
SMALL_STRIP = 9


class Day(TypedDict, total=False):
    """One cell. `kind`: filed, accepted or start, skipped, counted, due; `number` counts the term's days."""

    date: date
    kind: str
    number: int | None
    reason: str
    today: bool
    passed: bool
    late: bool


def strip_from(
    reckoning: Mapping[str, Any],
    *,
    today: date,
    filed_on: date | None = None,
    accepted_on: date | None = None,
    closed: bool = False,
) -> list[Day]:
    """The strip of a stored reckoning (`Reckoning.as_json()` of `bastau.workdays`), in the active language.

    `reckoning["days"]` holds the days after the start; `reckoning["before"]`, if kept, those between filing and
    acceptance. `closed`: the duty is done, so a passed last day is not late.
    """
    term = reckoning["term"]
    # A term of hours counts back from the end of the whole one, whose start it keeps. Any other term that begins
    # later (with the end of the check, say) has nothing to do with the days of filing and acceptance.
    from_acceptance = term["start"] == "acceptance" or term["unit"] == "hour"
    if not from_acceptance:
        filed_on = accepted_on = None
    start = accepted_on or dates.day_of(reckoning["start"])
    days = [_day(row, today) for row in reckoning["days"]]
    if not any(day["date"] == start for day in days):
        # A term counted back from a day (an announcement before a start) ends before it.
        place = len(days) if days and days[-1]["date"] < start else 0
        days.insert(place, _cell(start, "accepted" if from_acceptance else "start", today))
    due_on = dates.day_of(reckoning["due"], reckoning.get("zone"))
    for day in days:
        if day["date"] == due_on:
            day["kind"], day["late"] = "due", day["passed"] and not closed
    if filed_on and filed_on < start:
        between = _between(filed_on, start, reckoning.get("before", []), today)
        return [_cell(filed_on, "filed", today), *between, *days]
    return days


def cells(strip: Sequence[Mapping[str, Any]], *, small: bool = False) -> list[dict[str, Any]]:
    """What the template draws: for each day its short words, the sentence read aloud, and its CSS class.

    Days that were not kept (of a term of months, say) and the middle of a long small strip become one gap.
    """
    if small:
        begun = next((at for at, day in enumerate(strip) if day["kind"] in {"accepted", "start"}), -1)
        strip = strip[begun + 1 :]
        if len(strip) > SMALL_STRIP:
            strip = [*strip[:4], *strip[-4:]]
    shown: list[dict[str, Any]] = []
    before: date | None = None
    for day in strip:
        on = dates.day_of(day["date"])
        if before and (on - before).days > 1:
            shown.append(_gap((on - before).days - 1))
        shown.append(_shown(day))
        before = on
    return shown


def skipped_days(strip: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The days that were not counted and why, in the order of the calendar, for the text under the strip."""
    return [
        {"day": dates.short_day(day["date"]), "reason": day.get("reason") or gettext("not a working day")}
        for day in strip
        if day["kind"] == "skipped"
    ]


def length_in_words(length: int, unit: str) -> str:
    """«The term is 3 working days.» Empty for units whose clause says it better (hours, a day of the month)."""
    said = {
        "wd": ngettext("The term is %(number)s working day.", "The term is %(number)s working days.", length),
        "cd": ngettext("The term is %(number)s calendar day.", "The term is %(number)s calendar days.", length),
        "month": ngettext("The term is %(number)s month.", "The term is %(number)s months.", length),
        "year": ngettext("The term is %(number)s year.", "The term is %(number)s years.", length),
    }.get(unit, "")
    return said % {"number": length} if said else ""


def _gap(days: int) -> dict[str, Any]:
    return {"kind": "gap", "css": "day day--gap", "said": gettext("Days not drawn here: %(number)s") % {"number": days}}


def _cell(day: date, kind: str, today: date, number: int | None = None, reason: str = "") -> Day:
    return Day(date=day, kind=kind, number=number, reason=reason, today=day == today, passed=day < today, late=False)


def _day(row: Mapping[str, Any], today: date) -> Day:
    lang = dates.language()
    reason = row.get(f"reason_{lang}") or row.get("reason_ru" if lang == "en" else "reason_kk") or ""
    day = dates.day_of(row["date"])
    return _cell(day, "counted" if row["counted"] else "skipped", today, row.get("number"), reason)


def _between(filed_on: date, start: date, kept: Sequence[Mapping[str, Any]], today: date) -> list[Day]:
    if kept:
        return [day for day in (_day(row, today) for row in kept) if filed_on < day["date"] < start]
    between = [filed_on + timedelta(days=n) for n in range(1, (start - filed_on).days)]
    return [
        _cell(
            day,
            "skipped",
            today,
            reason=gettext("day off") if day.weekday() > 4 else gettext("not a working day"),
        )
        for day in between
    ]


def _shown(day: Mapping[str, Any]) -> dict[str, Any]:
    kind, on = day["kind"], dates.day_of(day["date"])
    number = day.get("number")
    late = bool(day.get("late"))
    reason = day.get("reason") or (gettext("not a working day") if kind == "skipped" else "")
    today = bool(day.get("today"))
    last = pgettext("under a day of the strip", "overdue") if late else pgettext("under a day of the strip", "due")
    numbered = gettext("day %(number)s") % {"number": number} if number else ""
    what = {
        "filed": gettext("application sent"),
        "accepted": gettext("application accepted"),
        "start": gettext("the term begins"),
        "skipped": gettext("not counted: %(reason)s") % {"reason": reason},
        "counted": numbered or gettext("counted"),
        "due": ", ".join(part for part in (numbered, gettext("last day"), gettext("overdue") if late else "") if part),
    }[kind]
    label = {
        "filed": pgettext("under a day of the strip", "sent"),
        "accepted": pgettext("under a day of the strip", "accepted"),
        "start": pgettext("under a day of the strip", "start"),
        "skipped": "",
        "counted": str(number or ""),
        "due": " · ".join(part for part in (str(number or ""), last) if part),
    }[kind]
    said = [dates.day_with_weekday(on), what, *([gettext("today")] if today else [])]
    flags = [name for name, yes in (("today", today), ("passed", day.get("passed")), ("late", late)) if yes]
    return {
        "kind": kind,
        "date": on,
        "weekday": gettext("today") if today else dates.WEEKDAYS_SHORT[dates.language()][on.weekday()],
        "day": str(on.day),
        "label": label,
        "reason": reason,
        "when": dates.day_with_weekday(on),
        "said": "; ".join(said),
        "css": " ".join(["day", f"day--{kind}", *(f"is-{flag}" for flag in flags)]),
    }
