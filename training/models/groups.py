"""Training groups (SPEC 4.3), and what is asked about them of the local employment body."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import OfficeCase
from bastau.people.models import Language, Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from referrals.states import StudyForm
from training.conditions import groups as conditions
from training.models.timetable import Room
from training.models.training_plans import TrainingPlan
from training.states import GROUP_DRAWN, GROUP_FILLING, GROUP_NOT_BEGUN, GroupChange, GroupState

CHAMBER_READERS = (Role.COORDINATOR, Role.PROJECT_CONSULTANT)
CENTRE_READERS = (Role.SPECIALIST, Role.DIRECTOR, Role.AUDITOR)


class TrainingGroupQuerySet(models.QuerySet["TrainingGroup"]):
    def visible_to(self, user: Any) -> TrainingGroupQuerySet:
        """A citizen's own; the chamber's and the local body's by office; a trainer's own; those that serve a centre."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(enrolments__person=user.person_id).distinct()
        centres = offices_of(user, CENTRE_READERS)
        of_centre = Q(centre__in=centres) | Q(centre=None, office__region__in=centres.values("region"))
        return self.filter(
            Q(office__in=offices_of(user, (*CHAMBER_READERS, Role.LEB_OFFICER)))
            | of_centre & ~Q(state__in=GROUP_DRAWN)
            | Q(trainer=user.pk, office__in=offices_of(user, [Role.TRAINER]))
        )

    def with_people_for(self, user: Any) -> TrainingGroupQuerySet:
        """Those whose members `user` may read by name: not the local body's, which sees figures only."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(
            Q(office__in=offices_of(user, CHAMBER_READERS))
            | Q(trainer=user.pk, office__in=offices_of(user, [Role.TRAINER]))
        )

    def announced(self) -> TrainingGroupQuerySet:
        """Those the public page shows: announced and still taking applications."""
        return self.filter(state__in=[GroupState.ANNOUNCED, GroupState.ENROLLING])


class TrainingGroup(OfficeCase):
    """A group: its plan, form, dates, place and people. `office` is the chamber, `centre` the one it serves, if one."""

    kind = "training_group"
    stage = "training"

    state = FSMField(max_length=20, choices=GroupState.choices, default=GroupState.PLANNED, protected=True)
    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="groups")
    centre = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=8, choices=StudyForm.choices)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    start_on = models.DateField()
    # The last training day, as the timetable has it.
    end_on = models.DateField()
    apply_until = models.DateField()
    place_kk = models.CharField(max_length=300)
    place_ru = models.CharField(max_length=300)
    contact = models.CharField(max_length=120)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="groups")
    equipment_ready = models.BooleanField(default=False)
    trainer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consultant = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # The schedule (form, dates, place) the local body agreed, and the chamber approved, as a fingerprint.
    agreed_schedule = models.CharField(max_length=64, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    objected_at = models.DateTimeField(null=True, blank=True)
    objected_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The start the running announcement was first made for: a later one keeps it, an earlier one needs another.
    announced_start = models.DateField(null=True, blank=True)
    roster_count = models.PositiveIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="group_ends_after_start"),
            models.CheckConstraint(condition=Q(apply_until__lte=F("start_on")), name="group_applies_before_start"),
            models.CheckConstraint(
                condition=~Q(state=GroupState.MERGED) | Q(merged_into__isnull=False), name="group_merged_into_another"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[GroupState.RUNNING, GroupState.ASSESSING, GroupState.COMPLETED])
                | Q(trainer__isnull=False, consultant__isnull=False, began_at__isnull=False),
                name="group_running_has_people",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="group_of_chamber"),
            models.Index(fields=["centre", "state", "-id"], name="group_of_centre"),
            models.Index(fields=["trainer", "state", "-id"], name="group_of_trainer"),
            models.Index(fields=["state", "start_on"], name="group_by_start"),
        ]

    def place(self, language: str | None = None) -> str:
        """Where it takes place, in `language`, by default the reader's."""
        return self.place_ru if (language or get_language() or "kk")[:2] == "ru" else self.place_kk

    @property
    def is_offline(self) -> bool:
        """Whether the limits of practical training hold (118-p22-3)."""
        return self.mode == StudyForm.OFFLINE

    def clean(self) -> None:
        if self.start_on and self.end_on and self.end_on < self.start_on:
            raise ValidationError(_("Training cannot end before it starts."))

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=GroupState.PLANNED, target=GroupState.PLANNED)
    def create(self, *, at: datetime, by: Actor) -> None:
        """Planned by the coordinator on a plan in force (118-p13, p14)."""

    @transition(field=state, source=GROUP_DRAWN, target=GroupState.PLANNED)
    def change(self, *, at: datetime, by: Actor, **schedule: Any) -> None:
        """Another date, place or form before the approval: to be agreed anew (118-p14)."""
        self._schedule(schedule)

    @transition(
        field=state,
        source=GroupState.PLANNED,
        target=GroupState.AGREED,
        conditions=[conditions.awaits_agreement, conditions.has_timetable],
    )
    def agree(self, *, at: datetime, by: Actor, schedule: str) -> None:
        """The local employment body agrees schedule, date and place (118-p14, p21)."""
        self.agreed_schedule, self.agreed_at, self.agreed_by = schedule, at, by.user

    @transition(
        field=state, source=GroupState.PLANNED, target=GroupState.PLANNED, conditions=[conditions.awaits_agreement]
    )
    def object(self, *, at: datetime, by: Actor) -> None:
        """The local employment body does not agree; the coordinator changes the schedule."""
        self.objected_at, self.objected_by = at, by.user

    @transition(
        field=state, source=GroupState.AGREED, target=GroupState.APPROVED, conditions=[conditions.agreed_as_it_stands]
    )
    def approve(self, *, at: datetime, by: Actor) -> None:
        """The chamber approves the schedule (118-p14)."""
        self.approved_at, self.approved_by = at, by.user

    @transition(
        field=state,
        source=GroupState.APPROVED,
        target=GroupState.ANNOUNCED,
        conditions=[conditions.in_time_to_announce],
    )
    def announce(self, *, at: datetime, by: Actor, announced_start: date) -> None:
        """Announced in Kazakh and Russian (118-p15)."""
        self.announced_start = announced_start

    @transition(field=state, source=GroupState.ANNOUNCED, target=GroupState.ENROLLING)
    def open_enrolment(self, *, at: datetime, by: Actor) -> None:
        """The candidates of the lists are invited (118-p12-2, p18)."""

    @transition(field=state, source=GROUP_NOT_BEGUN, target=None)
    def assign(self, *, at: datetime, by: Actor, **given: Any) -> None:
        """Trainer, consultant, room and technical means (118-p20)."""
        for name in ("trainer", "consultant", "room", "equipment_ready"):
            if name in given:
                setattr(self, name, given[name])

    @transition(field=state, source=GroupState.ENROLLING, target=GroupState.READY, conditions=conditions.ROSTER)
    def fix_roster(self, *, at: datetime, by: Actor, count: int) -> None:
        """The roster is fixed (118-p20, p22)."""
        self.roster_count = count

    @transition(
        field=state,
        source=[GroupState.ANNOUNCED, GroupState.ENROLLING, GroupState.READY],
        target=GroupState.POSTPONED,
    )
    def postpone(self, *, at: datetime, by: Actor) -> None:
        """Fewer than fifteen, or another cause (A-16)."""
        self.roster_count = None

    @transition(field=state, source=GroupState.POSTPONED, target=GroupState.PLANNED)
    def replan(self, *, at: datetime, by: Actor, **schedule: Any) -> None:
        """A new date: agreed and approved anew (118-p14)."""
        self._schedule(schedule)

    @transition(field=state, source=GROUP_FILLING, target=None, conditions=[conditions.nothing_asked])
    def ask_change(self, *, at: datetime, by: Actor) -> None:
        """The local body is asked to agree to a merger or to turning online (A-16)."""

    @transition(field=state, source=GROUP_FILLING, target=None, conditions=[conditions.change_asked])
    def agree_change(self, *, at: datetime, by: Actor) -> None:
        """The local body agrees."""

    @transition(field=state, source=GROUP_FILLING, target=None, conditions=[conditions.change_asked])
    def decline_change(self, *, at: datetime, by: Actor) -> None:
        """The local body does not agree; the group stays as it is."""

    @transition(field=state, source=GROUP_FILLING, target=None, conditions=[conditions.change_open])
    def drop_change(self, *, at: datetime, by: Actor) -> None:
        """The coordinator takes the question back."""

    @transition(field=state, source=GROUP_FILLING, target=GroupState.MERGED, conditions=conditions.MERGING)
    def merge(self, *, at: datetime, by: Actor, into: TrainingGroup) -> None:
        """Members move to another group (A-16)."""
        self.merged_into, self.closed_at = into, at

    @transition(field=state, source=GROUP_FILLING, target=GroupState.ENROLLING, conditions=conditions.TURNING_ONLINE)
    def turn_online(self, *, at: datetime, by: Actor) -> None:
        """At a distance from now on; 15–70 is no longer checked, the roster is fixed anew (A-16)."""
        self.mode, self.room, self.roster_count = StudyForm.ONLINE, None, None

    @transition(field=state, source=GroupState.READY, target=GroupState.RUNNING, conditions=conditions.BEGINNING)
    def begin(self, *, at: datetime, by: Actor) -> None:
        """The first class day is here (118-p22-2)."""
        self.began_at = at

    @transition(field=state, source=GroupState.RUNNING, target=GroupState.RUNNING)
    def substitute(self, *, at: datetime, by: Actor, **given: Any) -> None:
        """Another trainer or room (118-p20)."""
        self.trainer = given.get("trainer", self.trainer)
        self.room = given.get("room", self.room)

    @transition(field=state, source=GroupState.RUNNING, target=GroupState.RUNNING)
    def move_day(self, *, at: datetime, by: Actor, end_on: date) -> None:
        """A lost class day is made up within the 25 calendar days (118-p22-2)."""
        self.end_on = end_on

    @transition(field=state, source=GroupState.RUNNING, target=GroupState.ASSESSING, conditions=conditions.ENDING)
    def finish(self, *, at: datetime, by: Actor) -> None:
        """The last class day is closed; the ten working days of assessment run (118-p28, A-22)."""
        self.ended_at = at

    @transition(
        field=state, source=GroupState.ASSESSING, target=GroupState.COMPLETED, conditions=[conditions.results_in]
    )
    def complete(self, *, at: datetime, by: Actor) -> None:
        """All results are in (118-p26 to p28)."""
        self.closed_at = at

    @transition(field=state, source=GROUP_NOT_BEGUN, target=GroupState.CANCELLED)
    def cancel(self, *, at: datetime, by: Actor) -> None:
        """It will not take place; members are back in the pool."""
        self.closed_at = at

    @transition(field=state, source=GroupState.RUNNING, target=GroupState.CANCELLED)
    def break_off(self, *, at: datetime, by: Actor) -> None:
        """Broken off while running; the three years do not start for anybody (A-23)."""
        self.closed_at = at

    def _schedule(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            setattr(self, name, value)
        self.agreed_schedule, self.agreed_at, self.agreed_by = "", None, None
        self.objected_at = self.objected_by = None
        self.approved_at = self.approved_by = None


class ChangeRequest(models.Model):
    """What the coordinator asks the local body to agree to, and its answer (A-16)."""

    group = models.ForeignKey(TrainingGroup, on_delete=models.PROTECT, related_name="changes")
    change = models.CharField(max_length=6, choices=GroupChange.choices)
    into = models.ForeignKey(TrainingGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(max_length=2000)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(closed_at=None), name="change_one_open"),
            models.CheckConstraint(
                condition=Q(change=GroupChange.ONLINE, into=None) | Q(change=GroupChange.MERGE, into__isnull=False),
                name="change_merge_names_group",
            ),
            models.CheckConstraint(
                condition=Q(agreed=None, answered_at=None) | Q(agreed__isnull=False, answered_at__isnull=False),
                name="change_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.change}"


class MemberAnswer(models.Model):
    """Whether a member stays with a group that was turned online or merged; `confirmed` is empty till answered."""

    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="answers")
    enrolment = models.ForeignKey("training.Enrolment", on_delete=models.PROTECT, related_name="change_answers")
    asked_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "enrolment"], name="member_answers_once"),
            models.CheckConstraint(
                condition=Q(confirmed=None, answered_at=None) | Q(confirmed__isnull=False, answered_at__isnull=False),
                name="member_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.enrolment_id}"
