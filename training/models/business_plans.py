"""The business plan of a participant: sections of SPEC 2.9, estimate, assessment by criteria."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from training.conditions import business_plans as gates
from training.states import PLAN_ASSESSED, BusinessPlanState, MoneySource

READERS = (Role.COORDINATOR, Role.PROJECT_CONSULTANT, Role.AUDITOR)


class BusinessPlanQuerySet(models.QuerySet["BusinessPlan"]):
    def visible_to(self, user: Any) -> BusinessPlanQuerySet:
        """Own for a citizen; for the chamber all, as it helps to write them; a trainer sees those of own groups and
        what is given to assess."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        taught = Q(enrolment__group__trainer=user.pk) | Q(assignee=user.pk)
        seen = Q(office__in=offices_of(user, READERS)) | Q(office__in=offices_of(user, [Role.TRAINER])) & taught
        return self.filter(seen).exclude(person=user.person_id)


class BusinessPlan(Case):
    """One plan of one participant (SPEC 4.6, 118-p02-s02). `content` holds the sections of SPEC 2.9 by their keys."""

    kind = "business_plan"
    stage = "training"

    state = FSMField(max_length=20, choices=BusinessPlanState.choices, default=BusinessPlanState.DRAFT, protected=True)
    enrolment = models.OneToOneField("training.Enrolment", on_delete=models.PROTECT, related_name="business_plan")
    content = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # What was handed in first: assessed when the corrected text does not come in time.
    first_text = models.JSONField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.TextField(blank=True, max_length=2000)
    percent = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])
    assessed_at = models.DateTimeField(null=True, blank=True)
    assessed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    conclusion = models.TextField(blank=True, max_length=4000)

    objects = BusinessPlanQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=PLAN_ASSESSED)
                | Q(percent__isnull=False, assessed_at__isnull=False, assessed_by__isnull=False),
                name="plan_assessed_has_result",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_by=None)
                | Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_reason=""),
                name="plan_returned_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="plan_office_state")]

    @property
    def title(self) -> str:
        """The name of the project, as its writer calls it."""
        return str(self.content.get("title", ""))

    @transition(field=state, source=BusinessPlanState.DRAFT, target=BusinessPlanState.DRAFT)
    def open(self, *, at: datetime, by: Actor) -> None:
        """The training has begun, the plan may be written (118-p27)."""
        self.opened_at = at

    @transition(
        field=state,
        source=BusinessPlanState.DRAFT,
        target=BusinessPlanState.SUBMITTED,
        conditions=[gates.studies, gates.plan_in_time, gates.plan_complete],
    )
    def submit(self, *, at: datetime, by: Actor, first_text: dict[str, Any]) -> None:
        """Handed in by its writer, not later than the end of the last training day (A-22)."""
        self.submitted_at, self.first_text = at, first_text

    @transition(
        field=state,
        source=BusinessPlanState.RETURNED,
        target=BusinessPlanState.SUBMITTED,
        conditions=[gates.studies, gates.correction_in_time, gates.plan_complete],
    )
    def resubmit(self, *, at: datetime, by: Actor) -> None:
        """Handed in again after the formal correction, inside T-ASSESS (SPEC 4.6)."""
        self.submitted_at = at

    @transition(
        field=state,
        source=[BusinessPlanState.SUBMITTED, BusinessPlanState.UNDER_REVIEW],
        target=BusinessPlanState.SUBMITTED,
    )
    def appoint(self, *, at: datetime, by: Actor, assessor: User) -> None:
        """The coordinator names who assesses, or another one in place of who cannot."""
        self.assignee = assessor

    @transition(
        field=state,
        source=BusinessPlanState.SUBMITTED,
        target=BusinessPlanState.RETURNED,
        conditions=[gates.not_returned_before, gates.correction_fits],
    )
    def send_back(self, *, at: datetime, by: Actor, reason: str) -> None:
        """Formal faults; once (SPEC 4.6)."""
        self.returned_at, self.returned_by, self.return_reason = at, by.user, reason

    @transition(
        field=state,
        source=BusinessPlanState.RETURNED,
        target=BusinessPlanState.SUBMITTED,
        conditions=[gates.correction_over],
    )
    def take_first(self, *, at: datetime, by: Actor) -> None:
        """The corrected text did not come in time: the first one is assessed (SPEC 4.6)."""
        self.content = dict((self.first_text or {}).get("content", {}))

    @transition(field=state, source=BusinessPlanState.SUBMITTED, target=BusinessPlanState.UNDER_REVIEW)
    def review(self, *, at: datetime, by: Actor) -> None:
        """The assessor begins (118-p28)."""
        self.assignee = by.user

    @transition(
        field=state,
        source=BusinessPlanState.UNDER_REVIEW,
        target=RETURN_VALUE(BusinessPlanState.ASSESSED_POSITIVE, BusinessPlanState.ASSESSED_NEGATIVE),
    )
    def assess(self, *, at: datetime, by: Actor, percent: int, passed: bool, conclusion: str) -> str:
        """Points by criteria, 60 of 100 needed (118-p27-1, A-21)."""
        self.percent, self.assessed_at, self.assessed_by, self.conclusion = percent, at, by.user, conclusion
        return BusinessPlanState.ASSESSED_POSITIVE if passed else BusinessPlanState.ASSESSED_NEGATIVE

    @transition(
        field=state, source=BusinessPlanState.DRAFT, target=BusinessPlanState.ABSENT, conditions=[gates.plan_too_late]
    )
    def mark_absent(self, *, at: datetime, by: Actor) -> None:
        """The last training day is over and no plan was handed in (118-p27-2, A-22)."""

    @transition(
        field=state,
        source=[
            BusinessPlanState.DRAFT,
            BusinessPlanState.RETURNED,
            BusinessPlanState.SUBMITTED,
            BusinessPlanState.UNDER_REVIEW,
        ],
        target=None,
    )
    def stop(self, *, at: datetime, by: Actor) -> None:
        """The training of the writer ended: nobody waits for the plan any more."""


class PlanLine(models.Model):
    """A line of the estimate: what, how many, at what price, from which money. The sum is reckoned."""

    plan = models.ForeignKey(BusinessPlan, on_delete=models.PROTECT, related_name="lines")
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(100_000)])
    price = models.PositiveBigIntegerField(validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)])
    source = models.CharField(max_length=5, choices=MoneySource.choices, default=MoneySource.GRANT)
    amount = models.GeneratedField(
        expression=F("quantity") * F("price"), output_field=models.BigIntegerField(), db_persist=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1, price__gte=1), name="plan_line_is_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanScore(models.Model):
    """The points of one criterion of the assessment sheet (SPEC 2.9)."""

    plan = models.ForeignKey(BusinessPlan, on_delete=models.PROTECT, related_name="scores")
    criterion = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "criterion"], name="plan_score_once"),
            models.CheckConstraint(condition=Q(points__lte=F("most")), name="plan_score_within"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
