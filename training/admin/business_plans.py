"""Business plans as the chamber sees them: read, returned for formal faults, assessed by criteria."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from training.actions import business_plans as actions
from training.forms.business_plans import CRITERIA_LABELS, AppointForm, AssessForm, SendBackForm
from training.models import BusinessPlan
from training.models.business_plans import READERS
from training.papers.business_plans import TEXTS
from training.progress import PLAN_TONES
from training.rules import business_plans as rules
from training.states import BusinessPlanState, MoneySource, TaxRegime

LABELS: dict[str, Any] = {
    "title": gettext_lazy("Project name"),
    "summary": gettext_lazy("Summary"),
    "sector": gettext_lazy("Activity (OKED code)"),
    "place": gettext_lazy("Place (KATO code)"),
    "product": pgettext_lazy("business plan", "Product"),
    "production": gettext_lazy("Production and technology"),
    "market": gettext_lazy("Market and customers"),
    "competitors": gettext_lazy("Competitors"),
    "marketing": gettext_lazy("Marketing plan"),
    "operations": gettext_lazy("Operations"),
    "team": gettext_lazy("Experience and skills"),
    "jobs": gettext_lazy("Jobs created"),
    "risks": gettext_lazy("Risks"),
}


@admin.register(BusinessPlan, site=site)
class BusinessPlanRoom(CaseRoom):
    """The register of business plans; an entry is the case page."""

    readers = (*READERS, Role.TRAINER)
    heading = gettext_lazy("Business plans")
    about = gettext_lazy("Plans of the participants, the newest first. What is to be assessed stands on the desk.")
    list_display = ("case_number", "citizen", "project", "standing", "assessor")
    related = ("person", "office", "assignee__person", "enrolment__group__office", "assessed_by__person")
    search_label = gettext_lazy("Number or surname")
    tones = PLAN_TONES  # type: ignore[assignment]
    filters = (Filter("state", gettext_lazy("State"), lambda request: list(BusinessPlanState.choices)),)
    listed = True
    does = {
        "appoint": Does(actions.appoint, gettext_lazy("The assessor is named and told."), form=AppointForm),
        "review": Does(actions.review, gettext_lazy("The assessment has begun: read the plan and give the points.")),
        "assess": Does(actions.assess, gettext_lazy("The assessment is entered."), form=AssessForm),
        "send_back": Does(
            actions.send_back, gettext_lazy("The plan is returned, the participant is told."), form=SendBackForm,
            danger=True,
        ),
    }  # fmt: skip

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the number of the enrolment, or by the beginning of the name."""
        if any(char.isdigit() for char in text):
            return rows.filter(number__iendswith=text)
        return rows.filter(person__fold__startswith=fold(text))

    def subtitle(self, case: BusinessPlan) -> str:
        """The project and the number."""
        return f"{case.title or _('no name yet')} · {case.number}"

    def facts(self, request: HttpRequest, case: BusinessPlan) -> list[tuple[Any, Any]]:
        """Assessor, result, what was returned."""
        rows = [
            (_("Assessor"), case.assignee.person.full_name if case.assignee else ""),
            (_("Result"), f"{case.percent} / 100" if case.percent is not None else ""),
            (_("Conclusion"), case.conclusion),
            (_("What was to be corrected"), case.return_reason),
        ]
        return [row for row in rows if row[1]]

    def sections(self, request: HttpRequest, case: BusinessPlan) -> list[Section]:
        """The plan itself, its estimate, the points."""
        content = case.content
        regime = content.get("tax_regime")
        lines = list(case.lines.order_by("pk"))
        forecast = content.get("income") and content.get("costs")
        context = {
            "texts": [{"label": LABELS[key], "value": content.get(key, "")} for key in TEXTS],
            "calendar": content.get("calendar", ""),
            "regime": TaxRegime(regime).label if regime else "",
            "months": list(zip(range(1, rules.MONTHS + 1), content["income"], content["costs"], strict=True))
            if forecast
            else [],
            "break_even": rules.breakeven(content) if forecast else None,
        }
        estimate = {
            "lines": lines,
            "whole": sum(line.amount for line in lines),
            "grant": sum(line.amount for line in lines if line.source == MoneySource.GRANT),
        }
        found = [
            Section(_("Business plan"), "training/staff/plan_section.html", context),
            Section(pgettext("business plan", "Estimate of costs"), "training/staff/estimate_section.html", estimate),
        ]
        scores = [
            {"label": CRITERIA_LABELS[score.criterion], "value": f"{score.points} / {score.most}"}
            for score in case.scores.order_by("pk")
        ]
        if scores:
            found.append(Section(_("Assessment"), "training/staff/scores_section.html", {"scores": scores}))
        return found

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: BusinessPlan) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: BusinessPlan) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("Project name"))
    def project(self, row: BusinessPlan) -> str:
        return row.title or "–"

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: BusinessPlan) -> str:
        return badge(row.get_state_display(), PLAN_TONES.get(BusinessPlanState(row.state), "info"))

    @admin.display(description=gettext_lazy("Assessor"))
    def assessor(self, row: BusinessPlan) -> str:
        return row.assignee.person.short_name if row.assignee else "–"


@nav.register_rooms
def plan_entries(request: HttpRequest) -> list[nav.Entry]:
    """The plans, with the number of those that wait for the visitor."""
    held = {post.role for post in rooms.staff_posts(request)}
    if not held & {Role.TRAINER, Role.COORDINATOR}:
        return []
    waiting = BusinessPlan.objects.visible_to(request.user)
    if Role.COORDINATOR in held:
        waiting = waiting.filter(state=BusinessPlanState.SUBMITTED, assignee=None)
    else:
        to_do = [BusinessPlanState.SUBMITTED, BusinessPlanState.UNDER_REVIEW]
        waiting = waiting.filter(state__in=to_do, assignee=request.user.pk)
    url = reverse("workplace:training_businessplan_changelist")
    return [nav.Entry(label=_("Business plans"), url=url, count=waiting.count())]
