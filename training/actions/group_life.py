"""Groups from the fixed roster to the end: begun, changed, closed; postponed, merged, turned online, called off."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from training.actions import announcements, enrolments, reasons
from training.actions.groups import Schedule, book, busy_is_refused, check_people, locked, reschedule
from training.conditions import groups as conditions
from training.models import ChangeRequest, MemberAnswer, TrainingGroup
from training.rules import timetable
from training.rules.enrolments import earliest_start
from training.rules.timetable import Lesson
from training.states import ENROLMENT_OPEN, GroupChange, WithdrawalReason


def fix_roster(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """Fix the roster: 15 to 70 in practical training, people, room, timetable, contracts (118-p19, p20, p22).

    Raises Refused with what is missing; the waiting list is kept.
    """
    with transaction.atomic():
        group = locked(group)
        count = conditions.members_of(group)
        return perform(group, "fix_roster", by=by, set={"count": count}, members=count)


def postpone(group: TrainingGroup, *, by: Actor, reason: str) -> TrainingGroup:
    """Postpone the start; members keep their places and are told (A-16). Trainer and room are free again.

    Raises Refused.
    """
    with transaction.atomic():
        group = locked(group)
        written = reasons.write(group, "postpone", reason, by)
        group = perform(group, "postpone", by=by, reason=written.pk)
        _release(group)
        _close_change(group)
        return group


def replan(group: TrainingGroup, *, by: Actor, schedule: Schedule) -> TrainingGroup:
    """A new date for a postponed group: agreed and approved anew (118-p14).

    Raises Refused; also where an earlier start would fall into a member's three years (118-p29).
    """
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "replan", by)
        before = group.start_on
        group = reschedule(group, "replan", by=by, schedule=schedule)
        if group.start_on < before:
            for member in group.enrolments.filter(state__in=ENROLMENT_OPEN).select_related("person"):
                earliest = earliest_start(member)
                if earliest is not None and earliest > group.start_on:
                    raise Refused(
                        _("A member may start training on %(day)s at the earliest. Choose a later start.")
                        % {"day": f"{earliest:%d.%m.%Y}"}
                    )
        return group


# --------------------------------------------------------------------------------------------- merging, turning online


def ask_change(
    group: TrainingGroup, *, by: Actor, change: str, reason: str, into: TrainingGroup | None = None
) -> ChangeRequest:
    """Ask the local body to agree to a merger `into` another group, or to turning online (A-16). Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write the reason: those concerned read it."))
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "ask_change", by)
        if change == GroupChange.MERGE:
            fault = conditions.merging_fault(group, into) if into else str(_("Choose the group to merge with."))
            if fault:
                raise Refused(fault)
        elif not group.is_offline:
            raise Refused(_("The group learns online already."))
        assert by.user is not None
        into = into if change == GroupChange.MERGE else None
        perform(group, "ask_change", by=by, change=change, into=into.pk if into else None)
        return ChangeRequest.objects.create(
            group=group,
            change=change,
            into=into,
            reason=reason.strip(),
            asked_at=clock.now(),
            asked_by=by.user,
        )


def agree_change(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """The local body agrees. Before a group goes online each member is asked: no stipend is paid then (118-p31).

    Raises Refused.
    """
    with transaction.atomic():
        group = locked(group)
        asked = conditions.open_change(group)
        group = perform(group, "agree_change", by=by, request=asked.pk if asked else None)
        asked = _answered(group, by, agreed=True)
        if asked.change == GroupChange.ONLINE:
            _ask_members(asked, group)
        return group


def decline_change(group: TrainingGroup, *, by: Actor, reason: str) -> TrainingGroup:
    """The local body does not agree; the group stays as it is. Raises Refused."""
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "decline_change", by)
        written = reasons.write(group, "decline_change", reason, by)
        group = perform(group, "decline_change", by=by, reason=written.pk)
        _answered(group, by, agreed=False)
        _close_change(group)
        return group


