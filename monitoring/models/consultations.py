"""Enquiries of three kinds: on training (118-p17), during training (118-p23), during accompaniment (118-p33-3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import OfficeCase
from bastau.people.models import Office, Person, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from monitoring.models.accompaniment import AccompanimentCase
from monitoring.states import (
    UNANSWERED,
    AskedBy,
    ClosedBy,
    ConsultationKind,
    ConsultationState,
    MessageKind,
    Redirection,
    Topic,
)

#: Who reads all enquiries of the own office; a trainer reads those given to him.
READERS = (
    Role.COORDINATOR, Role.PROJECT_CONSULTANT, Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR,
)  # fmt: skip


class ConsultationQuerySet(models.QuerySet["ConsultationRequest"]):
    def visible_to(self, user: Any) -> ConsultationQuerySet:
        """Own for a citizen; those of the own office for staff, also when passed on; for a trainer the given ones."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        read = offices_of(user, READERS)
        seen = Q(office__in=read) | Q(received_by__in=read)
        seen |= Q(assignee=user.pk, office__in=offices_of(user, [Role.TRAINER]))
        # An enquiry made orally may be nobody's; one of the own IIN is not worked on (SPEC 5).
        return self.filter(seen).filter(Q(person=None) | ~Q(person=user.person_id))

    def unanswered(self) -> ConsultationQuerySet:
        """Those where somebody of the staff still has to answer."""
        return self.filter(state__in=UNANSWERED).exclude(passed_to=Redirection.TAX_OFFICE)


class ConsultationRequest(OfficeCase):
    """An oral or written enquiry. `office` is who answers; somebody who asks orally may stay without a record."""

    kind = "consultation"
    stage = "monitoring"

    # By name in the register of enquiries, and on the cards of the citizen.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries")
    state = FSMField(max_length=12, choices=ConsultationState.choices, default=ConsultationState.NEW, protected=True)
    consultation_kind = models.CharField(max_length=20, choices=ConsultationKind.choices)
    accompaniment = models.ForeignKey(
        AccompanimentCase, on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries"
    )
    # Made when the form is opened: the second of two clicks finds the first.
    key = models.UUIDField(unique=True)
    asked_by = models.CharField(max_length=8, choices=AskedBy.choices)
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asker_name = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=12, choices=Topic.choices)
    received_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # The terms run from the question, and anew from the day it was asked again.
    runs_from = models.DateTimeField()
    # The role whose turn it is, for the desk.
    turn = models.CharField(max_length=30, choices=Role.choices)
    passed_to = models.CharField(max_length=12, choices=Redirection.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=12, choices=ClosedBy.choices, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="consultation_number_once"),
            models.CheckConstraint(
                condition=~Q(consultation_kind=ConsultationKind.ACCOMPANIMENT) | Q(accompaniment__isnull=False),
                name="consultation_accompaniment_has_case",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(asker_name=""), name="consultation_has_asker"
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsultationState.ANSWERED)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="consultation_answer_has_author",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsultationState.CLOSED) | Q(closed_at__isnull=False) & ~Q(closed_by=""),
                name="consultation_closed_has_how",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="consultation_office_state"),
            models.Index(fields=["received_by", "-id"], name="consultation_received"),
            models.Index(
                fields=["answered_at"], condition=Q(state=ConsultationState.ANSWERED), name="consultation_rest"
            ),
        ]

    @transition(field=state, source=ConsultationState.NEW, target=None)
    def ask(self, *, at: Any, by: Actor) -> None:
        """Asked in writing, or orally and registered by the staff (118-p17, 118-p33-3)."""

    @transition(
        field=state,
        source=[ConsultationState.NEW, ConsultationState.REOPENED, ConsultationState.REDIRECTED],
        target=ConsultationState.ASSIGNED,
    )
    def take(self, *, at: Any, by: Actor) -> None:
        """Somebody of the staff takes it."""
        self.assignee, self.turn, self.passed_to = by.user, by.role, ""

    @transition(
        field=state,
        source=[
            ConsultationState.NEW, ConsultationState.ASSIGNED, ConsultationState.REOPENED, ConsultationState.REDIRECTED,
        ],
        target=ConsultationState.ASSIGNED,
    )  # fmt: skip
    def assign(self, *, at: Any, by: Actor, to: User, role: str) -> None:
        """Given to a colleague."""
        self.assignee, self.turn, self.passed_to = to, role, ""

    @transition(
        field=state, source=[ConsultationState.ASSIGNED, ConsultationState.REOPENED], target=ConsultationState.ANSWERED
    )
    def answer(self, *, at: Any, by: Actor) -> None:
        """Answered (118-p33-3)."""
        self.answered_at, self.answered_by = at, by.user

    @transition(field=state, source=ConsultationState.ASSIGNED, target=ConsultationState.REDIRECTED)
    def redirect(self, *, at: Any, by: Actor, passed_to: str, office: Office, to: User | None, role: str) -> None:
        """Passed on to the trainer or to the employment centre; the term keeps running."""
        self.passed_to, self.office, self.assignee, self.turn = passed_to, office, to, role

    @transition(field=state, source=ConsultationState.ASSIGNED, target=ConsultationState.REDIRECTED)
    def refer_out(self, *, at: Any, by: Actor) -> None:
        """The question belongs to the tax office: the person is told where and how to ask there."""
        self.passed_to, self.answered_at, self.answered_by = Redirection.TAX_OFFICE, at, by.user

    @transition(
        field=state,
        source=[ConsultationState.ANSWERED, ConsultationState.REDIRECTED],
        target=ConsultationState.REOPENED,
    )
    def reopen(self, *, at: Any, by: Actor) -> None:
        """The person asks again: the answer does not help."""
        self.passed_to, self.runs_from = "", at

    @transition(
        field=state, source=[ConsultationState.ANSWERED, ConsultationState.REDIRECTED], target=ConsultationState.CLOSED
    )
    def confirm(self, *, at: Any, by: Actor) -> None:
        """The person confirms the answer."""
        self.closed_at, self.closed_by = at, ClosedBy.CONFIRMED

    @transition(
        field=state, source=[ConsultationState.ANSWERED, ConsultationState.REDIRECTED], target=ConsultationState.CLOSED
    )
    def close(self, *, at: Any, by: Actor) -> None:
        """Nothing more was asked in time."""
        self.closed_at, self.closed_by = at, ClosedBy.TIME


class ConsultationMessage(models.Model):
    """One message of an enquiry's thread."""

    request = models.ForeignKey(ConsultationRequest, on_delete=models.PROTECT, related_name="messages")
    message_kind = models.CharField(max_length=8, choices=MessageKind.choices)
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.message_kind}"
