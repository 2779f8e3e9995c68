"""Reactions to facts told elsewhere: a payment executed; and the notices of own facts."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from grants.debts import register_debts
from grants.signals import payment_executed
from monitoring import signals
from monitoring.actions import accompaniment, reports
from monitoring.models import AccompanimentCase, ConsultationRequest, ProblemIssue, QuarterlyReport, Recovery, Visit
from monitoring.notices import accompaniment as accompaniment_notices
from monitoring.notices import consultations as consultation_notices
from monitoring.notices import problems as problem_notices
from monitoring.notices import reports as report_notices

# ------------------------------------------------------------------------------------------------ reports and recovery


@receiver(payment_executed, dispatch_uid="monitoring.reports_of_payment")
def reports_of_payment(sender: type, case: Any, **_: Any) -> None:
    """The money arrived: the reports of its quarters are made, each once (A-39)."""
    reports.make_reports(case)


@register_debts
def owes_grant_money(person_id: int) -> bool:
    """Whether a recovery of the person is open: then there is no further grant (A-30)."""
    return Recovery.objects.open().filter(person=person_id).exists()


@receiver([signals.report_accepted, signals.report_settled], dispatch_uid="monitoring.tell_report_accepted")
def tell_report_accepted(sender: type, case: QuarterlyReport, **_: Any) -> None:
    report_notices.tell_accepted(case)


# -------------------------------------------------------------------------- accompaniment, enquiries, problem issues


@receiver(payment_executed, dispatch_uid="monitoring.accompaniment_of_payment")
def accompaniment_of_payment(sender: type, case: Any, **_: Any) -> None:
    """The money arrived: its accompaniment opens, once, and waits for the launch (118-p33-1)."""
    accompaniment.open_for(case)


@receiver(signals.accompaniment_opened, dispatch_uid="monitoring.tell_accompaniment_opened")
def tell_accompaniment_opened(sender: type, case: AccompanimentCase, **_: Any) -> None:
    accompaniment_notices.tell_opened(case)


@receiver(signals.consultant_named, dispatch_uid="monitoring.tell_consultant_named")
def tell_consultant_named(sender: type, case: AccompanimentCase, **_: Any) -> None:
    accompaniment_notices.tell_named(case, case.assignee_id)


@receiver(signals.trainer_named, dispatch_uid="monitoring.tell_trainer_named")
def tell_trainer_named(sender: type, case: AccompanimentCase, **_: Any) -> None:
    accompaniment_notices.tell_named(case, case.trainer_id)


@receiver(signals.business_launched, dispatch_uid="monitoring.tell_business_launched")
def tell_business_launched(sender: type, case: AccompanimentCase, **_: Any) -> None:
    accompaniment_notices.tell_launched(case)


@receiver(signals.accompaniment_extended, dispatch_uid="monitoring.tell_accompaniment_extended")
def tell_accompaniment_extended(sender: type, case: AccompanimentCase, **_: Any) -> None:
    accompaniment_notices.tell_extended(case)


@receiver(signals.accompaniment_finished, dispatch_uid="monitoring.tell_accompaniment_finished")
def tell_accompaniment_finished(sender: type, case: AccompanimentCase, **_: Any) -> None:
    accompaniment_notices.tell_finished(case)


@receiver(signals.accompaniment_stopped, dispatch_uid="monitoring.tell_accompaniment_stopped")
def tell_accompaniment_stopped(sender: type, case: AccompanimentCase, **_: Any) -> None:
    accompaniment_notices.tell_stopped(case)


@receiver(signals.visit_planned, dispatch_uid="monitoring.tell_visit_planned")
def tell_visit_planned(sender: type, case: Visit, **_: Any) -> None:
    accompaniment_notices.tell_visit(case)


@receiver([signals.visit_agreed, signals.visit_declined], dispatch_uid="monitoring.tell_cost_answered")
def tell_cost_answered(sender: type, case: Visit, **_: Any) -> None:
    accompaniment_notices.tell_cost_answered(case)


@receiver(signals.visit_cancelled, dispatch_uid="monitoring.tell_visit_cancelled")
def tell_visit_cancelled(sender: type, case: Visit, **_: Any) -> None:
    accompaniment_notices.tell_visit_off(case)


@receiver(signals.enquiry_received, dispatch_uid="monitoring.tell_enquiry_received")
def tell_enquiry_received(sender: type, case: ConsultationRequest, **_: Any) -> None:
    consultation_notices.tell_received(case)


@receiver(signals.enquiry_given, dispatch_uid="monitoring.tell_enquiry_given")
def tell_enquiry_given(sender: type, case: ConsultationRequest, **_: Any) -> None:
    consultation_notices.tell_given(case)


@receiver(signals.enquiry_answered, dispatch_uid="monitoring.tell_enquiry_answered")
def tell_enquiry_answered(sender: type, case: ConsultationRequest, **_: Any) -> None:
    consultation_notices.tell_answered(case)


@receiver(signals.enquiry_passed_on, dispatch_uid="monitoring.tell_enquiry_passed_on")
def tell_enquiry_passed_on(sender: type, case: ConsultationRequest, **_: Any) -> None:
    consultation_notices.tell_passed_on(case)


@receiver(signals.enquiry_reopened, dispatch_uid="monitoring.tell_enquiry_reopened")
def tell_enquiry_reopened(sender: type, case: ConsultationRequest, **_: Any) -> None:
    consultation_notices.tell_reopened(case)


@receiver(signals.problem_given, dispatch_uid="monitoring.tell_problem_given")
def tell_problem_given(sender: type, case: ProblemIssue, **_: Any) -> None:
    problem_notices.tell_given(case)


@receiver(signals.problem_resolved, dispatch_uid="monitoring.tell_problem_resolved")
def tell_problem_resolved(sender: type, case: ProblemIssue, **_: Any) -> None:
    problem_notices.tell_resolved(case)


@receiver(signals.problem_rejected, dispatch_uid="monitoring.tell_problem_rejected")
def tell_problem_rejected(sender: type, case: ProblemIssue, **_: Any) -> None:
    problem_notices.tell_rejected(case)


@receiver(signals.problem_escalated, dispatch_uid="monitoring.tell_problem_escalated")
def tell_problem_escalated(sender: type, case: ProblemIssue, **_: Any) -> None:
    problem_notices.tell_escalated(case)
