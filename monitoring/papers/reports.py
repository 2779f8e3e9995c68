"""The quarterly report as a paper (SPEC 2.13): the facts of both languages, frozen with it; the grantee signs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Sum
from django.utils import translation
from django.utils.translation import pgettext_lazy

from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.portal import figures
from monitoring.models import QuarterlyReport, Recovery
from monitoring.rules.reports import quarter_name
from monitoring.states import REPORT_FILED, ProofKind

QUARTERLY_REPORT = "quarterly_report"

#: The kinds of supporting documents as 2.13 names them.
PROOFS = {
    ProofKind.INVOICE: {"kk": "шот-фактура", "ru": "счет-фактура"},
    ProofKind.RECEIPT: {"kk": "фискалдық чек", "ru": "фискальный чек"},
    ProofKind.CONTRACT: {"kk": "шарт", "ru": "договор"},
    ProofKind.ACT: {"kk": "қабылдау-тапсыру актісі", "ru": "акт приема-передачи"},
    ProofKind.PAYMENT_ORDER: {"kk": "төлем тапсырмасы", "ru": "платежное поручение"},
    ProofKind.PHOTO: {"kk": "фото", "ru": "фото"},
}

# The report shows the number of its case.
register(
    PaperKind(
        QUARTERLY_REPORT,
        pgettext_lazy("paper", "Quarterly report on targeted use"),
        "papers/quarterly_report",
        signer="citizen",
    )
)


def _reports_told(user: Any) -> Any:
    return QuarterlyReport.objects.told_by_citizen(user)


register_cases(QuarterlyReport.kind, _reports_told, whole=True)
register_cases(Recovery.kind, Recovery.objects.visible_to, whole=True)


def report_facts(report: QuarterlyReport) -> dict[str, Any]:
    """What 2.13 asks for, from the draft, the payment and the contract."""
    assert report.office is not None
    office, payment = report.office, report.payment
    others = payment.reports.exclude(pk=report.pk).filter(state__in=REPORT_FILED).aggregate(whole=Sum("spent"))["whole"]
    spent, total = report.spent or 0, (others or 0) + (report.spent or 0)
    lines = list(report.lines.select_related("project_line"))
    return {
        "number": report.number,
        "office": _both(office.name),
        "name": report.person.full_name,
        "period": {name: words for name, words in quarter_name(report.quarter_end).items() if name in LANGUAGES},
        "contract": payment.contract.number,
        "contract_on": payment.contract.in_force_on.isoformat() if payment.contract.in_force_on else "",
        "received": figures.money(payment.amount),
        "lines": {language: [_line(line, language) for line in lines] for language in LANGUAGES},
        "spent": figures.money(spent),
        "spent_total": figures.money(total),
        "rest": figures.money(payment.amount - total),
        "progress": report.progress,
        "jobs": report.jobs,
        "income": figures.money(report.income or 0),
        "taxes": figures.money(report.taxes or 0),
        "problems": report.problems,
        "no_spend_reason": report.no_spend_reason if spent == 0 else "",
    }


def _line(line: Any, language: str) -> dict[str, str]:
    return {
        "item": line.project_line.name if line.project_line else line.item,
        "proof": PROOFS[line.proof_kind][language],
        "proof_number": line.proof_number,
        "proof_date": line.proof_date.isoformat(),
        "supplier": line.supplier,
        "amount": figures.money(line.amount),
    }


def _both(text: Callable[[str], Any]) -> dict[str, Any]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = text(language)
    return said
