import pytest

from bastau.people.models import Person
from bastau.people.names import fold, sort_key, tidy
from tests.factories import PersonFactory

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"

NAMES = [
    ("Әбдірахманова", "Сәуле", "Жақсылыққызы"),
    ("Ахметов", "Ёлкин", ""),
    ("Ғабдуллин", "Тимур", "Ілиясұлы"),
    ("ҚАСЫМОВА", "гүлнар", ""),
    ("Ыбырай-Әлі", "Һамит", "Өміржанұлы"),
    ("Smith", "John", ""),
    ("Яковлев", "Щ", "Ъ"),
]


@pytest.mark.django_db
@pytest.mark.engine
@pytest.mark.parametrize("parts", NAMES)
def test_database_computes_fold_and_sort_key_as_python_does(parts):
    person = PersonFactory(surname=parts[0], given_name=parts[1], patronymic=parts[2])
    person.refresh_from_db()
    joined = " ".join(part for part in parts if part)
    assert person.fold == fold(joined)
    assert person.sort_key == sort_key(joined)


@pytest.mark.django_db
@pytest.mark.engine
def test_database_sorts_surnames_by_the_kazakh_alphabet():
    for letter in reversed(ALPHABET):
        PersonFactory(surname=letter.upper() + "а")
    found = Person.objects.order_by("sort_key").values_list("surname", flat=True)
    assert [surname[0].lower() for surname in found] == list(ALPHABET)


def test_kazakh_letters_fold_to_their_neighbours():
    assert fold("ӘҒҚҢӨҰҮҺІЫЁ") == "агкноуухиие"


@pytest.mark.django_db
@pytest.mark.engine
def test_search_by_folded_prefix_finds_a_name_typed_without_kazakh_letters():
    person = PersonFactory(surname="Әбдірахманова", given_name="Сәуле", patronymic="")
    PersonFactory(surname="Иванова")
    assert list(Person.objects.filter(fold__startswith=fold("АБДИРАХМ"))) == [person]


def test_tidy_takes_blanks_from_the_ends_and_doubled_ones():
    assert tidy("  Ковалёва   Иванова ") == "Ковалёва Иванова"
