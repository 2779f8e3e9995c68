"""The commission room: a quorum that is lost, applicants who do not come, and who sees the votes (A-32, A-35)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from bastau import clock
from bastau.papers import actions as printer
from grants.actions import meetings, voting
from grants.models import AgendaItem, CommissionMeeting, GrantApplication, Vote
from grants.states import GrantState, ItemEnd, MeetingState, Postponing
from tests.grants import applications_cases
from tests.grants import commission_cases as cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _plain_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed is tested elsewhere; here a paper only has bytes of its own."""
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())


@pytest.fixture
def room() -> cases.Room:
    return cases.Room.open()


def told(act: Callable[[], Any]) -> str:
    """The sentence with which `act` is refused."""
    with override("en"), pytest.raises(ValidationError) as refused:
        act()
    with override("en"):
        return " ".join(refused.value.messages)


def later(act: Callable[[], Any]) -> Any:
    """What `act` gives in the room."""
    with clock.at(cases.IN_THE_ROOM):
        return act()


def state_of(item: AgendaItem) -> str:
    return GrantApplication._base_manager.get(pk=item.application_id).state


# ------------------------------------------------------------------------------------------------- the lost quorum


@pytest.mark.clause("FKA04-2.4")
def test_when_members_leave_below_the_quorum_the_meeting_is_suspended_at_once(room: cases.Room) -> None:
    item = cases.on_vote(room)
    meeting = later(lambda: cases.attended(room, item.meeting, present=4))
    assert meeting.state == MeetingState.SUSPENDED


def test_nothing_is_closed_while_the_meeting_is_suspended(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.vote(room, item, "fffffff"))
    later(lambda: cases.attended(room, item.meeting, present=4))
    said = later(lambda: told(lambda: voting.close_item(item, otherwise="refuse", by=room.chair)))
    assert "not open now" in said


def test_the_meeting_goes_on_when_the_quorum_is_back(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.attended(room, item.meeting, present=4))
    later(lambda: cases.attended(room, item.meeting, present=5))
    assert later(lambda: voting.resume(cases.fresh(item.meeting), by=room.chair)).state == MeetingState.OPENED


def test_without_the_quorum_the_meeting_does_not_go_on(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.attended(room, item.meeting, present=4))
    assert "quorum" in later(lambda: told(lambda: voting.resume(cases.fresh(item.meeting), by=room.chair)))


def test_what_waits_when_a_suspended_meeting_is_closed_goes_to_the_next_one(room: cases.Room) -> None:
    item = cases.on_vote(room, applications=2)
    later(lambda: cases.attended(room, item.meeting, present=4))
    later(lambda: voting.close_meeting(cases.fresh(item.meeting), by=room.chair))
    assert {state_of(one) for one in item.meeting.items.all()} == {GrantState.POSTPONED}


def test_the_meeting_is_not_closed_while_an_item_waits(room: cases.Room) -> None:
    meeting = cases.opened(room)
    assert "still waits" in later(lambda: told(lambda: voting.close_meeting(meeting, by=room.chair)))


# ------------------------------------------------------------------------------------------------------ the absence


@pytest.mark.clause("A-35")
def test_who_does_not_come_is_put_off_to_the_next_meeting_once(room: cases.Room) -> None:
    meeting = cases.opened(room)
    item = later(lambda: voting.put_off_item(cases.item_of(meeting), cause=Postponing.ABSENT, by=room.chair))
    assert (item.end, state_of(item)) == (ItemEnd.PUT_OFF, GrantState.POSTPONED)


def second_absence(room: cases.Room) -> AgendaItem:
    application = applications_cases.cleared(room.centre)
    meeting = cases.opened(room, chosen=[application])
    first = cases.item_of(meeting)
    later(lambda: voting.put_off_item(first, cause=Postponing.ABSENT, by=room.chair))
    later(lambda: voting.close_meeting(cases.fresh(meeting), by=room.chair))
    application.refresh_from_db()
    return cases.item_of(cases.opened(room, chosen=[application]))


