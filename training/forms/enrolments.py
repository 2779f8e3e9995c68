"""Forms of enrolment: the citizen's question pages of annex 4, the offer, the steps of the coordinator."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.iin import validate_iin
from bastau.people.models import Person
from bastau.portal import dates
from bastau.portal.widgets import DayField, IinInput, PhoneInput
from bastau.workplace.casework import CaseForm
from referrals.forms import CONSENTS, NOT_LISTED, NOT_TEXT, RESULT_LANGUAGES, Lines
from referrals.states import StudyForm
from training.models import TrainingGroup
from training.states import RejectionReason, WithdrawalReason

#: The official wording of annex 4 (118-a4); Russian and English are translations (SPEC 2.4).
PROMISES: dict[str, tuple[str, ...]] = {
    "kk": (
        "салық заңнамасына сәйкес салық органдарында кәсіпкерлік субъекті ретінде тіркелуге (қаржыландыруға арналған "
        "өтінім қаралған кезге дейін);",
        "сабақтан қалмауға;",
        "оқу процесінде қызығушылық танытуға",
        "сабақтардан қалған жағдайда қосымша консультация алуға;",
        "маркетингтік зерттеулер мен талқылауларға белсенді қатысуға;",
        "тренингтер мен жеке консультацияларға қатысуға;",
        "бизнес-жоспар дайындау және бизнес-тренердің қолдауымен қаржылық модельді есептеуге",
    ),
    "ru": (
        "зарегистрироваться в налоговых органах в качестве субъекта предпринимательства в соответствии с налоговым "
        "законодательством (до рассмотрения заявки на финансирование);",
        "не пропускать занятия;",
        "проявлять заинтересованность в процессе обучения;",
        "получать дополнительную консультацию в случае пропуска занятий;",
        "активно участвовать в маркетинговых исследованиях и обсуждениях;",
        "участвовать в тренингах и индивидуальных консультациях;",
        "подготовить бизнес-план и рассчитать финансовую модель при поддержке бизнес-тренера",
    ),
    "en": (
        "to register with the tax authorities as a business entity under tax law (before the financing application is "
        "considered);",
        "not to miss classes;",
        "to show interest in the training;",
        "to take an additional consultation if classes are missed;",
        "to take an active part in market research and discussions;",
        "to take part in trainings and individual consultations;",
        "to prepare a business plan and calculate the financial model with the trainer's support",
    ),
}
YES_NO = [("no", _("no")), ("yes", _("yes"))]
NO_GROUP = "none"
TOO_LONG = _("This is too long. Write it in fewer words.")


def group_label(group: TrainingGroup, left: int | None) -> str:
    """A group in one line: when, how, where, in which language, places left."""
    form = capfirst(str(StudyForm(group.mode).label))
    days = f"{dates.long_date(group.start_on)} – {dates.long_date(group.end_on)}"
    parts = [days, form, group.place(), str(group.get_language_display())]
    if left is not None:
        parts.append(str(_("places left: %(n)s") % {"n": left}))
    return "; ".join(part for part in parts if part)


class GroupForm(forms.Form):
    """An announced group, or none yet."""

    group = forms.ChoiceField(
        label=_("Group"),
        widget=Lines,
        error_messages={"required": _("Choose a group, or “no group yet”."), "invalid_choice": NOT_LISTED},
    )

    def __init__(self, *args: Any, groups: list[tuple[TrainingGroup, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group, _left in groups}
        field: Any = self.fields["group"]
        field.choices = [
            *((str(group.pk), group_label(group, left)) for group, left in groups),
            (NO_GROUP, _("No group yet: keep me among the candidates, I choose one later")),
        ]

    def chosen(self) -> TrainingGroup | None:
        """The group, or None."""
        return self.groups.get(self.cleaned_data["group"])


class ProjectForm(forms.Form):
    """Rows of annex 4 on the business idea; both may stay empty."""

    sector = forms.CharField(
        label=_("Sector of the business project or idea, if any"),
        required=False,
        max_length=200,
        error_messages={"max_length": TOO_LONG, "null_characters_not_allowed": NOT_TEXT},
    )
    description = forms.CharField(
        label=_("Description of the business project or idea, if any"),
        help_text=_("A few sentences are enough. You work on it during the training."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        error_messages={"max_length": TOO_LONG, "null_characters_not_allowed": NOT_TEXT},
    )
    collateral = forms.ChoiceField(
        label=_("Is there collateral?"),
        help_text=_("Only for a microcredit. The training and the grant do not need it."),
        choices=YES_NO,
        initial="no",
        widget=Lines,
        error_messages={"required": NOT_LISTED, "invalid_choice": NOT_LISTED},
    )
    collateral_text = forms.CharField(
        label=_("What could serve as collateral"),
        required=False,
        max_length=300,
        error_messages={"max_length": TOO_LONG, "null_characters_not_allowed": NOT_TEXT},
    )

    def answers(self) -> dict[str, Any]:
        """The answers as the questionnaire keeps them."""
        given = self.cleaned_data
        return {**given, "collateral": given["collateral"] == "yes"}


class StudyWayForm(forms.Form):
    """Row 9 of annex 4 with its two alternatives, and how the chamber reaches the person."""

    study_form = forms.ChoiceField(
        label=_("I confirm that I am able"),
        choices=[
            (StudyForm.OFFLINE.value, _("to attend classes (80 hours of practical classes)")),
            (StudyForm.ONLINE.value, _("to study at a distance through the web portal")),
        ],
        help_text=_("A stipend is paid for practical classes only."),
        widget=Lines,
        error_messages={"required": _("Choose how you would like to study."), "invalid_choice": NOT_LISTED},
    )
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=40, widget=PhoneInput,
        help_text=_("For example: 8 701 234 56 78. The chamber writes to it when the group begins."),
        error_messages={"max_length": TOO_LONG, "null_characters_not_allowed": NOT_TEXT},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("This is not an e-mail address. It looks like this: name@example.kz.")},
    )
    language = forms.ChoiceField(
        label=_("Language of your papers"),
        choices=list(RESULT_LANGUAGES.items()),
        widget=Lines,
        error_messages={"required": NOT_LISTED, "invalid_choice": NOT_LISTED},
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not re.fullmatch(r"\+7\d{10}", phone):
            raise forms.ValidationError(
                _("This is not a telephone number of Kazakhstan. Write +7 or 8, then ten digits: 8 701 234 56 78.")
            )
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"phone", "email"} & set(self.errors) and not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error(
                "phone", _("Write a telephone number or an e-mail address, so that the chamber reaches you.")
            )
        return cleaned


class PromisesForm(forms.Form):
    """The seven promises, accepted together, and the two consents of annex 4."""

    promises = forms.BooleanField(
        label=_("I am ready for all seven points"),
        error_messages={"required": _("Read the seven points and tick the box: the training needs all of them.")},
    )
    consent_data = forms.BooleanField(
        error_messages={"required": _("Without this consent the chamber may not take your application.")}
    )
    consent_secrets = forms.BooleanField(
        error_messages={"required": _("Without this consent the chamber may not take your application.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in CONSENTS.items():
            self.fields[name].label = words[dates.language()]


class OfferForm(forms.Form):
    """Both ticks of the contract, each on its own, and by which means it is accepted (118-p19)."""

    offer = forms.BooleanField(
        label=_("I accept the offer"), error_messages={"required": _("Tick the box to accept the offer.")}
    )
    consent = forms.BooleanField(
        label=_("I consent to the collection and processing of my personal data"),
        error_messages={"required": _("Without the consent nobody can be enrolled. You may also leave the page.")},
    )
    means = forms.ChoiceField(
        label=_("How do you confirm it?"),
        choices=[("eds", _("with my electronic digital signature")), ("code", _("with a code sent to my phone"))],
        widget=Lines,
        error_messages={
            "required": _("Choose the signature or the code."), "invalid_choice": NOT_LISTED,
        },
    )  # fmt: skip


class LeaveForm(forms.Form):
    """Why the citizen leaves."""

    reason = forms.ChoiceField(
        label=_("Why do you leave?"),
        choices=[
            (WithdrawalReason.OWN_REQUEST.value, capfirst(WithdrawalReason.OWN_REQUEST.label)),
            (WithdrawalReason.CONSENT_WITHDRAWN.value, capfirst(WithdrawalReason.CONSENT_WITHDRAWN.label)),
        ],
        widget=Lines,
        error_messages={"required": _("Choose the reason."), "invalid_choice": NOT_LISTED},
    )


# ------------------------------------------------------------------------------------------------- the coordinator's


class RejectForm(CaseForm):
    """The reason of SPEC 4.4 and a sentence for the person."""

    reason = forms.ChoiceField(label=_("Reason"), choices=RejectionReason.choices)
    text = forms.CharField(
        label=_("What the person can do"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Write a sentence for the person.")},
    )


class EnrolForm(CaseForm):
    """Enrolment at the counter: both papers signed by hand."""

    offer = forms.BooleanField(label=_("The person signed the contract by hand"))
    consent = forms.BooleanField(label=_("The person signed the consent to the processing of personal data"))


class AbsenceForm(CaseForm):
    """Withdrawn for absence, or at the person's own request made at the counter (118-p19)."""

    reason = forms.ChoiceField(label=_("Reason"), choices=WithdrawalReason.choices)
    text = forms.CharField(
        label=_("What happened: classes missed, or what the person asked for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Write it in a sentence.")},
    )


