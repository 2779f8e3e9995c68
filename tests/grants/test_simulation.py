"""The grants of a simulated run: its invariants notice what breaks them; it writes nothing past the actions."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from bastau.gateways.simulators.people import make_iin
from bastau.people.models import Person
from grants import simulation
from grants.models import Budget, CriterionCheck, Decision, GrantApplication, GrantContract, Payment
from grants.simulation.days import lot
from grants.simulation.pdf import small_pdf
from grants.states import GrantState
from referrals.simulation.chapters import chapters
from tests.grants import applications_cases, contract_cases
from tests.grants.applications_cases import GrantCentre
from tests.grants.contract_cases import PayingCentre

SIMULATION = Path(simulation.__file__).parent
WRITES = {"create", "bulk_create", "update", "bulk_update", "save", "delete", "get_or_create", "update_or_create"}


def _offences(name: str) -> int:
    chapter = next(one for one in chapters() if one.name == "grants")
    return chapter.invariants[name]()


@pytest.fixture
def payment(frozen: None) -> Payment:
    """A grant paid through all its steps but the commission's room."""
    return contract_cases.executed(PayingCentre.open())


@pytest.mark.django_db
def test_a_paid_grant_keeps_the_invariants(payment: Payment) -> None:
    chapter = next(one for one in chapters() if one.name == "grants")
    # The award of this shortcut stands on no meeting, and nothing else is wrong with it.
    assert {name for name, check in chapter.invariants.items() if check()} == {"grants without an entered decision"}


@pytest.mark.django_db
def test_a_grant_without_certificate_is_noticed(payment: Payment) -> None:
    CriterionCheck.objects.filter(criterion="certificate").update(result="no")
    assert _offences("grants without a certificate") == 1


@pytest.mark.django_db
def test_a_contract_with_one_signature_is_noticed(payment: Payment) -> None:
    # Past perform on purpose, here and below: this is what the invariant has to find.
    GrantContract._base_manager.update(state="draft", signed_at=None, in_force_on=None)
    assert _offences("payments without two signatures in order") == 1


@pytest.mark.django_db
def test_a_payment_approved_and_sent_by_one_person_is_noticed(payment: Payment) -> None:
    Payment._base_manager.update(sent_by=payment.approved_by_id)
    assert _offences("payments approved by their maker") == 1


@pytest.mark.django_db
def test_a_payment_nobody_approved_is_noticed(payment: Payment) -> None:
    Payment._base_manager.update(approved_by=None)
    assert _offences("payments sent without approval") == 1


@pytest.mark.django_db
def test_money_that_the_budget_does_not_know_is_noticed(payment: Payment) -> None:
    Budget.objects.update(paid=0)
    assert _offences("budgets overdrawn") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_an_award_without_money_is_noticed() -> None:
    applications_cases.approved(GrantCentre.open())
    assert _offences("grants without money of the budget") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_an_award_without_an_entered_decision_is_noticed() -> None:
    application = applications_cases.heard(GrantCentre.open())
    GrantApplication._base_manager.filter(pk=application.pk).update(
        state=GrantState.REJECTED, decision_reason="Нарық зерттелмеген."
    )
    assert not Decision.objects.exists()
    assert _offences("grants without an entered decision") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_the_counts_tell_each_kind_by_state() -> None:
    applications_cases.in_check(GrantCentre.open())
    counted = simulation.counts()
    assert counted["grant"] == {"in_check": 1}
    assert set(counted) == {"grant", "meeting", "contract", "supplement", "payment", "money"}


def test_one_person_is_always_of_the_same_kind() -> None:
    people = [Person(iin=make_iin(n)) for n in range(60)]
    drawn: Callable[[Person], int] = lambda one: lot(one, 5)  # noqa: E731
    assert [drawn(one) for one in people] == [drawn(one) for one in people]
    assert {drawn(one) for one in people} == set(range(5))


def test_the_small_document_is_a_whole_pdf_of_one_page() -> None:
    found = PdfReader(io.BytesIO(small_pdf("Invoice 7")), strict=True)
    assert len(found.pages) == 1
    assert "Invoice 7" in found.pages[0].extract_text()


@pytest.mark.parametrize("folder", ["grants", "monitoring"])
def test_the_chapter_writes_nothing_itself(folder: str) -> None:
    """It may call actions and read; an ORM write of its own would make cases the screens could never make."""
    found = []
    for path in sorted((SIMULATION.parents[1] / folder / "simulation").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []
