"""The course as data, and a participant's way through it: modules, attempts at their tests, the final test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django_fsm import RETURN_VALUE, FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import Case
from bastau.people.models import User
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from training.conditions import course as conditions
from training.states import FinalState, ModuleKind, ModuleState

READERS = (Role.COORDINATOR, Role.AUDITOR)


class CourseModule(models.Model):
    """A block of the course (118-p22-1): its topics and hours. The training in public speaking has no test."""

    code = models.SlugField(max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(unique=True)
    kind = models.CharField(max_length=8, choices=ModuleKind.choices, default=ModuleKind.MODULE)
    hours = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    title_kk = models.CharField(max_length=200)
    title_ru = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    # [{"hours": 4, "kk": ..., "ru": ..., "en": ...}]
    topics = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.title()

    def title(self, language: str | None = None) -> str:
        """The name of the module in `language`, else in the reader's."""
        return {"ru": self.title_ru, "en": self.title_en}.get((language or get_language() or "kk")[:2], self.title_kk)


class Question(models.Model):
    """A question of a test. A corrected one is a new row: attempts keep the wording they were made with."""

    code = models.SlugField(max_length=30)
    module = models.ForeignKey(CourseModule, on_delete=models.PROTECT, related_name="questions")
    final = models.BooleanField(default=False)
    # {"q": "...", "options": ["...", ...]}
    kk = models.JSONField()
    ru = models.JSONField()
    answer = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=30, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(retired_at=None), name="question_in_use_once")
        ]

    def __str__(self) -> str:
        return self.code

    def said(self, language: str) -> Mapping[str, Any]:
        """Question and options; the bank has Kazakh and Russian."""
        return self.ru if language[:2] == "ru" else self.kk


class OfParticipant(models.QuerySet[Any]):
    """Cases that belong to an enrolment: of its citizen, of the chamber's coordinator, of the group's trainer."""

    def visible_to(self, user: Any) -> Any:
        """Own for a citizen; a trainer sees those of own groups; nobody in the office sees a case of the own IIN."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        taught = Q(office__in=offices_of(user, [Role.TRAINER]), enrolment__group__trainer=user.pk)
        return self.filter(Q(office__in=offices_of(user, READERS)) | taught).exclude(person=user.person_id)


class ModuleProgress(Case):
    """One participant in one module (SPEC 4.5). Offline classes are not locked: the lock is on materials (A-49)."""

    kind = "module"
    stage = "training"

    state = FSMField(max_length=10, choices=ModuleState.choices, default=ModuleState.LOCKED, protected=True)
    enrolment = models.ForeignKey("training.Enrolment", on_delete=models.PROTECT, related_name="modules")
    module = models.ForeignKey(CourseModule, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    # The best score is kept, in right answers of all.
    best_correct = models.PositiveSmallIntegerField(default=0)
    best_total = models.PositiveSmallIntegerField(default=0)

    objects = OfParticipant.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "module"], name="module_once"),
            models.CheckConstraint(
                condition=~Q(state=ModuleState.PASSED) | Q(passed_at__isnull=False), name="module_passed_has_date"
            ),
        ]
        indexes = [models.Index(fields=["office", "-id"], name="module_office")]

    @transition(field=state, source=ModuleState.LOCKED, target=ModuleState.OPEN)
    def open(self, *, at: datetime, by: Actor) -> None:
        """The module before is passed, or it is the first and the group has begun (118-p24)."""
        self.opened_at = at

    @transition(
        field=state,
        source=[ModuleState.OPEN, ModuleState.FAILED],
        target=ModuleState.IN_TEST,
        conditions=[conditions.studies, conditions.materials_seen, conditions.before_window_ends],
    )
    def begin(self, *, at: datetime, by: Actor) -> None:
        """An attempt begins; there may be any number of them (118-p24)."""

    @transition(field=state, source=ModuleState.IN_TEST, target=RETURN_VALUE(ModuleState.FAILED, ModuleState.PASSED))
    def hand_in(self, *, at: datetime, by: Actor, correct: int, total: int, passed: bool) -> str:
        """The attempt is handed in, or its time is over; the best score is kept."""
        if correct * (self.best_total or 1) >= self.best_correct * total:
            self.best_correct, self.best_total = correct, total
        self.passed_at = at if passed else None
        return ModuleState.PASSED if passed else ModuleState.FAILED

    @transition(field=state, source=ModuleState.IN_TEST, target=RETURN_VALUE(ModuleState.OPEN, ModuleState.FAILED))
    def void_attempt(self, *, at: datetime, by: Actor) -> str:
        """A technical fault: the running attempt does not count."""
        return ModuleState.FAILED if self.best_total else ModuleState.OPEN


class FinalTest(Case):
    """The final test of one participant: one attempt, inside the ten working days (118-p25, 118-p28, A-20)."""

    kind = "final_test"
    stage = "training"

    state = FSMField(max_length=10, choices=FinalState.choices, default=FinalState.CLOSED, protected=True)
    enrolment = models.OneToOneField("training.Enrolment", on_delete=models.PROTECT, related_name="final_test")
    opened_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])

    objects = OfParticipant.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[FinalState.PASSED, FinalState.LOW])
                | Q(percent__isnull=False, done_at__isnull=False),
                name="final_done_has_result",
            ),
        ]
        indexes = [models.Index(fields=["office", "-id"], name="final_office")]

    @transition(field=state, source=FinalState.CLOSED, target=FinalState.OPEN, conditions=[conditions.modules_passed])
    def open(self, *, at: datetime, by: Actor) -> None:
        """The last class is over and all modules are passed (118-p24, 118-p25)."""
        self.opened_at = at

    @transition(
        field=state,
        source=FinalState.OPEN,
        target=FinalState.IN_TEST,
        conditions=[conditions.studies, conditions.in_window, conditions.attempt_left],
    )
    def begin(self, *, at: datetime, by: Actor) -> None:
        """The one attempt begins (A-20)."""

    @transition(field=state, source=FinalState.IN_TEST, target=RETURN_VALUE(FinalState.PASSED, FinalState.LOW))
    def hand_in(self, *, at: datetime, by: Actor, percent: int, passed: bool) -> str:
        """Handed in, or the time is over (118-p25)."""
        self.percent, self.done_at = percent, at
        return FinalState.PASSED if passed else FinalState.LOW

    @transition(
        field=state,
        source=[FinalState.IN_TEST, FinalState.LOW],
        target=FinalState.OPEN,
        conditions=[conditions.result_not_closed, conditions.void_left],
    )
    def void_attempt(self, *, at: datetime, by: Actor) -> None:
        """A technical fault: allowed once (A-20)."""
        self.percent = self.done_at = None


class AttemptQuerySet(models.QuerySet["TestAttempt"]):
    def of(self, user: Any) -> AttemptQuerySet:
        """The citizen's own."""
        return self.filter(person=user.person_id)

    def running(self) -> AttemptQuerySet:
        """Neither handed in nor void."""
        return self.filter(handed_in_at=None, voided_at=None)

    def counted(self) -> AttemptQuerySet:
        """Those that were not void."""
        return self.filter(voided_at=None)


