"""The application for a referral, its check protocol and the proposals put before the director."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.gateways.models import Enquiry
from bastau.people.models import Language, Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from referrals import conditions
from referrals.states import (
    DECIDED,
    OPEN,
    UNDECIDED,
    AcceptanceRefusal,
    Channel,
    CheckResult,
    CheckSubject,
    Ground,
    Outcome,
    State,
    StudyForm,
    TargetStatus,
)

READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)
COUNTER_ROLES = (Role.SPECIALIST, Role.SC_OPERATOR)


class ReferralQuerySet(models.QuerySet["ReferralApplication"]):
    def visible_to(self, user: Any) -> ReferralQuerySet:
        """Own for a citizen; for staff what was filed to the centres they read, and what the own counter took.

        A draft on the Portal is its citizen's alone; one at a counter also that counter's. Where a counter refused to
        accept, no case came to the centre (118-p07-1): it is in the books of that counter's office.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        read = offices_of(user, READERS)
        of_centre = Q(office__in=read) & ~Q(state__in=[State.DRAFT, State.ACCEPTANCE_REFUSED])
        refused_here = Q(counter__in=read, state=State.ACCEPTANCE_REFUSED)
        at_counter = Q(counter__in=offices_of(user, COUNTER_ROLES))
        # Nobody works on a case of the own IIN (SPEC 5).
        return self.filter(of_centre | refused_here | at_counter).exclude(person=user.person_id)

    def open(self) -> ReferralQuerySet:
        """Not yet decided, withdrawn or refused at the counter."""
        return self.filter(state__in=OPEN)


class ReferralApplication(Case):
    """An application for a referral to training (118-p04, annex 1). `office` is the centre of residence."""

    kind = "referral"
    stage = "referral"

    state = FSMField(max_length=20, choices=State.choices, default=State.DRAFT, protected=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # The office whose counter took the papers: the centre itself or an office of the State Corporation.
    counter = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    residence = models.CharField(max_length=9, blank=True)
    address_kk = models.CharField(max_length=300, blank=True)
    address_ru = models.CharField(max_length=300, blank=True)
    target_status = models.CharField(max_length=12, choices=TargetStatus.choices, blank=True)
    registered_unemployed = models.BooleanField(null=True, blank=True)
    study_form = models.CharField(max_length=8, choices=StudyForm.choices, blank=True)
    access_needs = models.CharField(max_length=300, blank=True)
    sheets = models.PositiveSmallIntegerField(default=0)
    consent_data_at = models.DateTimeField(null=True, blank=True)
    consent_secrets_at = models.DateTimeField(null=True, blank=True)
    trained_until = models.DateField(null=True, blank=True)

    filed_at = models.DateTimeField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    originals_returned = models.BooleanField(default=False)
    acceptance_refusal = models.CharField(max_length=20, choices=AcceptanceRefusal.choices, blank=True)
    acceptance_refusal_text = models.TextField(blank=True, max_length=2000)

    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The date of A-45: a result signed after working time is issued on the next working day.
    issued_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)
    sent_to_sc_at = models.DateTimeField(null=True, blank=True)
    transfer_list = models.CharField(max_length=40, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    uncollected_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state__in=OPEN), name="referral_one_open"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="referral_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=(*UNDECIDED, *DECIDED)) | Q(filed_at__isnull=False, accepted_on__isnull=False),
                name="referral_accepted_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED)
                | Q(checked_at__isnull=False, decided_at__isnull=False, issued_on__isnull=False) & ~Q(outcome=""),
                name="referral_decided_was_checked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(decided_by=None) | ~Q(checked_by=F("decided_by")),
                name="referral_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ACCEPTANCE_REFUSED) | ~Q(acceptance_refusal=""),
                name="referral_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="referral_office_state"),
            models.Index(fields=["counter", "state", "-id"], name="referral_counter_state"),
            models.Index(fields=["sent_to_sc_at"], condition=Q(state=State.SENT_TO_SC), name="referral_waiting_at_sc"),
        ]

    def address(self, language: str) -> str:
        """The applicant's address as the register gives it in `language`."""
        return self.address_ru if language == "ru" else self.address_kk

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=State.DRAFT, target=State.ACCEPTED, conditions=conditions.PORTAL)
    def submit(self, *, at: datetime, by: Actor, number: str, filed_at: datetime, accepted_on: date) -> None:
        """Filed on the Portal (118-p08)."""
        self.number, self.filed_at, self.accepted_on = number, filed_at, accepted_on

    @transition(field=state, source=State.DRAFT, target=State.ACCEPTED, conditions=conditions.COUNTER)
    def accept(self, *, at: datetime, by: Actor, number: str, accepted_on: date, originals_returned: bool) -> None:
        """Accepted at a counter (118-p07-1, a2-r08)."""
        self.number, self.filed_at, self.accepted_on, self.accepted_by = number, at, accepted_on, by.user
        self.originals_returned = originals_returned

    @transition(field=state, source=State.DRAFT, target=State.ACCEPTANCE_REFUSED, conditions=conditions.AT_COUNTER)
    def refuse_acceptance(self, *, at: datetime, by: Actor, number: str, reason: str, text: str) -> None:
        """Documents not accepted (118-p07-1, annex 3)."""
        self.number, self.acceptance_refusal, self.acceptance_refusal_text = number, reason, text
        self.accepted_by = by.user

    @transition(field=state, source=State.ACCEPTED, target=State.IN_CHECK)
    def take(self, *, at: datetime, by: Actor, assignee: User | None = None) -> None:
        """Taken by a specialist, or given to one by the system."""
        self.assignee = assignee or by.user

    @transition(field=state, source=State.IN_CHECK, target=State.CHECKED, conditions=[conditions.all_answered])
    def finish_check(self, *, at: datetime, by: Actor) -> None:
        """The protocol of checks is complete (118-p09-1)."""
        self.checked_at, self.checked_by = at, by.user

    @transition(
        field=state, source=State.CHECKED, target=State.AWAITING_SIGNATURE, conditions=[conditions.all_confirmed]
    )
    def propose_issue(self, *, at: datetime, by: Actor) -> None:
        """The referral is put before the director (118-p09-2)."""
        self.outcome = Outcome.ISSUE

    @transition(field=state, source=State.CHECKED, target=State.AWAITING_SIGNATURE)
    def propose_refusal(self, *, at: datetime, by: Actor) -> None:
        """A reasoned refusal is put before the director (118-p09-2, a2-r09)."""
        self.outcome = Outcome.REFUSE

    @transition(field=state, source=State.AWAITING_SIGNATURE, target=State.IN_CHECK)
    def send_back(self, *, at: datetime, by: Actor) -> None:
        """The director returns the case to the specialist; the term keeps running."""
        self.outcome = ""
        self.checked_at = self.checked_by = None

    @transition(
        field=state, source=State.AWAITING_SIGNATURE, target=State.ISSUED, conditions=[conditions.issue_proposed]
    )
    def issue(self, *, at: datetime, by: Actor, issued_on: date) -> None:
        """The director signs the referral (118-p09-2, annex 5)."""
        self.decided_at, self.decided_by, self.issued_on = at, by.user, issued_on

    @transition(
        field=state, source=State.AWAITING_SIGNATURE, target=State.REFUSED, conditions=[conditions.refusal_proposed]
    )
    def refuse(self, *, at: datetime, by: Actor, issued_on: date) -> None:
        """The director signs the reasoned refusal (118-p09-2, a2-r09)."""
        self.decided_at, self.decided_by, self.issued_on = at, by.user, issued_on

    @transition(
        field=state,
        source=[State.ISSUED, State.REFUSED],
        target=State.SENT_TO_SC,
        conditions=[conditions.filed_through_sc],
    )
    def send_to_sc(self, *, at: datetime, by: Actor, transfer_list: str) -> None:
        """The result goes to the State Corporation (118-p07-2)."""
        self.sent_to_sc_at, self.transfer_list = at, transfer_list

    @transition(
        field=state,
        source=[State.ISSUED, State.REFUSED, State.SENT_TO_SC, State.UNCOLLECTED],
        target=State.HANDED_OVER,
        conditions=[conditions.can_be_handed_over],
    )
    def hand_over(self, *, at: datetime, by: Actor) -> None:
        """The result is given to the citizen against signature (118-p07, p09)."""
        self.handed_over_at, self.handed_over_by = at, by.user

    @transition(field=state, source=State.SENT_TO_SC, target=State.UNCOLLECTED)
    def mark_uncollected(self, *, at: datetime, by: Actor) -> None:
        """Not collected in time; the paper goes back to the centre."""
        self.uncollected_at = at

    @transition(field=state, source=UNDECIDED, target=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: Actor) -> None:
        """The citizen takes the application back before the decision."""
        self.withdrawn_at, self.withdrawn_by = at, by.user
        self.outcome = ""


