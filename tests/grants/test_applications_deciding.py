"""The specialist's check, the head of unit's word, and what the commission does to an application (SPEC 4.9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from bastau import clock, flow
from bastau.flow import SYSTEM, Actor, Refused, verdict
from bastau.flow.models import Step
from bastau.notices.models import Notice
from bastau.people.roles import Role
from grants import signals
from grants.actions import applications, checks
from grants.models import GrantApplication
from grants.rights.applications import RULES
from grants.states import Criterion, GrantState, Met, Outcome, Postponing
from tests.factories import CitizenFactory
from tests.grants import applications_cases as cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def centre() -> cases.GrantCentre:
    return cases.GrantCentre.open()


def answer(application: GrantApplication, by: Actor, **more: str) -> GrantApplication:
    said = {"criterion": Criterion.CATEGORY.value, "result": Met.YES.value, "reason": "Анықтама көрсетілді.", **more}
    return checks.answer_criterion(application, by=by, **said)


# ------------------------------------------------------------------------------------------------------- the check


def test_what_a_register_answered_is_not_answered_by_hand(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="register"):
        answer(cases.in_check(centre), centre.specialist, criterion=Criterion.STANDING)


def test_an_answer_by_hand_needs_its_reason(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="looked at"):
        answer(cases.in_check(centre), centre.specialist, reason="  ")


def test_an_answer_by_hand_keeps_who_and_why(centre: cases.GrantCentre) -> None:
    line = answer(cases.in_check(centre), centre.specialist).checks.get(criterion=Criterion.CATEGORY)
    assert (line.result, line.manual, line.reason, line.by) == (
        Met.YES, True, "Анықтама көрсетілді.", centre.specialist.user,
    )  # fmt: skip


def test_a_written_reason_never_stands_in_the_journal(centre: cases.GrantCentre) -> None:
    done = cases.rejection_proposed(centre)
    assert "расталмады" not in str(list(Step.objects.filter(case_id=done.pk).values_list("facts", flat=True)))


def test_a_colleague_leaves_a_taken_case_alone(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="colleague"):
        answer(cases.in_check(centre), centre.colleague)


def test_an_own_case_is_not_checked(centre: cases.GrantCentre) -> None:
    assert centre.specialist.user is not None
    application = cases.accepted(centre, person=centre.specialist.user.person)
    assert not verdict(application, "take", centre.specialist).ok
    assert not GrantApplication.objects.visible_to(centre.specialist.user).filter(pk=application.pk).exists()


# ------------------------------------------------------------------------------------------------------ the rejection


def test_without_a_no_nothing_is_rejected(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="No criterion"):
        checks.propose_rejection(cases.cleared(centre), by=centre.specialist, reason="Себебі жоқ.")


@pytest.mark.clause("FKA04-1.2")
def test_a_specialist_alone_rejects_nobody(centre: cases.GrantCentre) -> None:
    proposed = cases.rejection_proposed(centre)
    assert proposed.state == GrantState.IN_CHECK
    with pytest.raises(Refused):
        checks.reject_criteria(proposed, by=centre.specialist)


def test_the_head_of_unit_does_not_confirm_an_own_proposal(centre: cases.GrantCentre) -> None:
    proposed = cases.rejection_proposed(centre)
    proposed.rejections.update(proposed_by=centre.head.user)
    with pytest.raises(Refused, match="You proposed"):
        checks.reject_criteria(proposed, by=centre.head)


def test_confirmed_it_is_rejected_and_the_applicant_reads_the_reason(centre: cases.GrantCentre) -> None:
    done = checks.reject_criteria(cases.rejection_proposed(centre), by=centre.head)
    assert done.state == GrantState.REJECTED_CRITERIA
    notice = Notice.objects.get(case_kind="grant", case_id=done.pk, code="N-GR-CRITERIA")
    assert "жәрдемақы тағайындалмаған" in notice.words("text", "kk")
    assert "шағым беруге немесе сотқа жүгінуге құқылысыз" in notice.words("text", "kk")


def test_after_a_rejection_one_may_apply_again(centre: cases.GrantCentre) -> None:
    done = checks.reject_criteria(cases.rejection_proposed(centre), by=centre.head)
    assert cases.started(person=done.person).pk != done.pk


def test_returned_the_check_goes_on(centre: cases.GrantCentre) -> None:
    back = checks.return_rejection(cases.rejection_proposed(centre), by=centre.head, comment="Анықтаманы сұраңыз.")
    assert answer(back, centre.specialist).checks.get(criterion=Criterion.CATEGORY).result == Met.YES


def test_while_a_rejection_waits_no_criterion_is_changed(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="confirmed or returned"):
        answer(cases.rejection_proposed(centre), centre.specialist)


# ----------------------------------------------------------------------------------------------------- the commission


def test_with_an_undecided_criterion_it_comes_on_no_agenda(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="Decide every criterion"):
        applications.put_on_agenda(cases.accepted(centre), SimpleNamespace(pk=1), centre.secretary)


def test_a_postponed_application_comes_on_the_next_agenda(centre: cases.GrantCentre) -> None:
    again = applications.put_on_agenda(cases.postponed(centre), SimpleNamespace(pk=2), centre.secretary)
    assert again.state == GrantState.SCHEDULED


@pytest.mark.clause("A-35")
def test_the_first_absence_only_moves_it(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="not absent before"):
        applications.close_no_show(cases.scheduled(centre), centre.secretary)


@pytest.mark.clause("A-35")
def test_the_second_absence_without_good_reason_closes_it(centre: cases.GrantCentre) -> None:
    again = applications.put_on_agenda(cases.postponed(centre), SimpleNamespace(pk=2), centre.secretary)
    with pytest.raises(Refused, match="absent before"):
        applications.postpone(again, centre.chair, Postponing.ABSENT)
    closed = applications.close_no_show(again, centre.secretary)
    assert closed.state == GrantState.CLOSED_NO_SHOW
    assert Notice.objects.filter(case_kind="grant", case_id=closed.pk, code="N-GR-NO-SHOW").exists()


def test_a_lost_quorum_is_no_absence(centre: cases.GrantCentre) -> None:
    assert cases.postponed(centre, Postponing.QUORUM).absences == 0


def test_the_commission_postpones_what_it_has_heard(centre: cases.GrantCentre) -> None:
    done = applications.enter_decision(cases.heard(centre), Outcome.POSTPONED, centre.secretary)
    assert (done.state, done.absences) == (GrantState.POSTPONED, 0)


def test_a_refusal_needs_its_reasons(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="reasons"):
        applications.enter_decision(cases.heard(centre), Outcome.REJECTED, centre.secretary)


def test_a_refused_applicant_may_apply_again(centre: cases.GrantCentre) -> None:
    done = applications.enter_decision(cases.heard(centre), Outcome.REJECTED, centre.secretary, reason="Нарық аз.")
    assert done.state == GrantState.REJECTED
    assert cases.started(person=done.person).pk != done.pk


def test_no_more_is_awarded_than_was_asked_for(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused, match="at most"):
        cases.approved(centre, awarded_sum=1_500_001)


def test_two_secretaries_enter_one_decision_once(centre: cases.GrantCentre) -> None:
    other = cases.hired(centre.office, Role.COMMISSION_SECRETARY)
    done = cases.approved(centre)
    applications.enter_decision(done, Outcome.APPROVED, centre.secretary)
    with pytest.raises(Refused):
        applications.enter_decision(done, Outcome.APPROVED, other)
    assert Step.objects.filter(case_kind="grant", case_id=done.pk, event="approve").count() == 1


def test_out_of_the_reserve_the_head_may_call_the_next(centre: cases.GrantCentre) -> None:
    done = applications.from_reserve(cases.in_reserve(centre, place=3), centre.director)
    assert (done.state, done.reserve_place) == (GrantState.APPROVED, None)


def test_at_the_end_of_the_year_the_head_lets_the_reserve_lapse(centre: cases.GrantCentre) -> None:
    done = applications.lapse(cases.in_reserve(centre), centre.director, "Бюджет жылы аяқталды.")
    assert done.state == GrantState.LAPSED
    assert Notice.objects.filter(case_kind="grant", case_id=done.pk, code="N-GR-LAPSED").exists()


def test_a_place_in_the_reserve_lapses_by_the_head_alone(centre: cases.GrantCentre) -> None:
    done = cases.in_reserve(centre)
    with pytest.raises(Refused):
        applications.lapse(done, centre.secretary)
    assert applications.lapse(done, centre.director).state == GrantState.LAPSED


def test_a_contract_in_force_is_noted_once(centre: cases.GrantCentre) -> None:
    done = applications.mark_contracted(cases.approved(centre))
    assert applications.mark_contracted(done).state == GrantState.CONTRACTED
    assert Step.objects.filter(case_kind="grant", case_id=done.pk, event="mark_contracted").count() == 1


def test_every_event_tells_its_fact_or_stays_inside_the_check() -> None:
    events = flow.machine_of("grant").events
    assert {name for name, event in events.items() if event.signal is None} == {"answer_criterion"}
    assert events["approve"].signal is signals.grant_approved
    assert set(events) == set(RULES)


# ---------------------------------------------------------------------------------------------------------- the rights

WHO = {
    "take": {"specialist", "colleague"},
    "propose_rejection": {"specialist"},
    "reject_criteria": {"head"},
    "schedule": {"secretary"},
    "hear": {"secretary"},
    "postpone": {"secretary", "chair"},
    "reject": {"secretary"},
    "lapse": {"director"},
}
BEFORE = {
    "take": cases.accepted, "propose_rejection": cases.denied, "reject_criteria": cases.rejection_proposed,
    "schedule": cases.cleared, "hear": cases.scheduled, "postpone": cases.scheduled, "reject": cases.heard,
    "lapse": cases.approved,
}  # fmt: skip


@pytest.mark.parametrize("event", WHO)
def test_a_step_is_open_to_its_role_in_the_own_office_alone(centre: cases.GrantCentre, event: str) -> None:
    application = BEFORE[event](centre)
    roles = ("specialist", "colleague", "head", "director", "secretary", "chair")
    assert {name for name in roles if verdict(application, event, getattr(centre, name)).ok} == WHO[event]
    elsewhere = cases.GrantCentre.open(region__code="19")
    assert not any(verdict(application, event, getattr(elsewhere, name)).ok for name in roles)
    assert not verdict(application, event, cases.applicant(application)).ok


def test_only_the_applicant_withdraws(centre: cases.GrantCentre) -> None:
    application = cases.submitted(centre)
    assert not verdict(application, "withdraw", Actor(CitizenFactory())).ok
    assert not verdict(application, "withdraw", centre.director).ok
    assert not verdict(application, "withdraw", SYSTEM).ok


def test_staff_see_what_was_sent_to_their_centre_and_never_a_draft(centre: cases.GrantCentre) -> None:
    elsewhere = cases.GrantCentre.open(region__code="19")
    draft, sent = cases.filled(centre), cases.submitted(centre)
    for actor in (centre.specialist, centre.head, centre.director, centre.secretary):
        assert list(GrantApplication.objects.visible_to(actor.user)) == [sent]
    assert not GrantApplication.objects.visible_to(elsewhere.specialist.user).exists()
    assert not GrantApplication.objects.visible_to(centre.chair.user).exists()
    assert list(GrantApplication.objects.visible_to(cases.applicant(draft).user)) == [draft]


def test_the_case_keeps_its_order_of_events_whatever_the_clock(centre: cases.GrantCentre) -> None:
    application = cases.scheduled(centre)
    with clock.at(clock.now() + timedelta(days=3)):
        applications.mark_heard(application, centre.secretary)
    events = Step.objects.filter(case_kind="grant", case_id=application.pk).order_by("sequence")
    assert list(events.values_list("event", flat=True)) == [
        "submit", "arrive", "take", "answer_criterion", "answer_criterion", "schedule", "hear",
    ]  # fmt: skip
