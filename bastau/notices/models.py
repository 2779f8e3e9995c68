"""Outbox of notices: rows written with the change they tell of, delivered by tasks, each once."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.notices import kinds
from bastau.people.models import User


class Channel(models.TextChoices):
    CABINET = "cabinet", _("in the cabinet")
    EMAIL = "email", _("by e-mail")
    SMS = "sms", _("by SMS")
    DIGEST = "digest", _("in the daily digest")


class Failure(models.TextChoices):
    """Why a delivery has not succeeded; the first five are said by the other side or by its silence."""

    TIMEOUT = "timeout", _("did not answer in time")
    DOWN = "down", _("could not be reached")
    NONSENSE = "nonsense", _("gave an answer that cannot be used")
    REFUSED = "refused", _("refused to take the message")
    ADDRESS = "address", _("no such address or number")
    UNFINISHED = "unfinished", _("the attempt was cut short")
    READ = "read", _("read in the cabinet before the digest left")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> NoticeQuerySet:
        """Only the addressee's own. The daily digest is a mail, not a line of any list."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(user=user.pk).exclude(code=kinds.DIGEST)

    def unread(self) -> NoticeQuerySet:
        """Those not yet seen in the cabinet."""
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        """The addressee has seen these (a POST of theirs; chain it to `visible_to`). Returns how many were unread."""
        return self.unread().update(read_at=clock.now())


class Notice(models.Model):
    """One notice to one user. `key` makes it unique: writing it again changes nothing."""

    key = models.CharField(max_length=200, unique=True)
    code = models.CharField(max_length=30)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    language = models.CharField(max_length=2)
    case_kind = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["case_kind", "case_id"], name="notice_case"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def subject(self) -> str:
        """The title in the notice's own language."""
        return self.words("title")

    @property
    def text(self) -> str:
        """The wording in the notice's own language."""
        return self.words("text")

    @property
    def more(self) -> str:
        """What is said below the text, or an empty string."""
        return self.words("more")

    def words(self, part: kinds.Part, language: str | None = None) -> str:
        """`title`, `text`, `more` or `sms` in `language`, by default the notice's own; kk where a wording has none."""
        return kinds.kind(self.code).words(part, language or self.language, self.facts)


class Delivery(models.Model):
    """One way out of one notice. Open while neither `sent_at` nor `given_up_at` is set."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=254, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=20, blank=True, choices=Failure.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(given_up_at=None), name="delivery_ends_once"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="delivery_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel}"
