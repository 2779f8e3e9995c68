"""Persons (citizens' data), users (who signs in), offices, and posts (a role in an office for a period)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.people.iin import validate_bin, validate_iin
from bastau.people.names import fold_expression, sort_expression
from bastau.people.roles import Role


class Language(models.TextChoices):
    KK = "kk", _("Kazakh")
    RU = "ru", _("Russian")


class Named(models.Model):
    """A thing with an official name in three languages."""

    name_kk = models.CharField(max_length=300)
    name_ru = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name()

    def name(self, language: str | None = None) -> str:
        """The name in `language`, by default that of the reader; Kazakh where English is not given."""
        language = (language or get_language() or "kk")[:2]
        return getattr(self, f"name_{language}", "") or self.name_kk


class Region(Named):
    """Region or city of republican significance (SPEC 6.5); `code` is its two-digit KATO prefix."""

    code = models.CharField(max_length=2, primary_key=True)
    zone = models.CharField(max_length=40)

    class Meta:
        ordering = ["code"]


class OfficeKind(models.TextChoices):
    CENTRE = "centre", _("Employment centre")
    SC = "sc", _("State Corporation office")
    CHAMBER = "chamber", _("Chamber of entrepreneurs")
    LEB = "leb", _("Local employment body")
    MINISTRY = "ministry", _("Ministry")


class Office(Named):
    """An office where people work. A centre serves the KATO prefixes of `serves`; the longest match wins."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=OfficeKind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="offices")
    kato = models.CharField(max_length=9)
    serves = ArrayField(models.CharField(max_length=9), default=list, blank=True)
    bin = models.CharField(max_length=12, validators=[validate_bin])
    zone = models.CharField(max_length=40)
    address_kk = models.CharField(max_length=300)
    address_ru = models.CharField(max_length=300)
    phone = models.CharField(max_length=20)
    has_seal = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def address(self, language: str | None = None) -> str:
        """The postal address in `language` (kk or ru), by default the reader's."""
        return self.address_ru if (language or get_language() or "kk")[:2] == "ru" else self.address_kk


class Sex(models.TextChoices):
    FEMALE = "f", _("female")
    MALE = "m", _("male")


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> PersonQuerySet:
        """Own data only; staff reach a person through a case of their scope."""
        return self.filter(pk=user.person_id) if getattr(user, "person_id", None) else self.none()


class Person(models.Model):
    """A natural person. `residence` is the KATO code from the population register, never typed."""

    iin = models.CharField(max_length=12, unique=True, validators=[validate_iin])
    surname = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    patronymic = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    residence = models.CharField(max_length=9, blank=True)
    address = models.CharField(max_length=300, blank=True)
    sort_key = models.GeneratedField(
        expression=sort_expression("surname", "given_name", "patronymic"),
        output_field=models.CharField(max_length=310),
        db_persist=True,
    )
    fold = models.GeneratedField(
        expression=fold_expression("surname", "given_name", "patronymic"),
        output_field=models.CharField(max_length=310),
        db_persist=True,
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["fold"], name="person_fold_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["sort_key"], name="person_sort_key"),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def full_name(self) -> str:
        """Surname, first name, patronymic (if any), as forms print it."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Surname and initials, which no line break parts."""
        initials = "\N{NO-BREAK SPACE}".join(f"{part[0]}." for part in (self.given_name, self.patronymic) if part)
        return f"{self.surname}\N{NO-BREAK SPACE}{initials}".strip()


class UserKind(models.TextChoices):
    CITIZEN = "citizen", _("Citizen")
    STAFF = "staff", _("Staff")


class UserManager(BaseUserManager["User"]):
    def create_user(self, login: str, password: str | None = None, **fields: Any) -> User:
        """A user with a usable or (None) unusable password."""
        user = self.model(login=login, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login=username)


class User(AbstractBaseUser):
    """Who signs in: a citizen (own cases) or a member of staff (posts). One person may be both, in two accounts.

    `login` is the e-mail of a member of staff and `citizen:<person>` otherwise; nobody types the latter. A citizen
    has neither password nor e-mail here: the address for notices stands with the person.
    """

    # Django would stamp it with the machine's time at each sign-in; nothing here reads it.
    last_login = None  # type: ignore[assignment]
    login = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=10, choices=UserKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="users")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    is_active = models.BooleanField(default=True)
    persona = models.CharField(max_length=40, blank=True, help_text="Name of the demo persona; empty for real people.")

    objects = UserManager()
    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="user_one_account_a_kind"),
            models.UniqueConstraint(
                fields=["email"], condition=Q(kind="staff") & ~Q(email=""), name="user_staff_email_unique"
            ),
            models.CheckConstraint(condition=Q(kind="staff") | Q(email=""), name="user_citizen_without_email"),
            models.UniqueConstraint(fields=["persona"], condition=~Q(persona=""), name="user_persona_unique"),
        ]

    def __str__(self) -> str:
        return self.person.short_name

    @property
    def is_citizen(self) -> bool:
        return self.kind == UserKind.CITIZEN

    @property
    def is_staff(self) -> bool:
        """Whether the staff's shell opens (Django's admin asks this name)."""
        return self.is_active and self.kind == UserKind.STAFF

    # Django's admin asks for permissions; ours are posts and `rights`, so none is granted here.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return False

    def has_module_perms(self, label: str) -> bool:
        return False


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self) -> PostQuerySet:
        """Posts whose period covers the present instant."""
        now = clock.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)


class Post(models.Model):
    """A role in an office for a period, by an order. `substitutes` names the post it stands in for."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=Role.choices)
    order_number = models.CharField(max_length=40)
    order_date = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    substitutes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="substituted")

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="post_period"),
            models.UniqueConstraint(
                fields=["user", "office", "role"], condition=Q(until__isnull=True), name="post_open_once"
            ),
            models.CheckConstraint(
                condition=Q(substitutes__isnull=True) | Q(until__isnull=False), name="post_substitute_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.office}"

    def clean(self) -> None:
        """A substitute stands in for another person, in the very role and office of the post named."""
        stood_in = self.substitutes
        if stood_in is None:
            return
        if (stood_in.role, stood_in.office_id) != (self.role, self.office_id):
            raise ValidationError(_("A substitute has the role and the office of the post that is substituted."))
        if stood_in.user_id == self.user_id:
            raise ValidationError(_("Nobody substitutes oneself. Choose another person."))
        if self.until is None:
            raise ValidationError({"until": _("Give the last day of the substitution.")})
