"""The recovery of the misused part of a grant (A-40)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import User
from bastau.people.scope import offices_of
from monitoring.conditions import recovery as conditions
from monitoring.models.reports import READERS, MisuseAct, QuarterlyReport
from monitoring.states import RECOVERY_ENDED, RecoveryState


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def visible_to(self, user: Any) -> RecoveryQuerySet:
        """Own for a citizen; for staff those of the centres they read. Nobody works on a case of the own IIN."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        return self.filter(office__in=offices_of(user, READERS)).exclude(person=user.person_id)

    def open(self) -> RecoveryQuerySet:
        """Not ended. A person with an open recovery gets no further grant (A-30)."""
        return self.exclude(state__in=RECOVERY_ENDED)


class Recovery(Case):
    """One recovery: of the sum that a confirmed act on misuse names."""

    kind = "recovery"
    stage = "monitoring"

    state = FSMField(
        max_length=20, choices=RecoveryState.choices, default=RecoveryState.EXPLANATION_WAIT, protected=True
    )
    report = models.OneToOneField(QuarterlyReport, on_delete=models.PROTECT, related_name="recovery")
    act = models.OneToOneField(MisuseAct, on_delete=models.PROTECT, related_name="recovery")
    amount = models.PositiveBigIntegerField()

    explanation = models.TextField(blank=True, max_length=4000)
    explained_at = models.DateTimeField(null=True, blank=True)
    silent_at = models.DateTimeField(null=True, blank=True)
    # Why the explanation was found enough, or not.
    decision = models.TextField(blank=True, max_length=4000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    demanded_at = models.DateTimeField(null=True, blank=True)
    unreturned_at = models.DateTimeField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    court_reference = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="recovery_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_has_sum"),
            models.CheckConstraint(
                condition=~Q(state__in=RECOVERY_ENDED) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="recovery_ended_has_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RecoveryState.DEMANDED, RecoveryState.RECOVERED, RecoveryState.COURT])
                | Q(demanded_at__isnull=False),
                name="recovery_was_demanded",
            ),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.RECOVERED) | Q(returned_on__isnull=False) & ~Q(bank_reference=""),
                name="recovery_return_is_proved",
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="recovery_office_state")]

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=RecoveryState.EXPLANATION_WAIT, target=RecoveryState.EXPLANATION_WAIT)
    def begin(self, *, at: datetime, by: Actor) -> None:
        """The written notice of misuse: the grantee is asked to explain."""

    @transition(
        field=state,
        source=RecoveryState.EXPLANATION_WAIT,
        target=RecoveryState.EXPLANATION_WAIT,
        conditions=[conditions.not_explained],
    )
    def explain(self, *, at: datetime, by: Actor, text: str) -> None:
        """The grantee explains what the money went to."""
        self.explanation, self.explained_at = text, at

    @transition(
        field=state,
        source=RecoveryState.EXPLANATION_WAIT,
        target=RecoveryState.EXPLANATION_WAIT,
        conditions=[conditions.not_explained, conditions.silence_not_noted, conditions.explanation_term_over],
    )
    def note_silence(self, *, at: datetime, by: Actor) -> None:
        """The term of the explanation passed without one."""
        self.silent_at = at

    @transition(
        field=state,
        source=RecoveryState.EXPLANATION_WAIT,
        target=RecoveryState.CLOSED_EXPLAINED,
        conditions=[conditions.explained],
    )
    def close_explained(self, *, at: datetime, by: Actor, text: str) -> None:
        """The explanation is found enough: nothing is to be returned."""
        self.decision, self.decided_at, self.decided_by = text, at, by.user
        self.ended_at, self.ended_by = at, by.user

    @transition(
        field=state,
        source=RecoveryState.EXPLANATION_WAIT,
        target=RecoveryState.DEMANDED,
        conditions=[conditions.explained_or_silent],
    )
    def demand(self, *, at: datetime, by: Actor, text: str) -> None:
        """The return of the misused part is demanded."""
        self.decision, self.decided_at, self.decided_by = text, at, by.user
        self.demanded_at = at

    @transition(
        field=state,
        source=RecoveryState.DEMANDED,
        target=RecoveryState.DEMANDED,
        conditions=[conditions.not_noted_unreturned],
    )
    def note_unreturned(self, *, at: datetime, by: Actor) -> None:
        """The term of the return passed without the money."""
        self.unreturned_at = at

    @transition(field=state, source=RecoveryState.DEMANDED, target=RecoveryState.RECOVERED)
    def record_return(self, *, at: datetime, by: Actor, returned_on: date, bank_reference: str) -> None:
        """The whole demanded sum came back."""
        self.returned_on, self.bank_reference = returned_on, bank_reference
        self.ended_at, self.ended_by = at, by.user

    @transition(
        field=state,
        source=RecoveryState.DEMANDED,
        target=RecoveryState.COURT,
        conditions=[conditions.return_term_over],
    )
    def go_to_court(self, *, at: datetime, by: Actor, court_reference: str) -> None:
        """Handed over for recovery through court."""
        self.court_reference = court_reference
        self.ended_at, self.ended_by = at, by.user
