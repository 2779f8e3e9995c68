"""The protocol, the entry of decisions, the money by rank, the correcting protocol (FKA04-2.6, 2.7, A-34)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from bastau import clock, law
from bastau.flow.models import Step
from bastau.notices.models import Notice
from bastau.papers import actions as printer
from bastau.papers import printing
from bastau.papers.models import Paper, PaperState
from grants.actions import budget, decisions, protocols, voting
from grants.models import CommissionMeeting, Decision, GrantApplication
from grants.papers import meetings as kinds
from grants.states import CorrectionState, Dissenting, GrantState, MeetingState, Ruling
from tests.grants import applications_cases
from tests.grants import commission_cases as cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PRINT = printer._print


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


def after(act: Callable[[], Any]) -> Any:
    """What `act` gives on the day after the meeting."""
    with clock.at(cases.DAY_AFTER):
        return act()


def the_decision(meeting: CommissionMeeting) -> Decision:
    return Decision.objects.get(item__meeting=meeting, corrects=None)


def application_of(decision: Decision) -> GrantApplication:
    return GrantApplication._base_manager.get(pk=decision.item.application_id)


# ------------------------------------------------------------------------------------------------------ the protocol


def test_a_refusal_without_reasons_holds_the_protocol_back(room: cases.Room) -> None:
    meeting = cases.closed(room, "faaaaaa", reason="")
    assert "no reasons yet" in after(lambda: told(lambda: protocols.draft_protocol(meeting, by=room.secretary)))


def test_the_secretary_words_questions_and_reasons_before_the_draft(room: cases.Room) -> None:
    meeting = cases.closed(room, "faaaaaa", reason="")
    item = cases.item_of(meeting)
    voting.word_item(item, questions="Нарық қайда?", reason="Сұраныс көрсетілмеген.", by=room.secretary)
    after(lambda: protocols.draft_protocol(meeting, by=room.secretary))
    assert the_decision(meeting).reason == "Сұраныс көрсетілмеген."


def test_a_protocol_before_the_members_is_not_worded_anew(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    said = told(lambda: voting.word_item(cases.item_of(meeting), questions="", reason="Басқа", by=room.secretary))
    assert "Take it back" in said


def test_the_protocol_prints_what_was_counted(room: cases.Room) -> None:
    meeting = cases.drafted(room, "rffaaoo")
    paper = kinds.live_protocol(meeting)
    assert paper is not None
    words = printing.html_of(paper)
    assert "«Жақтап» 2, «қарсы» 2, «қалыс қалды» 2" in words
    assert "бас тартылсын" in words
    assert "Кворум</dt><dd>бар" in words


def test_the_russian_protocol_says_the_same(room: cases.Room) -> None:
    meeting = cases.drafted(room, "ffffaaa")
    paper = kinds.protocol_papers(meeting)[1]
    words = printing.html_of(paper)
    assert "Протокол заседания комиссии по предоставлению грантов" in words
    assert "предоставить грант" in words


def test_all_who_sat_and_then_the_secretary_sign(room: cases.Room) -> None:
    meeting = cases.signed(room)
    papers = kinds.protocol_papers(meeting)
    assert meeting.state == MeetingState.PROTOCOL_SIGNED
    assert {paper.state for paper in papers} == {PaperState.ISSUED}
    assert [paper.signatures.count() for paper in papers] == [8, 8]


def test_the_secretary_does_not_sign_before_the_members(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    said = after(
        lambda: told(
            lambda: protocols.complete_protocol(
                meeting, by=room.secretary, signatures=cases.signatures(meeting, room.secretary)
            )
        )
    )
    assert "signs last" in said


def test_who_did_not_sit_does_not_sign(room: cases.Room) -> None:
    meeting = cases.drafted(room, "ffffff-", present=6)
    absent = room.actor(room.voting[6])
    said = after(
        lambda: told(lambda: protocols.sign_protocol(meeting, by=absent, signatures=cases.signatures(meeting, absent)))
    )
    assert "did not sit" in said


def refuse(room: cases.Room, meeting: CommissionMeeting, number: int, kind: str = Dissenting.REFUSED) -> None:
    protocols.note_dissent(
        meeting, member=room.voting[number].pk, kind=kind, text="Шешіммен келіспейді.", by=room.secretary
    )


def sign(room: cases.Room, meeting: CommissionMeeting, *numbers: int) -> None:
    for number in numbers:
        by = room.actor(room.voting[number])
        protocols.sign_protocol(meeting, by=by, signatures=cases.signatures(meeting, by))


def test_with_refusals_recorded_the_majoritys_signatures_are_enough(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    with clock.at(cases.DAY_AFTER):
        sign(room, meeting, 0, 1, 2, 3)
        for number in (4, 5, 6):
            refuse(room, meeting, number)
        done = protocols.complete_protocol(
            meeting, by=room.secretary, signatures=cases.signatures(meeting, room.secretary)
        )
    assert done.state == MeetingState.PROTOCOL_SIGNED
    assert kinds.live_protocol(meeting).state == PaperState.ISSUED  # type: ignore[union-attr]


def test_without_the_majority_the_protocol_is_not_signed(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    with clock.at(cases.DAY_AFTER):
        sign(room, meeting, 0, 1, 2)
        for number in (3, 4, 5, 6):
            refuse(room, meeting, number)
        signatures = cases.signatures(meeting, room.secretary)
        said = told(lambda: protocols.complete_protocol(meeting, by=room.secretary, signatures=signatures))
    assert "majority" in said


def test_a_dissenting_member_signs_all_the_same(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    with clock.at(cases.DAY_AFTER):
        refuse(room, meeting, 1, Dissenting.DISSENT)
        assert cases.all_sign(room, meeting).state == MeetingState.PROTOCOL_SIGNED


def test_who_refused_does_not_sign_that_paper(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    with clock.at(cases.DAY_AFTER):
        refuse(room, meeting, 1)
        assert "refusal to sign is recorded" in told(lambda: sign(room, meeting, 1))


def test_a_protocol_taken_back_is_void_with_its_signatures(room: cases.Room) -> None:
    meeting = cases.drafted(room)
    with clock.at(cases.DAY_AFTER):
        sign(room, meeting, 0)
        meeting = protocols.rewrite_protocol(meeting, by=room.secretary)
        assert kinds.protocol_papers(meeting) == []
        meeting = protocols.draft_protocol(meeting, by=room.secretary)
        cases.print_papers(meeting)
        numbers = {paper.number for paper in Paper.objects.filter(kind="protocol")}
    assert numbers == {"ХТ-35-2026-000001", "ХТ-35-2026-000002"}


# ------------------------------------------------------------------------------------------------------- the entry


@pytest.mark.clause("FKA04-2.6")
def test_another_ruling_than_the_counted_one_is_blocked(room: cases.Room) -> None:
    meeting = cases.signed(room, "fffffff")
    decision = the_decision(meeting)
    said = after(
        lambda: told(
            lambda: decisions.enter(
                decision, ruling=Ruling.REFUSE, amount=None, protocol_number=decision.protocol_number, by=room.secretary
            )
        )
    )
    assert "for 7 of 7" in said
    assert application_of(decision).state == GrantState.HEARD


def test_another_sum_than_that_of_the_protocol_is_blocked(room: cases.Room) -> None:
    decision = the_decision(cases.signed(room))
    said = told(
        lambda: decisions.enter(
            decision, ruling=Ruling.GRANT, amount=decision.amount - 1, protocol_number=decision.protocol_number,
            by=room.secretary,
        )
    )  # fmt: skip
    assert "this very sum" in said


def test_another_protocols_number_is_blocked(room: cases.Room) -> None:
    decision = the_decision(cases.signed(room))
    said = told(
        lambda: decisions.enter(
            decision, ruling=Ruling.GRANT, amount=decision.amount, protocol_number="ХТ-35-2026-000009",
            by=room.secretary,
        )
    )  # fmt: skip
    assert "number of the signed protocol" in said


def test_nothing_is_entered_before_the_protocol_is_signed(room: cases.Room) -> None:
    decision = the_decision(cases.drafted(room))
    assert "Draft protocol" in told(lambda: cases.enter(room, decision))


@pytest.mark.clause("FKA04-2.6")
def test_a_granted_application_is_approved_and_its_money_reserved(room: cases.Room) -> None:
    decision = the_decision(cases.entered(room))
    application = application_of(decision)
    assert (application.state, application.awarded_sum) == (GrantState.APPROVED, decision.amount)
    assert budget.free_in(room.office, 2026) == 10_000_000 - decision.amount


@pytest.mark.clause("FKA04-2.7")
def test_the_applicant_reads_a_positive_decision_word_for_word(room: cases.Room) -> None:
    cases.entered(room)
    assert Notice.objects.get(code="N-GR-DECISION").text == "Комиссия шешімі: грант берілсін."


@pytest.mark.clause("FKA04-2.7")
def test_the_applicant_reads_a_refusal_with_reasons_and_the_right_to_complain(room: cases.Room) -> None:
    meeting = cases.entered(room, "faaaaaa")
    assert application_of(the_decision(meeting)).state == GrantState.REJECTED
    assert Notice.objects.get(code="N-GR-DECISION-NEGATIVE").text == (
        "Комиссия шешімі: бас тартылсын. Негіздемесі: Нарық зерттелмеген. Келіспесеңіз, шағым беруге немесе сотқа "
        "жүгінуге құқылысыз."
    )


def test_a_postponed_decision_sends_the_application_to_the_next_meeting(room: cases.Room) -> None:
    meeting = cases.entered(room, "faaaaaa", otherwise=Ruling.POSTPONE)
    assert application_of(the_decision(meeting)).state == GrantState.POSTPONED


def test_after_the_last_decision_the_entry_is_finished(room: cases.Room) -> None:
    assert cases.entered(room).state == MeetingState.DECISIONS_ENTERED


def test_entering_the_same_decision_twice_enters_it_once(room: cases.Room) -> None:
    decision = the_decision(cases.entered(room))
    after(lambda: cases.enter(room, decision))
    assert Step.objects.filter(case_kind="meeting", event="enter_decision").count() == 1
    assert Notice.objects.filter(code="N-GR-DECISION").count() == 1


def test_a_second_secretary_is_told_who_entered_the_decision(room: cases.Room) -> None:
    from bastau.people.roles import Role

    decision = the_decision(cases.entered(room))
    colleague = applications_cases.hired(room.office, Role.COMMISSION_SECRETARY)
    assert "has entered this decision already" in after(lambda: told(lambda: cases.enter(room, decision, colleague)))
    assert budget.free_in(room.office, 2026) == 10_000_000 - decision.amount


@pytest.mark.clause("A-41")
def test_a_sum_over_the_limit_of_the_day_of_entry_is_blocked(room: cases.Room, monkeypatch: Any) -> None:
    decision = the_decision(cases.signed(room))
    assert decision.amount <= law.value("A-41:multiple") * 4325
    from grants.rules import applications as limits

    monkeypatch.setattr(limits, "limit_on", lambda day: decision.amount - 1)
    with clock.at(cases.DAY_AFTER):
        cases.fund(room, 10_000_000)
        assert "over the limit" in told(lambda: cases.enter(room, decision))
    assert budget.free_in(room.office, 2026) == 10_000_000


# -------------------------------------------------------------------------------------------------- money by rank


def ranked(room: cases.Room, marks: tuple[int, ...]) -> list[Decision]:
    """A signed protocol with one granted item a mark; the decisions in the order of the agenda."""
    meeting = cases.opened(room, applications=len(marks))
    with clock.at(cases.IN_THE_ROOM):
        for position, mark in enumerate(marks, start=1):
            item = cases.heard(room, cases.item_of(meeting, position))
            cases.vote(room, item, "fffffff", mark=mark)
            voting.close_item(item, otherwise="refuse", by=room.chair)
        meeting = voting.close_meeting(cases.fresh(meeting), by=room.chair)
    with clock.at(cases.DAY_AFTER):
        meeting = protocols.draft_protocol(meeting, by=room.secretary)
        cases.print_papers(meeting)
        cases.all_sign(room, meeting)
    return list(Decision.objects.filter(item__meeting=meeting).order_by("item__position"))


def test_when_the_money_is_not_enough_the_higher_mean_score_gets_it(room: cases.Room) -> None:
    low, high = ranked(room, (10, 20))
    with clock.at(cases.DAY_AFTER):
        cases.fund(room, high.amount)
        cases.enter(room, high)
        cases.enter(room, low)
    assert application_of(high).state == GrantState.APPROVED
    assert application_of(low).state == GrantState.RESERVE


def test_of_equal_scores_the_earlier_application_ranks_higher(room: cases.Room) -> None:
    first, second = ranked(room, (20, 20))
    assert decisions.in_rank(first.item.meeting) == [first, second]


def test_a_lower_ranked_decision_waits_for_the_higher_one(room: cases.Room) -> None:
    low, high = ranked(room, (10, 20))
    with clock.at(cases.DAY_AFTER):
        cases.fund(room, low.amount)
        said = told(lambda: cases.enter(room, low))
    assert high.item.application.number in said


def test_below_the_first_one_the_money_does_not_reach_nobody_is_paid(room: cases.Room) -> None:
    third, second, first = ranked(room, (5, 10, 20))
    with clock.at(cases.DAY_AFTER):
        cases.fund(room, first.amount)
        for decision in (first, second, third):
            cases.enter(room, decision)
    assert [application_of(one).reserve_place for one in (second, third)] == [1, 2]


def test_the_applicant_in_the_reserve_reads_the_place(room: cases.Room) -> None:
    decision = the_decision(cases.entered(room, money=None))
    notice = Notice.objects.get(code="N-GR-DECISION-RESERVE")
    assert notice.facts["place"] == 1
    assert application_of(decision).state == GrantState.RESERVE


def test_released_money_goes_to_the_next_of_the_reserve_list(room: cases.Room) -> None:
    decision = the_decision(cases.entered(room, money=None))
    with clock.at(cases.DAY_AFTER):
        cases.fund(room, decision.amount)
        decisions.award_from_reserve(application_of(decision), by=room.secretary)
    assert application_of(decision).state == GrantState.APPROVED
    assert budget.free_in(room.office, 2026) == 0


def test_nobody_is_passed_over_in_the_reserve_list(room: cases.Room) -> None:
    low, high = ranked(room, (10, 20))
    with clock.at(cases.DAY_AFTER):
        cases.enter(room, high)
        cases.enter(room, low)
        cases.fund(room, 10_000_000)
        said = told(lambda: decisions.award_from_reserve(application_of(low), by=room.secretary))
    assert "not the next" in said


def test_without_money_nobody_leaves_the_reserve_list(room: cases.Room) -> None:
    decision = the_decision(cases.entered(room, money=None))
    said = after(lambda: told(lambda: decisions.award_from_reserve(application_of(decision), by=room.secretary)))
    assert "budget" in said
    assert application_of(decision).state == GrantState.RESERVE


# ---------------------------------------------------------------------------------------------------- the correction


def correction(room: cases.Room) -> Any:
    meeting = cases.entered(room, "faaaaaa")
    with clock.at(cases.DAY_AFTER):
        found = protocols.draft_correction(
            the_decision(meeting), cause="Негіздеме қате жазылды.", reason="Сметада есеп жоқ.", by=room.secretary
        )
        cases.print_papers(found)
    return found


def test_an_entered_decision_is_mended_by_a_correcting_protocol_alone(room: cases.Room) -> None:
    drafted = correction(room)
    with clock.at(cases.DAY_AFTER):
        signed = cases.all_sign(room, drafted)
        assert signed.state == CorrectionState.SIGNED
        new = protocols.enter_correction(signed, by=room.secretary)
    assert new.reason == "Сметада есеп жоқ."
    assert new.corrects is not None
    assert new.corrects.reason == "Нарық зерттелмеген."


def test_the_correction_is_told_by_a_notice_of_its_own(room: cases.Room) -> None:
    drafted = correction(room)
    with clock.at(cases.DAY_AFTER):
        signed = cases.all_sign(room, drafted)
        protocols.enter_correction(signed, by=room.secretary)
        protocols.enter_correction(signed, by=room.secretary)
    assert Notice.objects.filter(code="N-GR-DECISION-NEGATIVE").count() == 2


def test_before_the_decisions_are_entered_no_correcting_protocol_is_drafted(room: cases.Room) -> None:
    decision = the_decision(cases.signed(room))
    said = told(lambda: protocols.draft_correction(decision, cause="қате", reason="жаңа", by=room.secretary))
    assert "what is entered" in said


def test_the_commissions_papers_are_real_pdfs(room: cases.Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printer, "_print", PRINT)
    meeting = cases.closed(room)
    with clock.at(cases.DAY_AFTER):
        protocols.draft_protocol(meeting, by=room.secretary)
        for paper in Paper.objects.filter(state=PaperState.ASKED, language="kk").order_by("pk"):
            printer.render(paper.pk)
    made = Paper.objects.filter(language="kk", kind__in=["agenda", "invitation", "score_sheet", "protocol"])
    assert {paper.kind for paper in made} == {"agenda", "invitation", "score_sheet", "protocol"}
    assert all(paper.content().startswith(b"%PDF-1.7") for paper in made)


def test_the_members_do_not_read_the_score_sheets_of_the_others(room: cases.Room) -> None:
    cases.closed(room)
    sheets = Paper.objects.filter(kind="score_sheet")
    assert sheets.count() == 2
    assert not sheets.visible_to(room.chair.user).exists()
    assert sheets.visible_to(room.secretary.user).count() == 2
