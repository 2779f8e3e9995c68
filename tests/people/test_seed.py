import json
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import call_command

from bastau.people import seeding
from bastau.people.iin import birth_date, validate_bin, validate_iin
from bastau.people.models import Office, OfficeKind, Person, Post, Region, User
from bastau.people.personas import cards
from bastau.people.posts import holds
from bastau.people.roles import Role
from bastau.people.scope import centre_for


def rows(name):
    return json.loads((settings.ROOT / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def seeded(db):
    call_command("seed", verbosity=0)


def counts():
    return [model.objects.count() for model in (Region, Office, Person, User, Post)]


def test_seeding_twice_leaves_the_same_rows(seeded):
    before = counts()
    call_command("seed", verbosity=0)
    assert counts() == before


def test_there_are_twenty_regions_each_with_a_centre(seeded):
    assert Region.objects.count() == 20
    assert set(Office.objects.filter(kind=OfficeKind.CENTRE).values_list("region", flat=True)) == set(
        Region.objects.values_list("code", flat=True)
    )


@pytest.mark.parametrize("region", [row["code"] for row in rows("regions")])
def test_every_region_routes_its_residents_to_one_of_its_centres(seeded, region):
    assert centre_for(f"{region}1000000").region_id == region


def test_every_office_is_marked_as_a_sample():
    for office in rows("offices"):
        assert office["is_sample"]
        assert "(үлгі)" in office["name_kk"]
        assert "(образец)" in office["name_ru"]


def test_offices_have_valid_bins_of_their_own():
    bins = [office["bin"] for office in rows("offices")]
    for number in bins:
        validate_bin(number)
    assert max(Counter(bins).values()) == 1


@pytest.mark.parametrize("persona", rows("personas"), ids=lambda row: row["persona"])
def test_persona_can_be_nobody_alive(persona):
    validate_iin(persona["iin"])
    assert persona["iin"][6] in "12"
    assert str(birth_date(persona["iin"])) == persona["birth_date"]
    assert persona["phone"].startswith("+7700000")


def test_every_role_has_a_persona(seeded):
    held = set(Post.objects.exclude(user__persona="").values_list("role", flat=True))
    assert held == set(Role.values)


def test_substitute_director_stands_in_for_the_director_by_an_order(seeded, frozen):
    director, substitute = User.objects.get(persona="marat"), User.objects.get(persona="saule")
    office = Office.objects.get(code="C-35")
    post = holds(substitute, Role.DIRECTOR, office)
    assert post.substitutes == holds(director, Role.DIRECTOR, office)
    assert post.until is not None


def test_staff_personas_have_no_password_of_their_own(seeded):
    assert not User.objects.get(persona="marat").has_usable_password()


def test_staff_personas_have_the_password_of_the_environment(db, monkeypatch):
    monkeypatch.setenv("BASTAU_DEMO_PASSWORD", "a long demonstration")
    call_command("seed", verbosity=0)
    assert User.objects.get(persona="marat").check_password("a long demonstration")


def test_cards_show_every_persona_in_the_order_of_the_fixture(seeded, frozen):
    assert [card["persona"] for card in cards()] == [row["persona"] for row in rows("personas")]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_cards_speak_the_language_of_the_reader(seeded, frozen, language):
    from django.utils.translation import override

    with override(language):
        assert str(cards()[0]["what"]) == rows("personas")[0]["what"][language]


def test_live_portal_has_no_personas(db, live):
    seeding.load_places()
    with pytest.raises(RuntimeError):
        seeding.load_personas()
    assert cards() == []


@pytest.mark.django_db
def test_a_live_portal_takes_no_sample_offices(live):
    seeding.load_places()
    assert not Office.objects.filter(is_sample=True).exists()


@pytest.mark.django_db
def test_a_live_portal_keeps_what_was_edited(live):
    seeding.load_places()
    Region.objects.filter(code="35").update(name_en="Karaganda")
    seeding.load_places()
    assert Region.objects.get(code="35").name_en == "Karaganda"
