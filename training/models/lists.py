"""The monthly list of candidates a centre sends to its chamber (118-p12), and its lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import OfficeCase
from bastau.people.models import Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from referrals.models import ReferralApplication
from training.conditions import lists as conditions
from training.states import LIST_SENT, ListState

CENTRE_READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)


class MonthlyListQuerySet(models.QuerySet["MonthlyList"]):
    def with_people_for(self, user: Any) -> MonthlyListQuerySet:
        """Those whose candidates `user` may read: the centre's own, and the chamber's once they are sent."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(
            Q(office__in=offices_of(user, CENTRE_READERS))
            | Q(chamber__in=offices_of(user, [Role.COORDINATOR]), state__in=LIST_SENT)
        )

    def visible_to(self, user: Any) -> MonthlyListQuerySet:
        """As `with_people_for`; the local employment body sees that a list went, and how many are on it (SPEC 5.1)."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        own = Q(pk__in=self.model._default_manager.with_people_for(user).values("pk"))
        return self.filter(own | Q(office__in=offices_of(user, [Role.LEB_OFFICER])))


class MonthlyList(OfficeCase):
    """Who got a referral in `month`, for the chamber; `office` is the centre. A supplement is a list of its own."""

    kind = "monthly_list"
    stage = "training"

    state = FSMField(max_length=20, choices=ListState.choices, default=ListState.DRAFT, protected=True)
    month = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    chamber = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    supplements = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="supplement")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = MonthlyListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "month", "part"], name="monthly_list_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="monthly_list_first_of_month"),
            models.CheckConstraint(
                condition=~Q(state__in=LIST_SENT) | Q(signed_at__isnull=False, sent_at__isnull=False),
                name="monthly_list_sent_was_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-month", "-part"], name="monthly_list_of_centre"),
            models.Index(fields=["chamber", "state", "-month"], name="monthly_list_of_chamber"),
        ]

    @transition(field=state, source=ListState.DRAFT, target=ListState.DRAFT)
    def draw(self, *, at: datetime, by: Actor) -> None:
        """Drawn up by the system from the referrals of the month (118-p12-1, A-13)."""

    @transition(field=state, source=ListState.DRAFT, target=ListState.DRAFT)
    def redraw(self, *, at: datetime, by: Actor) -> None:
        """Drawn up again after a correction in the referrals."""

    @transition(field=state, source=ListState.DRAFT, target=ListState.SIGNED)
    def sign(self, *, at: datetime, by: Actor) -> None:
        """The director signs it (118-p12-1)."""
        self.signed_at, self.signed_by = at, by.user

    @transition(field=state, source=ListState.SIGNED, target=ListState.SENT)
    def send(self, *, at: datetime, by: Actor) -> None:
        """Sent to the chamber electronically (118-p12-1)."""
        self.sent_at, self.sent_by = at, by.user

    @transition(field=state, source=ListState.SENT, target=ListState.RECEIVED)
    def acknowledge(self, *, at: datetime, by: Actor) -> None:
        """The chamber acknowledges the receipt (118-p12-1)."""
        self.received_at, self.received_by = at, by.user

    @transition(
        field=state,
        source=[ListState.SENT, ListState.RECEIVED],
        target=ListState.SUPPLEMENTED,
        conditions=[conditions.somebody_missing],
    )
    def add_supplement(self, *, at: datetime, by: Actor) -> None:
        """A further list of the same month follows: a referral was corrected late."""


class ListLine(models.Model):
    """One candidate of a list: the referral, its number and day as they stood when the list was drawn up."""

    list = models.ForeignKey(MonthlyList, on_delete=models.PROTECT, related_name="lines")
    referral = models.ForeignKey(ReferralApplication, on_delete=models.PROTECT, related_name="list_lines")
    referral_number = models.CharField(max_length=40)
    referral_date = models.DateField()

    class Meta:
        ordering = ["list", "referral_number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "referral"], name="list_line_once"),
        ]

    def __str__(self) -> str:
        return self.referral_number
