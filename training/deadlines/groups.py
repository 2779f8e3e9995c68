"""The terms of groups (T-ANNOUNCE, T-COURSE, T-ASSESS) and the machines of plans, groups and announcements."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bastau import flow, law, workdays
from bastau.flow import Event, alarms
from bastau.people.roles import Role
from bastau.workdays import DayLook, Reckoning
from bastau.workdays.words import CALENDAR_DAY
from training import signals
from training.models import Announcement, TrainingGroup, TrainingPlan
from training.rights import groups as rights
from training.rules import timetable


def _announce(case: TrainingGroup) -> Reckoning | None:
    """Counted back from the start (118-p15, A-14); a start moved later keeps its announcement."""
    assert case.office is not None
    if case.announced_start is not None and case.announced_start <= case.start_on:
        return None
    calendar = workdays.current("portal")
    term = law.term("118-p15", case.start_on)
    last = workdays.announce_by(case.start_on)
    back = [last + timedelta(days=n) for n in range((case.start_on - last).days)]
    looked = tuple(DayLook(day, True, (case.start_on - day).days, *CALENDAR_DAY) for day in back)
    due = workdays.end_of(last, case.office.zone)
    return Reckoning(due, case.start_on, looked, term.id, term, False, case.office.zone, calendar.kind)


def _course(case: TrainingGroup) -> Reckoning:
    """Twenty-five calendar days, the first training day among them (118-p22-2, A-17)."""
    assert case.office is not None
    term = law.term("118-p22-2", case.start_on)
    last = timetable.last_possible_day(case.start_on)
    whole = workdays.calendar_term(
        last - timedelta(days=term.length), term, workdays.current("portal"), case.office.zone
    )
    # The first training day is counted, so it is the day the term is shown to run from.
    return replace(whole, start=case.start_on)


def _assess(case: TrainingGroup) -> Reckoning:
    """Ten working days from the day after the last training day (118-p28, A-22)."""
    assert case.office is not None
    return workdays.working_term(case.end_on, law.term("118-p28"), workdays.current("centre"), case.office.zone)


def _to_do(what: Any) -> dict[Any, Any]:
    return {Role.COORDINATOR: what}


DRAWING = frozenset({"create", "change", "replan"})
CALLING_OFF = frozenset({"cancel", "break_off", "merge", "postpone"})

GROUP_SPECS = (
    flow.DeadlineSpec(
        "T-ANNOUNCE", "118-p15", Role.COORDINATOR, _to_do(_("Get the schedule agreed, approve and announce it")),
        DRAWING, frozenset({"announce", "change"}) | CALLING_OFF, _announce,
    ),
    flow.DeadlineSpec(
        "T-COURSE", "118-p22-2", Role.COORDINATOR, _to_do(_("Close the last class day")),
        frozenset({"begin"}), frozenset({"finish"}) | CALLING_OFF, _course,
    ),
    flow.DeadlineSpec(
        "T-ASSESS", "118-p28", Role.COORDINATOR, _to_do(_("See that all results are in and close the group")),
        frozenset({"finish"}), frozenset({"complete"}), _assess,
    ),
)  # fmt: skip

GROUP_EVENTS = {
    "create": Event(_("Plan the group"), _("Group planned"), "118-p14", signals.group_planned),
    "change": Event(_("Change the schedule"), _("Schedule changed"), "118-p14", signals.schedule_changed),
    "agree": Event(_("Agree to the schedule"), _("Schedule agreed"), "118-p14", signals.schedule_agreed),
    "object": Event(_("Do not agree"), _("Schedule not agreed"), "118-p14", signals.schedule_objected),
    "approve": Event(_("Approve the schedule"), _("Schedule approved"), "118-p14", signals.schedule_approved),
    "announce": Event(_("Announce the start"), _("Start announced"), "118-p15", signals.group_announced),
    "open_enrolment": Event(
        _("Open enrolment"), _("Enrolment opened, candidates invited"), "118-p12-2", signals.enrolment_opened
    ),
    "assign": Event(_("Assign people and room"), _("People and room assigned"), "118-p20", signals.people_assigned),
    "fix_roster": Event(_("Fix the roster"), _("Roster fixed"), "118-p22-3", signals.roster_fixed),
    "postpone": Event(_("Postpone the start"), _("Start postponed"), "A-16", signals.group_postponed),
    "replan": Event(_("Set a new date"), _("New date set"), "118-p14", signals.group_replanned),
    "ask_change": Event(
        _("Ask to merge or turn online"), _("Local body asked about a change"), "A-16", signals.change_asked
    ),
    "agree_change": Event(_("Agree to the change"), _("Change agreed"), "A-16", signals.change_agreed),
    "decline_change": Event(_("Do not agree to the change"), _("Change not agreed"), "A-16", signals.change_declined),
    "drop_change": Event(_("Take the question back"), _("Question taken back"), "A-16"),
    "merge": Event(_("Merge the group"), _("Group merged"), "A-16", signals.group_merged),
    "turn_online": Event(_("Turn the group online"), _("Group turned online"), "A-16", signals.group_turned_online),
    "begin": Event(_("Begin the training"), _("Training begun"), "118-p22-2", signals.group_started),
    "substitute": Event(
        _("Change trainer or room"), _("Trainer or room changed"), "118-p20", signals.group_substituted
    ),
    "move_day": Event(_("Move a class day"), _("Class day moved"), "118-p22-2", signals.class_day_moved),
    "finish": Event(_("Close the last class day"), _("Last class day closed"), "118-p28", signals.training_ended),
    "complete": Event(_("Close the group"), _("Group closed"), "118-p28", signals.group_completed),
    "cancel": Event(_("Cancel the group"), _("Group cancelled"), "118-p14", signals.group_cancelled),
    "break_off": Event(_("Break the training off"), _("Training broken off"), "A-23", signals.group_broken_off),
}

PLAN_EVENTS = {
    "draw": Event(_("Begin a plan"), _("Plan begun"), "118-p14"),
    "change": Event(_("Change the plan"), _("Plan changed"), "118-p14"),
    "send_for_agreement": Event(
        _("Send for agreement"), _("Plan sent for agreement"), "118-p14", signals.training_plan_sent
    ),
    "agree": Event(_("Agree to the plan"), _("Plan and territory agreed"), "118-p13", signals.training_plan_agreed),
    "send_back": Event(_("Return the plan"), _("Plan returned"), "118-p14", signals.training_plan_returned),
    "approve": Event(_("Approve the plan"), _("Plan approved"), "118-p14", signals.training_plan_approved),
    "archive": Event(_("Put the plan out of force"), _("Plan out of force"), "118-p14"),
}

ANNOUNCEMENT_EVENTS = {
    "draw": Event(_("Draft the announcement"), _("Announcement drafted"), "118-p15"),
    "publish": Event(_("Publish the announcement"), _("Announcement published"), "118-p15"),
    "supersede": Event(_("Withdraw the announcement"), _("Announcement superseded"), "118-p15"),
}

flow.register(flow.Machine(TrainingPlan, rights.may_plan, PLAN_EVENTS, label=_("Training plan")))
flow.register(
    flow.Machine(TrainingGroup, rights.may_group, GROUP_EVENTS, GROUP_SPECS, alarms.alarms, label=_("Training group"))
)
flow.register(
    flow.Machine(Announcement, rights.may_announcement, ANNOUNCEMENT_EVENTS, label=_("Announcement of training"))
)
