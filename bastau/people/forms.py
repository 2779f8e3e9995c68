"""allauth's forms for staff, with labels and hints in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_CODE_ATTRS = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input--code"}
_PASSWORD_HINT = _("At least 12 characters. Not a common word and not your name.")


def _reshape(field: forms.Field, label: Any, hint: Any = "", **attrs: str) -> None:
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class StaffSignInForm(LoginForm):
    """E-mail and password; there is no "remember me" on office machines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        _reshape(self.fields["login"], _("Work e-mail"), autocomplete="username")
        _reshape(self.fields["password"], _("Password"), autocomplete="current-password")


class StaffForgotForm(ResetPasswordForm):
    """Which address the link goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reshape(self.fields["email"], _("Work e-mail"), autocomplete="username")

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link. A stranger's address gets no mail from us; the page says the same."""
        if self.users:
            return super().save(request, **kwargs)
        email: str = self.cleaned_data["email"]
        return email


class StaffNewPasswordForm(ResetPasswordKeyForm):
    """A password chosen by a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password_fields(self)


class StaffChangePasswordForm(ChangePasswordForm):
    """A password changed by its owner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reshape(self.fields["oldpassword"], _("Present password"), autocomplete="current-password")
        _new_password_fields(self)


class StaffAgainForm(ReauthenticateForm):
    """The password once more, before something about the account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reshape(self.fields["password"], _("Password"), autocomplete="current-password")


class StaffCodeForm(AuthenticateForm):
    """The second factor at sign-in: a code of the application or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Six digits from the application, or one of your recovery codes.")
        _reshape(self.fields["code"], _("Code"), hint, autocomplete="one-time-code", autofocus="autofocus")


class StaffCodeAgainForm(MfaReauthenticateForm):
    """The second factor once more, before something about the account changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Six digits from the application, or one of your recovery codes.")
        _reshape(self.fields["code"], _("Code"), hint, autocomplete="one-time-code")


class StaffTotpForm(ActivateTOTPForm):
    """The first code of a new application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reshape(self.fields["code"], _("Code from the application"), _("Six digits."), **_CODE_ATTRS)


def _new_password_fields(form: forms.Form) -> None:
    _reshape(form.fields["password1"], _("New password"), _PASSWORD_HINT, autocomplete="new-password")
    _reshape(form.fields["password2"], _("New password once more"), autocomplete="new-password")
