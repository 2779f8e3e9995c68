"""The specialist's page of stipends: groups that have ended and have no sheet yet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bastau.flow import Actor, Refused
from bastau.people.models import Office
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from training.actions import stipends as actions
from training.models import Enrolment, StipendSheet, TrainingGroup

#: A centre refers to few groups at one time.
SHOWN = 100


def drawable(user: Any) -> list[tuple[TrainingGroup, Office]]:
    """The groups, with the centre, whose sheet this specialist may draw up now."""
    found: list[tuple[TrainingGroup, Office]] = []
    for office in {post.office for post in posts_of(user) if post.role == Role.SPECIALIST}:
        referred = Enrolment._base_manager.filter(referral__office=office)
        ended = referred.filter(group=OuterRef("pk"), began_at__isnull=False)
        was_there = referred.filter(attendance__class_day__group=OuterRef("pk"))
        drawn = StipendSheet.objects.filter(group=OuterRef("pk"), office=office)
        groups = actions.groups_to_pay().filter(Exists(ended) | Exists(was_there)).exclude(Exists(drawn))
        found += [(group, office) for group in groups.order_by("end_on", "pk")[:SHOWN]]
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stipends(request: HttpRequest) -> HttpResponse:
    """Groups without a sheet; the POST draws one up and opens it."""
    posts = [post for post in posts_of(request.user) if post.role == Role.SPECIALIST]
    if not posts:
        raise Http404
    if request.method == "POST":
        waiting = {(group.pk, office.pk): (group, office) for group, office in drawable(request.user)}
        chosen = (_number(request, "group"), _number(request, "office"))
        post = next((one for one in posts if one.office_id == chosen[1]), None)
        if post is None:
            raise Http404
        known = StipendSheet.objects.filter(group=chosen[0], office=chosen[1]).first()
        if known is not None:
            # The second of two clicks, or a colleague was faster.
            return redirect("workplace:training_stipendsheet_change", known.pk)
        if chosen not in waiting:
            raise Http404
        group, office = waiting[chosen]
        try:
            sheet = actions.draw_up(group, office, by=Actor(request.user, post))  # type: ignore[arg-type]
        except Refused as reason:
            for sentence in reason.messages:
                messages.error(request, sentence)
            return redirect("training_office:stipends")
        return redirect("workplace:training_stipendsheet_change", sheet.pk)
    return render(request, "training/staff/stipends.html", {"waiting": drawable(request.user)})


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 18 else 0
