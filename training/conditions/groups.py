"""Conditions of a training group (SPEC 4.3): rosters, people and rooms, timetable, what the local body agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bastau import clock
from referrals.conditions import because
from training.rules import roster, timetable
from training.states import (
    GROUP_FILLING,
    EnrolmentState,
    GroupChange,
    GroupState,
)

if TYPE_CHECKING:
    from training.models import ChangeRequest, TrainingGroup


def members_of(case: TrainingGroup) -> int:
    """How many hold a place of the group."""
    return case.enrolments.members().count()


def open_change(case: TrainingGroup) -> ChangeRequest | None:
    """What is asked of the local body about this group and is not done yet."""
    return case.changes.filter(closed_at=None).select_related("into").first()


# ----------------------------------------------------------------------------------------------------------- schedule


@because(_("The local employment body did not agree to this schedule. It waits for the coordinator's changes."))
def awaits_agreement(case: TrainingGroup) -> bool:
    return case.objected_at is None


def _timetable_says(case: TrainingGroup) -> str:
    return " ".join(timetable.faults(timetable.lessons_of(case))) or str(_now("The group has no timetable yet."))


@because(_timetable_says)
def has_timetable(case: TrainingGroup) -> bool:
    """118-p22-2, p22-4, p23: total, daily load, span, pitch training."""
    lessons = timetable.lessons_of(case)
    return bool(lessons) and not timetable.faults(lessons)


@because(_("Date, place or form are not those the local employment body agreed to. Ask for its agreement again."))
def agreed_as_it_stands(case: TrainingGroup) -> bool:
    return bool(case.agreed_schedule) and case.agreed_schedule == timetable.fingerprint(case)


def _too_late(case: TrainingGroup) -> str:
    assert case.office is not None
    return str(timetable.late_to_announce(case.start_on, clock.today(case.office.zone)))


@because(_too_late)
def in_time_to_announce(case: TrainingGroup) -> bool:
    """118-p15, A-14; a start moved later keeps its first announcement (SPEC 4.3)."""
    assert case.office is not None
    moved_later = case.announced_start is not None and case.announced_start <= case.start_on
    return moved_later or timetable.may_announce(case.start_on, clock.today(case.office.zone))


# ------------------------------------------------------------------------------------------------------------- roster


def _size(case: TrainingGroup) -> str:
    return roster.size_fault(members_of(case), offline=case.is_offline)


@because(_size)
def right_size(case: TrainingGroup) -> bool:
    """118-p22-3, A-16: 15 to 70 in a group of practical training; no limits online."""
    return not _size(case)


@because(_("Nobody is enrolled in this group."))
def somebody_enrolled(case: TrainingGroup) -> bool:
    return members_of(case) > 0


@because(_("Assign the trainer and the project consultant first."))
def has_people(case: TrainingGroup) -> bool:
    return case.trainer_id is not None and case.consultant_id is not None


@because(_("A group of practical training needs its room and the mark that the technical means are there."))
def has_room(case: TrainingGroup) -> bool:
    return not case.is_offline or (case.room_id is not None and case.equipment_ready)


@because(_("A member has not accepted the offer or not given the consent to the processing of personal data."))
def contracts_concluded(case: TrainingGroup) -> bool:
    members = case.enrolments.members()
    return not (members.filter(offer_accepted_at=None) | members.filter(consent_at=None)).exists()


@because(_("A member has not answered whether to stay after the change of the group."))
def members_confirmed(case: TrainingGroup) -> bool:
    """Who came with a merged group confirms date and place (A-16)."""
    from training.models import MemberAnswer

    members = case.enrolments.members()
    return not MemberAnswer.objects.filter(enrolment__in=members, confirmed=None).exists()


@because(_("The local employment body or the members have not answered about the change of the group yet."))
def no_change_pending(case: TrainingGroup) -> bool:
    return open_change(case) is None


ROSTER = [
    somebody_enrolled,
    right_size,
    has_people,
    has_room,
    has_timetable,
    contracts_concluded,
    members_confirmed,
    no_change_pending,
]


# ------------------------------------------------------------------------------------------ merged, turned online


@because(_("The local employment body is asked about a change of this group already."))
def nothing_asked(case: TrainingGroup) -> bool:
    return open_change(case) is None


@because(_("The coordinator has asked nothing about this group that waits for an answer."))
def change_asked(case: TrainingGroup) -> bool:
    change = open_change(case)
    return change is not None and change.agreed is None


@because(_("Nothing is asked about this group."))
def change_open(case: TrainingGroup) -> bool:
    return open_change(case) is not None


@because(_("A merger needs the agreement of the local employment body. Ask for it first."))
def merger_agreed(case: TrainingGroup) -> bool:
    return _agreed(case, GroupChange.MERGE)


def _merger_fault(case: TrainingGroup) -> str:
    change = open_change(case)
    assert change is not None
    assert change.into is not None
    return merging_fault(case, change.into)


@because(_merger_fault)
def may_merge(case: TrainingGroup) -> bool:
    change = open_change(case)
    return change is not None and change.into is not None and not merging_fault(case, change.into)


def merging_fault(case: TrainingGroup, into: TrainingGroup) -> str:
    """Why `case` cannot be merged into `into`, in a sentence; empty when it can (A-16)."""
    if into.pk == case.pk or into.office_id != case.office_id:
        return str(_now("Choose another group of this chamber."))
    if into.state not in (GroupState.ANNOUNCED, *GROUP_FILLING):
        return str(_now("The other group takes nobody now. Choose one that is enrolling."))
    if (into.mode, into.language) != (case.mode, case.language):
        return str(_now("Only groups of the same form and language can be merged."))
    together = members_of(case) + members_of(into)
    fault = roster.size_fault(together, offline=case.is_offline, together=True)
    if fault:
        words = _now("Together the groups have %(n)d members, more than practical training takes.")
        return str(words % {"n": together})
    return ""


@because(_("Turning a group online needs the agreement of the local employment body. Ask for it first."))
def online_agreed(case: TrainingGroup) -> bool:
    return _agreed(case, GroupChange.ONLINE)


def _online_waits(case: TrainingGroup) -> str:
    n = _not_online(case).count()
    said = ngettext(
        "%(n)d member has not confirmed that learning goes online without a stipend.",
        "%(n)d members have not confirmed that learning goes online without a stipend.",
        n,
    )
    return said % {"n": n}


@because(_online_waits)
def all_go_online(case: TrainingGroup) -> bool:
    """Each member confirms, knowing that online learners get no stipend (118-p31, A-16)."""
    return not _not_online(case).exists()


def _not_online(case: TrainingGroup) -> Any:
    change = open_change(case)
    members = case.enrolments.members()
    return members.exclude(change_answers__in=change.answers.filter(confirmed=True)) if change else members


def _agreed(case: TrainingGroup, what: str) -> bool:
    change = open_change(case)
    return change is not None and change.change == what and change.agreed is True


MERGING = [merger_agreed, may_merge]
TURNING_ONLINE = [online_agreed, all_go_online]


# --------------------------------------------------------------------------------------------------------- running, end


@because(_("The first training day has not come yet."))
def start_reached(case: TrainingGroup) -> bool:
    assert case.office is not None
    return clock.today(case.office.zone) >= case.start_on


@because(_("The last training day has not come yet."))
def last_day_reached(case: TrainingGroup) -> bool:
    assert case.office is not None
    return clock.today(case.office.zone) >= case.end_on


@because(_("A class day has no entry in the journal: the hours are not given as planned. Enter it, or move the day."))
def hours_given(case: TrainingGroup) -> bool:
    return not case.class_days.filter(booked=True, attendance=None).exists()


def _consultations_missing(case: TrainingGroup) -> str:
    from training.models.attendance import without_consultation

    n = without_consultation(case).count()
    said = ngettext(
        "%(n)d participant has no individual consultation yet, nor its refusal.",
        "%(n)d participants have no individual consultation yet, nor its refusal.",
        n,
    )
    return said % {"n": n}


@because(_consultations_missing)
def consultations_done(case: TrainingGroup) -> bool:
    """118-p23: at least one individual consultation for each active participant, or its refusal."""
    from training.models.attendance import without_consultation

    return not without_consultation(case).exists()


@because(_("No public speaking training of this group is recorded yet."))
def pitch_done(case: TrainingGroup) -> bool:
    """118-p23: at least one pitch training."""
    from training.models.attendance import pitch_held

    return pitch_held(case)


BEGINNING = [start_reached, right_size, members_confirmed, no_change_pending]
ENDING = [last_day_reached, hours_given, consultations_done, pitch_done]


def _results_missing(case: TrainingGroup) -> str:
    n = _without_result(case).count()
    said = ngettext("%(n)d participant has no result yet.", "%(n)d participants have no result yet.", n)
    return said % {"n": n}


@because(_results_missing)
def results_in(case: TrainingGroup) -> bool:
    """All results entered; certificates are formed with them (118-p26 to p28)."""
    return not _without_result(case).exists()


def _without_result(case: TrainingGroup) -> Any:
    waiting = [EnrolmentState.ENROLLED, EnrolmentState.STUDYING, EnrolmentState.ASSESSING]
    return case.enrolments.filter(state__in=waiting)
