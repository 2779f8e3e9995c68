"""What a session of a member of staff remembers: its last use, whether the second factor stands, the language.

Idleness is real time, not the portal's: Django's own timestamp signer measures it, which reads the machine's clock.
So a presenter who moves the demo clock by a month signs nobody out. The time of the last request stands in a signed
cookie: a GET writes neither to the database nor to Redis, and a Redis that starts anew signs nobody out either.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature, TimestampSigner
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from bastau.people.models import User

SEEN_COOKIE = "bastau_seen"
BEGUN = "staff_begun"
SECOND_FACTOR = "staff_second_factor"
LANGUAGE = "staff_language"
PERSONA = "demo_persona"

_LATELY_SECONDS = 5 * 60

_signer = TimestampSigner(salt="bastau.people.seen")


@receiver(user_logged_in)
def _mark_sign_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    if user.is_citizen:
        return
    request.session[BEGUN] = _signer.sign(str(user.pk))
    request.session[SECOND_FACTOR] = _has_second_factor(user.pk)
    request.session[LANGUAGE] = user.language


def second_factor_stands(request: HttpRequest) -> bool:
    """Whether the signed-in member of staff has one. Only those who have none yet cost a query."""
    if not request.session.get(SECOND_FACTOR) and _has_second_factor(request.user.pk):
        request.session[SECOND_FACTOR] = True
    return bool(request.session.get(SECOND_FACTOR))


def _has_second_factor(user: int | None) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_idle(request: HttpRequest) -> bool:
    """Whether neither the sign-in nor the last request of this session lies within the time allowed."""
    user = request.user.pk
    return not (_fresh(request.COOKIES.get(SEEN_COOKIE), user) or _fresh(request.session.get(BEGUN), user))


def began_lately(request: HttpRequest) -> bool:
    """Whether the sign-in of this session was so short ago that the same person surely still sits there."""
    return _fresh(request.session.get(BEGUN), request.user.pk, _LATELY_SECONDS)


def mark_seen(request: HttpRequest, response: HttpResponse) -> None:
    """Note the present moment in the answer's cookie."""
    response.set_cookie(
        SEEN_COOKIE,
        _signer.sign(str(request.user.pk)),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _fresh(mark: str | None, user: int | None, seconds: int | None = None) -> bool:
    try:
        return mark is not None and _signer.unsign(mark, max_age=seconds or settings.STAFF_IDLE_SECONDS) == str(user)
    except BadSignature:
        return False
