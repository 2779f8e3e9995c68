"""The business plan as it was handed in (SPEC 2.9, 118-p02-s02)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from bastau.papers.files import register_cases
from bastau.papers.kinds import PaperKind, register
from bastau.portal.figures import number
from training.models import BusinessPlan
from training.papers.enrolments import both
from training.rules import business_plans as rules
from training.states import MoneySource, TaxRegime

BUSINESS_PLAN = "business_plan"
SOURCES = {MoneySource.GRANT: {"kk": "грант", "ru": "грант"}, MoneySource.OWN: {"kk": "меншікті", "ru": "собственные"}}

register(PaperKind(BUSINESS_PLAN, pgettext_lazy("paper", "Business plan"), "papers/business_plan"))
register_cases(BusinessPlan.kind, BusinessPlan.objects.visible_to, whole=True)

TEXTS = (
    "title", "summary", "sector", "place", "product", "production", "market", "competitors", "marketing",
    "operations", "team", "jobs", "risks",
)  # fmt: skip


def plan_facts(plan: BusinessPlan) -> dict[str, Any]:
    """What the plan says, frozen with the paper; sums are reckoned here."""
    assert plan.office is not None
    content, lines = plan.content, list(plan.lines.order_by("pk"))
    sums = {source: sum(line.amount for line in lines if line.source == source) for source in MoneySource.values}
    months = [
        {"month": place, "income": number(income), "costs": number(costs), "balance": number(income - costs)}
        for place, (income, costs) in enumerate(zip(content["income"], content["costs"], strict=True), 1)
    ]
    return {
        **{key: content[key] for key in TEXTS},
        "office": both(plan.office.name),
        "name": plan.person.full_name,
        "number": plan.number,
        "calendar": content["calendar"],
        "tax_regime": both(lambda _language: str(TaxRegime(content["tax_regime"]).label)),
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "price": number(line.price),
                "amount": number(line.amount),
                "source": SOURCES[MoneySource(line.source)],
            }
            for line in lines
        ],
        "total_sum": number(sum(sums.values())),
        "grant_sum": number(sums[MoneySource.GRANT]),
        "own_sum": number(sums[MoneySource.OWN]),
        "months": months,
        "break_even": rules.breakeven(content) or 0,
    }
