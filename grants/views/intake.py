"""The director's page of the windows of intake (FKA04-1.4)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bastau.flow import Actor, Refused
from bastau.people.models import User
from bastau.people.roles import Role
from bastau.portal.widgets import DayField
from bastau.workplace import rooms
from grants.actions import intake
from grants.models import IntakeWindow


class WindowForm(forms.Form):
    """First and last day, both included."""

    opens_on = DayField(label=gettext_lazy("First day of the intake"))
    closes_on = DayField(label=gettext_lazy("Last day of the intake"))


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The windows of the region, and the form that announces one more."""
    post = next((one for one in rooms.staff_posts(request) if one.role == Role.DIRECTOR), None)
    if post is None:
        raise Http404
    form = WindowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            intake.announce(by=Actor(request.user, post), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Announced. Applications are taken on these days only."))
            return redirect("grants_office:intake")
    windows = IntakeWindow.objects.filter(region=post.office.region_id).order_by("-opens_on")[:20]
    context = {"form": form, "windows": windows, "region": post.office.region}
    return render(request, "grants/staff/intake.html", context, status=422 if form.errors else 200)
