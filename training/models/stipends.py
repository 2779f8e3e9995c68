"""Stipends of an offline group: the sheet of the centre that pays, a line for each person, accounts (SPEC 4.8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case, OfficeCase
from bastau.people.models import Person, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from training.conditions import stipends as gates
from training.states import SHEET_APPROVED, LineReason, LineState, SheetState

READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.ACCOUNTANT, Role.AUDITOR)


class StipendAccount(models.Model):
    """The bank account a person wants the stipend paid to."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="stipend_account")
    iban = models.CharField(max_length=20, validators=[RegexValidator(r"^KZ\d{2}[0-9A-Z]{16}$")])
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"account of {self.person_id}"


class StipendSheetQuerySet(models.QuerySet["StipendSheet"]):
    def visible_to(self, user: Any) -> StipendSheetQuerySet:
        """The sheets of the centres the person works for; citizens see their own line, not the sheet."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(office__in=offices_of(user, READERS))


class StipendSheet(OfficeCase):
    """The stipend list of one group for one centre, which pays (118-p31, 118-p32, A-27). `office` is that centre."""

    kind = "stipend_sheet"
    stage = "training"

    state = FSMField(max_length=16, choices=SheetState.choices, default=SheetState.DRAFT, protected=True)
    group = models.ForeignKey("training.TrainingGroup", on_delete=models.PROTECT, related_name="stipend_sheets")
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rate = models.PositiveIntegerField()
    return_reason = models.TextField(blank=True, max_length=2000)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    bank_reference = models.CharField(max_length=40, blank=True)
    executed_on = models.DateField(null=True, blank=True)

    objects = StipendSheetQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "office"], name="stipend_sheet_once"),
            models.UniqueConstraint(fields=["number"], name="stipend_sheet_number_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")), name="stipend_sheet_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SHEET_APPROVED) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="stipend_sheet_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(sent_by=None) | ~Q(sent_by=F("approved_by")), name="stipend_sender_not_approver"
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="stipend_sheet_state")]

    @transition(field=state, source=SheetState.DRAFT, target=SheetState.IN_CHECK, conditions=[gates.has_lines])
    def send_to_check(self, *, at: datetime, by: Actor) -> None:
        """The specialist's draft goes to the director."""

    @transition(field=state, source=[SheetState.DRAFT, SheetState.IN_CHECK], target=SheetState.RETURNED)
    def send_back(self, *, at: datetime, by: Actor, reason: str) -> None:
        """Not right; the specialist draws it up anew."""
        self.return_reason = reason

    @transition(field=state, source=SheetState.RETURNED, target=SheetState.DRAFT)
    def draw_anew(self, *, at: datetime, by: Actor) -> None:
        """The lines are reckoned again."""
        self.drafted_by = by.user  # type: ignore[assignment]

    @transition(field=state, source=SheetState.IN_CHECK, target=SheetState.APPROVED, conditions=[gates.results_are_in])
    def approve(self, *, at: datetime, by: Actor) -> None:
        """The director signs; only when all results are in (A-26)."""
        self.approved_at, self.approved_by = at, by.user

    @transition(
        field=state,
        source=[SheetState.APPROVED, SheetState.PARTLY_EXECUTED],
        target=SheetState.SENT_TO_BANK,
        conditions=[gates.something_to_pay],
    )
    def send_to_bank(self, *, at: datetime, by: Actor, reference: str) -> None:
        """The accountant sends the payable lines to the bank."""
        self.sent_at, self.sent_by, self.bank_reference = at, by.user, reference

    @transition(
        field=state,
        source=SheetState.SENT_TO_BANK,
        target=RETURN_VALUE(SheetState.EXECUTED, SheetState.PARTLY_EXECUTED),
    )
    def execute(self, *, at: datetime, by: Actor, executed_on: date, partly: bool) -> str:
        """The bank has answered; partly, where it returned a line or a line is still held."""
        self.executed_on = executed_on
        return SheetState.PARTLY_EXECUTED if partly else SheetState.EXECUTED


class StipendLineQuerySet(models.QuerySet["StipendLine"]):
    def visible_to(self, user: Any) -> StipendLineQuerySet:
        """The own line once the sheet is approved; for staff as the sheet, but nobody's own."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id, sheet__state__in=SHEET_APPROVED)
        return self.filter(office__in=offices_of(user, READERS)).exclude(person=user.person_id)


class StipendLine(Case):
    """One person of one group on a sheet. `ground` is the clause that decides whether it is paid."""

    kind = "stipend_line"
    stage = "training"

    state = FSMField(max_length=14, choices=LineState.choices, default=LineState.HELD, protected=True)
    sheet = models.ForeignKey(StipendSheet, on_delete=models.PROTECT, related_name="lines")
    group = models.ForeignKey("training.TrainingGroup", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("training.Enrolment", on_delete=models.PROTECT, related_name="stipend_lines")
    days_planned = models.PositiveSmallIntegerField(default=0)
    days_attended = models.PositiveSmallIntegerField(default=0)
    accrued = models.PositiveIntegerField(default=0)
    # A line is held until it is reckoned.
    reason = models.CharField(max_length=16, choices=LineReason.choices, default=LineReason.DECISION_NEEDED, blank=True)
    ground = models.CharField(max_length=20)
    iban = models.CharField(max_length=20, blank=True)
    decision = models.TextField(blank=True, max_length=2000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paid_on = models.DateField(null=True, blank=True)

    objects = StipendLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="stipend_line_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[LineState.HELD, LineState.EXCLUDED]) | ~Q(reason=""),
                name="stipend_line_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LineState.PAYABLE, LineState.PAID]) | ~Q(iban=""),
                name="stipend_line_paid_to_account",
            ),
            models.CheckConstraint(
                condition=~Q(state=LineState.PAID) | Q(paid_on__isnull=False), name="stipend_line_paid_has_date"
            ),
        ]
        indexes = [models.Index(fields=["sheet", "state"], name="stipend_line_sheet")]

    @transition(field=state, source=[LineState.PAYABLE, LineState.HELD], target=LineState.HELD)
    def hold(self, *, at: datetime, by: Actor, reason: str, ground: str) -> None:
        """Waits for an account or for the director (A-25)."""
        self.reason, self.ground, self.accrued = reason, ground, 0

    @transition(field=state, source=[LineState.PAYABLE, LineState.HELD], target=LineState.EXCLUDED)
    def exclude(self, *, at: datetime, by: Actor, reason: str, ground: str, decision: str = "") -> None:
        """Not paid: by the Rules (118-p32), or by the director's written decision (A-25)."""
        self.reason, self.ground, self.accrued = reason, ground, 0
        if decision:
            self.decision, self.decided_at, self.decided_by = decision, at, by.user

    @transition(field=state, source=[LineState.HELD, LineState.BANK_RETURNED], target=LineState.PAYABLE)
    def release(
        self, *, at: datetime, by: Actor, accrued: int, iban: str, ground: str = "118-p31", decision: str = ""
    ) -> None:
        """An account was given, or the director decided in writing (A-25)."""
        self.reason, self.ground, self.accrued, self.iban = "", ground, accrued, iban
        if decision:
            self.decision, self.decided_at, self.decided_by = decision, at, by.user

    @transition(field=state, source=LineState.PAYABLE, target=LineState.PAID)
    def pay(self, *, at: datetime, by: Actor, paid_on: date) -> None:
        """The bank has executed it."""
        self.paid_on = paid_on

    @transition(field=state, source=LineState.PAYABLE, target=LineState.BANK_RETURNED)
    def bank_return(self, *, at: datetime, by: Actor) -> None:
        """The bank returned it: another account is needed."""
