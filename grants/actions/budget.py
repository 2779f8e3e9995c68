"""The money of a centre: entered, promised, given back, paid. Every change holds the lock of the year's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.people.models import Office
from grants import signals
from grants.models import Budget, BudgetChange, Reservation
from grants.rights import budget as rights
from grants.rules import accounts

if TYPE_CHECKING:
    from grants.models import GrantApplication

#: What the accountant enters of the payer's side (SPEC 2.12).
ACCOUNT_FIELDS = ("iban", "bank_kk", "bank_ru", "bic", "payer_code", "payee_code", "purpose_code")


def budget_of(office: Office, year: int | None = None) -> Budget | None:
    """The centre's budget of a year, by default of the present one."""
    year = year or clock.today(office.zone).year
    return Budget.objects.filter(office=office, year=year).first()


def free_in(office: Office, year: int | None = None) -> int:
    """What the centre can still promise in a year; 0 where nothing was entered."""
    budget = budget_of(office, year)
    return budget.free if budget else 0


def set_total(office: Office, year: int, *, total: int, basis: str, by: Actor) -> Budget:
    """Enter how much the centre may give in `year`, with the order it stands on. Raises Refused.

    Never less than what is promised and paid already. The same sum on the same basis twice is entered once.
    """
    allowed = rights.may_set_total(office, by)
    if not allowed.ok:
        raise Refused(str(allowed.reason))
    if not basis.strip():
        raise Refused(_("Name the order or the decision that this sum stands on."))
    assert by.user is not None
    with transaction.atomic():
        Budget.objects.get_or_create(office=office, year=year)
        budget = _locked(office, year)
        committed = budget.reserved + budget.paid
        if total < committed:
            raise Refused(
                _("%(committed)d tenge are promised or paid already. The sum of the year cannot be less.")
                % {"committed": committed}
            )
        latest = budget.changes.order_by("-pk").first()
        if latest is None or (latest.total, latest.basis) != (total, basis.strip()):
            BudgetChange.objects.create(budget=budget, total=total, basis=basis.strip(), by=by.user, at=clock.now())
        budget.total = total
        budget.save(update_fields=["total"])
    return budget


def set_account(office: Office, year: int, *, by: Actor, **account: Any) -> Budget:
    """Enter the account the centre pays from, its bank and the codes of the order (SPEC 2.12). Raises Refused."""
    allowed = rights.may_set_account(office, by)
    if not allowed.ok:
        raise Refused(str(allowed.reason))
    account["iban"] = accounts.tidy(account["iban"])
    wrong = accounts.fault(account["iban"])
    if wrong is not None:
        raise Refused(str(wrong))
    with transaction.atomic():
        Budget.objects.get_or_create(office=office, year=year)
        budget = _locked(office, year)
        for name in ACCOUNT_FIELDS:
            setattr(budget, name, account[name])
        try:
            budget.clean_fields(exclude=["office"])
        except ValidationError as error:
            raise Refused(error.messages) from error
        budget.save(update_fields=[*ACCOUNT_FIELDS])
    return budget


def reserve(application: GrantApplication, amount: int) -> Reservation:
    """Promise `amount` to an application out of this year's budget. Raises Refused where it is not there.

    The same sum for the same application twice is one reservation (FKA04-2.6, SPEC 4.9: budget reserved).
    """
    if amount <= 0:
        raise Refused(_("The sum of a grant is more than nothing."))
    office = application.office
    assert office is not None
    with transaction.atomic():
        budget = Budget.objects.select_for_update(of=("self",)).filter(office=office, year=_year(office)).first()
        held = Reservation.objects.filter(application=application, released_at=None).first()
        if held is not None:
            if held.amount != amount:
                raise Refused(_("Another sum is reserved for this application already."))
            return held
        free = budget.free if budget else 0
        if budget is None or amount > free:
            raise Refused(
                _("The budget of the year is not enough: %(free)d tenge are free, %(amount)d are needed.")
                % {"free": free, "amount": amount},
                code="budget",
            )
        budget.reserved += amount
        budget.save(update_fields=["reserved"])
        return Reservation.objects.create(
            application=application, budget=budget, amount=amount, reserved_at=clock.now()
        )


def release(application: GrantApplication) -> int:
    """Give back what was promised to an application, and tell how much; 0 where nothing is held.

    Raises Refused where it is paid already.
    """
    with transaction.atomic():
        held = _held(application)
        if held is None:
            return 0
        if held.paid_at is not None:
            raise Refused(_("The money of this application is paid already. It can only be recovered."))
        held.budget.reserved -= held.amount
        held.budget.save(update_fields=["reserved"])
        held.released_at = clock.now()
        held.save(update_fields=["released_at"])
        signals.money_released.send(sender=Reservation, application=application, amount=held.amount)
    return held.amount


def mark_paid(application: GrantApplication) -> None:
    """What was promised to an application is paid; twice changes nothing. Raises Refused where nothing is held."""
    with transaction.atomic():
        held = _held(application)
        if held is None:
            raise Refused(_("Nothing is reserved for this application."))
        if held.paid_at is not None:
            return
        held.budget.reserved -= held.amount
        held.budget.paid += held.amount
        held.budget.save(update_fields=["reserved", "paid"])
        held.paid_at = clock.now()
        held.save(update_fields=["paid_at"])


def _held(application: GrantApplication) -> Reservation | None:
    """The reservation in force, its year's row locked before it."""
    row = Reservation.objects.filter(application=application, released_at=None).first()
    if row is None:
        return None
    budget = Budget.objects.select_for_update(of=("self",)).get(pk=row.budget_id)
    held = Reservation.objects.filter(pk=row.pk, released_at=None).first()
    if held is not None:
        held.budget = budget
    return held


def _locked(office: Office, year: int) -> Budget:
    return Budget.objects.select_for_update(of=("self",)).get(office=office, year=year)


def _year(office: Office) -> int:
    return clock.today(office.zone).year
