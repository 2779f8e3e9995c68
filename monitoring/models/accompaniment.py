"""The accompaniment of a business after training and financing, its visits and monitoring cards (118-p33 to p35)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.papers.models import Upload
from bastau.people.models import Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from monitoring.conditions import accompaniment as conditions
from monitoring.states import (
    ACCOMPANIED,
    LAUNCHED,
    AccompanimentState,
    CancelReason,
    FamilyCategory,
    FinancingSource,
    StopReason,
    VisitMode,
    VisitState,
)

#: Who of the chamber reads every accompanied business of the region; who of the centre reads its own people's.
CHAMBER_READERS = (Role.COORDINATOR, Role.PROJECT_CONSULTANT, Role.AUDITOR)
CENTRE_READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)


class AccompanimentQuerySet(models.QuerySet["AccompanimentCase"]):
    def visible_to(self, user: Any) -> AccompanimentQuerySet:
        """Own for a citizen; the region's for the chamber, the assigned ones for a trainer, its people's for a centre.

        Nobody works on a case of the own IIN (SPEC 5).
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        seen = Q(office__in=offices_of(user, CHAMBER_READERS)) | Q(centre__in=offices_of(user, CENTRE_READERS))
        seen |= Q(trainer=user.pk, office__in=offices_of(user, [Role.TRAINER]))
        return self.filter(seen).exclude(person=user.person_id)

    def accompanied(self) -> AccompanimentQuerySet:
        """Neither finished nor stopped."""
        return self.filter(state__in=ACCOMPANIED)


class AccompanimentCase(Case):
    """The accompaniment of one financed business (118-p33-1). `office` is the chamber, `assignee` the consultant."""

    kind = "accompaniment"
    stage = "monitoring"

    state = FSMField(
        max_length=20, choices=AccompanimentState.choices, default=AccompanimentState.WAITING_LAUNCH, protected=True
    )
    # One case a payment: the unique key of the receiver. Empty where the financing was not a grant.
    payment = models.OneToOneField(
        "grants.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="accompaniment"
    )
    financing_source = models.CharField(max_length=12, choices=FinancingSource.choices)
    financed_on = models.DateField()
    project_name = models.CharField(max_length=300, blank=True)
    # The employment centre whose participant it is; it reads, the chamber accompanies.
    centre = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    trainer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    launched_on = models.DateField(null=True, blank=True)
    category = models.CharField(max_length=12, choices=FamilyCategory.choices, default=FamilyCategory.NONE)
    ends_on = models.DateField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    category_document = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    final_report = models.TextField(blank=True, max_length=4000)
    reported_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=16, choices=StopReason.choices, blank=True)
    stop_text = models.TextField(blank=True, max_length=2000)

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accompaniment")
        verbose_name_plural = _("accompaniment of businesses")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(payment=None, state__in=ACCOMPANIED), name="accompaniment_other_once"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="accompaniment_number_once"),
            models.CheckConstraint(
                condition=Q(financing_source=FinancingSource.GRANT, payment__isnull=False)
                | ~Q(financing_source=FinancingSource.GRANT) & Q(payment=None),
                name="accompaniment_grant_has_payment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*LAUNCHED, AccompanimentState.FINISHED])
                | Q(launched_on__isnull=False, ends_on__isnull=False),
                name="accompaniment_launched_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state=AccompanimentState.EXTENDED)
                | Q(extended_at__isnull=False, category_document__isnull=False) & ~Q(category=FamilyCategory.NONE),
                name="accompaniment_extended_has_document",
            ),
            models.CheckConstraint(
                condition=~Q(state=AccompanimentState.FINISHED) | ~Q(final_report=""),
                name="accompaniment_finished_has_report",
            ),
            models.CheckConstraint(
                condition=~Q(state=AccompanimentState.STOPPED) | ~Q(stop_reason=""), name="accompaniment_stop_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="accompaniment_office_state"),
            models.Index(fields=["centre", "-id"], name="accompaniment_centre"),
            models.Index(fields=["ends_on"], condition=Q(state__in=LAUNCHED), name="accompaniment_ends"),
        ]

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=AccompanimentState.WAITING_LAUNCH, target=None)
    def open(self, *, at: Any, by: Actor) -> None:
        """Financing is received: the participant may ask, before the launch too (118-p33-1, p33-3)."""

    @transition(field=state, source=ACCOMPANIED, target=None)
    def name_consultant(self, *, at: Any, by: Actor, consultant: User) -> None:
        """The chamber's person who accompanies (118-p33-2)."""
        self.assignee = consultant

    @transition(field=state, source=ACCOMPANIED, target=None)
    def name_trainer(self, *, at: Any, by: Actor, trainer: User) -> None:
        """The business trainer who accompanies (118-p33-2)."""
        self.trainer = trainer

    @transition(field=state, source=AccompanimentState.WAITING_LAUNCH, target=AccompanimentState.ACTIVE)
    def launch(self, *, at: Any, by: Actor, launched_on: date, category: str, ends_on: date) -> None:
        """The launch date is entered; the term runs from it (A-28)."""
        self.launched_on, self.category, self.ends_on = launched_on, category, ends_on
        if self.assignee_id is None:
            self.assignee = by.user

    @transition(
        field=state,
        source=AccompanimentState.ACTIVE,
        target=AccompanimentState.EXTENDED,
        conditions=conditions.EXTENSION,
    )
    def extend(self, *, at: Any, by: Actor, category: str, document: Upload, ends_on: date) -> None:
        """The category was gained after the launch: 12 months become 18 (118-p33-1)."""
        self.category, self.category_document, self.ends_on = category, document, ends_on
        self.extended_at = at
        # A report on twelve months says nothing of the eighteen.
        self.final_report, self.reported_at = "", None

    @transition(field=state, source=LAUNCHED, target=None)
    def report(self, *, at: Any, by: Actor, text: str) -> None:
        """The final report is written, or written anew before the end."""
        self.final_report, self.reported_at = text, at

    @transition(field=state, source=LAUNCHED, target=None)
    def keep_card(self, *, at: Any, by: Actor) -> None:
        """A monitoring card is written (118-p35)."""

    @transition(field=state, source=ACCOMPANIED, target=None)
    def enter_issue(self, *, at: Any, by: Actor) -> None:
        """A problem issue of this business is entered (118-p36)."""

    @transition(field=state, source=ACCOMPANIED, target=None, conditions=[conditions.has_visitor])
    def plan_visit(self, *, at: Any, by: Actor) -> None:
        """A visit is planned (118-p34)."""

    @transition(
        field=state, source=LAUNCHED, target=AccompanimentState.FINISHED, conditions=conditions.END_OF_ACCOMPANIMENT
    )
    def finish(self, *, at: Any, by: Actor) -> None:
        """The end date has come and the final report is there."""
        self.closed_at = at

    @transition(field=state, source=ACCOMPANIED, target=AccompanimentState.STOPPED)
    def stop(self, *, at: Any, by: Actor, reason: str, text: str) -> None:
        """Ended before its time: the business is closed, the participant died or does not want it."""
        self.stop_reason, self.stop_text, self.closed_at = reason, text, at


