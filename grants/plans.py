"""What the business plan of the training gives to the project of the grant (FKA04-1.3, SPEC 2.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bastau.people.models import Person
from grants.rules import applications as rules
from training.models import BusinessPlan
from training.states import BusinessPlanState, MoneySource

#: Keys that both forms have as plain text.
TEXTS = (
    "title", "summary", "sector", "place", "product", "production", "market", "competitors", "marketing",
    "operations", "team", "tax_regime", "risks",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A project and its estimate as (name, quantity, price, part paid by the grant)."""

    project: dict[str, Any]
    lines: list[tuple[str, int, int, int]]


def positive_plan(person: Person) -> Taken | None:
    """The newest positively assessed plan of a person, in the form of the project; None where there is none."""
    plan = BusinessPlan.objects.filter(person=person, state=BusinessPlanState.ASSESSED_POSITIVE).order_by("-pk").first()
    if plan is None:
        return None
    lines = [
        (
            line.name,
            line.quantity,
            line.price,
            line.quantity * line.price if line.source == MoneySource.GRANT else 0,
        )
        for line in plan.lines.all()
    ]
    return Taken(project_of(plan.content), lines)


def project_of(content: dict[str, Any]) -> dict[str, Any]:
    """The sections of a plan that the project has too; what is written otherwise there is left to be answered."""
    project: dict[str, Any] = {key: content[key] for key in TEXTS if isinstance(content.get(key), str)}
    if isinstance(content.get("jobs"), int):
        project["jobs"] = content["jobs"]
    project["calendar"] = [stage for row in str(content.get("calendar") or "").splitlines() if (stage := _stage(row))]
    for key in ("income", "costs"):
        months = content.get(key)
        if isinstance(months, list) and len(months) == rules.MONTHS and all(isinstance(one, int) for one in months):
            project[key] = months
    return project


def _stage(row: str) -> dict[str, Any] | None:
    """A row of the plan's schedule, "1–2: repair of the room", as a line of the project's; None where it is no such."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*(?:[–—-]\s*(\d{1,2}))?\s*[:.]\s*(\S.*?)\s*", row)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last <= rules.MONTHS:
        return None
    return {"what": found[3][:200], "from": first, "to": last}
