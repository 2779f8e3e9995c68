"""The centre's money for grants of a year, and what of it is promised or paid. Whole tenge everywhere."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bastau.people.models import Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of

KEEPERS = (Role.DIRECTOR, Role.ACCOUNTANT)
READERS = (*KEEPERS, Role.UNIT_HEAD, Role.COMMISSION_SECRETARY, Role.AUDITOR)


class BudgetQuerySet(models.QuerySet["Budget"]):
    def visible_to(self, user: Any) -> BudgetQuerySet:
        """The budgets of the centres where the user keeps or reads the money; none for a citizen."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(office__in=offices_of(user, READERS))


class Budget(models.Model):
    """What a centre may give in grants in a year, and the account it pays from.

    `reserved` and `paid` follow the reservations, changed with them under the row's lock; the database refuses to let
    them grow beyond `total`.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="grant_budgets")
    year = models.PositiveSmallIntegerField()
    total = models.PositiveBigIntegerField(default=0)
    reserved = models.PositiveBigIntegerField(default=0)
    paid = models.PositiveBigIntegerField(default=0)
    # The payer's side of a payment order (SPEC 2.12); the codes are a free classifier (SPEC 6.3).
    iban = models.CharField(max_length=20, blank=True)
    bank_kk = models.CharField(max_length=200, blank=True)
    bank_ru = models.CharField(max_length=200, blank=True)
    bic = models.CharField(max_length=8, blank=True)
    payer_code = models.CharField(max_length=2, blank=True, validators=[RegexValidator(r"^\d{2}$")])
    payee_code = models.CharField(max_length=2, blank=True, validators=[RegexValidator(r"^\d{2}$")])
    purpose_code = models.CharField(max_length=3, blank=True, validators=[RegexValidator(r"^\d{3}$")])

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "office"]
        constraints = [
            models.UniqueConstraint(fields=["office", "year"], name="budget_once_a_year"),
            models.CheckConstraint(condition=Q(total__gte=F("reserved") + F("paid")), name="budget_not_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.year}"

    @property
    def free(self) -> int:
        """What can still be promised."""
        return self.total - self.reserved - self.paid

    @property
    def can_pay(self) -> bool:
        """Whether the payer's side of a payment order is known."""
        return bool(self.iban and self.bic and self.bank_kk and self.payer_code and self.payee_code)


class Reservation(models.Model):
    """The money promised to one application: held from the decision until it is paid or given up."""

    application = models.ForeignKey("grants.GrantApplication", on_delete=models.PROTECT, related_name="reservations")
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="reservations")
    amount = models.PositiveBigIntegerField()
    reserved_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(released_at=None), name="reservation_one_in_force"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reservation_of_money"),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(paid_at=None), name="reservation_paid_is_not_released"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.amount}"

    @property
    def state(self) -> Any:
        """In a word: held, paid or given up."""
        if self.paid_at:
            return _("paid")
        return _("given up") if self.released_at else _("held")


class BudgetChange(models.Model):
    """A sum entered for a year, with the order it stands on; the entries before it are kept."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="changes")
    total = models.PositiveBigIntegerField()
    basis = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(basis=""), name="budget_change_has_basis")]

    def __str__(self) -> str:
        return f"{self.budget_id}: {self.total}"
