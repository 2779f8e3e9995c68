"""A citizen asks: on training, about the accompanied business, for an individual consultation; reads the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bastau.flow import Actor, Refused
from bastau.people.models import Office, Person, User
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of
from monitoring.actions import consultations as actions
from monitoring.cards.accompaniment import enquiry_card, terms_of
from monitoring.forms import consultations as forms
from monitoring.models import ConsultationRequest
from monitoring.states import ConsultationKind, MessageKind

both = require_http_methods(["GET", "HEAD", "POST"])
#: So many enquiries stand on the list.
SHOWN = 20
ADDRESSES = {
    "training": ConsultationKind.TRAINING_INFO,
    "business": ConsultationKind.ACCOMPANIMENT,
    "individual": ConsultationKind.INDIVIDUAL_TRAINING,
}


def actor(request: HttpRequest) -> Actor:
    """A citizen acts in no post."""
    assert isinstance(request.user, User)
    return Actor(user=request.user)


def bodies(person: Person | None) -> Any:
    """The offices that answer questions on training: those of the person's region, else all of them (118-p17)."""
    found = Office.objects.filter(kind__in=actions.ANSWERING_OFFICES).order_by("-kind", "code")
    region = person.residence[:2] if person is not None else ""
    own = found.filter(region=region) if region else found.none()
    # One look is enough: an empty region shows every office.
    return own if own.exists() else found


@never_cache
@both
def enquiries(request: HttpRequest) -> HttpResponse:
    """Who answers what; the own questions; for strangers where to ask and how to sign in."""
    user = request.user
    if user.is_authenticated and not user.is_citizen:
        return redirect("workplace:index")
    context: dict[str, Any] = {"own": [], "case": None, "learning": None, "offices": []}
    if isinstance(user, User):
        rows = ConsultationRequest.objects.visible_to(user).select_related("office").order_by("-pk")[:SHOWN]
        context |= {
            "own": list(rows),
            "case": actions.accompanied(user.person),
            "learning": actions.learning(user.person),
            "offices": list(bodies(user.person)[:SHOWN]),
        }
    else:
        context["offices"] = list(bodies(None).select_related("region")[:SHOWN])
    return render(request, "monitoring/citizen/enquiries.html", context)


@never_cache
@both
@citizen_required
def ask(request: HttpRequest, about: str) -> HttpResponse:
    """One question: sent once, however often the button is pressed."""
    if about not in ADDRESSES:
        raise Http404
    by = actor(request)
    assert by.user is not None
    form = _form(request, about, by.user.person)
    if form is None:
        return render(request, "monitoring/citizen/ask_closed.html", {"about": about}, status=409)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.ask(
                by=by,
                key=said["key"],
                consultation_kind=ADDRESSES[about],
                topic=said.get("topic", ""),
                text=said["text"],
                office=said.get("office"),
            )
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Your question is sent. We write to you when the answer is here."))
            return redirect("monitoring:enquiry", made.pk)
    context = {"form": form, "about": about}
    return render(request, "monitoring/citizen/ask.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, about: str, person: Person) -> Any:
    """The form of this kind of question; None where the person cannot ask it now."""
    sent = request.POST if request.method == "POST" else None
    if about == "training":
        offices = bodies(person)
        first = offices.first()
        return forms.TrainingQuestionForm(sent, offices=offices, initial={"office": first.pk if first else None})
    if about == "business":
        return forms.BusinessQuestionForm(sent) if actions.accompanied(person) else None
    return forms.IndividualQuestionForm(sent) if actions.learning(person) else None


def mine(request: HttpRequest, pk: int) -> ConsultationRequest:
    """The enquiry, if it is the reader's own; else 404, as where there is none."""
    own = ConsultationRequest.objects.visible_to(request.user).select_related("person", "office", "accompaniment")
    return get_object_or_404(own, pk=pk)


@never_cache
@both
@citizen_required
def enquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """The question and its answers; a POST asks again."""
    found = mine(request, pk)
    settled = actions.may_be_settled(found)
    form = forms.AgainForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.reopen(found, by=actor(request), text=form.cleaned_data["text"])
            except Refused as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("Your question is sent once more."))
                return redirect("monitoring:enquiry", pk)
        status = 422
    # The button of the cabinet leads here; what it promises stands below.
    card = replace(enquiry_card(found, terms_of(found.kind, [found.pk]).get(found.pk, {})), action=None)
    thread = [
        {"message": one, "mine": one.message_kind in {MessageKind.QUESTION, MessageKind.AGAIN}}
        for one in found.messages.select_related("by__person")
    ]
    context = {
        "request_case": found, "card": card, "thread": thread, "line": line_of(card),
        "form": form if settled or form.is_bound else None, "settled": settled,
        "confirm": {"label": _("The answer helps"), "url": reverse("monitoring:enquiry_confirm", args=[pk]),
                    "method": "post", "primary": True},
    }  # fmt: skip
    return render(request, "monitoring/citizen/enquiry.html", context, status=status)


@require_POST
@citizen_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer helps: the enquiry is closed."""
    found = mine(request, pk)
    try:
        actions.confirm(found, by=actor(request))
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Thank you. The question is closed."))
    return redirect("monitoring:enquiry", pk)
