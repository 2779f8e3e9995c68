"""The citizen's question pages of the grant, and the forms of the staff's steps (SPEC 2.9, 4.9)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.portal.dates import DEFAULT_ZONE
from bastau.portal.figures import NARROW, UNBREAKABLE
from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from grants.rules import applications as rules
from grants.states import Category, Criterion, Met
from referrals.forms import NOT_LISTED, NOT_TEXT, ConsentsForm, ContactsForm, Lines
from training.states import TaxRegime

#: A text of the project; long enough for what the commission reads.
LONGEST = 4000
MOST_MONEY = 10**12


class WholeField(forms.CharField):
    """A whole number as people write it: 1 200 000 or 1200000."""

    def __init__(self, *, least: int = 0, most: int = MOST_MONEY, **options: Any) -> None:
        self.least, self.most = least, most
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(max_length=40, widget=options.pop("widget", widget), **options)

    def to_python(self, value: Any) -> Any:
        text = re.sub(rf"[\s{NARROW}{UNBREAKABLE}]", "", super().to_python(value) or "")
        if not text:
            return None
        if not text.isdecimal() or not text.isascii():
            raise forms.ValidationError(_("Write a whole number in digits, for example: 250 000."), code="invalid")
        return int(text)

    def run_validators(self, value: Any) -> None:
        """Bounds of the number; the text's own validators do not apply to it."""

    def validate(self, value: Any) -> None:
        if value is None:
            super().validate("")
            return
        if not self.least <= value <= self.most:
            raise forms.ValidationError(
                _("Write a number from %(least)s to %(most)s.") % {"least": self.least, "most": self.most},
                code="bounds",
            )

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", " ") if isinstance(value, int) else value


