"""What the actions of contracts, supplements and payments share: locked rows, live papers, signatures in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bastau import papers
from bastau.flow import Actor, Refused
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Language, Office
from grants.models import ContractSupplement, GrantApplication, GrantContract, Payment

Agreement = GrantContract | ContractSupplement


def locked_contract(contract: GrantContract) -> GrantContract:
    """The contract behind its lock, its application locked before it: cases are locked before their children."""
    GrantApplication._base_manager.select_for_update(of=("self",)).get(pk=contract.application_id)
    return (
        GrantContract._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "application")
        .get(pk=contract.pk)
    )


def locked_supplement(supplement: ContractSupplement) -> ContractSupplement:
    """The supplement behind its lock and that of its contract."""
    GrantContract._base_manager.select_for_update(of=("self",)).get(pk=supplement.contract_id)
    return (
        ContractSupplement._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "contract__application")
        .get(pk=supplement.pk)
    )


def locked_agreement(case: Agreement) -> Any:
    """As the two above, whichever it is."""
    return locked_contract(case) if isinstance(case, GrantContract) else locked_supplement(case)


def locked_payment(payment: Payment) -> Payment:
    """The payment behind its lock, application and contract locked before it."""
    locked_contract(payment.contract)
    return (
        Payment._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "contract__application")
        .get(pk=payment.pk)
    )


def office_of(case: Agreement | Payment) -> Office:
    """The centre of a case of this part; it always has one."""
    assert case.office is not None
    return case.office


def ask_papers(case: Agreement | Payment, kind: str, facts: dict[str, Any], *, shown: bool = False) -> None:
    """Ask for the paper in Kazakh and, on the citizen's choice, in Russian beside it with the same number (A-43)."""
    key, office = (case.kind, case.pk), office_of(case)
    person = None if isinstance(case, Payment) else case.person
    original = papers.ask(kind, case=key, language="kk", facts=facts, office=office, person=person, shown=shown)
    if case.language == Language.RU:
        papers.ask(
            kind, case=key, language="ru", facts=facts, office=office, person=person, shown=shown,
            translation_of=original,
        )  # fmt: skip


def live_papers(case: Agreement | Payment, kind: str) -> list[Paper]:
    """The papers of a kind in force or being prepared, Kazakh first."""
    found = Paper.objects.filter(case_kind=case.kind, case_id=case.pk, kind=kind)
    return list(found.exclude(state=PaperState.VOID).order_by("language"))


def void_papers(case: Agreement | Payment, kind: str) -> None:
    """Take the force from what was printed and is not issued; numbers stay void (A-51)."""
    for paper in live_papers(case, kind):
        if paper.translation_of_id is None and paper.state != PaperState.ISSUED:
            papers.void(paper)


def sign_papers(versions: list[Paper], *, by: Actor, signatures: Mapping[int, bytes]) -> Paper:
    """Put the actor's signature under all versions, and give back the Kazakh one. Raises Refused, SigningRefused."""
    if not versions or any(paper.state == PaperState.ASKED for paper in versions):
        raise Refused(_("The paper is still being prepared. Wait a moment and open it again."), code="not_ready")
    if {paper.pk for paper in versions} != set(signatures):
        raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
    assert by.user is not None
    for paper in versions:
        papers.sign(paper, signatures[paper.pk], by=by.user, post=by.post)
    return versions[0]
