"""The meeting of the commission, its agenda, who attends, and the correcting protocol."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import OfficeCase
from bastau.papers.models import Paper
from bastau.people.models import User
from bastau.people.scope import offices_of
from grants import meeting_conditions as conditions
from grants.models.commission import MEETING_READERS, SITTING, Commission, CommissionMember
from grants.states import MEETING_ROOM, CorrectionState, Dissenting, ItemEnd, MeetingState, Ruling


class MeetingQuerySet(models.QuerySet["CommissionMeeting"]):
    def visible_to(self, user: Any) -> MeetingQuerySet:
        """The centre's own for its staff; for members those called while they are appointed. None for a citizen."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(Q(office__in=offices_of(user, MEETING_READERS)) | self._sat_by(user))

    def of_member(self, user: Any) -> MeetingQuerySet:
        """The meetings to which this member or substitute is called: appointed on the day, members told."""
        return self.filter(self._sat_by(user))

    def _sat_by(self, user: Any) -> Q:
        appointed = CommissionMember.objects.filter(
            Q(until=None) | Q(until__gte=OuterRef("held_on")),
            commission=OuterRef("commission"),
            user=user.pk,
            since__lte=OuterRef("held_on"),
        )
        told = ~Q(state=MeetingState.PLANNED)
        return Q(Exists(appointed)) & told & Q(office__in=offices_of(user, SITTING))


