"""The quarterly report on the targeted use of a grant, its lines, its returns and what was found as misuse."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.papers.models import Upload
from bastau.people.models import Language, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from monitoring.conditions import reports as conditions
from monitoring.states import REPORT_FILEABLE, LineDecision, ProofKind, RecoveryState, ReportState

READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)


class ReportQuerySet(models.QuerySet["QuarterlyReport"]):
    def visible_to(self, user: Any) -> ReportQuerySet:
        """Own for a citizen; for staff those of the centres they read. Nobody works on a case of the own IIN."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        return self.filter(office__in=offices_of(user, READERS)).exclude(person=user.person_id)

    def told_by_citizen(self, user: Any) -> ReportQuerySet:
        """Those whose files and papers the user may open: for staff not before the report was filed."""
        seen = self.visible_to(user)
        return seen if getattr(user, "is_citizen", False) else seen.exclude(first_filed_at=None)


class QuarterlyReport(Case):
    """A report for one calendar quarter of one payment (FKA04-5.1, A-39). `office` is the centre that paid."""

    kind = "report"
    stage = "monitoring"

    state = FSMField(max_length=20, choices=ReportState.choices, default=ReportState.UPCOMING, protected=True)
    payment = models.ForeignKey("grants.Payment", on_delete=models.PROTECT, related_name="reports")
    quarter_end = models.DateField()
    paid_on = models.DateField()
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)

    # What the grantee says; whole tenge.
    spent = models.PositiveBigIntegerField(null=True, blank=True)
    no_spend_reason = models.TextField(blank=True, max_length=2000)
    progress = models.TextField(blank=True, max_length=4000)
    jobs = models.PositiveIntegerField(null=True, blank=True)
    income = models.PositiveBigIntegerField(null=True, blank=True)
    taxes = models.PositiveBigIntegerField(null=True, blank=True)
    problems = models.TextField(blank=True, max_length=4000)

    opened_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    first_filed_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_late = models.BooleanField(default=False)
    # The last reminder sent, in days before the term.
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)
    visited_on = models.DateField(null=True, blank=True)
    visit_note = models.TextField(blank=True, max_length=2000)
    returned_at = models.DateTimeField(null=True, blank=True)
    recovery_ended_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # How the recovery ended, where there was one; it stays on the report.
    outcome = models.CharField(max_length=20, choices=RecoveryState.choices, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["quarter_end", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "quarter_end"], name="report_once_a_quarter"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="report_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[ReportState.SUBMITTED, ReportState.MISUSE_FOUND, ReportState.ACCEPTED])
                | Q(filed_at__isnull=False, first_filed_at__isnull=False, spent__isnull=False),
                name="report_filed_has_sum",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.ACCEPTED) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="report_accepted_was_decided",
            ),
            models.CheckConstraint(condition=Q(quarter_end__gte=F("paid_on")), name="report_after_payment"),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="report_office_state"),
            models.Index(fields=["state", "quarter_end"], name="report_state_quarter"),
        ]

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=ReportState.UPCOMING, target=ReportState.DUE, conditions=[conditions.quarter_over])
    def open(self, *, at: datetime, by: Actor) -> None:
        """The quarter has ended: the report may be filed and its term runs (A-39)."""
        self.opened_at = at

    @transition(field=state, source=ReportState.DUE, target=ReportState.OVERDUE)
    def mark_overdue(self, *, at: datetime, by: Actor) -> None:
        """The term passed without a report."""
        self.overdue_at = at

    @transition(field=state, source=ReportState.OVERDUE, target=ReportState.OVERDUE)
    def record_visit(self, *, at: datetime, by: Actor, visited_on: date, note: str) -> None:
        """A specialist went to the grantee because no report came."""
        self.visited_on, self.visit_note = visited_on, note

    @transition(field=state, source=REPORT_FILEABLE, target=ReportState.SUBMITTED, conditions=conditions.WHOLE)
    def file(self, *, at: datetime, by: Actor, late: bool) -> None:
        """The grantee signs and files the report with its documents (FKA04-5.1)."""
        self.filed_late = self.filed_late or (late and self.first_filed_at is None)
        self.first_filed_at = self.first_filed_at or at
        self.filed_at = at

    @transition(
        field=state,
        source=ReportState.SUBMITTED,
        target=ReportState.ACCEPTED,
        conditions=[conditions.no_misuse_proposed, conditions.every_line_decided, conditions.all_lines_in_order],
    )
    def accept(self, *, at: datetime, by: Actor) -> None:
        """The specialist found every line in order (FKA04-5.2)."""
        self.decided_at, self.decided_by = at, by.user

    @transition(
        field=state,
        source=ReportState.SUBMITTED,
        target=ReportState.RETURNED,
        conditions=[conditions.no_misuse_proposed, conditions.every_line_decided],
    )
    def give_back(self, *, at: datetime, by: Actor) -> None:
        """The report goes back to the grantee with its faults (FKA04-5.2)."""
        self.returned_at = at

    @transition(
        field=state,
        source=ReportState.SUBMITTED,
        target=ReportState.SUBMITTED,
        conditions=[
            conditions.no_misuse_proposed,
            conditions.every_line_decided,
            conditions.a_line_misused,
            conditions.no_line_faulty,
        ],
    )
    def propose_misuse(self, *, at: datetime, by: Actor) -> None:
        """The specialist puts an act on misuse before the head of unit (FKA04-5.2)."""

    @transition(
        field=state,
        source=ReportState.SUBMITTED,
        target=ReportState.SUBMITTED,
        conditions=[conditions.misuse_proposed],
    )
    def drop_misuse(self, *, at: datetime, by: Actor) -> None:
        """The head of unit does not confirm the misuse; the specialist goes on with the check."""

    @transition(
        field=state,
        source=ReportState.SUBMITTED,
        target=ReportState.MISUSE_FOUND,
        conditions=[conditions.misuse_proposed],
    )
    def find_misuse(self, *, at: datetime, by: Actor) -> None:
        """The head of unit confirms the misuse; the recovery begins (A-40)."""

    @transition(field=state, source=ReportState.MISUSE_FOUND, target=ReportState.MISUSE_FOUND)
    def note_recovery_ended(self, *, at: datetime, by: Actor, outcome: str) -> None:
        """The recovery came to its end; the head of unit closes the report."""
        self.recovery_ended_at, self.outcome = at, outcome

    @transition(
        field=state,
        source=ReportState.MISUSE_FOUND,
        target=ReportState.ACCEPTED,
        conditions=[conditions.recovery_ended],
    )
    def settle(self, *, at: datetime, by: Actor) -> None:
        """The report is closed with the outcome of its recovery (A-40)."""
        self.decided_at, self.decided_by = at, by.user


