"""What the later parts of the chain add to a run. Each registers a chapter in its module `simulation`; this part of the
chain knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.module_loading import autodiscover_modules

from referrals.simulation.world import Team, World

Check = Callable[[], int]


@dataclass(frozen=True)
class Chapter:
    """`plan(world, teams)` plans its events before the run begins; what it needs of a person it reads when they come.

    `sweeps` are what beat does for this part of the chain; `counts` gives its figures; each of `invariants` gives
    the number of offences.
    """

    name: str
    plan: Callable[[World, Sequence[Team]], None]
    sweeps: tuple[Callable[[], Any], ...] = ()
    counts: Callable[[], dict[str, Any]] = dict
    invariants: Mapping[str, Check] = field(default_factory=dict)


_chapters: dict[str, Chapter] = {}


def register(chapter: Chapter) -> None:
    """Add a chapter. Raises ValueError when another one has its name."""
    if _chapters.setdefault(chapter.name, chapter) != chapter:
        raise ValueError(f"Two chapters are called {chapter.name!r}.")


def chapters() -> list[Chapter]:
    """All chapters, in the order of the installed apps."""
    autodiscover_modules("simulation")
    return list(_chapters.values())
