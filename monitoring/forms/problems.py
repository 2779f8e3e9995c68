"""Problem issues: entered by the consultant, resolved by the trainer; the period of the printed register."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bastau.people.models import Language
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from monitoring.forms.accompaniment import PersonField, choice_field, text_field
from monitoring.forms.consultations import KeyField
from monitoring.models import ConsultationRequest, MonitoringCard, ReportLine
from monitoring.rules.reports import quarter_name
from monitoring.states import HigherLevel, ProblemCategory, ProblemSource

#: So many enquiries, cards and lines of reports are offered as what an issue was born of.
OFFERED = 10


class FindForm(CaseForm):
    """A problem issue of this business, and what it was born of."""

    key = KeyField()
    category = choice_field(
        _("Category of the issue"), [("", "–"), *ProblemCategory.choices], missing=_("Choose the category.")
    )
    essence = text_field(_("What hinders the business?"), missing=_("Write what hinders the business."))
    found_on = DayField(label=_("Day on which it was found"))
    origin = choice_field(
        _("What was it found by?"), (), missing=_("Choose what the issue was found by."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["origin"]
        field.choices = self._origins()

    def _origins(self) -> list[tuple[str, str]]:
        found = [("monitoring:", gettext("Monitoring"))]
        for card in self.case.cards.order_by("-quarter_end")[:OFFERED]:
            found.append(
                (
                    f"monitoring:{card.pk}",
                    f"{gettext('Monitoring card')}: {quarter_name(card.quarter_end)[dates.language()]}",
                )
            )
        for request in self.case.enquiries.order_by("-pk")[:OFFERED]:
            found.append((f"enquiry:{request.pk}", f"{gettext('Enquiry')}: {request.number}"))
        if self.case.payment_id is None:
            return found
        lines = ReportLine.objects.filter(report__payment=self.case.payment_id)
        for line in lines.select_related("report", "project_line").order_by("-pk")[:OFFERED]:
            name = line.project_line.name if line.project_line else ""
            found.append((f"report:{line.pk}", f"{gettext('Line of a report')}: {line.report.number} {name}"))
        return found

    def clean_origin(self) -> dict[str, Any]:
        """The source with the row it was born of, among those offered."""
        source, _colon, pk = self.cleaned_data["origin"].partition(":")
        models: dict[str, tuple[str, Any]] = {
            ProblemSource.MONITORING: ("card", MonitoringCard),
            ProblemSource.ENQUIRY: ("enquiry", ConsultationRequest),
            ProblemSource.REPORT: ("report_line", ReportLine),
        }
        name, model = models[source]
        return {"source": source, **({name: model.objects.get(pk=int(pk))} if pk else {})}

    def clean(self) -> dict[str, Any]:
        """The origin's parts beside the other fields, as the action takes them."""
        cleaned = super().clean() or {}
        origin = cleaned.pop("origin", {})
        return {**cleaned, **origin}


class TrainerForm(CaseForm):
    """Who is to resolve it."""

    trainer = PersonField(Role.TRAINER, label=_("Business trainer"), missing=_("Choose the business trainer."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["trainer"]
        field.of(self.case.office)
        field.initial = self.case.accompaniment.trainer_id


class MeasuresForm(CaseForm):
    """What was done."""

    measures = text_field(_("What was done?"), missing=_("Write what was done."), longest=4000)


class RejectForm(CaseForm):
    """Why the consultant does not confirm."""

    text = text_field(_("What still hinders the business?"), missing=_("Write what still hinders the business."))


class EscalateForm(CaseForm):
    """Why it goes higher, and where to."""

    level = choice_field(
        _("To which level?"), HigherLevel.choices, missing=_("Choose to which level it goes."), widget=forms.RadioSelect
    )
    text = text_field(_("Why can the trainer not resolve it?"), missing=_("Write why the trainer cannot resolve it."))


class GiveUpForm(CaseForm):
    """Why it stays unresolved."""

    reason = text_field(_("Why could it not be resolved?"), missing=_("Write why it could not be resolved."))


LANGUAGES = {
    Language.KK.value: pgettext_lazy("language of the register", "Kazakh"),
    Language.RU.value: pgettext_lazy("language of the register", "Kazakh and Russian"),
}


class PeriodForm(forms.Form):
    """The period of the printed register."""

    key = KeyField()
    since = DayField(label=_("First day of the period"))
    until = DayField(label=_("Last day of the period"))
    language = choice_field(
        _("In which language?"), list(LANGUAGES.items()), missing=_("Choose the language."), widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if isinstance(since, date) and isinstance(until, date) and since > until:
            self.add_error("until", _("The period ends before it begins. Check both days."))
        return cleaned
