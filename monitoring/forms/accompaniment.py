"""What the chamber enters about an accompanied business; a mistake has a sentence that says what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.people.models import Office, Post, User
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from monitoring.forms.reports import SumField
from monitoring.rules.accompaniment import quarters_back
from monitoring.rules.reports import quarter_name
from monitoring.states import CancelReason, FamilyCategory, FinancingSource, StopReason, VisitMode
from training.models import Certificate
from training.states import CertificateKind

NOT_TEXT = _("There is a sign in it that is no text. Delete it and type the words again.")
NOT_LISTED = _("Choose one of the lines.")


def text_field(label: Any, hint: Any = "", *, missing: Any = "", longest: int = 2000, rows: int = 4) -> forms.CharField:
    """A field of several lines; without `missing` it may stay empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": str(rows), "autocomplete": "off"}),
        error_messages={
            "required": missing,
            "max_length": _("This is too long. Write it in fewer words."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )


def line_field(label: Any, hint: Any = "", *, missing: Any = "", longest: int = 300) -> forms.CharField:
    """A field of one line; without `missing` it may stay empty."""
    field = text_field(label, hint, missing=missing, longest=longest)
    field.widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": str(longest)})
    return field


def choice_field(label: Any, choices: Any, *, missing: Any, hint: Any = "", **more: Any) -> forms.ChoiceField:
    """One of several lines."""
    errors = {"required": missing, "invalid_choice": NOT_LISTED}
    return forms.ChoiceField(label=label, choices=choices, help_text=hint, error_messages=errors, **more)


def file_field(label: Any, hint: Any, *, missing: Any) -> forms.FileField:
    """A PDF or a picture."""
    return forms.FileField(
        label=label,
        help_text=hint,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"required": missing, "empty": _("The file is empty. Choose another.")},
    )


FILES = _("PDF, JPEG or PNG.")


class PersonField(forms.ModelChoiceField):
    """Somebody of the staff who holds one of `roles` in the office now."""

    def __init__(self, *roles: str, label: Any, missing: Any, **more: Any) -> None:
        errors = {"required": missing, "invalid_choice": NOT_LISTED}
        super().__init__(User.objects.none(), label=label, error_messages=errors, empty_label="–", **more)
        self.roles = roles

    def of(self, office: Office | None) -> None:
        """Offer the holders of the posts of this office."""
        held = Post.objects.in_force().filter(office=office, role__in=self.roles).values("user")
        found = User.objects.filter(pk__in=held, is_active=True).select_related("person")
        self.queryset = found.order_by("person__sort_key", "pk")

    def label_from_instance(self, obj: Any) -> str:
        return obj.person.full_name


