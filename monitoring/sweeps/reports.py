"""What time alone does to quarterly reports: opened at the quarter's end, reminded of, overdue; further ones made.

Never "due exactly today": each finds what is open and past its instant, so that a worker that was down for a week
catches up, once each.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from bastau import clock, law, workdays
from bastau.flow import SYSTEM, perform_many
from bastau.flow.models import Deadline
from bastau.portal.dates import DEFAULT_ZONE
from grants.models import Payment
from monitoring.actions import reports as actions
from monitoring.deadlines.reports import REPORT
from monitoring.models import QuarterlyReport
from monitoring.notices import reports as notices
from monitoring.rules import reports as rules
from monitoring.states import ReportState

BATCH = 500


def open_reports(batch: int = BATCH) -> int:
    """Open every report whose quarter is over and tell its grantee (A-39). Returns how many."""
    waiting = QuarterlyReport._base_manager.filter(
        state=ReportState.UPCOMING, quarter_end__lte=clock.today(DEFAULT_ZONE)
    ).order_by("office__zone")
    done = 0
    for zone in list(waiting.values_list("office__zone", flat=True).distinct()):
        due = QuarterlyReport._base_manager.filter(
            state=ReportState.UPCOMING, office__zone=zone, quarter_end__lt=clock.today(zone)
        )
        while moved := _open_batch(due, batch):
            done += moved
    return done


def _open_batch(due: Any, batch: int) -> int:
    opened: list[QuarterlyReport] = []

    def note(case: QuarterlyReport) -> dict[str, Any]:
        opened.append(case)
        return {"quarter_end": case.quarter_end}

    with transaction.atomic():
        moved = perform_many(due.select_related("person", "office"), "open", by=SYSTEM, facts_for=note, batch=batch)
        notices.tell_opened(opened)
    return moved


def mark_overdue(batch: int = BATCH) -> int:
    """Mark every report whose term passed without it. Returns how many."""
    missed = Deadline.objects.open().filter(case_kind=QuarterlyReport.kind, name=REPORT, due_at__lt=clock.now())
    late = QuarterlyReport._base_manager.filter(state=ReportState.DUE, pk__in=missed.values("case_id"))
    done = 0
    while moved := perform_many(late.select_related("person", "office"), "mark_overdue", by=SYSTEM, batch=batch):
        done += moved
    return done


def remind() -> int:
    """N-REP-DUE again 5 and 1 days before the term (A-39); of several missed reminders the nearest one. Returns how
    many were sent."""
    now = clock.now()
    first = timedelta(days=law.value("A-39:remind_first"))
    near = Deadline.objects.open().filter(
        case_kind=QuarterlyReport.kind, name=REPORT, due_at__gt=now, due_at__lte=now + first
    )
    until = dict(near.order_by("pk").values_list("case_id", "due_at"))
    done = 0
    for report in QuarterlyReport._base_manager.filter(pk__in=until, state=ReportState.DUE).order_by("pk").iterator():
        days_before = rules.reminder(report.reminded, until[report.pk] - now)
        if days_before is not None:
            actions.mark_reminded(report, days_before)
            done += 1
    return done


def make_further() -> int:
    """Make the next report of each payment whose reports are all behind it while the sum is not confirmed (A-39).

    What is accepted makes its own next report at once; this finds the payments whose last report is stuck.
    """
    current = workdays.quarter_end(clock.today(DEFAULT_ZONE))
    # Their newest report tells of a quarter before the last one that ended, and some report is not settled.
    behind = (
        QuarterlyReport._base_manager.values("payment")
        .annotate(last=Max("quarter_end"), unsettled=Count("pk", filter=~Q(state=ReportState.ACCEPTED)))
        .filter(last__lt=rules.previous_quarter_end(current), unsettled__gt=0)
        .order_by("payment")
    )
    done = 0
    for row in list(behind[:BATCH]):
        payment = Payment._base_manager.select_related("person", "office").get(pk=row["payment"])
        done += actions.make_further(payment) is not None
    return done