class TestAttempt(models.Model):
    """One attempt: its questions and their order are drawn once and stay with it, whatever page is loaded again.

    `questions` is [{"q": id, "order": [2, 0, 1, 3]}, ...], the options in the order they are shown; `answers` is
    {"0": 2, ...}: place of the question -> place of the chosen option as shown. An answer is kept at once.
    """

    __test__ = False

    progress = models.ForeignKey(
        ModuleProgress, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    final = models.ForeignKey(FinalTest, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    questions = models.JSONField()
    answers = models.JSONField(default=dict, blank=True)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    timed_out = models.BooleanField(default=False)
    correct = models.PositiveSmallIntegerField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.TextField(blank=True, max_length=2000)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress=None, final__isnull=False) | Q(progress__isnull=False, final=None),
                name="attempt_of_one_test",
            ),
            models.UniqueConstraint(
                fields=["progress"], condition=Q(handed_in_at=None, voided_at=None), name="attempt_one_running"
            ),
            # one attempt at the final test counts.
            models.UniqueConstraint(fields=["final"], condition=Q(voided_at=None), name="attempt_one_final"),
            models.CheckConstraint(
                condition=Q(handed_in_at=None) | Q(correct__isnull=False), name="attempt_handed_in_is_scored"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None) | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="attempt_void_by_somebody",
            ),
            models.CheckConstraint(condition=Q(ends_at__gte=F("begun_at")), name="attempt_ends_after_start"),
        ]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(handed_in_at=None, voided_at=None), name="attempt_to_time_out"
            ),
            models.Index(fields=["progress", "-id"], name="attempt_progress"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"

    @property
    def total(self) -> int:
        """How many questions it has."""
        return len(self.questions)

    @property
    def percent(self) -> int:
        """Right answers of all, in whole per cent, for showing; the pass mark is tested with integers (A-19)."""
        return (self.correct or 0) * 100 // self.total
