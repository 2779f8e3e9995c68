"""Enrolment: from the referral to a place, and its ends (SPEC 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from bastau import clock, papers
from bastau.flow import SYSTEM, Refused, perform
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.papers.models import Paper
from tests.factories import PersonFactory
from tests.referrals import cases as referral_cases
from tests.referrals.cases import signed
from tests.training import course_cases as cases
from tests.training.groups_cases import Chamber, enrolling
from training.actions import enrolments, following, group_life, results
from training.models import Certificate, Enrolment
from training.rules import enrolments as rules
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


MAY = datetime(2026, 5, 4, 10, tzinfo=cases.ALMATY)
READY = {"sector": "", "description": "", "study_form": "online", "promises": True, "consents": True}


@pytest.fixture
def chamber() -> Iterator[Chamber]:
    """A chamber on a Monday morning in May."""
    with clock.at(MAY):
        yield Chamber.open()


@pytest.fixture
def group(chamber: Chamber) -> Any:
    return enrolling(chamber, mode="online")


@pytest.fixture
def person(chamber: Chamber) -> Any:
    """Somebody with an issued referral."""
    found = PersonFactory(phone="+77012345678", email="")
    referral_cases.decided(chamber.centre, person=found)
    return found


def told(case: Any) -> set[str]:
    return set(Notice.objects.filter(case_kind=case.kind, case_id=case.pk).values_list("code", flat=True))


def submitted(person: Any, group: Any) -> Enrolment:
    """Annex 4 signed and sent by the citizen."""
    by = referral_cases.citizen(referral_cases.ReferralApplication.objects.get(person=person))
    case = enrolments.answer(enrolments.start(by=by, person=person), by=by, **READY)
    case = enrolments.choose_group(case, group, by=by)
    paper = papers.render(enrolments.prepare(case, by=by).pk)
    return enrolments.submit(case, by=by, cms=signed(paper, by), paper=paper)


@pytest.mark.clause("118-p18")
def test_without_an_issued_referral_nobody_applies(chamber: Chamber) -> None:
    waiting = referral_cases.awaiting(chamber.centre)
    with pytest.raises(Refused, match="no issued referral"):
        enrolments.start(by=referral_cases.citizen(waiting), person=waiting.person)


@pytest.mark.clause("118-p18")
@pytest.mark.clause("A-48")
def test_a_citizen_signs_annex_four_and_is_told_the_number(person: Any, group: Any) -> None:
    case = submitted(person, group)
    assert case.state == EnrolmentState.SUBMITTED
    assert case.number.startswith("СА-35-2026-")
    assert "N-TRN-SUBMITTED" in told(case)


def test_sending_twice_leaves_one_application(person: Any, group: Any) -> None:
    case = submitted(person, group)
    by = cases.citizen(case)
    paper = Paper.objects.get(case_kind="enrolment", case_id=case.pk)
    again = enrolments.submit(case, by=by, cms=signed(paper, by), paper=paper)
    assert again.number == case.number
    assert Step.objects.filter(case_kind="enrolment", case_id=case.pk, event="submit").count() == 1


def test_a_second_application_is_not_opened_beside_the_first(person: Any, group: Any) -> None:
    case = submitted(person, group)
    with pytest.raises(enrolments.EnrolmentExists):
        enrolments.start(by=cases.citizen(case), person=person)


def test_a_changed_answer_voids_the_printed_questionnaire(chamber: Chamber, person: Any) -> None:
    by = referral_cases.citizen(referral_cases.ReferralApplication.objects.get(person=person))
    case = enrolments.answer(enrolments.start(by=by, person=person), by=by, **READY)
    paper = enrolments.prepare(case, by=by)
    enrolments.answer(case, by=by, sector="Наубайхана")
    paper.refresh_from_db()
    assert paper.state == "void"


@pytest.mark.clause("118-p19")
@pytest.mark.parametrize(("offer", "consent"), [(True, False), (False, True)])
def test_without_both_ticks_nobody_is_enrolled(person: Any, group: Any, offer: bool, consent: bool) -> None:
    case = submitted(person, group)
    with pytest.raises(Refused, match="Both boxes"):
        enrolments.enrol(case, by=cases.citizen(case), offer=offer, consent=consent, means="code")


@pytest.mark.clause("118-p19")
def test_the_acceptance_keeps_version_time_means_and_address(person: Any, group: Any) -> None:
    case = submitted(person, group)
    case = enrolments.enrol(case, by=cases.citizen(case), offer=True, consent=True, means="code", address="192.0.2.7")
    assert case.state == EnrolmentState.ENROLLED
    assert (case.offer_means, case.offer_address, bool(case.offer_version)) == ("code", "192.0.2.7", True)
    assert case.offer_accepted_at == case.consent_at == clock.now()
    assert Paper.objects.filter(kind="offer", case_id=case.pk).exists()
    assert "N-TRN-ENROLLED" in told(case)


def test_the_contract_may_be_signed_electronically(person: Any, group: Any) -> None:
    case = submitted(person, group)
    by = cases.citizen(case)
    paper = papers.render(enrolments.prepare_offer(case, by=by).pk)
    case = enrolments.enrol(case, by=by, offer=True, consent=True, means="eds", paper=paper, cms=signed(paper, by))
    paper.refresh_from_db()
    assert (case.state, paper.state) == (EnrolmentState.ENROLLED, "signed")


def test_enrolling_twice_leaves_one_contract(person: Any, group: Any) -> None:
    case = submitted(person, group)
    by = cases.citizen(case)
    enrolments.enrol(case, by=by, offer=True, consent=True, means="code")
    enrolments.enrol(case, by=by, offer=True, consent=True, means="code")
    assert Paper.objects.filter(kind="offer", case_id=case.pk).count() == 1


def test_a_full_group_puts_on_the_waiting_list_and_a_free_place_calls_the_first(
    chamber: Chamber, group: Any, person: Any, monkeypatch: Any
) -> None:
    other = cases.enrolled(chamber, group)
    monkeypatch.setattr(rules, "places_left", lambda found: max(1 - found.enrolments.members().count(), 0))
    case = submitted(person, group)
    by = cases.citizen(case)
    case = enrolments.enrol(case, by=by, offer=True, consent=True, means="code")
    assert case.state == EnrolmentState.WAITLISTED
    enrolments.withdraw(other, by=cases.citizen(other), reason="OWN_REQUEST")
    assert (following.invite_waiting(), following.invite_waiting()) == (1, 0)
    assert {"N-TRN-WAITING", "N-TRN-PLACE"} <= told(case)
    case = enrolments.enrol(case, by=by, offer=True, consent=True, means="code")
    assert case.state == EnrolmentState.ENROLLED


def test_a_newcomer_does_not_overtake_the_waiting_list(
    chamber: Chamber, group: Any, person: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(rules, "places_left", lambda found: 0)
    waiting = submitted(person, group)
    enrolments.join_waiting_list(waiting, by=cases.citizen(waiting))
    monkeypatch.setattr(rules, "places_left", lambda found: 1)
    newcomer = cases.enrolled(chamber, group)
    assert newcomer.state == EnrolmentState.WAITLISTED


def test_a_rejection_needs_a_sentence_and_tells_the_person(chamber: Chamber, person: Any, group: Any) -> None:
    case = submitted(person, group)
    with pytest.raises(Refused):
        enrolments.reject(case, by=chamber.coordinator, reason="NOT_OF_POOL", text=" ")
    case = enrolments.reject(case, by=chamber.coordinator, reason="NOT_OF_POOL", text="Басқа өңір.")
    assert case.state == EnrolmentState.REJECTED
    assert "N-TRN-REJECTED" in told(case)


def test_the_three_years_reject_only_who_was_trained_before(chamber: Chamber, person: Any, group: Any) -> None:
    case = submitted(person, group)
    with pytest.raises(Refused, match="No former training"):
        enrolments.reject(case, by=chamber.coordinator, reason="THREE_YEARS", text="Кейінірек келіңіз.")


@pytest.mark.clause("118-p29")
@pytest.mark.clause("A-23")
def test_who_left_after_the_start_is_enrolled_again_only_after_three_years() -> None:
    made = cases.running()
    case = made.people[0]
    with clock.at(made.at(2)):
        case = enrolments.withdraw(case, by=cases.citizen(case), reason="OWN_REQUEST")
        assert case.ended_on == made.group.start_on + timedelta(days=2)
        again = enrolments.start(by=cases.citizen(case), person=case.person)
        early = enrolling(made.chamber, mode="online")
        with pytest.raises(Refused, match="three years"):
            enrolments.choose_group(again, early, by=cases.citizen(case))
        assert rules.earliest_start(again) == case.ended_on.replace(year=2029)


@pytest.mark.clause("118-p29")
def test_enrolment_is_stopped_too_where_the_group_begins_within_the_three_years(
    chamber: Chamber, group: Any, person: Any
) -> None:
    case = submitted(person, group)
    case.referral.trained_until = group.start_on.replace(year=group.start_on.year - 3) + timedelta(days=1)
    case.referral.save(update_fields=["trained_until"])
    with pytest.raises(Refused, match="The earliest day"):
        enrolments.enrol(case, by=cases.citizen(case), offer=True, consent=True, means="code")
    case.referral.trained_until -= timedelta(days=1)
    case.referral.save(update_fields=["trained_until"])
    case = enrolments.enrol(case, by=cases.citizen(case), offer=True, consent=True, means="code")
    assert case.state == EnrolmentState.ENROLLED


def test_who_left_before_the_start_may_come_again_at_once(chamber: Chamber, group: Any) -> None:
    case = cases.enrolled(chamber, group)
    case = enrolments.withdraw(case, by=cases.citizen(case), reason="CONSENT_WITHDRAWN")
    assert case.state == EnrolmentState.WITHDRAWN
    assert case.ended_on is None
    assert rules.earliest_start(case) is None


def test_a_coordinator_ends_a_training_only_with_a_sentence(chamber: Chamber, group: Any) -> None:
    case = cases.enrolled(chamber, group)
    with pytest.raises(Refused):
        enrolments.withdraw(case, by=chamber.coordinator, reason="ABSENCE")
    case = enrolments.withdraw(case, by=chamber.coordinator, reason="ABSENCE", text="Үш күн келмеді.")
    assert case.withdrawal == "ABSENCE"


def test_members_of_a_cancelled_group_are_back_in_the_pool_once(chamber: Chamber, group: Any) -> None:
    case = cases.enrolled(chamber, group)
    group_life.cancel(group, by=chamber.coordinator, reason="Үй-жай жоқ.")
    following.follow_all()
    following.follow_all()
    case.refresh_from_db()
    assert (case.state, case.group_id) == (EnrolmentState.SUBMITTED, None)
    assert Step.objects.filter(case_kind="enrolment", case_id=case.pk, event="return_to_pool").count() == 1
    assert "N-TRN-CANCELLED" in told(case)


def test_a_group_broken_off_keeps_passed_modules_and_starts_no_three_years() -> None:
    made = cases.running()
    case = made.people[0]
    with clock.at(made.at(3)):
        cases.tested(cases.module(case), 6)
        group_life.break_off(made.group, by=made.chamber.coordinator, reason="Су тасқыны.")
        following.follow_all()
        case.refresh_from_db()
        assert (case.state, case.ended_on) == (EnrolmentState.SUBMITTED, None)
        assert cases.module(case).state == "passed"
        assert rules.earliest_start(case) is None
        assert not Deadline.objects.open().filter(case_kind="enrolment", case_id=case.pk).exists()


def test_who_did_not_begin_frees_the_place_without_the_three_years() -> None:
    with clock.at(MAY):
        chamber = Chamber.open()
        group = enrolling(chamber, mode="online")
        absent = cases.enrolled(chamber, group)
        group_life.fix_roster(group, by=chamber.coordinator)
        with pytest.raises(Refused):
            enrolments.mark_no_show(absent, by=chamber.coordinator)
    with clock.at(datetime.combine(group.start_on, MAY.timetz())):
        cases.sweeps.begin_groups()
        case = enrolments.mark_no_show(absent, by=chamber.coordinator)
        assert (case.state, case.ended_on) == (EnrolmentState.NO_SHOW, None)


@pytest.mark.clause("118-p24")
@pytest.mark.clause("118-p28")
def test_a_module_not_passed_by_the_end_of_the_window_ends_the_training() -> None:
    made = cases.running()
    case = made.people[0]
    finished(made)
    due = rules.assessment(made.group).due
    with clock.at(due - timedelta(minutes=1)):
        following.follow_all()
        case.refresh_from_db()
        assert case.state == EnrolmentState.STUDYING
    with clock.at(due + timedelta(minutes=1)):
        following.follow_all()
        following.follow_all()
        case.refresh_from_db()
    assert case.state == EnrolmentState.NOT_ADMITTED
    assert case.ended_on == made.group.end_on
    assert "N-TST-NOT-ADMITTED" in told(case)
    term = Deadline.objects.get(case_kind="enrolment", case_id=case.pk, name="T-ASSESS")
    assert term.breached_at is not None


def finished(made: cases.Class) -> None:
    """The classes are over; module tests are nobody's business here."""
    trainer = made.chamber.trainer
    for day in made.group.class_days.order_by("day"):
        with clock.at(datetime.combine(day.day, MAY.timetz()).replace(hour=18)):
            cases.attendance.mark_day(day, by=trainer, present={one.pk for one in made.people})
    with clock.at(made.last_day):
        for one in made.people:
            cases.attendance.record_consultation(one, by=trainer, held_on=made.group.end_on, topic="Жоспар")
        cases.attendance.record_pitch(
            made.group, by=trainer, held_on=made.group.end_on, participants=[one.pk for one in made.people]
        )
    with clock.at(made.after):
        cases.sweeps.end_groups()
        made.group.refresh_from_db()
        assert made.group.state == "assessing"


