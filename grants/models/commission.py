"""The commission of a centre: the order that formed it, its members and substitute members with the dates of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bastau.people.models import Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of

SECRETARIES = (Role.COMMISSION_SECRETARY,)
SITTING = (Role.COMMISSION_MEMBER, Role.COMMISSION_CHAIR)
#: They read the commission's meetings of their centre (SPEC 5.1, row "Meeting, protocol").
MEETING_READERS = (
    Role.COMMISSION_SECRETARY,
    Role.SPECIALIST,
    Role.UNIT_HEAD,
    Role.DIRECTOR,
    Role.AUDITOR,
)


class CommissionQuerySet(models.QuerySet["Commission"]):
    def visible_to(self, user: Any) -> CommissionQuerySet:
        """The commissions of the offices where the user reads or sits; none for a citizen."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(office__in=offices_of(user, (*MEETING_READERS, *SITTING)))


class Commission(models.Model):
    """The commission that decides on grants in a centre (FKA04-2.1, A-32)."""

    office = models.OneToOneField(Office, on_delete=models.PROTECT, related_name="commission")
    order_number = models.CharField(max_length=40)
    order_date = models.DateField()

    objects = CommissionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{_('Commission')}, {self.office}"


class MemberQuerySet(models.QuerySet["CommissionMember"]):
    def on(self, day: date) -> MemberQuerySet:
        """Those appointed on a local day of the centre; the last day of an appointment belongs to it."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class CommissionMember(models.Model):
    """One appointment by order: a voting member, the chair among them, or a substitute member (A-32)."""

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="commission_seats")
    is_chair = models.BooleanField(default=False)
    is_substitute = models.BooleanField(default=False)
    order_number = models.CharField(max_length=40)
    order_date = models.DateField()
    since = models.DateField()
    # The last day, if it is known.
    until = models.DateField(null=True, blank=True)
    release_order = models.CharField(max_length=40, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["is_substitute", "-is_chair", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "user"], condition=Q(until=None), name="commission_member_once"
            ),
            models.UniqueConstraint(
                fields=["commission"], condition=Q(until=None, is_chair=True), name="commission_one_chair"
            ),
            models.CheckConstraint(
                condition=~Q(is_chair=True, is_substitute=True), name="commission_chair_is_no_substitute"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="commission_member_period"),
        ]

    def __str__(self) -> str:
        return self.user.person.short_name

    def clean(self) -> None:
        """The chair is a member, not a substitute; an appointment does not end before it begins."""
        if self.is_chair and self.is_substitute:
            raise ValidationError(_("The chair is a member of the commission, not a substitute member."))
        if self.until is not None and self.until < self.since:
            raise ValidationError({"until": _("The last day lies before the first. Give a later day.")})
