"""The contract on a grant (SPEC 2.11), its supplement, and the payment order (SPEC 2.12), in Kazakh and Russian.

The facts are frozen with the paper. Dates of contracts stay blank: the date is that of the second signature, which
the check page of the paper shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import pgettext_lazy

from bastau import clock, law
from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.papers.models import Paper
from bastau.papers.sums import in_figures, in_words
from bastau.people.models import Office, Post
from bastau.people.roles import Role
from bastau.portal.figures import iban_grouped as grouped
from grants.models import Budget, ContractSupplement, GrantContract, Payment

GRANT_CONTRACT = "grant_contract"
GRANT_SUPPLEMENT = "grant_supplement"
PAYMENT_ORDER = "payment_order"
#: The head first, then the applicant; the head first, then the accountant.
TWO = 2


def _series(prefix: str) -> Callable[[Paper], str]:
    """The yearly series of a region: `ГШ-35-2026` of contracts, `ТП-35-2026` of payment orders."""

    def name(paper: Paper) -> str:
        return f"{prefix}-{paper.office.region_id}-{clock.today(paper.office.zone).year}"

    return name


def _two(paper: Paper) -> int:
    return TWO


register(
    PaperKind(
        GRANT_CONTRACT,
        pgettext_lazy("paper", "Contract on a grant for a new business idea"),
        "papers/grant_contract",
        series=_series("ГШ"),
        signer="director",
        signatures=_two,
    )
)
register(
    PaperKind(
        GRANT_SUPPLEMENT,
        pgettext_lazy("paper", "Supplementary agreement on the account"),
        "papers/grant_supplement",
        signer="director",
        signatures=_two,
    )
)
register(
    PaperKind(
        PAYMENT_ORDER,
        pgettext_lazy("paper", "Payment order"),
        "papers/payment_order",
        series=_series("ТП"),
        signer="director",
        signatures=_two,
    )
)
register_cases(GrantContract.kind, GrantContract.objects.visible_to, whole=True)
register_cases(ContractSupplement.kind, ContractSupplement.objects.visible_to, whole=True)
register_cases(Payment.kind, Payment.objects.visible_to, whole=True)


def contract_facts(contract: GrantContract) -> dict[str, Any]:
    """The contract (SPEC 2.11): the parties, the decision, the sum, the account, the estimate as annex 1."""
    office, application = _office(contract), contract.application
    own = _sum_of_own(contract)
    return {
        **_grantor(office),
        **_grantee(contract),
        # It stands in quotation marks; marks inside them are the inner ones.
        "title": application.title.replace("«", "„").replace("»", "“"),
        "protocol_number": contract.protocol_number,
        "protocol_date": contract.protocol_date.isoformat() if contract.protocol_date else "",
        "application_number": application.number,
        **_sum(contract.amount),
        **_account(contract),
        "pay_days": law.term("A-38").length,
        "report_quarters": law.value("A-39:quarters"),
        "report_days": law.term("A-39").length,
        "explain_days": law.term("A-40:explain").length,
        "return_days": law.term("A-40:return").length,
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "price": in_figures(line.price),
                "total": in_figures(line.total),
                "grant": in_figures(line.grant_part),
                "own": in_figures(line.own_part),
            }
            for line in application.lines.all()
        ],
        "grant_total": in_figures(contract.amount),
        "own_total": in_figures(own),
    }


def supplement_facts(supplement: ContractSupplement) -> dict[str, Any]:
    """The supplementary agreement: the contract it belongs to, the former account and the new one."""
    contract = supplement.contract
    return {
        **_grantor(_office(supplement)),
        **_grantee(contract),
        "number": supplement.number,
        "contract_number": contract.number,
        "contract_date": contract.in_force_on.isoformat() if contract.in_force_on else "",
        "former_iban": grouped(contract.payment.iban),
        **_account(supplement),
        "pay_days": law.term("A-38").length,
    }


def order_facts(payment: Payment, budget: Budget) -> dict[str, Any]:
    """The payment order (SPEC 2.12)."""
    contract, office = payment.contract, _office(payment)
    assert payment.formed_by is not None
    return {
        **_grantor(office),
        **_grantee(contract),
        **_sum(payment.amount),
        "formed_on": clock.today(office.zone).isoformat(),
        "payer_iban": grouped(budget.iban),
        "payer_bank": {"kk": budget.bank_kk, "ru": budget.bank_ru},
        "payer_bic": budget.bic,
        "payer_code": budget.payer_code,
        "payee_iban": grouped(payment.iban),
        "payee_bank": {"kk": payment.bank_kk, "ru": payment.bank_ru},
        "payee_bic": payment.bic,
        "payee_code": budget.payee_code,
        "purpose_code": payment.purpose_code,
        "contract_number": contract.number,
        "contract_date": contract.in_force_on.isoformat() if contract.in_force_on else "",
        "accountant": _holder(office, Role.ACCOUNTANT),
        "formed_by": payment.formed_by.person.full_name,
    }


def _grantor(office: Office) -> dict[str, Any]:
    post = _post(office, Role.DIRECTOR)
    return {
        "office": _both(office.name),
        "bin": office.bin,
        "office_address": _both(office.address),
        "director": post.user.person.full_name if post else "",
        "order_number": post.order_number if post else "",
        "order_date": post.order_date.isoformat() if post else "",
    }


def _grantee(contract: GrantContract) -> dict[str, Any]:
    return {
        "name": contract.person.full_name,
        "iin": contract.person.iin,
        "address": _both(contract.application.address),
        "business_number": contract.business_number,
        "business_since": contract.business_since.isoformat() if contract.business_since else "",
    }


def _account(case: GrantContract | ContractSupplement) -> dict[str, Any]:
    return {"iban": grouped(case.iban), "bank": {"kk": case.bank_kk, "ru": case.bank_ru}, "bic": case.bic}


def _sum(amount: int) -> dict[str, Any]:
    return {"sum": in_figures(amount), "words": {language: in_words(amount, language) for language in LANGUAGES}}


def _sum_of_own(contract: GrantContract) -> int:
    lines = contract.application.lines.annotate(whole=models.F("quantity") * models.F("price"))
    total = lines.aggregate(total=models.Sum("whole"))["total"] or 0
    return max(int(total) - contract.amount, 0)


def _office(case: GrantContract | ContractSupplement | Payment) -> Office:
    assert case.office is not None
    return case.office


def _post(office: Office, role: Role) -> Post | None:
    """The post of a role in an office, the own before a substitution."""
    posts = Post.objects.in_force().filter(office=office, role=role).select_related("user__person")
    return min(posts, key=lambda post: (post.substitutes_id is not None, post.pk), default=None)


def _holder(office: Office, role: Role) -> str:
    post = _post(office, role)
    return post.user.person.full_name if post else ""


def _both(text: Callable[[str], str]) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = text(language)
    return said
