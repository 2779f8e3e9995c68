"""The fact of an executed payment alone, for tests that need many.

The whole way to one (application, commission, contract, bank) is walked in `test_accompaniment_grant`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from bastau import clock, law
from bastau.flow import SYSTEM
from bastau.people.citizens import account_of
from bastau.people.models import Office, Person
from grants.models import GrantApplication, GrantContract, Payment
from grants.signals import payment_executed
from grants.states import ContractState, GrantState, PaymentState


def executed(centre: Office, person: Person, on: date) -> Payment:
    """A grant of 1 000 000 ₸ that the bank executed on a day; its fact is told."""
    now = clock.now()
    shared: dict[str, Any] = {"person": person, "office": centre, "ruleset": law.RULESET, "created_at": now}
    n = GrantApplication.objects.count() + 1
    application = GrantApplication.objects.create(
        **shared, state=GrantState.CONTRACTED, number=f"ГӨ-{n}", started_by=account_of(person), filed_at=now,
        card_fetched_at=now, grant_sum=1_000_000, awarded_sum=1_000_000, project={"title": "Наубайхана"},
    )  # fmt: skip
    contract = GrantContract.objects.create(
        **shared, state=ContractState.AWAITING_DATA, number=f"ГШ-{n}", application=application, amount=1_000_000,
        offered_on=on,
    )  # fmt: skip
    payment = Payment.objects.create(
        **shared, state=PaymentState.EXECUTED, number=f"ТТ-{n}", contract=contract, amount=1_000_000,
        iban="KZ00", executed_on=on, bank_reference="X",
        formed_at=now, approved_at=now, sent_at=now,
    )  # fmt: skip
    with transaction.atomic():
        payment_executed.send(sender=Payment, case=payment, by=SYSTEM, at=now)
    return payment
