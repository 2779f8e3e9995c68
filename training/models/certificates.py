"""Certificates of completion and participation, and external ones that the grant knows (SPEC 4.7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from bastau import law
from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import Language, Person, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from bastau.workdays import add
from training.models.enrolments import CENTRE_READERS, CHAMBER_READERS, Enrolment
from training.states import CERTIFICATE_VALID, CertificateKind, CertificateState

#: Read the certificates of those who live in the area of their centre (SPEC 5.1).
COMMISSION_READERS = (Role.COMMISSION_SECRETARY, Role.COMMISSION_MEMBER, Role.COMMISSION_CHAIR)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Any) -> CertificateQuerySet:
        """Own once issued; for staff those of their chamber, own group, or referred by their centre (SPEC 5.1)."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id).exclude(state=CertificateState.FORMED)
        centres = offices_of(user, (*CENTRE_READERS, *COMMISSION_READERS, Role.AUDITOR))
        seen = (
            Q(office__in=offices_of(user, (*CHAMBER_READERS, Role.AUDITOR)))
            | Q(enrolment__group__trainer=user, office__in=offices_of(user, [Role.TRAINER]))
            | Q(enrolment__referral__office__in=centres)
        )
        return self.filter(seen).exclude(person=user.person_id)

    def in_force(self) -> CertificateQuerySet:
        """Issued and not annulled."""
        return self.filter(state__in=CERTIFICATE_VALID)

    def valid_for_grant(self, person: Person, on: date) -> CertificateQuerySet:
        """Certificates of `person` that open the grant on the day `on`: of the right kind and not older than three
        years (A-30, A-31)."""
        oldest = add(on, law.term("A-30:certificate"), times=-1)
        return self.in_force().filter(
            person=person, certificate_kind__in=law.value("A-31"), issued_on__gte=oldest, issued_on__lte=on
        )


class Certificate(Case):
    """A certificate with its unique number (118-p26). `office` is the chamber; an external one has no enrolment."""

    kind = "certificate"
    stage = "training"

    state = FSMField(max_length=20, choices=CertificateState.choices, default=CertificateState.FORMED, protected=True)
    certificate_kind = models.CharField(max_length=20, choices=CertificateKind.choices)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    duplicate_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicate"
    )
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    #: The date it bears; it is issued as soon as it is printed and sealed.
    issued_on = models.DateField()
    annulled_at = models.DateTimeField(null=True, blank=True)
    annulled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    annul_reason = models.TextField(blank=True, max_length=2000)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="certificate_number_once"),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=~Q(state=CertificateState.ANNULLED) & Q(enrolment__isnull=False),
                name="certificate_one_live",
            ),
            models.CheckConstraint(
                condition=Q(certificate_kind=CertificateKind.SKILLS_ENBEK) | Q(enrolment__isnull=False),
                name="certificate_own_has_enrolment",
            ),
            models.CheckConstraint(
                condition=~Q(number=""),
                name="certificate_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=CertificateState.ANNULLED) | Q(annulled_at__isnull=False) & ~Q(annul_reason=""),
                name="certificate_annulled_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="certificate_office_state"),
            models.Index(fields=["person", "issued_on"], name="certificate_person"),
        ]

    @property
    def in_force(self) -> bool:
        return self.state in CERTIFICATE_VALID

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=CertificateState.FORMED, target=CertificateState.ISSUED)
    def issue(self, *, at: datetime, by: Actor) -> None:
        """Printed and sealed: it lies in the cabinet (118-p26)."""

    @transition(field=state, source=CertificateState.FORMED, target=CertificateState.DUPLICATE_ISSUED)
    def issue_duplicate(self, *, at: datetime, by: Actor) -> None:
        """As `issue`, instead of one whose personal data were corrected."""

    @transition(field=state, source=CERTIFICATE_VALID, target=CertificateState.ANNULLED)
    def annul(self, *, at: datetime, by: Actor, reason: str) -> None:
        """Taken back by the chamber's decision with its reason, or replaced by a duplicate (SPEC 4.7)."""
        self.annulled_at, self.annulled_by, self.annul_reason = at, by.user, reason
