"""What time and groups alone do to enrolments. Every part may run again and again: each step happens once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from bastau import clock
from bastau.flow import SYSTEM, perform_many
from bastau.papers.models import Paper, PaperState
from training.actions import certificates
from training.actions.results import close_at_window_end, open_final
from training.models import Certificate, CourseModule, Enrolment, ModuleProgress, TrainingGroup
from training.notices import enrolments as words
from training.rules import enrolments as rules
from training.states import (
    ENROLMENT_LEARNING,
    CertificateState,
    EnrolmentState,
    GroupState,
    ModuleKind,
    ModuleState,
)

BATCH = 500


def follow_all() -> None:
    """Everything: cancelled groups, opened finals, ended windows, free places, printed certificates."""
    return_to_pool()
    open_finals()
    close_windows()
    invite_waiting()
    issue_printed()


def return_to_pool() -> int:
    """Members and waiting people of a cancelled group go back to the candidates (SPEC 4.3, 4.4)."""
    of_cancelled = Enrolment._base_manager.filter(group__state=GroupState.CANCELLED)
    back = of_cancelled.filter(
        state__in=[EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED, EnrolmentState.STUDYING]
    ).select_related("person", "office", "group")
    done = 0
    while moved := perform_many(back, "return_to_pool", by=SYSTEM, facts_for=lambda case: {"group": case.group_id}):
        done += moved
    # Who had only chosen the group keeps the application and chooses another one.
    waiting = of_cancelled.filter(state__in=[EnrolmentState.DRAFT, EnrolmentState.SUBMITTED])
    with transaction.atomic():
        rows = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH])
        for case in rows:
            if case.state == EnrolmentState.SUBMITTED:
                words.tell_back_in_pool(case, f"pool-{case.group_id}")
        Enrolment._base_manager.filter(pk__in=[case.pk for case in rows]).update(group=None)
    return done


def open_finals() -> int:
    """The final test opens for who passed all modules when the classes are over (118-p24, p25)."""
    passed = ModuleProgress._base_manager.filter(enrolment=OuterRef(OuterRef("pk")), state=ModuleState.PASSED)
    missing = CourseModule.objects.filter(kind=ModuleKind.MODULE).exclude(pk__in=passed.values("module"))
    able = Enrolment._base_manager.filter(state=EnrolmentState.STUDYING, group__state=GroupState.ASSESSING)
    return _each(able.filter(~Exists(missing)), open_final)


def close_windows() -> int:
    """At the end of the ten working days: not admitted further, or without a final result (118-p24, p25, p28)."""
    done = 0
    for group in _assessed_groups():
        if rules.assessment(group).due >= clock.now():
            continue
        left = Enrolment._base_manager.filter(group=group, state__in=ENROLMENT_LEARNING)
        done += _each(left, lambda case: bool(close_at_window_end(case)))
    return done


def _assessed_groups() -> QuerySet[TrainingGroup]:
    learning = Enrolment._base_manager.filter(group=OuterRef("pk"), state__in=ENROLMENT_LEARNING)
    # No window is shorter than its working days; what ended yesterday need not be looked at.
    long_ago = clock.today("Asia/Almaty") - timedelta(days=7)
    groups = TrainingGroup._base_manager.filter(state=GroupState.ASSESSING, end_on__lt=long_ago)
    return groups.filter(Exists(learning)).select_related("office").order_by("pk")


def invite_waiting() -> int:
    """Tell the first of a waiting list that a place is free; each of them once (118-p22-3)."""
    waiting = Enrolment._base_manager.filter(group=OuterRef("pk"), state=EnrolmentState.WAITLISTED, invited_at=None)
    groups = TrainingGroup._base_manager.filter(Exists(waiting)).order_by("pk")
    done = 0
    for group in groups:
        with transaction.atomic():
            group = TrainingGroup._base_manager.select_for_update(of=("self",)).get(pk=group.pk)
            left = rules.places_left(group)
            first = Enrolment._base_manager.filter(group=group, state=EnrolmentState.WAITLISTED)
            told = list(first.select_for_update(of=("self",)).order_by("waitlisted_at", "pk")[:left])
            for case in told:
                if case.invited_at is None:
                    case.invited_at = clock.now()
                    case.save(update_fields=["invited_at"])
                    words.tell_place_free(case)
                    done += 1
    return done


def issue_printed() -> int:
    """Issue the certificates whose papers are printed (118-p26)."""
    printing = Paper.objects.filter(case_kind=Certificate.kind, case_id=OuterRef("pk"), state=PaperState.ASKED)
    formed = Certificate._base_manager.filter(~Exists(printing), state=CertificateState.FORMED)
    done = 0
    for certificate in formed.exclude(enrolment=None).order_by("pk")[:BATCH]:
        done += certificates.issue(certificate)
    return done


def _each(rows: QuerySet[Enrolment], step: Callable[[Enrolment], bool]) -> int:
    """`step` for each row in a transaction of its own, so that one that is refused holds up nobody."""
    return sum(step(case) for case in rows.order_by("pk").iterator(chunk_size=BATCH))
