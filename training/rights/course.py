"""Who may let which event happen in the course (SPEC 4.5, 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

Rule = Callable[[Any, Actor], Verdict]


def may(case: Any, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a module's progress or a final test."""
    return RULES[event](case, by)


def _system(case: Any, by: Actor) -> Verdict:
    return judging.system(by)


def _own_or_system(case: Any, by: Actor) -> Verdict:
    return judging.YES if by.is_system else judging.own(case, by)


def _coordinator(case: Any, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.COORDINATOR)


RULES: dict[str, Rule] = {
    "open": _system,
    "begin": judging.own,
    "hand_in": _own_or_system,
    "void_attempt": _coordinator,
}
