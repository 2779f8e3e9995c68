"""Brings meetings of a commission into a state through the actions, as the screens would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bastau import clock, papers
from bastau.flow import Actor
from bastau.papers.authority import demo_sign
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Office
from bastau.people.roles import Role
from grants.actions import budget, commission, decisions, meetings, protocols, voting
from grants.models import AgendaItem, Commission, CommissionMeeting, CommissionMember, Decision
from grants.papers import meetings as kinds
from grants.states import Choice, Ruling
from tests.conftest import ALMATY, MONDAY
from tests.factories import PersonFactory
from tests.grants import applications_cases
from tests.grants.applications_cases import GrantCentre, hired

#: Three working days after Monday 2026-06-08: the earliest day for a meeting called on that Monday.
MEETING_DAY = datetime(2026, 6, 11, 11, 0, tzinfo=ALMATY)
IN_THE_ROOM = datetime(2026, 6, 11, 11, 5, tzinfo=ALMATY)
DAY_AFTER = datetime(2026, 6, 12, 10, 0, tzinfo=ALMATY)
MARKS = {"viability": 25, "market": 15, "finance": 15, "preparedness": 10, "jobs": 10}


@dataclass
class Room:
    """A centre with its commission: the chair, six members (seven voting, five make the quorum), two substitutes."""

    centre: GrantCentre
    commission: Commission
    actors: dict[int, Actor] = field(default_factory=dict)

    @classmethod
    def open(cls, *, members: int = 6, substitutes: int = 2, centre: GrantCentre | None = None) -> Room:
        centre = centre or GrantCentre.open()
        formed = commission.form(
            office=centre.office, order_number="12-к", order_date=date(2026, 1, 5), by=centre.director
        )
        room = cls(centre, formed)
        room.appoint(centre.chair, is_chair=True)
        for _number in range(members):
            room.appoint(hired(centre.office, Role.COMMISSION_MEMBER))
        for _number in range(substitutes):
            room.appoint(hired(centre.office, Role.COMMISSION_MEMBER), is_substitute=True)
        return room

    def appoint(self, actor: Actor, **fields: Any) -> CommissionMember:
        """Appointed by the director's order since the beginning of the year."""
        assert actor.user is not None
        options = {
            "is_chair": False, "is_substitute": False, "order_number": "12-к", "order_date": date(2026, 1, 5),
            "since": date(2026, 1, 6), **fields,
        }  # fmt: skip
        member = commission.appoint(self.commission, user=actor.user, by=self.centre.director, **options)
        self.actors[member.pk] = actor
        return member

    @property
    def office(self) -> Office:
        return self.centre.office

    @property
    def secretary(self) -> Actor:
        return self.centre.secretary

    @property
    def chair(self) -> Actor:
        return self.centre.chair

    @property
    def voting(self) -> list[CommissionMember]:
        """The chair first, then the members in the order of their appointment."""
        return list(self.commission.members.filter(is_substitute=False))

    @property
    def substitutes(self) -> list[CommissionMember]:
        return list(self.commission.members.filter(is_substitute=True))

    def actor(self, member: CommissionMember) -> Actor:
        """The member in the post of the commission."""
        return self.actors[member.pk]


def planned(room: Room, applications: int = 1, **options: Any) -> CommissionMeeting:
    """Called on Monday for Thursday, with applications on the agenda."""
    meeting = meetings.call_meeting(
        office=room.office,
        starts_at=options.get("starts_at", MEETING_DAY),
        place_kk="Қарағанды қ., Үлгі көшесі, 1-үй",
        place_ru="г. Караганда, улица Образцовая, дом 1",
        minutes=5,
        by=room.secretary,
    )
    chosen = options.get("chosen")
    if chosen is None:
        chosen = [applications_cases.cleared(room.centre) for _number in range(applications)]
    meetings.put_on_agenda(meeting, chosen, by=room.secretary)
    return fresh(meeting)


def notified(room: Room, **options: Any) -> CommissionMeeting:
    """Members and applicants are told."""
    return meetings.notify(planned(room, **options), by=room.secretary)


def with_materials(room: Room, **options: Any) -> CommissionMeeting:
    """The packages are open to the members."""
    return meetings.send_materials(notified(room, **options), by=room.secretary)


def attended(
    room: Room, meeting: CommissionMeeting, present: int = 7, places: dict[int, int] | None = None, idle: int = 0
) -> CommissionMeeting:
    """The first `present` voting members are here; `places` seats substitutes (by number) for absent members (by
    number); `idle` further substitutes are in the room."""
    members, substitutes = room.voting, room.substitutes
    rows = [
        voting.Attendance(member.pk, present=number < present, reason="іссапарда")
        for number, member in enumerate(members)
    ]
    for number, substitute in enumerate(substitutes):
        place = (places or {}).get(number)
        here = place is not None or number >= len(substitutes) - idle
        rows.append(
            voting.Attendance(substitute.pk, present=here, in_place_of=None if place is None else members[place].pk)
        )
    return voting.note_attendance(meeting, rows, by=room.secretary)


def opened(room: Room, *, present: int = 7, idle: int = 0, **options: Any) -> CommissionMeeting:
    """Opened by the chair on its day. The caller's clock stands in the room."""
    meeting = options.pop("meeting", None) or with_materials(room, **options)
    with clock.at(IN_THE_ROOM):
        meeting = attended(room, meeting, present=present, idle=idle)
        return voting.open_meeting(meeting, by=room.chair)