class ReportLine(models.Model):
    """One supporting document of a report: for which item of the estimate, of what kind, from whom, for how much.

    Without `project_line` the money went to something the estimate does not name; `item` says what.
    """

    report = models.ForeignKey(QuarterlyReport, on_delete=models.PROTECT, related_name="lines")
    project_line = models.ForeignKey(
        "grants.ProjectLine", on_delete=models.PROTECT, null=True, blank=True, related_name="report_lines"
    )
    item = models.CharField(max_length=200, blank=True)
    proof_kind = models.CharField(max_length=14, choices=ProofKind.choices)
    proof_number = models.CharField(max_length=60, blank=True)
    proof_date = models.DateField()
    supplier = models.CharField(max_length=200)
    amount = models.PositiveBigIntegerField()
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=LineDecision.choices, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="report_line_has_sum"),
            models.CheckConstraint(
                condition=Q(project_line__isnull=False) | ~Q(item=""), name="report_line_outside_is_named"
            ),
            models.CheckConstraint(
                condition=Q(decision="") | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="report_line_decision_has_person",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", LineDecision.ACCEPTED]) | ~Q(note=""), name="report_line_fault_has_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.amount}"


class ReportReturn(models.Model):
    """Why a report went back, and what the grantee answered when it came again."""

    report = models.ForeignKey(QuarterlyReport, on_delete=models.PROTECT, related_name="returns")
    reasons = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True, max_length=4000)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="report_return_has_reasons"),
            models.UniqueConstraint(fields=["report"], condition=Q(answered_at=None), name="report_return_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.at:%Y-%m-%d}"


class MisuseAct(models.Model):
    """The act on misuse: proposed by one person, confirmed by another, or dropped with a comment (FKA04-5.2)."""

    report = models.ForeignKey(QuarterlyReport, on_delete=models.PROTECT, related_name="acts")
    amount = models.PositiveBigIntegerField()
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & Q(amount__gt=0), name="misuse_act_has_text_and_sum"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")), name="misuse_act_four_eyes"
            ),
            models.UniqueConstraint(
                fields=["report"], condition=Q(confirmed_at=None, dropped_at=None), name="misuse_act_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.amount}"

    @property
    def waiting(self) -> bool:
        """Neither confirmed nor dropped."""
        return self.confirmed_at is None and self.dropped_at is None
