"""Somebody's browser before the screens of accompaniment, enquiries and problem issues."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from bastau.flow import Actor
from bastau.people import sessions


def browser(who: Any) -> Client:
    """Somebody's browser, in English."""
    client = Client()
    user = who.user if isinstance(who, Actor) else who
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["bastau_language"] = "en"
    # Staff read their pages in the language of their session.
    session = client.session
    session[sessions.LANGUAGE] = "en"
    session.save()
    return client


def words(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def url(case: Any, what: str = "change", *args: Any) -> str:
    return reverse(f"workplace:monitoring_{type(case)._meta.model_name}_{what}", args=[case.pk, *args])


def do(web: Client, case: Any, event: str, **data: Any) -> Any:
    """Press a button of the case page, with the form's fields."""
    seen = web.get(url(case)).context["seen"]
    sent = {f"{event}-{name}": value for name, value in data.items()}
    return web.post(url(case, "do", event), {"seen": seen, **sent}, follow=True)


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def fresh(case: Any) -> Any:
    return type(case)._base_manager.get(pk=case.pk)
