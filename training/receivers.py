"""Reactions of training to facts told elsewhere and here: notices, own rows made once, work queued for later."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.dispatch import receiver

from bastau import law
from bastau.flow import Actor
from bastau.papers import signals as paper_signals
from training import signals
from training.actions import certificates, course
from training.models import Certificate
from training.notices import course as course_words
from training.notices import enrolments as enrolment_words
from training.rules.business_plans import correction
from training.rules.enrolments import assessment
from training.states import ModuleState

# --------------------------------------------------------------------------------------- enrolment and certificates


def _follow_later() -> None:
    """Queue the look at what groups and places mean for enrolments; beat does the same from time to time."""
    from training import tasks

    transaction.on_commit(tasks.follow_enrolments.delay, robust=True)


@receiver(signals.enrolment_submitted, dispatch_uid="training.tell_submitted")
def enrolment_submitted(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_submitted(case)


@receiver(signals.enrolment_rejected, dispatch_uid="training.tell_rejected")
def enrolment_rejected(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_rejected(case)


@receiver(signals.enrolment_waitlisted, dispatch_uid="training.tell_waitlisted")
def enrolment_waitlisted(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_waitlisted(case)


@receiver(signals.enrolled, dispatch_uid="training.tell_enrolled")
def person_enrolled(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_enrolled(case)


@receiver(signals.final_opened, dispatch_uid="training.tell_final_open")
def final_test_opened(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    window = assessment(case.group).due.astimezone(ZoneInfo(case.office.zone))
    enrolment_words.tell_final_open(case, window.date())


@receiver(signals.enrolment_ended, dispatch_uid="training.form_certificate")
def training_of_person_ended(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    """The certificate that the results give is formed at once; a free place goes to the waiting list."""
    certificates.form(case)
    enrolment_words.tell_ended(case)
    _follow_later()


@receiver(signals.expelled_by_act, dispatch_uid="training.tell_expelled_by_act")
def person_expelled_by_act(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_expelled_by_act(case)


@receiver(signals.returned_to_pool, dispatch_uid="training.tell_returned")
def person_returned_to_pool(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_back_in_pool(case, f"returned-{at:%Y%m%d%H%M%S}")


@receiver(signals.certificate_issued, dispatch_uid="training.tell_certificate")
def certificate_is_issued(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_certificate(case)


@receiver(signals.certificate_annulled, dispatch_uid="training.tell_annulled")
def certificate_is_annulled(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    enrolment_words.tell_annulled(case)


@receiver(paper_signals.rendered, dispatch_uid="training.certificate_printed")
def certificate_printed(sender: type, paper: Any, **_: Any) -> None:
    """A certificate is issued as soon as all its versions are printed."""
    if paper.case_kind == Certificate.kind:
        _follow_later()


@receiver(signals.group_cancelled, dispatch_uid="training.members_of_cancelled")
@receiver(signals.group_broken_off, dispatch_uid="training.members_of_broken_off")
@receiver(signals.training_ended, dispatch_uid="training.members_of_ended")
def group_changed(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    """Cancelled, broken off: back to the pool. Classes over: final tests open."""
    _follow_later()


# ------------------------------------------------------------------------------- course, business plan, stipend


@receiver(signals.studying_begun, dispatch_uid="training.course_of_beginner")
def course_begins(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    """Modules, final test and plan of a beginner are made; a task opens the first module."""
    from training import tasks

    course.prepare(case)
    transaction.on_commit(lambda: tasks.open_course.delay(case.pk), robust=True)


@receiver(signals.final_opened, dispatch_uid="training.open_final_test")
def final_is_to_open(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    from training import tasks

    transaction.on_commit(lambda: tasks.open_final.delay(case.pk), robust=True)


@receiver(signals.enrolment_ended, dispatch_uid="training.stop_plan")
@receiver(signals.returned_to_pool, dispatch_uid="training.stop_plan_in_pool")
def plan_is_to_stop(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    from training import tasks

    transaction.on_commit(lambda: tasks.stop_plan.delay(case.pk), robust=True)


@receiver(signals.module_test_done, dispatch_uid="training.tell_test_failed")
def module_test_done(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    if case.state == ModuleState.FAILED:
        attempt = case.attempts.order_by("-pk")[0]
        course_words.tell_test_failed(case, attempt.pk, attempt.percent)


@receiver(signals.plan_returned, dispatch_uid="training.tell_plan_returned")
def plan_was_returned(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_plan_returned(case, correction(case).due.astimezone(ZoneInfo(case.office.zone)).date())


@receiver(signals.plan_appointed, dispatch_uid="training.tell_appointed")
def assessor_was_named(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_appointed(case)


@receiver(signals.plan_assessed, dispatch_uid="training.tell_plan_assessed")
def plan_was_assessed(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_plan_assessed(case, law.value("118-p27-1"))


@receiver(signals.plan_absent, dispatch_uid="training.tell_plan_absent")
def plan_is_absent(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_plan_absent(case)


@receiver(signals.stipend_sheet_returned, dispatch_uid="training.tell_sheet_returned")
def sheet_was_returned(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_sheet_returned(case, f"returned-{at:%Y%m%d%H%M%S}")


@receiver(signals.stipend_sheet_approved, dispatch_uid="training.tell_stipend_lines")
def sheet_was_approved(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_lines(case.lines.select_related("enrolment").order_by("pk"))


@receiver(signals.stipend_line_paid, dispatch_uid="training.tell_stipend_paid")
def stipend_was_paid(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_paid(case)


@receiver(signals.stipend_line_returned, dispatch_uid="training.tell_stipend_returned")
def stipend_was_returned(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    course_words.tell_bank_returned(case, f"returned-{at:%Y%m%d%H%M%S}")
