"""The grantee's page of a recovery: the notice, the explanation, the demand (A-40)."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bastau.flow import Refused, verdict
from bastau.papers import UploadRefused
from bastau.papers.models import Upload
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of
from monitoring.actions import recovery as actions
from monitoring.cards.reports import quarter_of, recovery_card, terms_of
from monitoring.forms.reports import ExplanationForm
from monitoring.models import Recovery
from monitoring.states import LineDecision
from monitoring.views.citizen_reports import actor, both, typed


@both
@citizen_required
@never_cache
def recovery(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found, until when to explain, the decision. A POST sends the explanation."""
    own = Recovery.objects.visible_to(request.user).select_related("person", "office", "report", "act")
    found = get_object_or_404(own, pk=pk)
    form = ExplanationForm(typed(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain(found, by=actor(request), **form.cleaned_data)
        except UploadRefused as refused:
            form.add_error("file", str(refused))
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("monitoring:recovery", pk=pk)
        else:
            messages.success(request, _("Your explanation is sent. We write to you when it is decided."))
            return redirect("monitoring:recovery", pk=pk)
    # The button of the cabinet leads here; what it promises stands below.
    card = replace(recovery_card(found, terms_of(found.kind, [found.pk])), action=None)
    context = {
        "recovery": found,
        "quarter": quarter_of(found.report),
        "card": card,
        "line": line_of(card),
        "lines": found.report.lines.filter(decision=LineDecision.MISUSED).select_related("project_line"),
        "may_explain": verdict(found, "explain", actor(request)).ok,
        "form": form,
        "uploads": Upload.objects.of_case(found.kind, found.pk),
    }
    return render(request, "monitoring/citizen/recovery.html", context, status=422 if form.errors else 200)
