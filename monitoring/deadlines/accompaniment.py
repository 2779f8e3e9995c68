"""Deadlines of an accompaniment (SPEC 4.0: T-ACCOMP-12, T-ACCOMP-18) and the machines of it and of its visits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow, law, workdays
from bastau.flow import Event, alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from monitoring import signals
from monitoring.models import AccompanimentCase, Visit
from monitoring.rights import accompaniment as rights
from monitoring.rules import accompaniment as rules
from monitoring.states import FamilyCategory

LAUNCH, USUAL, FAMILY = "T-LAUNCH", "T-ACCOMP-12", "T-ACCOMP-18"


def _until_launch(case: AccompanimentCase) -> Reckoning:
    assert case.office is not None
    return workdays.calendar_term(case.financed_on, law.term("T-LAUNCH"), workdays.current("centre"), case.office.zone)


def _runs(case: AccompanimentCase, family: bool) -> Reckoning | None:
    if case.launched_on is None or (case.category != FamilyCategory.NONE) != family:
        return None
    assert case.office is not None
    term = rules.term_of(case.category, case.launched_on)
    return workdays.calendar_term(case.launched_on, term, workdays.current("centre"), case.office.zone)


def _usual(case: AccompanimentCase) -> Reckoning | None:
    return _runs(case, family=False)


def _family(case: AccompanimentCase) -> Reckoning | None:
    return _runs(case, family=True)


FINISHING = {Role.PROJECT_CONSULTANT: _("Accompany the business and write the final report")}
# A report that is there in time keeps the term; the end date itself is the system's to mark.
ENDING = frozenset({"report", "stop"})

SPECS = (
    flow.DeadlineSpec(
        LAUNCH, "T-LAUNCH", Role.COORDINATOR,
        {
            Role.COORDINATOR: _("Name the project consultant"),
            Role.PROJECT_CONSULTANT: _("Enter the launch date of the business"),
        },
        frozenset({"open"}), frozenset({"launch", "stop"}), _until_launch,
        turns={"name_consultant": Role.PROJECT_CONSULTANT},
    ),
    flow.DeadlineSpec(
        USUAL, "118-p33-1", Role.PROJECT_CONSULTANT, FINISHING,
        frozenset({"launch"}), ENDING | {"extend"}, _usual,
    ),
    flow.DeadlineSpec(
        FAMILY, "118-p33-1", Role.PROJECT_CONSULTANT, FINISHING,
        frozenset({"launch", "extend"}), ENDING, _family,
    ),
)  # fmt: skip

EVENTS = {
    "open": Event(
        pgettext_lazy("accompaniment", "Open"), _("Accompaniment opened"), "118-p33-1", signals.accompaniment_opened
    ),
    "name_consultant": Event(_("Name the consultant"), _("Consultant named"), "118-p33-2", signals.consultant_named),
    "name_trainer": Event(_("Name the trainer"), _("Trainer named"), "118-p33-2", signals.trainer_named),
    "launch": Event(_("Enter the launch date"), _("Business launched"), "118-p33-1", signals.business_launched),
    "extend": Event(_("Extend to 18 months"), _("Accompaniment extended"), "118-p33-1", signals.accompaniment_extended),
    "plan_visit": Event(_("Plan a visit"), pgettext_lazy("accompaniment", "Visit planned"), "118-p34"),
    "keep_card": Event(_("Write the monitoring card"), _("Monitoring card written"), "118-p35"),
    "enter_issue": Event(_("Enter a problem issue"), _("Problem issue entered"), "118-p36"),
    "report": Event(_("Write the final report"), _("Final report written"), "118-p33-1"),
    "finish": Event(
        _("Finish the accompaniment"), _("Accompaniment finished"), "118-p33-1", signals.accompaniment_finished
    ),
    "stop": Event(_("Stop the accompaniment"), _("Accompaniment stopped"), "118-p33-1", signals.accompaniment_stopped),
}

VISIT_EVENTS = {
    "plan": Event(
        pgettext_lazy("visit", "Plan"), pgettext_lazy("visit", "Visit planned"), "118-p34", signals.visit_planned
    ),
    "agree": Event(_("Agree to the cost"), _("Cost agreed by the participant"), "118-p34", signals.visit_agreed),
    "decline": Event(
        _("Do not agree"), _("The participant did not agree to the cost"), "118-p34", signals.visit_declined
    ),
    "hold": Event(_("Enter what came of the visit"), _("Visit held"), "118-p33-2"),
    "cancel": Event(_("Cancel the visit"), _("Visit cancelled"), "118-p34", signals.visit_cancelled),
}

flow.register(
    flow.Machine(AccompanimentCase, rights.may, EVENTS, SPECS, alarms.alarms, label=_("Accompaniment of a business"))
)
flow.register(flow.Machine(Visit, rights.may_visit, VISIT_EVENTS, (), alarms.alarms, label=_("Visit to a business")))
