"""Staff sessions: idle ones end, those without a second factor go and set it up, the language is the person's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bastau.people import sessions

#: What a member of staff may open before the second factor stands.
_BEFORE_SECOND_FACTOR = {
    "mfa_activate_totp",
    "account_reauthenticate",
    "sign_out",
    "set_language",
    "session_extend",
    "healthz",
}


class StaffSessionMiddleware:
    """Ends idle sessions of staff and leads those without a second factor to set it up. Citizens pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_staff(request):
            if sessions.is_idle(request):
                return self._ended(request)
            language = request.session.get(sessions.LANGUAGE)
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if self._is_staff(request):
            sessions.mark_seen(request, response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not self._is_staff(request) or request.session.get(sessions.PERSONA):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in _BEFORE_SECOND_FACTOR:
            return None
        return None if sessions.second_factor_stands(request) else redirect("mfa_activate_totp")

    @staticmethod
    def _is_staff(request: HttpRequest) -> bool:
        return request.user.is_authenticated and not request.user.is_citizen

    @staticmethod
    def _ended(request: HttpRequest) -> HttpResponse:
        back = request.get_full_path() if request.method == "GET" else ""
        logout(request)
        messages.warning(request, _("You were signed out because nothing was done for a while. Please sign in again."))
        address = reverse("sign_in") + (f"?{urlencode({'next': back})}" if back else "")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign_in")})
        response = redirect(address)
        response.delete_cookie(sessions.SEEN_COOKIE)
        return response
