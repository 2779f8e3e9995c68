"""The contract on a grant, and the supplement by which its account is changed (SPEC 4.11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django_fsm import RETURN_VALUE, FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import Language, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from grants.rules import contracts as conditions
from grants.states import CONTRACT_CONCLUDED, CONTRACT_OFFERED, Answer, ContractState, RegistrationSource

READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)
#: What the accountant needs begins when there is something to pay.
PAYERS = (Role.ACCOUNTANT,)


class ContractQuerySet(models.QuerySet["GrantContract"]):
    def visible_to(self, user: Any) -> ContractQuerySet:
        """Own for a citizen; for staff those of their centres, the accountant's once they are concluded."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        of_centre = Q(office__in=offices_of(user, READERS))
        to_pay = Q(office__in=offices_of(user, PAYERS), state__in=CONTRACT_CONCLUDED)
        return self.filter(of_centre | to_pay).exclude(person=user.person_id)


class SupplementQuerySet(models.QuerySet["ContractSupplement"]):
    def visible_to(self, user: Any) -> SupplementQuerySet:
        """As the contracts they belong to."""
        return self.filter(contract__in=GrantContract.objects.visible_to(user))


class Accounted(models.Model):
    """The account a grant goes to, as given by the citizen and answered by the bank (FKA04-3.2, A-38)."""

    iban = models.CharField(max_length=20, blank=True)
    bank_kk = models.CharField(max_length=200, blank=True)
    bank_ru = models.CharField(max_length=200, blank=True)
    bic = models.CharField(max_length=8, blank=True)
    account_answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    # Each account that is given is a new question to the bank.
    account_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def bank(self) -> str:
        """The bank's name in the reader's language."""
        return self.bank_ru if (get_language() or "kk")[:2] == "ru" else self.bank_kk

    @property
    def account_own(self) -> bool:
        """Whether the bank said that the account is the applicant's own."""
        return self.account_answer == Answer.YES


