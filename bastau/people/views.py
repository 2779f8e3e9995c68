"""Signing out, where to go after signing in, staying signed in, the language; and the pages of a staff account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import logout
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from bastau.people import sessions
from bastau.people.models import Language, User

View = Callable[..., HttpResponse]


def after_sign_in(request: HttpRequest) -> HttpResponse:
    """To the citizen's cabinet or the staff's desk."""
    if not request.user.is_authenticated:
        return redirect("sign_in")
    return redirect("cabinet" if request.user.is_citizen else "workplace:index")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    response = redirect("home")
    response.delete_cookie(sessions.SEEN_COOKIE)
    return response


@require_POST
def session_extend(request: HttpRequest) -> HttpResponse:
    """Says "I am still here": the middleware notes every request. A script gets 204; a plain form goes back.

    A session that has ended already is answered by the middleware, with the way to the sign-in page.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=401) if _by_script(request) else redirect("sign_in")
    return HttpResponse(status=204) if _by_script(request) else redirect("after_sign_in")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """As Django's; for staff the choice is kept with the account (Kazakh, Russian) or the session (English)."""
    chosen = request.POST.get("language", "")
    known = chosen in dict(settings.LANGUAGES) and check_for_language(chosen)
    if known and request.user.is_authenticated and not request.user.is_citizen:
        request.session[sessions.LANGUAGE] = chosen
        if chosen in Language.values and not request.session.get(sessions.PERSONA):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return django_set_language(request)


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The AdminSite's own sign-in leads to the one sign-in page, and back to the page that was wanted."""
    wanted = request.GET.get("next", "")
    return redirect(reverse("sign_in") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers and reaches its database."""

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def _by_script(request: HttpRequest) -> bool:
    return "X-Requested-With" in request.headers or "HX-Request" in request.headers


def staff_only(view: View) -> View:
    """A page of a staff account: for citizens it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated and request.user.is_citizen:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
