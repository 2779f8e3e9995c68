"""The commission room: attendance, items, scores, votes, counting (FKA04-2.4, 2.5, SPEC 4.10).

Every verb locks the meeting first: a vote is either cast before the chair closes the item, or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bastau import clock
from bastau.flow import Actor, Refused, perform
from grants import seating
from grants.actions import applications
from grants.actions.meetings import heard_by, locked
from grants.models import AgendaItem, CommissionMeeting, Decision, Score, Seat, StandIn, Vote
from grants.notices import meetings as notices
from grants.papers import meetings as papers
from grants.rights import meetings as rights
from grants.rules import voting as rules
from grants.states import MEETING_ROOM, Choice, GrantState, ItemEnd, MeetingState, Postponing, Ruling

NOT_OPEN = _("This item is not open now. The chair opens it.")
CLOSED = _("The chair has closed this item: scores and votes are frozen.")


@dataclass(frozen=True)
class Attendance:
    """What is noted of one appointed member: present or not and why; a substitute also in whose place."""

    member: int
    present: bool
    reason: str = ""
    in_place_of: int | None = None


# ----------------------------------------------------------------------------------------------------- attendance


def note_attendance(meeting: CommissionMeeting, rows: Iterable[Attendance], *, by: Actor) -> CommissionMeeting:
    """Note who is present, absent and why, and who sits in whose place (A-32). Raises Refused.

    When the quorum is lost in the room, the meeting is suspended at once (FKA04-2.4).
    """
    with transaction.atomic():
        meeting = locked(meeting)
        _allowed(rights.secretary(meeting, by))
        if meeting.state not in (MeetingState.NOTIFIED, MeetingState.MATERIALS_SENT, *MEETING_ROOM):
            raise Refused(_("Attendance is noted from the notice of the meeting until its end."))
        appointed = {member.pk: member for member in seating.members_of(meeting)}
        noted = [row for row in rows if row.member in appointed]
        _check_places(appointed, noted)
        meeting.seats.all().delete()
        now = clock.now()
        Seat.objects.bulk_create(
            Seat(
                meeting=meeting,
                member=appointed[row.member],
                present=row.present,
                reason="" if row.present else row.reason.strip(),
                in_place_of=appointed.get(row.in_place_of) if row.present and row.in_place_of else None,
                noted_at=now,
            )
            for row in noted
        )
        if meeting.state in (MeetingState.OPENED, MeetingState.VOTING) and not seating.bench_of(meeting).has_quorum:
            meeting = perform(meeting, "suspend", by=by, cause="quorum")
    return meeting


def _check_places(appointed: dict[int, Any], rows: list[Attendance]) -> None:
    here = {row.member for row in rows if row.present}
    taken: set[int] = set()
    for row in rows:
        if row.in_place_of is None or not row.present:
            continue
        absent = appointed.get(row.in_place_of)
        if not appointed[row.member].is_substitute or absent is None or absent.is_substitute:
            raise Refused(_("Only a substitute member sits in another's place, and only in a member's."))
        if row.in_place_of in here:
            raise Refused(_("A substitute sits in the place of an absent member; this member is present."))
        if row.in_place_of in taken:
            raise Refused(_("Two substitutes cannot sit in the same place. Choose another absent member."))
        taken.add(row.in_place_of)


# ----------------------------------------------------------------------------------------------- the chair's steps


def open_meeting(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """The chair opens with a quorum, on the day of the meeting (A-32). Raises Refused."""
    bench = seating.bench_of(meeting)
    return perform(meeting, "open", by=by, appointed=bench.appointed, present=len(bench.sitting))


def open_item(item: AgendaItem, *, by: Actor) -> AgendaItem:
    """The chair opens an item; the quorum is checked for it anew (A-32). Opening it twice is once. Raises Refused."""
    with transaction.atomic():
        meeting, item = _both(item)
        if meeting.state == MeetingState.VOTING and meeting.current_id == item.pk:
            return item
        if item.end or item.application.state not in (GrantState.SCHEDULED, GrantState.HEARD):
            raise Refused(_("This item is dealt with already, or the application was withdrawn."))
        _quorum_on(item)
        perform(meeting, "open_item", by=by, set={"item": item}, item=item.pk, application=item.application.number)
        item.opened_at = item.opened_at or clock.now()
        item.save(update_fields=["opened_at"])
    return item


def close_item(item: AgendaItem, *, otherwise: str, amount: int | None = None, reason: str = "", by: Actor) -> Decision:
    """The chair closes the vote: it is frozen and counted (SPEC 4.10).

    `otherwise` is what the protocol says when it is not granted: refuse or postpone. `amount` is the sum to grant, by
    default what was asked. Closing twice gives the same decision. Raises Refused.
    """
    fallback = Ruling(otherwise)
    if fallback == Ruling.GRANT:
        raise Refused(_("Say what follows when it is not granted: refuse or postpone."))
    with transaction.atomic():
        meeting, item = _both(item)
        if item.end == ItemEnd.VOTED:
            return item.decisions.get(corrects=None)
        _is_open(meeting, item)
        if item.presented_at is None:
            raise Refused(_("The secretary has not noted yet that the applicant presented the project."))
        bench = _quorum_on(item)
        asked = item.application.grant_sum
        amount = asked if amount is None else amount
        if not 0 < amount <= asked:
            raise Refused(_("The sum must be more than nothing and at most what was asked for."))
        counted = _count(item, bench)
        granted = rules.is_granted(counted.choices[Choice.FOR], counted.base, counted.chair_is_for)
        ruling = Ruling.GRANT if granted else fallback
        perform(
            meeting,
            "close_item",
            by=by,
            item=item.pk,
            application=item.application.number,
            base=counted.base,
            votes_for=counted.choices[Choice.FOR],
            ruling=ruling.value,
        )
        _freeze(item, bench, counted, ruling, amount if granted else 0, reason, by)
        return Decision.objects.create(
            item=item, ruling=ruling, amount=item.amount, reason=item.reason, counted_at=clock.now()
        )


def put_off_item(item: AgendaItem, *, cause: str, reason: str = "", by: Actor) -> AgendaItem:
    """The chair puts an item off to the next meeting: the applicant is absent, or there is no quorum on it (A-35).

    A second absence without good reason is not put off: the secretary closes the item. Raises Refused.
    """
    why = Postponing(cause)
    if why == Postponing.ABSENT_GOOD_REASON and not reason.strip():
        raise Refused(_("Write down the good reason of the absence: the protocol names it."))
    with transaction.atomic():
        meeting, item = _both(item)
        if item.end == ItemEnd.PUT_OFF:
            return item
        _not_ended(meeting, item)
        if item.application.state == GrantState.WITHDRAWN:
            # Withdrawn while the item was open: it leaves the agenda, and nobody is heard.
            perform(meeting, "put_off_item", by=by, item=item.pk, cause="withdrawn")
            _end(item, ItemEnd.PUT_OFF, by)
            return item
        heard = item.application.state == GrantState.HEARD
        if heard and why in (Postponing.ABSENT, Postponing.ABSENT_GOOD_REASON):
            raise Refused(_("The applicant has presented the project, so this is no absence."))
        if why == Postponing.QUORUM and seating.bench_on(item).has_quorum:
            raise Refused(_("There is a quorum on this item, so it is heard and voted on."))
        if why == Postponing.COMMISSION and not heard:
            raise Refused(_("The commission postpones what it has heard, with a vote or without."))
        perform(meeting, "put_off_item", by=by, item=item.pk, cause=why.value)
        absent = why in (Postponing.ABSENT, Postponing.ABSENT_GOOD_REASON)
        excused = why == Postponing.ABSENT_GOOD_REASON
        _end(item, ItemEnd.PUT_OFF, by, absent=absent, excused=excused, reason=reason.strip())
        # What was heard is postponed by the commission, whatever the cause (SPEC 4.9).
        applications.postpone(item.application, by, Postponing.COMMISSION if heard else why, meeting=meeting.pk)
        notices.tell_put_off(item)
    return item


def strike_item(item: AgendaItem, *, by: Actor) -> AgendaItem:
    """The secretary closes an item whose applicant did not come again, without good reason (A-35). Raises Refused."""
    with transaction.atomic():
        meeting, item = _both(item)
        if item.end == ItemEnd.NO_SHOW:
            return item
        _not_ended(meeting, item)
        perform(meeting, "strike_item", by=by, item=item.pk, application=item.application.number)
        _end(item, ItemEnd.NO_SHOW, by, absent=True)
        applications.close_no_show(item.application, by, meeting=meeting.pk)
    return item


def suspend(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """Break off for a while: the quorum is lost, or the chair calls a break. Raises Refused."""
    return perform(meeting, "suspend", by=by)


def resume(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """Go on, with the quorum back. Raises Refused."""
    return perform(meeting, "resume", by=by)


def close_meeting(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """The chair closes; what waits after a suspension goes to the next meeting, for want of a quorum (A-32).

    Raises Refused.
    """
    with transaction.atomic():
        meeting = locked(meeting)
        meeting = perform(meeting, "close", by=by)
        for item in heard_by(meeting).filter(end=""):
            _end(item, ItemEnd.PUT_OFF, by)
            why = Postponing.COMMISSION if item.application.state == GrantState.HEARD else Postponing.QUORUM
            applications.postpone(item.application, by, why, meeting=meeting.pk)
            notices.tell_put_off(item)
        papers.ask_score_sheets(meeting)
    return meeting


# ------------------------------------------------------------------------------------------- the secretary's steps


def mark_presented(item: AgendaItem, *, online: bool = False, by: Actor) -> AgendaItem:
    """The applicant is there, or speaks online, and presents the project (FKA04-2.5). Twice is once. Raises Refused."""
    with transaction.atomic():
        meeting, item = _both(item)
        _allowed(rights.secretary(meeting, by))
        if item.presented_at is not None:
            return item
        _is_open(meeting, item)
        item.presented_at, item.online = clock.now(), online
        item.save(update_fields=["presented_at", "online"])
        applications.mark_heard(item.application, by, meeting=meeting.pk)
    return item


def word_item(item: AgendaItem, *, questions: str, reason: str, by: Actor) -> AgendaItem:
    """Questions, advice and the reasons of the decision, for the protocol (SPEC 2.10). The ruling is not the
    secretary's to change. Raises Refused."""
    with transaction.atomic():
        meeting, item = _both(item)
        _allowed(rights.secretary(meeting, by))
        if meeting.state not in (*MEETING_ROOM, MeetingState.CLOSED):
            raise Refused(_("The protocol lies before the members already. Take it back to mend its words."))
        item.questions, item.reason = questions.strip(), reason.strip()
        item.save(update_fields=["questions", "reason"])
        item.decisions.filter(corrects=None, entered_at=None).update(reason=item.reason)
    return item


