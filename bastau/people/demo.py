"""What only a demonstration has: signing in as a persona by one click, and moving the clock. 404 in live mode."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bastau import clock
from bastau.people import personas, sessions
from bastau.people.citizens import BACKEND
from bastau.people.models import User

View = Callable[..., HttpResponse]

#: One step of the clock: gives the instant to move to, or None where there is nothing to move to.
Jump = Callable[[HttpRequest, datetime], datetime | None]

_jumps: dict[str, Jump] = {"hour": lambda request, now: now + timedelta(hours=1)}


def register_jump(name: str, jump: Jump) -> None:
    """Let the demo page offer `jump` as `working_day` or `deadline`; each has a button once somebody supplies it."""
    _jumps[name] = jump


def demo_only(view: View) -> View:
    """The page does not exist in live mode."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if settings.LIVE or not clock.movable():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@demo_only
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """The personas and the clock on one page."""
    return render(
        request,
        "people/demo.html",
        {"personas": personas.cards(), "jumps": jumps(), "now": clock.now(), "next": _back(request)},
    )


@demo_only
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the persona that is posted; 404 for one that does not exist."""
    user = get_object_or_404(User, persona=request.POST.get("persona") or "-", is_active=True)
    spoken = get_language()
    logout(request)
    login(request, user, backend=BACKEND)
    request.session[sessions.PERSONA] = user.persona
    # The presenter goes on in the language of the room.
    request.session[sessions.LANGUAGE] = spoken
    return redirect("after_sign_in")


@demo_only
@require_POST
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Move the clock of the whole demonstration: `to` is one of the registered jumps or `reset`; 404 for others."""
    wanted = request.POST.get("to", "")
    if wanted == "reset":
        clock.reset()
    elif wanted in _jumps:
        target = _jumps[wanted](request, clock.now())
        if target is None:
            messages.info(request, _("No open deadline lies ahead, so the clock was left as it is."))
        else:
            clock.move_to(target)
    else:
        raise Http404
    return redirect(_back(request))


def jumps() -> list[tuple[str, str]]:
    """The buttons of the clock: value to post, label."""
    labels = {
        "hour": _("An hour on"),
        "working_day": _("A working day on"),
        "deadline": _("To the next deadline"),
    }
    return [(name, label) for name, label in labels.items() if name in _jumps] + [("reset", _("Back to real time"))]


def _back(request: HttpRequest) -> str:
    given = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if given and safe else "/demo/"
