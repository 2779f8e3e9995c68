"""Calling a meeting: date and place, agenda, notices, materials, postponing (FKA04-2.1…2.3, SPEC 4.10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from bastau import clock, law, workdays
from bastau.flow import Actor, Refused, perform
from bastau.papers import numbers
from bastau.people.models import Office
from grants import seating
from grants.actions import applications
from grants.models import AgendaItem, Commission, CommissionMeeting, CriterionCheck, GrantApplication
from grants.notices import meetings as notices
from grants.papers import meetings as papers
from grants.rights import meetings as rights
from grants.rules import meetings as rules
from grants.states import GrantState, MeetingState, Met

FORM_FIRST = _("There is no commission yet: the director forms it by an order, on the page of the commission.")
SERIES = "КО"


def call_meeting(
    *, office: Office, starts_at: datetime, place_kk: str, place_ru: str, minutes: int, by: Actor
) -> CommissionMeeting:
    """Fix date, time and place of a new meeting (FKA04-2.1). A second click finds the first one's meeting.

    Raises Refused: nobody may be told in time any more (A-33), no commission, not the secretary.
    """
    with transaction.atomic():
        commission = Commission.objects.select_for_update(of=("self",)).filter(office=office).first()
        if commission is None:
            raise Refused(FORM_FIRST)
        found = CommissionMeeting._base_manager.filter(
            commission=commission, starts_at=starts_at, state=MeetingState.PLANNED, called_by=by.user
        ).first()
        if found is not None:
            return found
        when = _when(office, starts_at, place_kk, place_ru, minutes)
        meeting = CommissionMeeting(
            office=office,
            commission=commission,
            called_by=by.user,
            ruleset=law.RULESET,
            created_at=clock.now(),
            **when,
        )
        allowed = rights.secretary(meeting, by)
        if not allowed.ok:
            raise Refused(str(allowed.reason))
        series = f"{SERIES}-{office.region_id}-{when['held_on'].year}"
        meeting.number = f"{series}-{numbers.take(series):04d}"
        meeting.save(force_insert=True)
        return perform(meeting, "call", by=by, set=when, starts_at=starts_at)


def move(
    meeting: CommissionMeeting, *, starts_at: datetime, place_kk: str, place_ru: str, minutes: int, by: Actor
) -> CommissionMeeting:
    """Another date or place while nobody is told yet (FKA04-2.1). Raises Refused."""
    assert meeting.office is not None
    when = _when(meeting.office, starts_at, place_kk, place_ru, minutes)
    return perform(meeting, "call", by=by, set=when, starts_at=starts_at)


def candidates(office: Office) -> QuerySet[GrantApplication]:
    """Applications that may go before the commission: checked with every criterion met, or postponed; oldest first."""
    checks = CriterionCheck.objects.filter(application=OuterRef("pk"))
    ready = GrantApplication.objects.filter(
        Exists(checks),
        ~Exists(checks.exclude(result=Met.YES)),
        office=office,
        state__in=[GrantState.ACCEPTED, GrantState.IN_CHECK, GrantState.POSTPONED],
    )
    return ready.select_related("person").order_by("filed_at", "pk")


def put_on_agenda(meeting: CommissionMeeting, chosen: Iterable[GrantApplication], *, by: Actor) -> list[AgendaItem]:
    """Put applications on the agenda, earlier sent first. One that is on it already stays where it is.

    Raises Refused, and then nothing was put on it.
    """
    with transaction.atomic():
        meeting = locked(meeting)
        allowed = rights.secretary(meeting, by)
        if not allowed.ok:
            raise Refused(str(allowed.reason))
        if meeting.state not in (MeetingState.PLANNED, MeetingState.POSTPONED):
            raise Refused(_("Everybody is told of this agenda already. Put the application on the next meeting's."))
        have = set(meeting.items.values_list("application_id", flat=True))
        position = meeting.items.count()
        made = []
        for application in sorted(chosen, key=lambda one: (one.filed_at, one.pk)):
            if application.pk in have:
                continue
            position += 1
            item = AgendaItem(meeting=meeting, application=application, position=position, added_at=clock.now())
            item.save(force_insert=True)
            applications.put_on_agenda(application, meeting, by)
            made.append(item)
    return made


def notify(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """Tell members and applicants, with agenda and invitations (FKA04-2.1, 2.2, A-33). Raises Refused."""
    with transaction.atomic():
        meeting = perform(meeting, "notify", by=by, round=meeting.round)
        _tell(meeting)
    return meeting


def send_materials(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """Open the packages to the members (FKA04-2.3). Raises Refused."""
    with transaction.atomic():
        meeting = perform(meeting, "send_materials", by=by)
        notices.tell_materials(meeting)
    return meeting


def postpone(meeting: CommissionMeeting, *, reason: str, by: Actor) -> CommissionMeeting:
    """Put the meeting off; whoever was told is told of it (SPEC 4.10). Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write why the meeting is postponed: members and applicants read it."))
    with transaction.atomic():
        meeting = locked(meeting)
        told = meeting.state != MeetingState.PLANNED
        meeting = perform(meeting, "postpone", by=by, set={"reason": reason.strip()}, round=meeting.round)
        papers.void_invitations(meeting)
        # What was noted of the attendance belonged to that day.
        meeting.seats.all().delete()
        if told:
            notices.tell_postponed(meeting)
    return meeting


