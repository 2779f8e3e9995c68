"""The commission's pages: the secretary's, the members', the chair's, the director's (SPEC 4.10, 5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bastau import clock
from bastau.flow import Actor
from bastau.papers import actions as printer
from bastau.people.citizens import account_of
from bastau.people.roles import Role
from grants.actions import commission, voting
from grants.models import AgendaItem, Commission, CommissionMeeting, Decision, Score, Vote
from grants.states import Choice, GrantState, MeetingState, Postponing, Ruling
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


@pytest.fixture
def browse(client: Client) -> Callable[..., Any]:
    """`browse(actor, name, *args)` opens a page; with `data` it is posted."""

    def ask(actor: Actor, name: str, *args: Any, data: dict[str, Any] | None = None) -> Any:
        assert actor.user is not None
        actor.user.language = "en"
        actor.user.save(update_fields=["language"])
        client.force_login(actor.user)
        client.cookies["django_language"] = "en"
        url = name if name.startswith("/") else reverse(name, args=args)
        return client.post(url, data, follow=True) if data is not None else client.get(url, follow=True)

    return ask


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page_of(meeting: CommissionMeeting) -> str:
    return reverse("workplace:grants_commissionmeeting_change", args=[meeting.pk])


def press(browse: Any, actor: Actor, meeting: CommissionMeeting, event: str, **data: Any) -> Any:
    seen = browse(actor, page_of(meeting)).context["seen"]
    url = reverse("workplace:grants_commissionmeeting_do", args=[meeting.pk, event])
    return browse(actor, url, data={"seen": seen, **data})


WHEN = {
    "day_day": "11", "day_month": "6", "day_year": "2026", "time": "11:00", "place_kk": "Зал", "place_ru": "Зал",
    "minutes": "5",
}  # fmt: skip


# -------------------------------------------------------------------------------------------------- the secretary


def test_the_secretary_calls_a_meeting_and_chooses_the_applications(room: cases.Room, browse: Any) -> None:
    application = applications_cases.cleared(room.centre)
    answer = browse(room.secretary, "grants_office:call", data=WHEN)
    meeting = CommissionMeeting.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("grants_office:agenda", args=[meeting.pk])
    browse(room.secretary, "grants_office:agenda", meeting.pk, data={"application": [str(application.pk)]})
    assert [item.application for item in meeting.items.all()] == [application]


def test_a_day_that_is_too_near_comes_back_with_what_was_typed(room: cases.Room, browse: Any) -> None:
    answer = browse(room.secretary, "grants_office:call", data=WHEN | {"day_day": "10"})
    assert answer.status_code == 422
    assert "The earliest day for this meeting is 11 June 2026" in words(answer)
    assert 'value="Зал"' in answer.content.decode()
    assert not CommissionMeeting.objects.exists()


def test_a_specialist_finds_no_page_to_call_a_meeting(room: cases.Room, browse: Any) -> None:
    assert browse(room.centre.specialist, "grants_office:call").status_code == 404


def test_the_secretary_tells_everybody_from_the_meetings_page(room: cases.Room, browse: Any) -> None:
    meeting = cases.planned(room)
    press(browse, room.secretary, meeting, "notify")
    assert cases.fresh(meeting).state == MeetingState.NOTIFIED


def test_the_secretary_postpones_with_a_reason_and_fixes_a_new_date(room: cases.Room, browse: Any) -> None:
    meeting = cases.notified(room)
    press(browse, room.secretary, meeting, "postpone", **{"postpone-reason": "Зал жөнделуде"})
    assert cases.fresh(meeting).state == MeetingState.POSTPONED
    later = {f"call_again-{name}": value for name, value in (WHEN | {"day_day": "18"}).items()}
    press(browse, room.secretary, meeting, "call_again", **later)
    assert cases.fresh(meeting).state == MeetingState.NOTIFIED


def test_the_secretary_notes_the_attendance(room: cases.Room, browse: Any) -> None:
    meeting = cases.with_materials(room)
    chair, absent, *rest = room.voting
    data = {f"here_{one.pk}": "on" for one in (chair, *rest, room.substitutes[0])}
    data |= {f"reason_{absent.pk}": "ауырып қалды", f"place_{room.substitutes[0].pk}": str(absent.pk)}
    browse(room.secretary, "grants_office:attendance", meeting.pk, data=data)
    assert meeting.seats.filter(present=True).count() == 7
    assert meeting.seats.get(member=absent).reason == "ауырып қалды"


def test_a_member_finds_no_attendance_page(room: cases.Room, browse: Any) -> None:
    meeting = cases.with_materials(room)
    assert browse(room.chair, "grants_office:attendance", meeting.pk).status_code == 404


def test_the_secretary_enters_a_decision_as_the_protocol_says(room: cases.Room, browse: Any) -> None:
    meeting = cases.signed(room)
    decision = Decision.objects.get()
    with clock.at(cases.DAY_AFTER):
        cases.fund(room, 10_000_000)
        browse(room.secretary, "grants_office:enter", decision.pk, data=entry(decision))
    assert cases.fresh(meeting).state == MeetingState.DECISIONS_ENTERED


def test_a_mismatch_stands_on_the_page_with_what_was_typed(room: cases.Room, browse: Any) -> None:
    cases.signed(room)
    decision = Decision.objects.get()
    with clock.at(cases.DAY_AFTER):
        answer = browse(room.secretary, "grants_office:enter", decision.pk, data=entry(decision, ruling=Ruling.REFUSE))
    assert answer.status_code == 422
    assert "Nobody can alter the commission&#x27;s decision" in answer.content.decode()
    decision.refresh_from_db()
    assert decision.entered_at is None


def entry(decision: Decision, **changed: Any) -> dict[str, Any]:
    found = {
        "ruling": decision.ruling, "amount": decision.amount, "protocol_number": decision.protocol_number, **changed
    }  # fmt: skip
    return {f"d{decision.pk}-{name}": value for name, value in found.items()}


def test_the_secretary_draws_up_a_correcting_protocol(room: cases.Room, browse: Any) -> None:
    cases.entered(room, "faaaaaa")
    decision = Decision.objects.get()
    with clock.at(cases.DAY_AFTER):
        data = {"cause": "Қате жазылды.", "reason": "Сметада есеп жоқ."}
        answer = browse(room.secretary, "grants_office:correct", decision.pk, data=data)
    correction = decision.corrections.get()
    assert answer.redirect_chain[-1][0] == reverse("workplace:grants_correction_change", args=[correction.pk])
    assert "Сметада есеп жоқ." in words(answer)


def test_the_reserve_list_awards_the_next_one_when_money_is_there(room: cases.Room, browse: Any) -> None:
    cases.entered(room, money=None)
    application = Decision.objects.get().item.application
    with clock.at(cases.DAY_AFTER):
        assert "waits for money" in words(browse(room.secretary, "grants_office:reserve"))
        cases.fund(room, 10_000_000)
        browse(room.secretary, "grants_office:award", application.pk, data={})
    application.refresh_from_db()
    assert application.state == GrantState.APPROVED


# ------------------------------------------------------------------------------------------- members and the chair


def test_before_the_materials_are_sent_a_member_reads_no_project(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.notified(room))
    answer = browse(room.chair, "grants_office:item", item.pk)
    assert "has not sent the materials yet" in words(answer)
    assert "Электр пеште пісіріледі" not in words(answer)


def test_a_member_reads_project_estimate_and_the_mark_of_the_category(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.with_materials(room))
    answer = words(browse(room.chair, "grants_office:item", item.pk))
    assert "Электр пеште пісіріледі" in answer
    assert "Қамыр илегіш" in answer
    assert "Belongs to a category of the grant yes" in answer


def test_a_member_sees_neither_the_iin_nor_the_contacts(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.with_materials(room))
    content = browse(room.chair, "grants_office:item", item.pk).content.decode()
    assert item.application.person.iin not in content
    assert item.application.phone[-7:] not in content.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")


def test_a_member_scores_a_project(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.with_materials(room))
    data = {f"score-{name}": str(mark) for name, mark in cases.MARKS.items()}
    browse(room.chair, "grants_office:item_do", item.pk, "score", data=data)
    assert Score.objects.get().total == 75


def test_a_mark_over_the_criterion_comes_back_with_the_reason(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.with_materials(room))
    data = {f"score-{name}": "99" for name in cases.MARKS}
    answer = browse(room.chair, "grants_office:item_do", item.pk, "score", data=data)
    assert answer.status_code == 422
    assert not Score.objects.exists()


def test_the_chair_opens_the_secretary_notes_a_member_votes_the_chair_closes(room: cases.Room, browse: Any) -> None:
    meeting = cases.with_materials(room)
    item = cases.item_of(meeting)
    with clock.at(cases.IN_THE_ROOM):
        cases.attended(room, meeting)
        press(browse, room.chair, meeting, "open")
        browse(room.chair, "grants_office:item_do", item.pk, "open", data={})
        browse(room.secretary, "grants_office:item_do", item.pk, "presented", data={})
        for member in room.voting:
            browse(room.actor(member), "grants_office:item_do", item.pk, "vote", data={"vote-choice": Choice.FOR})
        data = {"close-otherwise": "refuse", "close-amount": "1000000", "close-reason": ""}
        browse(room.chair, "grants_office:item_do", item.pk, "close", data=data)
    decision = Decision.objects.get()
    assert (decision.ruling, decision.amount) == (Ruling.GRANT, 1_000_000)


def test_a_member_is_not_offered_the_chairs_steps(room: cases.Room, browse: Any) -> None:
    item = cases.on_vote(room)
    with clock.at(cases.IN_THE_ROOM):
        answer = browse(room.actor(room.voting[1]), "grants_office:item", item.pk)
    assert [step["name"] for step in answer.context["steps"]] == ["vote", "score", "recuse"]


def test_a_member_who_posts_the_chairs_step_is_refused(room: cases.Room, browse: Any) -> None:
    item = cases.on_vote(room)
    with clock.at(cases.IN_THE_ROOM):
        cases.vote(room, item, "fffffff")
        data = {"close-otherwise": "refuse", "close-amount": "1000000"}
        answer = browse(room.actor(room.voting[1]), "grants_office:item_do", item.pk, "close", data=data)
    assert "post does not include" in words(answer)
    assert not Decision.objects.exists()


def test_the_page_of_an_open_item_tells_how_many_voted_and_not_how(room: cases.Room, browse: Any) -> None:
    item = cases.on_vote(room)
    with clock.at(cases.IN_THE_ROOM):
        cases.vote(room, item, "ffa")
        answer = browse(room.actor(room.voting[5]), "grants_office:item", item.pk)
    assert "3 of 7 have voted" in words(answer)
    assert answer.context["votes"] == []


def test_after_the_closing_the_secretary_reads_the_votes_by_name_and_a_member_does_not(
    room: cases.Room, browse: Any
) -> None:
    item = cases.counted(room).item
    with clock.at(cases.IN_THE_ROOM):
        assert len(browse(room.secretary, "grants_office:item", item.pk).context["votes"]) == 7
        assert browse(room.actor(room.voting[1]), "grants_office:item", item.pk).context["votes"] == []


def test_a_member_recuses_on_the_items_page(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.notified(room))
    browse(room.chair, "grants_office:item_do", item.pk, "recuse", data={"recuse-reason": "ағасы"})
    assert Vote.objects.get().choice == Choice.RECUSED


def test_the_secretary_seats_a_substitute_for_a_recused_member(room: cases.Room, browse: Any) -> None:
    meeting = cases.opened(room, present=5, idle=1)
    item = cases.item_of(meeting)
    recused, substitute = room.voting[1], room.substitutes[1]
    with clock.at(cases.IN_THE_ROOM):
        voting.cast_vote(item, choice=Choice.RECUSED, reason="ағасы", by=room.actor(recused))
        data = {"stand-in-member": str(recused.pk), "stand-in-substitute": str(substitute.pk)}
        browse(room.secretary, "grants_office:item_do", item.pk, "stand-in", data=data)
    assert item.stand_ins.get().substitute == substitute


def test_the_chair_puts_an_absent_applicant_off(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.opened(room))
    with clock.at(cases.IN_THE_ROOM):
        data = {"put-off-cause": Postponing.ABSENT, "put-off-reason": ""}
        browse(room.chair, "grants_office:item_do", item.pk, "put-off", data=data)
    assert AgendaItem.objects.get(pk=item.pk).application.state == GrantState.POSTPONED


def test_the_secretary_closes_a_second_absence(room: cases.Room, browse: Any) -> None:
    application = applications_cases.cleared(room.centre)
    meeting = cases.opened(room, chosen=[application])
    with clock.at(cases.IN_THE_ROOM):
        voting.put_off_item(cases.item_of(meeting), cause=Postponing.ABSENT, by=room.chair)
        voting.close_meeting(cases.fresh(meeting), by=room.chair)
    application.refresh_from_db()
    item = cases.item_of(cases.opened(room, chosen=[application]))
    with clock.at(cases.IN_THE_ROOM):
        browse(room.secretary, "grants_office:item_do", item.pk, "strike", data={})
    application.refresh_from_db()
    assert application.state == GrantState.CLOSED_NO_SHOW


def test_the_chair_suspends_and_closes_on_the_meetings_page(room: cases.Room, browse: Any) -> None:
    meeting = cases.opened(room)
    with clock.at(cases.IN_THE_ROOM):
        press(browse, room.chair, meeting, "suspend")
        assert cases.fresh(meeting).state == MeetingState.SUSPENDED
        press(browse, room.chair, meeting, "close")
    assert cases.fresh(meeting).state == MeetingState.CLOSED


def test_the_secretary_words_an_item_and_lays_the_protocol_out(room: cases.Room, browse: Any) -> None:
    meeting = cases.closed(room, "faaaaaa", reason="")
    with clock.at(cases.DAY_AFTER):
        data = {"words-questions": "Нарық қайда?", "words-reason": "Сұраныс жоқ."}
        browse(room.secretary, "grants_office:item_do", cases.item_of(meeting).pk, "words", data=data)
        press(browse, room.secretary, meeting, "draft_protocol")
    assert cases.fresh(meeting).state == MeetingState.PROTOCOL_DRAFT


def test_a_member_signs_the_protocol_on_the_meetings_page(room: cases.Room, browse: Any) -> None:
    meeting = cases.drafted(room)
    url = reverse("workplace:grants_commissionmeeting_sign", args=[meeting.pk, "sign_protocol"])
    with clock.at(cases.DAY_AFTER):
        assert browse(room.chair, url).status_code == 200
        answer = browse(room.chair, page_of(meeting))
    assert "Read and sign" in words(answer)


def test_the_secretary_records_a_refusal_to_sign(room: cases.Room, browse: Any) -> None:
    meeting = cases.drafted(room)
    with clock.at(cases.DAY_AFTER):
        data = {"member": str(room.voting[1].pk), "kind": "refused", "text": "Келіспейді."}
        data = {f"note_dissent-{name}": value for name, value in data.items()}
        answer = press(browse, room.secretary, meeting, "note_dissent", **data)
    assert "refused to sign" in words(answer)


# ------------------------------------------------------------------------------------------------ what is not yours


def test_a_member_of_another_commission_finds_nothing(room: cases.Room, browse: Any) -> None:
    meeting = cases.with_materials(room)
    stranger = cases.Room.open().chair
    assert browse(stranger, page_of(meeting)).status_code == 404
    assert browse(stranger, "grants_office:item", cases.item_of(meeting).pk).status_code == 404


def test_who_holds_a_members_post_without_an_appointment_finds_nothing(room: cases.Room, browse: Any) -> None:
    meeting = cases.with_materials(room)
    idle = applications_cases.hired(room.office, Role.COMMISSION_MEMBER)
    assert browse(idle, page_of(meeting)).status_code == 404


def test_the_applicant_who_is_a_member_does_not_find_the_own_package(room: cases.Room, browse: Any) -> None:
    member = room.voting[1]
    meeting = cases.with_materials(room, chosen=[cases.member_applies(room, member)])
    assert browse(room.actor(member), "grants_office:item", cases.item_of(meeting).pk).status_code == 404


def test_a_citizen_finds_no_page_of_the_commission(room: cases.Room, browse: Any) -> None:
    meeting = cases.with_materials(room)
    item = cases.item_of(meeting)
    citizen = Actor(account_of(item.application.person))
    for url in (page_of(meeting), reverse("grants_office:item", args=[item.pk]), reverse("grants_office:commission")):
        assert browse(citizen, url).status_code == 404


def test_the_citizens_page_of_the_case_opens_while_on_the_agenda(room: cases.Room, browse: Any) -> None:
    item = cases.item_of(cases.with_materials(room))
    citizen = Actor(account_of(item.application.person))
    assert browse(citizen, "grants:case", item.application_id).status_code == 200


# ---------------------------------------------------------------------------------------------------- the director


def test_the_director_forms_appoints_and_releases(browse: Any) -> None:
    centre = applications_cases.GrantCentre.open()
    order = {"order_number": "12-к", "order_date_day": "5", "order_date_month": "1", "order_date_year": "2026"}
    data = {f"form-{name}": value for name, value in order.items()}
    browse(centre.director, "grants_office:commission_change", "form", data=data)
    formed = Commission.objects.get()
    appoint = order | {
        "user": str(centre.chair.user.pk), "place": "chair", "since_day": "6", "since_month": "1", "since_year": "2026"
    }  # type: ignore[union-attr]  # fmt: skip
    data = {f"appoint-{name}": value for name, value in appoint.items()}
    browse(centre.director, "grants_office:commission_change", "appoint", data=data)
    member = formed.members.get()
    assert member.is_chair
    release = {
        "member": str(member.pk), "order_number": "40-к", "last_day_day": "30", "last_day_month": "6",
        "last_day_year": "2026",
    }  # fmt: skip
    data = {f"release-{name}": value for name, value in release.items()}
    browse(centre.director, "grants_office:commission_change", "release", data=data)
    member.refresh_from_db()
    assert str(member.until) == "2026-06-30"


def test_the_secretary_reads_the_composition_and_changes_nothing(room: cases.Room, browse: Any) -> None:
    answer = browse(room.secretary, "grants_office:commission")
    assert "voting member" in words(answer)
    url = reverse("grants_office:commission_change", args=["appoint"])
    assert browse(room.secretary, url, data={}).status_code == 404


def test_a_composition_that_may_not_sit_says_why(room: cases.Room, browse: Any) -> None:
    from datetime import date

    commission.release(room.voting[6], last_day=date(2026, 6, 7), order_number="40-к", by=room.centre.director)
    assert "the number must be odd" in words(browse(room.centre.director, "grants_office:commission"))


# ------------------------------------------------------------------------------------------------------- the lists


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert act().status_code == 200
    return len(caught)


def test_the_list_of_meetings_costs_the_same_at_three_and_thirty(room: cases.Room, browse: Any) -> None:
    from datetime import timedelta

    def called(number: int) -> None:
        cases.planned(room, chosen=[], starts_at=cases.MEETING_DAY + timedelta(minutes=number))

    url = reverse("workplace:grants_commissionmeeting_changelist")
    for number in range(3):
        called(number)
    browse(room.secretary, url)
    few = queries(lambda: browse(room.secretary, url))
    for number in range(3, 30):
        called(number)
    assert queries(lambda: browse(room.secretary, url)) == few


def test_the_page_to_choose_applications_costs_the_same_at_two_and_eight(room: cases.Room, browse: Any) -> None:
    meeting = cases.planned(room, chosen=[])
    for _number in range(2):
        applications_cases.cleared(room.centre)
    browse(room.secretary, "grants_office:agenda", meeting.pk)
    few = queries(lambda: browse(room.secretary, "grants_office:agenda", meeting.pk))
    for _number in range(6):
        applications_cases.cleared(room.centre)
    assert queries(lambda: browse(room.secretary, "grants_office:agenda", meeting.pk)) == few


def test_the_meetings_page_costs_the_same_with_one_and_six_items(room: cases.Room, browse: Any) -> None:
    few_items = cases.planned(room)
    many_items = cases.planned(room, applications=6, starts_at=cases.IN_THE_ROOM)
    browse(room.secretary, page_of(few_items))
    few = queries(lambda: browse(room.secretary, page_of(few_items)))
    assert queries(lambda: browse(room.secretary, page_of(many_items))) == few
