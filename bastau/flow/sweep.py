"""The sweep: what is open, past its instant and not yet told. A worker that was down for a week catches up, once each.

Each stage has its own mark on the row (`reminded_at`, `breached_at`, `escalated_at`), which is the idempotency key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bastau import clock, notices
from bastau.flow import journal
from bastau.flow.actors import SYSTEM
from bastau.flow.deadlines import with_cases
from bastau.flow.models import Deadline
from bastau.flow.registry import machine_of


@dataclass(frozen=True)
class Stage:
    """One stage of an alarm: the instant it waits for, the mark it leaves, the entry it writes."""

    name: str
    instant: str
    mark: str
    event: str


STAGES = (
    Stage("remind", "remind_at", "reminded_at", "deadline_reminded"),
    Stage("breach", "due_at", "breached_at", "deadline_breached"),
    Stage("escalate", "escalate_at", "escalated_at", "deadline_escalated"),
)


def sweep(batch: int = 500) -> dict[str, int]:
    """Do all stages until nothing is left that another worker does not hold. Returns how many rows a stage marked."""
    done = {}
    for stage in STAGES:
        total = 0
        while marked := _sweep_batch(stage, batch):
            total += marked
        done[stage.name] = total
    return done


def _sweep_batch(stage: Stage, batch: int) -> int:
    now = clock.now()
    with transaction.atomic():
        rows = list(
            Deadline.objects.open()
            .filter(**{f"{stage.instant}__lt": now, f"{stage.mark}__isnull": True})
            .select_for_update(of=("self",), skip_locked=True)
            .order_by(stage.instant, "pk")[:batch]
        )
        pairs = with_cases(rows, skip_locked=True)
        _mark(stage, pairs, now)
    return len(pairs)


def _mark(stage: Stage, pairs: list, now: datetime) -> None:
    entries: list[journal.Entry] = []
    told: list[Any] = []
    for case, row in pairs:
        setattr(row, stage.mark, now)
        facts = {"deadline": row.name, "due_at": row.due_at}
        entries.append(journal.Entry(case, stage.event, case.state, case.state, SYSTEM, row.clause, facts))
        told += machine_of(row.case_kind).alarm(case, row, stage.name)
    Deadline.objects.filter(pk__in=[row.pk for _case, row in pairs]).update(**{stage.mark: now})
    journal.write(entries, now)
    if told:
        notices.tell_many(told)
