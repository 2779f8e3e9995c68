"""What the pages of the commission share: in which post somebody acts, and what becomes of a posted form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest

from bastau.flow import Actor
from bastau.people.models import Office
from bastau.people.posts import posts_of


def actor_in(request: HttpRequest, roles: Iterable[str], office_id: int | None = None) -> Actor | None:
    """The visitor in a post of one of `roles`, in that office where one is named; None where there is no such post."""
    wanted = set(roles)
    for post in posts_of(request.user):
        if post.role in wanted and office_id in (None, post.office_id):
            return Actor(request.user, post)  # type: ignore[arg-type]
    return None


def required_actor(request: HttpRequest, roles: Iterable[str], office_id: int | None = None) -> Actor:
    """As `actor_in`; Raises Http404 for who holds no such post."""
    found = actor_in(request, roles, office_id)
    if found is None:
        raise Http404
    return found


def office_of(by: Actor) -> Office:
    """The office in which somebody acts."""
    assert by.post is not None
    return by.post.office


def done(request: HttpRequest, act: Callable[[], Any], said: Any) -> bool:
    """Do it and say so; where it is refused, say why. Returns whether it was done."""
    try:
        act()
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
        return False
    messages.success(request, str(said))
    return True


def done_with(request: HttpRequest, form: Form, act: Callable[..., Any], said: Any) -> bool:
    """As `done` with what the form holds; a refusal stands in the form, with what was typed."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused.messages)  # type: ignore[arg-type]
        return False
    messages.success(request, str(said))
    return True
