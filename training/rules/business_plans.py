"""What a business plan consists of (SPEC 2.9), when it is complete, how it is assessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bastau import law, workdays
from bastau.workdays import DayLook, Reckoning
from bastau.workdays.words import CALENDAR_DAY
from training.rules import course

if TYPE_CHECKING:
    from training.models import BusinessPlan, TrainingGroup

#: The pages on which a plan is written, and the keys of SPEC 2.9 each of them holds.
SECTIONS: dict[str, tuple[str, ...]] = {
    "idea": ("title", "summary", "sector", "place"),
    "product": ("product", "production"),
    "market": ("market", "competitors", "marketing"),
    "work": ("operations", "team", "jobs", "calendar"),
    "money": ("own_sum", "tax_regime", "income", "costs"),
    "risks": ("risks",),
}
#: SPEC 2.9: the summary has 300 to 2000 signs, the title at most 200.
SUMMARY_LEAST, SUMMARY_MOST, TITLE_MOST = 300, 2000, 200
#: Months of the forecast of income and costs.
MONTHS = 12
#: Criteria of the assessment sheet in the order of SPEC 2.9.
CRITERIA = ("market", "finance", "operations", "marketing", "preparedness")


def missing(content: Mapping[str, Any], has_lines: bool) -> list[str]:
    """The sections that are not filled in yet, "estimate" among them, in the order of the pages."""
    found = [name for name, keys in SECTIONS.items() if not all(_filled(content, key) for key in keys)]
    return found if has_lines else [*found, "estimate"]


def _filled(content: Mapping[str, Any], key: str) -> bool:
    value = content.get(key)
    if key == "summary":
        return isinstance(value, str) and len(value) >= SUMMARY_LEAST
    return value not in (None, "", [])


def most_points(criterion: str) -> int:
    """The most points a criterion can bring; all together make a hundred. Clause: T-PLAN-SCORE."""
    return int(law.value(f"T-PLAN-SCORE:{criterion}"))


def total(points: Mapping[str, int]) -> int:
    """The points of all criteria together, which is the percent."""
    return sum(points[criterion] for criterion in CRITERIA)


def positive(percent: int) -> bool:
    """Whether the assessment is positive. Clause: 118-p27-1, A-21."""
    return course.reaches(percent, 100, law.value("118-p27-1"))


def breakeven(content: Mapping[str, Any]) -> int | None:
    """The first month of the forecast by which income has paid back all costs; None when it never does."""
    balance = 0
    for month, (income, cost) in enumerate(zip(content["income"], content["costs"], strict=True), 1):
        balance += income - cost
        if balance >= 0 and income:
            return month
    return None


def correction(plan: BusinessPlan) -> Reckoning:
    """Until when a plan returned for formal faults may be handed in again: its working days inside T-ASSESS, and in
    any case till the end of the last training day. Clause: T-PLAN-FIX, A-22."""
    assert plan.returned_at is not None
    assert plan.office is not None
    group = plan.enrolment.group
    assert group is not None
    zone = plan.office.zone
    day = plan.returned_at.astimezone(ZoneInfo(zone)).date()
    fix = workdays.working_term(day, law.term("T-PLAN-FIX", day), workdays.current("centre"), zone)
    if fix.due < course.last_day_over(group):
        return _till_last_day(day, group, zone)
    whole = course.window(group)
    return whole if whole.due < fix.due else fix


def handing_in(plan: BusinessPlan) -> Reckoning | None:
    """The days left to write: calendar days till the end of the last training day. Clause: A-22."""
    group = plan.enrolment.group
    if plan.opened_at is None or group is None or plan.office is None:
        return None
    zone = plan.office.zone
    return _till_last_day(plan.opened_at.astimezone(ZoneInfo(zone)).date(), group, zone)


def _till_last_day(first: date, group: TrainingGroup, zone: str) -> Reckoning:
    due = course.last_day_over(group)
    last = due.astimezone(ZoneInfo(zone)).date()
    days = tuple(DayLook(first + timedelta(days=n), True, n, *CALENDAR_DAY) for n in range(1, (last - first).days + 1))
    return Reckoning(due, first, days, "A-22", law.term("A-22", group.end_on), False, zone, "portal")
