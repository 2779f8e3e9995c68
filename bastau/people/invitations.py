"""Inviting staff: an account without a password, a post by an order, and a link by which a password is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from bastau.people.citizens import Identity, person_of
from bastau.people.models import Office, Post, User, UserKind
from bastau.people.roles import Role


@dataclass(frozen=True)
class Order:
    """The order by which somebody gets a role in an office for a period."""

    office: Office
    role: Role
    number: str
    on: date
    since: datetime
    until: datetime | None = None
    substitutes: Post | None = None


@transaction.atomic
def invite(identity: Identity, email: str, order: Order, language: str) -> User:
    """Make the account and the post; the password is set by :func:`password_link`. Raises ValidationError.

    A member of staff who has an account already gets the further post and keeps the account.
    """
    email = email.strip().lower()
    person = person_of(identity, language)
    user = User.objects.filter(person=person, kind=UserKind.STAFF).first()
    if user is None:
        user = User(login=email, email=email, kind=UserKind.STAFF, person=person, language=language)
        user.set_unusable_password()
        user.full_clean()
        user.save()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    elif user.email != email:
        raise ValidationError(_("This person already has a staff account with another e-mail."), code="email")
    post = Post(
        user=user,
        office=order.office,
        role=order.role,
        order_number=order.number,
        order_date=order.on,
        since=order.since,
        until=order.until,
        substitutes=order.substitutes,
    )
    post.full_clean()
    post.save()
    return user


@transaction.atomic
def begin_anew(user: User) -> None:
    """Take password and second factor away from one who lost them; sessions end with the password."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()


def password_link(user: User) -> str:
    """The address at which `user` sets a password: once, within PASSWORD_RESET_TIMEOUT."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return settings.SITE_URL + path


def send_link(user: User) -> None:
    """Send the link by e-mail, in the language of the account."""
    with override(user.language):
        text = render_to_string("people/invitation.txt", {"name": user.person.full_name, "link": password_link(user)})
        send_mail(_("Your account at Bastau"), text, None, [user.email])