def text(label: Any, hint: Any = "", *, rows: int = 5, most: int = LONGEST, required: Any = None) -> forms.CharField:
    """A text of the project in a field of several lines."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": str(rows)}),
        error_messages={
            "required": required or _("Write at least a sentence here."),
            "max_length": _("This is too long: at most %(limit_value)d characters. Now: %(show_value)d."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )


def line(label: Any, hint: Any = "", *, most: int = 200) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        error_messages={
            "required": _("Write an answer here."),
            "max_length": _("This is too long: at most %(limit_value)d characters. Now: %(show_value)d."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )


# ----------------------------------------------------------------------------------------------- start and criteria


class StartForm(ConsentsForm):
    """Consents, and the number of a certificate of skills.enbek.kz where there is no own certificate (FKA04-1.1)."""

    skills_number = forms.CharField(
        label=_("Number of the certificate of skills.enbek.kz"),
        help_text=_("Only if you took the online course there. The specialist compares it with skills.enbek.kz."),
        required=False,
        max_length=40,
        error_messages={
            "max_length": _("This is too long for the number of a certificate."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )
    skills_issued_on = DayField(label=_("Day of issue of that certificate"), required=False)

    field_order = ("skills_number", "skills_issued_on", "consent_data", "consent_secrets")

    def clean_skills_number(self) -> str:
        number = str(self.cleaned_data["skills_number"]).strip()
        if number and not re.fullmatch(r"[\w\-/№ .]{4,40}", number):
            raise forms.ValidationError(_("Write the number as it stands on the certificate."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number, day = cleaned.get("skills_number"), cleaned.get("skills_issued_on")
        if number and not day and "skills_issued_on" not in self.errors:
            self.add_error("skills_issued_on", gettext("Write the day that stands on the certificate."))
        if day and day > clock.today(DEFAULT_ZONE):
            self.add_error("skills_issued_on", gettext("This day has not come yet. Look at the certificate."))
        return cleaned


class CriteriaForm(forms.Form):
    """What no register says: the category, and since when the person is an entrepreneur (A-30)."""

    category = forms.ChoiceField(
        label=_("In which category do you apply?"),
        help_text=_("The grant is given to these categories. The specialist may ask you for a document."),
        widget=Lines,
        error_messages={"required": _("Choose the line that fits you best."), "invalid_choice": NOT_LISTED},
    )
    entrepreneur_since = DayField(
        label=_("Are you an individual entrepreneur already? Since when?"),
        help_text=_("Leave it empty if you are not. Registration is needed only before the contract."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, capfirst(label)) for value, label in Category.choices]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    def clean_entrepreneur_since(self) -> Any:
        day = self.cleaned_data["entrepreneur_since"]
        if day and day > clock.today(DEFAULT_ZONE):
            raise forms.ValidationError(_("This day has not come yet."))
        return day


# ------------------------------------------------------------------------------------------------------ the project


class IdeaForm(forms.Form):
    """What it is, in short (SPEC 2.9)."""

    title = line(_("Project name"), most=rules.TITLE_MOST)
    summary = text(_("Summary"), _("From 300 to 2000 characters: what you make, for whom, what the money is for."))
    sector = line(_("Activity (OKED code)"), _("Five digits, for example 10710 for a bakery."), most=10)
    place = line(_("Place (KATO code)"), _("Nine digits; yours of the register is filled in."), most=20)

    def clean_summary(self) -> str:
        said = str(self.cleaned_data["summary"]).strip()
        if not rules.SUMMARY_LEAST <= len(said) <= rules.SUMMARY_MOST:
            raise forms.ValidationError(
                _("Write from %(least)s to %(most)s characters. Now: %(now)s.")
                % {"least": rules.SUMMARY_LEAST, "most": rules.SUMMARY_MOST, "now": len(said)}
            )
        return said

    def clean_place(self) -> str:
        code = re.sub(r"\s", "", str(self.cleaned_data["place"]))
        if not re.fullmatch(r"\d{9}", code, re.ASCII):
            raise forms.ValidationError(_("The code has nine digits."))
        return code

    def clean_sector(self) -> str:
        code = re.sub(r"\D", "", str(self.cleaned_data["sector"]))
        if len(code) != 5:
            raise forms.ValidationError(_("The code of the activity has five digits, for example 10710."))
        return code


class ProductForm(forms.Form):
    """Product and production."""

    product = text(_("Product"), _("What do you sell: the goods, the work or the service."))
    production = text(_("Production"), _("How is it made: rooms, equipment, materials."))


class MarketForm(forms.Form):
    """Customers, competitors, marketing."""

    market = text(_("Market and customers"), _("Who buys it, how many are they, what do they pay now."))
    competitors = text(_("Competitors"), _("Who sells the same near you, and why people will come to you."))
    marketing = text(_("Marketing plan"), _("How customers learn of you, and your prices."))


class OperationsForm(forms.Form):
    """How the work runs, who does it."""

    operations = text(_("Operations"), _("How a working day goes, from the order to the delivery."))
    team = text(_("Experience and skills"), _("What you and your people have done before."))
    jobs = WholeField(
        label=_("Jobs created"),
        help_text=_("With yourself; at least one."),
        least=1,
        most=10_000,
        error_messages={"required": _("Write how many people will work.")},
    )


class RisksForm(forms.Form):
    """What may go wrong and what is done about it."""

    risks = text(_("Risks"), _("What may go wrong, and what you do then."))


class StageForm(forms.Form):
    """A line of the schedule, with its months counted from the payment."""

    what = line(_("What is done"))
    first = WholeField(label=_("From month"), least=1, most=rules.MONTHS)
    last = WholeField(label=_("To month"), least=1, most=rules.MONTHS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", gettext("The last month cannot be before the first."))
        return cleaned


class LineForm(forms.Form):
    """A line of the estimate (SPEC 2.9)."""

    name = line(_("What is bought"))
    quantity = WholeField(label=_("How many"), least=1, most=1_000_000)
    price = WholeField(label=_("Price of one, tenge"), least=1)
    grant_part = WholeField(
        label=_("Paid from the grant, tenge"),
        help_text=_("Of the sum of this line. The rest is your own money. Write 0 if you pay all of it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts = [cleaned.get(name) for name in ("quantity", "price", "grant_part")]
        if None not in parts and parts[2] > parts[0] * parts[1]:  # type: ignore[operator]
            self.add_error("grant_part", gettext("The grant cannot pay more than the whole sum of the line."))
        return cleaned


class ForecastForm(forms.Form):
    """Income and costs of twelve months, and the planned tax regime (SPEC 2.9)."""

    tax_regime = forms.ChoiceField(
        label=_("Tax regime"),
        widget=Lines,
        choices=TaxRegime.choices,
        error_messages={"required": NOT_LISTED, "invalid_choice": NOT_LISTED},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tax_regime"].choices = [  # type: ignore[attr-defined]
            (value, capfirst(label)) for value, label in TaxRegime.choices
        ]
        for month in range(1, rules.MONTHS + 1):
            for name, label in (("income", _("Income, month %(n)s")), ("costs", _("Costs, month %(n)s"))):
                self.fields[f"{name}_{month}"] = WholeField(
                    label=label % {"n": month}, error_messages={"required": _("Write a sum; 0 if there is none.")}
                )

    def months(self) -> list[dict[str, Any]]:
        """The rows of the table: the month, and its two fields."""
        return [
            {"number": month, "income": self[f"income_{month}"], "costs": self[f"costs_{month}"]}
            for month in range(1, rules.MONTHS + 1)
        ]

    def answers(self) -> dict[str, Any]:
        """The answers by the keys of the project."""
        months = range(1, rules.MONTHS + 1)
        return {
            "tax_regime": self.cleaned_data["tax_regime"],
            "income": [self.cleaned_data[f"income_{month}"] for month in months],
            "costs": [self.cleaned_data[f"costs_{month}"] for month in months],
        }


TEXT_PAGES: dict[str, type[forms.Form]] = {
    "idea": IdeaForm,
    "product": ProductForm,
    "market": MarketForm,
    "operations": OperationsForm,
    "risks": RisksForm,
}


class GrantContactsForm(ContactsForm):
    """How the applicant is told of the meeting and of the decision; the language of the papers."""

    field_order = ("phone", "email", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["access_needs"]
        hint = _("Papers are always made in Kazakh. A Russian version is added if you wish.")
        self.fields["language"].help_text = hint


# ---------------------------------------------------------------------------------------------------------- the staff


class CriterionForm(CaseForm):
    """A criterion nobody answered: yes or no, and what was looked at."""

    criterion = forms.ChoiceField(label=pgettext_lazy("grant", "Criterion"), error_messages={"required": NOT_LISTED})
    result = forms.ChoiceField(
        label=_("Is it met?"),
        widget=Lines,
        choices=[(Met.YES.value, Met.YES.label), (Met.NO.value, Met.NO.label)],
        error_messages={"required": NOT_LISTED},
    )
    reason = text(_("What you looked at and what you found"), rows=3, most=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ = [row for row in self.case.checks.all() if row.manual or row.result == Met.UNKNOWN]
        choices = [(row.criterion, Criterion(row.criterion).label) for row in open_]
        self.fields["criterion"].choices = choices  # type: ignore[attr-defined]


class RejectionForm(CaseForm):
    """Why the application is rejected; the applicant reads it."""

    reason = text(_("Which criterion is not met and why"), _("The applicant reads these words in the notice."), rows=4)


class CommentForm(CaseForm):
    """What the head of unit wants checked."""

    comment = text(_("What is still to be checked"), rows=3, most=2000)
