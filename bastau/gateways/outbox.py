"""Questions to other systems: written with the change that needs them, asked by tasks until they are answered.

An attempt is two short transactions with the exchange between them, so no lock waits for another system. The first
claims the row and puts the next attempt beyond the longest exchange; when the worker dies, that moment comes and
:func:`send_due` asks again. The second locks the row and keeps the answer only if there is none yet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bastau import clock
from bastau.gateways import NotInTransaction, adapters
from bastau.gateways.exchange import Fault
from bastau.gateways.models import Enquiry, System, Trouble
from bastau.gateways.signals import answered

#: Pause after the first, second… attempt without an answer; the last one repeats while the case waits.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600, 900))
#: So many unanswered questions in a row, and a sweep leaves that system alone until the next sweep.
_PATIENCE = 3


@dataclass(frozen=True)
class Question:
    """One question to be asked. `key` is unique for ever: the same key is the same question."""

    system: str
    subject_iin: str
    case_kind: str
    case_id: int
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)


def ask_many(questions: Sequence[Question]) -> list[Enquiry]:
    """Write questions, or find those with the same keys, and queue the open ones on commit. Order is kept.

    Two statements whatever their number. Raises NotInTransaction; ValueError for an unknown system.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction("Ask other systems inside the transaction of the change that needs the answer.")
    now = clock.now()
    Enquiry.objects.bulk_create(
        [
            Enquiry(
                key=question.key,
                system=System(question.system),
                subject_iin=question.subject_iin,
                payload=dict(question.payload),
                case_kind=question.case_kind,
                case_id=question.case_id,
                asked_at=now,
                next_at=now,
            )
            for question in questions
        ],
        ignore_conflicts=True,
    )
    found = {enquiry.key: enquiry for enquiry in Enquiry.objects.filter(key__in=[q.key for q in questions])}
    for enquiry in found.values():
        if enquiry.is_open:
            _queue(enquiry.pk)
    return [found[question.key] for question in questions]


def ask_again(enquiry: Enquiry) -> bool:
    """See :func:`bastau.gateways.ask_again`."""
    with transaction.atomic():
        waiting = Enquiry.objects.filter(pk=enquiry.pk, answered_at=None).update(next_at=clock.now(), given_up_at=None)
        if waiting:
            _queue(enquiry.pk)
    return bool(waiting)


def stop_asking(*, case_kind: str, case_id: int) -> int:
    """See :func:`bastau.gateways.stop_asking`."""
    with transaction.atomic():
        # An answer being taken in holds its question and waits for the case, which the caller may hold: leave it be.
        free = Enquiry.objects.of_case(case_kind, case_id).open().select_for_update(skip_locked=True, of=("self",))
        given_up = [enquiry.pk for enquiry in free]
        return Enquiry.objects.filter(pk__in=given_up).update(given_up_at=clock.now())


def send(enquiry_id: int) -> str:
    """Ask one question if it is open and due. Returns `answered`, the trouble's code, or `""` when not its turn."""
    enquiry = _claim(Q(pk=enquiry_id))
    return "" if enquiry is None else _attempt(enquiry)


def send_due(limit: int = 200) -> int:
    """Ask the open questions whose time has come, oldest first; at most `limit`. Returns how many were answered.

    A system that failed several times in a row is left alone until the next call.
    """
    failed: Counter[str] = Counter()
    count = 0
    for _ in range(limit):
        tired = [system for system, times in failed.items() if times >= _PATIENCE]
        enquiry = _claim(~Q(system__in=tired))
        if enquiry is None:
            break
        if _attempt(enquiry) == "answered":
            failed[enquiry.system] = 0
            count += 1
        else:
            failed[enquiry.system] += 1
    return count


def _queue(enquiry_id: int) -> None:
    from bastau.gateways import tasks

    # Robust: the broker may be away for a moment; the row is kept, and the next sweep finds it. (Django logs what
    # failed by its qualified name, which a partial has not.)
    def queue() -> None:
        tasks.send.delay(enquiry_id)

    transaction.on_commit(queue, robust=True)


def _claim(which: Q) -> Enquiry | None:
    now = clock.now()
    with transaction.atomic():
        enquiry = (
            Enquiry.objects.select_for_update(skip_locked=True, of=("self",))
            .open()
            .filter(which, next_at__lte=now)
            .order_by("next_at", "pk")
            .first()
        )
        if enquiry is None:
            return None
        enquiry.attempts += 1
        enquiry.last_error = Trouble.UNFINISHED
        enquiry.next_at = now + timedelta(seconds=4 * settings.GATEWAY_TIMEOUT_SECONDS + 10)
        enquiry.save(update_fields=["attempts", "last_error", "next_at"])
    return enquiry


def _attempt(enquiry: Enquiry) -> str:
    try:
        # A question may be asked anew at each attempt; an order carries one key for good, so that it is done once.
        key = enquiry.key if enquiry.payload else f"{enquiry.key}:{enquiry.attempts}"
        answer = adapters.fetch(enquiry.system, enquiry.subject_iin, key=key, payload=enquiry.payload)
    except Fault as fault:
        Enquiry.objects.open().filter(pk=enquiry.pk, attempts=enquiry.attempts).update(
            last_error=fault.code, next_at=_next(clock.now(), enquiry.attempts)
        )
        return fault.code
    with transaction.atomic():
        locked = Enquiry.objects.select_for_update(of=("self",)).open().filter(pk=enquiry.pk).first()
        if locked is None:
            return ""
        locked.answer = answer
        locked.answered_at = clock.now()
        locked.last_error = ""
        locked.save(update_fields=["answer", "answered_at", "last_error"])
        answered.send(sender=Enquiry, enquiry=locked)
    return "answered"


def _next(now: datetime, attempts: int) -> datetime:
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]
