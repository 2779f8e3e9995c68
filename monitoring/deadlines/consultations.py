"""Deadlines of an enquiry (SPEC 4.0: T-CONSULT, A-29) and the machine that declares its path to flow."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow, law, workdays
from bastau.flow import Event, alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from monitoring import signals
from monitoring.models import ConsultationRequest
from monitoring.rights import consultations as rights

TARGET, LIMIT = "T-CONSULT-5", "T-CONSULT-15"


def _reckoned(case: ConsultationRequest, term: str) -> Reckoning:
    assert case.office is not None
    day = case.runs_from.astimezone(ZoneInfo(case.office.zone)).date()
    return workdays.working_term(day, law.term(term), workdays.current("centre"), case.office.zone)


def _target(case: ConsultationRequest) -> Reckoning:
    return _reckoned(case, "A-29:target")


def _limit(case: ConsultationRequest) -> Reckoning:
    return _reckoned(case, "A-29:limit")


def turn_of(case: ConsultationRequest) -> str:
    """The role whose turn it is: of the office that was asked, then of who took the enquiry or was given it."""
    return case.turn


TITLES = {
    Role.PROJECT_CONSULTANT: _("Answer the enquiry"),
    Role.COORDINATOR: _("Answer the enquiry or give it to a colleague"),
}
ASKED = frozenset({"ask", "reopen"})
ANSWERED = frozenset({"answer", "refer_out"})
TURNS = {"take": turn_of, "assign": turn_of, "redirect": turn_of}

SPECS = (
    flow.DeadlineSpec(TARGET, "A-29", turn_of, TITLES, ASKED, ANSWERED, _target, turns=TURNS),
    flow.DeadlineSpec(LIMIT, "A-29", turn_of, TITLES, ASKED, ANSWERED, _limit, turns=TURNS),
)

EVENTS = {
    "ask": Event(_("Send the question"), _("Enquiry received"), "A-29", signals.enquiry_received),
    "take": Event(_("Take the enquiry"), _("Enquiry taken"), "A-29"),
    "assign": Event(_("Give it to a colleague"), _("Enquiry given to a colleague"), "A-29", signals.enquiry_given),
    "answer": Event(pgettext_lazy("enquiry", "Answer"), _("Enquiry answered"), "A-29", signals.enquiry_answered),
    "redirect": Event(_("Pass it on"), _("Enquiry passed on"), "A-29", signals.enquiry_passed_on),
    "refer_out": Event(
        _("Say that the tax office answers this"), _("Told to ask the tax office"), "A-29",
        signals.enquiry_passed_on,
    ),
    "reopen": Event(_("Ask again"), _("Asked again"), "A-29", signals.enquiry_reopened),
    "confirm": Event(_("The answer helps"), _("Answer confirmed"), "A-29"),
    "close": Event(_("Close the enquiry"), _("Enquiry closed: nothing more was asked"), "T-CONSULT-CLOSE"),
}  # fmt: skip

flow.register(flow.Machine(ConsultationRequest, rights.may, EVENTS, SPECS, alarms.alarms, label=_("Enquiry")))