class Responsible(models.Model):
    """Who accompanied a business, in which role, from when to when: the history stays (118-p33-2)."""

    case = models.ForeignKey(AccompanimentCase, on_delete=models.PROTECT, related_name="responsible")
    role = models.CharField(max_length=30, choices=Role.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "role"], condition=Q(until=None), name="responsible_one_a_role"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="responsible_period"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role} {self.user_id}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: Any) -> VisitQuerySet:
        """The visits of the businesses that the user may see."""
        return self.filter(accompaniment__in=AccompanimentCase.objects.visible_to(user).values("pk"))


class Visit(Case):
    """A visit to an accompanied business; what it costs beyond is borne by the participant, by agreement (118-p34)."""

    kind = "visit"
    stage = "monitoring"

    state = FSMField(max_length=12, choices=VisitState.choices, default=VisitState.PLANNED, protected=True)
    accompaniment = models.ForeignKey(AccompanimentCase, on_delete=models.PROTECT, related_name="visits")
    planned_on = models.DateField()
    mode = models.CharField(max_length=8, choices=VisitMode.choices)
    purpose = models.CharField(max_length=500)
    # Whole tenge; nothing of it is ever taken from the grant by itself.
    cost = models.PositiveIntegerField(default=0)
    cost_reason = models.CharField(max_length=300, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    result = models.TextField(blank=True, max_length=2000)
    cancel_reason = models.CharField(max_length=16, choices=CancelReason.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.UniqueConstraint(
                fields=["accompaniment", "planned_on", "mode"],
                condition=~Q(state=VisitState.CANCELLED),
                name="visit_once_a_day",
            ),
            models.CheckConstraint(condition=Q(cost=0) | ~Q(cost_reason=""), name="visit_cost_has_reason"),
            models.CheckConstraint(
                condition=~Q(state=VisitState.HELD) | Q(cost=0) | Q(agreed_at__isnull=False),
                name="visit_with_cost_was_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.HELD) | Q(held_on__isnull=False) & ~Q(result=""),
                name="visit_held_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.CANCELLED) | ~Q(cancel_reason=""), name="visit_cancelled_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["assignee", "state", "planned_on"], name="visit_mine")]

    @transition(field=state, source=VisitState.PLANNED, target=None)
    def plan(self, *, at: Any, by: Actor) -> None:
        """Planned by the chamber."""

    @transition(field=state, source=VisitState.PLANNED, target=VisitState.AGREED, conditions=conditions.ABOUT_COST)
    def agree(self, *, at: Any, by: Actor) -> None:
        """The participant agrees to the cost before the visit (118-p34)."""
        self.agreed_at = at

    @transition(field=state, source=VisitState.PLANNED, target=VisitState.CANCELLED, conditions=[conditions.has_cost])
    def decline(self, *, at: Any, by: Actor) -> None:
        """The participant does not agree: the visit with that cost is off (118-p34)."""
        self.declined_at = self.cancelled_at = at
        self.cancel_reason = CancelReason.COST_DECLINED

    @transition(
        field=state,
        source=[VisitState.PLANNED, VisitState.AGREED],
        target=VisitState.HELD,
        conditions=[conditions.cost_agreed],
    )
    def hold(self, *, at: Any, by: Actor, held_on: date, result: str) -> None:
        """The visit took place."""
        self.held_on, self.result = held_on, result

    @transition(field=state, source=[VisitState.PLANNED, VisitState.AGREED], target=VisitState.CANCELLED)
    def cancel(self, *, at: Any, by: Actor, reason: str) -> None:
        """The visit does not take place."""
        self.cancel_reason, self.cancelled_at = reason, at


class MonitoringCard(models.Model):
    """How an accompanied business stands at the end of a quarter (118-p35): one card a quarter, mended in place."""

    case = models.ForeignKey(AccompanimentCase, on_delete=models.PROTECT, related_name="cards")
    quarter_end = models.DateField()
    seen_on = models.DateField()
    working = models.BooleanField()
    jobs = models.PositiveIntegerField()
    # Whole tenge of the quarter.
    income = models.PositiveBigIntegerField()
    problems = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-quarter_end"]
        constraints = [models.UniqueConstraint(fields=["case", "quarter_end"], name="card_once_a_quarter")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.quarter_end}"
