"""Forms of the stipend: the citizen's account; the director's decision; the accountant's entries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from training.models import StipendLine
from training.rules import stipends as rules
from training.states import LineState


class AccountForm(forms.Form):
    """The account the stipend is paid to."""

    iban = forms.CharField(
        label=_("Account number (IBAN)"),
        help_text=_("It begins with KZ and has twenty signs; your bank's application shows it. The account is yours."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_iban(self) -> str:
        """Without spaces and hyphens, in capitals; the check number must fit."""
        typed = "".join(char for char in self.cleaned_data["iban"] if char not in " -\u00a0").upper()
        if not rules.valid_account(typed):
            raise forms.ValidationError(
                _("This number does not fit: KZ and eighteen more signs. Copy it from your bank's application.")
            )
        return typed


class ReasonForm(CaseForm):
    """Why the sheet is returned."""

    reason = forms.CharField(label=_("What is to be corrected"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class SendForm(CaseForm):
    """The payment order of the bank."""

    reference = forms.CharField(label=_("Number of the payment order"), max_length=40)


class ExecutedForm(CaseForm):
    """The bank's answer: the day, and the lines it returned."""

    executed_on = DayField(label=_("Day of execution"))
    returned = forms.ModelMultipleChoiceField(
        label=_("Returned by the bank"),
        help_text=_("Tick whose payment came back; all others are entered as paid."),
        queryset=StipendLine.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["returned"]
        sent = self.case.lines.filter(state=LineState.PAYABLE).select_related("person")
        field.queryset = sent.order_by("person__sort_key", "pk")  # type: ignore[attr-defined]
        field.label_from_instance = lambda line: line.person.full_name  # type: ignore[attr-defined]

    def clean_returned(self) -> list[int]:
        """The ids of the lines."""
        return [line.pk for line in self.cleaned_data["returned"]]


class DecisionForm(CaseForm):
    """The director's written decision on a held line (A-25)."""

    decision = forms.CharField(label=_("Decision and its reasons"), max_length=2000, widget=forms.Textarea({"rows": 4}))
