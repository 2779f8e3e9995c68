"""Deadlines: started and stopped by events, breached once, caught up after a pause, reckoned anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bastau import clock, workdays
from bastau.flow import deadlines
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.workdays.models import DayException
from referrals import actions
from tests.conftest import ALMATY, MONDAY
from tests.referrals import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def centre() -> cases.Centre:
    return cases.Centre.open()


def _due(case: cases.ReferralApplication, name: str) -> str:
    row = Deadline.objects.get(case_id=case.pk, name=name, case_kind=case.kind)
    return row.due_at.astimezone(ALMATY).strftime("%m-%d %H:%M")


@pytest.mark.clause("118-p06", "118-p09-1")
def test_acceptance_starts_check_and_total(centre: cases.Centre) -> None:
    case = cases.accepted(centre)
    assert (_due(case, "T-REF-CHECK"), _due(case, "T-REF-TOTAL")) == ("06-10 18:30", "06-11 18:30")


@pytest.mark.clause("118-p07-2")
def test_the_state_corporation_channel_has_its_own_two(centre: cases.Centre) -> None:
    case = cases.accepted(centre, channel="sc")
    assert (_due(case, "T-SC-CHECK"), _due(case, "T-SC-RETURN")) == ("06-09 18:30", "06-10 18:30")


@pytest.mark.clause("118-p09-2")
def test_a_finished_check_stops_its_term_and_starts_the_directors_day(centre: cases.Centre) -> None:
    case = cases.checked(centre)
    assert Deadline.objects.get(case_id=case.pk, name="T-REF-CHECK").closed_by_event == "finish_check"
    assert _due(case, "T-REF-ISSUE") == "06-09 18:30"


def test_a_decision_closes_every_deadline(centre: cases.Centre) -> None:
    case = cases.decided(centre)
    assert not Deadline.objects.open().filter(case_id=case.pk).exists()


def test_a_withdrawal_closes_every_deadline(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    actions.withdraw(case, by=cases.citizen(case))
    assert not Deadline.objects.open().filter(case_id=case.pk).exists()


def test_sending_back_gives_the_turn_back_and_stops_the_directors_day(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    actions.send_back(case, by=centre.director, comment="Мекенжайды нақтылаңыз.")
    rows = list(Deadline.objects.open().filter(case_id=case.pk).values_list("name", "duty"))
    assert rows == [("T-REF-TOTAL", "specialist")]


def test_a_proposal_passes_the_turn_to_the_director(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    assert set(Deadline.objects.open().filter(case_id=case.pk).values_list("duty", flat=True)) == {"director"}


def test_deadlines_follow_the_assignee(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    assert set(Deadline.objects.filter(case_id=case.pk).values_list("assignee", flat=True)) == {
        centre.specialist.user.pk if centre.specialist.user else None
    }


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY.replace(day=day, hour=hour, minute=minute)


def _events(case: cases.ReferralApplication, prefix: str = "deadline_") -> list[str]:
    steps = Step.objects.filter(case_id=case.pk, event__startswith=prefix).order_by("sequence")
    return [f"{step.event} {step.facts['deadline']}" for step in steps]


def test_nothing_is_told_before_its_time(centre: cases.Centre) -> None:
    case = cases.accepted(centre)
    with clock.at(_at(9, 18, 29)):
        sweep()
    assert _events(case) == []


def test_one_working_day_before_the_responsible_person_is_reminded_once(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    with clock.at(_at(9, 18, 31)):
        sweep()
        sweep()
    assert _events(case) == ["deadline_reminded T-REF-CHECK"]
    assert list(Notice.objects.filter(code="N-DEADLINE-STAFF").values_list("user", flat=True)) == [
        centre.specialist.user.pk if centre.specialist.user else None
    ]


def test_a_breach_is_recorded_once_and_changes_no_state(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    with clock.at(_at(10, 18, 31)):
        sweep()
        sweep()
    case.refresh_from_db()
    assert _events(case).count("deadline_breached T-REF-CHECK") == 1
    assert case.state == "in_check"


def test_a_worker_that_was_down_for_a_week_catches_up_with_each_event_once(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    with clock.at(_at(18, 9)):
        sweep()
        sweep()
    wanted = [
        f"deadline_{stage} {name}"
        for stage in ("reminded", "breached", "escalated")
        for name in ("T-REF-CHECK", "T-REF-TOTAL")
    ]
    assert sorted(_events(case)) == sorted(wanted)


def test_each_alarm_is_one_notice_a_person(centre: cases.Centre) -> None:
    cases.in_check(centre)
    with clock.at(_at(18, 9)):
        sweep()
        told = Notice.objects.filter(code__startswith="N-DEADLINE").count()
        sweep()
    # Two terms: reminded to one, breached to two (with the head of unit), escalated to the director.
    assert (told, Notice.objects.filter(code__startswith="N-DEADLINE").count()) == (8, 8)


def test_a_decision_after_the_term_is_late_by_its_date_of_issue(centre: cases.Centre) -> None:
    with clock.at(_at(10, 10)):
        case = cases.awaiting(centre)
    # Accepted on Wednesday 10 June, due on Monday 15 June; signed at the close, so issued on the day after.
    with clock.at(_at(15, 18, 30)):
        actions.decide(case, by=centre.director, signatures=cases.signatures(case, centre.director))
    total = Deadline.objects.get(case_id=case.pk, name="T-REF-TOTAL")
    assert total.breached_at is not None
    assert _events(case).count("deadline_breached T-REF-TOTAL") == 1


def test_a_decision_in_the_last_minute_is_in_time(centre: cases.Centre) -> None:
    with clock.at(_at(10, 10)):
        case = cases.awaiting(centre)
    with clock.at(_at(15, 18, 29)):
        actions.decide(case, by=centre.director, signatures=cases.signatures(case, centre.director))
    assert Deadline.objects.get(case_id=case.pk, name="T-REF-TOTAL").breached_at is None


def test_a_deadline_keeps_the_days_that_make_it(centre: cases.Centre) -> None:
    with clock.at(_at(5, 10)):
        case = cases.accepted(centre)
    days = Deadline.objects.get(case_id=case.pk, name="T-REF-TOTAL").reckoning["days"]
    counted = {day["date"]: day["counted"] for day in days if day["date"] > "2026-06-05"}
    assert counted == {
        "2026-06-06": False,
        "2026-06-07": False,
        "2026-06-08": True,
        "2026-06-09": True,
        "2026-06-10": True,
    }


def test_a_new_day_off_moves_only_the_deadlines_that_cross_it(centre: cases.Centre) -> None:
    early = cases.accepted(centre)
    with clock.at(_at(10, 10)):
        late = cases.accepted(centre)
    before = {case.pk: _due(case, "T-REF-TOTAL") for case in (early, late)}
    DayException.objects.create(
        day=_at(12, 0).date(),
        kind="off",
        name_kk="Демалыс күні",
        name_ru="Выходной день",
        decree="үлгі",
        entered_at=clock.now(),
    )
    workdays.forget()
    moved = deadlines.reckon_anew()
    assert (before[early.pk], _due(early, "T-REF-TOTAL")) == ("06-11 18:30", "06-11 18:30")
    assert (before[late.pk], _due(late, "T-REF-TOTAL")) == ("06-15 18:30", "06-16 18:30")
    assert moved == 2
    assert sorted(_events(late)) == ["deadline_moved T-REF-CHECK", "deadline_moved T-REF-TOTAL"]


def test_a_sweep_needs_no_more_statements_for_more_deadlines(
    centre: cases.Centre, django_assert_max_num_queries: Any
) -> None:
    for _ in range(2):
        cases.in_check(centre)
    counts = []
    for more in (0, 8):
        for _ in range(more):
            cases.in_check(centre)
        with clock.at(_at(18, 9) + timedelta(days=len(counts))), django_assert_max_num_queries(60) as captured:
            sweep()
        counts.append(len(captured))
    assert counts[0] == counts[1]
