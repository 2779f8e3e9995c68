"""A person's way through one training: questionnaire, place in a group, learning, results (SPEC 4.4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import Language, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from referrals.models import ReferralApplication
from training.conditions import enrolments as conditions
from training.states import (
    ENROLMENT_LEARNING,
    ENROLMENT_MEMBER,
    ENROLMENT_OPEN,
    ConfirmationAsked,
    EnrolmentChannel,
    EnrolmentState,
    ExpulsionReason,
    RejectionReason,
    WithdrawalReason,
)

#: Read all enrolments of their chamber (SPEC 5.1).
CHAMBER_READERS = (Role.COORDINATOR, Role.PROJECT_CONSULTANT)
#: Read the enrolments of those whom their centre referred (SPEC 5.1).
CENTRE_READERS = (Role.SPECIALIST, Role.DIRECTOR)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: Any) -> EnrolmentQuerySet:
        """Own for a citizen; the chamber's for its coordinator and consultant; own groups' for a trainer; for the
        centre those it referred. A draft on the Portal is its citizen's alone. Nobody reads a case of the own IIN."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        trained_in = offices_of(user, [Role.TRAINER])
        seen = (
            Q(office__in=offices_of(user, (*CHAMBER_READERS, Role.AUDITOR)))
            | Q(group__trainer=user, group__office__in=trained_in)
            | Q(referral__office__in=offices_of(user, (*CENTRE_READERS, Role.AUDITOR)))
        )
        hidden = Q(state=EnrolmentState.DRAFT, channel=EnrolmentChannel.PORTAL)
        return self.filter(seen).exclude(hidden).exclude(person=user.person_id)

    def open(self) -> EnrolmentQuerySet:
        """Not ended."""
        return self.filter(state__in=ENROLMENT_OPEN)

    def members(self) -> EnrolmentQuerySet:
        """Those who hold a place of their group (118-p22-3)."""
        return self.filter(state__in=ENROLMENT_MEMBER)

    def learning(self) -> EnrolmentQuerySet:
        """Those who began and have no result yet."""
        return self.filter(state__in=ENROLMENT_LEARNING)


