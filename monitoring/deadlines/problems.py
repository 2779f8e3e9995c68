"""The deadline of a problem issue (SPEC 4.0: T-PROBLEM) and the machine that declares its path to flow."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bastau import flow, law, workdays
from bastau.flow import Event, alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from monitoring import signals
from monitoring.models import ProblemIssue
from monitoring.rights import problems as rights
from monitoring.states import ProblemState

PROBLEM = "T-PROBLEM"


def _answer(case: ProblemIssue) -> Reckoning:
    assert case.office is not None
    day = case.runs_from.astimezone(ZoneInfo(case.office.zone)).date()
    return workdays.working_term(day, law.term("T-PROBLEM"), workdays.current("centre"), case.office.zone)


def _whose(case: ProblemIssue) -> str:
    return Role.PROJECT_CONSULTANT if case.state == ProblemState.FOUND else Role.TRAINER


SPECS = (
    flow.DeadlineSpec(
        PROBLEM, "T-PROBLEM", _whose,
        {
            Role.PROJECT_CONSULTANT: _("Give the issue to a trainer"),
            Role.TRAINER: _("Resolve the problem issue"),
        },
        frozenset({"find", "reject"}), frozenset({"resolve", "escalate"}), _answer, turns={"assign": _whose},
    ),
)  # fmt: skip

EVENTS = {
    "find": Event(_("Enter a problem issue"), _("Problem issue found"), "118-p36"),
    "assign": Event(_("Give it to a trainer"), _("Given to a trainer"), "118-p36", signals.problem_given),
    "start_work": Event(_("Take it up"), _("Taken up by the trainer"), "118-p36"),
    "resolve": Event(_("Enter the measures: resolved"), _("Measures entered"), "118-p36", signals.problem_resolved),
    "reject": Event(_("Not confirmed: back to the trainer"), _("Not confirmed"), "118-p36", signals.problem_rejected),
    "confirm": Event(_("Confirm that it is resolved"), _("Confirmed by the consultant"), "118-p36"),
    "close": Event(_("Close the issue"), _("Issue closed"), "118-p36"),
    "escalate": Event(_("Pass to a higher level"), _("Passed to a higher level"), "118-p36", signals.problem_escalated),
    "give_up": Event(_("Close as not resolved"), _("Closed, not resolved"), "118-p36"),
}

flow.register(flow.Machine(ProblemIssue, rights.may, EVENTS, SPECS, alarms.alarms, label=_("Problem issue")))
