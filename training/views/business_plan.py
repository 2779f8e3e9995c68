"""The citizen's business plan: sections kept page by page, the estimate with its sums, handing in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bastau import clock, law
from bastau.flow import Refused, verdict
from bastau.portal import dates
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import papers_of
from training.actions import business_plans as actions
from training.forms.business_plans import CRITERIA_LABELS, PAGES, TITLES, LineForm
from training.models import BusinessPlan, PlanLine
from training.progress import PLAN_TONES
from training.rules import business_plans as rules
from training.rules import course
from training.states import PLAN_ASSESSED, PLAN_WRITABLE, BusinessPlanState, MoneySource
from training.views.course import actor, refused

both = require_http_methods(["GET", "HEAD", "POST"])


def mine(request: HttpRequest, pk: int) -> BusinessPlan:
    """The own plan; else 404, as where there is none."""
    own = BusinessPlan.objects.visible_to(request.user)
    return get_object_or_404(own.select_related("enrolment__group__office", "person", "office"), pk=pk)


def writable(plan: BusinessPlan) -> bool:
    """Whether its pages may still be written."""
    return plan.state in PLAN_WRITABLE and plan.opened_at is not None


def due_of(plan: BusinessPlan) -> Any:
    """By when the plan, or its correction, is handed in; None where nothing is to be handed in."""
    if plan.state == BusinessPlanState.RETURNED:
        return rules.correction(plan).due
    group = plan.enrolment.group
    return course.last_day_over(group) if plan.state == BusinessPlanState.DRAFT and group is not None else None


def sums_of(lines: list[PlanLine]) -> dict[str, int]:
    """The totals of the estimate: all, from the grant, from own money."""
    grant = sum(line.amount for line in lines if line.source == MoneySource.GRANT)
    whole = sum(line.amount for line in lines)
    return {"whole": whole, "grant": grant, "own": whole - grant}


def grant_limit() -> int:
    """The most a grant can bring today; a hint for the writer (A-41)."""
    today = clock.today(dates.DEFAULT_ZONE)
    return int(law.value("A-41:multiple", today) * law.value("A-41:mci", today))


@both
@citizen_required
@never_cache
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan with what is still missing; the POST hands it in."""
    plan = mine(request, pk)
    if request.method == "POST":
        try:
            actions.submit(plan, by=actor(request))
        except Refused as reason:
            refused(request, reason)
        else:
            messages.success(request, _("The plan is handed in. It will be assessed; you need not do anything."))
        return redirect("training:plan", pk=pk)
    lines = list(plan.lines.all())
    missing = rules.missing(plan.content, bool(lines))
    returned = plan.state == BusinessPlanState.RETURNED
    allowed = verdict(plan, "resubmit" if returned else "submit", actor(request))
    sections = [
        {
            "title": TITLES[name],
            "url": reverse("training:plan_estimate" if name == "estimate" else "training:plan_section",
                           args=[pk] if name == "estimate" else [pk, name]),
            "filled": name not in missing,
        }
        for name in [*PAGES, "estimate"]
    ]  # fmt: skip
    scores = [
        {"label": CRITERIA_LABELS[score.criterion], "value": f"{score.points} / {score.most}"}
        for score in plan.scores.all()
    ]
    context = {
        "plan": plan,
        "tone": PLAN_TONES.get(BusinessPlanState(plan.state), "info"),
        "zone": plan.office.zone if plan.office else dates.DEFAULT_ZONE,
        "writable": writable(plan),
        "sections": sections,
        "missing": [TITLES[name] for name in missing],
        "sums": sums_of(lines),
        "due_at": due_of(plan),
        "assessed": plan.state in PLAN_ASSESSED,
        "scores": scores,
        "papers": papers_of(request.user, plan),
        "go": {
            "label": _("Hand in again") if returned else _("Hand in the plan"),
            "enabled": allowed.ok,
            "reason": allowed.reason,
            "primary": True,
        },
    }
    return render(request, "training/plan/plan.html", context)


@both
@citizen_required
@never_cache
def section_page(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One page of the plan; what is written is kept, whole or not."""
    plan = mine(request, pk)
    if section not in PAGES:
        raise Http404
    if not writable(plan):
        return redirect("training:plan", pk=pk)
    content = {"place": plan.person.residence, **plan.content}
    form = PAGES[section](request.POST if request.method == "POST" else None, content=content)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_section(plan, by=actor(request), values=form.kept())
        except Refused as reason:
            refused(request, reason)
            return redirect("training:plan", pk=pk)
        messages.success(request, _("Kept."))
        return redirect(_after(pk, section))
    context = {"plan": plan, "form": form, "title": TITLES[section]}
    return render(request, "training/plan/section.html", context, status=422 if form.errors else 200)


def _after(pk: int, section: str) -> str:
    names = list(PAGES)
    place = names.index(section) + 1
    if place < len(names):
        return reverse("training:plan_section", args=[pk, names[place]])
    return reverse("training:plan_estimate", args=[pk])


@both
@citizen_required
@never_cache
def estimate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of the estimate with their sums; a line is added, changed or taken out."""
    plan = mine(request, pk)
    if not writable(plan):
        return redirect("training:plan", pk=pk)
    asked = request.POST.get("line") or request.GET.get("line") or ""
    line = plan.lines.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    form = LineForm(request.POST if request.method == "POST" else None, instance=line)
    if request.method == "POST":
        try:
            if request.POST.get("step") == "remove":
                if line is not None:
                    actions.remove_line(plan, by=actor(request), line=line.pk)
                return redirect("training:plan_estimate", pk=pk)
            if form.is_valid():
                actions.save_line(plan, by=actor(request), line=line.pk if line else None, **form.cleaned_data)
                return redirect("training:plan_estimate", pk=pk)
        except Refused as reason:
            refused(request, reason)
            return redirect("training:plan_estimate", pk=pk)
    lines = list(plan.lines.all())
    context = {
        "plan": plan,
        "form": form,
        "line": line,
        "lines": lines,
        "sums": sums_of(lines),
        "limit": grant_limit(),
        "title": TITLES["estimate"],
    }
    return render(request, "training/plan/estimate.html", context, status=422 if form.errors else 200)
