"""Conditions of the steps of a business plan (SPEC 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau import clock
from referrals.conditions import because
from training.conditions.course import studies
from training.rules import business_plans as rules
from training.rules import course

if TYPE_CHECKING:
    from training.models import BusinessPlan

__all__ = [
    "correction_fits",
    "correction_in_time",
    "correction_over",
    "not_returned_before",
    "plan_complete",
    "plan_in_time",
    "plan_too_late",
    "studies",
]


@because(
    _(
        "The plan had to be handed in by 23:59 of the last training day. A plan handed in later counts as none; the"
        " certificate of participation does not need it."
    )
)
def plan_in_time(case: BusinessPlan) -> bool:
    """118-p27-2, A-22."""
    group = case.enrolment.group
    return group is not None and clock.now() <= course.last_day_over(group)


@because(_("The time for the correction is over: the text handed in first is assessed."))
def correction_in_time(case: BusinessPlan) -> bool:
    return clock.now() <= rules.correction(case).due


@because(_("A section of the plan is not filled in yet, or the estimate is empty."))
def plan_complete(case: BusinessPlan) -> bool:
    return not rules.missing(case.content, case.lines.exists())


@because(_("The last training day is not over yet."))
def plan_too_late(case: BusinessPlan) -> bool:
    group = case.enrolment.group
    return group is not None and clock.now() > course.last_day_over(group)


@because(_("A plan is returned for formal faults once, and this one was."))
def not_returned_before(case: BusinessPlan) -> bool:
    return case.returned_at is None


@because(_("The ten working days for assessment are over: there is no time for a correction."))
def correction_fits(case: BusinessPlan) -> bool:
    group = case.enrolment.group
    return group is not None and clock.now() < course.window(group).due


@because(_("There is still time for the correction."))
def correction_over(case: BusinessPlan) -> bool:
    return clock.now() > rules.correction(case).due
