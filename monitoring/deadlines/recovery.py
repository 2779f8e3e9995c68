"""Deadlines of a recovery (A-40) and the machine that declares its path to flow."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bastau import flow, law, workdays
from bastau.flow import Event, alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from monitoring import signals
from monitoring.deadlines.reports import CHECK, working
from monitoring.models import Recovery
from monitoring.rights import recovery as rights
from monitoring.states import RecoveryState

EXPLAIN, RETURN, STEP = "T-MISUSE-EXPLAIN", "T-RETURN", "T-RECOVERY-STEP"
ENDING = frozenset({"close_explained", "record_return", "go_to_court"})


def _explain(case: Recovery) -> Reckoning | None:
    return working(case, case.created_at, "A-40:explain")


def _return(case: Recovery) -> Reckoning | None:
    if case.demanded_at is None:
        return None
    assert case.office is not None
    day = case.demanded_at.astimezone(ZoneInfo(case.office.zone)).date()
    return workdays.calendar_term(day, law.term("A-40:return"), workdays.current("centre"), case.office.zone)


def _step(case: Recovery) -> Reckoning | None:
    # An explanation is looked at within the term in which reports are.
    since = case.unreturned_at if case.state == RecoveryState.DEMANDED else case.explained_at or case.silent_at
    return working(case, since, CHECK)


SPECS = (
    flow.DeadlineSpec(
        EXPLAIN, "A-40", "citizen", {"citizen": _("Explain what the money went to")},
        frozenset({"begin"}), frozenset({"explain", "close_explained", "demand"}), _explain,
    ),
    flow.DeadlineSpec(
        RETURN, "A-40", "citizen", {"citizen": _("Return the misused part of the grant")},
        frozenset({"demand"}), ENDING, _return,
    ),
    flow.DeadlineSpec(
        STEP, CHECK, Role.DIRECTOR, {Role.DIRECTOR: _("Decide on the next step of the recovery")},
        frozenset({"explain", "note_silence", "note_unreturned"}), ENDING | {"demand", "explain"}, _step,
    ),
)  # fmt: skip

EVENTS = {
    "begin": Event(_("Begin the recovery"), _("Explanation asked for"), "A-40"),
    "explain": Event(_("Send the explanation"), _("Explanation given"), "A-40", signals.recovery_explained),
    "note_silence": Event(_("Note the silence"), _("No explanation came"), "A-40", signals.recovery_silent),
    "close_explained": Event(
        _("Accept the explanation"), _("Explanation accepted"), "A-40", signals.recovery_closed_explained
    ),
    "demand": Event(_("Demand the return"), _("Return demanded"), "A-40", signals.return_demanded),
    "note_unreturned": Event(
        _("Note that nothing came"), _("The money was not returned in time"), "A-40", signals.return_missed
    ),
    "record_return": Event(_("Record the return"), _("Money returned"), "A-40", signals.money_returned),
    "go_to_court": Event(_("Hand over to court"), _("Handed over to court"), "A-40", signals.sent_to_court),
}

flow.register(flow.Machine(Recovery, rights.may, EVENTS, SPECS, alarms.alarms, label=_("Recovery")))
