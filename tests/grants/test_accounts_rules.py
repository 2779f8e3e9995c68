"""The number of an account in Kazakhstan (SPEC 6.3), and sums in words (SPEC 6.13)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bastau.gateways.simulators import bank
from bastau.papers.sums import MOST, in_figures, in_words
from bastau.portal.figures import iban_grouped
from grants.rules import accounts

RIGHT = ("KZ86125KZT5004100100", "KZ60999KZT0000000001", "KZ64999KZT0000012345", "KZ81999A000000012345")


@pytest.mark.parametrize("iban", RIGHT)
@pytest.mark.clause("FKA04-3.2")
def test_the_accounts_of_the_specification_are_right(iban):
    assert accounts.fault(iban) is None
    assert accounts.remainder(iban) == 1


@given(which=st.sampled_from(RIGHT), place=st.integers(4, 19), sign=st.sampled_from("0123456789ABCXYZ"))
def test_one_mistyped_character_is_always_found(which, place, sign):
    # A letter counts as two digits: put in a digit's place, it moves all that follow, which no check digit promises
    # to find.
    assume(sign.isdigit() == which[place].isdigit())
    typed = which[:place] + sign + which[place + 1 :]
    assert (accounts.fault(typed) is None) == (typed == which)


@given(which=st.sampled_from(RIGHT), place=st.integers(4, 18))
def test_two_swapped_characters_are_always_found(which, place):
    typed = which[:place] + which[place + 1] + which[place] + which[place + 2 :]
    assert (accounts.fault(typed) is None) == (typed == which)


@pytest.mark.parametrize(
    ("iban", "fault"),
    [
        ("DE89370400440532013000", accounts.FOREIGN),
        ("KZ64999KZT00000123456", accounts.LONG_OR_SHORT),
        ("64999KZT0000012345", accounts.LONG_OR_SHORT),
        ("", accounts.LONG_OR_SHORT),
        ("KZ64ABCKZT0000012345", accounts.ODD),
        ("KZ64999KZT000001234Ы", accounts.ODD),
        ("KZ65999KZT0000012345", accounts.WRONG_CHECK),
    ],
)
@pytest.mark.clause("FKA04-3.2")
def test_each_mistake_has_its_own_sentence(iban, fault):
    assert accounts.fault(iban) is fault


def test_it_is_kept_without_spaces_in_capitals_and_shown_in_groups_of_four():
    assert accounts.tidy(" kz64 999k-zt00 0001 2345 ") == "KZ64999KZT0000012345"
    assert iban_grouped("KZ64999KZT0000012345") == "KZ64 999K ZT00 0001 2345"


@given(number=st.integers(0, 10**12 - 1), letter=st.sampled_from("ABC"))
def test_the_accounts_of_the_sample_bank_are_right(number, letter):
    assert accounts.fault(bank.account(f"{number:012}", letter)) is None


@pytest.mark.parametrize(
    ("amount", "kk", "ru"),
    [
        (1_730_000, "бір миллион жеті жүз отыз мың теңге", "один миллион семьсот тридцать тысяч тенге"),
        (
            1_572_800,
            "бір миллион бес жүз жетпіс екі мың сегіз жүз теңге",
            "один миллион пятьсот семьдесят две тысячи восемьсот тенге",
        ),
        (41_896, "қырық бір мың сегіз жүз тоқсан алты теңге", "сорок одна тысяча восемьсот девяносто шесть тенге"),
        (11, "он бір теңге", "одиннадцать тенге"),
        (2_000_005, "екі миллион бес теңге", "два миллиона пять тенге"),
        (5_112_000_000, "бес миллиард жүз он екі миллион теңге", "пять миллиардов сто двенадцать миллионов тенге"),
        (0, "нөл теңге", "ноль тенге"),
    ],
)
def test_sums_are_written_in_words(amount, kk, ru):
    assert (in_words(amount, "kk"), in_words(amount, "ru")) == (kk, ru)


def test_a_sum_nobody_pays_is_not_written():
    for amount in (-1, MOST + 1):
        with pytest.raises(ValueError, match="thousand billions"):
            in_words(amount, "kk")


def test_figures_do_not_break_between_lines():
    assert in_figures(1_730_000) == "1\N{NO-BREAK SPACE}730\N{NO-BREAK SPACE}000"
