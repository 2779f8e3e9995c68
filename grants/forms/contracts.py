"""What is typed about contracts, payments and the budget; a mistake has a sentence that says what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from grants.rules import accounts
from referrals.forms import NOT_TEXT

MOST_TENGE = 10**12


def _line(label: Any, hint: Any = "", *, missing: Any, longest: int = 200, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        error_messages={
            "required": missing,
            "max_length": _("This is too long. Write it in fewer words."),
            "null_characters_not_allowed": NOT_TEXT,
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


def _text(label: Any, hint: Any = "", *, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4", "autocomplete": "off"}),
        error_messages={
            "required": missing,
            "max_length": _("This is too long. Write it in fewer words."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )


def _tenge(label: Any, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=MOST_TENGE,
        error_messages={
            "required": _("Enter the sum in whole tenge."),
            "invalid": _("Enter the sum in whole tenge, with digits only."),
            "min_value": _("A sum cannot be less than nothing."),
            "max_value": _("This sum is too large. Check the digits."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class AccountForm(forms.Form):
    """The account a grant goes to (FKA04-3.2)."""

    iban = _line(
        _("Number of your account (IBAN)"),
        _("20 characters, they begin with KZ. You find it in the application of your bank."),
        missing=_("Enter the number of your account."),
        longest=60,
        autocapitalize="characters",
        spellcheck="false",
    )

    def clean_iban(self) -> str:
        """The tidied number of a right account."""
        iban = accounts.tidy(self.cleaned_data["iban"])
        wrong = accounts.fault(iban)
        if wrong is not None:
            raise forms.ValidationError(str(wrong), code="iban")
        return iban


class ScanForm(forms.Form):
    """A scan of the notice of registration (FKA04-3.1)."""

    file = forms.FileField(
        label=_("Scan or photograph of the notice of registration"),
        help_text=_("PDF, JPEG or PNG."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose another.")},
    )


class RegistrationForm(CaseForm):
    """What a specialist reads in the scan."""

    number = _line(_("Number of the notice"), missing=_("Enter the number of the notice of registration."), longest=40)
    since = DayField(label=_("Registered since"))


class LapseForm(CaseForm):
    """The head's decision that an offer lapses."""

    reason = _text(
        _("Reasons of your decision"),
        _("The applicant reads them."),
        missing=_("Write the reasons of the decision; the applicant reads them."),
    )


class TerminationForm(CaseForm):
    """The head's decision that a contract ends before its time."""

    reason = _text(
        _("Reasons of your decision"),
        _("Misuse, or agreement of the parties. The grantee reads them."),
        missing=_("Write the reasons of the decision; the grantee reads them."),
    )


class OrderForm(CaseForm):
    """The one thing of a payment order that no paper says."""

    purpose_code = _line(
        _("Code of the purpose (KNP)"),
        _("Three digits, from the payer's accountant."),
        missing=_("Enter the code of the purpose of the payment (KNP): three digits."),
        longest=3,
        inputmode="numeric",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = getattr(self.case, "contract", self.case).application
        held = application.reservations.filter(released_at=None).select_related("budget").first()
        if held is not None:
            self.fields["purpose_code"].initial = held.budget.purpose_code


class TotalForm(forms.Form):
    """The sum of a year, by the director."""

    total = _tenge(_("Sum of the year, tenge"))
    basis = _line(
        _("Order or decision it stands on"),
        _("Number and date."),
        missing=_("Name the order or the decision that this sum stands on."),
    )


class PayerForm(forms.Form):
    """The payer's side of a payment order, by the accountant (SPEC 2.12)."""

    iban = forms.CharField(
        label=_("Account the centre pays from (IBAN)"),
        max_length=60,
        error_messages={"required": _("Enter the number of the account.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bank_kk = _line(_("Name of the bank in Kazakh"), missing=_("Enter the name of the bank."))
    bank_ru = _line(_("Name of the bank in Russian"), missing=_("Enter the name of the bank."))
    bic = forms.RegexField(
        r"\A[A-Z]{4}KZ[A-Z0-9]{2}\Z",
        label=_("BIC of the bank"),
        error_messages={
            "required": _("Enter the BIC of the bank."),
            "invalid": _("A BIC has eight characters, the fifth and sixth are KZ."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    payer_code = forms.RegexField(
        r"\A\d{2}\Z", label=_("Code of the payer (KOd)"),
        error_messages={"required": _("Enter two digits."), "invalid": _("Enter two digits.")},
    )  # fmt: skip
    payee_code = forms.RegexField(
        r"\A\d{2}\Z", label=_("Code of the payee (Kbe)"),
        error_messages={"required": _("Enter two digits."), "invalid": _("Enter two digits.")},
    )  # fmt: skip
    purpose_code = forms.RegexField(
        r"\A\d{3}\Z", label=_("Usual code of the purpose (KNP)"),
        error_messages={"required": _("Enter three digits."), "invalid": _("Enter three digits.")},
    )  # fmt: skip

    def clean_iban(self) -> str:
        """The tidied number of a right account."""
        iban = accounts.tidy(self.cleaned_data["iban"])
        wrong = accounts.fault(iban)
        if wrong is not None:
            raise forms.ValidationError(str(wrong), code="iban")
        return iban
