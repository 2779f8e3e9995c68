"""The recovery of a misused part (A-40): explanation, demand, return, court; each once, each in its term."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from bastau import clock
from bastau.flow import Refused
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.papers.models import Upload
from grants import debts
from monitoring import balance
from monitoring.actions import recovery as actions
from monitoring.actions import reports
from monitoring.models import Recovery
from monitoring.states import RecoveryState, ReportState
from monitoring.sweeps import recovery as sweeps
from tests.monitoring import reports_cases as cases
from tests.monitoring.granting import Granted
from tests.monitoring.reports_cases import ALMATY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("granted", "quick")]
EXPLAIN_OVER = datetime(2026, 7, 16, 9, 0, tzinfo=ALMATY)
RETURN_OVER = datetime(2026, 8, 1, 9, 0, tzinfo=ALMATY)


def told(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return " ".join(refused.value.messages)


def term(case: Any, name: str) -> Deadline:
    return Deadline.objects.open().get(case_kind=case.kind, case_id=case.pk, name=name)


def steps(case: Any, event: str) -> int:
    return Step.objects.filter(case_kind=case.kind, case_id=case.pk, event=event).count()


@pytest.mark.clause("A-40")
def test_the_grantee_has_ten_working_days_to_explain(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    row = term(recovery, "T-MISUSE-EXPLAIN")
    assert (row.duty, row.due_at.astimezone(ALMATY).date()) == ("citizen", date(2026, 7, 16))


def test_the_written_notice_names_the_sum_and_the_last_day(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    words = Notice.objects.get(case_kind="recovery", case_id=recovery.pk).words("text", "kk")
    assert "400\u202f000" in words
    assert "16.07.2026" in words


def test_an_explanation_goes_to_the_director(july: Granted) -> None:
    recovery = cases.explained(july)
    assert term(recovery, "T-RECOVERY-STEP").duty == "director"
    assert not Deadline.objects.open().filter(name="T-MISUSE-EXPLAIN").exists()


def test_explaining_twice_is_one_explanation(july: Granted) -> None:
    recovery = cases.explained(july)
    actions.explain(recovery, by=cases.grantee(recovery), text=recovery.explanation)
    assert steps(recovery, "explain") == 1


def test_a_second_explanation_does_not_replace_the_first(july: Granted) -> None:
    recovery = cases.explained(july)
    sentence = told(lambda: actions.explain(recovery, by=cases.grantee(recovery), text="Басқа"))
    assert "here already" in sentence


def test_an_explanation_may_bring_a_document(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    actions.explain(recovery, by=cases.grantee(recovery), text="Түсініктеме", file=cases.picture(3))
    assert Upload.objects.of_case("recovery", recovery.pk).count() == 1


def test_nobody_decides_while_the_grantee_may_still_explain(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    sentence = told(lambda: actions.demand(recovery, by=july.centre.director, text="Қайтару"))
    assert "may still explain" in sentence


@pytest.mark.clause("A-40")
def test_silence_is_noted_once_after_the_term_and_opens_the_decision(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    assert sweeps.note_silence() == 0
    with clock.at(datetime(2026, 7, 16, 18, 31, tzinfo=ALMATY)):
        assert (sweeps.note_silence(), sweeps.note_silence()) == (1, 0)
        recovery = actions.demand(cases.fresh(recovery), by=july.centre.director, text="Түсініктеме келмеді")
    assert recovery.state == RecoveryState.DEMANDED


def test_a_late_explanation_is_still_heard(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    with clock.at(datetime(2026, 7, 17, 9, 0, tzinfo=ALMATY)):
        sweeps.note_silence()
        recovery = actions.explain(cases.fresh(recovery), by=cases.grantee(recovery), text="Ауырып қалдым.")
        recovery = actions.close_explained(recovery, by=july.centre.director, text="Құжаттар бар")
    assert recovery.state == RecoveryState.CLOSED_EXPLAINED


def test_silence_is_not_accepted_as_an_explanation(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    with clock.at(datetime(2026, 7, 17, 9, 0, tzinfo=ALMATY)):
        sweeps.note_silence()
        sentence = told(lambda: actions.close_explained(cases.fresh(recovery), by=july.centre.director, text="x"))
    assert "No explanation has come" in sentence


@pytest.mark.parametrize("act", [actions.close_explained, actions.demand])
def test_a_decision_has_written_reasons(july: Granted, act: Any) -> None:
    recovery = cases.explained(july)
    assert "reasons" in told(lambda: act(recovery, by=july.centre.director, text=" "))


def test_the_specialist_does_not_decide_on_the_explanation(july: Granted) -> None:
    recovery = cases.explained(july)
    assert "post does not include" in told(
        lambda: actions.close_explained(recovery, by=july.centre.specialist, text="x")
    )


@pytest.mark.clause("A-40")
def test_the_demanded_part_is_to_come_back_in_thirty_calendar_days(july: Granted) -> None:
    recovery = cases.demanded(july)
    assert term(recovery, "T-RETURN").due_at.astimezone(ALMATY).date() == date(2026, 7, 31)


def test_the_demand_names_the_way_to_disagree(july: Granted) -> None:
    recovery = cases.demanded(july)
    words = Notice.objects.get(case_kind="recovery", case_id=recovery.pk, code="N-REC-DEMAND").words("text", "ru")
    assert "подать жалобу или обратиться в суд" in words


def test_the_court_comes_only_after_the_term_of_the_return(july: Granted) -> None:
    recovery = cases.demanded(july)
    sentence = told(lambda: actions.go_to_court(recovery, by=july.centre.director, court_reference="2-1"))
    assert "may still return" in sentence


@pytest.mark.clause("A-40")
def test_money_that_does_not_come_goes_to_court(july: Granted) -> None:
    recovery = cases.demanded(july)
    with clock.at(RETURN_OVER):
        assert (sweeps.note_unreturned(), sweeps.note_unreturned()) == (1, 0)
        assert term(recovery, "T-RECOVERY-STEP").duty == "director"
        recovery = actions.go_to_court(cases.fresh(recovery), by=july.centre.director, court_reference="2-1-77")
        report = reports.settle(cases.fresh(recovery.report), by=july.centre.head)
    money = balance.balance_of(report.payment)
    assert (recovery.state, report.outcome, money.in_court) == (RecoveryState.COURT, "court", 400_000)


def test_a_part_of_the_money_is_no_return(july: Granted) -> None:
    recovery = cases.demanded(july)
    sentence = told(
        lambda: actions.record_return(
            recovery, by=july.centre.specialist, amount=399_999, returned_on=date(2026, 7, 1), bank_reference="7"
        )
    )
    assert "whole demanded sum" in sentence


def test_a_return_on_a_day_to_come_is_refused(july: Granted) -> None:
    recovery = cases.demanded(july)
    sentence = told(
        lambda: actions.record_return(
            recovery, by=july.centre.specialist, amount=400_000, returned_on=date(2026, 7, 2), bank_reference="7"
        )
    )
    assert "still to come" in sentence


def recovered(granted: Granted) -> Recovery:
    return actions.record_return(
        cases.demanded(granted), by=granted.centre.specialist, amount=400_000, returned_on=date(2026, 7, 1),
        bank_reference="ПП-7",
    )  # fmt: skip


def test_money_that_came_back_ends_the_recovery_and_the_balance_follows(july: Granted) -> None:
    recovery = recovered(july)
    report = cases.fresh(recovery.report)
    assert term(report, "T-REPORT-CHECK").duty == "unit_head"
    report = reports.settle(report, by=july.centre.head)
    money = balance.balance_of(report.payment)
    assert (report.state, report.outcome, money.recovered) == (ReportState.ACCEPTED, "recovered", 400_000)


def test_after_the_return_nothing_runs_on(july: Granted) -> None:
    recovery = recovered(july)
    assert not Deadline.objects.open().filter(case_kind="recovery", case_id=recovery.pk).exists()


def test_who_has_an_open_recovery_owes_grant_money_until_it_ends(july: Granted) -> None:
    recovery = cases.demanded(july)
    assert debts.owes(recovery.person_id)
    recovered_one = actions.record_return(
        recovery, by=july.centre.specialist, amount=400_000, returned_on=date(2026, 7, 1), bank_reference="7"
    )
    assert not debts.owes(recovered_one.person_id)


# ------------------------------------------------------------------------- every term: let pass in time, and be missed


def test_a_missed_check_is_told_to_the_head_and_then_to_the_director(july: Granted) -> None:
    report = cases.filed(july)
    with clock.at(datetime(2026, 7, 20, 9, 0, tzinfo=ALMATY)):
        sweep()
    assert Deadline.objects.get(case_kind="report", case_id=report.pk, name="T-REPORT-CHECK").breached_at
    told_to = set(
        Notice.objects.filter(case_kind="report", case_id=report.pk, code__startswith="N-DEADLINE")
        .values_list("user", flat=True)
    )  # fmt: skip
    centre = july.centre
    assert {one.user.pk for one in (centre.head, centre.director, centre.specialist) if one.user} <= told_to


@pytest.mark.parametrize(("bring", "name", "late"), [
    (cases.opened, "T-REPORT", datetime(2026, 7, 16, 9, 0, tzinfo=ALMATY)),
    (cases.filed, "T-REPORT-CHECK", datetime(2026, 7, 17, 9, 0, tzinfo=ALMATY)),
    (cases.overdue, "T-REPORT-VISIT", datetime(2026, 8, 7, 9, 0, tzinfo=ALMATY)),
        (cases.returned, "T-REPORT-FIX", datetime(2026, 7, 10, 9, 0, tzinfo=ALMATY)),
    (lambda granted: cases.recovery_of(cases.misused(granted)), "T-MISUSE-EXPLAIN", EXPLAIN_OVER.replace(hour=20)),
    (cases.explained, "T-RECOVERY-STEP", datetime(2026, 7, 17, 9, 0, tzinfo=ALMATY)),
    (cases.demanded, "T-RETURN", RETURN_OVER),
])  # fmt: skip
def test_each_term_is_kept_until_its_end_and_recorded_as_missed_after_it(
    july: Granted, bring: Any, name: str, late: datetime
) -> None:
    case = bring(july)
    row = term(case, name)
    with clock.at(row.due_at):
        sweep()
    assert Deadline.objects.get(pk=row.pk).breached_at is None
    with clock.at(late):
        sweep()
    assert Deadline.objects.get(pk=row.pk).breached_at is not None
