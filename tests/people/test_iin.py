from datetime import date

import pytest
from django.core.exceptions import ValidationError

from bastau.people import iin
from tests.factories import make_bin, make_iin


@pytest.mark.parametrize("number", ["850312400128", "010422500138", "990715490407", "030909600214", "780526400334"])
def test_valid_iin_passes(number):
    assert iin.validate_iin(number) is None


@pytest.mark.parametrize("number", ["850312400129", "851312400128", "8801013907 70", "000000000001"])
def test_iin_with_a_wrong_check_digit_is_refused(number):
    with pytest.raises(ValidationError):
        iin.validate_iin(number)


@pytest.mark.parametrize("first", ["88010139077", "88010139158"])
@pytest.mark.parametrize("last", range(10))
def test_iin_whose_both_passes_give_ten_is_refused_whatever_its_last_digit(first, last):
    with pytest.raises(ValidationError) as refusal:
        iin.validate_iin(f"{first}{last}")
    assert refusal.value.code == "iin_check"


@pytest.mark.parametrize("number", ["85031240012", "8503124001288", "", "85031240012x", "٨٥٠٣١٢٤٠٠١٢٨"])
def test_what_is_not_twelve_digits_is_refused_by_length(number):
    with pytest.raises(ValidationError) as refusal:
        iin.validate_iin(number)
    assert refusal.value.code == "iin_length"


def test_month_thirteen_with_a_right_check_digit_is_a_valid_number_without_a_date():
    iin.validate_iin("851312400120")
    assert iin.birth_date("851312400120") is None


def test_month_thirteen_with_a_wrong_check_digit_is_refused():
    with pytest.raises(ValidationError) as refusal:
        iin.validate_iin("851312400128")
    assert refusal.value.code == "iin_check"


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("850312400128", date(1985, 3, 12), "f"),
        ("010422500138", date(2001, 4, 22), "m"),
        ("990715490407", date(1999, 7, 15), "f"),
        ("030909600214", date(2003, 9, 9), "f"),
    ],
)
def test_iin_tells_birth_date_and_sex(number, born, sex):
    assert (iin.birth_date(number), iin.sex(number)) == (born, sex)


def test_seventh_digit_zero_tells_neither_date_nor_sex():
    assert iin.birth_date("850312000120") is None
    assert iin.sex("850312000120") is None


@pytest.mark.parametrize("number", ["110240001235", "150840004566", "210540007890"])
def test_valid_bin_passes(number):
    assert iin.validate_bin(number) is None


def test_bin_with_a_wrong_check_digit_is_refused():
    with pytest.raises(ValidationError):
        iin.validate_bin("110240001236")


@pytest.mark.parametrize("number", range(60))
def test_factory_numbers_are_valid(number):
    assert iin.validate_iin(make_iin(number)) is None
    assert iin.validate_bin(make_bin(number)) is None
