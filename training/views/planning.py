"""The room where groups are planned and agreed: what waits for whom, new plans, groups and rooms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from bastau import clock
from bastau.flow import Actor
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from bastau.portal import nav
from bastau.workplace import rooms
from training import candidates
from training.actions import groups, plans
from training.forms.groups import GroupForm, PlanForm, RoomForm
from training.models import MonthlyList, Room, TrainingGroup, TrainingPlan
from training.states import GROUP_FILLING, GROUP_NOT_BEGUN, GroupState, ListState, PlanState

#: So many lines a heap of work shows; the rest stands in the register.
SHOWN = 15


def _actor(request: HttpRequest, role: str) -> Actor:
    for post in posts_of(request.user):
        if post.role == role:
            return Actor(request.user, post)  # type: ignore[arg-type]
    raise Http404


def agreements(user: Any) -> list[dict[str, Any]]:
    """What waits for the local employment body: plans, schedules, changes of groups (118-p13, p14)."""
    sent = TrainingPlan.objects.visible_to(user).filter(state=PlanState.SENT_FOR_AGREEMENT)
    own = TrainingGroup.objects.visible_to(user)
    drawn = own.filter(state=GroupState.PLANNED, objected_at=None)
    asked = own.filter(state__in=GROUP_FILLING, changes__closed_at=None, changes__agreed=None, changes__isnull=False)
    return [
        {"title": _("Plans to agree"), "rows": sent.order_by("sent_at", "pk"), "model": "trainingplan"},
        {"title": _("Schedules to agree"), "rows": drawn.order_by("start_on", "pk"), "model": "traininggroup"},
        {"title": _("Changes to agree"), "rows": asked.order_by("start_on", "pk"), "model": "traininggroup"},
    ]


def own_work(user: Any) -> list[dict[str, Any]]:
    """What waits for the coordinator: lists to acknowledge, plans and groups to go on with."""
    received = MonthlyList.objects.visible_to(user).filter(state=ListState.SENT).select_related("office")
    drafts = TrainingPlan.objects.visible_to(user).filter(
        state__in=[PlanState.DRAFT, PlanState.RETURNED, PlanState.AGREED]
    )
    coming = TrainingGroup.objects.visible_to(user).filter(state__in=GROUP_NOT_BEGUN)
    return [
        {"title": _("Lists to acknowledge"), "rows": received.order_by("sent_at", "pk"), "model": "monthlylist"},
        {"title": _("Plans to go on with"), "rows": drafts.order_by("-pk"), "model": "trainingplan"},
        {
            "title": _("Groups before their first day"),
            "rows": coming.order_by("start_on", "pk"),
            "model": "traininggroup",
        },
    ]


@never_cache
def planning(request: HttpRequest) -> HttpResponse:
    """The heaps of work of the coordinator, or of the officer of the local employment body."""
    posts = posts_of(request.user)
    held = {post.role for post in posts}
    if not held & {Role.COORDINATOR, Role.LEB_OFFICER}:
        raise Http404
    coordinates = Role.COORDINATOR in held
    heaps = own_work(request.user) if coordinates else []
    heaps += agreements(request.user) if Role.LEB_OFFICER in held else []
    for heap in heaps:
        heap["rows"] = [
            {"row": row, "url": reverse(f"workplace:training_{heap['model']}_change", args=[row.pk])}
            for row in heap["rows"][:SHOWN]
        ]
    chambers = [post.office for post in posts if post.role == Role.COORDINATOR]
    waiting = sum(candidates.pool(chamber).count() for chamber in chambers)
    context = {"heaps": heaps, "coordinates": coordinates, "waiting": waiting}
    return render(request, "training/staff/planning.html", context)


@never_cache
def new_plan(request: HttpRequest) -> HttpResponse:
    """The coordinator begins a plan of a district or city (118-p14)."""
    by = _actor(request, Role.COORDINATOR)
    assert by.post is not None
    initial = {"year": clock.today(by.post.office.zone).year, "kato": by.post.office.kato}
    form = PlanForm(request.POST or None, case=None, by=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            plan = plans.start(by=by, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The plan is begun. Send it to the local employment body for agreement."))
            return redirect("workplace:training_trainingplan_change", plan.pk)
    return _form(request, form, _("New training plan"), _("Begin the plan"))


@never_cache
def new_group(request: HttpRequest) -> HttpResponse:
    """The coordinator plans a group; the timetable is laid out and checked (118-p22)."""
    by = _actor(request, Role.COORDINATOR)
    form = GroupForm(request.POST or None, case=None, by=by)
    if not form.plans:
        messages.info(request, _("A group needs a training plan in force. Begin one, or wait for its agreement."))
        return redirect("training_office:planning")
    if request.method == "POST" and form.is_valid():
        try:
            group = groups.create(by=by, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The group is planned and waits for the local employment body."))
            return redirect("workplace:training_traininggroup_change", group.pk)
    return _form(request, form, _("New group"), _("Plan the group"))


@never_cache
def room_list(request: HttpRequest) -> HttpResponse:
    """The rooms of the chamber, and one more (118-p20)."""
    by = _actor(request, Role.COORDINATOR)
    form = RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            groups.add_room(by=by, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The room is entered."))
            return redirect("training_office:rooms")
    found = list(Room.objects.visible_to(request.user).order_by("name", "pk")[:200])
    status = 422 if form.is_bound else 200
    return render(request, "training/staff/rooms.html", {"rooms": found, "form": form}, status=status)


def _form(request: HttpRequest, form: Any, title: str, button: str) -> HttpResponse:
    context = {"form": form, "title": title, "button": button}
    return render(request, "training/staff/planning_form.html", context, status=422 if form.is_bound else 200)


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """Planning for the coordinator, agreements for the local employment body, own groups for the trainer.

    The centre finds its monthly lists on the desk, by their term, and among the registers.
    """
    held = {post.role for post in rooms.staff_posts(request)}
    found = []
    if Role.COORDINATOR in held:
        lists = MonthlyList.objects.visible_to(request.user).filter(state=ListState.SENT).count()
        url = reverse("training_office:planning")
        found.append(nav.Entry(label=pgettext("room", "Planning"), url=url, count=lists))
    elif Role.LEB_OFFICER in held:
        waiting = sum(heap["rows"].count() for heap in agreements(request.user))
        url = reverse("training_office:planning")
        found.append(nav.Entry(label=pgettext("room", "To agree"), url=url, count=waiting))
    if Role.TRAINER in held:
        url = reverse("workplace:training_traininggroup_changelist")
        found.append(nav.Entry(label=pgettext("room", "My groups"), url=url))
    return found
