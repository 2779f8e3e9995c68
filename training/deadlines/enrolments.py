"""The machine of enrolments and its term: the assessment window of 118-p28."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow
from bastau.flow import Event, alarms
from bastau.flow.models import Deadline
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from training import signals
from training.models import Enrolment
from training.rights import enrolments as rights
from training.rules.enrolments import assessment

ASSESS = "T-ASSESS"
ENDS = frozenset(
    {"not_admit", "expel", "complete", "complete_without_plan", "close_without_result", "withdraw", "return_to_pool"}
)


def _window(case: Enrolment) -> Reckoning | None:
    return assessment(case.group) if case.group is not None else None


SPECS = (
    flow.DeadlineSpec(
        ASSESS,
        "118-p28",
        "citizen",
        {
            "citizen": _("Pass the tests and hand in the business plan"),
            Role.COORDINATOR: _("Confirm the expulsion, or have the plan assessed"),
        },
        frozenset({"begin"}),
        ENDS,
        _window,
        turns={"enter_final": Role.COORDINATOR, "void_final": "citizen"},
    ),
)

EVENTS = {
    "submit": Event(_("Send the application-questionnaire"), _("Application for training sent"), "118-p18",
                    signals.enrolment_submitted),
    "reject": Event(_("Reject the application for training"), _("Application for training rejected"), "118-p18",
                    signals.enrolment_rejected),
    "waitlist": Event(_("Put on the waiting list"), _("Put on the waiting list"), "118-p22-3",
                      signals.enrolment_waitlisted),
    "enrol": Event(_("Enrol"), _("Enrolled: offer accepted, consent given"), "118-p19", signals.enrolled),
    "begin": Event(_("Begin the training"), _("Training begun"), "118-p21", signals.studying_begun),
    "open_final": Event(_("Open the final test"), _("Final test opened"), "118-p25", signals.final_opened),
    "enter_final": Event(_("Enter the final test"), _("Final test taken"), "118-p25"),
    "void_final": Event(_("Void the final test"), _("Final test void"), "A-20"),
    "enter_plan": Event(_("Enter the plan's assessment"), _("Business plan: result entered"), "118-p27-1"),
    "propose_expulsion": Event(_("Propose the expulsion"), _("Low mark: expulsion to be confirmed"), "118-p25",
                               signals.expulsion_proposed),
    "not_admit": Event(_("Not admit further"), _("Not admitted to the next part"), "118-p24",
                       signals.enrolment_ended),
    "expel": Event(_("Confirm the expulsion"), _("Expelled from the project"), "118-p25", signals.enrolment_ended),
    "complete": Event(_("Complete"), _("Training completed"), "118-p27-1", signals.enrolment_ended),
    "complete_without_plan": Event(_("Complete without a plan"), _("Training completed, without a positive plan"),
                                   "118-p27-2", signals.enrolment_ended),
    "close_without_result": Event(_("Close without a result"), _("Closed without a final result"), "118-p28",
                                  signals.enrolment_ended),
    "expel_by_act": Event(_("Expel by act"), _("Expelled by the coordinator's act"), "118-p25",
                          signals.expelled_by_act),
    "mark_no_show": Event(_("Mark as not begun"), _("Did not begin"), "A-23", signals.enrolment_ended),
    "withdraw": Event(pgettext_lazy("training", "Withdraw"), pgettext_lazy("training", "Withdrawn"), "118-p19",
                      signals.enrolment_ended),
    "return_to_pool": Event(_("Return to the candidates"), _("Group cancelled: back to the candidates"), "118-p14",
                            signals.returned_to_pool),
}  # fmt: skip


def alarm(case: Any, deadline: Deadline, stage: str) -> Iterable[Any]:
    """A participant is reminded and told when the date moves; what a missed window means is told by its own notice.

    The coordinator's turn is alarmed as any term of staff.
    """
    if deadline.duty == "citizen" and stage in {"breach", "escalate"}:
        return []
    return alarms.alarms(case, deadline, stage)


flow.register(flow.Machine(Enrolment, rights.may, EVENTS, SPECS, alarm))
