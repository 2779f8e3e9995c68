"""The course of a participant: modules open one after another, tests are taken, each answer is kept at once.

The only writers of modules, final tests and attempts. A case is locked before its attempt.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.flow.models import Deadline
from training.actions import results
from training.models import BusinessPlan, CourseModule, Enrolment, FinalTest, ModuleProgress, Question, TestAttempt
from training.rules import course as rules
from training.states import (
    ENROLMENT_LEARNING,
    BusinessPlanState,
    EnrolmentState,
    FinalState,
    ModuleKind,
    ModuleState,
)

Tested = ModuleProgress | FinalTest
#: So many attempts whose time is over are handed in by one run of the sweep's loop.
BATCH = 200


def prepare(enrolment: Enrolment) -> None:
    """The rows of a participant's course: modules, final test, business plan. Again changes nothing."""
    shared = {
        "person": enrolment.person,
        "office": enrolment.office,
        "number": enrolment.number,
        "ruleset": enrolment.ruleset,
        "created_at": clock.now(),
    }
    for module in CourseModule.objects.filter(kind=ModuleKind.MODULE).order_by("order"):
        ModuleProgress.objects.get_or_create(enrolment=enrolment, module=module, defaults=shared)
    FinalTest.objects.get_or_create(enrolment=enrolment, defaults=shared)
    BusinessPlan.objects.get_or_create(enrolment=enrolment, defaults=shared)


def open_course(enrolment: Enrolment) -> None:
    """Open the first module that is not passed, and the business plan for writing (118-p24). Again changes nothing."""
    with transaction.atomic():
        enrolment = _learner(enrolment)
        if enrolment.state not in ENROLMENT_LEARNING:
            return
        prepare(enrolment)
        _open_next(enrolment)
        plan = BusinessPlan._base_manager.select_for_update(of=("self",)).get(enrolment=enrolment)
        # A plan begun in a group that was broken off gets its term anew in the next one.
        runs = Deadline.objects.open().filter(case_kind=plan.kind, case_id=plan.pk).exists()
        if plan.state == BusinessPlanState.DRAFT and not runs:
            perform(plan, "open", by=SYSTEM)


def see_materials(progress: ModuleProgress, *, by: Actor) -> ModuleProgress:
    """The participant looked through the topics of an open module. Again changes nothing. Raises Refused."""
    with transaction.atomic():
        progress = _locked(progress)
        if by.user is None or by.user.person_id != progress.person_id or progress.state == ModuleState.LOCKED:
            raise Refused(_("This module is not open yet: pass the test of the module before it."), code="locked")
        if progress.seen_at is None:
            progress.seen_at = clock.now()
            progress.save(update_fields=["seen_at"])
    return progress


def begin_test(case: Tested, *, by: Actor) -> TestAttempt:
    """Begin an attempt, or find the one under way: its questions and their order stay as drawn (118-p24, p25).

    Raises Refused.
    """
    with transaction.atomic():
        case = _locked(case)
        final = isinstance(case, FinalTest)
        if case.state in {ModuleState.IN_TEST, FinalState.IN_TEST} and _own(case, by):
            return case.attempts.running().get()
        perform(case, "begin", by=by)
        group = case.enrolment.group
        assert group is not None
        now = clock.now()
        return TestAttempt.objects.create(
            **({"final": case} if final else {"progress": case}),
            person=case.person,
            questions=rules.draw(_bank(case)),
            begun_at=now,
            ends_at=rules.ends_at(now, rules.window(group).due, final=final),
        )


def _bank(case: Tested) -> list[Question]:
    found = Question.objects.filter(retired_at=None).order_by("pk")
    if isinstance(case, FinalTest):
        return list(found.filter(final=True))
    return list(found.filter(final=False, module=case.module_id))


class _Length(Func):
    function = "jsonb_array_length"
    output_field = models.IntegerField()


def save_answer(attempt_id: int, *, by: Actor, place: int, choice: int) -> bool:
    """Keep one answer, in one statement; answering again replaces it. Two windows never lose each other's answers.

    False where there is nothing to answer: another's attempt, handed in, void, out of time, no such option.
    """
    if by.user is None:
        return False
    found = (
        TestAttempt.objects.of(by.user)
        .running()
        .filter(pk=attempt_id, ends_at__gt=clock.now())
        .alias(
            places=_Length(F("questions")),
            options=_Length(
                Func(
                    F("questions"),
                    Value(str(place)),
                    Value("order"),
                    function="jsonb_extract_path",
                    output_field=models.JSONField(),
                )
            ),
        )
        .filter(places__gt=place, options__gt=choice)
    )
    added = Value({str(place): choice}, output_field=models.JSONField())
    merged = Func(F("answers"), added, template="%(expressions)s", arg_joiner=" || ", output_field=models.JSONField())
    return bool(found.update(answers=merged))


