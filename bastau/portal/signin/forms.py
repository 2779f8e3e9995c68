"""What a citizen types to sign in."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bastau.people.iin import validate_iin
from bastau.portal.widgets import IinInput

_LONGEST_SIGNATURE = 256 * 1024


class IinForm(forms.Form):
    """Who asks for a code."""

    iin = forms.CharField(
        label=_("IIN"),
        help_text=_("12 digits, as on the identity card."),
        validators=[validate_iin],
        widget=IinInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Type your IIN: 12 digits from the identity card.")},
    )


class CodeForm(forms.Form):
    """The six digits from the message."""

    code = forms.CharField(
        label=_("Code from the message"),
        help_text=_("Six digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input--code"}),
        error_messages={"required": _("Type the six digits from the message.")},
    )

    def clean_code(self) -> str:
        code = re.sub(r"[\s\-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", code):
            raise forms.ValidationError(_("The code has six digits. Type it as it stands in the message."))
        return code


class SignatureForm(forms.Form):
    """The signature of the sign-in text: from NCALayer, as a file, or made with a demonstration key."""

    sign_with = forms.ChoiceField(choices=[("ncalayer", ""), ("file", ""), ("demo", "")])
    cms = forms.CharField(required=False)
    cms_file = forms.FileField(label=_("Signature file (.cms or .p7s)"), required=False)

    def signature(self) -> bytes:
        """The CMS that was handed over. Raises forms.ValidationError with what to do."""
        given: Any = self.cleaned_data
        if given["sign_with"] == "file":
            return _read(given["cms_file"])
        try:
            return base64.b64decode(re.sub(r"-----[A-Z0-9 ]+-----|\s", "", given["cms"]), validate=True)
        except binascii.Error as error:
            raise forms.ValidationError(_("The signature did not arrive whole. Sign again.")) from error


def _read(file: UploadedFile | None) -> bytes:
    if file is None:
        raise forms.ValidationError(_("Choose the file with the signature."))
    if (file.size or 0) > _LONGEST_SIGNATURE:
        raise forms.ValidationError(_("This file is too large for a signature. Choose the .cms or .p7s file."))
    return file.read()