def on_vote(room: Room, *, position: int = 1, **options: Any) -> AgendaItem:
    """An item is open and the project was presented."""
    meeting = opened(room, **options)
    with clock.at(IN_THE_ROOM):
        return heard(room, item_of(meeting, position))


def heard(room: Room, item: AgendaItem) -> AgendaItem:
    """Opened by the chair, presented by the applicant."""
    voting.open_item(item, by=room.chair)
    return voting.mark_presented(item, by=room.secretary)


def item_of(meeting: CommissionMeeting, position: int = 1) -> AgendaItem:
    return meeting.items.get(position=position)


def vote(room: Room, item: AgendaItem, votes: str, mark: int | None = None) -> AgendaItem:
    """One letter a voting member, the chair first: f for, a against, o abstained, r recused, - nothing.

    With `mark` all but the recused score so for viability.
    """
    words = {"f": Choice.FOR, "a": Choice.AGAINST, "o": Choice.ABSTAINED, "r": Choice.RECUSED}
    for member, letter in zip(room.voting, votes, strict=False):
        if letter == "-":
            continue
        by = room.actor(member)
        if mark is not None and letter != "r":
            voting.give_score(item, by=by, **{**MARKS, "viability": mark})
        voting.cast_vote(item, choice=words[letter], reason="туысым" if letter == "r" else "", by=by)
    return item


def counted(
    room: Room,
    votes: str = "fffffff",
    *,
    otherwise: str = Ruling.REFUSE,
    reason: str = "Нарық зерттелмеген.",
    **more: Any,
) -> Decision:
    """An item voted on and closed by the chair."""
    item = on_vote(room, **more)
    with clock.at(IN_THE_ROOM):
        vote(room, item, votes, mark=20)
        return voting.close_item(item, otherwise=otherwise, reason=reason, by=room.chair)


def closed(room: Room, votes: str = "fffffff", **more: Any) -> CommissionMeeting:
    """The meeting is over."""
    decision = counted(room, votes, **more)
    with clock.at(IN_THE_ROOM):
        return voting.close_meeting(decision.item.meeting, by=room.chair)


def drafted(room: Room, votes: str = "fffffff", **more: Any) -> CommissionMeeting:
    """The protocol is printed and waits for signatures."""
    meeting = closed(room, votes, **more)
    with clock.at(DAY_AFTER):
        meeting = protocols.draft_protocol(meeting, by=room.secretary)
        print_papers(meeting)
    return meeting


def signed(room: Room, votes: str = "fffffff", **more: Any) -> CommissionMeeting:
    """Signed by everybody who sat, and last by the secretary."""
    meeting = drafted(room, votes, **more)
    with clock.at(DAY_AFTER):
        return all_sign(room, meeting)


def all_sign(room: Room, case: Any) -> Any:
    """Everybody who sat signs, and last the secretary."""
    for member in kinds.sat_at(kinds.meeting_of(case)):
        by = room.actor(member)
        case = protocols.sign_protocol(case, by=by, signatures=signatures(case, by))
    return protocols.complete_protocol(case, by=room.secretary, signatures=signatures(case, room.secretary))


def entered(room: Room, votes: str = "fffffff", *, money: int | None = 10_000_000, **more: Any) -> CommissionMeeting:
    """Every decision is entered; the centre has `money` for the year."""
    meeting = signed(room, votes, **more)
    with clock.at(DAY_AFTER):
        if money is not None:
            fund(room, money)
        for decision in [*decisions.in_rank(meeting), *_refused(meeting)]:
            enter(room, decision)
    return fresh(meeting)


def enter(room: Room, decision: Decision, by: Actor | None = None) -> Decision:
    """Entered as it was counted."""
    decision.refresh_from_db()
    return decisions.enter(
        decision,
        ruling=decision.ruling,
        amount=decision.amount,
        protocol_number=decision.protocol_number,
        by=by or room.secretary,
    )


def _refused(meeting: CommissionMeeting) -> list[Decision]:
    rows = Decision.objects.filter(item__meeting=meeting, corrects=None).exclude(ruling=Ruling.GRANT)
    return list(rows.order_by("pk"))


def fund(room: Room, total: int) -> None:
    """The year's money, entered by the director."""
    budget.set_total(
        room.office, 2026, total=total, basis="2026 жылғы 5 қаңтардағы № 3 бұйрық", by=room.centre.director
    )


def print_papers(case: Any) -> None:
    """What a worker does: every paper of the case that is asked for is printed."""
    asked = Paper.objects.filter(case_kind=case.kind, case_id=case.pk, state=PaperState.ASKED)
    for paper in asked.order_by("pk"):
        papers.render(paper.pk)


def signatures(case: Any, by: Actor) -> dict[int, bytes]:
    """The signatures of `by` under all versions of a protocol."""
    assert by.user is not None
    return {paper.pk: demo_sign(by.user, paper.content(), by.post) for paper in kinds.protocol_papers(case)}


def fresh(meeting: CommissionMeeting) -> CommissionMeeting:
    return CommissionMeeting._base_manager.select_related("office", "commission").get(pk=meeting.pk)


def member_applies(room: Room, member: CommissionMember) -> Any:
    """A member of the commission asks for a grant too."""
    return applications_cases.cleared(room.centre, person=member.user.person)


def stranger() -> Any:
    """Somebody without any post here."""
    return PersonFactory()


__all__ = ["MONDAY", "Room"]
