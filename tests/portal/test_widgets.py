from datetime import date

import pytest
from django import forms

from bastau.portal.widgets import DatePartsInput, DayField, IinInput, PhoneInput


class Sample(forms.Form):
    born = DayField(label="Туған күні")
    iin = forms.CharField(widget=IinInput, required=False)
    phone = forms.CharField(widget=PhoneInput, required=False)


def born(day: str, month: str, year: str) -> Sample:
    return Sample({"born_day": day, "born_month": month, "born_year": year})


@pytest.mark.parametrize("month", ["3", "03", "наурыз", "марта", "март", "March", "Наурыз"])
def test_date_in_three_fields_is_read(month):
    form = born("12", month, "1985")
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1985, 3, 12)


@pytest.mark.parametrize(
    "typed", [("31", "2", "1985"), ("12", "13", "1985"), ("12", "3", "85"), ("", "3", "1985"), ("x", "y", "z")]
)
def test_wrong_date_is_refused_with_a_sentence_and_comes_back_as_typed(typed):
    form = born(*typed)
    assert not form.is_valid()
    assert form.errors["born"][0]
    html = str(form["born"])
    assert all(f'value="{part}"' in html for part in typed)


def test_year_with_a_hyphen_comes_back_whole():
    form = born("12", "3", "1985-1")
    assert not form.is_valid()
    assert all(f'value="{part}"' in str(form["born"]) for part in ("12", "3", "1985-1"))


def test_missing_date_is_asked_for():
    form = Sample({})
    assert form.errors.as_data()["born"][0].code == "required"


def test_date_error_leads_to_the_day_field():
    form = born("31", "2", "1985")
    assert form["born"].id_for_label == "id_born_day"
    assert 'id="id_born_day"' in str(form["born"])


def test_kept_date_is_shown_in_its_parts():
    html = DatePartsInput().render("born", date(1985, 3, 12), {"id": "id_born"})
    assert all(f'value="{part}"' in html for part in ("12", "3", "1985"))


@pytest.mark.parametrize("typed", ["850312400128", "850312 400128", " 850312-400128 "])
def test_iin_is_read_with_or_without_spaces(typed):
    form = Sample({"iin": typed})
    form.is_valid()
    assert form.cleaned_data["iin"] == "850312400128"


@pytest.mark.parametrize("typed", ["+7 701 234 56 78", "8 (701) 234-56-78", "7012345678", "87012345678", "77012345678"])
def test_phone_is_stored_in_one_form(typed):
    form = Sample({"phone": typed})
    form.is_valid()
    assert form.cleaned_data["phone"] == "+77012345678"


def test_unreadable_phone_is_handed_on_as_typed():
    form = Sample({"phone": "701 234"})
    form.is_valid()
    assert form.cleaned_data["phone"] == "701 234"


def test_field_has_label_hint_and_error_tied_to_its_input():
    class One(forms.Form):
        name = forms.CharField(label="Аты", help_text="Куәліктегідей")

    html = One({}).as_div()
    assert '<label class="field__label" for="id_name">' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.index("field__label") < html.index("field__hint") < html.index("field__error") < html.index("<input")
