"""The application for a grant: its project, its estimate, the answers to the criteria (SPEC 4.9, 2.9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.gateways.models import Enquiry
from bastau.people.models import Language, Region, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from grants import conditions
from grants.rules import applications as rules
from grants.states import (
    GRANT_AWARDED,
    GRANT_OPEN,
    GRANT_WITHDRAWABLE,
    Category,
    Criterion,
    GrantState,
    Met,
    Source,
)

GRANT_READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR, Role.COMMISSION_SECRETARY)


class GrantApplicationQuerySet(models.QuerySet["GrantApplication"]):
    def visible_to(self, user: Any) -> GrantApplicationQuerySet:
        """Own for a citizen; for staff those sent to the centres they read. A draft is its citizen's alone.

        Members of a commission read the packages of their own meetings there, not here (SPEC 5).
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        sent = self.filter(office__in=offices_of(user, GRANT_READERS)).exclude(filed_at=None)
        # Nobody works on a case of the own IIN (SPEC 5).
        return sent.exclude(person=user.person_id)

    def open(self) -> GrantApplicationQuerySet:
        """Under way: not refused, closed, lapsed, withdrawn, and not yet a contract."""
        return self.filter(state__in=GRANT_OPEN)


class GrantApplication(Case):
    """An application for a grant for a new business idea (FKA04-1). `office` is the centre of residence."""

    kind = "grant"
    stage = "grant"

    state = FSMField(max_length=20, choices=GrantState.choices, default=GrantState.DRAFT, protected=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)

    # What the registers say, and what the applicant states where no register is asked.
    residence = models.CharField(max_length=9, blank=True)
    address_kk = models.CharField(max_length=300, blank=True)
    address_ru = models.CharField(max_length=300, blank=True)
    registered_unemployed = models.BooleanField(null=True, blank=True)
    card_number = models.CharField(max_length=40, blank=True)
    card_fetched_at = models.DateTimeField(null=True, blank=True)
    category = models.CharField(max_length=20, choices=Category.choices, blank=True)
    entrepreneur_since = models.DateField(null=True, blank=True)
    skills_number = models.CharField(max_length=40, blank=True)
    skills_issued_on = models.DateField(null=True, blank=True)

    # The project by the keys of SPEC 2.9; the estimate has rows of its own, and its sums are kept with them.
    project = models.JSONField(default=dict, blank=True)
    prefilled = models.BooleanField(default=False)
    grant_sum = models.BigIntegerField(default=0)
    own_sum = models.BigIntegerField(default=0)

    filed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    absences = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_reason = models.TextField(blank=True, max_length=4000)
    awarded_sum = models.BigIntegerField(null=True, blank=True)
    reserve_place = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.TextField(blank=True, max_length=2000)

    objects = GrantApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state__in=GRANT_OPEN), name="grant_one_open"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="grant_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=(GrantState.DRAFT, GrantState.WITHDRAWN))
                | Q(filed_at__isnull=False, card_fetched_at__isnull=False, office__isnull=False) & ~Q(number=""),
                name="grant_filed_whole",
            ),
            models.CheckConstraint(condition=Q(grant_sum__gte=0, own_sum__gte=0), name="grant_sums_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=GRANT_AWARDED) | Q(awarded_sum__gt=0, awarded_sum__lte=F("grant_sum")),
                name="grant_award_within_request",
            ),
            models.CheckConstraint(
                condition=~Q(state=GrantState.REJECTED) | ~Q(decision_reason=""), name="grant_refusal_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="grant_office_state")]

    @property
    def title(self) -> str:
        """The name of the project."""
        return str(self.project.get("title") or "")

    @property
    def total_sum(self) -> int:
        """The whole estimate: the grant and the applicant's own money."""
        return self.grant_sum + self.own_sum

    def address(self, language: str) -> str:
        """The applicant's address as the register gives it in `language`."""
        return self.address_ru if language == "ru" else self.address_kk

    def limit_on(self, day: date) -> int:
        """The most that may be granted on `day`, in tenge (A-41); 0 where the index of that day is not known."""
        return rules.limit_on(day) or 0

    def missing(self) -> list[str]:
        """The question pages of the project that still lack something (FKA04-1.3)."""
        return rules.missing(self.project, list(self.lines.all()))

    def intake_open_on(self, day: date) -> bool:
        """Whether applications are taken on `day`: always where the region announced no window (FKA04-1.4)."""
        assert self.office is not None
        windows = list(IntakeWindow.objects.filter(region=self.office.region_id))
        return not windows or any(window.opens_on <= day <= window.closes_on for window in windows)

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=GrantState.DRAFT, target=GrantState.SUBMITTED, conditions=conditions.SUBMIT)
    def submit(self, *, at: datetime, by: Actor, number: str) -> None:
        """Signed by the applicant (FKA04-1.4); locked from here on."""
        self.number, self.filed_at = number, at

    @transition(field=state, source=GrantState.SUBMITTED, target=GrantState.ACCEPTED)
    def arrive(self, *, at: datetime, by: Actor) -> None:
        """The labour market system acknowledged it (FKA04-1.5)."""
        self.accepted_at = at

    @transition(field=state, source=GrantState.ACCEPTED, target=GrantState.IN_CHECK)
    def take(self, *, at: datetime, by: Actor, assignee: User | None = None) -> None:
        """A specialist takes it to check the criteria nobody answered (FKA04-1.2)."""
        self.assignee = assignee or by.user

    @transition(
        field=state,
        source=GrantState.IN_CHECK,
        target=GrantState.IN_CHECK,
        conditions=[conditions.no_rejection_waits],
    )
    def answer_criterion(self, *, at: datetime, by: Actor) -> None:
        """A criterion is answered by hand, with a reason; the answer stands in its row."""

    @transition(
        field=state,
        source=GrantState.IN_CHECK,
        target=GrantState.IN_CHECK,
        conditions=[conditions.one_denied, conditions.no_rejection_waits],
    )
    def propose_rejection(self, *, at: datetime, by: Actor) -> None:
        """The specialist puts a rejection for the criteria before the head of unit."""

    @transition(
        field=state,
        source=GrantState.IN_CHECK,
        target=GrantState.IN_CHECK,
        conditions=[conditions.rejection_waits],
    )
    def return_rejection(self, *, at: datetime, by: Actor) -> None:
        """The head of unit does not confirm; the check goes on."""

    @transition(
        field=state,
        source=GrantState.IN_CHECK,
        target=GrantState.REJECTED_CRITERIA,
        conditions=[conditions.rejection_waits, conditions.one_denied],
    )
    def reject_criteria(self, *, at: datetime, by: Actor) -> None:
        """The head of unit confirms that a criterion is not met."""
        self.closed_at = at

    @transition(
        field=state,
        source=[GrantState.ACCEPTED, GrantState.IN_CHECK, GrantState.POSTPONED],
        target=GrantState.SCHEDULED,
        conditions=[conditions.all_met],
    )
    def schedule(self, *, at: datetime, by: Actor) -> None:
        """On the agenda of a meeting (FKA04-2.1…2.3)."""

    @transition(field=state, source=GrantState.SCHEDULED, target=GrantState.HEARD)
    def hear(self, *, at: datetime, by: Actor) -> None:
        """The applicant presented the project (FKA04-2.4, 2.5)."""

    @transition(field=state, source=[GrantState.SCHEDULED, GrantState.HEARD], target=GrantState.POSTPONED)
    def postpone(self, *, at: datetime, by: Actor, absent: bool) -> None:
        """Moved to the next meeting."""
        self.absences += absent

    @transition(
        field=state,
        source=GrantState.SCHEDULED,
        target=GrantState.CLOSED_NO_SHOW,
        conditions=[conditions.absent_before],
    )
    def close_no_show(self, *, at: datetime, by: Actor) -> None:
        """A second absence without good reason (A-35)."""
        self.absences += 1
        self.closed_at = at

    @transition(field=state, source=[GrantState.HEARD, GrantState.RESERVE], target=GrantState.APPROVED)
    def approve(self, *, at: datetime, by: Actor, awarded_sum: int, reason: str = "") -> None:
        """The commission granted it and there is money (FKA04-2.6)."""
        self.awarded_sum, self.decided_at, self.decided_by = awarded_sum, at, by.user
        self.decision_reason = reason or self.decision_reason
        self.reserve_place = None

    @transition(field=state, source=GrantState.HEARD, target=GrantState.RESERVE)
    def reserve(self, *, at: datetime, by: Actor, awarded_sum: int, place: int, reason: str = "") -> None:
        """The commission granted it and the budget is used up."""
        self.awarded_sum, self.reserve_place, self.decision_reason = awarded_sum, place, reason
        self.decided_at, self.decided_by = at, by.user

    @transition(field=state, source=GrantState.HEARD, target=GrantState.REJECTED)
    def reject(self, *, at: datetime, by: Actor, reason: str) -> None:
        """The commission refused it, with reasons (FKA04-2.6)."""
        self.decided_at, self.decided_by, self.decision_reason = at, by.user, reason
        self.closed_at = at

    @transition(field=state, source=[GrantState.RESERVE, GrantState.APPROVED], target=GrantState.LAPSED)
    def lapse(self, *, at: datetime, by: Actor, reason: str) -> None:
        """The budget year ended, or the terms of A-36 and A-37 were missed: the head decides."""
        self.closed_at, self.closing_reason = at, reason

    @transition(field=state, source=GrantState.APPROVED, target=GrantState.CONTRACTED)
    def mark_contracted(self, *, at: datetime, by: Actor) -> None:
        """The contract is in force (FKA04-3.4)."""

    @transition(field=state, source=GRANT_WITHDRAWABLE, target=GrantState.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: Actor) -> None:
        """The applicant takes it back before it is heard."""
        self.closed_at = at


