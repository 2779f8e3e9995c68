"""How the money of one grant stands, from the rows; the rules over it are pure."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Sum

from monitoring.models import QuarterlyReport, ReportLine
from monitoring.rules.reports import Balance
from monitoring.states import REPORT_FILED, LineDecision, RecoveryState, ReportState


def balance_of(payment: Any) -> Balance:
    """The balance of a payment: two statements, whatever the number of its reports and lines (A-39, A-40)."""
    spent = QuarterlyReport._base_manager.filter(payment=payment, state__in=REPORT_FILED).aggregate(whole=Sum("spent"))
    misused = Q(decision=LineDecision.MISUSED)
    lines = ReportLine.objects.filter(report__payment=payment, report__state=ReportState.ACCEPTED).aggregate(
        confirmed=Sum(
            "amount",
            filter=Q(decision=LineDecision.ACCEPTED) | misused & Q(report__outcome=RecoveryState.CLOSED_EXPLAINED),
        ),
        recovered=Sum("amount", filter=misused & Q(report__outcome=RecoveryState.RECOVERED)),
        in_court=Sum("amount", filter=misused & Q(report__outcome=RecoveryState.COURT)),
    )
    return Balance(
        received=payment.amount,
        spent=spent["whole"] or 0,
        confirmed=lines["confirmed"] or 0,
        recovered=lines["recovered"] or 0,
        in_court=lines["in_court"] or 0,
    )


def by_item(payment: Any) -> dict[int | None, int]:
    """What earlier accepted reports confirmed, by the item of the estimate."""
    rows = (
        ReportLine.objects.filter(
            report__payment=payment, report__state=ReportState.ACCEPTED, decision=LineDecision.ACCEPTED
        )
        .values_list("project_line")
        .annotate(whole=Sum("amount"))
        .order_by("project_line")
    )
    return dict(rows)
