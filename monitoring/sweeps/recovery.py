"""What time alone does to recoveries: noted that no explanation, or no money, came in its term (A-40)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from bastau import clock
from bastau.flow import SYSTEM, perform_many
from bastau.flow.models import Deadline
from monitoring.deadlines.recovery import EXPLAIN, RETURN
from monitoring.models import Recovery
from monitoring.states import RecoveryState

BATCH = 500


def note_silence(batch: int = BATCH) -> int:
    """No explanation came in its term: the director decides without it. Returns how many."""
    silent = Recovery._base_manager.filter(
        state=RecoveryState.EXPLANATION_WAIT, explained_at=None, silent_at=None, pk__in=_missed(EXPLAIN)
    )
    return _all(silent, "note_silence", batch)


def note_unreturned(batch: int = BATCH) -> int:
    """The money did not come in its term: the director decides on the court. Returns how many."""
    owing = Recovery._base_manager.filter(state=RecoveryState.DEMANDED, unreturned_at=None, pk__in=_missed(RETURN))
    return _all(owing, "note_unreturned", batch)


def _missed(name: str) -> QuerySet[Any, Any]:
    rows = Deadline.objects.open().filter(case_kind=Recovery.kind, name=name, due_at__lt=clock.now())
    return rows.values("case_id")


def _all(cases: QuerySet[Recovery], event: str, batch: int) -> int:
    done = 0
    while moved := perform_many(cases.select_related("person", "office"), event, by=SYSTEM, batch=batch):
        done += moved
    return done
