"""Calling a meeting, telling, materials, postponing; the composition; the terms (A-32…A-34, FKA04-2.1…2.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from bastau import clock, workdays
from bastau.flow.models import Deadline
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.papers import actions as printer
from bastau.papers import printing
from bastau.papers.models import Paper, PaperState
from bastau.people.roles import Role
from grants.actions import commission, meetings, voting
from grants.models import CommissionMeeting, GrantApplication
from grants.rules import meetings as rules
from grants.states import GrantState, MeetingState
from tests.conftest import ALMATY
from tests.factories import PostFactory
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


def called(room: cases.Room, day: datetime) -> CommissionMeeting:
    return meetings.call_meeting(
        office=room.office, starts_at=day, place_kk="Зал", place_ru="Зал", minutes=5, by=room.secretary
    )


def term(meeting: CommissionMeeting, name: str) -> Deadline:
    return Deadline.objects.filter(case_kind="meeting", case_id=meeting.pk, name=name).latest("pk")


# ------------------------------------------------------------------------------------------------------ composition


def appointed(voting_members: int, chairs: int = 1) -> list[rules.Appointed]:
    return [rules.Appointed(number < chairs, False) for number in range(voting_members)]


@pytest.mark.clause("A-32")
@pytest.mark.parametrize(("number", "faults"), [(3, 1), (4, 2), (5, 0), (6, 1), (7, 0)])
def test_a_commission_has_an_odd_number_of_members_and_at_least_five(number: int, faults: int) -> None:
    assert len(rules.composition_faults(appointed(number))) == faults


@pytest.mark.parametrize("chairs", [0, 2])
def test_a_commission_has_one_chair(chairs: int) -> None:
    assert len(rules.composition_faults(appointed(5, chairs))) == 1


def test_substitutes_are_not_counted_among_the_members() -> None:
    assert not rules.composition_faults([*appointed(5), rules.Appointed(False, True)])


def test_only_the_director_appoints() -> None:
    room = cases.Room.open()
    room.centre.director = room.secretary
    with pytest.raises(ValidationError):
        room.appoint(applications_cases.hired(room.office, Role.COMMISSION_MEMBER))


def test_the_same_order_twice_appoints_once(room: cases.Room) -> None:
    before = room.commission.members.count()
    room.appoint(room.chair, is_chair=True)
    assert room.commission.members.count() == before


def test_the_secretary_is_never_appointed(room: cases.Room) -> None:
    PostFactory(user=room.secretary.user, office=room.office, role=Role.COMMISSION_MEMBER)
    assert "secretary" in told(lambda: room.appoint(room.secretary))


def test_who_holds_no_post_of_the_commission_is_not_appointed(room: cases.Room) -> None:
    assert "no such post" in told(lambda: room.appoint(room.centre.specialist))


def test_there_is_no_second_chair_at_the_same_time(room: cases.Room) -> None:
    other = applications_cases.hired(room.office, Role.COMMISSION_CHAIR)
    assert "has a chair" in told(lambda: room.appoint(other, is_chair=True))


def test_a_new_chair_follows_the_released_one(room: cases.Room) -> None:
    first = room.voting[0]
    commission.release(first, last_day=date(2026, 6, 30), order_number="40-к", by=room.centre.director)
    other = applications_cases.hired(room.office, Role.COMMISSION_CHAIR)
    assert room.appoint(other, is_chair=True, since=date(2026, 7, 1)).is_chair


def test_the_last_day_of_an_appointment_belongs_to_it(room: cases.Room) -> None:
    member = room.voting[1]
    commission.release(member, last_day=date(2026, 6, 11), order_number="40-к", by=room.centre.director)
    assert member in room.commission.members.on(date(2026, 6, 11))
    assert member not in room.commission.members.on(date(2026, 6, 12))


def test_a_commission_of_six_is_not_notified(room: cases.Room) -> None:
    meeting = cases.planned(room)
    commission.release(room.voting[6], last_day=date(2026, 6, 9), order_number="40-к", by=room.centre.director)
    assert "as it is composed" in told(lambda: meetings.notify(meeting, by=room.secretary))


# ----------------------------------------------------------------------------------------------------------- calling


@pytest.mark.clause("A-33")
@pytest.mark.clause("FKA04-2.1")
def test_a_meeting_is_called_for_the_third_working_day_at_the_earliest(room: cases.Room) -> None:
    assert called(room, cases.MEETING_DAY).state == MeetingState.PLANNED


@pytest.mark.clause("A-33")
def test_a_meeting_on_the_second_working_day_is_refused_with_the_earliest_day(room: cases.Room) -> None:
    said = told(lambda: called(room, cases.MEETING_DAY - timedelta(days=1)))
    assert "at least 3 working days" in said
    assert "11 June 2026" in said


def test_a_weekend_between_is_not_counted(room: cases.Room) -> None:
    with clock.at(datetime(2026, 6, 5, 10, 0, tzinfo=ALMATY)):
        assert "10 June 2026" in told(lambda: called(room, datetime(2026, 6, 9, 11, 0, tzinfo=ALMATY)))


def test_after_the_office_has_closed_the_day_is_gone(room: cases.Room) -> None:
    with clock.at(datetime(2026, 6, 8, 18, 31, tzinfo=ALMATY)):
        assert "12 June 2026" in told(lambda: called(room, cases.MEETING_DAY))


def test_the_commission_does_not_meet_on_a_day_off(room: cases.Room) -> None:
    assert "working day" in told(lambda: called(room, datetime(2026, 6, 14, 11, 0, tzinfo=ALMATY)))


def test_two_clicks_call_one_meeting(room: cases.Room) -> None:
    assert called(room, cases.MEETING_DAY).pk == called(room, cases.MEETING_DAY).pk


def test_only_the_secretary_calls(room: cases.Room) -> None:
    room.centre.secretary = room.centre.specialist
    assert "post does not include" in told(lambda: called(room, cases.MEETING_DAY))


def test_without_a_commission_nothing_is_called() -> None:
    centre = applications_cases.GrantCentre.open()
    said = told(
        lambda: meetings.call_meeting(
            office=centre.office, starts_at=cases.MEETING_DAY, place_kk="Зал", place_ru="Зал", minutes=5,
            by=centre.secretary,
        )
    )  # fmt: skip
    assert "director forms it" in said


def test_candidates_are_checked_and_postponed_applications_of_the_centre(room: cases.Room) -> None:
    ready = applications_cases.cleared(room.centre)
    applications_cases.in_check(room.centre)
    postponed = applications_cases.postponed(room.centre)
    assert list(meetings.candidates(room.office)) == [ready, postponed]


def test_an_application_on_the_agenda_is_scheduled(room: cases.Room) -> None:
    meeting = cases.planned(room)
    assert cases.item_of(meeting).application.state == GrantState.SCHEDULED


def test_choosing_the_same_application_twice_puts_it_on_once(room: cases.Room) -> None:
    meeting = cases.planned(room)
    application = GrantApplication._base_manager.get()
    assert meetings.put_on_agenda(meeting, [application], by=room.secretary) == []


def test_earlier_applications_come_first_on_the_agenda(room: cases.Room) -> None:
    with clock.at(datetime(2026, 6, 4, 10, 0, tzinfo=ALMATY)):
        early = applications_cases.cleared(room.centre)
    late = applications_cases.cleared(room.centre)
    meeting = cases.planned(room, chosen=[late, early])
    assert [item.application for item in meeting.items.order_by("position")] == [early, late]


def test_nothing_is_added_to_an_agenda_that_was_told(room: cases.Room) -> None:
    meeting = cases.notified(room)
    other = applications_cases.cleared(room.centre)
    assert "next meeting" in told(lambda: meetings.put_on_agenda(meeting, [other], by=room.secretary))


# ------------------------------------------------------------------------------------------------------------ telling


@pytest.mark.clause("FKA04-2.2")
def test_members_substitutes_and_applicants_are_told_when_and_where(room: cases.Room) -> None:
    cases.notified(room)
    told_of = Notice.objects.filter(code="N-GR-MEETING")
    assert told_of.filter(case_kind="meeting").count() == 9
    citizen = told_of.get(case_kind="grant")
    assert citizen.text == ("Комиссия отырысы. Күні: 11.06.2026, уақыты: 11:00, орны: Қарағанды қ., Үлгі көшесі, 1-үй.")


def test_the_applicant_gets_an_invitation_in_the_own_cabinet(room: cases.Room) -> None:
    cases.notified(room)
    paper = Paper.objects.get(kind="invitation")
    assert paper.shown_to_person
    words = printing.html_of(paper)
    assert "Сізді комиссия отырысына шақырамыз. Күні: 2026 жылғы &quot;11&quot; маусым, сағаты: 11:00" in words


def test_an_empty_agenda_is_not_notified(room: cases.Room) -> None:
    meeting = cases.planned(room, applications=0)
    assert "agenda is empty" in told(lambda: meetings.notify(meeting, by=room.secretary))


@pytest.mark.clause("A-33")
def test_notices_are_not_sent_later_than_three_working_days_before(room: cases.Room) -> None:
    meeting = cases.planned(room)
    with clock.at(datetime(2026, 6, 9, 9, 30, tzinfo=ALMATY)):
        assert "too near" in told(lambda: meetings.notify(meeting, by=room.secretary))


@pytest.mark.clause("FKA04-2.3")
def test_the_materials_are_told_to_the_members(room: cases.Room) -> None:
    cases.with_materials(room)
    assert Notice.objects.filter(code="N-GR-MATERIALS").count() == 9


# ---------------------------------------------------------------------------------------------------------- postponing


def test_a_postponed_meeting_is_told_and_called_for_a_new_date(room: cases.Room) -> None:
    meeting = meetings.postpone(cases.notified(room), reason="Зал жөнделуде", by=room.secretary)
    assert Notice.objects.filter(code="N-GR-MEETING-POSTPONED").count() == 10
    again = meetings.call_again(
        meeting, starts_at=cases.MEETING_DAY + timedelta(days=7), place_kk="Зал", place_ru="Зал", minutes=5,
        by=room.secretary,
    )  # fmt: skip
    assert (again.state, again.round) == (MeetingState.NOTIFIED, 2)
    assert Notice.objects.filter(code="N-GR-MEETING", case_kind="grant").count() == 2


def test_the_former_invitation_is_void_after_a_new_date(room: cases.Room) -> None:
    meetings.postpone(cases.notified(room), reason="Зал жөнделуде", by=room.secretary)
    assert {paper.state for paper in Paper.objects.filter(kind="invitation")} == {PaperState.VOID}


def test_a_new_date_needs_its_three_working_days_too(room: cases.Room) -> None:
    meeting = meetings.postpone(cases.notified(room), reason="Зал жөнделуде", by=room.secretary)
    said = told(
        lambda: meetings.call_again(
            meeting, starts_at=cases.MEETING_DAY - timedelta(days=1), place_kk="Зал", place_ru="Зал", minutes=5,
            by=room.secretary,
        )
    )  # fmt: skip
    assert "at least 3 working days" in said


def test_a_meeting_without_quorum_at_its_opening_is_postponed_by_the_chair(room: cases.Room) -> None:
    meeting = cases.with_materials(room)
    with clock.at(cases.IN_THE_ROOM):
        cases.attended(room, meeting, present=4)
        assert meetings.postpone(meeting, reason="Кворум жоқ", by=room.chair).state == MeetingState.POSTPONED


def test_a_postponing_says_why(room: cases.Room) -> None:
    assert "why" in told(lambda: meetings.postpone(cases.notified(room), reason=" ", by=room.secretary))


# ---------------------------------------------------------------------------------------------------------- the terms


@pytest.mark.clause("A-33")
def test_the_notice_is_due_three_working_days_before_the_meeting(room: cases.Room) -> None:
    meeting = cases.planned(room)
    due = term(meeting, "T-MEET-NOTICE").due_at.astimezone(ALMATY)
    assert due == datetime(2026, 6, 8, 18, 30, tzinfo=ALMATY)


def test_the_term_of_the_notice_explains_itself_with_three_counted_days() -> None:
    found = rules.notice_due(date(2026, 6, 16), workdays.current("centre"), "Asia/Almaty")
    assert found.due_on == date(2026, 6, 11)
    assert [day.number for day in found.days if day.counted] == [1, 2, 3]


def test_a_missed_notice_is_recorded_and_told(room: cases.Room) -> None:
    meeting = cases.planned(room)
    with clock.at(datetime(2026, 6, 8, 19, 0, tzinfo=ALMATY)):
        sweep()
    assert term(meeting, "T-MEET-NOTICE").breached_at is not None
    assert Notice.objects.filter(code="N-DEADLINE-BREACHED", user=room.secretary.user).exists()


def test_the_notices_sent_close_their_term_in_time(room: cases.Room) -> None:
    row = term(cases.notified(room), "T-MEET-NOTICE")
    assert (row.closed_by_event, row.breached_at) == ("notify", None)


@pytest.mark.clause("A-34")
def test_the_protocol_is_due_three_working_days_after_the_meeting(room: cases.Room) -> None:
    meeting = cases.closed(room)
    due = term(meeting, "T-PROTOCOL").due_at.astimezone(ALMATY)
    assert due == datetime(2026, 6, 16, 18, 30, tzinfo=ALMATY)


def test_a_protocol_signed_late_is_recorded_as_late(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    with clock.at(datetime(2026, 6, 17, 9, 0, tzinfo=ALMATY)):
        cases.all_sign(room, meeting)
    row = term(meeting, "T-PROTOCOL")
    assert (row.closed_by_event, row.breached_at is not None) == ("complete_protocol", True)


@pytest.mark.clause("A-34")
def test_the_decisions_are_due_two_working_days_after_the_signing(room: cases.Room) -> None:
    meeting = cases.signed(room)
    due = term(meeting, "T-DECISION-ENTRY").due_at.astimezone(ALMATY)
    assert due == datetime(2026, 6, 16, 18, 30, tzinfo=ALMATY)


def test_decisions_entered_in_time_close_the_term(room: cases.Room) -> None:
    row = term(cases.entered(room), "T-DECISION-ENTRY")
    assert (row.closed_by_event, row.breached_at) == ("finish_entry", None)


def test_a_missed_entry_is_recorded(room: cases.Room) -> None:
    meeting = cases.signed(room)
    with clock.at(datetime(2026, 6, 16, 19, 0, tzinfo=ALMATY)):
        sweep()
    assert term(meeting, "T-DECISION-ENTRY").breached_at is not None


def test_a_missed_protocol_is_recorded(room: cases.Room) -> None:
    meeting = cases.closed(room)
    with clock.at(datetime(2026, 6, 16, 19, 0, tzinfo=ALMATY)):
        sweep()
    assert term(meeting, "T-PROTOCOL").breached_at is not None


def test_the_attendance_of_a_postponed_day_is_forgotten(room: cases.Room) -> None:
    meeting = cases.attended(room, cases.notified(room))
    meetings.postpone(meeting, reason="Зал жөнделуде", by=room.secretary)
    assert not meeting.seats.exists()
    assert "from the notice" in told(lambda: voting.note_attendance(meeting, [], by=room.secretary))
