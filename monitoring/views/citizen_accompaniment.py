"""The accompanied business as its participant sees it: until when, by whom, visits and their cost, issues, help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bastau.flow import Refused, verdict
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of, papers_of
from monitoring.actions import visits as actions
from monitoring.cards.accompaniment import card_of, over, terms_of
from monitoring.models import AccompanimentCase, Visit
from monitoring.states import VisitState
from monitoring.views.citizen_enquiries import actor


def mine(request: HttpRequest, pk: int) -> AccompanimentCase:
    """The accompaniment, if it is the reader's own; else 404, as where there is none."""
    own = AccompanimentCase.objects.visible_to(request.user)
    return get_object_or_404(own.select_related("person", "office", "assignee__person", "trainer__person"), pk=pk)


@never_cache
@require_safe
@citizen_required
def accompaniment(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the accompaniment."""
    case = mine(request, pk)
    asked = list(case.visits.filter(state=VisitState.PLANNED, cost__gt=0).order_by("planned_on", "pk"))
    card = replace(card_of(case, asked), action=None)
    terms = terms_of(case.kind, [case.pk]).get(case.pk, {})
    context = {
        "case": case,
        "card": card,
        "over": over(case),
        "term": terms.get("T-ACCOMP-18") or terms.get("T-ACCOMP-12"),
        "line": line_of(card),
        "visits": [_drawn(request, visit) for visit in case.visits.select_related("office").order_by("-planned_on")],
        "problems": list(case.problems.order_by("-pk")),
        "papers": papers_of(request.user, case),
        "enquiries": list(case.enquiries.order_by("-pk")[:10]),
    }
    return render(request, "monitoring/citizen/accompaniment.html", context)


def _drawn(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """A visit with its buttons where its cost waits for an answer."""
    buttons = []
    if visit.state == VisitState.PLANNED and visit.cost:
        for event, label, danger in (
            ("agree", _("I agree to this cost"), False),
            ("decline", _("I do not agree"), True),
        ):
            allowed = verdict(visit, event, actor(request))
            buttons.append(
                {
                    "label": label, "url": reverse(f"monitoring:visit_{event}", args=[visit.pk]), "method": "post",
                    "enabled": allowed.ok, "reason": allowed.reason, "danger": danger, "primary": not danger,
                    "fields": {"cost": str(visit.cost)},
                }
            )  # fmt: skip
    return {"visit": visit, "buttons": buttons}


def _visit(request: HttpRequest, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.user).select_related("person", "office"), pk=pk)


@require_POST
@citizen_required
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The participant agrees to the cost that stood on the page (118-p34)."""
    visit = _visit(request, pk)
    typed = request.POST.get("cost", "")
    try:
        actions.agree(visit, by=actor(request), cost=int(typed) if typed.isdecimal() and len(typed) < 12 else -1)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request, _("You agreed to the cost of the visit. You pay it yourself; it is never taken from the grant.")
        )
    return redirect("monitoring:accompaniment", visit.accompaniment_id)


@require_POST
@citizen_required
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The participant does not agree: there is no visit with that cost (118-p34)."""
    visit = _visit(request, pk)
    try:
        actions.decline(visit, by=actor(request))
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request, _("There is no visit with this cost. A visit without cost, or one online, stays possible.")
        )
    return redirect("monitoring:accompaniment", visit.accompaniment_id)
