"""The money of a centre: entered, promised, given back; never overdrawn (SPEC 4.9, A-41)."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from bastau import clock
from bastau.flow import Refused
from bastau.papers import actions as printer
from grants.actions import budget
from grants.models import Budget, Reservation
from tests.conftest import MONDAY
from tests.grants import applications_cases
from tests.grants.contract_cases import PAYER, PayingCentre

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _quick_and_english(monkeypatch):
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())
    with override("en"):
        yield


@pytest.fixture
def centre() -> PayingCentre:
    return PayingCentre.open(total=2_000_000)


def row(centre: PayingCentre) -> Budget:
    return Budget.objects.get(office=centre.office)


@pytest.mark.clause("FKA04-2.6")
def test_what_is_reserved_is_no_longer_free(centre):
    application = applications_cases.approved(centre)
    budget.reserve(application, 1_500_000)
    assert (row(centre).reserved, row(centre).free) == (1_500_000, 500_000)


def test_reserving_the_same_sum_twice_is_one_reservation(centre):
    application = applications_cases.approved(centre)
    assert budget.reserve(application, 1_500_000) == budget.reserve(application, 1_500_000)
    assert row(centre).reserved == 1_500_000


def test_another_sum_for_the_same_application_is_refused(centre):
    application = applications_cases.approved(centre)
    budget.reserve(application, 500_000)
    with pytest.raises(Refused, match="Another sum"):
        budget.reserve(application, 600_000)


@pytest.mark.clause("FKA04-2.6")
def test_the_budget_is_never_overdrawn(centre):
    budget.reserve(applications_cases.approved(centre), 1_500_000)
    with pytest.raises(Refused, match="not enough") as refused:
        budget.reserve(applications_cases.approved(centre), 500_001)
    assert refused.value.code == "budget"
    assert row(centre).reserved == 1_500_000


def test_the_last_tenge_can_be_reserved(centre):
    budget.reserve(applications_cases.approved(centre), 2_000_000)
    assert budget.free_in(centre.office) == 0


def test_without_a_budget_of_the_year_nothing_can_be_reserved(centre):
    application = applications_cases.approved(centre)
    with clock.at(MONDAY.replace(year=2027)), pytest.raises(Refused, match="not enough"):
        budget.reserve(application, 1)


def test_the_database_refuses_an_overdrawn_row(centre):
    with pytest.raises(IntegrityError, match="budget_not_overdrawn"), transaction.atomic():
        Budget.objects.update(reserved=2_000_001)


def test_released_money_is_free_and_releasing_twice_changes_nothing(centre):
    application = applications_cases.approved(centre)
    budget.reserve(application, 1_500_000)
    assert budget.release(application) == 1_500_000
    assert budget.release(application) == 0
    assert row(centre).free == 2_000_000


def test_paid_money_is_not_released(centre):
    application = applications_cases.approved(centre)
    budget.reserve(application, 1_500_000)
    budget.mark_paid(application)
    with pytest.raises(Refused, match="recovered"):
        budget.release(application)
    assert (row(centre).reserved, row(centre).paid) == (0, 1_500_000)


def test_the_rows_sums_are_those_of_its_reservations(centre):
    first, second = applications_cases.approved(centre), applications_cases.approved(centre)
    budget.reserve(first, 700_000)
    budget.reserve(second, 800_000)
    budget.mark_paid(first)
    held = Reservation.objects.filter(released_at=None)
    assert row(centre).reserved == sum(one.amount for one in held if not one.paid_at)
    assert row(centre).paid == sum(one.amount for one in held if one.paid_at)


def test_the_sum_of_the_year_is_not_lowered_below_what_is_promised(centre):
    budget.reserve(applications_cases.approved(centre), 1_500_000)
    with pytest.raises(Refused, match="cannot be less"):
        budget.set_total(centre.office, 2026, total=1_499_999, basis="№ 6", by=centre.director)
    assert row(centre).total == 2_000_000


def test_each_sum_entered_is_kept_with_its_order_and_the_same_twice_once(centre):
    for _ in range(2):
        budget.set_total(centre.office, 2026, total=3_000_000, basis="№ 6", by=centre.director)
    entered = row(centre).changes.order_by("pk")
    assert [(one.total, one.basis) for one in entered] == [(2_000_000, "№ 5 бұйрық"), (3_000_000, "№ 6")]


def test_a_sum_without_its_order_is_refused(centre):
    with pytest.raises(Refused, match="order"):
        budget.set_total(centre.office, 2026, total=3_000_000, basis=" ", by=centre.director)


@pytest.mark.parametrize("who", ["accountant", "specialist", "secretary", "head"])
def test_only_the_director_enters_the_sum(centre, who):
    with pytest.raises(Refused):
        budget.set_total(centre.office, 2026, total=9_000_000, basis="№ 6", by=getattr(centre, who))


@pytest.mark.parametrize("who", ["director", "specialist", "secretary"])
def test_only_the_accountant_enters_the_payers_account(centre, who):
    with pytest.raises(Refused):
        budget.set_account(centre.office, 2026, by=getattr(centre, who), **PAYER)


def test_another_centres_director_enters_nothing_here(centre):
    other = PayingCentre.open()
    with pytest.raises(Refused):
        budget.set_total(centre.office, 2026, total=9_000_000, basis="№ 6", by=other.director)


def test_a_wrong_payers_account_is_refused(centre):
    with pytest.raises(Refused, match="check digits"):
        budget.set_account(centre.office, 2026, by=centre.accountant, **{**PAYER, "iban": "KZ64999KZT0000012346"})


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_do_not_overdraw(centre):
    both = [applications_cases.approved(centre), applications_cases.approved(centre)]
    start, outcome = Barrier(2), []

    def take(application) -> None:
        try:
            start.wait()
            budget.reserve(application, 1_500_000)
            outcome.append("held")
        except Refused:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=take, args=[one]) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["held", "refused"]
    assert row(centre).reserved == 1_500_000
