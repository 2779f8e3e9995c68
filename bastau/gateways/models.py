"""Outbox of questions and messages to other state systems, with their answers and a delivery log."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class System(models.TextChoices):
    PERSON_REGISTRY = "person_registry", _("Register of natural persons")
    LABOUR_MARKET = "labour_market", _("Labour market system")
    TAX_REGISTRY = "tax_registry", _("Tax register")
    BANK = "bank", pgettext_lazy("other system", "Bank")


class Trouble(models.TextChoices):
    """Why the last attempt brought no answer."""

    TIMEOUT = "timeout", _("did not answer in time")
    DOWN = "down", _("could not be reached")
    NONSENSE = "nonsense", _("gave an answer that cannot be used")
    REFUSED = "refused", _("refused to answer")
    UNFINISHED = "unfinished", _("the attempt was cut short")


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def open(self) -> EnquiryQuerySet:
        """Those still waiting for their answer."""
        return self.filter(answered_at=None, given_up_at=None)

    def of_case(self, case_kind: str, case_id: int) -> EnquiryQuerySet:
        """All questions of one case, oldest first. The caller has found the case through its `visible_to`."""
        return self.filter(case_kind=case_kind, case_id=case_id).order_by("asked_at", "pk")

    def visible_to(self, user: Any) -> EnquiryQuerySet:
        """None to anybody by itself: answers are read through the case they were asked for (`of_case`)."""
        return self.none()


class Enquiry(models.Model):
    """One question to one system. Open until answered or given up; each attempt is counted, the last error kept."""

    key = models.CharField(max_length=120, unique=True)
    system = models.CharField(max_length=30, choices=System.choices)
    subject_iin = models.CharField(max_length=12)
    # What is asked or ordered beside the person: an account, a payment order. Empty for a plain question.
    payload = models.JSONField(default=dict, blank=True)
    case_kind = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=40, blank=True, choices=Trouble.choices)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer__isnull=True)
                | Q(answered_at__isnull=False, answer__isnull=False, given_up_at__isnull=True),
                name="enquiry_answer_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["case_kind", "case_id"], name="enquiry_case"),
            models.Index(fields=["next_at"], condition=Q(answered_at=None, given_up_at=None), name="enquiry_open"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_open(self) -> bool:
        """Whether the answer is still awaited."""
        return self.answered_at is None and self.given_up_at is None
