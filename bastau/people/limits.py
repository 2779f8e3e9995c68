"""Counters that slow guessing down. They pause, each time longer, and never lock: an hour is the longest pause.

Counts stand in Redis and fall away by themselves; a Redis that starts anew forgets them, which favours the citizen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from bastau import clock

_LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """`free` uses within `window`; then a pause of `first`, doubled with each further use, up to an hour."""

    name: str
    free: int
    first: timedelta = timedelta(minutes=1)
    window: timedelta = timedelta(hours=2)

    def pause(self, *key: str) -> timedelta:
        """How long whoever uses `key` has to wait now; zero when not at all."""
        until: datetime | None = cache.get(self._key(key) + ":until")
        return max(until - clock.now(), timedelta()) if until else timedelta()

    def use(self, *key: str) -> None:
        """Count one use. Two workers at once both count: the counter is Redis's own."""
        counter, kept = self._key(key), int(self.window.total_seconds())
        cache.add(counter, 0, kept)
        try:
            count = cache.incr(counter)
        except ValueError:  # it fell away between the two commands
            cache.set(counter, 1, kept)
            count = 1
        if count >= self.free:
            doubled = min(self.first * 2 ** min(count - self.free, 10), _LONGEST)
            cache.set(counter + ":until", clock.now() + doubled, int(doubled.total_seconds()) + 1)

    def clear(self, *key: str) -> None:
        """Forget the uses of `key`."""
        counter = self._key(key)
        cache.delete_many([counter, counter + ":until"])

    def _key(self, key: tuple[str, ...]) -> str:
        # IINs and addresses are personal data: Redis sees their keyed hash only.
        hashed = salted_hmac(f"limit:{self.name}", "\n".join(key), secret=settings.SECRET_KEY, algorithm="sha256")
        return f"limit:{self.name}:{hashed.hexdigest()[:32]}"
