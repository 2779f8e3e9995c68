"""Who may let which event happen to a recovery (SPEC 4.13, A-40): the director decides, the specialist records."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from monitoring.models import Recovery

Rule = Callable[["Recovery", Actor], Verdict]


def may(case: Recovery, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to `case`."""
    return RULES[event](case, by)


def _specialist(case: Recovery, by: Actor) -> Verdict:
    return judging.assigned(case, by, case.office_id, Role.SPECIALIST)


def _director(case: Recovery, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.DIRECTOR)


def _system(case: Recovery, by: Actor) -> Verdict:
    return judging.system(by)


RULES: dict[str, Rule] = {
    "begin": _system,
    "explain": judging.own,
    "note_silence": _system,
    "close_explained": _director,
    "demand": _director,
    "note_unreturned": _system,
    "record_return": _specialist,
    "go_to_court": _director,
}