def assessed() -> cases.Class:
    """One participant with all modules passed, the final test open."""
    made = cases.running()
    with clock.at(made.at(1)):
        cases.all_passed(made.people[0])
    finished(made)
    with clock.at(made.after):
        following.follow_all()
        made.people[0].refresh_from_db()
        assert made.people[0].state == EnrolmentState.ASSESSING
    return made


@pytest.mark.clause("118-p25")
def test_a_low_final_mark_is_confirmed_by_the_coordinator_who_expels() -> None:
    made = assessed()
    with clock.at(made.after):
        case = results.note_final(made.people[0], 59)
        assert case.state == EnrolmentState.ASSESSING
        term = Deadline.objects.open().get(case_kind="enrolment", case_id=case.pk)
        assert term.duty == "coordinator"
        case = enrolments.expel(case, by=made.chamber.coordinator)
    assert (case.state, case.expulsion) == (EnrolmentState.EXPELLED, "FINAL_TEST_LOW")
    assert "N-TST-EXPELLED" in told(case)
    assert not Certificate.objects.filter(enrolment=case).exists()


@pytest.mark.clause("A-20")
def test_a_void_final_test_takes_the_low_mark_back() -> None:
    made = assessed()
    with clock.at(made.after):
        case = results.note_final(made.people[0], 40)
        case = results.void_final(case, by=made.chamber.coordinator)
        assert case.final_percent is None
        case = results.note_final(case, 80)
        assert results.note_final(case, 80).final_percent == 80