class Enrolment(Case):
    """An application for training and what became of it (118-p18). `office` is the chamber; `group` is empty while
    the person waits in the pool of candidates."""

    kind = "enrolment"
    stage = "training"

    state = FSMField(max_length=30, choices=EnrolmentState.choices, default=EnrolmentState.DRAFT, protected=True)
    channel = models.CharField(max_length=10, choices=EnrolmentChannel.choices)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    referral = models.ForeignKey(ReferralApplication, on_delete=models.PROTECT, related_name="enrolments")
    group = models.ForeignKey(
        "training.TrainingGroup", on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    #: The answers of annex 4 that nobody else knows: sector, description, collateral, form of training, promises.
    questionnaire = models.JSONField(default=dict, blank=True)

    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rejection = models.CharField(max_length=12, choices=RejectionReason.choices, blank=True)
    reason_text = models.TextField(blank=True, max_length=2000)
    waitlisted_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)

    offer_accepted_at = models.DateTimeField(null=True, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    #: Version of the offer's text, by which means it was accepted (code, paper), from which address (118-p19).
    offer_version = models.CharField(max_length=20, blank=True)
    offer_means = models.CharField(max_length=10, blank=True)
    offer_address = models.GenericIPAddressField(null=True, blank=True)

    #: What the members of a changed group are asked to confirm, and when they did (A-16).
    confirmation = models.CharField(max_length=10, choices=ConfirmationAsked.choices, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    began_at = models.DateTimeField(null=True, blank=True)
    assessing_since = models.DateTimeField(null=True, blank=True)
    final_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    #: Empty with `plan_at` set: there is no plan (118-p27-2, A-22).
    plan_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    plan_at = models.DateTimeField(null=True, blank=True)
    expulsion = models.CharField(max_length=20, choices=ExpulsionReason.choices, blank=True)
    withdrawal = models.CharField(max_length=20, choices=WithdrawalReason.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    #: The last day of a training that had begun: from it run the three years of 118-p29 (A-23).
    ended_on = models.DateField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=ENROLMENT_OPEN), name="enrolment_one_open"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="enrolment_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=ENROLMENT_MEMBER)
                | Q(group__isnull=False, offer_accepted_at__isnull=False, consent_at__isnull=False),
                name="enrolment_member_has_offer",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.WAITLISTED) | Q(group__isnull=False, waitlisted_at__isnull=False),
                name="enrolment_waits_for_a_group",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.REJECTED) | ~Q(rejection=""), name="enrolment_rejection_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.COMPLETED_COMPLETION)
                | Q(final_percent__isnull=False, plan_percent__isnull=False),
                name="enrolment_completion_has_scores",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.COMPLETED_PARTICIPATION) | Q(final_percent__isnull=False),
                name="enrolment_participation_has_score",
            ),
            models.CheckConstraint(
                condition=(Q(final_percent=None) | Q(final_percent__lte=100))
                & (Q(plan_percent=None) | Q(plan_percent__lte=100)),
                name="enrolment_percents",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="enrolment_office_state"),
            models.Index(fields=["group", "state"], name="enrolment_group_state"),
            models.Index(fields=["person", "ended_on"], name="enrolment_history"),
        ]

    @property
    def is_member(self) -> bool:
        """Whether the person holds a place of the group."""
        return self.state in ENROLMENT_MEMBER

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(
        field=state, source=EnrolmentState.DRAFT, target=EnrolmentState.SUBMITTED, conditions=conditions.ENROLMENT_READY
    )
    def submit(self, *, at: datetime, by: Actor, number: str) -> None:
        """Annex 4 is signed and sent (118-p18)."""
        self.number, self.submitted_at = number, at

    @transition(field=state, source=EnrolmentState.SUBMITTED, target=EnrolmentState.REJECTED)
    def reject(self, *, at: datetime, by: Actor, reason: str, text: str) -> None:
        """Not accepted, with the reason (118-p18, p29)."""
        self.rejection, self.reason_text, self.decided_by, self.closed_at = reason, text, by.user, at

    @transition(
        field=state,
        source=EnrolmentState.SUBMITTED,
        target=EnrolmentState.WAITLISTED,
        conditions=[conditions.group_takes_people, conditions.three_years_passed, conditions.group_full],
    )
    def waitlist(self, *, at: datetime, by: Actor) -> None:
        """The group is full (118-p22-3)."""
        self.waitlisted_at, self.invited_at = at, None

    @transition(
        field=state,
        source=[EnrolmentState.SUBMITTED, EnrolmentState.WAITLISTED],
        target=EnrolmentState.ENROLLED,
        conditions=[conditions.group_takes_people, conditions.three_years_passed, conditions.place_free],
    )
    def enrol(self, *, at: datetime, by: Actor, version: str, means: str, address: str | None) -> None:
        """The offer is accepted and the consent given (118-p19); not before the three years end (118-p29)."""
        self.offer_accepted_at = self.consent_at = at
        self.offer_version, self.offer_means, self.offer_address = version, means, address

    @transition(
        field=state,
        source=EnrolmentState.ENROLLED,
        target=EnrolmentState.STUDYING,
        conditions=[conditions.group_runs],
    )
    def begin(self, *, at: datetime, by: Actor) -> None:
        """The first class attended, or the first sign-in to the course."""
        self.began_at = at

    @transition(
        field=state,
        source=EnrolmentState.STUDYING,
        target=EnrolmentState.ASSESSING,
        conditions=[conditions.group_assesses, conditions.all_modules_passed],
    )
    def open_final(self, *, at: datetime, by: Actor) -> None:
        """All module tests passed and the training over: the final test opens (118-p24, p25)."""
        self.assessing_since = at

    @transition(field=state, source=EnrolmentState.ASSESSING, target=None, conditions=[conditions.no_final_yet])
    def enter_final(self, *, at: datetime, by: Actor, percent: int) -> None:
        """The result of the final test (118-p25)."""
        self.final_percent, self.final_at = percent, at

    @transition(field=state, source=ENROLMENT_LEARNING, target=None, conditions=[conditions.no_plan_result_yet])
    def enter_plan(self, *, at: datetime, by: Actor, percent: int | None) -> None:
        """The result of the plan's assessment; without percent there is no plan (118-p27-2, A-22)."""
        self.plan_percent, self.plan_at = percent, at

    @transition(field=state, source=EnrolmentState.ASSESSING, target=None, conditions=[conditions.final_there])
    def void_final(self, *, at: datetime, by: Actor) -> None:
        """The attempt at the final test was void for a technical fault (A-20): its result goes."""
        self.final_percent = self.final_at = None

    @transition(field=state, source=EnrolmentState.ASSESSING, target=None, conditions=[conditions.final_low])
    def propose_expulsion(self, *, at: datetime, by: Actor) -> None:
        """The final mark is low: the coordinator has to confirm the expulsion (118-p25)."""

    @transition(field=state, source=EnrolmentState.STUDYING, target=EnrolmentState.NOT_ADMITTED)
    def not_admit(self, *, at: datetime, by: Actor, ended_on: date) -> None:
        """A module test not passed by the end of the assessment window (118-p24, p32)."""
        self.closed_at, self.ended_on = at, ended_on

    @transition(
        field=state,
        source=EnrolmentState.ASSESSING,
        target=EnrolmentState.EXPELLED,
        conditions=[conditions.final_low],
    )
    def expel(self, *, at: datetime, by: Actor, ended_on: date) -> None:
        """The low final mark, confirmed by the coordinator (118-p25)."""
        self.expulsion, self.decided_by = ExpulsionReason.FINAL_TEST_LOW, by.user
        self.closed_at, self.ended_on = at, ended_on

    @transition(
        field=state,
        source=EnrolmentState.ASSESSING,
        target=EnrolmentState.COMPLETED_COMPLETION,
        conditions=[conditions.final_passed, conditions.plan_positive],
    )
    def complete(self, *, at: datetime, by: Actor, ended_on: date) -> None:
        """Both results reach the score (118-p27-1)."""
        self.closed_at, self.ended_on = at, ended_on

    @transition(
        field=state,
        source=EnrolmentState.ASSESSING,
        target=EnrolmentState.COMPLETED_PARTICIPATION,
        conditions=[conditions.final_passed, conditions.plan_missing_or_negative],
    )
    def complete_without_plan(self, *, at: datetime, by: Actor, ended_on: date) -> None:
        """The final test passed, no plan or a negative assessment (118-p27-2)."""
        self.closed_at, self.ended_on = at, ended_on

    @transition(
        field=state,
        source=EnrolmentState.ASSESSING,
        target=EnrolmentState.NOT_PASSED,
        conditions=[conditions.no_final_yet],
    )
    def close_without_result(self, *, at: datetime, by: Actor, ended_on: date) -> None:
        """No final result at the end of the window (118-p25, p28)."""
        self.closed_at, self.ended_on = at, ended_on

    @transition(field=state, source=EnrolmentState.NOT_PASSED, target=EnrolmentState.EXPELLED)
    def expel_by_act(self, *, at: datetime, by: Actor, reason: str) -> None:
        """Expelled by the coordinator's act, with its reason (118-p25)."""
        self.expulsion, self.reason_text, self.decided_by = ExpulsionReason.COORDINATOR_ACT, reason, by.user

    @transition(
        field=state,
        source=EnrolmentState.ENROLLED,
        target=EnrolmentState.NO_SHOW,
        conditions=[conditions.group_began],
    )
    def mark_no_show(self, *, at: datetime, by: Actor) -> None:
        """Did not begin: the place goes to the waiting list, the three years do not start (A-23)."""
        self.closed_at, self.decided_by = at, by.user

    @transition(
        field=state,
        source=[EnrolmentState.SUBMITTED, EnrolmentState.WAITLISTED, *ENROLMENT_MEMBER],
        target=EnrolmentState.WITHDRAWN,
    )
    def withdraw(self, *, at: datetime, by: Actor, reason: str, text: str, ended_on: date | None) -> None:
        """Left by own request, by taking the consent back (118-p19), or for absence."""
        self.withdrawal, self.reason_text, self.closed_at, self.ended_on = reason, text, at, ended_on

    @transition(
        field=state,
        source=[EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.STUDYING],
        target=EnrolmentState.SUBMITTED,
        conditions=[conditions.group_cancelled],
    )
    def return_to_pool(self, *, at: datetime, by: Actor) -> None:
        """The group was cancelled or broken off: back to the candidates; passed modules are kept (SPEC 4.3, 4.4)."""
        self.group = None
        self.offer_accepted_at = self.waitlisted_at = self.invited_at = self.began_at = None
        self.offer_version = self.offer_means = self.confirmation = ""
        self.offer_address = self.confirmed_at = None