@pytest.mark.clause("A-35")
def test_a_second_absence_closes_the_application(room: cases.Room) -> None:
    item = second_absence(room)
    later(lambda: voting.strike_item(item, by=room.secretary))
    assert state_of(item) == GrantState.CLOSED_NO_SHOW


@pytest.mark.clause("A-35")
def test_a_second_absence_without_good_reason_is_not_put_off(room: cases.Room) -> None:
    item = second_absence(room)
    said = later(lambda: told(lambda: voting.put_off_item(item, cause=Postponing.ABSENT, by=room.chair)))
    assert "absent before" in said


def test_a_second_absence_for_a_good_reason_is_put_off(room: cases.Room) -> None:
    item = second_absence(room)
    later(
        lambda: voting.put_off_item(item, cause=Postponing.ABSENT_GOOD_REASON, reason="ауруханада жатыр", by=room.chair)
    )
    assert state_of(item) == GrantState.POSTPONED


@pytest.mark.clause("A-35")
def test_a_first_absence_does_not_close_the_application(room: cases.Room) -> None:
    meeting = cases.opened(room)
    said = later(lambda: told(lambda: voting.strike_item(cases.item_of(meeting), by=room.secretary)))
    assert "not absent before" in said
    assert state_of(cases.item_of(meeting)) == GrantState.SCHEDULED


def test_a_good_reason_is_written_down(room: cases.Room) -> None:
    meeting = cases.opened(room)
    item = cases.item_of(meeting)
    said = later(lambda: told(lambda: voting.put_off_item(item, cause=Postponing.ABSENT_GOOD_REASON, by=room.chair)))
    assert "good reason" in said


def test_a_withdrawn_application_leaves_the_agenda(room: cases.Room) -> None:
    from grants.actions import applications

    meeting = cases.opened(room)
    item = cases.item_of(meeting)
    applications.withdraw(item.application, by=applications_cases.applicant(item.application))
    assert not meetings.heard_by(meeting).exists()
    assert later(lambda: voting.close_meeting(meeting, by=room.chair)).state == MeetingState.CLOSED


def test_an_item_withdrawn_while_it_is_open_is_put_off_and_stays_withdrawn(room: cases.Room) -> None:
    from grants.actions import applications

    meeting = cases.opened(room)
    item = later(lambda: voting.open_item(cases.item_of(meeting), by=room.chair))
    applications.withdraw(item.application, by=applications_cases.applicant(item.application))
    later(lambda: voting.put_off_item(item, cause=Postponing.QUORUM, by=room.chair))
    assert state_of(item) == GrantState.WITHDRAWN
    assert cases.fresh(meeting).state == MeetingState.OPENED


# ------------------------------------------------------------------------------------------------ who sees the votes


def test_a_member_sees_the_own_vote_alone_before_the_item_is_closed(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.vote(room, item, "ffa"))
    assert [vote.member for vote in Vote.objects.visible_to(room.chair.user)] == [room.voting[0]]


def test_the_secretary_sees_no_vote_before_the_item_is_closed(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.vote(room, item, "ffa"))
    assert not Vote.objects.visible_to(room.secretary.user).exists()


def test_the_secretary_and_the_director_see_all_votes_after_it(room: cases.Room) -> None:
    cases.counted(room)
    for actor in (room.secretary, room.centre.director):
        assert Vote.objects.visible_to(actor.user).count() == 7


def test_a_member_sees_meetings_only_once_called_and_appointed(room: cases.Room) -> None:
    meeting = cases.planned(room)
    member = room.actor(room.voting[1])
    assert not CommissionMeeting.objects.visible_to(member.user).exists()
    meetings.notify(meeting, by=room.secretary)
    assert CommissionMeeting.objects.visible_to(member.user).exists()
