"""Problem issues that hinder businesses, and the register of them printed for a period (118-p36)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from monitoring.models.accompaniment import CENTRE_READERS, CHAMBER_READERS, AccompanimentCase, MonitoringCard
from monitoring.models.consultations import ConsultationRequest
from monitoring.models.reports import ReportLine
from monitoring.states import (
    PROBLEM_OVER,
    HigherLevel,
    ProblemCategory,
    ProblemSource,
    ProblemState,
)


class ProblemQuerySet(models.QuerySet["ProblemIssue"]):
    def visible_to(self, user: Any) -> ProblemQuerySet:
        """Own for a citizen; the region's for the chamber, the given ones for a trainer, its people's for a centre."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        seen = Q(office__in=offices_of(user, CHAMBER_READERS))
        seen |= Q(accompaniment__centre__in=offices_of(user, CENTRE_READERS))
        seen |= Q(trainer=user.pk, office__in=offices_of(user, [Role.TRAINER]))
        return self.filter(seen).exclude(person=user.person_id)

    def open(self) -> ProblemQuerySet:
        """Neither closed nor given up."""
        return self.exclude(state__in=PROBLEM_OVER)


class ProblemIssue(Case):
    """A problem issue of an accompanied business (118-p36). `assignee` is whose turn it is."""

    kind = "problem"
    stage = "monitoring"

    state = FSMField(max_length=20, choices=ProblemState.choices, default=ProblemState.FOUND, protected=True)
    accompaniment = models.ForeignKey(AccompanimentCase, on_delete=models.PROTECT, related_name="problems")
    # Made when the form is opened: the second of two clicks finds the first.
    key = models.UUIDField(unique=True)
    category = models.CharField(max_length=16, choices=ProblemCategory.choices)
    essence = models.TextField(max_length=2000)
    found_on = models.DateField()
    # The trainer's term runs from the entry, and anew from the day the consultant did not confirm.
    runs_from = models.DateTimeField()
    source = models.CharField(max_length=12, choices=ProblemSource.choices)
    card = models.ForeignKey(MonitoringCard, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    report_line = models.ForeignKey(ReportLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    enquiry = models.ForeignKey(ConsultationRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consultant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    trainer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    measures = models.TextField(blank=True, max_length=4000)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    higher_level = models.CharField(max_length=8, choices=HigherLevel.choices, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    unresolved_reason = models.TextField(blank=True, max_length=2000)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem issue")
        verbose_name_plural = _("problem issues")
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="problem_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[ProblemState.RESOLVED, ProblemState.CONFIRMED, ProblemState.CLOSED])
                | Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(measures=""),
                name="problem_resolved_has_measures",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProblemState.CLOSED_UNRESOLVED) | ~Q(unresolved_reason=""),
                name="problem_unresolved_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProblemState.ESCALATED) | ~Q(higher_level=""), name="problem_escalated_has_level"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="problem_office_state"),
            models.Index(fields=["office", "found_on"], name="problem_found"),
        ]

    @transition(field=state, source=ProblemState.FOUND, target=None)
    def find(self, *, at: Any, by: Actor) -> None:
        """Entered by the consultant from monitoring (118-p36)."""

    @transition(
        field=state,
        source=[ProblemState.FOUND, ProblemState.ASSIGNED, ProblemState.IN_WORK],
        target=ProblemState.ASSIGNED,
    )
    def assign(self, *, at: Any, by: Actor, trainer: User) -> None:
        """Given to a business trainer to resolve (118-p36)."""
        self.trainer = self.assignee = trainer

    @transition(field=state, source=ProblemState.ASSIGNED, target=ProblemState.IN_WORK)
    def start_work(self, *, at: Any, by: Actor) -> None:
        """The trainer takes it up."""

    @transition(field=state, source=[ProblemState.IN_WORK, ProblemState.ESCALATED], target=ProblemState.RESOLVED)
    def resolve(self, *, at: Any, by: Actor, measures: str) -> None:
        """The trainer's measures, or those of the higher level."""
        self.measures, self.resolved_at, self.resolved_by = measures, at, by.user
        self.assignee = self.consultant

    @transition(field=state, source=ProblemState.RESOLVED, target=ProblemState.IN_WORK)
    def reject(self, *, at: Any, by: Actor) -> None:
        """The consultant does not confirm: the trainer goes on."""
        self.resolved_at, self.resolved_by, self.runs_from = None, None, at
        self.assignee = self.trainer

    @transition(field=state, source=ProblemState.RESOLVED, target=ProblemState.CONFIRMED)
    def confirm(self, *, at: Any, by: Actor) -> None:
        """The consultant confirms that the issue is gone."""

    @transition(field=state, source=ProblemState.CONFIRMED, target=ProblemState.CLOSED)
    def close(self, *, at: Any, by: Actor) -> None:
        """Closed."""
        self.closed_at = at

    @transition(field=state, source=ProblemState.IN_WORK, target=ProblemState.ESCALATED)
    def escalate(self, *, at: Any, by: Actor, level: str) -> None:
        """Outside the trainer's power: passed to the chamber or the local executive body."""
        self.higher_level, self.escalated_at = level, at
        self.assignee = self.consultant

    @transition(field=state, source=ProblemState.ESCALATED, target=ProblemState.CLOSED_UNRESOLVED)
    def give_up(self, *, at: Any, by: Actor, reason: str) -> None:
        """Not resolved at the higher level either; closed with the reason."""
        self.unresolved_reason, self.closed_at = reason, at


class ProblemNote(models.Model):
    """What was said about an issue on its way: measures, why not confirmed, why passed on."""

    issue = models.ForeignKey(ProblemIssue, on_delete=models.PROTECT, related_name="notes")
    event = models.CharField(max_length=20)
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.event}"


class ProblemRegisterQuerySet(models.QuerySet["ProblemRegister"]):
    def visible_to(self, user: Any) -> ProblemRegisterQuerySet:
        """Those of the chambers whose issues the user reads as a whole."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(office__in=offices_of(user, CHAMBER_READERS))


class ProblemRegister(models.Model):
    """One printing of the register of problem issues for a period (SPEC 2.15)."""

    kind = "problem_register"

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    key = models.UUIDField(unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ProblemRegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("register of problem issues")
        verbose_name_plural = _("registers of problem issues")
        constraints = [models.CheckConstraint(condition=Q(since__lte=F("until")), name="problem_register_period")]
        indexes = [models.Index(fields=["office", "-id"], name="problem_register_office")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.since}–{self.until}"

    def issues(self) -> ProblemQuerySet:
        """The issues found in the period, oldest first."""
        found = ProblemIssue.objects.filter(office=self.office_id, found_on__range=(self.since, self.until))
        return found.order_by("found_on", "pk")
