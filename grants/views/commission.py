"""The commission's own page: who sits on it, by which order, from when to when (A-32)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bastau import clock
from bastau.flow import Actor
from bastau.people.models import Office, Post
from bastau.people.roles import Role
from grants.actions import commission as actions
from grants.forms.meetings import AppointForm, OrderForm, ReleaseForm
from grants.models import Commission
from grants.models.commission import MEETING_READERS, SITTING
from grants.rules import meetings as rules
from grants.views.commission_posts import done_with, office_of, required_actor

READERS = (*MEETING_READERS, *SITTING)


def page(request: HttpRequest, typed: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The composition on this day and the appointments to come and past; the director's forms beside it."""
    by = required_actor(request, READERS)
    office = office_of(by)
    commission = Commission.objects.filter(office=office).first()
    director = by.role == Role.DIRECTOR
    context: dict[str, Any] = {"office": office, "commission": commission, "director": director, "rows": []}
    if commission is not None:
        today = clock.today(office.zone)
        members = list(commission.members.select_related("user__person"))
        sitting = [one for one in members if one.since <= today and (one.until is None or one.until >= today)]
        context["rows"] = [{"member": one, "sits": one in sitting, "past": _past(one, today)} for one in members]
        context["faults"] = rules.composition_faults(
            [rules.Appointed(one.is_chair, one.is_substitute) for one in sitting]
        )
        if director:
            lasting = [one for one in members if not _past(one, today)]
            context["appoint"] = AppointForm(people=_people(office), prefix="appoint")
            context["release"] = ReleaseForm(members=lasting, prefix="release")
    elif director:
        context["form"] = OrderForm(prefix="form")
    return render(request, "grants/staff/commission.html", context | (typed or {}), status=status)


def change(request: HttpRequest, what: str) -> HttpResponse:
    """The director forms the commission, appoints, releases."""
    by = required_actor(request, [Role.DIRECTOR])
    if request.method != "POST":
        return redirect("grants_office:commission")
    steps = {"form": _form, "appoint": _appoint, "release": _release}
    if what not in steps:
        raise Http404
    form = steps[what](request, by)
    return redirect("grants_office:commission") if form is None else page(request, {what: form}, status=422)


def _form(request: HttpRequest, by: Actor) -> Any:
    form = OrderForm(request.POST, prefix="form")

    def act(**found: Any) -> None:
        actions.form(office=office_of(by), by=by, **found)

    return None if done_with(request, form, act, _("The commission is formed. Appoint its members.")) else form


def _appoint(request: HttpRequest, by: Actor) -> Any:
    commission = _own(by)
    people = _people(office_of(by))
    form = AppointForm(request.POST, people=people, prefix="appoint")

    def act(user: int, place: str, **found: Any) -> None:
        post = Post.objects.in_force().filter(user=user, office=office_of(by)).select_related("user__person").first()
        if post is None:
            raise Http404
        chair, substitute = place == "chair", place == "substitute"
        actions.appoint(commission, user=post.user, is_chair=chair, is_substitute=substitute, by=by, **found)

    return None if done_with(request, form, act, _("Appointed.")) else form


def _release(request: HttpRequest, by: Actor) -> Any:
    members = list(_own(by).members.select_related("user__person", "commission"))
    form = ReleaseForm(request.POST, members=members, prefix="release")

    def act(member: int, **found: Any) -> None:
        actions.release(next(one for one in members if one.pk == member), by=by, **found)

    return None if done_with(request, form, act, _("The end of the appointment is noted.")) else form


def _own(by: Actor) -> Commission:
    found = Commission.objects.filter(office=office_of(by)).first()
    if found is None:
        raise Http404
    return found


def _people(office: Office) -> list[tuple[int, str]]:
    """Who holds a post of the commission in the centre."""
    posts = Post.objects.in_force().filter(office=office, role__in=SITTING).select_related("user__person")
    return sorted({(post.user_id, post.user.person.short_name) for post in posts}, key=lambda pair: pair[1])


def _past(member: Any, today: Any) -> bool:
    return member.until is not None and member.until < today
