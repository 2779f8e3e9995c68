"""Who may open the citizen's pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponse]


def citizen_required(view: View) -> View:
    """A page of a citizen: others sign in first, staff go to their desk.

    Who comes back from signing in is led to the page asked for; a form that was sent in between is led to its page.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("sign_in"))
        if not request.user.is_citizen:
            return redirect("workplace:index")
        return view(request, *args, **kwargs)

    return guarded
