"""What is taken for an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastau.gateways import answers
from bastau.gateways.simulators.people import make_iin
from bastau.gateways.simulators.server import Simulators

IIN = make_iin(5)
REGISTERED = {
    "iin": IIN,
    "registered_unemployed": True,
    "registered_on": "2024-02-05",
    "target_status": "UNEMPLOYED",
    "trained_until": None,
    "card_number": "35-0000001",
}
PERSON = {
    "iin": IIN,
    "surname": "Әбдірахманова",
    "given_name": "Гүлнар",
    "patronymic": "",
    "birth_date": "1885-03-12",
    "sex": "f",
    "residence": "351000000",
    "address_kk": "Қарағанды қ.",
    "address_ru": "г. Караганда",
    "alive": True,
}
WHOLE = [(answers.person_registry, PERSON), (answers.labour_market, REGISTERED)]
FIELDS = [(reader, whole, name) for reader, whole in WHOLE for name in whole]


@given(n=st.integers(0, 2_000_000))
def test_all_that_the_simulators_tell_of_synthetic_people_is_an_answer(n):
    iin = make_iin(n)
    for system, reader in answers.READERS.items():
        told = Simulators.record(_Nobody(), system, iin)
        assert reader(iin, json.loads(json.dumps(told)))["iin"] == iin


class _Nobody(Simulators):
    """The simulators' memory without their socket."""

    def __init__(self) -> None:
        self.personas = {}


@pytest.mark.parametrize(("reader", "whole"), WHOLE)
def test_a_whole_answer_comes_through_unchanged(reader, whole):
    assert reader(IIN, whole) == whole


@pytest.mark.parametrize(("reader", "whole"), WHOLE)
def test_fields_nobody_asked_for_are_not_kept(reader, whole):
    assert reader(IIN, {**whole, "diagnosis": "F20"}) == whole


@pytest.mark.parametrize(("reader", "whole", "name"), FIELDS)
def test_a_missing_field_is_nonsense(reader, whole, name):
    with pytest.raises(answers.Nonsense):
        reader(IIN, {key: value for key, value in whole.items() if key != name})


@pytest.mark.parametrize(("reader", "whole", "name"), FIELDS)
@pytest.mark.parametrize("wrong", [1, 1.5, [], {}, ["x"], "\x00", "x" * 400])
def test_a_field_of_another_kind_is_nonsense(reader, whole, name, wrong):
    with pytest.raises(answers.Nonsense):
        reader(IIN, {**whole, name: wrong})


@given(other=st.from_regex(r"[0-9]{12}", fullmatch=True).filter(lambda iin: iin != IIN))
def test_an_answer_about_somebody_else_is_nonsense(other):
    for reader, whole in WHOLE:
        with pytest.raises(answers.Nonsense):
            reader(IIN, {**whole, "iin": other})


@pytest.mark.parametrize("day", ["20240205", "2024-W06-1", "2024-02-30", "05.02.2024", "0001-01-01", ""])
def test_a_day_has_one_form_and_exists(day):
    with pytest.raises(answers.Nonsense):
        answers.labour_market(IIN, {**REGISTERED, "registered_on": day})


@pytest.mark.parametrize("residence", ["35", "35100000", "3510000000", "KZ1000000", "٣51000000"])
def test_a_residence_is_nine_digits(residence):
    with pytest.raises(answers.Nonsense):
        answers.person_registry(IIN, {**PERSON, "residence": residence})


def test_a_person_without_a_name_is_nonsense():
    with pytest.raises(answers.Nonsense):
        answers.person_registry(IIN, {**PERSON, "surname": "  "})


def test_registered_without_a_day_of_registration_is_nonsense():
    with pytest.raises(answers.Nonsense):
        answers.labour_market(IIN, {**REGISTERED, "registered_on": None})


def test_registered_as_unemployed_with_an_employed_status_is_nonsense():
    with pytest.raises(answers.Nonsense):
        answers.labour_market(IIN, {**REGISTERED, "target_status": "E01"})


def test_not_found_with_a_name_beside_it_is_nonsense():
    with pytest.raises(answers.Nonsense):
        answers.person_registry(IIN, {**PERSON, "found": False})


def test_not_found_about_another_iin_is_nonsense():
    with pytest.raises(answers.Nonsense):
        answers.person_registry(IIN, {"found": False, "iin": make_iin(6)})


def test_odd_spaces_of_a_register_are_mended():
    assert (
        answers.person_registry(IIN, {**PERSON, "address_ru": " г.\u00a0Караганда \n"})["address_ru"] == "г. Караганда"
    )