def call_again(
    meeting: CommissionMeeting, *, starts_at: datetime, place_kk: str, place_ru: str, minutes: int, by: Actor
) -> CommissionMeeting:
    """A new date for a postponed meeting; everybody is told anew (SPEC 4.10). Raises Refused."""
    assert meeting.office is not None
    when = _when(meeting.office, starts_at, place_kk, place_ru, minutes)
    with transaction.atomic():
        meeting = locked(meeting)
        meeting.held_on = when["held_on"]
        _composed(meeting)
        meeting = perform(meeting, "call_again", by=by, set=when, starts_at=starts_at)
        _tell(meeting)
    return meeting


def locked(meeting: CommissionMeeting) -> CommissionMeeting:
    """The row, locked, with its office."""
    rows = CommissionMeeting._base_manager.select_for_update(of=("self",)).select_related("office", "commission")
    return rows.get(pk=meeting.pk)


def heard_by(meeting: CommissionMeeting) -> QuerySet[AgendaItem]:
    """The agenda without what the applicants have withdrawn (SPEC 4.9: the item leaves the agenda)."""
    items = meeting.items.exclude(application__state=GrantState.WITHDRAWN)
    return items.select_related("application__person").order_by("position", "pk")


def _tell(meeting: CommissionMeeting) -> None:
    papers.void_invitations(meeting)
    papers.ask_agenda(meeting)
    papers.ask_invitations(meeting)
    notices.tell_meeting(meeting)


def _composed(meeting: CommissionMeeting) -> None:
    members = [rules.Appointed(one.is_chair, one.is_substitute) for one in seating.members_of(meeting)]
    faults = rules.composition_faults(members)
    if faults:
        raise Refused(" ".join(str(fault) for fault in faults))


def _when(office: Office, starts_at: datetime, place_kk: str, place_ru: str, minutes: int) -> dict[str, Any]:
    held_on = starts_at.astimezone(ZoneInfo(office.zone)).date()
    calendar, now = workdays.current("centre"), clock.now()
    if not calendar.is_working(held_on):
        raise Refused(_("The commission meets on a working day. Choose another day."))
    if not rules.is_in_time(held_on, now, calendar, office.zone):
        raise Refused(str(rules.too_late(held_on, now, calendar, office.zone)))
    if not place_kk.strip() or not place_ru.strip():
        raise Refused(_("Give the place in Kazakh and in Russian: the invitations name it."))
    return {
        "starts_at": starts_at,
        "held_on": held_on,
        "place_kk": place_kk.strip(),
        "place_ru": place_ru.strip(),
        "minutes": minutes,
    }
