"""Who may do which step of contract and payment: every event by every role (SPEC 4.11, 4.12, 5)."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from bastau.flow import SYSTEM
from bastau.papers import actions as printer
from bastau.people import rights as matrix
from bastau.people.roles import Role
from grants.deadlines import contracts as contract_machine
from grants.deadlines import payments as payment_machine
from grants.rights import contracts, payments
from tests.grants import contract_cases as money
from tests.grants.applications_cases import hired
from tests.grants.contract_cases import PayingCentre, citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

#: Event -> who; "own" is the citizen, "system" the system itself.
CONTRACT = {
    "open": {"system"}, "give": {"own"}, "confirm_registration": {"specialist"}, "extend": {"director"},
    "complete_data": {"system"}, "sign_by_head": {"director"}, "sign": {"own"}, "decline": {"own"},
    "lapse": {"director"}, "start_payment": {"accountant", "specialist"}, "complete": {"system"},
    "terminate": {"director"},
}  # fmt: skip
SUPPLEMENT = {
    "open": {"system"}, "give": {"own"}, "complete_data": {"system"}, "sign_by_head": {"director"}, "sign": {"own"},
    "start_payment": {"system"}, "lapse": {"system"},
}  # fmt: skip
PAYMENT = {
    "form": {"accountant", "specialist"}, "approve": {"director"}, "send": {"accountant"}, "execute": {"system"},
    "note_return": {"system"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())
    with override("en"):
        yield


def actors(office, own) -> dict:
    return {"system": SYSTEM, "own": own, **{role: hired(office, role) for role in Role.values}}


def allowed(may, case, events, office) -> dict:
    everybody = actors(office, citizen(case))
    return {event: {name for name, actor in everybody.items() if may(case, event, actor).ok} for event in events}


def test_each_step_of_a_contract_belongs_to_its_role():
    centre = PayingCentre.open()
    contract = money.offered(centre)
    assert allowed(contracts.may, contract, contract_machine.EVENTS, centre.office) == CONTRACT


def test_each_step_of_a_supplement_belongs_to_its_role():
    centre = PayingCentre.open()
    supplement = money.returned(centre).contract.supplements.get()
    events = contract_machine.SUPPLEMENT_EVENTS
    assert allowed(contracts.may_supplement, supplement, events, centre.office) == SUPPLEMENT


def test_each_step_of_a_payment_belongs_to_its_role():
    centre = PayingCentre.open()
    payment = money.formed(centre)
    assert allowed(payments.may, payment, payment_machine.EVENTS, centre.office) == PAYMENT


def test_the_same_roles_of_another_centre_may_nothing():
    centre, other = PayingCentre.open(), PayingCentre.open()
    payment = money.formed(centre)
    everybody = {role: hired(other.office, role) for role in Role.values}
    for actor in everybody.values():
        assert not any(contracts.may(payment.contract, event, actor).ok for event in CONTRACT)
        assert not any(payments.may(payment, event, actor).ok for event in PAYMENT)


def test_who_read_the_scan_does_not_sign_the_contract():
    centre = PayingCentre.open()
    contract = money.drawn_up(centre)
    contract.business_confirmed_by = centre.director.user
    assert contracts.may(contract, "sign_by_head", centre.director) == contracts.FOUR_EYES


def test_who_approved_the_order_does_not_sign_it_a_second_time():
    centre = PayingCentre.open()
    payment = money.approved(centre)
    payment.approved_by = centre.accountant.user
    assert payments.may(payment, "send", centre.accountant) == payments.APPROVER


def test_nobody_pays_oneself():
    centre = PayingCentre.open()
    payment = money.formed(centre)
    payment.person = centre.director.user.person
    assert not payments.may(payment, "approve", centre.director).ok


@pytest.mark.parametrize(
    ("entity", "cells"),
    [
        ("contract", {"citizen": "RD(o)", "specialist": "RU", "unit_head": "R", "director": "RD", "accountant": "R",
                      "auditor": "R"}),
        ("payment", {"citizen": "R(o)", "specialist": "CR", "unit_head": "R", "director": "RD", "accountant": "CRU",
                     "auditor": "R"}),
        ("grant_budget", {"unit_head": "R", "director": "CRU", "commission_secretary": "R", "accountant": "RU",
                          "auditor": "R"}),
    ],
)  # fmt: skip
def test_the_matrix_says_what_each_role_may(entity, cells):
    row = next(row for row in matrix.matrix() if row.entity == entity)
    shown = {role: cell.letters + (f"({cell.narrowed})" if cell.narrowed else "") for role, cell in row.cells.items()}
    assert shown == cells
