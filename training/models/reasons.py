"""Written reasons: what the journal may not hold. The journal's step points to the row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bastau.people.models import User


class WrittenReason(models.Model):
    """Why somebody returned a plan, objected to a schedule, postponed, merged or cancelled a group."""

    case_kind = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    event = models.CharField(max_length=40)
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="written_reason_has_text")]
        indexes = [models.Index(fields=["case_kind", "case_id"], name="written_reason_case")]

    def __str__(self) -> str:
        return f"{self.case_kind}/{self.case_id} {self.event}"
