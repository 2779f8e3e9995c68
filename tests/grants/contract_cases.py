"""Brings contracts and payments into a state through the actions, as the screens would; the systems answer as asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bastau import clock, papers
from bastau.flow import Actor
from bastau.gateways.models import Enquiry
from bastau.gateways.outbox import send
from bastau.gateways.simulators.bank import account
from bastau.papers.authority import demo_sign
from bastau.papers.models import Paper
from bastau.people.citizens import account_of
from bastau.people.models import Person
from bastau.people.roles import Role
from grants.actions import budget, contracts, payments
from grants.models import Budget, ContractSupplement, GrantContract, Payment
from tests.grants import applications_cases
from tests.grants.applications_cases import GrantCentre, hired

TOTAL = 10_000_000
REGISTERED = {"registered": True, "number": "KZ00112233UTN", "since": "2026-05-20"}
PAYER = {
    "iban": "KZ64999KZT0000012345",
    "bank_kk": "Үлгі қазынашылығы",
    "bank_ru": "Казначейство-образец",
    "bic": "KAZNKZKX",
    "payer_code": "12",
    "payee_code": "19",
    "purpose_code": "359",
}


@dataclass
class PayingCentre(GrantCentre):
    """A centre with an accountant and a budget."""

    accountant: Actor | None = None

    @classmethod
    def open(cls, *, total: int = TOTAL, **office: Any) -> PayingCentre:  # type: ignore[override]
        """A centre that may give `total` tenge this year and knows the account it pays from."""
        centre = super().open(**office)
        centre.accountant = hired(centre.office, Role.ACCOUNTANT)  # type: ignore[attr-defined]
        entered(centre, total)  # type: ignore[arg-type]
        return centre  # type: ignore[return-value]


def entered(centre: PayingCentre, total: int) -> Budget:
    """The year's sum and the payer's account."""
    year = clock.today(centre.office.zone).year
    budget.set_total(centre.office, year, total=total, basis="№ 5 бұйрық", by=centre.director)
    assert centre.accountant is not None
    return budget.set_account(centre.office, year, by=centre.accountant, **PAYER)


def citizen(case: Any) -> Actor:
    """The grantee."""
    return Actor(account_of(case.person))


def offered(centre: PayingCentre, **options: Any) -> GrantContract:
    """Awarded, the sum reserved; registration and account are awaited."""
    application = applications_cases.approved(centre, **options)
    budget.reserve(application, application.awarded_sum or 0)
    return GrantContract.objects.get(application=application)


def answered(key: str, answer: dict[str, Any]) -> Enquiry:
    """Let the question with this key be answered so, through the outbox as a worker would."""
    from unittest import mock

    enquiry = Enquiry.objects.get(key=key)
    with mock.patch("bastau.gateways.adapters.fetch", return_value=answer):
        assert send(enquiry.pk) == "answered"
    return Enquiry.objects.get(pk=enquiry.pk)


def registered(contract: GrantContract, **answer: Any) -> GrantContract:
    """The tax register was asked and knows the entrepreneur."""
    contract = contracts.ask_register(contract, by=citizen(contract))
    key = f"contract:{contract.pk}:tax:{contract.business_tries}"
    answered(key, {"iin": contract.person.iin, **REGISTERED, **answer})
    return GrantContract.objects.get(pk=contract.pk)


def own_account(person: Person, letter: str = "A") -> str:
    """An account of the person at the sample bank: A in order, B blocked, C closed."""
    return account(person.iin, letter)


def given(case: Any, *, own: bool = True, found: bool = True, letter: str = "A", iban: str = "") -> Any:
    """An account was given and the bank has answered."""
    case = contracts.give_account(case, by=citizen(case), iban=iban or own_account(case.person, letter))
    answer = {
        "iin": case.person.iin, "iban": case.iban, "found": found, "own": own,
        "bank_kk": "Үлгі банкі", "bank_ru": "Банк-образец", "bic": "ULGIKZKX",
    }  # fmt: skip
    answered(f"{case.kind}:{case.pk}:account:{case.account_tries}", answer)
    return type(case).objects.get(pk=case.pk)


def printed(case: Any) -> Any:
    """With its papers printed."""
    for paper in Paper.objects.filter(case_kind=case.kind, case_id=case.pk, state="asked").order_by("language"):
        papers.render(paper.pk)
    return case


def drawn_up(centre: PayingCentre, *, letter: str = "A", **options: Any) -> GrantContract:
    """All data there: the contract waits for the head's signature."""
    return printed(given(registered(offered(centre, **options)), letter=letter))


def signatures(found: list[Paper], by: Actor) -> dict[int, bytes]:
    """The signatures of `by` under the papers."""
    assert by.user is not None
    return {paper.pk: demo_sign(by.user, paper.content(), by.post) for paper in found}


def sent(centre: PayingCentre, **options: Any) -> GrantContract:
    """Signed by the head and sent to the applicant."""
    contract = drawn_up(centre, **options)
    by = centre.director
    return contracts.sign_by_head(contract, by=by, signatures=signatures(contracts.versions(contract), by))


def in_force(centre: PayingCentre, **options: Any) -> GrantContract:
    """Signed by both, in order."""
    contract = sent(centre, **options)
    by = citizen(contract)
    return contracts.sign(contract, by=by, signatures=signatures(contracts.versions(contract), by))


def formed(centre: PayingCentre, *, by: Actor | None = None, **options: Any) -> Payment:
    """With a payment order formed by the accountant, printed."""
    assert centre.accountant is not None
    return printed(payments.form(in_force(centre, **options), by=by or centre.accountant, purpose_code=""))


def approved(centre: PayingCentre, **options: Any) -> Payment:
    """Approved by the director."""
    return approve(centre, formed(centre, **options))


def approve(centre: PayingCentre, payment: Payment) -> Payment:
    """The director signs the order."""
    by = centre.director
    return payments.approve(payment, by=by, signatures=signatures(payments.orders(payment), by))


def send_order(centre: PayingCentre, payment: Payment) -> Payment:
    """The accountant signs the order and sends it."""
    by = centre.accountant
    assert by is not None
    return payments.send(payment, by=by, signatures=signatures(payments.orders(payment), by))


def at_bank(centre: PayingCentre, **options: Any) -> Payment:
    """On its way: the bank has not answered."""
    return send_order(centre, approved(centre, **options))


def executed(centre: PayingCentre, **options: Any) -> Payment:
    """The bank executed it."""
    return bank_says(at_bank(centre, **options))


def returned(centre: PayingCentre, **options: Any) -> Payment:
    """The bank returned it: the account is closed."""
    return bank_says(at_bank(centre, letter="C", **options), status="returned", reason="account_closed", reference="")


def bank_says(payment: Payment, **answer: Any) -> Payment:
    """The bank answers the order that is on its way."""
    whole = {
        "key": payment.idempotency_key, "amount": payment.amount, "status": "executed",
        "date": clock.today("Asia/Almaty").isoformat(), "reference": "ULGI-00000001", "reason": "",
    }  # fmt: skip
    answered(payment.idempotency_key, {**whole, **answer})
    return Payment.objects.get(pk=payment.pk)


def corrected(centre: PayingCentre, payment: Payment) -> ContractSupplement:
    """After a return: another account given, the supplement signed by the head and then by the grantee."""
    supplement = printed(given(payment.contract.supplements.get(state="awaiting_data")))
    head, by = centre.director, citizen(supplement)
    supplement = contracts.sign_by_head(
        supplement, by=head, signatures=signatures(contracts.versions(supplement), head)
    )
    return contracts.sign(supplement, by=by, signatures=signatures(contracts.versions(supplement), by))
