"""Quorum, the outcome of a vote, and the rank by scores: whole numbers only (A-32, SPEC 4.10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bastau import law


def quorum_needed(appointed: int) -> int:
    """How many must be present and not recused: two thirds of those appointed, rounded up. Clause: A-32."""
    part, whole = law.value("A-32:quorum"), law.value("A-32:quorum_of")
    return -(-appointed * part // whole)


def has_quorum(appointed: int, present: int) -> bool:
    """Whether `present` members, recused ones left out, may decide. Clause: A-32."""
    return appointed > 0 and present >= quorum_needed(appointed)


def is_granted(votes_for: int, base: int, chair_is_for: bool) -> bool:
    """Whether the vote grants: more than half of those present and not recused; at exactly half as the chair voted.

    Those who abstain stay in the base. Clause: A-32, SPEC 4.10.
    """
    if votes_for * 2 == base:
        return base > 0 and chair_is_for
    return votes_for * 2 > base


def decided_by_chair(votes_for: int, base: int) -> bool:
    """Whether exactly half were for, so that the chair's vote decided. Clause: A-32."""
    return base > 0 and votes_for * 2 == base


@dataclass(frozen=True)
class Ranked:
    """A granted application in the order of money: its scores, and when it was sent."""

    key: int
    score_sum: int
    score_count: int
    filed_at: datetime

    @property
    def mean(self) -> Fraction:
        """The mean score, exactly; nobody scored is nought."""
        return Fraction(self.score_sum, self.score_count) if self.score_count else Fraction(0)


def ranked(rows: Iterable[Ranked]) -> list[Ranked]:
    """The best mean score first; of equals, the one that was sent earlier. Clause: SPEC 4.10."""
    return sorted(rows, key=lambda row: (-row.mean, row.filed_at, row.key))


def within_money(sums: Sequence[int], free: int) -> int:
    """How many of the sums, in the order of the rank, the free money reaches; the first it does not reach ends it.

    Clause: SPEC 4.10 (those below the money go to the reserve).
    """
    for place, amount in enumerate(sums):
        free -= amount
        if free < 0:
            return place
    return len(sums)


def majority_signed(signed: int, sitting: int) -> bool:
    """Whether more than half of those who sat have signed the protocol. Clause: SPEC 4.10."""
    return sitting > 0 and signed * 2 > sitting