def drop_change(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """The coordinator takes the question back. Raises Refused."""
    with transaction.atomic():
        group = perform(group, "drop_change", by=by)
        _close_change(group)
        return group


def answer_change(answer: MemberAnswer, *, by: Actor, stays: bool) -> MemberAnswer:
    """A member says whether to stay; who does not, leaves the group and keeps the referral. Twice changes nothing.

    Raises Refused.
    """
    with transaction.atomic():
        answer = (
            MemberAnswer.objects.select_for_update(of=("self",)).select_related("enrolment__person").get(pk=answer.pk)
        )
        if by.user is None or by.user.person_id != answer.enrolment.person_id:
            raise Refused(_("This question was put to another person."))
        if answer.confirmed is not None:
            return answer
        answer.confirmed, answer.answered_at = stays, clock.now()
        answer.save(update_fields=["confirmed", "answered_at"])
        if not stays:
            enrolments.withdraw(answer.enrolment, by=by, reason=WithdrawalReason.OWN_REQUEST)
        return answer


def merge(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """Members move to the other group, are told date and place and asked to confirm (A-16). Raises Refused."""
    with transaction.atomic():
        asked = conditions.open_change(group)
        pks = sorted({group.pk, asked.into_id if asked and asked.into_id else group.pk})
        rows = TrainingGroup._base_manager.select_for_update(of=("self",)).select_related("office")
        both = {one.pk: one for one in rows.filter(pk__in=pks).order_by("pk")}
        group = both[group.pk]
        _allowed(group, "merge", by)
        assert asked is not None
        assert asked.into_id is not None
        into = both[asked.into_id]
        _ask_members(asked, group)
        moved = enrolments.move_members(group, into)
        group = perform(group, "merge", by=by, set={"into": into}, into=into.pk, moved=moved, request=asked.pk)
        if into.roster_count is not None:
            TrainingGroup._base_manager.filter(pk=into.pk).update(roster_count=conditions.members_of(into))
        announcements.withdraw(group, by=by)
        _release(group)
        _close_change(group)
        return group


def turn_online(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """The group goes on at a distance; 15 to 70 holds no more, the roster is fixed anew (A-16). Raises Refused."""
    with transaction.atomic():
        group = locked(group)
        asked = conditions.open_change(group)
        group = perform(group, "turn_online", by=by, request=asked.pk if asked else None)
        group.class_days.update(room=None)
        _close_change(group)
        return group


# --------------------------------------------------------------------------------------------------- running, the end


def begin(group: TrainingGroup) -> TrainingGroup:
    """The first class day is here; the size is checked again (118-p22-2, p22-3, A-16). Raises Refused."""
    with transaction.atomic():
        group = locked(group)
        count = conditions.members_of(group)
        return perform(group, "begin", by=SYSTEM, members=count, start_on=group.start_on)


def substitute(group: TrainingGroup, *, by: Actor, **given: Any) -> TrainingGroup:
    """Another trainer or room from today on; the local body is told (118-p20). Raises Refused for who is busy."""
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "substitute", by)
        check_people(group, given)
        assert group.office is not None
        book(group, given, since=clock.today(group.office.zone))
        people = {name: getattr(value, "pk", None) for name, value in given.items()}
        return perform(group, "substitute", by=by, set=given, **people)


def move_day(group: TrainingGroup, *, by: Actor, lost: date, to: date) -> TrainingGroup:
    """A lost class day is made up on another day, within the 25 calendar days (118-p22-2). Raises Refused."""
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "move_day", by)
        days = {one.day: one for one in group.class_days.filter(booked=True)}
        moving = days.get(lost)
        if moving is None:
            raise Refused(_("There is no class on this day. Choose a day of the timetable."))
        if moving.attendance.exists():
            raise Refused(_("This day is in the journal: its class took place."))
        if to in days or to < group.start_on:
            raise Refused(_("Choose a day after the first one on which the group has no class yet."))
        lessons = [Lesson(to if one.day == lost else one.day, one.hours, one.module_code) for one in days.values()]
        said = timetable.faults(lessons)
        if said:
            raise Refused(said)
        with busy_is_refused():
            group.class_days.filter(pk=moving.pk).update(day=to)
        end_on = max(one.day for one in lessons)
        return perform(group, "move_day", by=by, set={"end_on": end_on}, lost=lost, to=to, end_on=end_on)


def finish(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """Close the last class day: hours given, consultations and pitch training done (118-p23, p28). Raises Refused."""
    return perform(group, "finish", by=by, end_on=group.end_on)


def complete(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """Close the group when all results are in (118-p26 to p28). Raises Refused."""
    return perform(group, "complete", by=by)


def cancel(group: TrainingGroup, *, by: Actor, reason: str) -> TrainingGroup:
    """Cancel a group that has not begun; its members are back in the pool, the local body is told. Raises Refused."""
    return _call_off(group, "cancel", by, reason)


def break_off(group: TrainingGroup, *, by: Actor, reason: str) -> TrainingGroup:
    """Break a running group off; nobody's three years start by it (A-23). Raises Refused."""
    return _call_off(group, "break_off", by, reason)


def _call_off(group: TrainingGroup, event: str, by: Actor, reason: str) -> TrainingGroup:
    with transaction.atomic():
        group = locked(group)
        _allowed(group, event, by)
        written = reasons.write(group, event, reason, by)
        group = perform(group, event, by=by, reason=written.pk)
        announcements.withdraw(group, by=by)
        _release(group)
        _close_change(group)
        return group


def _allowed(group: TrainingGroup, event: str, by: Actor) -> None:
    answer = verdict(group, event, by)
    if not answer.ok:
        raise Refused(str(answer.reason), code=event)


def _release(group: TrainingGroup) -> None:
    """The class days still to come hold nobody any more."""
    assert group.office is not None
    group.class_days.filter(day__gte=clock.today(group.office.zone)).update(booked=False)


def _close_change(group: TrainingGroup) -> None:
    group.changes.filter(closed_at=None).update(closed_at=clock.now())


def _answered(group: TrainingGroup, by: Actor, *, agreed: bool) -> ChangeRequest:
    asked = group.changes.select_for_update(of=("self",)).get(closed_at=None)
    asked.agreed, asked.answered_at, asked.answered_by = agreed, clock.now(), by.user
    asked.save(update_fields=["agreed", "answered_at", "answered_by"])
    return asked


def _ask_members(asked: ChangeRequest, group: TrainingGroup) -> None:
    MemberAnswer.objects.bulk_create(
        [
            MemberAnswer(request=asked, enrolment=member, asked_at=clock.now())
            for member in group.enrolments.members().order_by("pk")
        ],
        ignore_conflicts=True,
    )