class ReasonForm(CaseForm):
    """A written reason, for the person to read."""

    reason = forms.CharField(
        label=pgettext_lazy("of a decision", "Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Write the reason: it goes to the person.")},
    )


class CounterForm(forms.Form):
    """Who stands at the counter."""

    iin = forms.CharField(
        label=_("IIN"), validators=[validate_iin], widget=IinInput,
        help_text=_("12 digits, as on the identity card."),
        error_messages={"required": _("Type the IIN: 12 digits from the identity card.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "iin" in cleaned:
            person = Person.objects.filter(iin=cleaned["iin"]).first()
            if person is None:
                self.add_error("iin", _("No person with this IIN has a case here. The referral comes first."))
            cleaned["person"] = person
        return cleaned


class ExternalForm(CounterForm):
    """A certificate of skills.enbek.kz that the person showed (A-31)."""

    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=40,
        error_messages={"required": _("Write the number that stands on the certificate."), "max_length": TOO_LONG},
    )
    issued_on = DayField(label=_("Date of issue"))


class CounterQuestionnaire(GroupForm, ProjectForm, StudyWayForm, PromisesForm):
    """Annex 4 at the counter, on one page: the coordinator asks, the person answers."""


class TakenForm(forms.Form):
    """The printed annex 4 came back signed."""

    signed = forms.BooleanField(
        label=_("The person signed the printed questionnaire; it is kept in the file"),
        error_messages={"required": _("Print the questionnaire, let the person sign it, and tick the box.")},
    )


class DuplicateForm(forms.Form):
    """Which data were corrected."""

    reason = forms.CharField(
        label=_("Which personal data were corrected"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Write the reason: it goes to the person.")},
    )