def seat_stand_in(item: AgendaItem, *, member: int, substitute: int | None, by: Actor) -> AgendaItem:
    """A substitute who is in the room sits for a recused member on this item (A-32); None takes the seat back.

    Raises Refused.
    """
    with transaction.atomic():
        meeting, item = _both(item)
        _allowed(rights.secretary(meeting, by))
        if item.end:
            raise Refused(CLOSED)
        bench = seating.bench_of(meeting)
        if member not in {one.pk for one in seating.recused_on(item, bench)}:
            raise Refused(_("A substitute sits only for a member who is recused on this item."))
        former = item.stand_ins.filter(member=member).first()
        if former is not None and former.substitute_id != substitute:
            item.votes.filter(member=former.substitute_id).delete()
            item.scores.filter(member=former.substitute_id).delete()
            former.delete()
        if substitute is None or (former is not None and former.substitute_id == substitute):
            return item
        free = {one.pk for one in free_substitutes(meeting)}
        if substitute not in free or item.stand_ins.filter(substitute=substitute).exists():
            raise Refused(_("This substitute is not in the room, or sits in another place already."))
        StandIn.objects.create(item=item, member_id=member, substitute_id=substitute)
    return item


def free_substitutes(meeting: CommissionMeeting) -> list[Any]:
    """Substitutes who are in the room and sit in nobody's place."""
    members = {member.pk: member for member in seating.members_of(meeting) if member.is_substitute}
    seats = meeting.seats.filter(present=True, in_place_of=None, member__in=members)
    return [members[seat.member_id] for seat in seats]


