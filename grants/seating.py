"""Who sits, on the meeting and on one item of it: members present, substitutes in place of the absent and recused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grants.rules import voting as rules
from grants.states import Choice

if TYPE_CHECKING:
    from grants.models import AgendaItem, CommissionMeeting, CommissionMember


@dataclass(frozen=True)
class Bench:
    """Those who sit: `appointed` is the number of voting members of the day, whom the quorum is taken of."""

    appointed: int
    sitting: tuple[CommissionMember, ...]

    @property
    def needed(self) -> int:
        """How many the quorum needs."""
        return rules.quorum_needed(self.appointed)

    @property
    def has_quorum(self) -> bool:
        """Whether so many sit that something may be decided (A-32)."""
        return rules.has_quorum(self.appointed, len(self.sitting))

    def seat_of(self, user_id: int | None) -> CommissionMember | None:
        """The seat of a user on this bench, or None."""
        return next((member for member in self.sitting if member.user_id == user_id), None)

    @property
    def chair(self) -> CommissionMember | None:
        """The chair, where he sits."""
        return next((member for member in self.sitting if member.is_chair), None)


def members_of(meeting: CommissionMeeting) -> list[CommissionMember]:
    """All appointed on the day of the meeting, substitutes last (A-32)."""
    return list(meeting.commission.members.on(meeting.held_on).select_related("user__person"))


def bench_of(meeting: CommissionMeeting) -> Bench:
    """Who sits in the room: members present, and substitutes in the place of absent members.

    Whoever is not appointed on the day of the meeting does not sit, whatever was noted before.
    """
    appointed = {member.pk: member for member in members_of(meeting)}
    sitting = [
        appointed[seat.member_id]
        for seat in meeting.seats.all()
        if seat.present
        and seat.member_id in appointed
        and (not appointed[seat.member_id].is_substitute or seat.in_place_of_id in appointed)
    ]
    return Bench(sum(not member.is_substitute for member in appointed.values()), tuple(sitting))


def recused_on(item: AgendaItem, bench: Bench) -> list[CommissionMember]:
    """Those of the bench who do not take part in this item: recused, or the applicants themselves (A-32, SPEC 5)."""
    said = set(item.votes.filter(choice=Choice.RECUSED).values_list("member_id", flat=True))
    applicant = item.application.person_id
    return [one for one in bench.sitting if one.pk in said or one.user.person_id == applicant]


def bench_on(item: AgendaItem, bench: Bench | None = None) -> Bench:
    """Who decides on this item: the bench without the recused, with the substitutes who sit for them (A-32)."""
    whole = bench or bench_of(item.meeting)
    recused = set(item.votes.filter(choice=Choice.RECUSED).values_list("member_id", flat=True))
    out = {member.pk for member in recused_on(item, whole)} | recused
    sitting = [member for member in whole.sitting if member.pk not in out]
    present = set(item.meeting.seats.filter(present=True).values_list("member_id", flat=True))
    # A substitute sits for a recused member only while in the room, and not when that member is back at the vote.
    stand_ins = [
        one.substitute
        for one in item.stand_ins.select_related("substitute__user__person")
        if one.member_id in out
        and one.substitute_id in present
        and one.substitute.user.person_id != item.application.person_id
        and one.substitute_id not in out
        and one.substitute not in sitting
    ]
    return Bench(whole.appointed, (*sitting, *stand_ins))
