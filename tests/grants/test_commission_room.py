"""The commission room: quorum, votes, counting, recusal, substitutes, absence (A-32, A-35, FKA04-2.4, 2.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from bastau import clock
from bastau.flow import Actor
from bastau.flow.models import Step
from bastau.papers import actions as printer
from bastau.people.roles import Role
from grants.actions import voting
from grants.models import AgendaItem, GrantApplication, Score
from grants.states import Choice, GrantState, MeetingState, Postponing, Ruling
from tests.factories import PostFactory
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


# ------------------------------------------------------------------------------------------------------- the opening


@pytest.mark.clause("A-32")
def test_five_of_seven_appointed_open_the_meeting(room: cases.Room) -> None:
    assert cases.opened(room, present=5).state == MeetingState.OPENED


@pytest.mark.clause("A-32")
def test_four_of_seven_appointed_do_not_open_it(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    later(lambda: cases.attended(room, meeting, present=4))
    said = later(lambda: told(lambda: voting.open_meeting(meeting, by=room.chair)))
    assert "There is no quorum" in said
    assert cases.fresh(meeting).state == MeetingState.MATERIALS_SENT


def test_a_substitute_in_an_absent_members_place_makes_the_quorum(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    later(lambda: cases.attended(room, meeting, present=4, places={0: 6}))
    assert later(lambda: voting.open_meeting(meeting, by=room.chair)).state == MeetingState.OPENED


def test_a_substitute_who_sits_in_nobodys_place_does_not_count(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    later(lambda: cases.attended(room, meeting, present=4, idle=2))
    assert "quorum" in later(lambda: told(lambda: voting.open_meeting(meeting, by=room.chair)))


def test_the_meeting_is_not_opened_on_another_day(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    cases.attended(room, meeting)
    assert "opened on its day" in told(lambda: voting.open_meeting(meeting, by=room.chair))


def test_a_member_cannot_open_the_meeting(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    later(lambda: cases.attended(room, meeting))
    member = room.actor(room.voting[1])
    assert "post does not include" in later(lambda: told(lambda: voting.open_meeting(meeting, by=member)))


def test_a_chair_who_is_not_noted_as_present_cannot_open(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    rows = [voting.Attendance(member.pk, present=member != room.voting[0]) for member in room.voting]
    later(lambda: voting.note_attendance(meeting, rows, by=room.secretary))
    assert "not noted as present" in later(lambda: told(lambda: voting.open_meeting(meeting, by=room.chair)))


def test_only_a_substitute_sits_in_anothers_place(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    first, second = room.voting[:2]
    rows = [voting.Attendance(first.pk, False), voting.Attendance(second.pk, True, in_place_of=first.pk)]
    assert "Only a substitute" in told(lambda: voting.note_attendance(meeting, rows, by=room.secretary))


def test_two_substitutes_do_not_sit_in_one_place(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    said = told(lambda: cases.attended(room, meeting, present=5, places={0: 6, 1: 6}))
    assert "same place" in said


def test_attendance_is_the_secretarys(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    said = told(lambda: voting.note_attendance(meeting, [], by=room.chair))
    assert "post does not include" in said


# --------------------------------------------------------------------------------------------------------- the vote


@pytest.mark.clause("FKA04-2.5")
def test_before_the_project_is_presented_nobody_votes(room: cases.Room) -> None:
    meeting = cases.opened(room)
    item = later(lambda: voting.open_item(cases.item_of(meeting), by=room.chair))
    said = later(lambda: told(lambda: cases.vote(room, item, "f")))
    assert "presented first" in said


def test_the_presentation_is_noted_by_the_secretary_and_makes_the_application_heard(room: cases.Room) -> None:
    item = cases.on_vote(room)
    assert state_of(item) == GrantState.HEARD
    assert item.presented_at is not None


def test_a_vote_may_be_changed_until_the_item_is_closed(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.vote(room, item, "a"))
    later(lambda: cases.vote(room, item, "f"))
    assert [vote.choice for vote in item.votes.all()] == [Choice.FOR]


def test_after_the_item_is_closed_votes_are_frozen(room: cases.Room) -> None:
    decision = cases.counted(room)
    said = later(lambda: told(lambda: cases.vote(room, decision.item, "a")))
    assert "frozen" in said


def test_the_secretary_does_not_vote(room: cases.Room) -> None:
    item = cases.on_vote(room)
    said = later(lambda: told(lambda: voting.cast_vote(item, choice=Choice.FOR, by=room.secretary)))
    assert "post does not include" in said


def test_a_member_who_becomes_secretary_does_not_vote(room: cases.Room) -> None:
    item = cases.on_vote(room)
    member = room.actor(room.voting[1])
    PostFactory(user=member.user, office=room.office, role=Role.COMMISSION_SECRETARY)
    said = later(lambda: told(lambda: voting.cast_vote(item, choice=Choice.FOR, by=member)))
    assert "secretary of the commission does not vote" in said


def test_the_director_does_not_vote_without_an_appointment(room: cases.Room) -> None:
    item = cases.on_vote(room)
    post = PostFactory(user=room.centre.director.user, office=room.office, role=Role.COMMISSION_MEMBER)
    said = later(lambda: told(lambda: voting.cast_vote(item, choice=Choice.FOR, by=Actor(post.user, post))))
    assert "appointed by order" in said


def test_a_member_released_before_the_day_does_not_vote(room: cases.Room) -> None:
    from datetime import date

    from grants.actions import commission

    meeting = cases.with_materials(room)
    released = room.voting[6]
    commission.release(released, last_day=date(2026, 6, 10), order_number="40-к", by=room.centre.director)
    meeting = cases.opened(room, meeting=meeting)
    item = later(lambda: cases.heard(room, cases.item_of(meeting)))
    said = later(lambda: told(lambda: voting.cast_vote(item, choice=Choice.FOR, by=room.actor(released))))
    assert "appointed by order" in said


def test_an_applicant_who_is_a_member_takes_no_part_in_the_own_item(room: cases.Room) -> None:
    member = room.voting[1]
    own = cases.member_applies(room, member)
    item = cases.on_vote(room, chosen=[own])
    assert "case of their own" in later(
        lambda: told(lambda: voting.cast_vote(item, choice=Choice.FOR, by=room.actor(member)))
    )
    later(lambda: cases.vote(room, item, "f-fffff"))
    decision = later(lambda: voting.close_item(item, otherwise="refuse", by=room.chair))
    assert (decision.item.base, decision.item.votes_recused) == (6, 1)


def test_an_absent_member_does_not_vote(room: cases.Room) -> None:
    item = cases.on_vote(room, present=6)
    absent = room.actor(room.voting[6])
    said = later(lambda: told(lambda: voting.cast_vote(item, choice=Choice.FOR, by=absent)))
    assert "not noted as present" in said


def test_the_item_is_not_closed_while_a_vote_is_missing(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.vote(room, item, "ffffff-"))
    said = later(lambda: told(lambda: voting.close_item(item, otherwise="refuse", by=room.chair)))
    assert "1 member who is present has not voted yet" in said


# ---------------------------------------------------------------------------------------------------- the counting


@pytest.mark.clause("A-32")
@pytest.mark.parametrize(
    ("votes", "present", "ruling"),
    [
        ("ffffaaa", 7, Ruling.GRANT),
        ("fffaaoo", 7, Ruling.REFUSE),
        ("ffffaoo", 7, Ruling.GRANT),
        ("fffaaa-", 6, Ruling.GRANT),
        ("aaafff-", 6, Ruling.REFUSE),
        ("offfaa-", 6, Ruling.REFUSE),
    ],
)
def test_more_than_half_grants_and_exactly_half_follows_the_chair(
    room: cases.Room, votes: str, present: int, ruling: str
) -> None:
    assert cases.counted(room, votes, present=present).ruling == ruling


def test_exactly_half_is_marked_as_the_chairs_decision(room: cases.Room) -> None:
    assert cases.counted(room, "fffaaa-", present=6).item.by_chair


def test_what_is_not_granted_is_postponed_when_the_chair_says_so(room: cases.Room) -> None:
    assert cases.counted(room, "faaaaaa", otherwise=Ruling.POSTPONE).ruling == Ruling.POSTPONE


def test_a_refused_item_has_no_sum(room: cases.Room) -> None:
    assert cases.counted(room, "faaaaaa").amount == 0


def test_a_granted_item_has_the_sum_that_was_asked(room: cases.Room) -> None:
    decision = cases.counted(room)
    assert decision.amount == decision.item.application.grant_sum


def test_the_sum_is_never_more_than_what_was_asked(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.vote(room, item, "fffffff"))
    more = item.application.grant_sum + 1
    said = later(lambda: told(lambda: voting.close_item(item, otherwise="refuse", amount=more, by=room.chair)))
    assert "at most what was asked" in said


def test_closing_the_same_item_twice_gives_one_decision(room: cases.Room) -> None:
    decision = cases.counted(room)
    again = later(lambda: voting.close_item(decision.item, otherwise="refuse", by=room.chair))
    assert again.pk == decision.pk
    assert Step.objects.filter(case_kind="meeting", event="close_item").count() == 1


def test_the_scores_of_those_who_sat_are_summed(room: cases.Room) -> None:
    item = cases.counted(room, "fffffff").item
    assert (item.score_sum, item.score_count) == (7 * 70, 7)


def test_a_mark_above_the_criterion_is_refused(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: told(lambda: voting.give_score(item, by=room.chair, **{**cases.MARKS, "viability": 31})))
    assert not Score.objects.exists()


def test_nobody_scores_before_the_materials_are_sent(room: cases.Room) -> None:
    meeting = cases.notified(room)
    said = told(lambda: voting.give_score(cases.item_of(meeting), by=room.chair, **cases.MARKS))
    assert "materials are sent" in said


# ------------------------------------------------------------------------------------------- recusal and substitutes


@pytest.mark.clause("A-32")
def test_a_recused_member_leaves_the_base(room: cases.Room) -> None:
    item = cases.counted(room, "rfffaaa").item
    assert (item.base, item.votes_recused, item.ruling) == (6, 1, Ruling.REFUSE)


def test_a_recusal_names_the_conflict(room: cases.Room) -> None:
    meeting = cases.notified(room)
    said = told(lambda: voting.cast_vote(cases.item_of(meeting), choice=Choice.RECUSED, by=room.chair))
    assert "conflict of interest" in said


def test_a_member_may_recuse_as_soon_as_the_agenda_is_known(room: cases.Room) -> None:
    meeting = cases.notified(room)
    member = room.actor(room.voting[2])
    vote = voting.cast_vote(cases.item_of(meeting), choice=Choice.RECUSED, reason="ағасы", by=member)
    assert vote.choice == Choice.RECUSED


def test_a_recused_member_does_not_score(room: cases.Room) -> None:
    item = cases.on_vote(room)
    later(lambda: cases.vote(room, item, "r"))
    assert "recused" in later(lambda: told(lambda: voting.give_score(item, by=room.chair, **cases.MARKS)))


@pytest.mark.clause("A-32")
def test_five_present_of_whom_one_is_recused_are_no_quorum_for_that_item(room: cases.Room) -> None:
    meeting = cases.opened(room, present=5)
    item = cases.item_of(meeting)
    member = room.actor(room.voting[1])
    later(lambda: voting.cast_vote(item, choice=Choice.RECUSED, reason="ағасы", by=member))
    said = later(lambda: told(lambda: voting.open_item(item, by=room.chair)))
    assert "4 take part and 5 are needed" in said


@pytest.mark.clause("A-32")
def test_a_substitute_in_the_recused_members_place_restores_the_quorum(room: cases.Room) -> None:
    meeting = cases.opened(room, present=5, idle=1)
    item = cases.item_of(meeting)
    recused, stand_in = room.voting[1], room.substitutes[1]
    later(lambda: voting.cast_vote(item, choice=Choice.RECUSED, reason="ағасы", by=room.actor(recused)))
    later(lambda: voting.seat_stand_in(item, member=recused.pk, substitute=stand_in.pk, by=room.secretary))
    later(lambda: cases.heard(room, item))
    later(lambda: cases.vote(room, item, "f-fff"))
    later(lambda: voting.cast_vote(item, choice=Choice.FOR, by=room.actor(stand_in)))
    decision = later(lambda: voting.close_item(item, otherwise="refuse", by=room.chair))
    assert (decision.item.base, decision.item.votes_for) == (5, 5)


def test_a_substitute_sits_only_for_a_recused_member(room: cases.Room) -> None:
    item = cases.on_vote(room, idle=1)
    said = later(
        lambda: told(
            lambda: voting.seat_stand_in(
                item, member=room.voting[1].pk, substitute=room.substitutes[1].pk, by=room.secretary
            )
        )
    )
    assert "recused on this item" in said


def test_a_substitute_who_sits_nowhere_does_not_vote(room: cases.Room) -> None:
    item = cases.on_vote(room, idle=1)
    by = room.actor(room.substitutes[1])
    assert "not noted as present" in later(lambda: told(lambda: voting.cast_vote(item, choice=Choice.FOR, by=by)))


def test_an_item_without_quorum_is_put_off_by_the_chair(room: cases.Room) -> None:
    meeting = cases.opened(room, present=5)
    item = cases.item_of(meeting)
    later(lambda: voting.cast_vote(item, choice=Choice.RECUSED, reason="ағасы", by=room.actor(room.voting[1])))
    later(lambda: voting.put_off_item(item, cause=Postponing.QUORUM, by=room.chair))
    assert state_of(item) == GrantState.POSTPONED


def test_an_item_with_a_quorum_is_not_put_off_for_want_of_one(room: cases.Room) -> None:
    meeting = cases.opened(room)
    said = later(
        lambda: told(lambda: voting.put_off_item(cases.item_of(meeting), cause=Postponing.QUORUM, by=room.chair))
    )
    assert "There is a quorum" in said
