"""The demonstration's people, as the first page and the demo page show them."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.db.models import Prefetch
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, pgettext_lazy

from bastau.people.models import Post, User
from bastau.people.roles import Role
from bastau.people.seeding import fixture


class Card(TypedDict):
    """One persona: `role` and `what` (what there is to try) are said in the reader's language, `office` too."""

    persona: str
    name: str
    short: str
    role: str | Promise
    office: str
    what: str | Promise
    staff: bool


def cards() -> list[Card]:
    """The personas that are loaded, in the order of the fixture. Nobody in live mode."""
    if settings.LIVE:
        return []
    posts = Prefetch("posts", Post.objects.in_force().select_related("office"), to_attr="held")
    loaded = User.objects.exclude(persona="").select_related("person").prefetch_related(posts)
    users = {user.persona: user for user in loaded}
    return [_card(row, users[row["persona"]]) for row in fixture("personas") if row["persona"] in users]


def _card(row: dict[str, Any], user: Any) -> Card:
    post = next(iter(user.held), None)
    role: str | Promise = pgettext_lazy("persona", "Citizen")
    if not user.is_citizen:
        role = Role(post.role).label if post else pgettext_lazy("persona", "Staff, no post in force now")
    if post is not None and post.substitutes_id:
        role = pgettext_lazy("persona", "Acting director of the centre")
    return Card(
        persona=row["persona"],
        name=user.person.full_name,
        short=user.person.short_name,
        role=role,
        office=str(post.office) if post else "",
        what=_said(row["what"]["kk"], row["what"]["ru"], row["what"]["en"]),
        staff=not user.is_citizen,
    )


def _in_reader_language(kk: str, ru: str, en: str) -> str:
    return {"ru": ru, "en": en}.get((get_language() or "kk")[:2], kk)


_said = lazy(_in_reader_language, str)
