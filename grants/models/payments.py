"""The payment of a grant: one for a contract, formed by one person, approved by another (SPEC 4.12)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import Language, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from grants.models.contracts import GrantContract
from grants.rules import payments as conditions
from grants.states import PaymentState, ReturnReason

READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.ACCOUNTANT, Role.AUDITOR)


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, user: Any) -> PaymentQuerySet:
        """Own for a citizen; for staff those of their centres."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        return self.filter(office__in=offices_of(user, READERS)).exclude(person=user.person_id)

    def executed(self) -> PaymentQuerySet:
        """The money arrived."""
        return self.filter(state=PaymentState.EXECUTED)


class Payment(Case):
    """The transfer of one grant (SPEC 4.12). Formed anew after the bank returned it; `attempt` counts.

    The account is kept as it stood when the order was formed, so that the order can be read as it was sent. `number`
    is that of the contract until the director signs the paper of the order, which has its own (A-51).
    """

    kind = "payment"
    stage = "grant"

    state = FSMField(max_length=16, choices=PaymentState.choices, default=PaymentState.FORMED, protected=True)
    contract = models.OneToOneField(GrantContract, on_delete=models.PROTECT, related_name="payment")
    amount = models.PositiveBigIntegerField()
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    purpose_code = models.CharField(max_length=3, blank=True)
    iban = models.CharField(max_length=20)
    bank_kk = models.CharField(max_length=200, blank=True)
    bank_ru = models.CharField(max_length=200, blank=True)
    bic = models.CharField(max_length=8, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    formed_at = models.DateTimeField(null=True, blank=True)
    formed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    executed_on = models.DateField(null=True, blank=True)
    bank_reference = models.CharField(max_length=40, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    return_reason = models.CharField(max_length=20, choices=ReturnReason.choices, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="payment_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_money"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(formed_by=None) | ~Q(approved_by=F("formed_by")),
                name="payment_maker_is_not_approver",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PaymentState.SENT_TO_BANK, PaymentState.EXECUTED])
                | Q(formed_at__isnull=False, approved_at__isnull=False, sent_at__isnull=False),
                name="payment_sent_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaymentState.EXECUTED) | Q(executed_on__isnull=False) & ~Q(bank_reference=""),
                name="payment_executed_has_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="payment_office_state"),
            models.Index(fields=["executed_on"], condition=Q(state=PaymentState.EXECUTED), name="payment_executed"),
        ]

    @property
    def bank(self) -> str:
        """The bank's name in the reader's language."""
        return self.bank_ru if (get_language() or "kk")[:2] == "ru" else self.bank_kk

    @property
    def idempotency_key(self) -> str:
        """What the bank knows this very order by: however often it is sent, it is executed once."""
        return f"payment:{self.pk}:{self.attempt}"

    @transition(
        field=state,
        source=[PaymentState.FORMED, PaymentState.BANK_RETURNED],
        target=PaymentState.FORMED,
        conditions=[conditions.not_formed_yet, conditions.contract_in_force, conditions.another_account],
    )
    def form(
        self,
        *,
        at: datetime,
        by: Actor,
        iban: str,
        bank_kk: str,
        bank_ru: str,
        bic: str,
        purpose_code: str,
    ) -> None:
        """The order is formed for the account of the contract, or of its supplement after a return (FKA04-4.1)."""
        self.iban, self.bank_kk, self.bank_ru, self.bic = iban, bank_kk, bank_ru, bic
        self.purpose_code = purpose_code
        self.attempt += 1
        self.formed_at, self.formed_by = at, by.user
        self.approved_at = self.approved_by = self.sent_at = self.sent_by = None

    @transition(field=state, source=PaymentState.FORMED, target=PaymentState.APPROVED, conditions=[conditions.formed])
    def approve(self, *, at: datetime, by: Actor, number: str) -> None:
        """The director signs the order, under the number of its paper; never who formed it."""
        self.approved_at, self.approved_by, self.number = at, by.user, number

    @transition(field=state, source=PaymentState.APPROVED, target=PaymentState.SENT_TO_BANK)
    def send(self, *, at: datetime, by: Actor) -> None:
        """The order goes to the bank."""
        self.sent_at, self.sent_by = at, by.user

    @transition(field=state, source=PaymentState.SENT_TO_BANK, target=PaymentState.EXECUTED)
    def execute(self, *, at: datetime, by: Actor, executed_on: date, reference: str) -> None:
        """The bank executed the order."""
        self.executed_on, self.bank_reference = executed_on, reference

    @transition(field=state, source=PaymentState.SENT_TO_BANK, target=PaymentState.BANK_RETURNED)
    def note_return(self, *, at: datetime, by: Actor, returned_on: date, reason: str) -> None:
        """The bank returned the order: the account is to be corrected by a supplement."""
        self.returned_on, self.return_reason = returned_on, reason
