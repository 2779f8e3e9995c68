"""Monitoring in a simulated run: its invariants notice what breaks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring import simulation
from monitoring.models import QuarterlyReport, ReportLine
from referrals.simulation.chapters import chapters
from tests.monitoring import reports_cases as cases

if TYPE_CHECKING:
    from tests.monitoring.granting import Granted


def _offences(name: str) -> int:
    chapter = next(one for one in chapters() if one.name == "monitoring")
    return chapter.invariants[name]()


def test_a_paid_grant_with_a_filed_report_keeps_the_invariants(july: Granted) -> None:
    cases.accepted(july)
    chapter = next(one for one in chapters() if one.name == "monitoring")
    assert {name for name, check in chapter.invariants.items() if check()} == set()


def test_a_payment_with_three_reports_is_noticed(july: Granted) -> None:
    last = cases.report_of(july.payment, 3)
    # Past perform on purpose, here and below: this is what the invariant has to find.
    QuarterlyReport._base_manager.filter(pk=last.pk).delete()
    assert _offences("payments without their four reports") == 1


def test_a_report_filed_before_its_quarter_ends_is_noticed(july: Granted) -> None:
    report = cases.filed(july)
    QuarterlyReport._base_manager.filter(pk=report.pk).update(filed_at=cases.PAID)
    assert _offences("reports filed before the quarter's end") == 1


def test_a_sum_without_documents_is_noticed(july: Granted) -> None:
    report = cases.filed(july)
    ReportLine.objects.filter(report=report).delete()
    assert _offences("reports without their documents") == 1


def test_a_line_nobody_looked_at_is_noticed(july: Granted) -> None:
    report = cases.accepted(july)
    ReportLine.objects.filter(report=report).update(decision="", decided_at=None, decided_by=None)
    assert _offences("reports accepted with open lines") == 1


def test_the_counts_tell_each_kind_by_state(july: Granted) -> None:
    cases.filed(july)
    counted = simulation.counts()
    assert counted["report"] == {"submitted": 1, "upcoming": 3}
    assert set(counted) == {"report", "recovery", "accompaniment", "visit", "consultation", "problem"}


@pytest.mark.django_db
def test_nothing_done_breaks_nothing() -> None:
    chapter = next(one for one in chapters() if one.name == "monitoring")
    assert {check() for check in chapter.invariants.values()} == {0}
