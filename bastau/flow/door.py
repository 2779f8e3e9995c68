"""perform and perform_many: every change of status of every case goes through here and through nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_fsm import Transition

from bastau import clock
from bastau.flow import deadlines, journal
from bastau.flow.actors import Actor
from bastau.flow.models import Case
from bastau.flow.registry import Machine, machine_of
from bastau.people.rights import Verdict

C = TypeVar("C", bound=Case)


class Refused(ValidationError):
    """The event may not happen now or not by this actor; the message says why, for the reader."""


def verdict(case: Case, event: str, by: Actor) -> Verdict:
    """Whether `event` may happen to `case` now by `by`, with the reason where not. Buttons and perform ask here."""
    transition = _transition(case, event)
    if transition is None:
        return Verdict(False, _("This step is not possible while the case is “%(state)s”.") % {"state": _label(case)})
    allowed = machine_of(case.kind).may(case, event, by)
    if not allowed.ok:
        return allowed
    for condition in transition.conditions:
        if not condition(case):
            # A reason may be a sentence, or ask the case for one that names numbers and days.
            reason = getattr(condition, "reason", _("A condition of this step is not met yet."))
            return Verdict(False, reason(case) if callable(reason) else reason)
    return Verdict(True)


def perform(case: C, event: str, *, by: Actor, set: Mapping[str, Any] | None = None, **facts: Any) -> C:
    """Let `event` happen to `case`: lock, ask rights, move, check, save, journal, deadlines, signal; all or nothing.

    `set` are the transition's own arguments (they may be personal data); `facts` go to the journal: identifiers,
    codes, numbers and hashes only. The passed object is brought up to date and returned. Raises Refused.
    """
    machine = machine_of(case.kind)
    with transaction.atomic():
        locked = _lock(case)
        allowed = verdict(locked, event, by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code=event)
        source, place, at = locked.state, (locked.assignee_id, locked.office_id), clock.now()  # type: ignore[attr-defined]
        getattr(locked, event)(at=at, by=by, **(set or {}))
        locked.check_fields()
        locked.save()
        _after(machine, event, [Move(locked, source, place, facts)], by, at)
    case.__dict__.update(locked.__dict__)
    return case


def perform_many(
    cases: models.QuerySet[C],
    event: str,
    *,
    by: Actor,
    set_for: Callable[[C], Mapping[str, Any]] | None = None,
    facts_for: Callable[[C], Mapping[str, Any]] | None = None,
    batch: int = 500,
) -> int:
    """The same door for what the system does to many rows: bulk statements, the same rows left behind.

    Takes one batch, leaves out rows that another worker holds or that :func:`verdict` refuses, and returns how many
    it moved. Call again until it returns 0.
    """
    machine = machine_of(cases.model.kind)
    with transaction.atomic():
        locked = list(cases.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:batch])
        moves: list[Move] = []
        at = clock.now()
        for case in locked:
            if not verdict(case, event, by).ok:
                continue
            source, place = case.state, (case.assignee_id, case.office_id)  # type: ignore[attr-defined]
            getattr(case, event)(at=at, by=by, **(set_for(case) if set_for else {}))
            case.check_fields()
            moves.append(Move(case, source, place, facts_for(case) if facts_for else {}))
        if moves:
            names = [f.attname for f in cases.model._meta.concrete_fields if not f.primary_key and not f.generated]
            cases.model._base_manager.bulk_update([move.case for move in moves], names)
            _after(machine, event, moves, by, at)
    return len(moves)


@dataclass(frozen=True)
class Move:
    """One case that just moved: from which state, whose and in which office it was, and the facts for the journal."""

    case: Any
    source: str
    place_before: tuple[int | None, int | None]
    facts: Mapping[str, Any]


def _after(machine: Machine, event: str, moves: list[Move], by: Actor, at: datetime) -> None:
    told = machine.events[event]
    journal.write(
        [journal.Entry(move.case, event, move.source, move.case.state, by, told.clause, move.facts) for move in moves],
        at,
    )
    deadlines.follow(machine, event, [move.case for move in moves], at)
    elsewhere = [move.case for move in moves if (move.case.assignee_id, move.case.office_id) != move.place_before]
    if elsewhere:
        deadlines.reassign(elsewhere)
    if told.signal is not None:
        for move in moves:
            told.signal.send(sender=type(move.case), case=move.case, by=by, at=at)


def _lock(case: C) -> C:
    return type(case)._base_manager.select_for_update(of=("self",)).select_related("person", "office").get(pk=case.pk)


def _transition(case: Case, event: str) -> Transition | None:
    method = getattr(type(case), event, None)
    meta = getattr(method, "_django_fsm", None)
    if meta is None:
        raise AttributeError(f"{type(case).__name__} has no event {event!r}.")
    return meta.get_transition(case.state)  # type: ignore[attr-defined]


def _label(case: Case) -> Any:
    return case.get_state_display()  # type: ignore[attr-defined]