class _OfficeForm(CaseForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.of(self.case.office)


class ConsultantForm(_OfficeForm):
    """Who accompanies the business."""

    consultant = PersonField(
        Role.PROJECT_CONSULTANT, label=_("Project consultant"), missing=_("Choose who accompanies the business.")
    )


class TrainerForm(_OfficeForm):
    """Which business trainer accompanies."""

    trainer = PersonField(Role.TRAINER, label=_("Business trainer"), missing=_("Choose the business trainer."))


CATEGORIES = [("", "–"), *FamilyCategory.choices]


class LaunchForm(CaseForm):
    """The launch of the business with its evidence."""

    launched_on = DayField(
        label=_("Launch date of the business"), help_text=_("The term of accompaniment runs from this day.")
    )
    category = choice_field(
        _("Category of the family on that day"), CATEGORIES, missing=_("Choose the category of the family."),
        hint=_("Low-income and large families are accompanied for 18 months, others for 12."),
    )  # fmt: skip
    evidence = file_field(
        _("What shows the launch"), _("A photograph of the business, a first receipt or an act. PDF, JPEG or PNG."),
        missing=_("Attach what shows that the business was launched."),
    )  # fmt: skip


class ExtendForm(CaseForm):
    """The category was gained after the launch."""

    category = choice_field(
        _("Which category does the document confirm?"),
        [choice for choice in CATEGORIES if choice[0] != FamilyCategory.NONE],
        missing=_("Choose the category that the document confirms."),
    )
    document = file_field(_("Document on the category"), FILES, missing=_("Attach the document on the category."))


class VisitForm(CaseForm):
    """A visit; with a cost it waits for the participant's agreement."""

    planned_on = DayField(label=_("Day of the visit"))
    mode = choice_field(
        pgettext_lazy("visit", "Where?"), VisitMode.choices, missing=_("Choose where the visit is."),
        widget=forms.RadioSelect,
    )  # fmt: skip
    purpose = line_field(_("Purpose of the visit"), missing=_("Write what the visit is for."), longest=500)
    cost = SumField(
        label=_("Cost for the participant, tenge"),
        help_text=_("0 if there is none. With a cost the visit takes place only if the participant agrees beforehand."),
        max_value=10_000_000,
        initial=0,
    )
    cost_reason = line_field(_("What is paid for?"), _("For example: petrol. Only where there is a cost."))

    def clean(self) -> dict[str, Any]:
        """A cost says what it is for."""
        cleaned = super().clean() or {}
        if cleaned.get("cost") and not cleaned.get("cost_reason"):
            self.add_error("cost_reason", _("Write what the participant would pay for, so that it can be agreed."))
        return cleaned


class CardForm(CaseForm):
    """The monitoring card of a quarter."""

    quarter_end = choice_field(_("Quarter"), (), missing=_("Choose the quarter of the card from the list."))
    working = choice_field(
        _("Is the business working?"),
        [("yes", pgettext_lazy("business is working", "yes")), ("no", pgettext_lazy("business is working", "no"))],
        missing=_("Choose whether the business is working."),
        widget=forms.RadioSelect,
    )
    jobs = forms.IntegerField(
        label=_("Jobs created, persons"),
        min_value=0,
        max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write the number of jobs; 0 if there are none."),
            "invalid": _("Write the number in digits."),
            "min_value": _("Write the number of jobs; 0 if there are none."),
            "max_value": _("This number is too large. Check the digits."),
        },
    )
    income = SumField(label=_("Income of the business in the quarter, tenge"), help_text=_("0 if there was none."))
    problems = text_field(
        _("What hinders the business?"), _("What is to be resolved is entered as a problem issue of its own."), rows=3
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today(self.case.office.zone)
        field: Any = self.fields["quarter_end"]
        field.choices = [(day.isoformat(), quarter_name(day)[dates.language()]) for day in quarters_back(today, 4)]

    def clean_quarter_end(self) -> Any:
        """The last day of the quarter."""
        return date.fromisoformat(self.cleaned_data["quarter_end"])

    def clean_working(self) -> bool:
        """Yes or no."""
        return self.cleaned_data["working"] == "yes"


class ReportForm(CaseForm):
    """The final report."""

    text = text_field(
        _("What became of the business during the accompaniment?"),
        _("Jobs, income, taxes, what was resolved and what was not. It may be written anew until the end date."),
        missing=_("Write what became of the business during the accompaniment."),
        longest=4000,
        rows=8,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = self.case.final_report


class StopForm(CaseForm):
    """Ended before its time."""

    reason = choice_field(
        _("Why does the accompaniment end before its time?"), [("", "–"), *StopReason.choices],
        missing=_("Choose the reason."),
    )  # fmt: skip
    text = text_field(_("How is it known, and since when?"), missing=_("Write how it is known and since when."), rows=3)


class HoldForm(CaseForm):
    """What came of a visit."""

    held_on = DayField(label=_("Day on which the visit took place"))
    result = text_field(_("What came of the visit?"), missing=_("Write what came of the visit."))


class CancelForm(CaseForm):
    """Why a visit does not take place."""

    reason = choice_field(
        _("Why does the visit not take place?"),
        [("", "–"), *(c for c in CancelReason.choices if c[0] in {CancelReason.OTHER_DAY, CancelReason.NOT_NEEDED})],
        missing=_("Choose why the visit does not take place."),
    )


class FinancingForm(forms.Form):
    """Financing other than the grant, of a participant who completed the training."""

    certificate = line_field(
        _("Number of the certificate of completed training"), missing=_("Write the number of the certificate."),
        longest=40,
    )  # fmt: skip
    source = choice_field(
        _("Source of the financing"),
        [("", "–"), *(choice for choice in FinancingSource.choices if choice[0] != FinancingSource.GRANT)],
        missing=_("Choose the source of the financing."),
    )
    financed_on = DayField(label=_("Day on which the financing was received"))
    project_name = line_field(_("Name of the business project"), missing=_("Write the name of the project."))
    evidence = file_field(
        _("What shows the financing"), _("A loan contract or a bank's statement. PDF, JPEG or PNG."),
        missing=_("Attach what shows that the financing was received."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_certificate(self) -> Certificate:
        """A certificate of completed training that this chamber reads."""
        number = self.cleaned_data["certificate"].strip().upper()
        seen = Certificate.objects.visible_to(self.by.user).in_force().select_related("person")
        found = seen.filter(number=number, certificate_kind=CertificateKind.COMPLETION).first()
        if found is None:
            raise forms.ValidationError(
                gettext("No certificate of completed training with this number is known in your chamber.")
            )
        return found
