"""The forms of a recovery's steps (A-40)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from monitoring.forms.reports import SumField, _text


class ReasonForm(CaseForm):
    """The reasons of a decision."""

    text = _text(
        _("Reasons of the decision"), required=_("Write the reasons of the decision; the grantee reads them."), rows=4
    )


class ReturnedForm(CaseForm):
    """The money that came back."""

    amount = SumField(label=_("Sum that came back"), min_value=1)
    returned_on = DayField(label=_("Day on which it came"))
    bank_reference = forms.CharField(
        label=_("Number of the bank's document"),
        max_length=60,
        error_messages={"required": _("Write the number of the bank's document.")},
    )


class CourtForm(CaseForm):
    """The claim handed over to court."""

    court_reference = forms.CharField(
        label=_("Number under which the claim was handed over"),
        max_length=60,
        error_messages={"required": _("Write under which number the claim was handed over.")},
    )