# -------------------------------------------------------------------------------------------- scores and votes


def give_score(item: AgendaItem, *, by: Actor, **marks: int) -> Score:
    """A member's score sheet, from the packages until the chair closes the item (SPEC 2.10). Raises Refused."""
    with transaction.atomic():
        meeting, item = _both(item)
        _allowed(rights.may_take_part(item, by))
        member = rights.appointment(meeting, by.user)
        assert member is not None
        if item.end:
            raise Refused(CLOSED)
        if meeting.state not in (MeetingState.MATERIALS_SENT, *MEETING_ROOM):
            raise Refused(_("Scores are given from the day the materials are sent."))
        if item.votes.filter(member=member, choice=Choice.RECUSED).exists():
            raise Refused(_("You are recused on this item, so you do not score it."))
        score = item.scores.filter(member=member).first() or Score(item=item, member=member)
        for criterion in Score.CRITERIA:
            setattr(score, criterion, marks[criterion])
        score.given_at = clock.now()
        try:
            score.clean_fields(exclude=["item", "member"])
        except ValidationError as error:
            raise Refused(error.messages) from error
        score.save()
    return score


def cast_vote(item: AgendaItem, *, choice: str, reason: str = "", by: Actor) -> Vote:
    """A member's vote; may be changed until the chair closes the item (SPEC 4.10). Raises Refused.

    Who has an interest recuses, with the reason, as soon as the agenda is known (A-32); the others vote once the item
    is open and the project presented.
    """
    wanted = Choice(choice)
    with transaction.atomic():
        meeting, item = _both(item)
        _allowed(rights.may_take_part(item, by))
        member = rights.appointment(meeting, by.user)
        assert member is not None
        if item.end:
            raise Refused(CLOSED)
        if wanted == Choice.RECUSED:
            if meeting.state not in (MeetingState.NOTIFIED, MeetingState.MATERIALS_SENT, *MEETING_ROOM):
                raise Refused(_("You may recuse from the notice of the meeting until the item is closed."))
            if not reason.strip():
                raise Refused(_("Name the conflict of interest in a few words: the protocol records it."))
        else:
            _is_open(meeting, item)
            _may_vote_now(item, member)
        vote = item.votes.filter(member=member).first() or Vote(item=item, member=member)
        vote.choice, vote.cast_at = wanted, clock.now()
        vote.reason = reason.strip() if wanted == Choice.RECUSED else ""
        vote.full_clean(exclude=["item", "member"], validate_unique=False, validate_constraints=False)
        vote.save()
        if wanted == Choice.RECUSED:
            item.scores.filter(member=member).delete()
    return vote


