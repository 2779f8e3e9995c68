"""The answers of an application as rows to be read: label, value, where it is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bastau.portal import dates, figures
from grants.models import GrantApplication
from grants.papers.applications import regime_of
from grants.rules import applications as rules
from referrals.forms import RESULT_LANGUAGES


def answers_of(application: GrantApplication, change: Callable[[str], str] | None = None) -> list[dict[str, Any]]:
    """All rows; `change(page)` gives the address where an answer is changed, where it still may be."""

    def row(label: str, value: Any, name: str = "") -> dict[str, Any]:
        return {"label": label, "value": value, "change_url": change(name) if change and name else ""}

    person, office = application.person, application.office
    return [
        row(pgettext("person", "Name"), person.full_name),
        row(_("IIN"), figures.iin_grouped(person.iin)),
        row(_("Address in the register"), application.address(dates.language())),
        row(_("Your employment centre"), office.name() if office else ""),
        row(_("Individual employment card"), application.card_number),
        row(_("Category"), application.get_category_display(), "criteria"),
        *project_rows(application, row),
        row(_("Telephone"), figures.phone(application.phone), "contacts"),
        row(_("E-mail"), application.email, "contacts"),
        row(_("Language of the papers"), RESULT_LANGUAGES[application.language], "contacts"),
    ]


def project_rows(application: GrantApplication, row: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the project (SPEC 2.9)."""
    project = application.project
    labels = (
        ("title", _("Project name"), "idea"),
        ("summary", _("Summary"), "idea"),
        ("sector", _("Activity (OKED code)"), "idea"),
        ("place", _("Place (KATO code)"), "idea"),
        ("product", _("Product"), "product"),
        ("production", _("Production"), "product"),
        ("market", _("Market and customers"), "market"),
        ("competitors", _("Competitors"), "market"),
        ("marketing", _("Marketing plan"), "market"),
        ("operations", _("Operations"), "operations"),
        ("team", _("Experience and skills"), "operations"),
        ("jobs", _("Jobs created"), "operations"),
    )
    stages = "; ".join(f"{one['what']} ({one['from']}–{one['to']})" for one in project.get("calendar") or [])
    return [
        *[row(label, project.get(key, ""), name) for key, label, name in labels],
        row(_("Schedule by months"), stages, "schedule"),
        row(_("Estimate"), estimate_in_words(application), "estimate"),
        row(_("Tax regime"), regime_of(project.get("tax_regime", "")), "forecast"),
        row(_("Break-even"), break_even_in_words(project), "forecast"),
        row(_("Risks"), project.get("risks", ""), "risks"),
    ]


def estimate_in_words(application: GrantApplication) -> str:
    """The three sums of the estimate in one sentence; empty where there is none."""
    if not application.total_sum:
        return ""
    return _("%(total)s in all: %(grant)s from the grant, %(own)s own money") % {
        "total": figures.money(application.total_sum),
        "grant": figures.money(application.grant_sum),
        "own": figures.money(application.own_sum),
    }


def break_even_in_words(project: dict[str, Any]) -> str:
    """When the forecast pays for itself (SPEC 2.9); empty where there is no forecast."""
    income, costs = project.get("income") or [], project.get("costs") or []
    if len(income) != len(costs) or not income:
        return ""
    month = rules.break_even(income, costs)
    if month is None:
        return _("not within the twelve months")
    return ngettext("after %(n)s month", "after %(n)s months", month) % {"n": month}
