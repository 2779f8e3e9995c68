"""The journal of a group: class days, individual consultations, pitch trainings (118-p21, p23)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from training.actions import attendance as actions
from training.forms.attendance import ConsultationForm, PeopleForm, PitchForm
from training.models import Attendance, Enrolment, TrainingGroup
from training.rights.attendance import keeps
from training.states import ENROLMENT_LEARNING, ENROLMENT_MEMBER, GroupState

KEPT = (GroupState.READY, GroupState.RUNNING, GroupState.ASSESSING)


def _mine(request: HttpRequest) -> Any:
    """The groups whose journal the visitor keeps: own ones of a trainer, the chamber's of its coordinator."""
    posts = posts_of(request.user)
    held = {post.role for post in posts}
    if not held & {Role.TRAINER, Role.COORDINATOR}:
        raise Http404
    of_chamber = Q(office__in=[post.office_id for post in posts if post.role == Role.COORDINATOR])
    own = Q(trainer=request.user.pk, office__in=[post.office_id for post in posts if post.role == Role.TRAINER])
    return TrainingGroup.objects.filter(of_chamber | own).select_related("office")


def _actor(request: HttpRequest, group: TrainingGroup) -> Actor:
    actors = [Actor(request.user, post) for post in posts_of(request.user)]  # type: ignore[arg-type]
    able = [actor for actor in actors if keeps(group, actor).ok]
    if not able:
        raise Http404
    return able[0]


def _members(group: TrainingGroup, *states: str) -> list[Enrolment]:
    found = Enrolment.objects.filter(group=group, state__in=states or ENROLMENT_MEMBER)
    return list(found.select_related("person").order_by("person__sort_key", "pk"))


@never_cache
def journal(request: HttpRequest) -> HttpResponse:
    """The groups whose journal is kept now."""
    groups = _mine(request).filter(state__in=KEPT).order_by("start_on", "pk")
    counted = groups.annotate(members=Count("enrolments", filter=Q(enrolments__state__in=ENROLMENT_MEMBER)))
    return render(request, "training/staff/journal.html", {"groups": list(counted[:100])})


@never_cache
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: its days with how many came, its people with what each lacks."""
    found = get_object_or_404(_mine(request), pk=pk)
    today = clock.today(found.office.zone)
    days = found.class_days.filter(booked=True).order_by("day").annotate(
        came=Count("attendance", filter=Q(attendance__present=True)), marked=Count("attendance")
    )  # fmt: skip
    members = Enrolment.objects.filter(group=found, state__in=ENROLMENT_MEMBER).annotate(
        came=Count("attendance", filter=Q(attendance__present=True), distinct=True),
        talks=Count("consultations", distinct=True),
        pitches=Count("pitch_trainings", distinct=True),
    )
    context = {
        "group": found,
        "days": [{"day": one, "open": one.day <= today and found.state == GroupState.RUNNING} for one in days],
        "members": list(members.select_related("person").order_by("person__sort_key", "pk")),
        "pitches": list(found.pitch_trainings.annotate(n=Count("participants")).order_by("held_on")),
        "running": found.state == GroupState.RUNNING,
    }
    return render(request, "training/staff/journal_group.html", context)


@never_cache
def day(request: HttpRequest, pk: int, day_pk: int) -> HttpResponse:
    """Who came on one class day."""
    found = get_object_or_404(_mine(request), pk=pk)
    one = get_object_or_404(found.class_days.filter(booked=True), pk=day_pk)
    members = _members(found)
    came = Attendance.objects.filter(class_day=one, present=True).values_list("enrolment", flat=True)
    marked = Attendance.objects.filter(class_day=one).exists()
    initial = [str(pk) for pk in came] if marked else [str(member.pk) for member in members]
    form = PeopleForm(request.POST if request.method == "POST" else None, members=members, initial={"people": initial})
    if form.is_bound and form.is_valid():
        try:
            n = actions.mark_day(one, by=_actor(request, found), present=form.chosen())
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The day is entered. Came: %(n)s.") % {"n": n})
            return redirect("training_office:journal_group", pk=found.pk)
    context = {"group": found, "day": one, "form": form, "marked": marked}
    return render(request, "training/staff/journal_day.html", context, status=422 if form.is_bound else 200)


@never_cache
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """An individual consultation of one participant, or its refusal."""
    found = get_object_or_404(_mine(request), pk=pk)
    members = _members(found, *ENROLMENT_LEARNING)
    form = ConsultationForm(
        request.POST if request.method == "POST" else None,
        members=members,
        initial={"held_on": clock.today(found.office.zone), "online": not found.is_offline},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        person = next(one for one in members if str(one.pk) == given["person"])
        try:
            actions.record_consultation(
                person, by=_actor(request, found), held_on=given["held_on"], topic=given["topic"],
                online=given["online"], refused=given["refused"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The consultation is entered."))
            return redirect("training_office:journal_group", pk=found.pk)
    context = {"group": found, "form": form, "heading": _("Individual consultation")}
    return render(request, "training/staff/journal_form.html", context, status=422 if form.is_bound else 200)


@never_cache
def pitch(request: HttpRequest, pk: int) -> HttpResponse:
    """A training in public speaking and who took part."""
    found = get_object_or_404(_mine(request), pk=pk)
    members = _members(found, *ENROLMENT_LEARNING)
    initial = {"held_on": clock.today(found.office.zone), "people": [str(one.pk) for one in members]}
    form = PitchForm(request.POST if request.method == "POST" else None, members=members, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.record_pitch(
                found, by=_actor(request, found), held_on=form.cleaned_data["held_on"], participants=form.chosen()
            )
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The public speaking training is entered."))
            return redirect("training_office:journal_group", pk=found.pk)
    context = {"group": found, "form": form, "heading": _("Public speaking training")}
    return render(request, "training/staff/journal_form.html", context, status=422 if form.is_bound else 200)