def hand_in(attempt: TestAttempt, *, by: Actor) -> TestAttempt:
    """Hand in an attempt and score it (118-p24, p25). The second of two clicks or windows finds the result.

    Whose time is over is handed in by the system with the answers kept till then. Raises Refused.
    """
    with transaction.atomic():
        case = _locked(attempt.final or attempt.progress)  # type: ignore[arg-type]
        attempt = TestAttempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
        if attempt.handed_in_at is not None:
            return attempt
        if attempt.voided_at is not None:
            raise Refused(_("This attempt does not count: there was a technical fault. Begin the test again."))
        now = clock.now()
        key = dict(Question.objects.filter(pk__in=[one["q"] for one in attempt.questions]).values_list("pk", "answer"))
        attempt.correct = rules.right_answers(attempt.questions, attempt.answers, key)
        attempt.handed_in_at, attempt.timed_out = now, now >= attempt.ends_at
        attempt.save(update_fields=["correct", "handed_in_at", "timed_out"])
        _score(case, attempt, SYSTEM if attempt.timed_out else by)
    return attempt


def _score(case: Tested, attempt: TestAttempt, by: Actor) -> None:
    correct, total = attempt.correct or 0, attempt.total
    facts = {"attempt": attempt.pk, "correct": correct, "total": total}
    if isinstance(case, FinalTest):
        passed = rules.final_passed(correct, total)
        perform(case, "hand_in", by=by, set={"percent": attempt.percent, "passed": passed}, **facts)
        # Who left the training while the test ran keeps the score, but it decides nothing any more.
        if Enrolment._base_manager.filter(pk=case.enrolment_id, state=EnrolmentState.ASSESSING).exists():
            results.note_final(case.enrolment, percent=attempt.percent)
        return
    passed = rules.module_passed(correct, total)
    perform(case, "hand_in", by=by, set={"correct": correct, "total": total, "passed": passed}, **facts)
    if passed:
        _open_next(case.enrolment)
        if results.open_final(case.enrolment):
            open_final(case.enrolment)


def _open_next(enrolment: Enrolment) -> None:
    """Open the first module that is not passed, if it is still locked (118-p24)."""
    ahead = enrolment.modules.exclude(state=ModuleState.PASSED).order_by("module__order").first()
    if ahead is not None and ahead.state == ModuleState.LOCKED:
        perform(ahead, "open", by=SYSTEM)


def open_final(enrolment: Enrolment) -> None:
    """Open the final test of who passed all modules, after the last class (118-p24, p25). Again changes nothing."""
    with transaction.atomic():
        final = FinalTest._base_manager.select_for_update(of=("self",)).filter(enrolment=enrolment).first()
        if final is not None and verdict(final, "open", SYSTEM).ok:
            perform(final, "open", by=SYSTEM)


def void(case: Tested, *, by: Actor, reason: str) -> Tested:
    """A technical fault: the attempt does not count (SPEC 4.5); of the final test once (A-20). Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write what the technical fault was."))
    with transaction.atomic():
        case = _locked(case)
        attempt = case.attempts.select_for_update(of=("self",)).counted().order_by("-pk").first()
        if attempt is None:
            raise Refused(_("There is no attempt to void."))
        perform(case, "void_attempt", by=by, attempt=attempt.pk)
        attempt.voided_at, attempt.voided_by, attempt.void_reason = clock.now(), by.user, reason.strip()
        attempt.save(update_fields=["voided_at", "voided_by", "void_reason"])
        if isinstance(case, FinalTest):
            results.void_final(case.enrolment, by=by)
    return case


def time_out() -> int:
    """Hand in what ran out of time, with the answers kept till then; returns how many. Any number of workers may run
    it at once."""
    done = 0
    late = TestAttempt.objects.running().filter(ends_at__lte=clock.now()).order_by("ends_at", "pk")
    for attempt in late.select_related("progress", "final")[:BATCH]:
        done += hand_in(attempt, by=SYSTEM).handed_in_at is not None
    return done


def _own(case: Tested, by: Actor) -> bool:
    return by.user is not None and by.user.person_id == case.person_id


def _locked(case: Any) -> Any:
    return (
        type(case)
        ._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "enrolment__group__office", "enrolment__person", "enrolment__office")
        .get(pk=case.pk)
    )


def _learner(enrolment: Enrolment) -> Enrolment:
    return (
        Enrolment._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "group__office")
        .get(pk=enrolment.pk)
    )
