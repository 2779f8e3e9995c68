"""Other state systems: questions asked through an outbox, answers told by the signal `gateways.signals.answered`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bastau.gateways.models import Enquiry

__all__ = ["NotInTransaction", "ask", "ask_again", "ask_all", "stop_asking"]


class NotInTransaction(RuntimeError):
    """An outbox is written together with the change it belongs to, or not at all."""


# The outbox needs loaded models, and this package is imported before them; hence the late imports.
def ask(
    system: str,
    *,
    subject_iin: str,
    case_kind: str,
    case_id: int,
    key: str,
    again: bool = False,
    payload: Mapping[str, Any] | None = None,
) -> Enquiry:
    """Write one question, or find the one with this `key`, and queue it on commit. Two statements.

    `payload` is what is asked or ordered beside the person (an account, a payment order). `again` lets a question
    that still waits be asked at once instead of after its pause.
    Raises NotInTransaction; ValueError for an unknown system.
    """
    from bastau.gateways import outbox

    question = outbox.Question(system, subject_iin, case_kind, case_id, key, payload or {})
    enquiry = outbox.ask_many([question])[0]
    if again:
        outbox.ask_again(enquiry)
    return enquiry


def ask_all(systems: Iterable[str], *, subject_iin: str, case_kind: str, case_id: int, key: str) -> dict[str, Enquiry]:
    """Ask several systems about one person: the key of each question is `key:system`. Two statements in all.

    Raises NotInTransaction; ValueError for an unknown system.
    """
    from bastau.gateways import outbox

    questions = [outbox.Question(system, subject_iin, case_kind, case_id, f"{key}:{system}") for system in systems]
    return {enquiry.system: enquiry for enquiry in outbox.ask_many(questions)}


def ask_again(enquiry: Enquiry) -> bool:
    """Let a question be asked at once instead of after its pause. False, and nothing done, when it is answered."""
    from bastau.gateways import outbox

    return outbox.ask_again(enquiry)


def stop_asking(*, case_kind: str, case_id: int) -> int:
    """Give up the open questions of a case that no longer needs them (withdrawn, decided). Returns how many."""
    from bastau.gateways import outbox

    return outbox.stop_asking(case_kind=case_kind, case_id=case_id)
