"""What happens to quarterly reports besides their draft: made, opened, filed, checked, closed (SPEC 4.13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from bastau import clock, law, papers
from bastau.flow import SYSTEM, Actor, Refused, perform
from bastau.flow.models import Deadline
from bastau.papers import numbers
from bastau.papers.models import Paper
from bastau.portal import dates
from grants.actions import contracts
from grants.states import ContractState
from monitoring import balance
from monitoring.actions import recovery
from monitoring.deadlines import reports as terms
from monitoring.models import MisuseAct, QuarterlyReport, ReportReturn
from monitoring.notices import reports as notices
from monitoring.papers import reports as kinds
from monitoring.rights import reports as rights
from monitoring.rules import reports as rules
from monitoring.states import REPORT_FILED, LineDecision, ReportState


def locked(report: QuarterlyReport) -> QuarterlyReport:
    """The report, locked, with what its steps need."""
    return (
        QuarterlyReport._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "payment__contract")
        .get(pk=report.pk)
    )


# --------------------------------------------------------------------------------------------------- made and opened


def make_reports(payment: Any) -> list[QuarterlyReport]:
    """The reports of a payment just executed, one a quarter from that of the payment (FKA04-5.1, A-39).

    Once more changes nothing.
    """
    with transaction.atomic():
        return [_made(payment, quarter_end) for quarter_end in rules.first_quarters(payment.executed_on)]


def make_further(payment: Any) -> QuarterlyReport | None:
    """One more report while the whole sum is not confirmed (A-39); None where none is needed yet."""
    with transaction.atomic():
        # The newest report stands for all of them: two workers that come here at once make one more, not two.
        last = (
            QuarterlyReport._base_manager.select_for_update(of=("self",))
            .filter(payment=payment)
            .select_related("office", "payment__contract")
            .order_by("-quarter_end")
            .first()
        )
        if last is None or last.payment.contract.state != ContractState.IN_FORCE:
            return None
        assert last.office is not None
        still_open = QuarterlyReport._base_manager.filter(payment=payment).exclude(state=ReportState.ACCEPTED).exists()
        today = clock.today(last.office.zone)
        if not rules.further_due(balance.balance_of(payment), last.quarter_end, today, open_reports=still_open):
            return None
        return _made(payment, rules.next_quarter_end(last.quarter_end))


def _made(payment: Any, quarter_end: date) -> QuarterlyReport:
    office = payment.office
    series = f"ЕС-{office.region_id}-{payment.executed_on.year}"
    report, _new = QuarterlyReport._base_manager.get_or_create(
        payment=payment,
        quarter_end=quarter_end,
        defaults={
            # Taken only where the row is made.
            "number": lambda: f"{series}-{numbers.take(series):06d}",  # type: ignore[misc]
            "person": payment.person,
            "office": office,
            "paid_on": payment.executed_on,
            "language": payment.language,
            "ruleset": law.RULESET,
            "created_at": clock.now(),
        },
    )
    return report


def open_report(report: QuarterlyReport) -> QuarterlyReport:
    """Open one report whose quarter is over; the sweep does it for all. Raises Refused."""
    with transaction.atomic():
        report = perform(report, "open", by=SYSTEM)
        notices.tell_opened([report])
    return report


def mark_reminded(report: QuarterlyReport, days_before: int) -> None:
    """N-REP-DUE again, some days before the term; once for each of the days (A-39)."""
    with transaction.atomic():
        report = locked(report)
        if report.state == ReportState.DUE and (report.reminded is None or report.reminded > days_before):
            report.reminded = days_before
            report.save(update_fields=["reminded"])
            notices.tell_reminder(report, days_before)


# -------------------------------------------------------------------------------------------------------------- filed


def file(report: QuarterlyReport, *, by: Actor, cms: bytes, paper: Paper) -> QuarterlyReport:
    """The grantee signs and files the report (FKA04-5.1). Filing twice gives back what was filed.

    Raises papers.SigningRefused and Refused: with a sentence before the quarter ends, and for what is not whole.
    """
    assert by.user is not None
    if (paper.kind, paper.case_kind, paper.case_id) != (kinds.QUARTERLY_REPORT, report.kind, report.pk):
        raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
    with transaction.atomic():
        report = locked(report)
        allowed = rights.may(report, "file", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="file")
        if report.state in REPORT_FILED:
            return report
        if report.state == ReportState.UPCOMING:
            refuse_early(report)
            report = open_report(report)
        missed = Deadline.objects.open().filter(
            case_kind=report.kind, case_id=report.pk, name=terms.REPORT, due_at__lt=clock.now()
        )
        answered = report.returns.filter(answered_at=None).first()
        report = perform(
            report, "file", by=by, set={"late": missed.exists()},
            spent=report.spent, lines=report.lines.count(), paper=paper.sha256,
        )  # fmt: skip
        report.lines.exclude(decision=LineDecision.ACCEPTED).update(decision="", decided_at=None, decided_by=None)
        if answered is not None:
            answered.answered_at = clock.now()
            answered.save(update_fields=["answered_at"])
        papers.sign(paper, cms, by=by.user, post=None)
    return report


def refuse_early(report: QuarterlyReport) -> None:
    """Raises Refused, with the first day of filing, while the quarter of the report is not over (FKA04-5.1)."""
    assert report.office is not None
    if not rules.may_be_filed(report.quarter_end, clock.today(report.office.zone)):
        raise Refused(early_sentence(report), code="early")


def early_sentence(report: QuarterlyReport) -> str:
    """Why the report waits, and from which day on it may be sent."""
    words = _("The quarter ends on: %(last)s. You can send the report from: %(first)s. What you enter is kept.")
    return words % {
        "last": dates.long_date(report.quarter_end),
        "first": dates.long_date(report.quarter_end + timedelta(days=1)),
    }


# ------------------------------------------------------------------------------------------------------------ checked


def decide_lines(report: QuarterlyReport, *, by: Actor, decisions: Mapping[int, tuple[str, str]]) -> QuarterlyReport:
    """The specialist decides lines: id -> (decision, note). What is found wrong needs a note (FKA04-5.2).

    Lines left out stay as they are. Raises Refused.
    """
    with transaction.atomic():
        report = locked(report)
        _checker(report, by)
        now = clock.now()
        for line in report.lines.filter(pk__in=decisions).select_for_update(of=("self",)).order_by("pk"):
            decision, note = decisions[line.pk]
            if decision not in LineDecision.values:
                raise Refused(_("Choose one of the findings for each line."))
            if decision != LineDecision.ACCEPTED and not note.strip():
                raise Refused(_("Write what is wrong with each line that is not in order."))
            line.decision, line.note = decision, note.strip()
            line.decided_at, line.decided_by = now, by.user
            line.save(update_fields=["decision", "note", "decided_at", "decided_by"])
    return report


def _checker(report: QuarterlyReport, by: Actor) -> None:
    allowed = rights.may(report, "accept", by)
    if not allowed.ok:
        raise Refused(str(allowed.reason))
    if report.state != ReportState.SUBMITTED:
        raise Refused(_("This report is not being checked now."))
    if report.acts.filter(confirmed_at=None, dropped_at=None).exists():
        raise Refused(_("An act on misuse waits for the head of unit. Nothing else is decided until then."))


def accept(report: QuarterlyReport, *, by: Actor) -> QuarterlyReport:
    """Every line is in order: the report is accepted and the balance grows (FKA04-5.2). Raises Refused."""
    with transaction.atomic():
        report = perform(report, "accept", by=by, spent=report.spent)
        _after(report)
    return report


def give_back(report: QuarterlyReport, *, by: Actor, reasons: str) -> QuarterlyReport:
    """The report goes back with written reasons (FKA04-5.2). Raises Refused."""
    if not reasons.strip():
        raise Refused(_("Write what is to be mended, so that the grantee can do it."))
    with transaction.atomic():
        report = locked(report)
        report = perform(report, "give_back", by=by)
        assert by.user is not None
        ReportReturn.objects.create(report=report, reasons=reasons.strip(), by=by.user, at=clock.now())
        notices.tell_returned(report, reasons.strip())
    return report


def record_visit(report: QuarterlyReport, *, by: Actor, visited_on: date, note: str) -> QuarterlyReport:
    """A specialist was with the grantee because no report came. Raises Refused."""
    assert report.office is not None
    if visited_on > clock.today(report.office.zone):
        raise Refused(_("A visit is recorded after it: this day is still to come."))
    return perform(
        report, "record_visit", by=by, set={"visited_on": visited_on, "note": note.strip()}, visited_on=visited_on
    )


# ------------------------------------------------------------------------------------------------------------- misuse


def propose_misuse(report: QuarterlyReport, *, by: Actor, text: str) -> QuarterlyReport:
    """The specialist puts an act on the lines marked as misuse before the head of unit (FKA04-5.2).

    The same person's second click changes nothing. Raises Refused.
    """
    if not text.strip():
        raise Refused(_("Write in the act what was found and how."))
    with transaction.atomic():
        report = locked(report)
        waiting = report.acts.filter(confirmed_at=None, dropped_at=None).first()
        if waiting is not None and by.user is not None and waiting.by_id == by.user.pk:
            return report
        misused = report.lines.filter(decision=LineDecision.MISUSED).aggregate(whole=Sum("amount"))["whole"] or 0
        report = perform(report, "propose_misuse", by=by, amount=misused)
        assert by.user is not None
        MisuseAct.objects.create(report=report, amount=misused, text=text.strip(), by=by.user, at=clock.now())
    return report


def drop_misuse(report: QuarterlyReport, *, by: Actor, comment: str) -> QuarterlyReport:
    """The head of unit does not confirm the act and says why; the check goes on. Raises Refused."""
    if not comment.strip():
        raise Refused(_("Write why you do not confirm the act."))
    with transaction.atomic():
        report = locked(report)
        act = report.acts.filter(confirmed_at=None, dropped_at=None).first()
        report = perform(report, "drop_misuse", by=by)
        assert act is not None
        act.dropped_at, act.dropped_by, act.comment = clock.now(), by.user, comment.strip()
        act.save(update_fields=["dropped_at", "dropped_by", "comment"])
    return report


def find_misuse(report: QuarterlyReport, *, by: Actor) -> QuarterlyReport:
    """The head of unit confirms the act; the recovery begins with a written notice (A-40). Raises Refused."""
    with transaction.atomic():
        report = locked(report)
        act = report.acts.filter(confirmed_at=None, dropped_at=None).first()
        report = perform(report, "find_misuse", by=by, amount=act.amount if act else 0)
        assert act is not None
        act.confirmed_at, act.confirmed_by = clock.now(), by.user
        act.save(update_fields=["confirmed_at", "confirmed_by"])
        recovery.begin(report, act)
    return report


def settle(report: QuarterlyReport, *, by: Actor) -> QuarterlyReport:
    """The recovery is over: the report is closed with its outcome, and the balance follows (A-40). Raises Refused."""
    with transaction.atomic():
        report = perform(report, "settle", by=by, outcome=report.outcome)
        _after(report)
    return report


def _after(report: QuarterlyReport) -> None:
    """One more report while the sum is not confirmed; else, with the last report, the contract is fulfilled."""
    if make_further(report.payment) is not None:
        return
    payment = report.payment
    if QuarterlyReport._base_manager.filter(payment=payment).exclude(state=ReportState.ACCEPTED).exists():
        return
    money = balance.balance_of(payment)
    if money.unconfirmed == 0 and money.in_court == 0 and payment.contract.state == ContractState.IN_FORCE:
        contracts.complete(payment.contract)
