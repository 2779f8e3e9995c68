"""One-time codes to a citizen's phone: six digits, five minutes, five tries; a new one makes the old one void.

The request only asks; a worker looks the person up, so the answer takes equally long whether the IIN is known or not,
and no code travels through the broker. A code is derived from a random token that never leaves the server: handing a
message over twice gives the same code. Redis keeps the code's keyed hash only. Minutes are reckoned by the portal's
clock and, should that be moved back in a demonstration, by Redis's own.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TypedDict

from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from bastau import clock

LIFE = timedelta(minutes=5)
TRIES = 5
DIGITS = 6

_SECONDS = int(LIFE.total_seconds())


class _Kept(TypedDict):
    hash: str
    until: datetime


def ask(purpose: str, subject: str) -> str:
    """Begin a code for `subject` (an IIN): the token under which a worker makes it. Earlier ones are void."""
    token = secrets.token_urlsafe(24)
    key = _key(purpose, subject)
    cache.set(f"ask:{token}", [purpose, subject], _SECONDS)
    cache.set(f"{key}:token", token, _SECONDS)
    cache.delete(key)
    return token


def issue(token: str) -> tuple[str, str] | None:
    """The subject and the code of a token, the code being alive from now on; None where it is too old or void."""
    asked: list[str] | None = cache.get(f"ask:{token}")
    if asked is None:
        return None
    purpose, subject = asked
    key = _key(purpose, subject)
    if cache.get(f"{key}:token") != token:
        return None
    digest = salted_hmac("bastau.people.codes", token, algorithm="sha256").digest()
    code = f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"
    # A second handing over of the same message neither lengthens its life nor gives further tries.
    if cache.add(key, _Kept(hash=_hash(key, code), until=clock.now() + LIFE), _SECONDS):
        cache.set(f"{key}:tries", 0, _SECONDS)
    return subject, code


def spend(purpose: str, subject: str, code: str) -> bool:
    """Whether `code` is the living one; it is used up by that. Each wrong one counts, the fifth makes it void."""
    key = _key(purpose, subject)
    kept: _Kept | None = cache.get(key)
    if kept is None or kept["until"] <= clock.now():
        return False
    try:
        tries = cache.incr(f"{key}:tries")
    except ValueError:  # its five minutes ended between the two commands
        return False
    if tries > TRIES or not constant_time_compare(kept["hash"], _hash(key, code)):
        return False
    cache.delete(f"{key}:token")
    # Of two requests at once only one finds it to delete.
    return bool(cache.delete(key))


def _key(purpose: str, subject: str) -> str:
    # Redis sees the keyed hash of an IIN, except under the short-lived token.
    return f"code:{purpose}:{salted_hmac('code-subject', subject, algorithm='sha256').hexdigest()[:32]}"


def _hash(key: str, code: str) -> str:
    return salted_hmac(key, code, algorithm="sha256").hexdigest()
