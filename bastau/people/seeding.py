"""Loads the fixtures of the house: regions, offices, personas. Doing it again changes only what the files changed."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from bastau.people.citizens import account_of
from bastau.people.models import Office, Person, Post, Region, User, UserKind

_IDENTITY = ("surname", "given_name", "patronymic", "birth_date", "sex", "phone", "language")


def fixture(name: str) -> list[dict[str, Any]]:
    """The rows of `fixtures/<name>.json`."""
    rows: list[dict[str, Any]] = json.loads((settings.ROOT / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))
    return rows


@transaction.atomic
def load_places() -> tuple[int, int]:
    """Regions and offices; returns how many of each are meant for this mode.

    A live portal takes no sample offices, and what was edited there stays as it is.
    """
    regions, offices = fixture("regions"), fixture("offices")
    if settings.LIVE:
        offices = [row for row in offices if not row["is_sample"]]
    for row in regions:
        _load(Region.objects, row)
    for row in offices:
        own = {key: value for key, value in row.items() if key != "region"}
        _load(Office.objects, {**own, "region_id": row["region"]})
    return len(regions), len(offices)


def _load(rows: Any, row: dict[str, Any]) -> None:
    write = rows.get_or_create if settings.LIVE else rows.update_or_create
    write(code=row["code"], defaults=row)


@transaction.atomic
def load_personas() -> int:
    """The demonstration's people with their accounts and posts; returns how many. Not for live mode: RuntimeError."""
    if settings.LIVE:
        raise RuntimeError("A live portal has no personas.")
    rows = fixture("personas")
    for row in rows:
        person, _made = Person.objects.update_or_create(
            iin=row["iin"], defaults={name: row[name] for name in _IDENTITY}
        )
        user = account_of(person) if row["kind"] == UserKind.CITIZEN else _staff(person, row)
        if user.persona != row["persona"]:
            user.persona = row["persona"]
            user.save(update_fields=["persona"])
    # Substitutions name the post of somebody else, so they come when all own posts stand.
    posts = [(row, post) for row in rows for post in row.get("posts", ())]
    for row, post in sorted(posts, key=lambda pair: "substitutes" in pair[1]):
        _post(row, post)
    return len(rows)


def _staff(person: Person, row: dict[str, Any]) -> User:
    password = os.environ.get("BASTAU_DEMO_PASSWORD")
    user, made = User.objects.get_or_create(
        person=person,
        kind=UserKind.STAFF,
        defaults={
            "login": row["email"],
            "email": row["email"],
            "language": row["language"],
            "password": make_password(password or None),
        },
    )
    if password and not made and not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def _post(row: dict[str, Any], post: dict[str, Any]) -> None:
    substituted = None
    if "substitutes" in post:
        substituted = Post.objects.get(
            user__persona=post["substitutes"],
            office__code=post["office"],
            role=post["role"],
            substitutes=None,
        )
    Post.objects.get_or_create(
        user=User.objects.get(persona=row["persona"]),
        office=Office.objects.get(code=post["office"]),
        role=post["role"],
        order_number=post["order_number"],
        defaults={
            "order_date": date.fromisoformat(post["order_date"]),
            "since": datetime.fromisoformat(post["since"]),
            "until": datetime.fromisoformat(post["until"]) if "until" in post else None,
            "substitutes": substituted,
        },
    )
