"""What stands in the header. Apps that own pages register what they offer; the shell knows none of them by name."""

from collections.abc import Callable
from typing import TypedDict

from django.http import HttpRequest


class Entry(TypedDict, total=False):
    """One link of the header: `label` and `url`; `count` adds a number; `start` makes it the button of the first page;
    `invites` is the label under which it is the filled button of the staff's desk.

    `current` is found from the address unless given.
    """

    label: str
    url: str
    count: int | None
    current: bool
    start: bool
    invites: str


Source = Callable[[HttpRequest], list[Entry]]

_main: list[Source] = []
_rooms: list[Source] = []
_demo: list[Source] = []


def register(source: Source) -> Source:
    """Let `source(request)` add its entries to the header. Order of registration is order on the page."""
    if source not in _main:
        _main.append(source)
    return source


def register_rooms(source: Source) -> Source:
    """Let `source(request)` add its entries to the staff's page of rooms; their counts are asked for there alone."""
    if source not in _rooms:
        _rooms.append(source)
    return source


def register_demo(source: Source) -> Source:
    """Let `source(request)` add its links to the demo bar, which is drawn in demo and test mode only."""
    if source not in _demo:
        _demo.append(source)
    return source


def main_entries(request: HttpRequest) -> list[Entry]:
    """All entries of the header for this request, with the one we stand on marked `current`."""
    return _entries(_main, request)


def room_entries(request: HttpRequest) -> list[Entry]:
    """All rooms of the signed-in member of staff, with what waits there."""
    return _entries(_rooms, request)


def demo_entries(request: HttpRequest) -> list[Entry]:
    """All links of the demo bar for this request."""
    return _entries(_demo, request)


def _entries(sources: list[Source], request: HttpRequest) -> list[Entry]:
    found = [
        Entry(**{"count": None, "start": False, "invites": "", "current": False, **entry})  # type: ignore[typeddict-item]
        for source in sources
        for entry in source(request)
    ]
    # The longest address that begins ours is where we stand: /case/1/ lies under /case/, not under /.
    under = [entry for entry in found if entry["url"] != "/" and request.path.startswith(entry["url"])]
    if under and not any(entry["current"] for entry in found):
        max(under, key=lambda entry: len(entry["url"]))["current"] = True
    return found
