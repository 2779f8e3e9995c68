from decimal import Decimal

import pytest

from bastau.portal import figures


def test_iin_is_masked_in_its_middle():
    assert figures.iin_masked("850312400128") == "8503••••0128"


@pytest.mark.parametrize("text", ["85031240012", "8503124001288", "85031240012x", "Әсел"])
def test_what_is_not_an_iin_is_masked_whole(text):
    assert set(figures.iin_masked(text)) == {"•"}


def test_iin_is_grouped_six_and_six():
    assert figures.iin_grouped("850312400128") == "850312 400128"


def test_phone_is_shown_as_people_write_it():
    assert figures.phone("+77012345678") == "+7\u00a0(701)\u00a0234-56-78"


def test_foreign_phone_stays_as_it_is():
    assert figures.phone("+49301234567") == "+49301234567"


def test_money_cannot_break_at_the_end_of_a_line():
    assert figures.money(1_730_000) == "1\u202f730\u202f000\u00a0₸"


def test_money_shows_tiyn_when_there_are_some():
    assert figures.money(Decimal("41896.5")) == "41\u202f896,50\u00a0₸"


def test_money_refuses_words():
    with pytest.raises(ValueError, match="number"):
        figures.money("көп")
