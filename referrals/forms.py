"""The citizen's question pages: a form is one group of questions, a mistake has a sentence that says what to do."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bastau.people.models import Language
from bastau.portal import dates
from bastau.portal.widgets import PhoneInput
from referrals.models import ReferralApplication
from referrals.states import Document, StudyForm, TargetStatus

#: The official wording of annex 1 (118-a1); Russian and English are translations (SPEC 2.1).
CONSENTS: dict[str, dict[str, str]] = {
    "consent_data": {
        "kk": (
            "Жұмыспен қамтуға жәрдемдесудің көзделіп отырған белсенді шараларын алуға қажетті менің дербес деректерімді"
            " жинауға және өңдеуге келісімімді беремін."
        ),
        "ru": (
            "Даю согласие на сбор и обработку моих персональных данных, необходимых для получения предусмотренных"
            " активных мер содействия занятости."
        ),
        "en": (
            "I consent to the collection and processing of my personal data needed to receive the intended active"
            " employment measures."
        ),
    },
    "consent_secrets": {
        "kk": (
            "Ақпараттық жүйелерде қамтылған, заңмен қорғалатын құпияларды құрайтын мәліметтерді пайдалануға келісемін."
        ),
        "ru": (
            "Согласен(-на) на использование сведений, составляющих охраняемую законом тайну, содержащихся в"
            " информационных системах."
        ),
        "en": (
            "I agree to the use of information constituting legally protected secrets contained in information systems."
        ),
    },
}

#: Every document exists in Kazakh; a Russian version is made on the citizen's choice (A-43).
RESULT_LANGUAGES = {
    Language.KK.value: pgettext_lazy("language of the result", "Kazakh"),
    Language.RU.value: pgettext_lazy("language of the result", "Kazakh and Russian"),
}

NOT_TEXT = _("There is a sign in it that is no text. Delete it and type the words again.")
NOT_LISTED = _("Choose one of the lines.")


class Lines(forms.RadioSelect):
    """Radio buttons whose mistake in the error summary leads to the first of them."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class ConsentsForm(forms.Form):
    """Both consents of annex 1, each under its official wording. Without them the registers may not be asked."""

    consent_data = forms.BooleanField(
        label=_("I consent to the use of my personal data"),
        error_messages={"required": _("Without this consent the registers cannot be asked. Tick the box to go on.")},
    )
    consent_secrets = forms.BooleanField(
        label=_("I agree to the use of information protected by law"),
        error_messages={"required": _("Without this consent the registers cannot be asked. Tick the box to go on.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, wording in CONSENTS.items():
            self.fields[name].help_text = wording[dates.language()]


class StatusForm(forms.Form):
    """In which status the person applies (118-p03), and which form of training is wished."""

    target_status = forms.ChoiceField(
        label=_("Your status on the labour market"),
        help_text=_("The centre compares your answer with the labour market system."),
        widget=Lines,
        error_messages={"required": _("Choose the line that fits you best."), "invalid_choice": NOT_LISTED},
    )
    study_form = forms.ChoiceField(
        label=_("Wished form of training"),
        help_text=_(
            "This is your wish; the groups of your district decide. A stipend is paid for practical classes only."
        ),
        widget=Lines,
        error_messages={"required": _("Choose how you would like to study."), "invalid_choice": NOT_LISTED},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("target_status", TargetStatus.choices), ("study_form", StudyForm.choices)):
            self.fields[name].choices = [(value, capfirst(label)) for value, label in choices]  # type: ignore[attr-defined]


class ContactsForm(forms.Form):
    """How the centre reaches the person, the language of the result, and what helps at the classes."""

    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("For example: 8 701 234 56 78. We write to it when the answer is ready."),
        required=False,
        max_length=40,
        widget=PhoneInput,
        error_messages={
            "max_length": _("This is too long for a telephone number. Write one number."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=ReferralApplication._meta.get_field("email").max_length,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": _("This is not an e-mail address. It looks like this: name@example.kz."),
            "max_length": _("This e-mail address is too long. Write a shorter one."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )
    language = forms.ChoiceField(
        label=_("Language of the result"),
        help_text=_("The referral is always made in Kazakh. A Russian version is added if you wish."),
        choices=list(RESULT_LANGUAGES.items()),
        widget=Lines,
        error_messages={"required": NOT_LISTED, "invalid_choice": NOT_LISTED},
    )
    access_needs = forms.CharField(
        label=_("Do you need special conditions at the classes?"),
        help_text=_("For example: a ramp, a sign language interpreter, large print. Write only what helps you."),
        required=False,
        max_length=ReferralApplication._meta.get_field("access_needs").max_length,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={
            "max_length": _("This is too long. Write it in fewer words."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )

    def clean_phone(self) -> str:
        """E.164, as the widget reads it; what it could not read is given back to be mended."""
        phone: str = self.cleaned_data["phone"]
        if phone and not re.fullmatch(r"\+7\d{10}", phone):
            raise forms.ValidationError(
                _("This is not a telephone number of Kazakhstan. Write +7 or 8, then ten digits: 8 701 234 56 78.")
            )
        return phone

    def clean_access_needs(self) -> str:
        # A browser sends line ends as two signs; what is kept is one line on the case page.
        return " ".join(str(self.cleaned_data["access_needs"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = {"phone", "email"}
        if not asked & set(self.errors) and not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error(
                "phone", gettext("Write a telephone number or an e-mail address, so that the centre can reach you.")
            )
        return cleaned


class ScansInput(forms.FileInput):
    """Several files at once; the server judges them by their content, the browser only offers the right ones."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if files else []


class DocumentsForm(forms.Form):
    """Files on work and on education, if there are any (118-a2-r08): each field is a list of what was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = round(settings.UPLOAD_MAX_BYTES / 2**20, 1)
        hint = gettext("PDF, JPEG or PNG. Each file: at most %(most)s MB.") % {
            "most": number_format(int(most) if most == int(most) else most)
        }
        labels = {Document.WORK: _("Documents on work"), Document.EDUCATION: _("Documents on education")}
        for kind, label in labels.items():
            widget = ScansInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})
            self.fields[kind.value] = forms.Field(label=label, help_text=hint, required=False, widget=widget)
