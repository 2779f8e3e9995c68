"""Conditions of a quarterly report (SPEC 4.13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from bastau import clock
from monitoring.conditions import because
from monitoring.rules.reports import may_be_filed
from monitoring.states import REPORT_FILED, LineDecision, ReportState

if TYPE_CHECKING:
    from monitoring.models import QuarterlyReport


@because(_("The quarter is not over yet. The report can be sent after its last day."))
def quarter_over(case: QuarterlyReport) -> bool:
    assert case.office is not None
    return may_be_filed(case.quarter_end, clock.today(case.office.zone))


@because(_("Say how much was spent in the quarter; 0 if nothing was."))
def sum_said(case: QuarterlyReport) -> bool:
    return case.spent is not None


@because(_("The documents do not make up the sum you say was spent. Add the missing documents or mend the sum."))
def lines_make_the_sum(case: QuarterlyReport) -> bool:
    return sum(line.amount for line in case.lines.all()) == (case.spent or 0)


@because(_("If nothing was spent, say why."))
def zero_has_reason(case: QuarterlyReport) -> bool:
    return case.spent != 0 or bool(case.no_spend_reason.strip())


@because(_("Together with your other reports this is more than the grant you received. Check the sums."))
def within_the_grant(case: QuarterlyReport) -> bool:
    others = case.payment.reports.exclude(pk=case.pk).filter(state__in=REPORT_FILED).aggregate(whole=Sum("spent"))
    return (others["whole"] or 0) + (case.spent or 0) <= case.payment.amount


@because(_("Say how the project goes on, how many jobs there are, the income and the taxes."))
def progress_told(case: QuarterlyReport) -> bool:
    return bool(case.progress.strip()) and None not in {case.jobs, case.income, case.taxes}


@because(_("The report came back with faults. Say what you mended."))
def faults_answered(case: QuarterlyReport) -> bool:
    if case.state != ReportState.RETURNED:
        return True
    last = case.returns.filter(answered_at=None).first()
    return last is None or bool(last.answer.strip())


WHOLE = [
    sum_said, zero_has_reason, lines_make_the_sum, within_the_grant, progress_told, faults_answered,
]  # fmt: skip


@because(_("A line of the report is not decided yet. Look at each document first."))
def every_line_decided(case: QuarterlyReport) -> bool:
    return all(line.decision for line in case.lines.all())


@because(_("Not every line is in order, so the report cannot be accepted. Send it back, or propose misuse."))
def all_lines_in_order(case: QuarterlyReport) -> bool:
    return all(line.decision == LineDecision.ACCEPTED for line in case.lines.all())


@because(_("A line is still to be mended. Send the report back for it first, or mark the line as misuse."))
def no_line_faulty(case: QuarterlyReport) -> bool:
    return all(line.decision != LineDecision.FAULTY for line in case.lines.all())


@because(_("No line is marked as misuse. Mark the line first."))
def a_line_misused(case: QuarterlyReport) -> bool:
    return any(line.decision == LineDecision.MISUSED for line in case.lines.all())


@because(_("An act on misuse waits for the head of unit. Nothing else is decided until then."))
def no_misuse_proposed(case: QuarterlyReport) -> bool:
    return not misuse_proposed(case)


@because(_("No act on misuse waits for a decision."))
def misuse_proposed(case: QuarterlyReport) -> bool:
    return any(act.waiting for act in case.acts.all())


@because(_("The recovery is not ended yet."))
def recovery_ended(case: QuarterlyReport) -> bool:
    return bool(case.outcome)
