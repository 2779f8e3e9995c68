from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bastau import clock
from bastau.portal import nav


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the shells need on every page. Nothing is asked of the database until a template draws it."""
    user = getattr(request, "user", None)
    idle = user is not None and user.is_authenticated and user.is_staff
    return {
        "demo_mode": settings.BASTAU_MODE in {"demo", "test"},
        "demo_now": SimpleLazyObject(clock.now),
        "demo_nav": SimpleLazyObject(lambda: nav.demo_entries(request)),
        "main_nav": SimpleLazyObject(lambda: nav.main_entries(request)),
        # As text: numbers in templates get thousands separators, attributes must not.
        "idle_seconds": str(settings.STAFF_IDLE_SECONDS) if idle else "",
    }
