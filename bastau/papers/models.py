"""Numbered documents: asked for, rendered once by a worker, kept as bytes, signed, verified; and uploads."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bastau.papers.files import of_cases_seen_by, of_whole_kinds
from bastau.people.models import Language, Office, Person, Post, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of


def new_code() -> str:
    """A verification code of 160 random bits."""
    return secrets.token_urlsafe(20)


class PaperState(models.TextChoices):
    ASKED = "asked", _("being prepared")
    READY = "ready", _("ready to be signed")
    SIGNED = "signed", _("signed")
    ISSUED = "issued", _("issued")
    VOID = "void", _("void")


class Series(models.Model):
    """The last number taken of a series, e.g. `ЖЛ-35-2026`. Locked by the UPDATE that takes the next one."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)


# The roles that read whole case files; a counter of another office reads only what the person was given.
READERS = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: Any) -> PaperQuerySet:
        """Own papers once they are shown; for staff those of the cases they may see, as their role reads them."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id, shown_to_person=True)
        given = Q(shown_to_person=True) | of_whole_kinds() | Q(office__in=offices_of(user, READERS).values("pk"))
        return self.filter(of_cases_seen_by(user) & given)


class Paper(models.Model):
    """One language version of one document of one case. Content and facts never change after rendering."""

    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=2, choices=Language.choices)
    case_kind = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers", null=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="papers")
    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.ASKED)
    number = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, unique=True, default=new_code)
    # What the template prints, frozen when the paper is asked for; {"kk": ..., "ru": ...} where languages differ.
    facts = models.JSONField(default=dict)
    shown_to_person = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    # When a worker that finds the paper still asked for may try again: ten seconds after asking, then ever later.
    next_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="papers/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    # A Russian version beside the Kazakh one carries its number and is signed with it.
    translation_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="translations"
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case_kind", "case_id"], name="paper_case"),
            models.Index(fields=["next_at"], condition=Q(state="asked"), name="paper_asked"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "language"], condition=~Q(number=""), name="paper_number_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "case_kind", "case_id", "language"], condition=~Q(state="void"), name="paper_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()

    @property
    def shown_number(self) -> str:
        """The number of the paper's own series, or that of the case where the kind has no series."""
        return self.number or self.facts.get("number", "")

    def said(self) -> dict[str, Any]:
        """The facts in the paper's own language."""
        return {name: fact[self.language] if isinstance(fact, dict) else fact for name, fact in self.facts.items()}

    def content(self) -> bytes:
        """The kept bytes. Raises FileNotFoundError when the storage has lost them."""
        with self.file.open("rb") as kept:
            return kept.read()

    # The steps below set fields on self and nothing else; bastau.papers.actions is their only caller.

    def numbered(self, number: str) -> None:
        """The number taken for this paper; it stays the paper's for good."""
        self.number = number

    def tried(self, at: datetime) -> None:
        """One more attempt to render starts; the next is due later each time, at most a quarter of an hour."""
        self.attempts += 1
        self.next_at = at + min(timedelta(seconds=10 * 2 ** min(self.attempts, 10)), timedelta(minutes=15))

    def kept(self, name: str, sha256: str, at: datetime) -> None:
        """The bytes lie in the storage under `name`."""
        self.file.name = name
        self.sha256 = sha256
        self.rendered_at = at
        self.state = PaperState.READY

    def signed(self) -> None:
        """The signature the paper waited for is there."""
        self.state = PaperState.SIGNED

    def issued(self, on: date) -> None:
        """Given out; `on` is the recorded date of issue (A-45)."""
        self.issued_on = on
        self.state = PaperState.ISSUED

    def voided(self, at: datetime) -> None:
        """Without force; number and bytes stay (A-51)."""
        self.voided_at = at
        self.state = PaperState.VOID


class SignatureForm(models.TextChoices):
    CMS = "cms", _("electronic")
    HAND = "hand", _("by hand")


class Signature(models.Model):
    """One person's signature under a paper: detached CMS verified at `signed_at`, or a confirmed scan of a hand's."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="signatures")
    form = models.CharField(max_length=4, choices=SignatureForm.choices, default=SignatureForm.CMS)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signatures")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField()
    cms = models.BinaryField(default=bytes)
    signer_iin = models.CharField(max_length=12)
    signer_bin = models.CharField(max_length=12, blank=True)
    certificate_serial = models.CharField(max_length=64, blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "user"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.paper}: {self.user}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: Any) -> UploadQuerySet:
        """Own uploads; for staff those of the cases they may see: a draft on the Portal is its citizen's alone."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_citizen:
            return self.filter(person=user.person_id)
        return self.filter(of_cases_seen_by(user))

    def of_case(self, case_kind: str, case_id: int) -> UploadQuerySet:
        """What is attached to a case now, in the order it came."""
        return self.filter(case_kind=case_kind, case_id=case_id, removed_at=None).order_by("pk")


class Upload(models.Model):
    """A file somebody handed in, checked by its content and kept under a random name outside the web root."""

    case_kind = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="uploads")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="uploads")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    # Sheets when printed: the pages of a PDF; a picture is one.
    pages = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="uploads/")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id"], name="upload_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "sha256"], condition=Q(removed_at=None), name="upload_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