class CommissionMeeting(OfficeCase):
    """A meeting (FKA04-2.1): date, place, agenda, attendance, protocol. `office` is the centre."""

    kind = "meeting"
    stage = "grant"

    state = FSMField(max_length=20, choices=MeetingState.choices, default=MeetingState.PLANNED, protected=True)
    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="meetings")
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    # The local day of `starts_at`: appointments are asked for by day.
    held_on = models.DateField()
    place_kk = models.CharField(max_length=300)
    place_ru = models.CharField(max_length=300)
    # Minutes each applicant has to present (SPEC 2.10, invitation).
    minutes = models.PositiveSmallIntegerField()
    # Each new date makes notices of its own.
    round = models.PositiveSmallIntegerField(default=1)
    reason = models.TextField(blank=True, max_length=2000)
    # The item that is open in the room.
    current = models.ForeignKey("grants.AgendaItem", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notified_at = models.DateTimeField(null=True, blank=True)
    materials_sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    protocol_signed_at = models.DateTimeField(null=True, blank=True)
    decisions_entered_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="meeting_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=MEETING_ROOM) | Q(opened_at__isnull=False), name="meeting_room_was_opened"
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.VOTING) | Q(current__isnull=False), name="meeting_votes_on_an_item"
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="meeting_office_state")]

    def place(self, language: str) -> str:
        """Where it is held, in `language`."""
        return self.place_ru if language == "ru" else self.place_kk

    @property
    def starts_local(self) -> datetime:
        """The beginning in the wall time of the centre."""
        assert self.office is not None
        return self.starts_at.astimezone(ZoneInfo(self.office.zone))

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    def _moved(self, starts_at: datetime, held_on: date, place_kk: str, place_ru: str, minutes: int) -> None:
        self.starts_at, self.held_on = starts_at, held_on
        self.place_kk, self.place_ru, self.minutes = place_kk, place_ru, minutes

    @transition(field=state, source=MeetingState.PLANNED, target=MeetingState.PLANNED)
    def call(self, *, at: datetime, by: Actor, **when: Any) -> None:
        """Place, date and time are fixed (FKA04-2.1), or fixed otherwise while nobody is told yet."""
        self._moved(**when)

    @transition(field=state, source=MeetingState.PLANNED, target=MeetingState.NOTIFIED, conditions=conditions.NOTIFYING)
    def notify(self, *, at: datetime, by: Actor) -> None:
        """Members and applicants are told (FKA04-2.1, 2.2, A-33)."""
        self.notified_at = at

    @transition(field=state, source=MeetingState.NOTIFIED, target=MeetingState.MATERIALS_SENT)
    def send_materials(self, *, at: datetime, by: Actor) -> None:
        """The packages are open to the members (FKA04-2.3)."""
        self.materials_sent_at = at

    @transition(
        field=state,
        source=[MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.MATERIALS_SENT],
        target=MeetingState.POSTPONED,
    )
    def postpone(self, *, at: datetime, by: Actor, reason: str) -> None:
        """Put off: another date is needed, or there is no quorum at the opening."""
        self.reason = reason

    @transition(
        field=state, source=MeetingState.POSTPONED, target=MeetingState.NOTIFIED, conditions=conditions.COMPOSED
    )
    def call_again(self, *, at: datetime, by: Actor, **when: Any) -> None:
        """A new date; everybody is told anew (FKA04-2.1)."""
        self._moved(**when)
        self.round += 1
        self.notified_at, self.materials_sent_at = at, None

    @transition(field=state, source=MeetingState.MATERIALS_SENT, target=MeetingState.OPENED, conditions=conditions.OPEN)
    def open(self, *, at: datetime, by: Actor) -> None:
        """The chair opens the meeting with a quorum (FKA04-2.4, A-32)."""
        self.opened_at, self.opened_by = at, by.user

    @transition(field=state, source=MeetingState.OPENED, target=MeetingState.VOTING, conditions=[conditions.has_quorum])
    def open_item(self, *, at: datetime, by: Actor, item: AgendaItem) -> None:
        """The chair opens an item: the project is presented, members vote (FKA04-2.4, 2.5)."""
        self.current = item

    @transition(field=state, source=MeetingState.VOTING, target=MeetingState.OPENED)
    def close_item(self, *, at: datetime, by: Actor) -> None:
        """The chair closes the item; its votes are frozen and counted."""
        self.current = None

    @transition(field=state, source=[MeetingState.OPENED, MeetingState.VOTING], target=MeetingState.OPENED)
    def put_off_item(self, *, at: datetime, by: Actor) -> None:
        """The chair puts an item off without a vote: the applicant is absent, or there is no quorum on it (A-35)."""
        self.current = None

    @transition(field=state, source=[MeetingState.OPENED, MeetingState.VOTING], target=MeetingState.OPENED)
    def strike_item(self, *, at: datetime, by: Actor) -> None:
        """The secretary closes an item whose applicant did not come a second time (A-35)."""
        self.current = None

    @transition(field=state, source=[MeetingState.OPENED, MeetingState.VOTING], target=MeetingState.SUSPENDED)
    def suspend(self, *, at: datetime, by: Actor) -> None:
        """The quorum is lost, or the chair calls a break; nothing is decided meanwhile."""
        self.current = None

    @transition(
        field=state, source=MeetingState.SUSPENDED, target=MeetingState.OPENED, conditions=[conditions.has_quorum]
    )
    def resume(self, *, at: datetime, by: Actor) -> None:
        """The quorum is back."""

    @transition(
        field=state,
        source=[MeetingState.OPENED, MeetingState.SUSPENDED],
        target=MeetingState.CLOSED,
        conditions=[conditions.all_ended_or_suspended],
    )
    def close(self, *, at: datetime, by: Actor) -> None:
        """The meeting is over; what was not heard goes to the next one."""
        self.closed_at = at

    @transition(field=state, source=MeetingState.CLOSED, target=MeetingState.PROTOCOL_DRAFT)
    def draft_protocol(self, *, at: datetime, by: Actor) -> None:
        """The secretary lays the protocol before the members."""

    @transition(field=state, source=MeetingState.PROTOCOL_DRAFT, target=MeetingState.CLOSED)
    def rewrite_protocol(self, *, at: datetime, by: Actor) -> None:
        """The draft is taken back to be mended; its signatures are void with it (A-51)."""

    @transition(field=state, source=MeetingState.PROTOCOL_DRAFT, target=MeetingState.PROTOCOL_DRAFT)
    def sign_protocol(self, *, at: datetime, by: Actor) -> None:
        """The chair or a member signs the protocol."""

    @transition(field=state, source=MeetingState.PROTOCOL_DRAFT, target=MeetingState.PROTOCOL_DRAFT)
    def note_dissent(self, *, at: datetime, by: Actor) -> None:
        """A refusal to sign or a dissenting opinion is recorded (SPEC 2.10)."""

    @transition(
        field=state,
        source=MeetingState.PROTOCOL_DRAFT,
        target=MeetingState.PROTOCOL_SIGNED,
        conditions=[conditions.majority_signed],
    )
    def complete_protocol(self, *, at: datetime, by: Actor) -> None:
        """The secretary signs last: the protocol is signed."""
        self.protocol_signed_at = at

    @transition(field=state, source=MeetingState.PROTOCOL_SIGNED, target=MeetingState.PROTOCOL_SIGNED)
    def enter_decision(self, *, at: datetime, by: Actor) -> None:
        """One decision is entered as the protocol says (FKA04-2.6)."""

    @transition(
        field=state,
        source=MeetingState.PROTOCOL_SIGNED,
        target=MeetingState.DECISIONS_ENTERED,
        conditions=[conditions.all_entered],
    )
    def finish_entry(self, *, at: datetime, by: Actor) -> None:
        """All decisions are entered."""
        self.decisions_entered_at = at


