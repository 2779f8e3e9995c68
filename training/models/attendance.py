"""The trainer's journal: who came on which class day, individual consultations, pitch trainings (118-p21, p23)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from bastau.people.models import User
from training.models.enrolments import Enrolment


class Attendance(models.Model):
    """Whether a participant came on one class day of the group."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendance")
    class_day = models.ForeignKey("training.ClassDay", on_delete=models.PROTECT, related_name="attendance")
    present = models.BooleanField()
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "class_day"], name="attendance_once_a_day")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.class_day_id}: {self.present}"


class IndividualConsultation(models.Model):
    """One individual consultation of a participant, or its refusal by the participant (118-p23)."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="consultations")
    held_on = models.DateField()
    topic = models.CharField(max_length=300)
    online = models.BooleanField(default=False)
    refused = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "held_on", "topic"], name="consultation_entered_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.held_on}"


class PitchTraining(models.Model):
    """A training in public speaking of a group, with those who took part (118-p23)."""

    group = models.ForeignKey("training.TrainingGroup", on_delete=models.PROTECT, related_name="pitch_trainings")
    held_on = models.DateField()
    online = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    participants = models.ManyToManyField(Enrolment, related_name="pitch_trainings")

    class Meta:
        ordering = ["held_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "held_on"], name="pitch_training_once_a_day")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.held_on}"


def without_consultation(group: Any) -> models.QuerySet[Enrolment]:
    """Active participants of a group for whom no individual consultation, nor its refusal, is recorded (118-p23)."""
    return Enrolment.objects.filter(Q(group=group)).learning().filter(consultations=None)


def pitch_held(group: Any) -> bool:
    """Whether at least one pitch training of the group took place (118-p23)."""
    return PitchTraining.objects.filter(group=group).exists()
