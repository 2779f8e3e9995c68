"""Enquiries: what citizens write, what the staff register, answer and pass on."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from bastau.people.models import Office
from bastau.people.roles import Role
from bastau.workplace.casework import CaseForm
from monitoring.forms.accompaniment import PersonField, choice_field, line_field, text_field
from monitoring.rights.consultations import ANSWERING
from monitoring.states import BUSINESS_TOPICS, ConsultationKind, Redirection

TOPICS = [(topic.value, topic.label) for topic in BUSINESS_TOPICS]
QUESTION = text_field(
    _("Your question"),
    _("Write it in your own words, in Kazakh or in Russian. Do not write card numbers or passwords."),
    missing=_("Write the question."),
    longest=4000,
    rows=6,
)


class KeyField(forms.UUIDField):
    """A hidden key, made when the form is opened, by which the second of two clicks finds the first."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid4)

    def clean(self, value: Any) -> UUID:
        """The key as sent; one that is no key is made anew."""
        try:
            return super().clean(value) or uuid4()
        except forms.ValidationError:
            return uuid4()


class TrainingQuestionForm(forms.Form):
    """A question on training (118-p17)."""

    key = KeyField()
    office = forms.ModelChoiceField(
        Office.objects.none(),
        label=_("Whom do you ask?"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whom you ask: the chamber of entrepreneurs or the employment centre."),
            "invalid_choice": _("Choose one of the lines."),
        },
    )
    text = QUESTION

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.queryset = offices


class BusinessQuestionForm(forms.Form):
    """A question of a participant about the accompanied business (118-p33-3)."""

    key = KeyField()
    topic = choice_field(
        _("What is it about?"), TOPICS, missing=_("Choose what the question is about."), widget=forms.RadioSelect
    )
    text = QUESTION


class IndividualQuestionForm(forms.Form):
    """What a participant would like to talk about with the trainer (118-p23)."""

    key = KeyField()
    text = QUESTION


class AgainForm(forms.Form):
    """What is still unclear."""

    text = text_field(_("What is still unclear?"), missing=_("Write what is still unclear."), longest=4000)


class OralForm(forms.Form):
    """An enquiry made orally: at the counter, on the telephone, during a visit."""

    key = KeyField()
    asker_name = line_field(_("Who asked?"), missing=_("Write who asked."), longest=200)
    topic = choice_field(_("What is it about?"), TOPICS, missing=_("Choose what the question is about."))
    text = text_field(_("What was asked?"), missing=_("Write the question."), longest=4000)

    def __init__(self, *args: Any, of_business: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # About a business its participant asks; on training there is one topic.
        del self.fields["asker_name" if of_business else "topic"]


class ColleagueForm(CaseForm):
    """To whom the enquiry is given."""

    to = PersonField(*ANSWERING, label=_("Colleague"), missing=_("Choose a colleague."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.of(self.case.office)


class AnswerForm(CaseForm):
    """The answer."""

    text = text_field(
        _("Your answer"), _("The person reads it in the cabinet."), missing=_("Write the answer."), longest=4000, rows=6
    )


class RedirectForm(CaseForm):
    """To whom the enquiry is passed on."""

    passed_to = choice_field(
        _("To whom?"),
        [choice for choice in Redirection.choices if choice[0] != Redirection.TAX_OFFICE],
        missing=_("Choose to whom it goes."),
        widget=forms.RadioSelect,
    )
    to = PersonField(
        Role.TRAINER, label=_("Business trainer"), missing=_("Choose the business trainer to whom it goes."),
        required=False,
    )  # fmt: skip
    text = text_field(
        _("Why is it passed on?"), missing=_("Write why it is passed on; the person reads it too."), rows=3
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.of(self.case.office)


class ReferOutForm(CaseForm):
    """Where and how the tax office is asked."""

    text = text_field(
        _("Which tax office answers this, and how is it reached?"),
        missing=_("Write which tax office answers this, and how it is reached."),
    )


KINDS = {
    ConsultationKind.TRAINING_INFO: TrainingQuestionForm,
    ConsultationKind.ACCOMPANIMENT: BusinessQuestionForm,
    ConsultationKind.INDIVIDUAL_TRAINING: IndividualQuestionForm,
}
