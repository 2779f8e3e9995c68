"""The pages of the grantee's report, and the forms of its check: a mistake has a sentence that says what to do."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bastau.people.models import Language
from bastau.portal import figures
from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from monitoring.models import QuarterlyReport, ReportLine
from monitoring.states import LineDecision, ProofKind

MOST = 999_999_999_999
OUTSIDE = "outside"
LANGUAGES = {
    Language.KK.value: pgettext_lazy("language of the result", "Kazakh"),
    Language.RU.value: pgettext_lazy("language of the report", "Russian"),
}


class SumField(forms.IntegerField):
    """A sum in whole tenge, typed with or without spaces and the sign of the tenge."""

    default_error_messages = {
        "required": _("Write the sum in tenge."),
        "invalid": _("Write the sum in whole tenge, in digits, for example: 125 000."),
        "min_value": _("A sum is not below %(limit_value)s tenge."),
        "max_value": _("This sum is too large. Check the digits."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", MOST)
        kwargs["widget"] = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f₸]|тг\.?|тенге|теңге", "", value)
            # Tiyn are cut off: a report counts whole tenge.
            value = re.sub(r"[.,]0{1,2}$", "", value)
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return figures.number(value) if isinstance(value, int) else value


def _text(label: Any, *, required: Any = "", most: int = 4000, rows: int = 4, hint: Any = "") -> forms.CharField:
    errors: dict[str, Any] = {
        "required": required,
        "max_length": _("This is too long: at most %(limit_value)d signs."),
        "null_characters_not_allowed": _("There is a sign in it that is no text. Delete it and type the words again."),
    }
    return forms.CharField(
        label=label, required=bool(required), max_length=most, help_text=hint, error_messages=errors,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class SpentForm(forms.Form):
    """How much of the grant was spent in the quarter; 0 needs its reason (2.13)."""

    spent = SumField(
        label=_("How much of the grant did you spend in this quarter?"),
        help_text=_("In tenge, by the documents you have. If nothing was spent, write 0."),
    )
    no_spend_reason = _text(
        _("If nothing was spent: why?"),
        most=2000,
        rows=3,
        hint=_("For example: the equipment is ordered and will be paid for in the next quarter."),
    )

    def clean(self) -> dict[str, Any]:
        """A zero report has its reason; a report with a sum keeps none."""
        cleaned = super().clean() or {}
        if cleaned.get("spent") == 0 and not cleaned.get("no_spend_reason", "").strip():
            self.add_error("no_spend_reason", _("Nothing was spent, so write why. The report is due all the same."))
        if cleaned.get("spent"):
            cleaned["no_spend_reason"] = ""
        return cleaned


class LineForm(forms.Form):
    """One document: what was bought, by which paper, from whom, for how much, and the file (2.13)."""

    item = forms.ChoiceField(
        label=_("For which item of your estimate?"),
        error_messages={
            "required": _("Choose the item of the estimate."),
            "invalid_choice": _("Choose one of the lines."),
        },
    )
    outside = forms.CharField(
        label=_("If it is not in the estimate: what was it?"),
        required=False,
        max_length=200,
        help_text=_("The centre asks you about it: the grant is for what the estimate names."),
    )
    proof_kind = forms.ChoiceField(
        label=_("Which document?"),
        choices=[("", "–"), *ProofKind.choices],
        error_messages={
            "required": _("Choose the kind of the document."),
            "invalid_choice": _("Choose one of the lines."),
        },
    )
    proof_number = forms.CharField(
        label=pgettext_lazy("supporting document", "Its number"),
        required=False,
        max_length=60,
        help_text=_("As it stands on the document. A photo has none."),
    )
    proof_date = DayField(label=pgettext_lazy("supporting document", "Its date"))
    supplier = forms.CharField(
        label=_("Whom did you pay?"),
        max_length=200,
        error_messages={"required": _("Write the name of the seller or the firm.")},
    )
    amount = SumField(
        label=_("How much did you pay by it?"),
        min_value=1,
    )
    file = forms.FileField(
        label=_("The document itself"),
        help_text=_("A photograph or a scan: PDF, JPEG or PNG. Several pages go into one PDF."),
        error_messages={
            "required": _("Choose the file of the document."),
            "empty": _("The file is empty. Choose another."),
        },
    )

    def __init__(self, *args: Any, report: QuarterlyReport, today: date, line: ReportLine | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.report, self.today = report, today
        self.items = {str(one.pk): one for one in report.payment.contract.application.lines.all()}
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((pk, one.name) for pk, one in self.items.items()),
            (OUTSIDE, gettext("Something that is not in the estimate")),
        ]
        if line is not None:
            self.fields["file"].required = False
            kept = gettext("%(name)s is kept. Choose a file only to put another in its place.")
            self.fields["file"].help_text = kept % {"name": escape(line.upload.name)}

    def clean_proof_date(self) -> date:
        """Not a day to come, and not before the money came."""
        day = self.cleaned_data["proof_date"]
        if day > self.today:
            raise forms.ValidationError(
                gettext("This day is still to come. Write the date that stands on the document.")
            )
        if day > self.report.quarter_end:
            raise forms.ValidationError(
                gettext("This document is from a later quarter. It belongs to the report for that quarter.")
            )
        if day < self.report.paid_on:
            raise forms.ValidationError(
                gettext("This document is older than the grant. Only what was paid from the grant belongs here.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        """What is outside the estimate is named; all but photos have a number."""
        cleaned = super().clean() or {}
        if cleaned.get("item") == OUTSIDE and not cleaned.get("outside", "").strip():
            self.add_error("outside", _("Write what the money went to."))
        kind = cleaned.get("proof_kind")
        if kind and kind not in {ProofKind.PHOTO, ProofKind.RECEIPT} and not cleaned.get("proof_number", "").strip():
            self.add_error("proof_number", _("Write the number that stands on the document."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """What the action takes, without the file."""
        data = self.cleaned_data
        outside = data["item"] == OUTSIDE
        return {
            "project_line": None if outside else self.items[data["item"]],
            "item": data["outside"].strip() if outside else "",
            "proof_kind": data["proof_kind"],
            "proof_number": data["proof_number"].strip(),
            "proof_date": data["proof_date"],
            "supplier": data["supplier"].strip(),
            "amount": data["amount"],
        }


class ProgressForm(forms.Form):
    """How the project goes on: words, jobs, income, taxes, problems (2.13)."""

    progress = _text(
        _("How does your project go on?"),
        required=_("Write in a few words how the project goes on."),
        hint=_("What was bought and done in the quarter, what comes next."),
    )
    jobs = forms.IntegerField(
        label=_("How many jobs are there now, yours included?"),
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write a number; 0 if there are none."),
            "invalid": _("Write a number; 0 if there are none."),
            "min_value": _("Write a number; 0 if there are none."),
            "max_value": _("This number is too large. Check the digits."),
        },
    )
    income = SumField(label=_("Income of the business in the quarter"), help_text=_("In tenge; 0 if there was none."))
    taxes = SumField(label=_("Taxes paid in the quarter"), help_text=_("In tenge; 0 if there were none."))
    problems = _text(
        _("What hinders the project?"), hint=_("Your consultant sees it and helps. Leave it empty if all goes well.")
    )
    language = forms.ChoiceField(
        label=_("In which language is the report to be printed?"), choices=LANGUAGES.items(), widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the lines."), "invalid_choice": _("Choose one of the lines.")},
    )  # fmt: skip


class FaultsForm(forms.Form):
    """What was mended, in answer to the reasons of the return."""

    text = _text(_("What did you mend?"), required=_("Write what you mended, or why nothing is to be mended."))


class ExplanationForm(forms.Form):
    """The grantee's explanation of what was found as misuse."""

    text = _text(_("What did the money go to, and why?"), required=_("Write what the money went to and why."), rows=6)
    file = forms.FileField(
        label=_("A document that shows it"),
        required=False,
        help_text=_("PDF, JPEG or PNG."),
        error_messages={"empty": _("The file is empty. Choose another.")},
    )


