"""The application for a grant with its project (SPEC 2.9, `GRANT_PROJECT`), signed by the applicant.

The facts are frozen with the paper. What the applicant wrote stands in both versions as it was written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import pgettext_lazy

from bastau import clock
from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.papers.models import Paper
from grants.models import GrantApplication
from grants.rules import applications as rules
from grants.states import Category
from training.states import TaxRegime

GRANT_PROJECT = "grant_project"


def _series(paper: Paper) -> str:
    """The yearly series of a region: `ГӨ-35-2026`; the application carries the number of its paper (A-51)."""
    return f"ГӨ-{paper.office.region_id}-{clock.today(paper.office.zone).year}"


register(
    PaperKind(
        GRANT_PROJECT,
        pgettext_lazy("paper", "Application for a grant with the business project"),
        "papers/grant_project",
        series=_series,
        signer="citizen",
    )
)
register_cases(GrantApplication.kind, GrantApplication.objects.visible_to, whole=True)


def application_facts(application: GrantApplication) -> dict[str, Any]:
    """The application with its project, estimate and forecast (SPEC 2.9)."""
    assert application.office is not None
    project = application.project
    income, costs = project.get("income") or [], project.get("costs") or []
    return {
        "office": _both(application.office.name),
        "name": application.person.full_name,
        "iin": application.person.iin,
        "address": _both(application.address),
        "contacts": [contact for contact in (application.phone, application.email) if contact],
        "card": application.card_number,
        "category": _both(lambda _: str(Category(application.category).label) if application.category else ""),
        "skills_number": application.skills_number,
        **{key: project.get(key, "") for key in _PLAIN},
        "tax_regime": _both(lambda _: regime_of(project.get("tax_regime", ""))),
        "calendar": project.get("calendar") or [],
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "price": tenge(line.price),
                "total": tenge(line.total),
                "grant": tenge(line.grant_part),
                "own": tenge(line.own_part),
            }
            for line in application.lines.all()
        ],
        "total_sum": tenge(application.total_sum),
        "grant_sum": tenge(application.grant_sum),
        "own_sum": tenge(application.own_sum),
        "months": [
            {"month": month, "income": tenge(came), "costs": tenge(went), "balance": tenge(came - went)}
            for month, (came, went) in enumerate(zip(income, costs, strict=True), start=1)
        ],
        "break_even": rules.break_even(income, costs) or "",
    }


_PLAIN = (
    "title", "summary", "sector", "place", "product", "production", "market", "competitors", "marketing",
    "operations", "team", "jobs", "risks",
)  # fmt: skip


def regime_of(value: str) -> str:
    """The tax regime in the active language; a text taken over from a business plan stays as it is."""
    return str(TaxRegime(value).label) if value in TaxRegime.values else value


def tenge(amount: int) -> str:
    """A sum of whole tenge with spaces between thousands: `1 730 000` (SPEC 6.13)."""
    return f"{amount:,}".replace(",", "\N{NO-BREAK SPACE}").replace("-", "\N{MINUS SIGN}")


def _both(text: Callable[[str], str]) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = text(language)
    return said
