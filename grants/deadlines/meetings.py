"""The machines of the meeting and of the correcting protocol, with their terms (SPEC 4.0, 4.10)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow, workdays
from bastau.flow import Event
from bastau.flow.alarms import alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from grants import signals
from grants.models import CommissionMeeting, Correction
from grants.rights import meetings as rights
from grants.rules import meetings as rules


def _notice(case: CommissionMeeting) -> Reckoning:
    assert case.office is not None
    return rules.notice_due(case.held_on, workdays.current("centre"), case.office.zone)


def _protocol(case: CommissionMeeting) -> Reckoning:
    assert case.office is not None
    return rules.protocol_due(_day(case, case.closed_at), case.office.zone)


def _entry(case: CommissionMeeting) -> Reckoning:
    assert case.office is not None
    return rules.entry_due(_day(case, case.protocol_signed_at), case.office.zone)


def _day(case: CommissionMeeting, at: datetime | None) -> date:
    assert at is not None
    assert case.office is not None
    return at.astimezone(ZoneInfo(case.office.zone)).date()


SPECS = (
    flow.DeadlineSpec(
        "T-MEET-NOTICE", "A-33", Role.COMMISSION_SECRETARY,
        {Role.COMMISSION_SECRETARY: _("Tell members and applicants of the meeting")},
        frozenset({"call"}), frozenset({"call", "notify", "postpone"}), _notice,
    ),
    flow.DeadlineSpec(
        "T-PROTOCOL", "A-34", Role.COMMISSION_SECRETARY,
        {Role.COMMISSION_SECRETARY: _("Have the protocol signed")},
        frozenset({"close"}), frozenset({"complete_protocol"}), _protocol,
    ),
    flow.DeadlineSpec(
        "T-DECISION-ENTRY", "A-34", Role.COMMISSION_SECRETARY,
        {Role.COMMISSION_SECRETARY: _("Enter the decisions of the commission")},
        frozenset({"complete_protocol"}), frozenset({"finish_entry"}), _entry,
    ),
)  # fmt: skip

EVENTS = {
    "call": Event(_("Fix another date or place"), _("Date and place fixed"), "FKA04-2.1"),
    "notify": Event(
        _("Tell members and applicants"), _("Members and applicants told"), "FKA04-2.2", signals.meeting_notified
    ),
    "send_materials": Event(
        _("Send the materials"), _("Materials sent to the members"), "FKA04-2.3", signals.materials_sent
    ),
    "postpone": Event(_("Postpone the meeting"), _("Meeting postponed"), "FKA04-2.1", signals.meeting_postponed),
    "call_again": Event(
        _("Call it for a new date"), _("Called for a new date"), "FKA04-2.1", signals.meeting_notified
    ),
    "open": Event(_("Open the meeting"), _("Meeting opened"), "A-32"),
    "open_item": Event(_("Open the item"), _("Item opened"), "FKA04-2.4"),
    "close_item": Event(_("Close the vote"), _("Vote closed and counted"), "FKA04-2.4"),
    "put_off_item": Event(_("Put the item off"), _("Item put off to the next meeting"), "A-35"),
    "strike_item": Event(_("Close: absent twice"), _("Item closed: the applicant was absent twice"), "A-35"),
    "suspend": Event(_("Suspend the meeting"), _("Meeting suspended"), "A-32"),
    "resume": Event(_("Go on with the meeting"), _("Meeting goes on"), "A-32"),
    "close": Event(_("Close the meeting"), _("Meeting closed"), "FKA04-2.4", signals.meeting_closed),
    "draft_protocol": Event(
        _("Lay the protocol before the members"),
        _("Protocol laid before the members"),
        "A-34",
        signals.protocol_drafted,
    ),
    "rewrite_protocol": Event(_("Take the protocol back"), _("Protocol taken back"), "A-51"),
    "sign_protocol": Event(_("Sign the protocol"), _("Protocol signed by a member"), "A-34"),
    "note_dissent": Event(
        _("Record a refusal to sign or a dissent"), _("Refusal to sign or dissent recorded"), "A-34"
    ),
    "complete_protocol": Event(
        pgettext_lazy("the secretary, last", "Sign the protocol"), _("Protocol signed"), "A-34", signals.protocol_signed
    ),
    "enter_decision": Event(_("Enter a decision"), _("Decision entered"), "FKA04-2.6"),
    "finish_entry": Event(_("Finish the entry"), _("All decisions entered"), "FKA04-2.6", signals.decisions_entered),
}  # fmt: skip

CORRECTION_EVENTS = {
    "lay_before": Event(_("Lay before the members"), _("Correcting protocol laid before the members"), "FKA04-2.6"),
    "sign_protocol": Event(_("Sign the protocol"), _("Protocol signed by a member"), "A-34"),
    "note_dissent": Event(
        _("Record a refusal to sign or a dissent"), _("Refusal to sign or dissent recorded"), "A-34"
    ),
    "complete_protocol": Event(
        pgettext_lazy("the secretary, last", "Sign the protocol"), _("Protocol signed"), "A-34"
    ),
    "enter_correction": Event(_("Enter the correction"), _("Correction entered"), "FKA04-2.6"),
}  # fmt: skip

flow.register(flow.Machine(CommissionMeeting, rights.may, EVENTS, SPECS, alarms, label=_("Meeting of the commission")))
flow.register(flow.Machine(Correction, rights.may, CORRECTION_EVENTS, (), alarms, label=_("Correcting protocol")))
