"""Conditions of the steps of the course: modules, their tests, the final test (SPEC 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bastau import clock, law
from referrals.conditions import because
from training.rules import course as rules
from training.states import ENROLMENT_LEARNING, EnrolmentState, ModuleState

if TYPE_CHECKING:
    from training.models import FinalTest, ModuleProgress


@because(_("Only participants whose training goes on may do this."))
def studies(case: Any) -> bool:
    return case.enrolment.state in ENROLMENT_LEARNING


@because(_("Look through the materials of the module first."))
def materials_seen(case: ModuleProgress) -> bool:
    return case.seen_at is not None


@because(_("The ten working days for tests and assessment are over."))
def before_window_ends(case: Any) -> bool:
    """118-p24, p28: attempts are unlimited, till the end of T-ASSESS."""
    group = case.enrolment.group
    return group is not None and clock.now() <= rules.window(group).due


@because(_("The final test is taken after the last class day, within ten working days."))
def in_window(case: FinalTest) -> bool:
    """118-p25, p28, A-22."""
    group = case.enrolment.group
    return group is not None and rules.last_day_over(group) < clock.now() <= rules.window(group).due


@because(_("A module test is not passed yet, or the classes go on: the final test stays closed."))
def modules_passed(case: FinalTest) -> bool:
    """118-p24: the last module also has a test; it opens the final test."""
    if case.enrolment.state != EnrolmentState.ASSESSING:
        return False
    states = list(case.enrolment.modules.order_by("pk").values_list("state", flat=True))
    return bool(states) and set(states) == {ModuleState.PASSED}


@because(_("The final test may be taken once, and it was taken."))
def attempt_left(case: FinalTest) -> bool:
    """A-20."""
    return case.attempts.counted().count() < law.value("A-20:attempts")


@because(_("The result is closed already, so the attempt cannot be voided."))
def result_not_closed(case: FinalTest) -> bool:
    return case.enrolment.state == EnrolmentState.ASSESSING


@because(_("An attempt at the final test may be voided once, and it was."))
def void_left(case: FinalTest) -> bool:
    """A-20."""
    return case.attempts.exclude(voided_at=None).count() < law.value("A-20:voids")
