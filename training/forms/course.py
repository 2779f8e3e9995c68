"""Forms of the course for the staff."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bastau.workplace.casework import CaseForm


class VoidForm(CaseForm):
    """The technical fault that voids an attempt."""

    reason = forms.CharField(
        label=_("What the technical fault was"),
        help_text=_("For example: the connection broke, confirmed by the provider."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
