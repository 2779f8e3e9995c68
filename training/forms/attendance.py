"""Forms of the trainer's journal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bastau.portal.widgets import DayField
from training.models import Enrolment


class PeopleForm(forms.Form):
    """Who of the group: boxes by name."""

    people = forms.MultipleChoiceField(
        label=_("Who came"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("The list has changed. Open the page again.")},
    )

    def __init__(self, *args: Any, members: list[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.choices = [(str(one.pk), one.person.full_name) for one in members]

    def chosen(self) -> set[int]:
        """The ids of the ticked enrolments."""
        return {int(pk) for pk in self.cleaned_data["people"]}


class PitchForm(PeopleForm):
    """A training in public speaking and who took part."""

    held_on = DayField(label=_("Day"))
    field_order = ("held_on", "people")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].label = _("Who took part")


class ConsultationForm(forms.Form):
    """An individual consultation, or its refusal."""

    person = forms.ChoiceField(label=_("Participant"), error_messages={"required": _("Choose the participant.")})
    held_on = DayField(label=_("Day"))
    topic = forms.CharField(
        label=_("Topic"), max_length=300,
        error_messages={"required": _("Write what the consultation was about.")},
    )  # fmt: skip
    online = forms.BooleanField(label=_("Held online"), required=False)
    refused = forms.BooleanField(label=_("The participant refused the consultation"), required=False)

    def __init__(self, *args: Any, members: list[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = [("", "–"), *((str(one.pk), one.person.full_name) for one in members)]
