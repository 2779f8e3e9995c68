"""The training contract: read, both boxes ticked, confirmed by signature or code (118-p19, SPEC 2.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bastau import law
from bastau.flow import Refused, verdict
from bastau.papers.forms import SigningForm
from bastau.papers.pages import ncalayer_allowed
from bastau.people import codes
from bastau.people.address import client_address
from bastau.people.limits import Limit
from bastau.portal import dates
from bastau.portal.access import citizen_required
from bastau.portal.signin.forms import CodeForm
from referrals.states import StudyForm
from referrals.views.citizen import actor, citizen, typed
from training import tasks
from training.actions import enrolments as actions
from training.conditions.enrolments import place_free
from training.forms.enrolments import OfferForm
from training.models import Enrolment
from training.papers.enrolments import OFFER_VERSION, hours_of, referral_number
from training.rules.enrolments import place_for
from training.states import EnrolmentState
from training.views.citizen_enrolment import both, mine, signing, to

PURPOSE = "offer"
ASKED = Limit("offer-code", free=3)
TRIED = Limit("offer-try", free=5)


@both
@citizen_required
@never_cache
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract with its terms and both boxes; where the group is full, the waiting list."""
    enrolment = mine(request, pk)
    if enrolment.state not in {EnrolmentState.SUBMITTED, EnrolmentState.WAITLISTED} or enrolment.group is None:
        return redirect(to(enrolment, "case"))
    if not place_for(enrolment):
        return _full(request, enrolment)
    allowed = verdict(enrolment, "enrol", actor(request))
    form = OfferForm(typed(request))
    if request.method == "POST" and form.is_valid() and allowed.ok:
        # The boxes were ticked under this very text; the next page counts on it.
        request.session[_ticked(enrolment)] = OFFER_VERSION
        if form.cleaned_data["means"] == "eds":
            actions.prepare_offer(enrolment, by=actor(request))
            return redirect(to(enrolment, "offer_sign"))
        if _send_code(request, enrolment, form):
            return redirect(to(enrolment, "offer_code"))
    context = {
        "enrolment": enrolment,
        "form": form,
        "allowed": allowed,
        "rows": _rows(enrolment),
        "facts": {"pass_mark": law.value("118-p27-1")},
        "terms": f"papers/offer_terms.{'ru' if dates.language() == 'ru' else 'kk'}.html",
        "terms_language": "ru" if dates.language() == "ru" else "kk",
    }
    return render(request, "training/citizen/offer.html", context, status=422 if form.is_bound else 200)


def _full(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.join_waiting_list(enrolment, by=actor(request))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect(to(enrolment, "case"))
    waits = enrolment.state == EnrolmentState.WAITLISTED
    context = {"enrolment": enrolment, "waits": waits, "why": place_free.reason(enrolment)}  # type: ignore[attr-defined]
    return render(request, "training/citizen/full.html", context)


def _ticked(enrolment: Enrolment) -> str:
    return f"offer-ticked-{enrolment.pk}"


def _send_code(request: HttpRequest, enrolment: Enrolment, form: OfferForm) -> bool:
    person = citizen(request).person
    if not (enrolment.phone or person.phone):
        form.add_error("means", _("No telephone is known for you. Choose the signature, or come to the chamber."))
        return False
    pause = ASKED.pause(person.iin)
    if pause:
        form.add_error("means", _("Too many codes were asked for. Wait a few minutes, or use the signature."))
        return False
    ASKED.use(person.iin)
    tasks.send_offer_code.delay(codes.ask(PURPOSE, person.iin), enrolment.pk)
    return True


def _rows(enrolment: Enrolment) -> list[dict[str, Any]]:
    group, office, referral = enrolment.group, enrolment.office, enrolment.referral
    assert group is not None
    assert office is not None
    return [
        {"label": _("Contract No."), "value": enrolment.number},
        {"label": _("Regional chamber or branch"), "value": office.name()},
        {"label": _("Participant"), "value": enrolment.person.full_name},
        {"label": _("Referral"), "value": referral_number(referral)},
        {"label": _("Form of training"), "value": StudyForm(group.mode).label},
        {"label": _("First day"), "value": dates.long_date(group.start_on)},
        {"label": _("Last day"), "value": dates.long_date(group.end_on)},
        {"label": _("Place"), "value": group.place()},
        {"label": _("Academic hours"), "value": hours_of(group)},
    ]


@both
@ncalayer_allowed
@citizen_required
@never_cache
def offer_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract as it stands on file, read and signed."""
    enrolment = mine(request, pk)
    paper = actions.offer_paper(enrolment)
    ticked = request.session.get(_ticked(enrolment)) == OFFER_VERSION
    waiting = enrolment.state in {EnrolmentState.SUBMITTED, EnrolmentState.WAITLISTED}
    if not waiting or paper is None or not ticked:
        return redirect(to(enrolment, "offer" if waiting else "case"))

    def send(form: SigningForm) -> None:
        actions.enrol(
            enrolment, by=actor(request), offer=True, consent=True, means="eds",
            address=client_address(request) or None, paper=paper, cms=form.cms(),
        )  # fmt: skip

    return signing(request, enrolment, paper, to(enrolment, "offer_sign"), to(enrolment, "offer"), send)


@sensitive_post_parameters("code")
@both
@citizen_required
@never_cache
def offer_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The six digits from the message: with them the contract is concluded."""
    enrolment = mine(request, pk)
    waiting = enrolment.state in {EnrolmentState.SUBMITTED, EnrolmentState.WAITLISTED}
    if not waiting or request.session.get(_ticked(enrolment)) != OFFER_VERSION:
        return redirect(to(enrolment, "offer" if waiting else "case"))
    form = CodeForm(typed(request))
    iin = citizen(request).person.iin
    if request.method == "POST" and form.is_valid():
        if TRIED.pause(iin) > timedelta():
            form.add_error("code", _("Too many attempts. Wait a few minutes, then ask for a new code."))
        elif not codes.spend(PURPOSE, iin, form.cleaned_data["code"]):
            TRIED.use(iin)
            form.add_error("code", _("This code is wrong, used or too old. Check it or ask for a new one."))
        else:
            return _accept(request, enrolment)
    context = {"enrolment": enrolment, "form": form}
    return render(request, "training/citizen/code.html", context, status=422 if form.is_bound else 200)


def _accept(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    try:
        actions.enrol(
            enrolment, by=actor(request), offer=True, consent=True, means="code",
            address=client_address(request) or None,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(to(enrolment, "case"))
