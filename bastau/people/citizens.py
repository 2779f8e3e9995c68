"""A citizen's account: found or made when the person has proved who he or she is."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bastau.people import iin as numbers
from bastau.people.models import Person, User, UserKind
from bastau.people.names import tidy

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Identity:
    """Who a certificate, or a register, says a person is."""

    iin: str
    surname: str
    given_name: str
    patronymic: str = ""


@transaction.atomic
def account_of(person: Person, language: str | None = None) -> User:
    """The citizen's account of `person`, made at the first need. Two requests at once get the same one."""
    user, _made = User.objects.get_or_create(
        person=person,
        kind=UserKind.CITIZEN,
        defaults={
            "login": f"citizen:{person.pk}",
            "password": "!",
            "language": language if language in {"kk", "ru"} else person.language,
        },
    )
    return user


@transaction.atomic
def person_of(identity: Identity, language: str = "kk") -> Person:
    """The person with the identity's IIN, made from the identity at the first sign-in; names already known stay.

    Raises ValidationError with a sentence for the reader: a wrong IIN, or one that tells no date of birth.
    """
    numbers.validate_iin(identity.iin)
    known = Person.objects.filter(iin=identity.iin).first()
    if known is not None:
        return known
    born, sex = numbers.birth_date(identity.iin), numbers.sex(identity.iin)
    if born is None or sex is None:
        raise ValidationError(
            _("Your IIN does not tell the date of birth. Please apply at the employment centre in person."),
            code="iin_without_date",
        )
    person, _made = Person.objects.get_or_create(
        iin=identity.iin,
        defaults={
            "surname": tidy(identity.surname),
            "given_name": tidy(identity.given_name),
            "patronymic": tidy(identity.patronymic),
            "birth_date": born,
            "sex": sex,
            "language": language if language in {"kk", "ru"} else "kk",
        },
    )
    return person


def enter(request: HttpRequest, user: User) -> None:
    """Begin a session of a citizen who has proved to be `user`. Raises ValidationError for a closed account."""
    if not user.is_active:
        raise ValidationError(_("This account is closed. Call the contact centre: 1414."), code="closed")
    login(request, user, backend=BACKEND)
