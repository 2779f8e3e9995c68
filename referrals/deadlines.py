"""Deadlines of the referral (SPEC 4.0) and the machine that declares the whole path to flow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bastau import flow, workdays
from bastau.flow import Event
from bastau.flow.models import Deadline
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from referrals import dates, notices, rights, signals
from referrals.models import ReferralApplication

ACCEPTING = frozenset({"submit", "accept"})
DECIDING = frozenset({"issue", "refuse"})
WITHDRAWING = frozenset({"withdraw"})


def reckoned(case: ReferralApplication) -> dates.ReferralDates:
    """All dates of an accepted application, from its channel, the instant of filing and the centre's calendar."""
    assert case.filed_at is not None
    assert case.accepted_on is not None
    assert case.office is not None
    zone = case.office.zone
    # The day of acceptance stands, also when the calendar changed after it.
    filed_on = case.filed_at.astimezone(ZoneInfo(zone)).date()
    before = workdays.looks(filed_on, case.accepted_on, workdays.current("centre"))
    return dates.dates_from(case.channel, case.accepted_on, zone, workdays.current, before=before)


def _check(case: ReferralApplication) -> Reckoning:
    return reckoned(case).check


def _total(case: ReferralApplication) -> Reckoning:
    return reckoned(case).total


def _sc_check(case: ReferralApplication) -> Reckoning | None:
    return reckoned(case).sc_check


def _sc_return(case: ReferralApplication) -> Reckoning | None:
    return reckoned(case).sc_return


def _issue(case: ReferralApplication) -> Reckoning:
    assert case.checked_at is not None
    assert case.office is not None
    whole = reckoned(case)
    day = case.checked_at.astimezone(ZoneInfo(case.office.zone)).date()
    return dates.issue_due(day, whole.total, whole.sc_return, case.office.zone, workdays.current("centre"))


def _issued_in_time(case: ReferralApplication, deadline: Deadline, at: datetime) -> bool:
    """Lateness of a decision is measured by the date of A-45, not by the instant."""
    if case.issued_on is None or case.office is None:
        return at <= deadline.due_at
    return case.issued_on <= deadline.due_at.astimezone(ZoneInfo(case.office.zone)).date()


PROPOSING = {"propose_issue": Role.DIRECTOR, "propose_refusal": Role.DIRECTOR}
CHECK_TITLES = {Role.SPECIALIST: _("Finish the check")}

SPECS = (
    flow.DeadlineSpec(
        "T-REF-CHECK", "118-p09-1", Role.SPECIALIST, CHECK_TITLES,
        ACCEPTING, frozenset({"finish_check"}) | WITHDRAWING, _check,
    ),
    flow.DeadlineSpec(
        "T-SC-CHECK", "T-SC-CHECK", Role.SPECIALIST, CHECK_TITLES,
        ACCEPTING, frozenset({"finish_check"}) | WITHDRAWING, _sc_check,
    ),
    flow.DeadlineSpec(
        "T-REF-ISSUE", "118-p09-2", Role.SPECIALIST,
        {Role.SPECIALIST: _("Propose the decision"), Role.DIRECTOR: _("Sign the decision")},
        frozenset({"finish_check"}), DECIDING | WITHDRAWING | {"send_back"}, _issue, _issued_in_time, PROPOSING,
    ),
    flow.DeadlineSpec(
        "T-SC-RETURN", "118-p07-2", Role.SPECIALIST,
        {Role.SPECIALIST: _("Send the result to the State Corporation")},
        ACCEPTING, frozenset({"send_to_sc"}) | WITHDRAWING, _sc_return,
    ),
    flow.DeadlineSpec(
        "T-REF-TOTAL", "118-p06", Role.SPECIALIST,
        {Role.SPECIALIST: _("Check and propose the decision"), Role.DIRECTOR: _("Sign the decision")},
        ACCEPTING, DECIDING | WITHDRAWING, _total, _issued_in_time, {**PROPOSING, "send_back": Role.SPECIALIST},
    ),
)  # fmt: skip

EVENTS = {
    "submit": Event(_("Send the application"), _("Accepted"), "118-p08-1", signals.application_accepted),
    "accept": Event(_("Accept the documents"), _("Accepted"), "118-p07-1", signals.application_accepted),
    "refuse_acceptance": Event(
        _("Refuse to accept"), _("Documents not accepted"), "118-p07-1", signals.acceptance_refused
    ),
    "take": Event(_("Take the case"), _("Given to a specialist"), "118-p09-1", signals.check_started),
    "finish_check": Event(_("Finish the check"), _("Check finished"), "118-p09-1", signals.check_finished),
    "propose_issue": Event(
        _("Propose the referral"), _("Referral put before the director"), "118-p09-2", signals.decision_proposed
    ),
    "propose_refusal": Event(
        _("Propose a refusal"), _("Refusal put before the director"), "118-a2-r09-2", signals.decision_proposed
    ),
    "send_back": Event(_("Send back"), _("Sent back to the specialist"), "118-p09-2", signals.case_sent_back),
    "issue": Event(_("Sign the referral"), _("Referral issued"), "118-p09-2", signals.referral_issued),
    "refuse": Event(_("Sign the refusal"), _("Referral refused"), "118-p09-2", signals.referral_refused),
    "send_to_sc": Event(
        _("Send to the State Corporation"),
        _("Result sent to the State Corporation"),
        "118-p07-2",
        signals.result_sent_to_sc,
    ),
    "hand_over": Event(_("Hand over"), _("Result handed over"), "118-a2-r05", signals.result_handed_over),
    "mark_uncollected": Event(
        _("Mark as not collected"), _("Result not collected"), "118-p07-2", signals.result_uncollected
    ),
    "withdraw": Event(
        _("Withdraw the application"), _("Application withdrawn"), "118-a2-r05", signals.application_withdrawn
    ),
}


def alarm(case: Any, deadline: Deadline, stage: str) -> Iterable[Any]:
    """Whom a near, missed or long missed deadline is told to (SPEC 4.0, escalation)."""
    return notices.alarms(case, deadline, stage)


flow.register(flow.Machine(ReferralApplication, rights.may, EVENTS, SPECS, alarm))
