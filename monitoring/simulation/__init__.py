"""Monitoring in a simulated run: grantees report, the centre checks, the chamber accompanies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q

from grants.models import Payment
from grants.simulation import by_state
from grants.simulation.days import plan_days
from grants.states import PaymentState
from monitoring import tasks
from monitoring.models import (
    AccompanimentCase,
    ConsultationRequest,
    ProblemIssue,
    QuarterlyReport,
    Recovery,
    Visit,
)
from monitoring.rules.reports import first_quarters
from monitoring.simulation.business import BusinessWork
from monitoring.simulation.reports import ReportWork
from monitoring.states import REPORT_FILED, ReportState, VisitState
from referrals.simulation.chapters import Chapter, register
from referrals.simulation.world import Team, World
from training.simulation.staff import chamber_team


def plan(world: World, teams: Sequence[Team]) -> None:
    """Every working day of the first centre and of its chamber."""
    first = teams[0]
    reports = ReportWork(world, first)
    plan_days(world, first.centre, morning=reports.morning)
    staff = chamber_team(first, world.start)
    if staff is not None:
        plan_days(world, staff.office, morning=BusinessWork(world, staff).morning)


def counts() -> dict[str, Any]:
    """Cases by state."""
    kinds = (QuarterlyReport, Recovery, AccompanimentCase, Visit, ConsultationRequest, ProblemIssue)
    return {model.kind: by_state(model) for model in kinds}


def _payments_without_their_reports() -> int:
    """FKA04-5.1, A-39: each executed payment has the reports of its first quarters, and no other has any."""
    wrong = Payment._base_manager.exclude(state=PaymentState.EXECUTED).filter(reports__isnull=False).distinct().count()
    for payment in Payment._base_manager.filter(state=PaymentState.EXECUTED).order_by("pk"):
        assert payment.executed_on is not None
        known = set(payment.reports.values_list("quarter_end", flat=True))
        wrong += not known >= set(first_quarters(payment.executed_on))
    return wrong


def _reports_filed_early() -> int:
    """FKA04-5.1: nobody reports on a quarter that is not over."""
    return QuarterlyReport._base_manager.filter(filed_at__date__lte=F("quarter_end")).count()


def _reports_without_their_documents() -> int:
    """A filed report proves the sum it names."""
    filed = QuarterlyReport._base_manager.filter(state__in=REPORT_FILED).prefetch_related("lines")
    return sum((one.spent or 0) != sum(line.amount for line in one.lines.all()) for one in filed)


def _accepted_with_open_lines() -> int:
    """FKA04-5.2: accepted is a report each line of which was looked at."""
    return QuarterlyReport._base_manager.filter(state=ReportState.ACCEPTED, lines__decision="").distinct().count()


def _paid_without_accompaniment() -> int:
    """118-p33-1: each paid grant is accompanied, where its region has a chamber."""
    paid = Payment._base_manager.filter(state=PaymentState.EXECUTED, office__region__offices__kind="chamber")
    return paid.filter(accompaniment=None).distinct().count()


def _visits_with_unagreed_cost() -> int:
    """118-p34: no visit at the participant's cost without his agreement."""
    return Visit._base_manager.filter(Q(state=VisitState.HELD, cost__gt=0, agreed_at=None)).count()


def _resolved_and_confirmed_by_one() -> int:
    """118-p36: the trainer resolves, the consultant confirms."""
    return ProblemIssue._base_manager.filter(resolved_by=F("consultant")).count()


register(
    Chapter(
        "monitoring",
        plan,
        sweeps=(tasks.sweep_reports, tasks.sweep_accompaniment),
        counts=counts,
        invariants={
            "payments without their four reports": _payments_without_their_reports,
            "reports filed before the quarter's end": _reports_filed_early,
            "reports without their documents": _reports_without_their_documents,
            "reports accepted with open lines": _accepted_with_open_lines,
            "paid grants not accompanied": _paid_without_accompaniment,
            "visits at a cost not agreed": _visits_with_unagreed_cost,
            "problem issues resolved by their finder": _resolved_and_confirmed_by_one,
        },
    )
)
