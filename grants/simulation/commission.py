"""The commission of a centre: formed, called, told, sitting, its protocol signed, its decisions entered."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from bastau.flow import Actor
from grants import seating
from grants.actions import commission, decisions, meetings, protocols, voting
from grants.models import AgendaItem, Commission, CommissionMeeting, CommissionMember, Decision, GrantApplication
from grants.papers import meetings as kinds
from grants.simulation.days import in_working_days, on_desk, signatures, today
from grants.simulation.staff import MEMBERS, GrantTeam
from grants.states import Choice, GrantState, MeetingState, Postponing, Ruling
from referrals.simulation.world import World

#: The commission meets again after so many days, when somebody waits.
EVERY = timedelta(days=14)
#: A meeting is called so many working days ahead; the notices need three.
AHEAD = 5
MINUTES, MOST_ITEMS = 15, 20
ORDER = "К-12"
OPEN_MEETINGS = (MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.MATERIALS_SENT)
#: The score sheet with the highest mark of each criterion (SPEC 2.10).
MOST = {"viability": 30, "market": 20, "finance": 20, "preparedness": 15, "jobs": 15}
WEAK = "Нарық зерттелмеген, өткізу арналары көрсетілмеген."
GOOD = "Жоба өміршең, шығындар негізделген."
AGAIN = "Смета нақтылануы керек."
ABSENT = "Іссапарда."
QUESTION = "Өнім қайда өткізіледі? Өтініш иесі жауап берді."


class CommissionWork:
    """The secretary's desk, the members and the room."""

    def __init__(self, world: World, staff: GrantTeam) -> None:
        self.world, self.staff = world, staff

    # -------------------------------------------------------------------------------------------- before the meeting

    def before_the_meeting(self) -> None:
        """Materials of the meeting that is told of; a new meeting when people wait and none is called."""
        if not self._composed():
            return
        for meeting in self._in(MeetingState.NOTIFIED):
            meetings.send_materials(meeting, by=self.staff.secretary)
        for meeting in self._in(MeetingState.PLANNED):
            if meeting.items.filter(application__state=GrantState.SCHEDULED).exists():
                meetings.notify(meeting, by=self.staff.secretary)
        for meeting in self._in(*OPEN_MEETINGS):
            if meeting.held_on < today(self.staff.centre):
                # Nobody could open it on its day: it is called anew.
                meetings.postpone(meeting, reason="Кворум болмады.", by=self.staff.secretary)
        for meeting in self._in(MeetingState.POSTPONED):
            if meeting.items.filter(application__state=GrantState.SCHEDULED).exists():
                meetings.call_again(meeting, by=self.staff.secretary, **self._when())
        waiting = list(meetings.candidates(self.staff.centre)[:MOST_ITEMS])
        if waiting and not self._in(*OPEN_MEETINGS, MeetingState.POSTPONED) and self._rested():
            self._call(waiting)

    def _call(self, waiting: list[GrantApplication]) -> None:
        by = self.staff.secretary
        meeting = meetings.call_meeting(office=self.staff.centre, by=by, **self._when())
        meetings.put_on_agenda(meeting, waiting, by=by)
        meetings.notify(meeting, by=by)

    def _when(self) -> dict[str, Any]:
        centre = self.staff.centre
        return {
            "starts_at": in_working_days(centre, AHEAD, time(15)),
            "place_kk": centre.address_kk,
            "place_ru": centre.address_ru,
            "minutes": MINUTES,
        }

    def _rested(self) -> bool:
        last = CommissionMeeting._base_manager.filter(office=self.staff.centre).order_by("-held_on").first()
        return last is None or today(self.staff.centre) - last.held_on >= EVERY

    # --------------------------------------------------------------------------------------------- the commission

    def _composed(self) -> bool:
        """Form the commission at the first need, of those who hold the posts; whether it may sit."""
        known = Commission.objects.filter(office=self.staff.centre).first()
        if known is None:
            if not meetings.candidates(self.staff.centre).exists():
                return False
            known = commission.form(
                office=self.staff.centre,
                order_number=ORDER,
                order_date=today(self.staff.centre),
                by=self.staff.director,
            )
        if not known.members.exists():
            self._appoint(known)
        return True

    def _appoint(self, formed: Commission) -> None:
        on, number = today(self.staff.centre), formed.order_number
        people = [(self.staff.chair, True, False)]
        people += [(one, False, n >= MEMBERS) for n, one in enumerate(self.staff.members)]
        for actor, chair, substitute in people:
            assert actor.user is not None
            commission.appoint(
                formed,
                user=actor.user,
                is_chair=chair,
                is_substitute=substitute,
                order_number=number,
                order_date=on,
                since=on,
                by=self.staff.director,
            )

    # ---------------------------------------------------------------------------------------------------- the meeting

    def sit(self) -> None:
        """The meeting of today: attendance, items one by one, closed."""
        on = today(self.staff.centre)
        for meeting in self._in(MeetingState.MATERIALS_SENT):
            if meeting.held_on != on or not meeting.items.filter(application__state=GrantState.SCHEDULED).exists():
                continue
            self._attend(meeting)
            meeting = voting.open_meeting(self._fresh(meeting), by=self.staff.chair)
            for item in meetings.heard_by(meeting):
                self._hear(item)
            voting.close_meeting(meeting, by=self.staff.chair)

    def _attend(self, meeting: CommissionMeeting) -> None:
        members = seating.members_of(meeting)
        sitting = [one for one in members if not one.is_substitute and not one.is_chair]
        substitute = next((one for one in members if one.is_substitute), None)
        away = self.world.chance.choice(sitting) if substitute and self.world.chance.random() < 0.3 else None
        rows = []
        for one in members:
            here = (away is not None) if one.is_substitute else one != away
            place = away.pk if one.is_substitute and away is not None else None
            rows.append(voting.Attendance(one.pk, here, "" if here else ABSENT, place))
        voting.note_attendance(meeting, rows, by=self.staff.secretary)

    def _hear(self, item: AgendaItem) -> None:
        chance = self.world.chance.random()
        chair, secretary = self.staff.chair, self.staff.secretary
        if chance < 0.08:
            if item.application.absences:
                voting.strike_item(item, by=secretary)
            else:
                voting.put_off_item(item, cause=Postponing.ABSENT, by=chair)
            return
        item = voting.open_item(item, by=chair)
        item = voting.mark_presented(item, online=chance > 0.9, by=secretary)
        wanted = Ruling.REFUSE if chance < 0.22 else Ruling.POSTPONE if chance < 0.27 else Ruling.GRANT
        self._vote(item, wanted)
        reason = {Ruling.REFUSE: WEAK, Ruling.POSTPONE: AGAIN, Ruling.GRANT: GOOD}[wanted]
        voting.word_item(item, questions=QUESTION, reason=reason, by=secretary)
        otherwise = Ruling.REFUSE if wanted == Ruling.GRANT else wanted
        voting.close_item(item, otherwise=otherwise, reason=reason, by=chair)

    def _vote(self, item: AgendaItem, wanted: Ruling) -> None:
        bench = seating.bench_on(item).sitting
        good = wanted == Ruling.GRANT
        against = {member.pk for member in bench[1 : 1 + self.world.chance.randrange(2)]}
        base = self.world.chance.randrange(60, 100) if good else self.world.chance.randrange(30, 60)
        for member in bench:
            by = self._actor(member)
            share = min(100, base + self.world.chance.randrange(-8, 9))
            marks = {name: most * share // 100 for name, most in MOST.items()}
            voting.give_score(item, by=by, **marks)
            for_it = good and member.pk not in against
            voting.cast_vote(item, choice=Choice.FOR if for_it else Choice.AGAINST, by=by)

    def _actor(self, member: CommissionMember) -> Actor:
        everybody = (self.staff.chair, *self.staff.members)
        return next(one for one in everybody if one.user and one.user.pk == member.user_id)

    # ---------------------------------------------------------------------------------------------- after the meeting

    def after_the_meeting(self) -> None:
        """The protocol the day after, signed by who sat; then the decisions entered as it says."""
        for meeting in on_desk(self.world, self._in(MeetingState.PROTOCOL_SIGNED)):
            self._enter(meeting)
        for meeting in on_desk(self.world, self._in(MeetingState.PROTOCOL_DRAFT)):
            self._sign(meeting)
        for meeting in self._in(MeetingState.CLOSED):
            protocols.draft_protocol(meeting, by=self.staff.secretary)

    def _sign(self, meeting: CommissionMeeting) -> None:
        found = kinds.protocol_papers(meeting)
        for member in kinds.sat_at(meeting):
            by = self._actor(member)
            meeting = protocols.sign_protocol(meeting, by=by, signatures=signatures(found, by))
            found = kinds.protocol_papers(meeting)
        secretary = self.staff.secretary
        protocols.complete_protocol(meeting, by=secretary, signatures=signatures(found, secretary))

    def _enter(self, meeting: CommissionMeeting) -> None:
        rest = Decision.objects.filter(item__meeting=meeting, corrects=None).exclude(ruling=Ruling.GRANT)
        found = [*decisions.in_rank(meeting), *rest.order_by("pk")]
        for decision in found:
            decision.refresh_from_db()
            if decision.entered_at is None:
                decisions.enter(
                    decision,
                    ruling=decision.ruling,
                    amount=decision.amount,
                    protocol_number=decision.protocol_number,
                    by=self.staff.secretary,
                )
        if not found:
            decisions.finish_entry(meeting, by=self.staff.secretary)

    # -------------------------------------------------------------------------------------------------------- reading

    def _in(self, *states: str) -> list[CommissionMeeting]:
        mine = CommissionMeeting._base_manager.filter(office=self.staff.centre, state__in=states)
        return list(mine.select_related("office", "commission").order_by("pk"))

    def _fresh(self, meeting: CommissionMeeting) -> CommissionMeeting:
        return CommissionMeeting._base_manager.select_related("office", "commission").get(pk=meeting.pk)
