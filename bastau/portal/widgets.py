"""Inputs in the house's own shape: a date in three fields, the IIN in two groups."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bastau.portal import dates, figures


class DatePartsInput(forms.Widget):
    """Day, month and year in three fields; a calendar beside them helps where JavaScript runs.

    Gives the field ISO text of what was typed, whole or not, so that a wrong date comes back as it was written.
    """

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True
    parts = ("day", "month", "year")

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        super().__init__(attrs)
        self.birthday = birthday

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = self._typed(value)
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        final = context["widget"]["attrs"]
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{final.get('id', f'id_{name}')}_{part}",
                "label": labels[part],
                "value": typed[part],
                "length": "4" if part == "year" else "2",
                "css": f"date-parts__input date-parts__input--{part}",
                "autocomplete": f"bday-{part}" if self.birthday else "off",
            }
            for part in self.parts
        ]
        context["widget"]["invalid"] = final.get("aria-invalid") == "true"
        context["widget"]["required"] = bool(final.get("required"))
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        typed = {part: (data.get(f"{name}_{part}") or "").strip() for part in self.parts}
        if not any(typed.values()):
            return data.get(name) or None
        return f"{typed['year']}-{typed['month']}-{typed['day']}"

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in self.parts) and name not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def _typed(self, value: Any) -> dict[str, str]:
        if isinstance(value, date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        year, month, day = ([*str(value or "").rsplit("-", 2), "", "", ""])[:3]
        return {"day": day, "month": month, "year": year}


class DayField(forms.DateField):
    """A date in three fields, with sentences that say what to do. A month may also be written as a word."""

    widget = DatePartsInput
    default_error_messages = {
        "required": _("Write the day, the month and the year."),
        "invalid": _("There is no such date. Check the day, the month and the year, for example: 27 3 1985."),
    }

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        found = re.fullmatch(r"(\d{4})-([^\W_]{1,12})-(\d{1,2})", value.strip())
        if not found:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date(int(found[1]), _month(found[2]), int(found[3]))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data) if data else bool(initial)
        except forms.ValidationError:
            return True


class IinInput(forms.TextInput):
    """Twelve digits, shown as 6 + 6, read with or without spaces."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        shape = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "input--iin"}
        super().__init__({**shape, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return figures.iin_grouped(str(value)) if value else None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        typed = data.get(name)
        return re.sub(r"[\s\-]", "", typed) if isinstance(typed, str) else None


class PhoneInput(forms.TextInput):
    """A telephone as people write it: +7 701 234 56 78, 8 (701) 234-56-78, 7012345678; read as +77012345678.

    What cannot be read so is handed on as it was typed, for the field to refuse and for the person to mend.
    """

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "tel", "class": "input--phone", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return figures.phone(str(value)) if value else None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        typed = data.get(name)
        if not isinstance(typed, str):
            return None
        found = re.fullmatch(r"(?:\+?7|8)?(\d{10})", re.sub(r"[\s()\-\u00a0.]", "", typed))
        return f"+7{found[1]}" if found else typed.strip()


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    for names in (*dates.MONTHS.values(), *dates.MONTHS_ALONE.values()):
        for number, month in enumerate(names, start=1):
            if month.lower() == text.lower():
                return number
    raise ValueError(text)
