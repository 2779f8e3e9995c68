"""Notices: written in the transaction of what they tell of, each once; delivered to cabinet, e-mail and SMS by tasks.

Staff get a line on their desk at once and one mail a day; citizens a line in the cabinet, an e-mail and an SMS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bastau.notices.kinds import NoticeKind, UnknownKind, kind, register

if TYPE_CHECKING:
    from bastau.people.models import User

__all__ = [
    "Citizen",
    "Holders",
    "Message",
    "NotInTransaction",
    "NoticeKind",
    "UnknownKind",
    "kind",
    "register",
    "tell",
    "tell_many",
]


class NotInTransaction(RuntimeError):
    """A notice is written together with the change it tells of, or not at all."""


@dataclass(frozen=True)
class Citizen:
    """The citizen's account of the person with this id; made when there is none yet."""

    person: int


@dataclass(frozen=True)
class Holders:
    """Whoever holds one of `roles` in the office with this id when the notice is written."""

    office: int
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A notice to be written. `to` is a user, a user's id, a citizen, or the holders of posts.

    `key` tells this event of the case from its others (`accepted`); code, case and user are added to it.
    `email` and `phone` are addresses given for this case; without them, those of the citizen's record.
    """

    code: str
    to: User | int | Citizen | Holders
    case_kind: str
    case_id: int
    key: str
    facts: Mapping[str, Any]
    email: str | None = None
    phone: str | None = None


def tell(code: str, *, user: User, case_kind: str, case_id: int, key: str, facts: Mapping[str, Any]) -> None:
    """Write one notice; see :func:`tell_many`."""
    tell_many([Message(code, user, case_kind, case_id, key, facts)])


def tell_many(messages: Sequence[Message]) -> int:
    """Write notices and their deliveries with two statements whatever their number; delivery is queued on commit.

    One more statement each finds users given by id, citizens, and the holders of posts. A notice written before is
    left as it is. Returns how many are new. Raises NotInTransaction; UnknownKind; ValueError for facts the wording
    misses; TypeError for a fact that cannot be kept.
    """
    # The outbox needs loaded models, and this package is imported before them.
    from bastau.notices import outbox

    return outbox.write(messages)
