"""The machine of the grant application: its events and what they apply (SPEC 4.9).

SPEC 4.0 sets no term on the application itself: the terms of the meeting, of the decision and of the contract run on
their own cases. What waits for a specialist or a head of unit is a list with its count in the header.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow
from bastau.flow import Event
from bastau.flow.alarms import alarms
from grants import signals
from grants.models import GrantApplication
from grants.rights import applications as rights

EVENTS = {
    "submit": Event(_("Send the application"), _("Application sent"), "FKA04-1.4", signals.application_submitted),
    "arrive": Event(
        _("Take in the acknowledgment"),
        _("Arrived in the labour market system"),
        "FKA04-1.5",
        signals.application_arrived,
    ),
    "take": Event(_("Take the case"), _("Given to a specialist"), "FKA04-1.2", signals.application_taken),
    "answer_criterion": Event(_("Answer a criterion"), _("Criterion answered"), "FKA04-1.2"),
    "propose_rejection": Event(
        _("Propose to reject for the criteria"),
        _("Rejection put before the head of unit"),
        "FKA04-1.2",
        signals.rejection_proposed,
    ),
    "return_rejection": Event(
        _("Return to the specialist"),
        _("Rejection returned to the specialist"),
        "FKA04-1.2",
        signals.rejection_returned,
    ),
    "reject_criteria": Event(
        _("Confirm the rejection"), _("Rejected: a criterion is not met"), "FKA04-1.2", signals.criteria_rejected
    ),
    "schedule": Event(
        _("Put on the agenda"), _("Put on the agenda of a meeting"), "FKA04-2.2", signals.application_scheduled
    ),
    "hear": Event(_("Mark as heard"), _("Heard by the commission"), "FKA04-2.5", signals.application_heard),
    "postpone": Event(
        _("Move to the next meeting"), _("Moved to the next meeting"), "A-35", signals.application_postponed
    ),
    "close_no_show": Event(
        _("Close: absent twice"), _("Closed: the applicant was absent twice"), "A-35", signals.application_not_attended
    ),
    "approve": Event(
        pgettext_lazy("decision", "Enter: grant"), _("Grant awarded"), "FKA04-2.6", signals.grant_approved
    ),
    "reserve": Event(
        pgettext_lazy("decision", "Enter: reserve"), _("Put in the reserve"), "FKA04-2.6", signals.grant_reserved
    ),
    "reject": Event(
        pgettext_lazy("decision", "Enter: refuse"), _("Grant refused"), "FKA04-2.6", signals.grant_rejected
    ),
    "lapse": Event(_("Let the award lapse"), _("Award lapsed"), "A-36", signals.award_lapsed),
    "mark_contracted": Event(
        _("Contract in force"), _("Contract in force"), "FKA04-3.4", signals.application_contracted
    ),
    "withdraw": Event(_("Withdraw the application"), _("Application withdrawn"), "FKA04-1.4", signals.grant_withdrawn),
}

flow.register(flow.Machine(GrantApplication, rights.may, EVENTS, (), alarm=alarms))
