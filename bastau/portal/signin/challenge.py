"""The text a citizen signs to sign in: random, for this purpose and site, for this browser, once, for five minutes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from bastau import clock

LIFE = timedelta(minutes=5)
_IN_SESSION = "sign_in_nonce"


def text_of(request: HttpRequest) -> bytes:
    """The living text of this browser's session, else a fresh one."""
    nonce = request.session.get(_IN_SESSION)
    made: datetime | None = cache.get(_key(nonce)) if nonce else None
    if nonce is None or made is None or made + LIFE <= clock.now():
        nonce, made = secrets.token_hex(20), clock.now()
        cache.set(_key(nonce), made, int(LIFE.total_seconds()))
        request.session[_IN_SESSION] = nonce
    return _text(nonce, made)


def take(request: HttpRequest) -> bytes | None:
    """The text this browser was given, which is used up by that; None when it is too old, used, or was never given."""
    nonce = request.session.pop(_IN_SESSION, None)
    made: datetime | None = cache.get(_key(nonce)) if nonce else None
    # Of two requests at once only one finds it to delete.
    if nonce is None or made is None or not cache.delete(_key(nonce)) or made + LIFE <= clock.now():
        return None
    return _text(nonce, made)


def _text(nonce: str, made: datetime) -> bytes:
    # Plain words in three languages: the signing program shows them to the person who signs.
    return (
        "Bastau\n"
        "Порталға кіру / Вход на портал / Signing in to the portal\n"
        f"{settings.SITE_URL}\n"
        f"{made:%Y-%m-%dT%H:%M:%SZ}\n"
        f"{nonce}\n"
    ).encode()


def _key(nonce: str) -> str:
    return f"sign-in-text:{nonce}"
