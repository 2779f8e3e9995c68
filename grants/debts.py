"""Whether a person owes money of a grant back. Recoveries are kept downstream; who keeps them registers a reader."""

from __future__ import annotations

from collections.abc import Callable

Reader = Callable[[int], bool]

_readers: list[Reader] = []


def register_debts(reader: Reader) -> Reader:
    """Let `reader(person_id)` tell whether the person has an open recovery (criterion `no_recovery`, A-30)."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def owes(person_id: int) -> bool:
    """Whether any reader knows of money the person has to return."""
    return any(reader(person_id) for reader in _readers)
