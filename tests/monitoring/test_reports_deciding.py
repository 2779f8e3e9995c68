"""Quarterly reports through their actions: checked, returned, misuse, further ones, rights (FKA04-5.2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.flow.models import Deadline, Step
from bastau.notices.models import Notice
from bastau.papers.models import Paper, PaperState, Upload
from monitoring import balance
from monitoring.actions import recovery as recovering
from monitoring.actions import report_drafts as drafts
from monitoring.actions import reports as actions
from monitoring.models import QuarterlyReport, Recovery
from monitoring.states import LineDecision, RecoveryState, ReportState
from monitoring.sweeps import reports as sweeps
from tests.factories import CitizenFactory
from tests.grants.contract_cases import PayingCentre
from tests.monitoring import reports_cases as cases
from tests.monitoring.granting import Granted
from tests.monitoring.reports_cases import ALMATY, JULY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("granted", "quick")]


def told(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return " ".join(refused.value.messages)


def steps(case: Any, event: str) -> int:
    return Step.objects.filter(case_kind=case.kind, case_id=case.pk, event=event).count()


def term(case: Any, name: str) -> Deadline:
    return Deadline.objects.open().get(case_kind=case.kind, case_id=case.pk, name=name)


def notices(case: Any, code: str) -> int:
    return Notice.objects.filter(case_kind=case.kind, case_id=case.pk, code=code).count()


# ------------------------------------------------------------------------------------------------------------ checked


@pytest.mark.clause("FKA04-5.2")
def test_a_report_is_not_accepted_before_every_line_is_looked_at(july: Granted) -> None:
    report = cases.filed(july)
    assert "not decided yet" in told(lambda: actions.accept(report, by=july.centre.specialist))


@pytest.mark.clause("FKA04-5.2")
def test_a_report_with_a_faulty_line_is_not_accepted(july: Granted) -> None:
    report = cases.decide(july, cases.filed(july), "faulty", "Оқылмайды.")
    assert "Not every line is in order" in told(lambda: actions.accept(report, by=july.centre.specialist))


@pytest.mark.clause("FKA04-5.2")
def test_an_accepted_report_confirms_its_sum(july: Granted) -> None:
    report = cases.accepted(july)
    money = balance.balance_of(report.payment)
    assert (report.state, money.confirmed, money.unconfirmed) == (ReportState.ACCEPTED, 1_200_000, 300_000)
    assert notices(report, "N-REP-ACCEPTED") == 1


def test_a_line_that_is_not_in_order_needs_a_note(july: Granted) -> None:
    report = cases.filed(july)
    assert "what is wrong" in told(lambda: cases.decide(july, report, "faulty", " "))


def test_a_finding_that_is_none_is_refused(july: Granted) -> None:
    report = cases.filed(july)
    assert "one of the findings" in told(lambda: cases.decide(july, report, "maybe"))


@pytest.mark.clause("T-REPORT-FIX")
def test_a_returned_report_is_to_be_mended_in_five_working_days(july: Granted) -> None:
    report = cases.returned(july)
    row = term(report, "T-REPORT-FIX")
    assert (row.duty, row.due_at.astimezone(ALMATY).date()) == ("citizen", date(2026, 7, 9))
    notice = Notice.objects.get(case_id=report.pk, case_kind="report", code="N-REP-RETURNED")
    assert notice.words("text", "ru") == "Отчет возвращен на доработку: Чекті қайта түсіріңіз."


def test_a_report_is_not_returned_without_reasons(july: Granted) -> None:
    report = cases.decide(july, cases.filed(july), "faulty", "x")
    assert "to be mended" in told(lambda: actions.give_back(report, by=july.centre.specialist, reasons=" "))


def test_a_returned_report_is_not_filed_before_its_faults_are_answered(july: Granted) -> None:
    report = cases.returned(july)
    assert "what you mended" in told(lambda: drafts.prepare(report, by=cases.grantee(report)))


@pytest.mark.clause("FKA04-5.2")
def test_a_mended_report_is_filed_again_and_looked_at_anew(july: Granted) -> None:
    report = cases.returned(july)
    by = cases.grantee(report)
    drafts.answer_faults(report, by=by, text="Чек қайта түсірілді.")
    line = report.lines.get()
    said = {name: getattr(line, name) for name in ("project_line", "item", "amount", *cases.DOCUMENT)}
    drafts.add_line(report, by=by, file=cases.picture(9), line=line, **said)
    report = cases.file(cases.fresh(report))
    assert (report.state, report.lines.get().decision) == (ReportState.SUBMITTED, "")
    assert report.returns.get().answered_at is not None
    assert Paper.objects.filter(case_kind="report", case_id=report.pk).exclude(state=PaperState.VOID).count() == 1


# ------------------------------------------------------------------------------------------------------------- misuse


@pytest.mark.clause("FKA04-5.2")
def test_misuse_is_proposed_by_one_and_confirmed_by_another(july: Granted) -> None:
    report = cases.misuse_proposed(july)
    assert term(report, "T-REPORT-CHECK").duty == "unit_head"
    assert "post does not include" in told(lambda: actions.find_misuse(report, by=july.centre.specialist))
    assert actions.find_misuse(report, by=july.centre.head).state == ReportState.MISUSE_FOUND


def test_who_proposed_the_act_does_not_confirm_it_in_another_post(july: Granted) -> None:
    from bastau.people.roles import Role
    from tests.factories import PostFactory

    report = cases.misuse_proposed(july)
    second = Actor(
        july.centre.specialist.user,
        PostFactory.create(user=july.centre.specialist.user, office=july.centre.office, role=Role.UNIT_HEAD),
    )
    assert "another person confirms" in told(lambda: actions.find_misuse(report, by=second))


def test_misuse_is_not_proposed_without_a_marked_line(july: Granted) -> None:
    report = cases.decide(july, cases.filed(july))
    sentence = told(lambda: actions.propose_misuse(report, by=july.centre.specialist, text=cases.ACT))
    assert "No line is marked" in sentence


def test_misuse_waits_until_no_line_is_to_be_mended(july: Granted) -> None:
    report = cases.told(cases.opened(july), 100_000, item="Теледидар")
    report = drafts.answer(report, by=cases.grantee(report), spent=150_000)
    cases.add(report, 50_000, proof_number="ШФ-19", color=3)
    report = cases.file(report)
    outside, faulty = report.lines.order_by("pk")
    found = {outside.pk: ("misused", "Сметада жоқ."), faulty.pk: ("faulty", "Оқылмайды.")}
    report = actions.decide_lines(report, by=july.centre.specialist, decisions=found)
    sentence = told(lambda: actions.propose_misuse(report, by=july.centre.specialist, text=cases.ACT))
    assert "still to be mended" in sentence


def test_while_an_act_waits_nothing_else_is_decided(july: Granted) -> None:
    report = cases.misuse_proposed(july)
    assert "head of unit" in told(lambda: actions.give_back(report, by=july.centre.specialist, reasons="x"))
    assert "head of unit" in told(lambda: cases.decide(july, report))


def test_proposing_twice_makes_one_act(july: Granted) -> None:
    report = cases.misuse_proposed(july)
    actions.propose_misuse(report, by=july.centre.specialist, text=cases.ACT)
    assert (report.acts.count(), steps(report, "propose_misuse")) == (1, 1)


def test_an_act_that_is_not_confirmed_leaves_the_check_to_the_specialist(july: Granted) -> None:
    report = actions.drop_misuse(cases.misuse_proposed(july), by=july.centre.head, comment="Сметада бар.")
    assert (report.state, term(report, "T-REPORT-CHECK").duty) == (ReportState.SUBMITTED, "specialist")
    assert actions.accept(cases.decide(july, report), by=july.centre.specialist).state == ReportState.ACCEPTED


@pytest.mark.clause("A-40")
def test_confirmed_misuse_begins_one_recovery_of_the_misused_sum(july: Granted) -> None:
    report = cases.misused(july)
    recovery = Recovery.objects.get()
    assert (recovery.amount, recovery.state) == (400_000, RecoveryState.EXPLANATION_WAIT)
    recovering.begin(report, report.acts.get())
    assert Recovery.objects.count() == 1


def test_a_report_is_closed_only_after_its_recovery(july: Granted) -> None:
    report = cases.misused(july)
    assert "not ended" in told(lambda: actions.settle(report, by=july.centre.head))


def test_a_report_closed_after_a_recovery_keeps_its_outcome(july: Granted) -> None:
    recovery = recovering.close_explained(cases.explained(july), by=july.centre.director, text="Мәзір экраны қажет.")
    report = actions.settle(cases.fresh(recovery.report), by=july.centre.head)
    assert (report.state, report.outcome) == (ReportState.ACCEPTED, RecoveryState.CLOSED_EXPLAINED)
    assert balance.balance_of(report.payment).confirmed == 400_000


# ---------------------------------------------------------------------------------------------------- further reports


def settled_year(granted: Granted, amounts: tuple[int, ...]) -> Any:
    """Four reports accepted one after the other, each of them spending one of `amounts`."""
    payment = granted.payment
    opens = [(2026, 7), (2026, 10), (2027, 1), (2027, 4)]
    for place, (amount, (year, month)) in enumerate(zip(amounts, opens, strict=True)):
        with clock.at(datetime(year, month, 11, 10, 0, tzinfo=ALMATY)):
            sweeps.open_reports()
            report = cases.report_of(payment, place)
            report = cases.file(cases.told(report, amount, proof_number=f"ШФ-{place}", color=place + 1))
            actions.accept(cases.decide(granted, report), by=granted.centre.specialist)
    return payment


@pytest.mark.clause("A-39")
def test_after_the_fourth_report_there_is_a_fifth_while_money_is_unconfirmed(granted: Granted) -> None:
    payment = settled_year(granted, (500_000, 0, 0, 0))
    fifth = cases.report_of(payment, 4)
    assert (fifth.quarter_end, fifth.state) == (date(2027, 6, 30), ReportState.UPCOMING)


def test_when_the_whole_sum_is_confirmed_the_contract_is_fulfilled(granted: Granted) -> None:
    payment = settled_year(granted, (500_000, 400_000, 600_000, 0))
    payment.contract.refresh_from_db()
    assert QuarterlyReport.objects.filter(payment=payment).count() == 4
    assert payment.contract.state == "completed"


def test_a_report_that_never_comes_does_not_stop_the_quarters(granted: Granted) -> None:
    payment = granted.payment
    with clock.at(datetime(2027, 6, 30, 12, 0, tzinfo=ALMATY)):
        assert sweeps.make_further() == 0
    with clock.at(datetime(2027, 7, 1, 12, 0, tzinfo=ALMATY)):
        assert (sweeps.make_further(), sweeps.make_further()) == (1, 0)
    assert cases.report_of(payment, 4).quarter_end == date(2027, 6, 30)


# ------------------------------------------------------------------------------------------------------------- rights


def test_another_citizen_cannot_touch_a_report(july: Granted) -> None:
    report = cases.opened(july)
    stranger = Actor(CitizenFactory.create())
    assert "another person" in told(lambda: drafts.answer(report, by=stranger, spent=1))


def test_a_specialist_of_another_centre_does_not_decide(july: Granted) -> None:
    report = cases.decide(july, cases.filed(july))
    other = PayingCentre.open()
    assert "another office" in told(lambda: actions.accept(report, by=other.specialist))


def test_staff_see_the_reports_of_their_centre_and_citizens_their_own(july: Granted) -> None:
    report = cases.opened(july)
    other = PayingCentre.open()
    seen = QuarterlyReport.objects.visible_to
    assert seen(july.centre.specialist.user).count() == 4
    assert seen(cases.grantee(report).user).count() == 4
    assert seen(other.specialist.user).count() == 0
    assert seen(july.centre.secretary.user).count() == 0


def test_staff_do_not_see_documents_before_the_report_is_filed(july: Granted) -> None:
    report = cases.told(cases.opened(july))
    user = july.centre.specialist.user
    assert not Upload.objects.visible_to(user).of_case("report", report.pk).exists()
    cases.file(report)
    assert Upload.objects.visible_to(user).of_case("report", report.pk).exists()


def test_decisions_of_lines_are_those_of_the_specification() -> None:
    assert [str(one) for one in LineDecision.values] == ["accepted", "faulty", "misused"]


def test_time_alone_never_files(july: Granted) -> None:
    report = cases.told(cases.opened(july))
    with clock.at(JULY + timedelta(days=60)):
        sweeps.mark_overdue()
        sweeps.remind()
    assert cases.fresh(report).filed_at is None
