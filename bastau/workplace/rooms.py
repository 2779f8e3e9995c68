"""Who sees which rooms: entries of the header, by the posts in force now."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau.people.models import Post
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from bastau.portal import nav


def holds_any(request: HttpRequest, roles: Iterable[str]) -> bool:
    """Whether the visitor has a post in force in one of `roles`."""
    wanted = set(roles)
    return any(post.role in wanted for post in staff_posts(request))


def staff_posts(request: HttpRequest) -> list[Post]:
    """The visitor's posts in force; none for citizens and strangers."""
    user = getattr(request, "user", None)
    return posts_of(user) if user is not None and getattr(user, "is_staff", False) else []


def desk_entry(request: HttpRequest) -> list[nav.Entry]:
    """The desk, for all staff."""
    if not getattr(getattr(request, "user", None), "is_staff", False):
        return []
    index = reverse("workplace:index")
    return [nav.Entry(label=pgettext("room", "My desk"), url=index, current=request.path == index)]


def last_entries(request: HttpRequest) -> list[nav.Entry]:
    """Figures and registers, after the rooms of the apps."""
    from bastau.workplace.registers import registers_of

    found = []
    if staff_posts(request):
        found.append(nav.Entry(label=pgettext("room", "Rooms"), url=reverse("workplace:rooms")))
    if holds_any(request, [Role.LEB_OFFICER]):
        found.append(nav.Entry(label=_("Figures"), url=reverse("workplace:figures")))
    registers = registers_of(request)
    if registers:
        url = reverse("workplace:registers")
        inside = any(request.path.startswith(one["url"]) for one in registers) or request.path == url
        found.append(nav.Entry(label=_("Registers"), url=url, current=inside))
    user = request.user
    # Personas have neither password nor second factor to look after.
    if user.is_authenticated and user.is_staff and not user.persona:
        found.append(nav.Entry(label=_("My account"), url=reverse("mfa_index")))
    return found
