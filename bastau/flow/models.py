"""What every case has in common: its state, the journal of its steps, and its deadlines."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bastau.people.models import Office, Person, Post, User
from bastau.people.roles import Role


class Case(models.Model):
    """A case that moves from state to state by :func:`bastau.flow.perform` and in no other way.

    A subclass declares `kind`, a protected `state` and its transitions. Outside flow, `state` cannot be assigned.
    """

    kind: ClassVar[str]
    stage: ClassVar[str]

    number = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="%(class)ss")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="%(class)ss")
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ruleset = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.pk}"

    def check_fields(self) -> None:
        """full_clean without the state, which refuses to be cleaned, and without what the database itself checks.

        Raises ValidationError.
        """
        left_out = {"state"} | {field.name for field in self._meta.concrete_fields if field.is_relation}
        self.full_clean(exclude=left_out, validate_unique=False, validate_constraints=False)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """As Django's. The protected state is taken off this instance alone while the row is read, and put back
        when there is no row; the library's own refresh lifts the protection of the field for every thread."""
        state = self.__dict__.pop("state", None)
        self.__dict__["_taken_off"] = {"state"}
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            del self.__dict__["_taken_off"]
            if state is not None:
                self.__dict__.setdefault("state", state)

    def get_deferred_fields(self) -> set[str]:
        """As Django's; a state taken off to be refreshed is read again, not left out as deferred."""
        return super().get_deferred_fields() - self.__dict__.get("_taken_off", set())


class OfficeCase(Case):
    """A case of an office and not of one person: a group, a list, a meeting."""

    person = models.ForeignKey(  # type: ignore[assignment]
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class Step(models.Model):
    """One entry of the append-only journal: a trigger refuses UPDATE and DELETE.

    `facts` hold identifiers, codes, numbers and hashes only. `hash` chains the entry to the case's previous one.
    """

    case_kind = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    source = models.CharField(max_length=30)
    target = models.CharField(max_length=30)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=30)
    clause = models.CharField(max_length=30)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["case_kind", "case_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["case_kind", "case_id", "sequence"], name="step_sequence"),
        ]
        indexes = [models.Index(fields=["at"], name="step_at")]

    def __str__(self) -> str:
        return f"{self.case_kind}/{self.case_id} {self.sequence} {self.event}"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        """Those still running."""
        return self.filter(closed_at=None)

    def visible_to(self, user: Any) -> DeadlineQuerySet:
        """For staff, the deadlines of the offices of their posts in force whose duty or oversight is theirs."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id, duty="citizen")
        posts = Post.objects.in_force().filter(user=user)
        seen = Q(office__in=posts.filter(role__in=OFFICE_ROLES).values("office"))
        for role in DUTY_ROLES:
            seen |= Q(duty=role, office__in=posts.filter(role=role).values("office"))
        return self.filter(seen | Q(assignee=user.pk, duty__in=posts.filter(role__in=OWN_ROLES).values("role")))


#: They see all terms of their office.
OFFICE_ROLES = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.COORDINATOR)
#: They see the terms of their own duty.
DUTY_ROLES = (Role.COMMISSION_SECRETARY, Role.ACCOUNTANT)
#: They see the terms of their own duty that were given to them by name.
OWN_ROLES = (Role.TRAINER, Role.PROJECT_CONSULTANT)
DESK_ROLES = (*OFFICE_ROLES, *DUTY_ROLES, *OWN_ROLES)


class Deadline(models.Model):
    """One term of one case: whose duty, until when, and the reckoning that explains the date."""

    name = models.CharField(max_length=30)
    case_kind = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    case_number = models.CharField(max_length=40)
    # Empty where the case is an office's own: a group, a meeting, a list.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=30)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    clause = models.CharField(max_length=30)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    escalate_at = models.DateTimeField()
    reckoning = models.JSONField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_event = models.CharField(max_length=40, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "name"], condition=Q(closed_at=None), name="deadline_open_once"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="deadline_after_start"),
        ]
        indexes = [
            models.Index(fields=["office", "due_at", "id"], condition=Q(closed_at=None), name="deadline_desk"),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(closed_at=None), name="deadline_mine"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None, breached_at=None), name="deadline_to_breach"),
            models.Index(
                fields=["remind_at"], condition=Q(closed_at=None, reminded_at=None), name="deadline_to_remind"
            ),
            models.Index(
                fields=["escalate_at"], condition=Q(closed_at=None, escalated_at=None), name="deadline_to_escalate"
            ),
            models.Index(fields=["case_kind", "case_id"], name="deadline_case"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.case_number}"

    def clean(self) -> None:
        if self.due_at < self.started_at:
            raise ValidationError(_("A term cannot end before it starts."))