class Check(models.Model):
    """One line of the check protocol: what was asked, of whom, the answer, its time (118-p09-1).

    A register's answer points to its enquiry. A mark made by hand has a written reason and a person.
    """

    application = models.ForeignKey(ReferralApplication, on_delete=models.PROTECT, related_name="checks")
    subject = models.CharField(max_length=12, choices=CheckSubject.choices)
    result = models.CharField(max_length=8, choices=CheckResult.choices, default=CheckResult.WAITING)
    answer = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    manual = models.BooleanField(default=False)
    reason = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "subject"], name="check_once_a_subject"),
            models.CheckConstraint(
                condition=Q(result=CheckResult.WAITING) | Q(answered_at__isnull=False), name="check_answer_has_time"
            ),
            models.CheckConstraint(condition=Q(manual=False) | ~Q(reason=""), name="check_by_hand_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.subject}: {self.result}"


class Proposal(models.Model):
    """What the specialist puts before the director, and the director's comment where it was sent back."""

    application = models.ForeignKey(ReferralApplication, on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    ground = models.PositiveSmallIntegerField(choices=Ground.choices, null=True, blank=True)
    rule = models.CharField(max_length=30, blank=True)
    reasons = models.TextField(blank=True, max_length=4000)
    evidence = models.TextField(blank=True, max_length=2000)
    remedy = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ISSUE) | Q(ground__in=Ground.values) & ~Q(reasons="") & ~Q(rule=""),
                name="refusal_has_ground_rule_reasons",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(returned_at=None), name="proposal_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"

    def clean(self) -> None:
        if self.outcome == Outcome.REFUSE and not (self.ground and self.rule and self.reasons.strip()):
            raise ValidationError(_("A refusal needs its ground, the rule it cites and written reasons."))
