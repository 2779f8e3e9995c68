"""Votes, scores, stand-ins for the recused, and the decisions counted from them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from bastau.people.models import User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from grants.models.commission import CommissionMember
from grants.models.meetings import AgendaItem, CommissionMeeting
from grants.states import Choice, Ruling

#: They read votes by name once an item is closed (SPEC 5.1, row "Vote, score").
VOTE_READERS = (Role.COMMISSION_SECRETARY, Role.DIRECTOR, Role.AUDITOR)


class OfMembers(models.QuerySet[Any]):
    """Votes and scores: everybody's own; those of others for the named roles, and only after the item is closed."""

    def visible_to(self, user: Any) -> OfMembers:
        """Own ones; those of closed items for who reads votes by name in the meeting's centre. None for a citizen."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        meetings = CommissionMeeting.objects.filter(office__in=offices_of(user, VOTE_READERS)).values("pk")
        closed = Q(item__closed_at__isnull=False, item__meeting__in=meetings)
        return self.filter(Q(member__user=user.pk) | closed)


class Vote(models.Model):
    """One member's vote on one item (SPEC 4.10); may be changed until the chair closes the item."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=9, choices=Choice.choices)
    # Why a member recuses; empty otherwise.
    reason = models.CharField(max_length=500, blank=True)
    cast_at = models.DateTimeField()

    objects = OfMembers.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="vote_once"),
            models.CheckConstraint(condition=~Q(choice=Choice.RECUSED) | ~Q(reason=""), name="vote_recusal_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.member_id}"


class StandIn(models.Model):
    """A substitute member who sits for a recused one on one item (A-32)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="stand_ins")
    member = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="stand_in_for_one"),
            models.UniqueConstraint(fields=["item", "substitute"], name="stand_in_once"),
            models.CheckConstraint(condition=~Q(member=F("substitute")), name="stand_in_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute_id} -> {self.member_id}"


def points(most: int, label: Any) -> models.PositiveSmallIntegerField:
    """A criterion of the score sheet with its highest mark (SPEC 2.10)."""
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(0), MaxValueValidator(most)])


class Score(models.Model):
    """One member's score sheet on one item (SPEC 2.10). It orders the list; it does not decide."""

    CRITERIA: ClassVar[tuple[str, ...]] = ("viability", "market", "finance", "preparedness", "jobs")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="scores")
    member = models.ForeignKey(CommissionMember, on_delete=models.PROTECT, related_name="scores")
    viability = points(30, pgettext_lazy("score", "Viability of the project"))
    market = points(20, pgettext_lazy("score", "Market study"))
    finance = points(20, pgettext_lazy("score", "Financial grounds"))
    preparedness = points(15, pgettext_lazy("score", "Preparedness of the applicant"))
    jobs = points(15, pgettext_lazy("score", "Jobs"))
    given_at = models.DateTimeField()

    objects = OfMembers.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="score_once"),
            models.CheckConstraint(
                condition=Q(viability__lte=30, market__lte=20, finance__lte=20, preparedness__lte=15, jobs__lte=15),
                name="score_within_criteria",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.member_id}: {self.total}"

    @property
    def total(self) -> int:
        """Of a hundred."""
        return self.viability + self.market + self.finance + self.preparedness + self.jobs


class Decision(models.Model):
    """The commission's decision on one item: counted, then entered as the protocol says, then told (SPEC 4.10).

    A correcting protocol makes another row that `corrects` the former; nothing is overwritten.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    ruling = models.CharField(max_length=8, choices=Ruling.choices)
    amount = models.PositiveBigIntegerField(default=0)
    reason = models.TextField(max_length=4000)
    protocol_number = models.CharField(max_length=40, blank=True)
    counted_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notified_at = models.DateTimeField(null=True, blank=True)
    # The place in the reserve list, where the money did not reach this far.
    reserve_place = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(corrects=None), name="decision_once"),
            models.CheckConstraint(
                condition=Q(entered_at=None, entered_by=None) | Q(entered_at__isnull=False, entered_by__isnull=False),
                name="decision_entered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(entered_at__isnull=False), name="decision_told_was_entered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.ruling}"

    @property
    def state(self) -> str:
        """counted, entered or notified (SPEC 4.10)."""
        if self.notified_at:
            return "notified"
        return "entered" if self.entered_at else "counted"
