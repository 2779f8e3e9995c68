"""The citizen's stipend: the own lines, and the account they are paid to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bastau.flow import Refused
from bastau.people.models import User
from bastau.portal.access import citizen_required
from training.actions import stipends as actions
from training.forms.stipends import AccountForm
from training.models import Enrolment, StipendAccount, StipendLine
from training.states import LineState
from training.views.course import actor

TONES = {
    LineState.PAYABLE: "info",
    LineState.HELD: "soon",
    LineState.EXCLUDED: "late",
    LineState.PAID: "done",
    LineState.BANK_RETURNED: "late",
}


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@never_cache
def stipend_page(request: HttpRequest) -> HttpResponse:
    """What becomes of the stipend; the POST gives the account. For who never enrolled there is no such page."""
    assert isinstance(request.user, User)
    person = request.user.person
    if not Enrolment.objects.visible_to(request.user).exists():
        raise Http404
    account = StipendAccount.objects.filter(person=person).first()
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_account(person, by=actor(request), iban=form.cleaned_data["iban"])
        except Refused as reason:
            form.add_error(None, reason)
        else:
            messages.success(request, _("The account is kept."))
            return redirect("training:stipend")
    lines = StipendLine.objects.visible_to(request.user).select_related("group", "sheet", "office").order_by("-pk")
    shown = [{"line": line, "tone": TONES[LineState(line.state)]} for line in lines]
    context = {"form": form, "account": account, "lines": shown}
    return render(request, "training/stipend/stipend.html", context, status=422 if form.errors else 200)
