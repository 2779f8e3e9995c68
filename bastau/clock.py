"""The only place that asks the time.

In demo and test mode the clock can be moved: an offset stands in one row, is read once a request or task
(:func:`begin`) and added to the machine's time. In live mode the row is never read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

_offset: ContextVar[timedelta | None] = ContextVar("clock_offset", default=None)
_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)


class ClockIsReal(RuntimeError):
    """The clock of a live portal cannot be moved."""


def movable() -> bool:
    """Whether this process may run on a moved clock (demo and test mode)."""
    return settings.BASTAU_MODE in {"demo", "test"}


def now() -> datetime:
    """The present instant, aware, in UTC."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    real = datetime.now(UTC)
    if not movable():
        return real
    offset = _offset.get()
    return real + (_read() if offset is None else offset)


def today(zone: str | ZoneInfo) -> date:
    """The present local date in an IANA zone."""
    return now().astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


def begin() -> None:
    """Read the offset once for the request or task that starts here."""
    if movable():
        _offset.set(_read())


def end() -> None:
    """Forget what :func:`begin` read."""
    _offset.set(None)


def move_to(instant: datetime) -> None:
    """Move the shared clock of all processes to `instant`. Raises ClockIsReal in live mode."""
    if not movable():
        raise ClockIsReal("The clock of a live portal cannot be moved.")
    from bastau.models import ClockOffset

    offset = instant - datetime.now(UTC)
    ClockOffset.objects.update_or_create(id=1, defaults={"offset": offset})
    if _offset.get() is not None:
        _offset.set(offset)


def reset() -> None:
    """Let the shared clock show the real time again. Raises ClockIsReal in live mode."""
    if not movable():
        raise ClockIsReal("The clock of a live portal cannot be moved.")
    from bastau.models import ClockOffset

    ClockOffset.objects.all().delete()
    if _offset.get() is not None:
        _offset.set(timedelta())


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block this thread's time stands still at `instant` (simulator and tests). Raises ClockIsReal."""
    if not movable():
        raise ClockIsReal("The clock of a live portal cannot be moved.")
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def _read() -> timedelta:
    from bastau.models import ClockOffset

    return ClockOffset.objects.values_list("offset", flat=True).first() or timedelta()
