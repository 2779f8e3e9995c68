"""The append-only journal: each entry is chained by hash to the case's previous one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from bastau.flow.models import Step

if TYPE_CHECKING:
    from bastau.flow.actors import Actor
    from bastau.flow.models import Case


@dataclass(frozen=True)
class Entry:
    """What is to be written of one case. `facts` hold identifiers, codes, numbers and hashes only."""

    case: Case
    event: str
    source: str
    target: str
    actor: Actor
    clause: str
    facts: Mapping[str, Any]


def digest(step: Step) -> str:
    """The hash of an entry over all its content and the previous entry's hash."""
    content = {
        "case": [step.case_kind, step.case_id, step.sequence],
        "at": step.at.isoformat(),
        "event": [step.event, step.source, step.target, step.clause],
        "actor": [step.actor_id, step.post_id, step.role],
        "facts": step.facts,
        "previous": step.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def write(entries: Iterable[Entry], at: datetime) -> list[Step]:
    """Append entries of locked cases, two statements whatever their number. Call inside the transaction."""
    entries = list(entries)
    if not entries:
        return []
    last = _last_steps(entries)
    steps = []
    for entry in entries:
        key = (entry.case.kind, entry.case.pk)
        sequence, previous = last.get(key, (0, ""))
        step = Step(
            case_kind=key[0],
            case_id=key[1],
            sequence=sequence + 1,
            at=at,
            event=entry.event,
            source=entry.source,
            target=entry.target,
            actor=entry.actor.user,
            post=entry.actor.post,
            role=entry.actor.role,
            clause=entry.clause,
            facts=json.loads(json.dumps(dict(entry.facts), cls=DjangoJSONEncoder)),
            previous_hash=previous,
        )
        step.hash = digest(step)
        last[key] = (step.sequence, step.hash)
        steps.append(step)
    return Step.objects.bulk_create(steps)


def _last_steps(entries: list[Entry]) -> dict[tuple[str, int], tuple[int, str]]:
    kinds: dict[str, list[int]] = {}
    for entry in entries:
        kinds.setdefault(entry.case.kind, []).append(entry.case.pk)
    last = {}
    for kind, ids in kinds.items():
        rows = (
            Step.objects.filter(case_kind=kind, case_id__in=set(ids))
            .order_by("case_kind", "case_id", "-sequence")
            .distinct("case_kind", "case_id")
            .values_list("case_kind", "case_id", "sequence", "hash")
        )
        last.update({(row[0], row[1]): (row[2], row[3]) for row in rows})
    return last


def faults() -> Iterable[str]:
    """Each place where a chain is broken: a changed entry, a missing one, a wrong link."""
    key, sequence, previous = None, 0, ""
    for step in Step.objects.order_by("case_kind", "case_id", "sequence").iterator(chunk_size=2000):
        if key != (step.case_kind, step.case_id):
            key, sequence, previous = (step.case_kind, step.case_id), 0, ""
        where = f"{step.case_kind}/{step.case_id}, entry {step.sequence}"
        if step.sequence != sequence + 1:
            yield f"{where}: entry {sequence + 1} is missing"
        if step.previous_hash != previous:
            yield f"{where}: does not follow the entry before it"
        if digest(step) != step.hash:
            yield f"{where}: was altered"
        sequence, previous = step.sequence, step.hash
