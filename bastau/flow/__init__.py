"""The one door for every change of status, the journal of steps, and deadlines that explain themselves.

The names below are the door of this package, loaded on first use: models cannot be imported while Django is still
reading the list of apps.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bastau.flow.actors import SYSTEM, Actor
    from bastau.flow.door import Refused, perform, perform_many, verdict
    from bastau.flow.registry import DeadlineSpec, Event, Machine, machine_of, register

_HOMES = {
    "SYSTEM": "actors",
    "Actor": "actors",
    "DeadlineSpec": "registry",
    "Event": "registry",
    "Machine": "registry",
    "Refused": "door",
    "machine_of": "registry",
    "perform": "door",
    "perform_many": "door",
    "register": "registry",
    "verdict": "door",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"bastau.flow has no {name}")
    return getattr(import_module(f"bastau.flow.{_HOMES[name]}"), name)
