"""The one sign-in page with its two doors, and the citizen's two ways: a code to the phone, a signature."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from math import ceil

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisIsDown

from bastau.papers.pages import NCALAYER, ncalayer_allowed
from bastau.people import citizens, codes
from bastau.people.address import client_address
from bastau.people.forms import StaffSignInForm
from bastau.people.limits import Limit
from bastau.people.models import Person
from bastau.portal import tasks
from bastau.portal.signin import challenge, signers
from bastau.portal.signin.forms import CodeForm, IinForm, SignatureForm

PURPOSE = "sign-in"
_WHO = "sign_in_iin"
_NEXT = "sign_in_next"

# Somebody who knows an IIN comes to a pause of his own address long before he uses up what the IIN itself is allowed.
ASKED_HERE = Limit("code-asked-here", free=3)
ASKED_FOR_IIN = Limit("code-asked-iin", free=12)
ASKED_FROM = Limit("code-asked-from", free=40)
TRIED_FROM = Limit("code-tried-from", free=40)
SIGNED_FROM = Limit("signature-tried-from", free=40)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Both doors. A POST asks for a code; its answer is the same whether the portal knows the IIN or not."""
    back = _next(request)
    if request.user.is_authenticated:
        return redirect(back or "after_sign_in")
    if request.method != "POST":
        if request.GET.get("door") == "staff" or back.startswith(reverse("workplace:index")):
            context = {"form": StaffSignInForm(request=request), "next": back}
            return render(request, "account/login.html", context)
        return render(request, "portal/signin/citizen.html", {"form": IinForm(), "next": back})
    form = IinForm(request.POST)
    status = 200
    if form.is_valid():
        iin = form.cleaned_data["iin"]
        try:
            pause = _ask_for_code(request, iin)
        except (OperationalError, RedisIsDown):
            pause, status = None, 503
            form.add_error(None, _("We cannot send messages at the moment. Try again in a minute or use a signature."))
        if pause == timedelta():
            request.session[_WHO], request.session[_NEXT] = iin, back
            return redirect("sign_in_code")
        if pause:
            status = 429
            form.add_error("iin", _wait(pause))
    return render(request, "portal/signin/citizen.html", {"form": form, "next": back}, status=status)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The six digits."""
    iin = request.session.get(_WHO)
    if not iin:
        return redirect("sign_in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        pause = TRIED_FROM.pause(client_address(request))
        if pause:
            status = 429
            form.add_error("code", _wait(pause))
        elif codes.spend(PURPOSE, iin, form.cleaned_data["code"]):
            ASKED_HERE.clear(iin, client_address(request))
            return _enter(request, Person.objects.get(iin=iin))
        else:
            TRIED_FROM.use(client_address(request))
            form.add_error("code", _("This code is wrong, used or too old. Check it or ask for a new one."))
    return render(request, "portal/signin/code.html", {"form": form, "iin": iin}, status=status)


@never_cache
@ncalayer_allowed
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_signature(request: HttpRequest) -> HttpResponse:
    """A signed text proves who signs. Failed codes and their pauses do not touch this way."""
    if request.user.is_authenticated:
        return redirect(_next(request) or "after_sign_in")
    form = SignatureForm(request.POST, request.FILES) if request.method == "POST" else SignatureForm()
    status = 200
    if form.is_bound and form.is_valid():
        try:
            pause = SIGNED_FROM.pause(client_address(request))
            if pause:
                raise ValidationError(_wait(pause))
            person = _signed_in_person(request, form)
            request.session[_NEXT] = _next(request)
            return _enter(request, person)
        except ValidationError as refusal:
            SIGNED_FROM.use(client_address(request))
            status = 400
            form.add_error(None, refusal)
    text = challenge.text_of(request)
    context = {
        "form": form,
        "next": _next(request),
        "lines": text.decode().splitlines(),
        "sha256": hashlib.sha256(text).hexdigest(),
        "demo_keys": signers.demo_keys(),
        "ncalayer": NCALAYER,
    }
    return render(request, "portal/signin/signature.html", context, status=status)


@never_cache
@require_safe
def sign_in_text(request: HttpRequest) -> HttpResponse:
    """The text to sign, as a file, for those who sign outside the browser."""
    answer = HttpResponse(challenge.text_of(request), content_type="application/octet-stream")
    answer["Content-Disposition"] = 'attachment; filename="bastau-sign-in.txt"'
    return answer


def _ask_for_code(request: HttpRequest, iin: str) -> timedelta:
    """The pause that stands before a new code; zero when one was asked for. Known and unknown IINs do the same work."""
    address = client_address(request)
    pause = max(ASKED_HERE.pause(iin, address), ASKED_FOR_IIN.pause(iin), ASKED_FROM.pause(address))
    if pause:
        return pause
    ASKED_HERE.use(iin, address)
    ASKED_FOR_IIN.use(iin)
    ASKED_FROM.use(address)
    tasks.send_sign_in_code.delay(codes.ask(PURPOSE, iin))
    return timedelta()


def _signed_in_person(request: HttpRequest, form: SignatureForm) -> Person:
    text = challenge.take(request)
    if text is None:
        raise ValidationError(_("The text to sign was too old or already used. Here is a fresh one: sign it."))
    if form.cleaned_data["sign_with"] == "demo":
        cms = signers.demo_signature(request.POST.get("persona", ""), text)
        if cms is None:
            raise Http404
    else:
        cms = form.signature()
    return citizens.person_of(signers.identity(cms, text), get_language() or "kk")


def _enter(request: HttpRequest, person: Person) -> HttpResponse:
    back = request.session.get(_NEXT) or ""
    citizens.enter(request, citizens.account_of(person, get_language()))
    for key in (_WHO, _NEXT):
        request.session.pop(key, None)
    return redirect(back or "after_sign_in")


def _wait(pause: timedelta) -> str:
    minutes = max(1, ceil(pause.total_seconds() / 60))
    return ngettext(
        "Too many attempts. Try again in %(number)s minute.",
        "Too many attempts. Try again in %(number)s minutes.",
        minutes,
    ) % {"number": minutes}


def _next(request: HttpRequest) -> str:
    given = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if given and safe else ""
