"""Deadlines of a quarterly report (SPEC 4.0) and the machine that declares its path to flow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow, law, workdays
from bastau.flow import Event, alarms
from bastau.flow.models import Deadline
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from monitoring import signals
from monitoring.models import QuarterlyReport
from monitoring.rights import reports as rights

REPORT, CHECK, FIX, VISIT = "T-REPORT", "T-REPORT-CHECK", "T-REPORT-FIX", "T-REPORT-VISIT"


def report_due(case: QuarterlyReport) -> Reckoning:
    """When the report is due: from the quarter's end, by the law of the day of the payment (A-39)."""
    assert case.office is not None
    term = law.term("A-39", case.paid_on)
    return workdays.working_term(case.quarter_end, term, workdays.current("centre"), case.office.zone)


def working(case: Any, since: datetime | None, term: str) -> Reckoning | None:
    """A term of working days from the local day of an instant; none where the instant is not there."""
    if since is None:
        return None
    day = since.astimezone(ZoneInfo(case.office.zone)).date()
    return workdays.working_term(day, law.term(term), workdays.current("centre"), case.office.zone)


def _check(case: QuarterlyReport) -> Reckoning | None:
    return working(case, case.recovery_ended_at or case.filed_at, CHECK)


def _fix(case: QuarterlyReport) -> Reckoning | None:
    return working(case, case.returned_at, FIX)


def _visit(case: QuarterlyReport) -> Reckoning | None:
    return working(case, case.overdue_at, VISIT)


SPECS = (
    flow.DeadlineSpec(
        REPORT, "A-39", "citizen", {"citizen": _("File the quarterly report")},
        frozenset({"open"}), frozenset({"file"}), report_due,
    ),
    flow.DeadlineSpec(
        CHECK, "T-REPORT-CHECK", Role.SPECIALIST,
        {Role.SPECIALIST: _("Check the report"), Role.UNIT_HEAD: _("Decide on the misuse")},
        frozenset({"file", "note_recovery_ended"}), frozenset({"accept", "give_back", "find_misuse", "settle"}), _check,
        turns={
            "propose_misuse": Role.UNIT_HEAD, "drop_misuse": Role.SPECIALIST, "note_recovery_ended": Role.UNIT_HEAD,
        },
    ),
    flow.DeadlineSpec(
        FIX, "T-REPORT-FIX", "citizen", {"citizen": _("Mend the report and file it again")},
        frozenset({"give_back"}), frozenset({"file"}), _fix,
    ),
    flow.DeadlineSpec(
        VISIT, "T-REPORT-VISIT", Role.SPECIALIST,
        {Role.SPECIALIST: _("Get the missing report; if it does not come, visit the grantee")},
        frozenset({"mark_overdue"}), frozenset({"file", "record_visit"}), _visit,
    ),
)  # fmt: skip

EVENTS = {
    "open": Event(_("Open the report"), _("The report may be filed"), "FKA04-5.1", signals.report_opened),
    "mark_overdue": Event(
        _("Mark as overdue"), _("The report did not come in time"), "FKA04-5.1", signals.report_overdue
    ),
    "record_visit": Event(_("Record a visit"), _("The grantee was visited"), "T-REPORT-VISIT"),
    "file": Event(_("File the report"), pgettext_lazy("report", "Report filed"), "FKA04-5.1", signals.report_filed),
    "accept": Event(_("Accept the report"), _("Report accepted"), "FKA04-5.2", signals.report_accepted),
    "give_back": Event(
        _("Send back to be mended"), _("Report sent back to be mended"), "FKA04-5.2", signals.report_returned
    ),
    "propose_misuse": Event(
        _("Propose misuse"), _("Act on misuse put before the head of unit"), "FKA04-5.2", signals.misuse_proposed
    ),
    "drop_misuse": Event(
        _("Do not confirm the misuse"), _("Misuse not confirmed"), "FKA04-5.2", signals.misuse_dropped
    ),
    "find_misuse": Event(_("Confirm the misuse"), _("Misuse confirmed"), "FKA04-5.2", signals.misuse_found),
    "note_recovery_ended": Event(_("Note the end of the recovery"), _("The recovery ended"), "A-40"),
    "settle": Event(_("Close the report"), _("Report closed after the recovery"), "A-40", signals.report_settled),
}


def alarm(case: Any, deadline: Deadline, stage: str) -> Iterable[Any]:
    """As for all terms; of the grantee's own report N-REP-DUE reminds instead, by the days of A-39."""
    if deadline.name == REPORT and stage == "remind":
        return ()
    return alarms.alarms(case, deadline, stage)


flow.register(flow.Machine(QuarterlyReport, rights.may, EVENTS, SPECS, alarm, label=_("Quarterly report")))