def _may_vote_now(item: AgendaItem, member: Any) -> None:
    if item.presented_at is None:
        raise Refused(_("The project is presented first, then the vote is taken."))
    if item.stand_ins.filter(member=member).exists():
        raise Refused(_("A substitute sits in your place on this item. Ask the secretary to take the seat back."))
    bench = seating.bench_of(item.meeting)
    present = {one.pk for one in bench.sitting} | set(item.stand_ins.values_list("substitute", flat=True))
    if member.pk not in present:
        raise Refused(str(rights.NOT_PRESENT.reason))


# ----------------------------------------------------------------------------------------------------- counting


@dataclass(frozen=True)
class Counted:
    """The votes of those who sit on the item, by choice; how many sit, how many are recused, the chair's own vote."""

    choices: Counter[str]
    base: int
    recused: int
    chair_is_for: bool


def _count(item: AgendaItem, bench: seating.Bench) -> Counted:
    sitting = {member.pk for member in bench.sitting}
    cast = {vote.member_id: vote.choice for vote in item.votes.all() if vote.member_id in sitting}
    missing = len(sitting) - len(cast)
    if missing:
        raise Refused(
            ngettext(
                "%(number)s member who is present has not voted yet. Ask for the vote, or note that the member left.",
                "%(number)s members who are present have not voted yet. Ask for the votes, or note who left.",
                missing,
            )
            % {"number": missing}
        )
    chair = bench.chair
    return Counted(
        choices=Counter(cast.values()),
        base=len(sitting),
        recused=len(seating.recused_on(item, seating.bench_of(item.meeting))),
        chair_is_for=chair is not None and cast[chair.pk] == Choice.FOR,
    )


