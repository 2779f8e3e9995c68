"""Plans and groups before their first day (118-p13 to p15, p20, p21; SPEC 4.3, 4.17)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from bastau import clock, flow
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.papers.models import Paper
from tests.referrals import cases as referral_cases
from tests.training import groups_cases as cases
from tests.training.groups_cases import Chamber, english  # noqa: F401  (every sentence in English)
from training import candidates, sweeps
from training.actions import group_life, groups, plans
from training.models import Announcement, ClassDay, TrainingGroup, TrainingPlan, WrittenReason
from training.states import AnnouncementState, GroupState, PlanState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("january")]
ALMATY = ZoneInfo("Asia/Almaty")
FEB = date(2027, 2, 1)
NOW = datetime(2027, 1, 11, 10, 0, tzinfo=ALMATY)


@pytest.fixture
def january():  # type: ignore[no-untyped-def]
    with clock.at(NOW):
        yield NOW


# ---------------------------------------------------------------------------------------------------------------- plans


@pytest.mark.clause("118-p14")
def test_a_plan_is_agreed_by_the_local_body_and_approved_by_the_chamber() -> None:
    chamber = Chamber.open()
    plan = plans.send_for_agreement(cases.plan_draft(chamber), by=chamber.coordinator)
    with pytest.raises(flow.Refused):
        plans.approve(plan, by=chamber.coordinator)
    plan = plans.agree(plan, by=chamber.officer)
    assert plans.approve(plan, by=chamber.coordinator).state == PlanState.APPROVED


def test_a_plan_takes_the_modules_of_the_course() -> None:
    plan = cases.plan_draft(Chamber.open())
    assert [one["code"] for one in plan.modules] == ["support", "tax", "legal", "marketing", "planning", "pitch"]
    assert plan.hours == 80


@pytest.mark.clause("118-p22-4")
def test_a_plan_of_more_hours_than_the_rules_allow_is_not_sent() -> None:
    chamber = Chamber.open()
    plan = cases.plan_draft(chamber, modules=[{"code": "tax", "hours": 73}, {"code": "pitch", "hours": 8}])
    with pytest.raises(flow.Refused, match="academic hours"):
        plans.send_for_agreement(plan, by=chamber.coordinator)


def test_the_coordinator_does_not_agree_to_the_own_plan() -> None:
    chamber = Chamber.open()
    plan = plans.send_for_agreement(cases.plan_draft(chamber), by=chamber.coordinator)
    with pytest.raises(flow.Refused):
        plans.agree(plan, by=chamber.coordinator)


def test_a_returned_plan_keeps_the_remarks_and_can_be_sent_again() -> None:
    chamber = Chamber.open()
    plan = plans.send_for_agreement(cases.plan_draft(chamber), by=chamber.coordinator)
    plan = plans.send_back(plan, by=chamber.officer, reason="Аудан орталығын қосыңыз.")
    assert plan.state == PlanState.RETURNED
    assert WrittenReason.objects.get(case_kind=plan.kind, case_id=plan.pk).text == "Аудан орталығын қосыңыз."
    plan = plans.change(plan, by=chamber.coordinator, territory_kk="Теміртау қаласы", territory_ru="город Темиртау")
    assert plans.send_for_agreement(plan, by=chamber.coordinator).state == PlanState.SENT_FOR_AGREEMENT


def test_a_return_without_remarks_is_refused() -> None:
    chamber = Chamber.open()
    plan = plans.send_for_agreement(cases.plan_draft(chamber), by=chamber.coordinator)
    with pytest.raises(flow.Refused, match="Write the reason"):
        plans.send_back(plan, by=chamber.officer, reason=" ")


def test_a_new_version_puts_the_one_before_out_of_force() -> None:
    chamber = Chamber.open()
    former = cases.plan_approved(chamber)
    newer = cases.plan_approved(chamber, places=400)
    former.refresh_from_db()
    assert (former.state, newer.version) == (PlanState.ARCHIVED, 2)


def test_two_plans_of_a_place_are_not_drawn_up_at_once() -> None:
    chamber = Chamber.open()
    cases.plan_draft(chamber)
    with pytest.raises(flow.Refused, match="not approved yet"):
        cases.plan_draft(chamber)


def test_the_local_body_is_told_of_a_plan_that_waits_for_it() -> None:
    chamber = Chamber.open()
    plans.send_for_agreement(cases.plan_draft(chamber), by=chamber.coordinator)
    assert Notice.objects.filter(code="N-TRN-STAFF", user=chamber.officer.user).exists()


# ------------------------------------------------------------------------------------------------------------- planning


@pytest.mark.clause("118-p13", "118-p14", "118-p21")
def test_a_group_needs_a_plan_that_is_agreed_and_approved() -> None:
    chamber = Chamber.open()
    plan = plans.send_for_agreement(cases.plan_draft(chamber), by=chamber.coordinator)
    with pytest.raises(flow.Refused, match="agreed and approved"):
        groups.create(by=chamber.coordinator, plan=plan, schedule=cases.schedule(chamber, FEB))


def test_a_planned_group_has_its_class_days() -> None:
    group = cases.planned(Chamber.open(), FEB)
    assert (group.state, group.start_on, group.end_on) == (GroupState.PLANNED, FEB, date(2027, 2, 23))
    assert group.class_days.count() == 20
    assert sum(group.class_days.values_list("hours", flat=True)) == 80


@pytest.mark.clause("118-p22-2")
def test_v25_twenty_days_from_monday_to_friday_are_refused_in_words() -> None:
    with pytest.raises(flow.Refused, match="26 calendar days"):
        cases.planned(Chamber.open(), FEB, weekdays=cases.MON_TO_FRI)
    assert not TrainingGroup.objects.exists()


def test_a_two_hour_day_is_refused_in_words() -> None:
    with pytest.raises(flow.Refused, match="2 academic hours"):
        cases.planned(Chamber.open(), FEB, hours_a_day=6)


@pytest.mark.clause("118-p15")
def test_a_start_twelve_days_ahead_is_refused_with_the_earliest_one() -> None:
    with pytest.raises(flow.Refused, match=r"26\.01\.2027"):
        cases.planned(Chamber.open(), date(2027, 1, 23))


def test_a_start_in_the_past_is_refused() -> None:
    with pytest.raises(flow.Refused, match="lie ahead"):
        cases.planned(Chamber.open(), date(2027, 1, 4))


def test_applications_do_not_end_after_the_start() -> None:
    with pytest.raises(flow.Refused, match="last day of applications"):
        cases.planned(Chamber.open(), FEB, apply_until=date(2027, 2, 2))


# ------------------------------------------------------------------------------------------- agreement and approval


@pytest.mark.clause("118-p14", "118-p21")
def test_the_schedule_is_approved_only_after_the_local_body_agreed() -> None:
    chamber = Chamber.open()
    group = cases.planned(chamber, FEB)
    with pytest.raises(flow.Refused):
        groups.approve(group, by=chamber.coordinator)
    group = groups.agree(group, by=chamber.officer)
    assert groups.approve(group, by=chamber.coordinator).state == GroupState.APPROVED


@pytest.mark.clause("118-p14")
def test_another_place_after_the_agreement_is_agreed_anew() -> None:
    chamber = Chamber.open()
    group = cases.agreed(chamber, FEB)
    group = groups.change(group, by=chamber.coordinator, schedule=cases.schedule(chamber, FEB, place_kk="Басқа көше"))
    assert (group.state, group.agreed_at) == (GroupState.PLANNED, None)


def test_what_the_local_body_does_not_agree_to_waits_for_a_change() -> None:
    chamber = Chamber.open()
    group = groups.object_to(cases.planned(chamber, FEB), by=chamber.officer, reason="Басқа күн керек.")
    with pytest.raises(flow.Refused, match="did not agree"):
        groups.agree(group, by=chamber.officer)
    group = groups.change(group, by=chamber.coordinator, schedule=cases.schedule(chamber, FEB + timedelta(days=7)))
    assert groups.agree(group, by=chamber.officer).state == GroupState.AGREED


def test_a_local_body_of_another_region_does_not_agree() -> None:
    group = cases.planned(Chamber.open(), FEB)
    stranger = cases.hired(cases.OfficeFactory(leb=True, region__code="71", region__name_kk="Астана"), "leb_officer")
    with pytest.raises(flow.Refused):
        groups.agree(group, by=stranger)


# -------------------------------------------------------------------------------------------------------- announcement


@pytest.mark.clause("118-p15")
def test_an_announcement_needs_both_languages() -> None:
    chamber = Chamber.open()
    group = cases.approved(chamber, FEB)
    with pytest.raises(flow.Refused, match="Kazakh and in Russian"):
        groups.announce(group, by=chamber.coordinator, text_kk="Хабарландыру", text_ru=" ")
    assert not Announcement.objects.published().exists()


@pytest.mark.clause("118-p15")
def test_the_announcement_says_what_the_form_says() -> None:
    group = cases.announced(Chamber.open(), FEB)
    said = group.announcements.get()
    assert said.state == AnnouncementState.PUBLISHED
    assert said.text_kk.startswith(
        '"Бастау Бизнес" жобасы бойынша кәсіпкерлік негіздеріне оқыту 2027 жылғы «1» ақпанда басталады.'
    )
    assert "Ұзақтығы: 23 күнтізбелік күн, 80 академиялық сағат. Оқыту ақысыз." in said.text_kk
    assert "начинается «1» февраля 2027 года" in said.text_ru
    assert "Продолжительность: 23 календарных дня, 80 академических часов." in said.text_ru


def test_the_paper_of_the_announcement_is_made_in_both_languages() -> None:
    said = cases.announced(Chamber.open(), FEB).announcements.get()
    papers = Paper.objects.filter(case_kind="announcement", case_id=said.pk)
    assert sorted(papers.values_list("language", flat=True)) == ["kk", "ru"]


@pytest.mark.clause("118-p15", "A-14")
def test_fifteen_days_before_is_in_time_and_fourteen_too_late() -> None:
    chamber = Chamber.open()
    group = cases.approved(chamber, FEB)
    with clock.at(datetime(2027, 1, 18, 0, 30, tzinfo=ALMATY)), pytest.raises(flow.Refused, match="too near"):
        cases.announce(chamber, group)
    with clock.at(datetime(2027, 1, 17, 23, 0, tzinfo=ALMATY)):
        assert cases.announce(chamber, group).state == GroupState.ANNOUNCED


@pytest.mark.clause("118-p15")
def test_v13_the_announcement_is_due_at_the_end_of_17_january() -> None:
    group = cases.planned(Chamber.open(), FEB)
    row = Deadline.objects.get(case_kind=group.kind, case_id=group.pk, name="T-ANNOUNCE")
    assert row.due_at.astimezone(ALMATY).date() == date(2027, 1, 17)
    assert row.duty == "coordinator"


def test_a_term_of_announcement_that_passes_is_breached() -> None:
    group = cases.planned(Chamber.open(), FEB)
    with clock.at(datetime(2027, 1, 18, 0, 1, tzinfo=ALMATY)):
        sweep()
    assert Deadline.objects.get(case_kind=group.kind, case_id=group.pk).breached_at is not None


def test_announced_in_time_the_term_is_kept() -> None:
    group = cases.announced(Chamber.open(), FEB)
    row = Deadline.objects.get(case_kind=group.kind, case_id=group.pk)
    assert (row.closed_by_event, row.breached_at) == ("announce", None)


@pytest.mark.clause("118-p12-2")
def test_the_system_opens_the_enrolment_and_invites_the_listed_candidates() -> None:
    chamber = Chamber.open()
    with clock.at(datetime(2026, 12, 15, 11, 0, tzinfo=ALMATY)):
        listed = referral_cases.decided(chamber.centre)
    _send_list(chamber)
    unlisted = referral_cases.decided(chamber.centre)
    group = cases.enrolling(chamber, FEB)
    assert group.state == GroupState.ENROLLING
    told = Notice.objects.filter(code="N-TRN-INVITE")
    assert [one.user.person_id for one in told] == [listed.person_id]
    assert set(candidates.candidates(group)) == {listed, unlisted}


def _send_list(chamber: Chamber) -> None:
    from tests.training.test_lists_actions import signatures
    from training.actions import lists
    from training.models import MonthlyList

    sweeps.draw_up_lists()
    case = MonthlyList.objects.get(office=chamber.centre.office)
    case = lists.sign(case, by=chamber.centre.director, signatures=signatures(case, chamber))
    lists.send(case, by=chamber.centre.specialist)


# ------------------------------------------------------------------------------------------- people, rooms, bookings


@pytest.mark.clause("118-p20")
def test_a_trainer_is_not_booked_twice_at_one_time() -> None:
    chamber = Chamber.open()
    cases.enrolling(chamber, FEB)
    second = cases.announced(chamber, FEB)
    with pytest.raises(flow.Refused, match=r"is busy on 01\.02\.2027"):
        groups.assign(second, by=chamber.coordinator, trainer=chamber.trainer.user)


def test_a_room_is_not_booked_twice_at_one_time() -> None:
    chamber = Chamber.open()
    cases.enrolling(chamber, FEB)
    second = cases.announced(chamber, FEB)
    with pytest.raises(flow.Refused, match="is busy"):
        groups.assign(second, by=chamber.coordinator, room=chamber.room)


def test_another_hour_of_the_day_is_free() -> None:
    chamber = Chamber.open()
    cases.enrolling(chamber, FEB)
    second = cases.announced(chamber, FEB, starts_at=cases.time(14, 0))
    assert groups.assign(second, by=chamber.coordinator, trainer=chamber.trainer.user).trainer == chamber.trainer.user


@pytest.mark.engine
@pytest.mark.parametrize("what", ["trainer", "room"])
def test_the_database_refuses_what_two_colleagues_book_at_once(what: str) -> None:
    chamber = Chamber.open()
    cases.enrolling(chamber, FEB)
    second = cases.announced(chamber, FEB)
    value = {"trainer": chamber.trainer.user, "room": chamber.room}[what]
    with pytest.raises(IntegrityError, match=f"class_day_{what}_free"), transaction.atomic():
        ClassDay.objects.filter(group=second).update(**{what: value})


def test_what_the_database_refuses_is_said_in_words() -> None:
    chamber = Chamber.open()
    cases.enrolling(chamber, FEB)
    second = cases.announced(chamber, FEB)
    with pytest.raises(flow.Refused, match="busy at these hours"), groups.busy_is_refused():
        ClassDay.objects.filter(group=second).update(room=chamber.room)


def test_who_holds_no_post_of_a_trainer_is_not_assigned() -> None:
    chamber = Chamber.open()
    group = cases.announced(chamber, FEB)
    with pytest.raises(flow.Refused, match="holds no such post"):
        groups.assign(group, by=chamber.coordinator, trainer=chamber.consultant.user)


def test_a_cancelled_group_leaves_trainer_and_room_free() -> None:
    chamber = Chamber.open()
    group = cases.enrolling(chamber, FEB)
    group_life.cancel(group, by=chamber.coordinator, reason="Үміткерлер жоқ.")
    second = cases.announced(chamber, FEB)
    assert cases.equipped(chamber, second).room == chamber.room


# ------------------------------------------------------------------------------------------------ postponed, cancelled


def test_a_postponed_group_is_planned_agreed_and_announced_anew() -> None:
    chamber = Chamber.open()
    group = group_life.postpone(cases.enrolling(chamber, FEB), by=chamber.coordinator, reason="Боран.")
    later = cases.schedule(chamber, date(2027, 2, 15))
    group = group_life.replan(group, by=chamber.coordinator, schedule=later)
    assert (group.state, group.start_on) == (GroupState.PLANNED, date(2027, 2, 15))
    group = groups.approve(groups.agree(group, by=chamber.officer), by=chamber.coordinator)
    group = cases.announce(chamber, group)
    assert group.announced_start == date(2027, 2, 15)
    states = list(group.announcements.order_by("pk").values_list("state", flat=True))
    assert states == [AnnouncementState.SUPERSEDED, AnnouncementState.PUBLISHED]


@pytest.mark.clause("118-p15", "A-14")
def test_a_start_moved_later_keeps_its_announcement() -> None:
    chamber = Chamber.open()
    group = cases.enrolling(chamber, FEB)
    first = group.announcements.get()
    with clock.at(datetime(2027, 1, 28, 10, 0, tzinfo=ALMATY)):
        group = group_life.postpone(group, by=chamber.coordinator, reason="14 адам ғана.")
        group = group_life.replan(group, by=chamber.coordinator, schedule=cases.schedule(chamber, date(2027, 2, 8)))
        group = groups.approve(groups.agree(group, by=chamber.officer), by=chamber.coordinator)
        group = cases.announce(chamber, group)
    assert group.announcements.get(state=AnnouncementState.PUBLISHED).first_on == first.first_on


@pytest.mark.clause("118-p15")
def test_a_start_moved_earlier_needs_fifteen_days_again() -> None:
    chamber = Chamber.open()
    group = cases.enrolling(chamber, date(2027, 2, 22))
    with clock.at(datetime(2027, 1, 28, 10, 0, tzinfo=ALMATY)):
        group = group_life.postpone(group, by=chamber.coordinator, reason="Ертерек бастаймыз.")
        with pytest.raises(flow.Refused, match="too near"):
            group_life.replan(group, by=chamber.coordinator, schedule=cases.schedule(chamber, date(2027, 2, 8)))


def test_cancelling_needs_a_reason_and_tells_the_local_body() -> None:
    chamber = Chamber.open()
    group = cases.enrolling(chamber, FEB)
    with pytest.raises(flow.Refused, match="Write the reason"):
        group_life.cancel(group, by=chamber.coordinator, reason="")
    group = group_life.cancel(group, by=chamber.coordinator, reason="Үміткерлер жоқ.")
    assert group.state == GroupState.CANCELLED
    assert Notice.objects.filter(user=chamber.officer.user, key__contains="group-cancelled").exists()
    assert not Announcement.objects.published().exists()


@pytest.mark.parametrize("bring", [cases.planned, cases.agreed, cases.approved, cases.announced, cases.enrolling])
def test_a_group_is_cancelled_from_every_state_before_its_first_day(bring) -> None:  # type: ignore[no-untyped-def]
    chamber = Chamber.open()
    group = group_life.cancel(bring(chamber, FEB), by=chamber.coordinator, reason="Себебі бар.")
    assert group.state == GroupState.CANCELLED
    assert not Deadline.objects.open().filter(case_kind=group.kind, case_id=group.pk).exists()


def test_a_written_reason_stays_out_of_the_journal() -> None:
    chamber = Chamber.open()
    group = group_life.cancel(cases.planned(chamber, FEB), by=chamber.coordinator, reason="Құпия себеп.")
    assert "Құпия" not in str(list(Step.objects.filter(case_kind=group.kind).values_list("facts", flat=True)))
    assert WrittenReason.objects.get(case_kind=group.kind, case_id=group.pk).event == "cancel"


def test_a_plan_is_seen_by_the_local_body_when_it_is_asked() -> None:
    chamber = Chamber.open()
    plan = cases.plan_draft(chamber)
    assert not TrainingPlan.objects.visible_to(chamber.officer.user).exists()
    plans.send_for_agreement(plan, by=chamber.coordinator)
    assert TrainingPlan.objects.visible_to(chamber.officer.user).exists()
