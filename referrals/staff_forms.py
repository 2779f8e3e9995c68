"""What the staff send: marks of the protocol, proposals, comments, the purpose of opening a profile, the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bastau import law
from bastau.people.iin import validate_iin
from bastau.people.models import Post, Sex
from bastau.portal import dates
from bastau.portal.widgets import DayField, IinInput
from referrals.actions import MOST_SHEETS
from referrals.forms import NOT_LISTED, NOT_TEXT, ContactsForm, StatusForm
from referrals.rules import REFUSAL_RULES
from referrals.states import AcceptanceRefusal, CheckResult, Ground

PURPOSES = (
    ("check", pgettext_lazy("purpose of opening personal data", "to check the application")),
    ("contact", pgettext_lazy("purpose of opening personal data", "to reach the person")),
    ("decision", pgettext_lazy("purpose of opening personal data", "to decide")),
    ("hand_over", pgettext_lazy("purpose of opening personal data", "to hand over the result")),
    ("complaint", pgettext_lazy("purpose of opening personal data", "to answer a complaint")),
    ("audit", pgettext_lazy("purpose of opening personal data", "for an audit")),
)


def _text(label: Any, hint: Any = "", *, longest: int, missing: Any, required: bool = True, rows: int = 4) -> Any:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": str(rows), "autocomplete": "off"}),
        error_messages={
            "required": missing,
            "max_length": _("This is too long. Write it in fewer words."),
            "null_characters_not_allowed": NOT_TEXT,
        },
    )


class PurposeForm(forms.Form):
    """Why the personal data are opened; the journal keeps it."""

    purpose = forms.ChoiceField(
        label=_("Why do you open the personal data?"),
        choices=[("", _("Choose the purpose")), *PURPOSES],
        error_messages={
            "required": _("Choose why you open the personal data; the journal keeps it."),
            "invalid_choice": NOT_LISTED,
        },
    )


class MarkForm(forms.Form):
    """A line of the protocol answered by hand."""

    result = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[(CheckResult.YES, CheckResult.YES.label), (CheckResult.NO, CheckResult.NO.label)],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whether it is confirmed or not."),
            "invalid_choice": NOT_LISTED,
        },
    )
    reason = _text(
        _("What did you look at, and what does it say?"),
        longest=2000,
        missing=_("Write what you looked at and what you found."),
        rows=3,
    )


class CommentForm(forms.Form):
    """What the director wants done before signing."""

    comment = _text(
        _("What is to be done?"),
        _("The specialist reads it on the page of the case. The term keeps running."),
        longest=2000,
        missing=_("Write what is to be done, so that the specialist knows."),
    )


class RefusalForm(forms.Form):
    """A reasoned refusal (118-a2-r09): one of two grounds, a rule that belongs to it, reasons, what can be mended."""

    rule = forms.ChoiceField(
        label=_("Ground and rule"),
        help_text=_("The list is closed: there is no third ground. Lack of places or earlier training is none."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the ground and the rule the refusal rests on."),
            "invalid_choice": _("Choose the ground and a rule that belongs to it. There is no third ground."),
        },
    )
    reasons = _text(
        _("Reasons"),
        _("In the language of the case, so that the person understands: what the rule asks, what was found."),
        longest=4000,
        missing=_("Write the reasons: without them nobody may refuse."),
        rows=6,
    )
    evidence = _text(
        _("What it rests on"),
        _("The answers of registers, documents, their dates and numbers."),
        longest=2000,
        missing=_("Write which answers or documents show it."),
    )
    remedy = _text(
        _("What can be mended"),
        _("What the person may do to get the referral later. Leave it empty where nothing can be done."),
        longest=2000,
        missing="",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The official text of a ground stands once, over the rules that belong to it.
        self.fields["rule"].choices = [  # type: ignore[attr-defined]
            (_ground(Ground(ground)), [(f"{int(ground)}:{rule}", _rule(rule)) for rule in rules])
            for ground, rules in REFUSAL_RULES.items()
        ]

    def proposal(self) -> dict[str, Any]:
        """The arguments of `actions.propose_refusal`."""
        ground, rule = self.cleaned_data["rule"].split(":", 1)
        rest = {name: self.cleaned_data[name] for name in ("reasons", "evidence", "remedy")}
        return {"ground": int(ground), "rule": rule, **rest}


def _ground(ground: Ground) -> str:
    return gettext("Ground %(number)s: %(ground)s") % {"number": int(ground), "ground": ground.label}


def _rule(rule: str) -> str:
    clause, lang = law.clause(rule), dates.language()
    return f"{clause.label(lang)}. {clause.text(lang)}"


class HandOverForm(forms.Form):
    """The identity card was looked at, the person has signed for the result."""

    identity = forms.BooleanField(
        label=_("I have looked at the identity card: it is valid and belongs to this person."),
        error_messages={
            "required": _("Look at the identity card and tick the box. Without it nothing is handed over.")
        },
    )
    signed = forms.BooleanField(
        label=_("The person has signed for the result."),
        error_messages={"required": _("Let the person sign for the result, then tick the box.")},
    )


class LookUpForm(forms.Form):
    """Who stands at the counter. The registers may be asked only with the consents of annex 1."""

    post = forms.ChoiceField(label=_("Counter"), error_messages={"required": NOT_LISTED, "invalid_choice": NOT_LISTED})
    iin = forms.CharField(
        label=_("IIN of the person"),
        help_text=_("12 digits, as they stand on the identity card."),
        max_length=20,
        validators=[validate_iin],
        widget=IinInput(attrs={"autofocus": True}),
        error_messages={"required": _("Type the IIN from the identity card."), "null_characters_not_allowed": NOT_TEXT},
    )
    consents = forms.BooleanField(
        label=_("The person has signed the application with both consents on paper."),
        error_messages={
            "required": _(
                "Let the person sign the application with both consents: without them the registers may not be asked."
            )
        },
    )

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.pk): post for post in posts}
        self.fields["post"].choices = [(key, str(post)) for key, post in self.posts.items()]  # type: ignore[attr-defined]
        if len(posts) == 1:
            self.fields["post"].widget = forms.HiddenInput()
            self.fields["post"].initial = str(posts[0].pk)

    def chosen(self) -> Post:
        """The post in which the person at the counter is served."""
        return self.posts[self.cleaned_data["post"]]


class IdentityForm(forms.Form):
    """The identity by hand, from the card, while the register of persons does not answer."""

    surname = forms.CharField(
        label=_("Surname"), max_length=100, error_messages={"required": _("Type the surname from the card.")}
    )
    given_name = forms.CharField(
        label=_("First name"), max_length=100, error_messages={"required": _("Type the first name from the card.")}
    )
    patronymic = forms.CharField(label=_("Patronymic"), max_length=100, required=False)
    birth_date = DayField(label=_("Date of birth"))
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Sex.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose as it stands on the card."), "invalid_choice": NOT_LISTED},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("surname", "given_name", "patronymic"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
            self.fields[name].error_messages["null_characters_not_allowed"] = NOT_TEXT


class AcceptanceForm(ContactsForm, StatusForm):
    """What annex 1 says beside the names, and the checklist (118-a2-r08). Documents "if any" are never asked for."""

    sheets = forms.IntegerField(
        label=_("Sheets attached"),
        help_text=_("Documents on work and education, if the person has brought any. None is enough, too."),
        min_value=0,
        max_value=MOST_SHEETS,
        initial=0,
        required=False,
        error_messages={
            "invalid": _("Write a whole number of sheets."),
            "min_value": _("Write a whole number of sheets."),
            "max_value": _("This is too much. Count the sheets again."),
        },
    )
    identity_valid = forms.BooleanField(
        label=_("The identity card is valid and belongs to this person."),
        error_messages={
            "required": _(
                "Without a valid identity card the documents are not accepted. Refuse to accept: expired document."
            )
        },
    )
    application_signed = forms.BooleanField(
        label=_("The application is filled in and signed, both consents are given."),
        error_messages={
            "required": _(
                "Without a signed application the documents are not accepted. Let the person sign, or refuse to accept."
            )
        },
    )
    originals_returned = forms.BooleanField(label=_("The originals are given back."), required=False)

    field_order = (
        "target_status", "study_form", "phone", "email", "language", "access_needs", "sheets",
        "application_signed", "identity_valid", "originals_returned",
    )  # fmt: skip

    def __init__(self, *args: Any, scanned: int = 0, **kwargs: Any) -> None:
        """`scanned`: the pages of what is attached; so many sheets there are at least."""
        super().__init__(*args, **kwargs)
        self.scanned = scanned
        said: dict[str, tuple[Any, Any]] = {
            "target_status": (_("In which status does the person apply?"), ""),
            "study_form": (_("How would the person like to study?"), ""),
            "phone": (_("Telephone"), _("The person is told of the result by SMS. May be left empty.")),
            "email": (_("E-mail"), ""),
            "access_needs": (_("Special conditions at the classes"), _("Only what the person asks for.")),
        }
        for name, (label, hint) in said.items():
            self.fields[name].label, self.fields[name].help_text = label, hint
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_sheets(self) -> int:
        """Nothing written means what is attached, which is nothing as a rule."""
        sheets: int | None = self.cleaned_data["sheets"]
        if sheets is not None and sheets < self.scanned:
            raise forms.ValidationError(
                gettext("The attached scans have more sheets: %(scanned)s. Correct the number, or take a scan out.")
                % {"scanned": self.scanned}
            )
        return self.scanned if sheets is None else sheets

    def clean(self) -> dict[str, Any]:
        # At a counter a person may have neither telephone nor e-mail: the receipt says when to come.
        return forms.Form.clean(self) or {}

    def answers(self) -> dict[str, Any]:
        """The arguments of `actions.answer`."""
        names = ("target_status", "study_form", "phone", "email", "language", "access_needs", "sheets")
        return {name: self.cleaned_data[name] for name in names}


class NotAcceptedForm(forms.Form):
    """Why the documents are not accepted (118-p07-1)."""

    reason = forms.ChoiceField(
        label=_("Why are the documents not accepted?"),
        choices=AcceptanceRefusal.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the reason: there are only these two."),
            "invalid_choice": _("Choose the reason: there are only these two."),
        },
    )
    text = _text(
        _("What is missing or expired?"),
        _("It is printed on the receipt. Documents on work and education are never missing: they are brought if any."),
        longest=2000,
        missing=_("Write what is missing or expired, so that the person can come back with it."),
    )