@pytest.mark.clause("118-p28")
def test_without_a_final_result_the_training_ends_and_an_act_may_expel() -> None:
    made = assessed()
    case = made.people[0]
    with clock.at(made.after_window):
        following.follow_all()
        case.refresh_from_db()
        assert case.state == EnrolmentState.NOT_PASSED
        with pytest.raises(Refused):
            enrolments.expel_by_act(case, by=made.chamber.coordinator, reason="")
        case = enrolments.expel_by_act(case, by=made.chamber.coordinator, reason="Тестке келмеді.")
    assert (case.state, case.expulsion) == (EnrolmentState.EXPELLED, "COORDINATOR_ACT")


def test_a_late_assessor_does_not_harm_who_passed_the_final_test() -> None:
    made = assessed()
    with clock.at(made.after):
        case = results.note_final(made.people[0], 70)
    with clock.at(made.after_window):
        following.follow_all()
        case.refresh_from_db()
        assert case.state == EnrolmentState.ASSESSING
        assert Deadline.objects.filter(case_kind="enrolment", case_id=case.pk, due_at__lt=clock.now()).exists()
        case = results.note_plan(case, 60)
    assert case.state == EnrolmentState.COMPLETED_COMPLETION


def test_a_participant_is_reminded_before_the_window_ends_and_not_scolded_after() -> None:
    made = cases.running()
    case = made.people[0]
    term = Deadline.objects.open().get(case_kind="enrolment", case_id=case.pk, name="T-ASSESS")
    assert term.due_at == rules.assessment(made.group).due
    with clock.at(term.remind_at + timedelta(minutes=1)):
        sweep()
    assert "N-DEADLINE-STAFF" in told(case)
    with clock.at(term.due_at + timedelta(minutes=1)):
        sweep()
    term.refresh_from_db()
    assert term.breached_at is not None
    assert "N-DEADLINE-BREACHED" not in told(case)


def test_only_the_system_enters_results(chamber: Chamber, group: Any) -> None:
    case = cases.enrolled(chamber, group)
    with pytest.raises(Refused):
        perform(case, "begin", by=chamber.consultant)
    with pytest.raises(Refused):
        perform(case, "return_to_pool", by=chamber.coordinator)
    with pytest.raises(Refused):
        perform(case, "return_to_pool", by=SYSTEM)