def _freeze(
    item: AgendaItem, bench: seating.Bench, counted: Counted, ruling: Ruling, amount: int, reason: str, by: Actor
) -> None:
    scores = list(item.scores.filter(member__in=[member.pk for member in bench.sitting]))
    item.appointed, item.base = bench.appointed, counted.base
    item.votes_for, item.votes_against = counted.choices[Choice.FOR], counted.choices[Choice.AGAINST]
    item.votes_abstained, item.votes_recused = counted.choices[Choice.ABSTAINED], counted.recused
    item.by_chair = rules.decided_by_chair(counted.choices[Choice.FOR], counted.base)
    item.score_sum, item.score_count = sum(score.total for score in scores), len(scores)
    item.ruling, item.amount, item.reason = ruling, amount, reason.strip() or item.reason
    item.end, item.closed_at, item.closed_by = ItemEnd.VOTED, clock.now(), by.user
    item.save()


def _end(item: AgendaItem, end: ItemEnd, by: Actor, **fields: Any) -> None:
    item.end, item.closed_at, item.closed_by = end, clock.now(), by.user
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()


# ------------------------------------------------------------------------------------------------------- within


def _both(item: AgendaItem) -> tuple[CommissionMeeting, AgendaItem]:
    """The meeting, locked, and then the item as it is behind that lock."""
    meeting = locked(CommissionMeeting(pk=item.meeting_id))
    item = AgendaItem.objects.select_related("application__person", "application__office").get(pk=item.pk)
    item.meeting = meeting
    return meeting, item


def _allowed(answer: Any) -> None:
    if not answer.ok:
        raise Refused(str(answer.reason))


def _is_open(meeting: CommissionMeeting, item: AgendaItem) -> None:
    if item.end:
        raise Refused(CLOSED)
    if meeting.state != MeetingState.VOTING or meeting.current_id != item.pk:
        raise Refused(NOT_OPEN)


def _not_ended(meeting: CommissionMeeting, item: AgendaItem) -> None:
    if item.end:
        raise Refused(_("This item is dealt with already, or the application was withdrawn."))
    if meeting.state == MeetingState.VOTING and meeting.current_id != item.pk:
        raise Refused(_("Another item is open. Close it first."))


def _quorum_on(item: AgendaItem) -> seating.Bench:
    bench = seating.bench_on(item)
    if not bench.has_quorum:
        raise Refused(
            _(
                "There is no quorum on this item: %(present)s take part and %(needed)s are needed. Let a substitute sit"
                " for a recused or absent member, or put the item off."
            )
            % {"present": len(bench.sitting), "needed": bench.needed}
        )
    return bench