class ProjectLine(models.Model):
    """One line of the estimate (SPEC 2.9): what, how many, at what price, and how much of it the grant pays.

    The rest is the applicant's own money. Whole tenge. Frozen when the application is sent.
    """

    application = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, related_name="lines")
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    price = models.BigIntegerField(validators=[MinValueValidator(1)])
    grant_part = models.BigIntegerField(validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, price__gte=1, grant_part__gte=0)
                & Q(grant_part__lte=F("quantity") * F("price")),
                name="project_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def total(self) -> int:
        """Quantity times price."""
        return self.quantity * self.price

    @property
    def own_part(self) -> int:
        """What the applicant pays."""
        return self.total - self.grant_part


class CriterionCheck(models.Model):
    """One line of the check protocol (FKA04-1.2): the criterion, the answer, its source, and why."""

    application = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, related_name="checks")
    criterion = models.CharField(max_length=20, choices=Criterion.choices)
    result = models.CharField(max_length=8, choices=Met.choices, default=Met.UNKNOWN)
    source = models.CharField(max_length=20, choices=Source.choices)
    code = models.CharField(max_length=40)
    day = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField()
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    manual = models.BooleanField(default=False)
    reason = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion"], name="criterion_once"),
            models.CheckConstraint(
                condition=Q(manual=False) | ~Q(reason="") & Q(by__isnull=False), name="criterion_by_hand_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.criterion}: {self.result}"


class Rejection(models.Model):
    """A rejection for the criteria that a specialist put before the head of unit, and the head's answer."""

    application = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, related_name="rejections")
    reason = models.TextField(max_length=4000)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True, blank=True)
    comment = models.TextField(blank=True, max_length=2000)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(closed_at=None), name="rejection_one_waits"),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("proposed_by")), name="rejection_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} rejection"


class IntakeWindow(models.Model):
    """When applications are taken in a region (FKA04-1.4, both days included). No window: they are always taken."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="intake_windows")
    opens_on = models.DateField()
    closes_on = models.DateField()
    announced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()

    class Meta:
        ordering = ["opens_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="intake_window_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.opens_on} – {self.closes_on}"

    def clean(self) -> None:
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValidationError(_("The last day of the intake cannot be before the first."))
