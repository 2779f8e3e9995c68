"""The shell's own pages: the desk, the look-up, the figures of a region, the staff's notices, the list of registers."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from bastau import clock
from bastau.flow.models import Deadline
from bastau.flow.registry import machines
from bastau.notices.kinds import DIGEST
from bastau.notices.models import Notice
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from bastau.portal import dates, nav
from bastau.workplace import desks, keyset, rooms
from bastau.workplace.registers import registers_of

#: So many notices are shown on the desk; the rest stand on their own page.
NOTICES_SHOWN = 5


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Open deadlines of my posts, nearest first; for posts without duties, the rooms they have."""
    posts = rooms.staff_posts(request)
    own = desks.Desk(request.user, posts)  # type: ignore[arg-type]
    news = list(Notice.objects.visible_to(request.user).unread().exclude(code=DIGEST)[: NOTICES_SHOWN + 1])
    context: dict[str, Any] = {
        "office": posts[0].office if posts else None,
        "now": clock.now(),
        "moment": dates.day_and_time(clock.now(), own.zone),
        "news": news[:NOTICES_SHOWN],
        "more_news": len(news) > NOTICES_SHOWN,
        "posts": posts,
    }
    if not own.offices:
        return render(request, "workplace/rooms.html", context | {"rooms": nav.room_entries(request)})
    return render(request, "admin/index.html", context | _listed(request, own))


def _listed(request: HttpRequest, own: desks.Desk) -> dict[str, Any]:
    asked = request.GET
    typed, person = asked.get("q", "").strip(), asked.get("person", "")
    scope = asked.get("scope") or ("mine" if own.has_turns and not (typed or person) else "centre")
    if scope not in {"mine", "centre"}:
        raise Http404
    rows = own.mine() if scope == "mine" else own.centre()
    only = next((one for one in own.narrowings() if one.code == asked.get("only")), None)
    if only is not None:
        rows = rows.filter(only.condition(clock.now()))
    if typed:
        rows = desks.searched(rows, typed)
    if person.isdecimal():
        rows = rows.filter(person=int(person))
    found = keyset.page(rows, ("due_at", "pk"), asked)
    return {
        "rows": [desks.drawn(row, own.user) for row in found.rows],
        "page": found,
        "chips": _chips(own, scope, only.code if only else "", own.counts(scope)),
        "scope": scope,
        "only": only,
        "typed": typed,
        "searching": bool(typed or person),
    }


def _chips(own: desks.Desk, scope: str, only: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    index = reverse("workplace:index")
    chips = []
    scopes = [("mine", pgettext("desk", "My tasks")), ("centre", pgettext("desk", "The whole office"))]
    shown = {"mine": own.has_turns, "centre": own.oversees or not own.has_turns}
    for code, label in scopes:
        if shown[code]:
            url = f"{index}?{urlencode({'scope': code})}"
            chips.append({"label": label, "url": url, "current": code == scope and not only, "count": counts[code]})
    for one in own.narrowings():
        url = f"{index}?{urlencode({'scope': scope, 'only': one.code})}"
        count = counts[f"only_{one.code}"]
        if not count and one.code not in {"today", "overdue", only}:
            continue
        chips.append({"label": one.label, "url": url, "current": one.code == only, "count": count})
    return chips


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Look up by IIN, number or name. An IIN comes by POST, so that it stands in no address and no log."""
    typed = request.POST.get("q", "").strip()
    index = reverse("workplace:index")
    digits = re.sub(r"[\s\-]", "", typed)
    if not typed:
        return redirect(index)
    if not re.fullmatch(r"\d{12}", digits):
        return redirect(f"{index}?{urlencode({'q': typed[:100]})}")
    found = (
        Deadline.objects.visible_to(request.user)
        .open()
        .filter(person__iin=digits)
        .exclude(
            person=request.user.person_id  # type: ignore[union-attr]
        )
    )
    person = found.order_by("due_at", "pk").values_list("person", flat=True).first()
    if person is not None:
        return redirect(f"{index}?{urlencode({'person': person})}")
    for machine in machines():
        rows = machine.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
        case = rows.filter(person__iin=digits).order_by("-pk").first()
        if case is not None:
            return redirect(desks.case_url(case.kind, case.pk))
    messages.warning(request, _("No case you may see belongs to this IIN. Check the digits."))
    return redirect(index)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Open and overdue cases of each centre of the region, for the local employment body: counts, no personal data."""
    if not rooms.holds_any(request, [Role.LEB_OFFICER]):
        raise Http404
    now = clock.now()
    nearer = Deadline.objects.open().filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk")),
        case_kind=OuterRef("case_kind"),
        case_id=OuterRef("case_id"),
    )
    offices = list(offices_of(request.user, [Role.LEB_OFFICER]).filter(kind="centre").order_by("code"))  # type: ignore[arg-type]
    counted = (
        Deadline.objects.open()
        .filter(~Exists(nearer), office__in=offices)
        .values("office")
        .annotate(
            running=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lte=now)),
            escalated=Count("pk", filter=Q(escalated_at__isnull=False)),
        )
        .order_by("office")
    )
    by_office = {row["office"]: row for row in counted}
    empty = {"running": 0, "overdue": 0, "escalated": 0}
    rows = [{**by_office.get(office.pk, empty), "office": office} for office in offices]
    return render(request, "workplace/figures.html", {"rows": rows, "moment": dates.day_and_time(now)})


def notices(request: HttpRequest) -> HttpResponse:
    """The staff's notices, newest first; POST marks all as read."""
    if request.method == "POST":
        Notice.objects.visible_to(request.user).mark_read()
        return redirect("workplace:index")
    found = keyset.page(Notice.objects.visible_to(request.user).exclude(code=DIGEST), ("-pk",), request.GET)
    return render(request, "workplace/notices.html", {"page": found})


@require_safe
def rooms_page(request: HttpRequest) -> HttpResponse:
    """The rooms of my posts, each with what waits there."""
    return render(request, "workplace/room_list.html", {"rooms": nav.room_entries(request)})


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """The registers that my posts open."""
    found = registers_of(request)
    if not found:
        raise Http404
    return render(request, "workplace/registers.html", {"registers": found})
