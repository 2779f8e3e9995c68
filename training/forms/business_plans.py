"""Forms of the business plan: its pages, a line of the estimate; steps of the trainer and the coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.models import User
from bastau.workplace.casework import CaseForm
from training.models import PlanLine
from training.rules import business_plans as rules
from training.states import MoneySource, TaxRegime

TEXT_MOST = 4000
MONEY_MOST = 1_000_000_000


def _text(label: Any, hint: Any = "", *, most: int = TEXT_MOST, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=most, required=False, widget=forms.Textarea({"rows": rows})
    )


class PlanPage(forms.Form):
    """A page of the plan. Nothing is required here: a draft is kept as far as it is written."""

    def __init__(self, data: Any = None, *, content: Mapping[str, Any]) -> None:
        super().__init__(data, initial=self.opened(content))

    @classmethod
    def opened(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields show of the kept content."""
        return dict(content)

    def kept(self) -> dict[str, Any]:
        """What is kept of the page."""
        return dict(self.cleaned_data)


class IdeaForm(PlanPage):
    title = forms.CharField(label=_("Project name"), max_length=rules.TITLE_MOST, required=False)
    summary = _text(
        _("Summary"), _("What you will do, for whom, and why people will pay for it: 300 to 2000 signs."),
        most=rules.SUMMARY_MOST, rows=8,
    )  # fmt: skip
    sector = forms.CharField(
        label=_("Activity (OKED code)"),
        help_text=_("Five digits of the classifier, for example 10710 for bread."),
        max_length=5,
        required=False,
        validators=[RegexValidator(r"^\d{5}$", _("The code has five digits."))],
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    place = forms.CharField(
        label=_("Place (KATO code)"),
        help_text=_("Nine digits; yours of the register is filled in."),
        max_length=9,
        required=False,
        validators=[RegexValidator(r"^\d{9}$", _("The code has nine digits."))],
        widget=forms.TextInput({"inputmode": "numeric"}),
    )


class ProductForm(PlanPage):
    product = _text(pgettext_lazy("business plan", "Product"), _("What you make or do, and what makes it good."))
    production = _text(_("Production and technology"))


class MarketForm(PlanPage):
    market = _text(_("Market and customers"))
    competitors = _text(_("Competitors"), _("Who offers the same, and what you do better."))
    marketing = _text(_("Marketing plan"))


class WorkForm(PlanPage):
    operations = _text(_("Operations"))
    team = _text(_("Experience and skills"))
    jobs = forms.IntegerField(label=_("Jobs created"), min_value=1, max_value=1000, required=False)
    calendar = _text(_("Schedule"), _("One step a line with its months, for example: 1–2: repair of the room."))


class MoneyForm(PlanPage):
    own_sum = forms.IntegerField(
        label=_("Own money, tenge"), min_value=0, max_value=MONEY_MOST, required=False,
        help_text=_("Write 0 if there is none."),
    )  # fmt: skip
    tax_regime = forms.ChoiceField(label=_("Tax regime"), choices=[("", "–"), *TaxRegime.choices], required=False)

    def __init__(self, data: Any = None, *, content: Mapping[str, Any]) -> None:
        super().__init__(data, content=content)
        for key, label in (("income", _("Income, month %(n)s")), ("costs", _("Costs, month %(n)s"))):
            for month in range(1, rules.MONTHS + 1):
                self.fields[f"{key}_{month}"] = forms.IntegerField(
                    label=label % {"n": month}, min_value=0, max_value=MONEY_MOST, required=False
                )

    @classmethod
    def opened(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(content)
        for key in ("income", "costs"):
            found |= {f"{key}_{month}": value for month, value in enumerate(content.get(key) or [], 1)}
        return found

    def kept(self) -> dict[str, Any]:
        """The twelve months become two rows; where none is written, there is no forecast yet."""
        typed = self.cleaned_data
        kept: dict[str, Any] = {key: typed[key] for key in ("own_sum", "tax_regime")}
        for key in ("income", "costs"):
            months = [typed.get(f"{key}_{month}") for month in range(1, rules.MONTHS + 1)]
            kept[key] = [] if all(one is None for one in months) else [one or 0 for one in months]
        return kept


class RisksForm(PlanPage):
    risks = _text(_("Risks"), _("What may go wrong, and what you will do about it."))


PAGES: dict[str, type[PlanPage]] = {
    "idea": IdeaForm,
    "product": ProductForm,
    "market": MarketForm,
    "work": WorkForm,
    "money": MoneyForm,
    "risks": RisksForm,
}
TITLES: dict[str, Any] = {
    "idea": pgettext_lazy("business plan", "The idea"),
    "product": pgettext_lazy("business plan", "Product and production"),
    "market": pgettext_lazy("business plan", "Market"),
    "work": pgettext_lazy("business plan", "Work and people"),
    "money": pgettext_lazy("business plan", "Money: a year ahead"),
    "risks": pgettext_lazy("business plan", "Risks"),
    "estimate": pgettext_lazy("business plan", "Estimate of costs"),
}


class LineForm(forms.ModelForm):
    """A line of the estimate."""

    class Meta:
        model = PlanLine
        fields = ("name", "quantity", "price", "source")
        labels = {
            "name": pgettext_lazy("estimate", "What you buy"),
            "quantity": pgettext_lazy("estimate", "How many"),
            "price": pgettext_lazy("estimate", "Price of one, tenge"),
            "source": pgettext_lazy("estimate", "From which money"),
        }
        widgets = {"source": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = MoneySource.choices  # type: ignore[attr-defined]


class AppointForm(CaseForm):
    """Who assesses the plan: a trainer who did not help to write it."""

    assessor = forms.ModelChoiceField(label=_("Assessor"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from training.actions.business_plans import assessors

        super().__init__(*args, **kwargs)
        found = [user.pk for user in assessors(self.case)]
        field = self.fields["assessor"]
        field.queryset = User.objects.filter(pk__in=found).select_related("person").order_by("person__sort_key")  # type: ignore[attr-defined]
        field.label_from_instance = lambda user: user.person.full_name  # type: ignore[attr-defined]
        if not found:
            field.help_text = _("Every trainer of the chamber helped with this plan. Invite one from elsewhere.")


class SendBackForm(CaseForm):
    """Formal faults to be corrected."""

    reason = forms.CharField(
        label=_("What is to be corrected"),
        help_text=_("Formal faults only, for example a missing sum. The participant reads these words."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )


class AssessForm(CaseForm):
    """Points by criteria and the conclusion."""

    conclusion = forms.CharField(
        label=_("Conclusion"),
        help_text=_("The participant reads it: what is good, what to improve."),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
    )
    field_order = [*rules.CRITERIA, "conclusion"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in rules.CRITERIA:
            most = rules.most_points(name)
            self.fields[name] = forms.IntegerField(
                label=CRITERIA_LABELS[name], min_value=0, max_value=most,
                help_text=_("From 0 to %(most)s points") % {"most": most},
            )  # fmt: skip
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """The points of all criteria as one argument."""
        typed = super().clean() or {}
        points = {name: typed.pop(name) for name in rules.CRITERIA if name in typed}
        return {**typed, "points": points}


CRITERIA_LABELS: dict[str, Any] = {
    "market": _("Market viability"),
    "finance": _("Financial model"),
    "operations": _("Realism of operations"),
    "marketing": pgettext_lazy("criterion", "Marketing"),
    "preparedness": _("Preparedness of the entrepreneur"),
}
