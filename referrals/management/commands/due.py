"""`manage.py due`: reckons the dates of a referral and says why they are what they are."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from bastau import law
from bastau.workdays import CalendarKind, DayLook, Reckoning, calendar_for, current
from referrals.dates import CalendarOf, OutsideHours, ReferralDates, reckon

#: What a wrong argument exits with, as argparse does.
WRONG_INPUT = 2


class Command(BaseCommand):
    help = "Reckons and explains the dates of a referral. With --zone it needs neither database nor fixtures."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--channel", required=True, choices=[kind.value for kind in CalendarKind])
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("--office", metavar="CODE", help="the office's zone and the calendar of the database")
        place.add_argument("--zone", help="an IANA zone, such as Asia/Almaty; the shipped calendar")
        parser.add_argument("--at", required=True, type=_local_time, help="local time, such as 2026-06-05T19:10")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        zone, calendar_of = _place(options["office"], options["zone"])
        filed_at = options["at"].replace(tzinfo=ZoneInfo(zone))
        try:
            dates = reckon(options["channel"], filed_at, zone, calendar_of)
        except OutsideHours as closed:
            raise CommandError(_in_both(closed), returncode=WRONG_INPUT)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(dates), ensure_ascii=False, indent=2))
            return
        for lang in ("kk", "ru"):
            with override(lang):
                self.stdout.write("\n".join(_explained(filed_at, dates, lang)) + "\n")


def as_json(dates: ReferralDates) -> dict[str, Any]:
    """The dates as plain data: instants carry the offset of the zone; `days` are those after the acceptance day."""
    return {
        "accepted_on": dates.accepted_on.isoformat(),
        "check_due": _instant(dates.check),
        "total_due": _instant(dates.total),
        "sc_return_due": _instant(dates.sc_return),
        "sc_check_due": _instant(dates.sc_check),
        "provisional": dates.provisional,
        "days": [day.as_json() for day in dates.total.days],
    }


def _place(office: str | None, zone: str | None) -> tuple[str, CalendarOf]:
    if zone:
        if zone not in available_timezones():
            raise CommandError(_("There is no such time zone: %(zone)s.") % {"zone": zone}, returncode=WRONG_INPUT)
        return zone, calendar_for
    # With --zone no model may be asked, so the office's is imported only here.
    from bastau.people.models import Office

    found = Office.objects.filter(code=office).first()
    if not found:
        raise CommandError(_("There is no office with this code: %(code)s.") % {"code": office}, returncode=WRONG_INPUT)
    return found.zone, current


def _local_time(given: str) -> datetime:
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        at = None
    if at is None or at.tzinfo:
        raise ArgumentTypeError(
            _("Give the local time without an offset, such as 2026-06-05T19:10: %(given)s") % {"given": given}
        )
    return at


def _instant(reckoning: Reckoning | None) -> str | None:
    return reckoning.due_local.isoformat() if reckoning else None


def _in_both(closed: OutsideHours) -> str:
    said = []
    for lang in ("kk", "ru"):
        with override(lang):
            said.append(str(closed))
    return "\n".join(dict.fromkeys(said))


def _explained(filed_at: datetime, dates: ReferralDates, lang: str) -> list[str]:
    lines = [_("Filed: %(date)s") % {"date": filed_at.strftime("%d.%m.%Y %H:%M")}]
    if filed_at.date() != dates.accepted_on:
        rule = law.clause("A-04")
        lines.append(f"  {rule.text(lang)} ({rule.label(lang)})")
    lines.append(_("Accepted: %(date)s") % {"date": _date(dates.accepted_on)})
    lines += [_day_line(day, lang) for day in dates.total.before]
    due = [
        (_("The check is due: %(date)s (%(clause)s)"), dates.check),
        (_("Internal target of the check: %(date)s (%(clause)s)"), dates.sc_check),
        (_("The result must reach the State Corporation by: %(date)s (%(clause)s)"), dates.sc_return),
        (_("The result is due: %(date)s (%(clause)s)"), dates.total),
    ]
    lines += [
        said % {"date": one.due_local.strftime("%d.%m.%Y %H:%M"), "clause": law.clause(one.clause).label(lang)}
        for said, one in due
        if one
    ]
    lines.append(_("Days after the day of acceptance:"))
    lines += [_day_line(day, lang) for day in dates.total.days]
    if dates.provisional:
        lines.append(_("This is a provisional reckoning: the decree on the year's days off is not published yet."))
    return lines


def _day_line(day: DayLook, lang: str) -> str:
    return f"  {_date(day.date)}  {day.number or '–'}  {day.reason(lang)}"


def _date(day: date) -> str:
    return day.strftime("%d.%m.%Y")