# --------------------------------------------------------------------------------------------------- the staff's forms


class LineCheckForm(forms.Form):
    """What the specialist finds about one line. Left empty, the line stays as it is."""

    decision = forms.ChoiceField(
        label=_("Finding"), choices=LineDecision.choices, required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the lines.")},
    )  # fmt: skip
    note = _text(_("What is wrong"), most=2000, rows=2)

    def clean(self) -> dict[str, Any]:
        """What is not in order has its note."""
        cleaned = super().clean() or {}
        if (
            cleaned.get("decision") in {LineDecision.FAULTY, LineDecision.MISUSED}
            and not cleaned.get("note", "").strip()
        ):
            self.add_error("note", _("Write what is wrong with this document."))
        return cleaned


class ReturnForm(CaseForm):
    """Why the report goes back."""

    reasons = _text(
        _("What is to be mended"), required=_("Write what is to be mended, so that the grantee can do it."),
        hint=_("The grantee reads these words. What is wrong with single documents is added from their lines."),
    )  # fmt: skip


class MisuseForm(CaseForm):
    """The act on misuse."""

    text = _text(
        _("Act: what was found and how"), required=_("Write in the act what was found and how."),
        hint=_("The head of unit reads it and confirms it or not."),
    )  # fmt: skip


class CommentForm(CaseForm):
    """Why the act is not confirmed."""

    comment = _text(_("Why not"), required=_("Write why you do not confirm the act."), most=2000, rows=3)


class VisitForm(CaseForm):
    """A visit to the grantee."""

    visited_on = DayField(label=_("Day of the visit"))
    note = _text(_("What was found"), required=_("Write what you found."), most=2000, rows=3)
