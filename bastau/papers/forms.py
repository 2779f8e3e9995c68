"""What the signing page and the check page send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bastau.papers import authority
from bastau.papers.cms import MOST_BYTES
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Post, User


def versions(paper: Paper) -> list[Paper]:
    """The paper and its translations in force: they are read and signed together."""
    return [paper, *paper.translations.exclude(state=PaperState.VOID).order_by("pk")]


class SigningForm(forms.Form):
    """A signature for each version of a paper, by the demo key, from NCALayer or as a file.

    The first version's fields are `cms`, `cms_file`, `paper_sha256`; those of a translation end in `_<language>`.
    """

    sign_with = forms.ChoiceField(
        choices=[("demo", "demo"), ("ncalayer", "ncalayer"), ("file", "file")],
        error_messages={
            "required": _("Choose how you sign."),
            "invalid_choice": _("Choose how you sign."),
        },
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, paper: Paper, by: User, post: Post | None = None
    ) -> None:
        super().__init__(data, files)
        self.by, self.post = by, post
        self.versions = versions(paper)
        self._kept: dict[int, bytes] = {}
        for version in self.versions:
            end = self._end(version)
            self.fields[f"paper_sha256{end}"] = forms.CharField(required=False)
            self.fields[f"cms{end}"] = forms.CharField(required=False)
            self.fields[f"cms_file{end}"] = forms.FileField(
                required=False, allow_empty_file=True, label=_("Signature file (.cms or .p7s)")
            )

    def clean(self) -> dict[str, Any]:
        """Nothing changed since the page was opened, and there is a signature of each version."""
        cleaned = super().clean() or {}
        how = cleaned.get("sign_with")
        if any(version.state != PaperState.READY for version in self.versions):
            raise forms.ValidationError(_("The document is not waiting for a signature. Open it again."), code="state")
        for version in self.versions:
            end = self._end(version)
            if cleaned.get(f"paper_sha256{end}") != version.sha256:
                raise forms.ValidationError(
                    _("The document changed since you opened it. Read it again, then sign."), code="stale"
                )
            if how == "ncalayer" and not cleaned.get(f"cms{end}"):
                raise forms.ValidationError(_("NCALayer gave no signature. Try again."), code="empty")
            if how == "file":
                self._from_file(cleaned.get(f"cms_file{end}"), version)
            elif how == "ncalayer":
                self._kept[version.pk] = cleaned[f"cms{end}"].encode("ascii", "replace")
        if how == "demo" and settings.BASTAU_MODE == "live":
            raise forms.ValidationError(_("There is no demo key on this portal."), code="demo")
        return cleaned

    def signatures(self) -> dict[int, bytes]:
        """The CMS of each version by the paper's id, once the form is valid; the demo key signs here."""
        if self.cleaned_data["sign_with"] == "demo":
            for version in self.versions:
                self._kept[version.pk] = authority.demo_sign(self.by, version.content(), self.post)
        return dict(self._kept)

    def cms(self) -> bytes:
        """The CMS of the paper itself."""
        return self.signatures()[self.versions[0].pk]

    def _from_file(self, file: Any, version: Paper) -> None:
        field = f"cms_file{self._end(version)}"
        if not file:
            self.add_error(field, forms.ValidationError(_("Choose the signature file."), code="empty"))
        elif file.size > MOST_BYTES:
            self.add_error(field, forms.ValidationError(_("This file is too big for a signature."), code="size"))
        else:
            self._kept[version.pk] = file.read()

    def _end(self, version: Paper) -> str:
        return "" if version is self.versions[0] else f"_{version.language}"


class VerifyForm(forms.Form):
    """The code printed on a paper, typed by hand."""

    code = forms.CharField(
        label=_("Code of the document"),
        max_length=60,
        help_text=_("It stands at the end of the address beside the square code on the paper."),
        error_messages={"required": _("Type the code of the document.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """The code alone, also when the whole address was typed."""
        return self.cleaned_data["code"].strip().rstrip("/").rsplit("/", 1)[-1]


class ConfirmForm(forms.Form):
    """A file somebody was given, to be compared with the kept one."""

    file = forms.FileField(
        label=_("The file you were given"),
        help_text=_("PDF. We compare it and do not keep it."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose another.")},
    )