class AgendaItem(models.Model):
    """An application on the agenda of one meeting, and what the vote on it came to."""

    meeting = models.ForeignKey(CommissionMeeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey("grants.GrantApplication", on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    presented_at = models.DateTimeField(null=True, blank=True)
    # Allowed by the chair (FKA04-2.5).
    online = models.BooleanField(default=False)
    questions = models.TextField(blank=True, max_length=4000)

    end = models.CharField(max_length=8, choices=ItemEnd.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    absent = models.BooleanField(default=False)
    excused = models.BooleanField(default=False)
    # What the vote came to, frozen when the chair closes the item.
    appointed = models.PositiveSmallIntegerField(default=0)
    base = models.PositiveSmallIntegerField(default=0)
    votes_for = models.PositiveSmallIntegerField(default=0)
    votes_against = models.PositiveSmallIntegerField(default=0)
    votes_abstained = models.PositiveSmallIntegerField(default=0)
    votes_recused = models.PositiveSmallIntegerField(default=0)
    by_chair = models.BooleanField(default=False)
    score_sum = models.PositiveIntegerField(default=0)
    score_count = models.PositiveSmallIntegerField(default=0)
    ruling = models.CharField(max_length=8, choices=Ruling.choices, blank=True)
    reason = models.TextField(blank=True, max_length=4000)
    amount = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "application"], name="agenda_item_once"),
            models.CheckConstraint(
                condition=Q(end="", closed_at=None) | ~Q(end="") & Q(closed_at__isnull=False),
                name="agenda_item_closed_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(end=ItemEnd.VOTED)
                | ~Q(ruling="") & Q(base=F("votes_for") + F("votes_against") + F("votes_abstained")),
                name="agenda_item_votes_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.application_id}"


class Seat(models.Model):
    """Who attends: a member, present or absent with the reason, or a substitute in an absent member's place."""

    meeting = models.ForeignKey(CommissionMeeting, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="seats")
    present = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    in_place_of = models.ForeignKey(
        CommissionMember, on_delete=models.PROTECT, null=True, blank=True, related_name="replaced"
    )
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["member__is_substitute", "-member__is_chair", "member_id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="seat_once"),
            models.UniqueConstraint(
                fields=["meeting", "in_place_of"], condition=Q(in_place_of__isnull=False), name="seat_replaced_once"
            ),
            models.CheckConstraint(condition=Q(in_place_of=None) | Q(present=True), name="seat_substitute_is_present"),
        ]

    def __str__(self) -> str:
        return f"{self.member}"


class Objection(models.Model):
    """A member's refusal to sign a protocol, or a dissenting opinion (SPEC 2.10). It belongs to that very paper."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="objections")
    member = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=8, choices=Dissenting.choices)
    text = models.TextField(max_length=4000)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "member"], name="objection_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.kind}"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Any) -> CorrectionQuerySet:
        """Whoever sees the meeting."""
        return self.filter(meeting__in=CommissionMeeting.objects.visible_to(user).values("pk"))


class Correction(OfficeCase):
    """A correcting protocol: mends one entered decision; the old record stays (SPEC 4.10, question 23)."""

    kind = "correction"
    stage = "grant"

    state = FSMField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.DRAFTED, protected=True)
    meeting = models.ForeignKey(CommissionMeeting, on_delete=models.PROTECT, related_name="corrections")
    decision = models.ForeignKey("grants.Decision", on_delete=models.PROTECT, related_name="corrections")
    cause = models.TextField(max_length=2000)
    reason = models.TextField(max_length=4000)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=~Q(state=CorrectionState.ENTERED), name="correction_one_open"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="correction_number_once"),
        ]

    @transition(field=state, source=CorrectionState.DRAFTED, target=CorrectionState.DRAFTED)
    def lay_before(self, *, at: datetime, by: Actor) -> None:
        """Laid before the members to be signed."""

    @transition(field=state, source=CorrectionState.DRAFTED, target=CorrectionState.DRAFTED)
    def sign_protocol(self, *, at: datetime, by: Actor) -> None:
        """The chair or a member signs the correcting protocol."""

    @transition(field=state, source=CorrectionState.DRAFTED, target=CorrectionState.DRAFTED)
    def note_dissent(self, *, at: datetime, by: Actor) -> None:
        """A refusal to sign or a dissenting opinion is recorded."""

    @transition(
        field=state,
        source=CorrectionState.DRAFTED,
        target=CorrectionState.SIGNED,
        conditions=[conditions.majority_signed],
    )
    def complete_protocol(self, *, at: datetime, by: Actor) -> None:
        """The secretary signs last."""
        self.signed_at = at

    @transition(field=state, source=CorrectionState.SIGNED, target=CorrectionState.ENTERED)
    def enter_correction(self, *, at: datetime, by: Actor) -> None:
        """The corrected decision is entered and the applicant told anew."""
        self.entered_at = at


def ended(items: Iterable[AgendaItem]) -> bool:
    """Whether nothing on the agenda waits any more."""
    return all(item.end for item in items)
