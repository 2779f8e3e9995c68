"""How allauth behaves in this house: staff only, no public sign-up, its sentences in our words."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bastau.people import sessions
from bastau.people.address import client_address


class StaffAccountAdapter(DefaultAccountAdapter):
    """Staff sign in with e-mail and password; accounts are made by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask the administrator of your office."),
        "email_password_mismatch": _("The e-mail or the password is wrong. Check both and try again."),
        "enter_current_password": _("This is not your present password. Try again."),
        "incorrect_code": _("The code is wrong. Look at the newest code in your application and type it again."),
        "invalid_login": _("The e-mail or the password is wrong. Check both and try again."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "rate_limited": _("Too many attempts. Wait a little, then try again."),
        "too_many_login_attempts": _("Too many attempts with a wrong password. Try again in five minutes."),
    }

    # Told on the page itself; the rest of allauth's messages say what everybody sees anyway.
    told = {
        "account/messages/password_changed.txt",
        "account/messages/password_set.txt",
        "mfa/messages/totp_activated.txt",
        "mfa/messages/recovery_codes_generated.txt",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: staff are invited."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The password is asked for once more unless the sign-in itself was a few minutes ago."""
        return not sessions.began_lately(self.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that allauth's own limits count."""
        return client_address(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: Any, **more: Any
    ) -> None:
        """As allauth's, for the few messages that tell something new."""
        if message_template in self.told:
            super().add_message(request, level, message_template, *rest, **more)


class StaffMfaAdapter(DefaultMFAAdapter):
    """The second factor's sentences in our words; its secrets are kept encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong. Look at the newest code in your application and type it again."),
    }

    def encrypt(self, text: str) -> str:
        """What the table of factors keeps in place of a secret: useless to who has the table without SECRET_KEY."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again, also one kept under an earlier SECRET_KEY of SECRET_KEY_FALLBACKS."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor:" + str(key).encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
