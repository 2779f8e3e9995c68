"""The public page of announced groups (118-p15), and a member's answer to a change of the own group (A-16)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bastau.flow import Actor
from bastau.portal import dates, nav
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import Card, register_cards
from training.actions import group_life
from training.models import Announcement, MemberAnswer
from training.states import GroupChange, GroupState

#: So many announcements stand on the page, the nearest start first.
SHOWN = 100


@require_safe
def announced(request: HttpRequest) -> HttpResponse:
    """What is announced and still takes applications; open to everybody, in the reader's language."""
    open_now = Announcement.objects.published().filter(group__state__in=[GroupState.ANNOUNCED, GroupState.ENROLLING])
    found = list(open_now.select_related("office").order_by("start_on", "pk")[:SHOWN])
    for one in found:
        one.text = one.text_ru if dates.language() == "ru" else one.text_kk  # type: ignore[attr-defined]
    return render(request, "training/citizen/groups.html", {"announcements": found})


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A member agrees to the change and stays, or leaves the group. What is answered is not asked again."""
    own = MemberAnswer.objects.filter(enrolment__person=request.user.person_id)  # type: ignore[union-attr]
    asked = get_object_or_404(own.select_related("request__group", "enrolment__group"), pk=pk)
    back = redirect("training:enrolment_case", asked.enrolment_id)
    if asked.confirmed is not None:
        return back
    if request.method == "POST" and request.POST.get("stays") in {"yes", "no"}:
        stays = request.POST["stays"] == "yes"
        try:
            group_life.answer_change(asked, by=Actor(request.user), stays=stays)  # type: ignore[arg-type]
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("You stay in the group.") if stays else _("You have left the group."))
        return back
    context = {
        "online": asked.request.change == GroupChange.ONLINE,
        "group": asked.enrolment.group or asked.request.group,
    }
    return render(request, "training/citizen/change.html", context)


@register_cards
def cards(request: HttpRequest) -> list[Card]:
    """A question to the member that waits for an answer; one statement."""
    waiting = MemberAnswer.objects.filter(
        enrolment__person=request.user.person_id,  # type: ignore[union-attr]
        confirmed=None,
        enrolment__group__isnull=False,
    ).select_related("enrolment__person", "enrolment__office", "enrolment__group")
    return [_card(one) for one in waiting.order_by("-pk")[:3]]


def _card(asked: MemberAnswer) -> Card:
    url = reverse("training:group_change", args=[asked.pk])
    return Card(
        case=asked.enrolment,
        stage="training",
        state=_("Your answer is awaited"),
        title=_("Your group changes"),
        url=url,
        sentence=_("Read what changes, and say whether you stay in the group."),
        turn=pgettext("whose turn", "You"),
        mine=True,
        action={"label": _("Read and answer"), "url": url},
        zone=asked.enrolment.office.zone if asked.enrolment.office else dates.DEFAULT_ZONE,
    )


@nav.register
def public_entry(request: HttpRequest) -> list[nav.Entry]:
    """Announced groups, for everybody but staff."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and not user.is_citizen:
        return []
    return [nav.Entry(label=_("Training groups"), url=reverse("training:groups"))]
