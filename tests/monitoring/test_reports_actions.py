"""Quarterly reports through their actions: made, opened, reminded of, overdue, filed; each once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from bastau import clock
from bastau.flow import Refused
from bastau.flow.models import Deadline, Step
from bastau.notices.models import Notice
from bastau.papers import SigningRefused
from bastau.papers.models import Paper, PaperState, Upload
from monitoring.actions import report_drafts as drafts
from monitoring.actions import reports as actions
from monitoring.models import QuarterlyReport
from monitoring.states import ReportState
from monitoring.sweeps import reports as sweeps
from tests.grants import applications_cases
from tests.monitoring import reports_cases as cases
from tests.monitoring.granting import Granted
from tests.monitoring.reports_cases import ALMATY, JULY, PAID

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


# ---------------------------------------------------------------------------------------------------- made and opened


@pytest.mark.clause("A-39")
def test_a_payment_makes_four_reports(granted: Granted) -> None:
    payment = granted.payment
    ends = QuarterlyReport.objects.filter(payment=payment).values_list("quarter_end", flat=True)
    assert list(ends) == [date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)]


def test_a_payment_told_of_twice_makes_four_reports_and_takes_four_numbers(granted: Granted) -> None:
    payment = granted.payment
    actions.make_reports(payment)
    numbers = QuarterlyReport.objects.filter(payment=payment).values_list("number", flat=True)
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003", "000004"]


def test_a_report_is_not_opened_on_the_last_day_of_its_quarter(granted: Granted) -> None:
    payment = granted.payment
    with clock.at(datetime(2026, 6, 30, 23, 59, tzinfo=ALMATY)):
        assert sweeps.open_reports() == 0
    assert cases.report_of(payment).state == ReportState.UPCOMING


def test_the_end_of_the_quarter_opens_its_report_and_no_other(july: Granted) -> None:
    report = cases.opened(july)
    states = QuarterlyReport.objects.filter(payment=report.payment).values_list("state", flat=True)
    assert list(states) == ["due", "upcoming", "upcoming", "upcoming"]


def test_the_opening_is_told_once(july: Granted) -> None:
    report = cases.opened(july)
    assert sweeps.open_reports() == 0
    assert (steps(report, "open"), notices(report, "N-REP-DUE")) == (1, 1)


@pytest.mark.clause("A-39")
@pytest.mark.parametrize(("place", "due"), [
    (0, date(2026, 7, 15)), (1, date(2026, 10, 14)), (2, date(2027, 1, 19)), (3, date(2027, 4, 14)),
])  # fmt: skip
def test_each_report_is_due_on_the_tenth_working_day_after_its_quarter(granted: Granted, place: int, due: date) -> None:
    payment = granted.payment
    with clock.at(datetime(2027, 4, 1, 0, 10, tzinfo=ALMATY)):
        sweeps.open_reports()
        reckoned = term(cases.report_of(payment, place), "T-REPORT").reckoning["due"]
    assert datetime.fromisoformat(reckoned).astimezone(ALMATY) == datetime(*due.timetuple()[:3], 18, 30, tzinfo=ALMATY)


def test_after_a_pause_of_a_year_every_report_is_opened_once(granted: Granted) -> None:
    with clock.at(datetime(2027, 6, 1, 9, 0, tzinfo=ALMATY)):
        assert (sweeps.open_reports(batch=3), sweeps.open_reports(batch=3)) == (4, 0)


# ------------------------------------------------------------------------------------------------- reminders, overdue


@pytest.mark.clause("A-39")
def test_the_grantee_is_reminded_at_opening_five_days_and_one_day_before(july: Granted) -> None:
    report = cases.opened(july)
    for day in (9, 10, 11, 13, 14, 15):
        with clock.at(datetime(2026, 7, day, 18, 45 if day < 15 else 0, tzinfo=ALMATY)):
            sweeps.remind()
            sweeps.remind()
    keys = Notice.objects.filter(case_id=report.pk, case_kind="report", code="N-REP-DUE").order_by("pk")
    assert [key.split(":")[3] for key in keys.values_list("key", flat=True)] == ["opened", "before-5", "before-1"]


def test_a_reminder_missed_in_a_pause_is_sent_once_and_only_the_nearest(july: Granted) -> None:
    report = cases.opened(july)
    with clock.at(datetime(2026, 7, 15, 9, 0, tzinfo=ALMATY)):
        assert (sweeps.remind(), sweeps.remind()) == (1, 0)
    assert notices(report, "N-REP-DUE") == 2


def test_nobody_is_reminded_of_a_report_that_is_filed(july: Granted) -> None:
    report = cases.filed(july)
    with clock.at(datetime(2026, 7, 15, 9, 0, tzinfo=ALMATY)):
        assert sweeps.remind() == 0
    assert notices(report, "N-REP-DUE") == 1


def test_a_missed_term_makes_the_report_overdue_once(july: Granted) -> None:
    report = cases.opened(july)
    with clock.at(datetime(2026, 7, 15, 18, 30, tzinfo=ALMATY)):
        assert sweeps.mark_overdue() == 0
    with clock.at(datetime(2026, 7, 20, 9, 0, tzinfo=ALMATY)):
        assert (sweeps.mark_overdue(), sweeps.mark_overdue()) == (1, 0)
    assert cases.fresh(report).state == ReportState.OVERDUE
    assert steps(report, "mark_overdue") == 1


@pytest.mark.clause("T-REPORT-VISIT")
def test_an_overdue_report_gives_the_specialist_fifteen_working_days_to_get_it(july: Granted) -> None:
    report = cases.overdue(july)
    row = term(report, "T-REPORT-VISIT")
    assert (row.duty, row.due_at.astimezone(ALMATY).date()) == ("specialist", date(2026, 8, 6))


def test_a_visit_is_recorded_and_ends_the_specialists_task(july: Granted) -> None:
    report = cases.overdue(july)
    with clock.at(datetime(2026, 8, 5, 12, 0, tzinfo=ALMATY)):
        actions.record_visit(report, by=july.centre.specialist, visited_on=date(2026, 8, 5), note="Үйінде болмады.")
    assert not Deadline.objects.open().filter(name="T-REPORT-VISIT").exists()
    assert cases.fresh(report).visited_on == date(2026, 8, 5)


def test_a_visit_still_to_come_is_not_recorded(july: Granted) -> None:
    report = cases.overdue(july)
    later = date(2026, 8, 30)
    sentence = told(lambda: actions.record_visit(report, by=july.centre.specialist, visited_on=later, note="."))
    assert "still to come" in sentence


def test_a_late_report_is_taken_and_its_lateness_is_kept(july: Granted) -> None:
    report = cases.overdue(july)
    with clock.at(datetime(2026, 7, 21, 9, 0, tzinfo=ALMATY)):
        report = cases.file(cases.told(report))
    assert (report.state, report.filed_late) == (ReportState.SUBMITTED, True)
    assert Deadline.objects.get(case_kind="report", case_id=report.pk, name="T-REPORT").breached_at is not None


def test_late_before_the_sweep_came_by_is_late_too(july: Granted) -> None:
    report = cases.told(cases.opened(july))
    with clock.at(datetime(2026, 7, 15, 18, 31, tzinfo=ALMATY)):
        assert cases.file(report).filed_late


# -------------------------------------------------------------------------------------------------------------- filed


@pytest.mark.clause("FKA04-5.1")
def test_a_report_with_documents_is_filed_and_its_check_begins(july: Granted) -> None:
    report = cases.filed(july)
    assert (report.state, report.filed_late) == (ReportState.SUBMITTED, False)
    assert term(report, "T-REPORT-CHECK").duty == "specialist"


@pytest.mark.clause("T-REPORT-CHECK")
def test_a_report_is_checked_within_ten_working_days(july: Granted) -> None:
    due = term(cases.filed(july), "T-REPORT-CHECK").due_at
    assert due.astimezone(ALMATY).date() == date(2026, 7, 16)


@pytest.mark.clause("FKA04-5.1")
def test_before_the_quarter_ends_the_refusal_names_the_first_day_and_keeps_the_answers(granted: Granted) -> None:
    with clock.at(PAID):
        report = cases.told(cases.report_of(granted.payment), 0)
        sentence = told(lambda: drafts.prepare(report, by=cases.grantee(report)))
    assert "30 June" in sentence
    assert "1 July" in sentence
    assert cases.fresh(report).progress


def test_a_report_filed_before_the_sweep_came_by_is_opened_first(granted: Granted) -> None:
    with clock.at(PAID):
        report = cases.told(cases.report_of(granted.payment), 0)
    with clock.at(JULY):
        report = cases.file(report)
    assert (report.state, steps(report, "open"), steps(report, "file")) == (ReportState.SUBMITTED, 1, 1)


def test_filing_twice_gives_back_what_was_filed(july: Granted) -> None:
    report = cases.filed(july)
    paper = Paper.objects.get(case_kind="report", case_id=report.pk)
    again = actions.file(report, by=cases.grantee(report), cms=b"", paper=paper)
    assert (again.filed_at, steps(report, "file")) == (report.filed_at, 1)


def test_nothing_spent_needs_a_reason(july: Granted) -> None:
    report = cases.told(cases.opened(july), 0)
    report = drafts.answer(report, by=cases.grantee(report), no_spend_reason=" ")
    assert "say why" in told(lambda: drafts.prepare(report, by=cases.grantee(report)))


@pytest.mark.clause("FKA04-5.1")
def test_a_zero_report_with_a_reason_is_filed(july: Granted) -> None:
    assert cases.filed(july, 0).state == ReportState.SUBMITTED


def test_documents_that_do_not_make_the_sum_are_not_filed(july: Granted) -> None:
    report = cases.told(cases.opened(july), 100_000)
    report = drafts.answer(report, by=cases.grantee(report), spent=120_000)
    assert "do not make up the sum" in told(lambda: drafts.prepare(report, by=cases.grantee(report)))


def test_more_than_the_grant_over_all_reports_is_not_filed(july: Granted) -> None:
    first = cases.filed(july, 1_200_000)
    with clock.at(datetime(2026, 10, 2, 10, 0, tzinfo=ALMATY)):
        sweeps.open_reports()
        second = cases.told(cases.report_of(first.payment, 1), 300_001, proof_number="ШФ-18", color=7)
        assert "more than the grant" in told(lambda: drafts.prepare(second, by=cases.grantee(second)))


def test_a_changed_answer_voids_the_print(july: Granted) -> None:
    report = cases.told(cases.opened(july))
    by = cases.grantee(report)
    paper = drafts.prepare(report, by=by)
    drafts.answer(report, by=by, jobs=3)
    assert Paper.objects.get(pk=paper.pk).state == PaperState.VOID


def test_the_paper_of_another_report_is_not_taken(july: Granted) -> None:
    report = cases.filed(july)
    paper = Paper.objects.get(case_kind="report", case_id=report.pk)
    other = cases.report_of(report.payment, 1)
    assert "Read it again" in told(lambda: actions.file(other, by=cases.grantee(report), cms=b"", paper=paper))


def test_a_wrong_signature_files_nothing(july: Granted) -> None:
    from bastau import papers

    report = cases.told(cases.opened(july))
    paper = papers.render(drafts.prepare(report, by=cases.grantee(report)).pk)
    with pytest.raises(SigningRefused):
        actions.file(report, by=cases.grantee(report), cms=b"no signature", paper=paper)
    assert cases.fresh(report).state == ReportState.DUE


def test_a_filed_report_is_changed_no_more(july: Granted) -> None:
    report = cases.filed(july)
    assert "filed already" in told(lambda: drafts.answer(report, by=cases.grantee(report), spent=1))


def test_the_same_document_entered_by_two_clicks_stands_once(july: Granted) -> None:
    report = cases.opened(july)
    first, second = cases.add(report, 50_000), cases.add(report, 50_000)
    assert first.pk == second.pk
    assert Upload.objects.of_case("report", report.pk).count() == 1


def test_an_item_of_another_estimate_is_refused(july: Granted) -> None:
    report = cases.opened(july)
    with clock.at(PAID):
        item = applications_cases.filled(july.centre).lines.first()
    assert "your own estimate" in told(lambda: cases.add(report, 1_000, project_line=item))


def test_a_document_taken_out_takes_its_file_with_it(july: Granted) -> None:
    report = cases.opened(july)
    line = cases.add(report, 1_000)
    for _ in range(2):
        drafts.remove_line(report, by=cases.grantee(report), line=line)
    assert not report.lines.exists()
    assert not Upload.objects.of_case("report", report.pk).exists()
