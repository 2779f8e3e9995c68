"""Training plans of a chamber by district or city, agreed with the local employment body (118-p13, p14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import OfficeCase
from bastau.people.models import User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from training.conditions import training_plans as conditions
from training.states import PlanState

CHAMBER_READERS = (Role.COORDINATOR, Role.PROJECT_CONSULTANT)


class TrainingPlanQuerySet(models.QuerySet["TrainingPlan"]):
    def visible_to(self, user: Any) -> TrainingPlanQuerySet:
        """The chamber's own; the local employment body's once asked; trainers', of their groups; the region's
        centres', once approved; no citizen's: what is published is the announcement."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        asked = ~Q(state=PlanState.DRAFT)
        approved = Q(state__in=[PlanState.APPROVED, PlanState.ARCHIVED])
        readers = (Role.SPECIALIST, Role.DIRECTOR, Role.AUDITOR)
        return self.filter(
            Q(office__in=offices_of(user, CHAMBER_READERS))
            | Q(office__in=offices_of(user, [Role.LEB_OFFICER])) & asked
            | Q(office__region__in=offices_of(user, readers).values("region")) & approved
            | Q(pk__in=_plans_of_trainer(user))
        )


def _plans_of_trainer(user: Any) -> models.QuerySet[Any, Any]:
    from training.models.groups import TrainingGroup

    groups = TrainingGroup._base_manager.filter(trainer=user.pk, office__in=offices_of(user, [Role.TRAINER]))
    return groups.order_by().values("plan")


class TrainingPlan(OfficeCase):
    """What is taught in a district or city in a year: its territory, modules and hours. `office` is the chamber."""

    kind = "training_plan"
    stage = "training"

    state = FSMField(max_length=20, choices=PlanState.choices, default=PlanState.DRAFT, protected=True)
    year = models.PositiveSmallIntegerField()
    kato = models.CharField(max_length=9, validators=[RegexValidator(r"^\d{2,9}$")])
    territory_kk = models.CharField(max_length=200)
    territory_ru = models.CharField(max_length=200)
    places = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    # Modules in their order: code, academic hours and names, as they were when the plan was drawn up (118-p21).
    modules = models.JSONField(default=list)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = TrainingPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "kato", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["office", "year", "kato"], condition=Q(state=PlanState.APPROVED), name="plan_one_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlanState.APPROVED, PlanState.ARCHIVED])
                | Q(agreed_at__isnull=False, approved_at__isnull=False),
                name="plan_approved_was_agreed",
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="plan_of_chamber")]

    @property
    def hours(self) -> int:
        """Academic hours of group training."""
        return sum(one["hours"] for one in self.modules)

    def territory(self, language: str | None = None) -> str:
        """The district or city in `language`, by default the reader's."""
        return self.territory_ru if (language or get_language() or "kk")[:2] == "ru" else self.territory_kk

    @transition(field=state, source=PlanState.DRAFT, target=PlanState.DRAFT)
    def draw(self, *, at: datetime, by: Actor) -> None:
        """The coordinator begins a plan (118-p14)."""

    @transition(field=state, source=[PlanState.DRAFT, PlanState.RETURNED], target=None)
    def change(self, *, at: datetime, by: Actor, **content: Any) -> None:
        """The coordinator changes what is not agreed yet."""
        for name, value in content.items():
            setattr(self, name, value)

    @transition(
        field=state,
        source=[PlanState.DRAFT, PlanState.RETURNED],
        target=PlanState.SENT_FOR_AGREEMENT,
        conditions=[conditions.has_content],
    )
    def send_for_agreement(self, *, at: datetime, by: Actor) -> None:
        """To the local employment body, with its territory (118-p13, p14)."""
        self.sent_at, self.sent_by = at, by.user

    @transition(field=state, source=PlanState.SENT_FOR_AGREEMENT, target=PlanState.AGREED)
    def agree(self, *, at: datetime, by: Actor) -> None:
        """The local employment body agrees the territory and the plan (118-p13, p14)."""
        self.agreed_at, self.agreed_by = at, by.user

    @transition(field=state, source=PlanState.SENT_FOR_AGREEMENT, target=PlanState.RETURNED)
    def send_back(self, *, at: datetime, by: Actor) -> None:
        """The local employment body returns it with written remarks."""

    @transition(field=state, source=PlanState.AGREED, target=PlanState.APPROVED)
    def approve(self, *, at: datetime, by: Actor) -> None:
        """The chamber approves it (118-p14)."""
        self.approved_at, self.approved_by = at, by.user

    @transition(field=state, source=PlanState.APPROVED, target=PlanState.ARCHIVED)
    def archive(self, *, at: datetime, by: Actor) -> None:
        """Out of force: its year is over or another version took its place."""
