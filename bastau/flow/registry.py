"""What flow knows of each kind of case; the apps say it in their `ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal
from django.utils.functional import Promise

if TYPE_CHECKING:
    from bastau.flow.actors import Actor
    from bastau.flow.models import Case, Deadline
    from bastau.people.rights import Verdict
    from bastau.workdays import Reckoning

Text = str | Promise
Duty = str | Callable[[Any], str]


def in_time(case: Any, deadline: Deadline, at: datetime) -> bool:
    """Whether a duty done at `at` was done in time: by the very instant."""
    return at <= deadline.due_at


@dataclass(frozen=True)
class DeadlineSpec:
    """A declared deadline: the clause of its term, the events that start and stop it, whose duty it is.

    `reckon(case)` gives the dates with their explanation, or None where the term does not apply to this case.
    `met(case, deadline, at)` tells whether the stopping event came in time.
    `turns` say which event passes the duty on to which role; `titles` what each role in turn has to do. Where the
    role depends on the case (who was asked, to whom it was given), it is a function of the case.
    """

    name: str
    clause: str
    duty: Duty
    titles: Mapping[Any, Text]
    starts: frozenset[str]
    stops: frozenset[str]
    reckon: Callable[[Any], Reckoning | None]
    met: Callable[[Any, Deadline, datetime], bool] = in_time
    turns: Mapping[str, Duty] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """An event of a machine: the label of its button, the clause it applies, the past-tense signal it sends."""

    label: Text
    done: Text
    clause: str
    signal: Signal | None = None


@dataclass(frozen=True)
class Machine:
    """All that flow needs to drive one kind of case."""

    model: type[Case]
    may: Callable[[Any, str, Actor], Verdict]
    events: Mapping[str, Event]
    deadlines: tuple[DeadlineSpec, ...] = ()
    # Which notices go out when a deadline is near, missed, long missed: (case, deadline, stage) -> notices.
    alarm: Callable[[Any, Deadline, str], Iterable[Any]] = field(default=lambda case, deadline, stage: ())
    # What a case without a person is called on lists: "Training group".
    label: Text = ""

    def spec(self, name: str) -> DeadlineSpec:
        """The declared deadline `name`. Raises KeyError."""
        return next_named(self.deadlines, name)


def next_named(specs: Iterable[DeadlineSpec], name: str) -> DeadlineSpec:
    for spec in specs:
        if spec.name == name:
            return spec
    raise KeyError(name)


_machines: dict[str, Machine] = {}


def register(machine: Machine) -> None:
    """Make a kind of case known. A second registration of another model under one kind raises ValueError."""
    known = _machines.get(machine.model.kind)
    if known is not None and known.model is not machine.model:
        raise ValueError(f"Two models call themselves {machine.model.kind!r}.")
    _machines[machine.model.kind] = machine


def machine_of(kind: str) -> Machine:
    """The machine of a kind of case. Raises KeyError."""
    return _machines[kind]


def machines() -> list[Machine]:
    """All machines, in the order of their kinds."""
    return [_machines[kind] for kind in sorted(_machines)]
