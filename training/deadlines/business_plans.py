"""The machine of business plans and its terms: handing in, the assessment within T-ASSESS, the one correction."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bastau import flow
from bastau.flow import Event, alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from training import signals
from training.models import BusinessPlan
from training.rights import business_plans as rights
from training.rules import business_plans as rules
from training.rules import course


def _window(case: BusinessPlan) -> Reckoning | None:
    group = case.enrolment.group
    return course.window(group) if group is not None else None


SPECS = (
    flow.DeadlineSpec(
        "T-PLAN", "A-22", "citizen", {"citizen": _("Hand in the business plan")},
        frozenset({"open"}), frozenset({"submit", "mark_absent", "stop"}), rules.handing_in,
    ),
    flow.DeadlineSpec(
        "T-ASSESS", "118-p28", Role.COORDINATOR,
        {Role.COORDINATOR: _("Name who assesses the business plan"), Role.TRAINER: _("Assess the business plan")},
        frozenset({"submit"}), frozenset({"assess", "stop"}), _window, turns={"appoint": Role.TRAINER},
    ),
    flow.DeadlineSpec(
        "T-PLAN-FIX", "T-PLAN-FIX", "citizen", {"citizen": _("Correct the business plan and hand it in again")},
        frozenset({"send_back"}), frozenset({"resubmit", "take_first", "stop"}), rules.correction,
    ),
)  # fmt: skip

EVENTS = {
    "open": Event(_("Open the business plan"), _("Writing of the business plan begun"), "118-p02-s02"),
    "submit": Event(_("Hand in the plan"), _("Business plan handed in"), "118-p27-1", signals.plan_submitted),
    "resubmit": Event(_("Hand in again"), _("Business plan handed in again"), "118-p28", signals.plan_submitted),
    "appoint": Event(_("Name the assessor"), _("Assessor named"), "118-p28", signals.plan_appointed),
    "send_back": Event(_("Return for correction"), _("Plan returned for correction"), "118-p28", signals.plan_returned),
    "take_first": Event(
        _("Take the first text"), _("Not corrected in time: the first text is assessed"), "118-p28"
    ),
    "review": Event(_("Begin the assessment"), _("Assessment begun"), "118-p28"),
    "assess": Event(_("Enter the assessment"), _("Business plan assessed"), "118-p27-1", signals.plan_assessed),
    "mark_absent": Event(_("Mark as not handed in"), _("No business plan was handed in"), "118-p27-2",
                         signals.plan_absent),
    "stop": Event(_("Stop"), _("Training ended: the plan is not needed"), "118-p27-1"),
}  # fmt: skip

flow.register(flow.Machine(BusinessPlan, rights.may, EVENTS, SPECS, alarms.alarms))
