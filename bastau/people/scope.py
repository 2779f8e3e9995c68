"""How far a post reaches (SPEC 5): its own office, the offices of a district or region, or all of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from bastau.people.models import Office, OfficeKind, User
from bastau.people.posts import posts_of


def offices_of(user: User | AnonymousUser, roles: Iterable[str]) -> QuerySet[Office]:
    """The offices whose rows `user` may see in any of `roles`, by the posts in force now.

    A post in a centre, a chamber or an office of the State Corporation reaches that office. One in a local employment
    body reaches the offices of the KATO prefixes it serves (of its region where none are given); one in the
    ministry reaches all. Use it in `visible_to`: `self.filter(office__in=offices_of(user, ROLES))`.
    """
    wanted = set(roles)
    reach = Q()
    for post in posts_of(user):
        if post.role not in wanted:
            continue
        if post.office.kind == OfficeKind.MINISTRY:
            return Office.objects.all()
        reach |= _reach(post.office)
    return Office.objects.filter(reach) if reach else Office.objects.none()


def _reach(office: Office) -> Q:
    if office.kind != OfficeKind.LEB:
        return Q(pk=office.pk)
    if not office.serves:
        return Q(region=office.region_id)
    served = Q(pk=office.pk)
    for prefix in office.serves:
        served |= Q(kato__startswith=prefix)
    return served


def centre_for(kato: str) -> Office | None:
    """The centre that serves a place of residence: the longest of the served prefixes that its KATO begins with."""
    prefixes = [kato[:length] for length in range(2, len(kato) + 1)]
    centres = Office.objects.filter(kind=OfficeKind.CENTRE, serves__overlap=prefixes).order_by("pk")
    best, longest = None, 0
    for centre in centres:
        length = max(len(prefix) for prefix in centre.serves if kato.startswith(prefix))
        if length > longest:
            best, longest = centre, length
    return best