class GrantContract(Accounted, Case):  # type: ignore[misc]
    """The contract on one grant (SPEC 4.11): offered when the application is approved, in force with two signatures.

    `number` is that of the application until the director signs the paper of the contract, which has its own (A-51).
    """

    kind = "contract"
    stage = "grant"

    state = FSMField(max_length=16, choices=ContractState.choices, default=ContractState.AWAITING_DATA, protected=True)
    application = models.OneToOneField("grants.GrantApplication", on_delete=models.PROTECT, related_name="contract")
    amount = models.PositiveBigIntegerField()
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    protocol_number = models.CharField(max_length=40, blank=True)
    protocol_date = models.DateField(null=True, blank=True)
    # The day from which the term of A-36 runs: the notice of the award, or the head's extension.
    offered_on = models.DateField()

    business_number = models.CharField(max_length=40, blank=True)
    business_since = models.DateField(null=True, blank=True)
    business_source = models.CharField(max_length=8, choices=RegistrationSource.choices, blank=True)
    business_answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    business_tries = models.PositiveSmallIntegerField(default=0)
    business_confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    data_complete_at = models.DateTimeField(null=True, blank=True)
    head_signed_at = models.DateTimeField(null=True, blank=True)
    head_signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    # The date of the contract is that of the second signature (FKA04-3.4).
    in_force_on = models.DateField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(blank=True, max_length=2000)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="contract_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="contract_of_money"),
            models.CheckConstraint(
                condition=Q(state__in=[ContractState.AWAITING_DATA, ContractState.LAPSED])
                | ~Q(iban="") & ~Q(business_number="") & Q(data_complete_at__isnull=False),
                name="contract_drawn_up_has_data",
            ),
            # The head signs first, then the applicant (FKA04-3.3, 3.4).
            models.CheckConstraint(
                condition=Q(signed_at=None)
                | Q(head_signed_at__isnull=False, signed_at__gte=models.F("head_signed_at")),
                name="contract_head_signs_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CONTRACT_CONCLUDED) | Q(signed_at__isnull=False, in_force_on__isnull=False),
                name="contract_in_force_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="contract_office_state")]

    @property
    def registered(self) -> bool:
        """Whether it is confirmed that the applicant is an individual entrepreneur."""
        return bool(self.business_number and self.business_source)

    # ------------------------------------------------------------------ transitions set fields on self, nothing else

    @transition(field=state, source=ContractState.AWAITING_DATA, target=ContractState.AWAITING_DATA)
    def open(self, *, at: datetime, by: Actor) -> None:
        """The grant is awarded: registration and account are awaited (A-36)."""

    @transition(field=state, source=ContractState.AWAITING_DATA, target=ContractState.AWAITING_DATA)
    def give(self, *, at: datetime, by: Actor) -> None:
        """The applicant gave a registration or an account, which is now being asked about (FKA04-3.1, 3.2)."""

    @transition(
        field=state,
        source=ContractState.AWAITING_DATA,
        target=ContractState.AWAITING_DATA,
        conditions=[conditions.registration_open],
    )
    def confirm_registration(self, *, at: datetime, by: Actor, number: str, since: date) -> None:
        """A member of staff read the scan of the notice of registration (FKA04-3.1)."""
        self.business_number, self.business_since = number, since
        self.business_source, self.business_confirmed_by = RegistrationSource.SCAN, by.user

    @transition(field=state, source=ContractState.AWAITING_DATA, target=ContractState.AWAITING_DATA)
    def extend(self, *, at: datetime, by: Actor, offered_on: date) -> None:
        """The head extends the term of A-36: it runs anew from this day."""
        self.offered_on = offered_on

    @transition(
        field=state,
        source=ContractState.AWAITING_DATA,
        target=ContractState.DRAFT,
        conditions=[conditions.registered, conditions.own_account],
    )
    def complete_data(self, *, at: datetime, by: Actor) -> None:
        """Registration and account are there: the contract is drawn up."""
        self.data_complete_at = at

    @transition(
        field=state,
        source=ContractState.DRAFT,
        target=ContractState.SIGNED_BY_HEAD,
        conditions=[
            conditions.not_declined,
            conditions.registered,
            conditions.own_account,
            conditions.approved,
            conditions.same_sum,
            conditions.money_reserved,
        ],
    )
    def sign_by_head(self, *, at: datetime, by: Actor, number: str) -> None:
        """The director signs first and sends it to the applicant under the number of its paper (FKA04-3.3)."""
        self.head_signed_at, self.head_signed_by, self.number = at, by.user, number

    @transition(field=state, source=ContractState.SIGNED_BY_HEAD, target=ContractState.IN_FORCE)
    def sign(self, *, at: datetime, by: Actor, in_force_on: date) -> None:
        """The applicant signs; the date of this signature is the contract's (FKA04-3.4)."""
        self.signed_at, self.in_force_on, self.declined_at = at, in_force_on, None

    @transition(
        field=state,
        source=CONTRACT_OFFERED,
        target=RETURN_VALUE(*CONTRACT_OFFERED),
        conditions=[conditions.not_declined],
    )
    def decline(self, *, at: datetime, by: Actor) -> str:
        """The applicant refuses the offer; the head decides on its lapse. The state stays."""
        self.declined_at = at
        return str(self.state)

    @transition(field=state, source=CONTRACT_OFFERED, target=ContractState.LAPSED, conditions=[conditions.may_lapse])
    def lapse(self, *, at: datetime, by: Actor, reason: str) -> None:
        """The offer lapses by decision of the head (A-36, A-37)."""
        self.ended_at, self.ended_by, self.end_reason = at, by.user, reason

    @transition(
        field=state,
        source=ContractState.IN_FORCE,
        target=ContractState.IN_FORCE,
        conditions=[conditions.no_payment_yet],
    )
    def start_payment(self, *, at: datetime, by: Actor) -> None:
        """The payment order is formed; from now on the term of A-38 runs on the payment."""

    @transition(field=state, source=ContractState.IN_FORCE, target=ContractState.COMPLETED)
    def complete(self, *, at: datetime, by: Actor) -> None:
        """All reports are accepted, the whole sum is confirmed, the term is over (SPEC 4.11)."""
        self.ended_at, self.ended_by = at, by.user

    @transition(
        field=state,
        source=ContractState.IN_FORCE,
        target=ContractState.TERMINATED,
        conditions=[conditions.nothing_under_way],
    )
    def terminate(self, *, at: datetime, by: Actor, reason: str) -> None:
        """Ended by the head for misuse or by agreement of the parties (SPEC 4.11)."""
        self.ended_at, self.ended_by, self.end_reason = at, by.user, reason


class ContractSupplement(Accounted, Case):  # type: ignore[misc]
    """A supplementary agreement: another account, signed in the order of the contract itself (FKA04-4.1, SPEC 4.11)."""

    kind = "supplement"
    stage = "grant"

    state = FSMField(max_length=16, choices=ContractState.choices, default=ContractState.AWAITING_DATA, protected=True)
    contract = models.ForeignKey(GrantContract, on_delete=models.PROTECT, related_name="supplements")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    offered_on = models.DateField()
    data_complete_at = models.DateTimeField(null=True, blank=True)
    head_signed_at = models.DateTimeField(null=True, blank=True)
    head_signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    in_force_on = models.DateField(null=True, blank=True)

    objects = SupplementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=CONTRACT_OFFERED), name="supplement_one_open"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None)
                | Q(head_signed_at__isnull=False, signed_at__gte=models.F("head_signed_at")),
                name="supplement_head_signs_first",
            ),
        ]

    @transition(field=state, source=ContractState.AWAITING_DATA, target=ContractState.AWAITING_DATA)
    def open(self, *, at: datetime, by: Actor) -> None:
        """The bank returned the payment: another account is awaited."""

    @transition(field=state, source=ContractState.AWAITING_DATA, target=ContractState.AWAITING_DATA)
    def give(self, *, at: datetime, by: Actor) -> None:
        """The grantee gave another account, which the bank is asked about."""

    @transition(
        field=state,
        source=ContractState.AWAITING_DATA,
        target=ContractState.DRAFT,
        conditions=[conditions.own_account],
    )
    def complete_data(self, *, at: datetime, by: Actor) -> None:
        """The account is confirmed: the supplement is drawn up."""
        self.data_complete_at = at

    @transition(
        field=state,
        source=ContractState.DRAFT,
        target=ContractState.SIGNED_BY_HEAD,
        conditions=[conditions.own_account],
    )
    def sign_by_head(self, *, at: datetime, by: Actor) -> None:
        """The director signs first."""
        self.head_signed_at, self.head_signed_by = at, by.user

    @transition(field=state, source=ContractState.SIGNED_BY_HEAD, target=ContractState.IN_FORCE)
    def sign(self, *, at: datetime, by: Actor, in_force_on: date) -> None:
        """The grantee signs: the grant goes to the new account."""
        self.signed_at, self.in_force_on = at, in_force_on

    @transition(field=state, source=ContractState.IN_FORCE, target=ContractState.IN_FORCE)
    def start_payment(self, *, at: datetime, by: Actor) -> None:
        """The payment is formed again, for this account."""

    @transition(field=state, source=CONTRACT_OFFERED, target=ContractState.LAPSED)
    def lapse(self, *, at: datetime, by: Actor) -> None:
        """Its contract ended before the account was changed."""
