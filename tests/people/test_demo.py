from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from bastau import clock
from bastau.people import demo
from bastau.people.models import User
from tests.factories import CitizenFactory, StaffFactory

pytestmark = pytest.mark.django_db

PAGES = [("get", "demo"), ("post", "demo_sign_in"), ("post", "demo_clock")]


@pytest.fixture
def seeded():
    call_command("seed", verbosity=0)


def test_one_click_signs_in_as_a_persona(client, seeded):
    client.post(reverse("demo_sign_in"), {"persona": "aigul"})
    assert User.objects.get(pk=client.session["_auth_user_id"]).persona == "aigul"


def test_staff_persona_needs_no_second_factor(client, seeded):
    client.post(reverse("demo_sign_in"), {"persona": "dana"})
    assert client.get(reverse("workplace:index")).status_code == 200


def test_presenter_goes_on_in_the_language_of_the_room(client, seeded):
    client.cookies["bastau_language"] = "en"
    client.post(reverse("demo_sign_in"), {"persona": "dana"})
    assert '<html lang="en">' in client.get(reverse("standard")).content.decode()


def test_changing_the_language_as_a_persona_leaves_the_account_as_it_is(client, seeded):
    client.post(reverse("demo_sign_in"), {"persona": "dana"})
    client.post(reverse("set_language"), {"language": "ru"})
    assert User.objects.get(persona="dana").language == "kk"


def test_next_persona_takes_the_place_of_the_one_before(client, seeded):
    client.post(reverse("demo_sign_in"), {"persona": "dana"})
    client.post(reverse("demo_sign_in"), {"persona": "aigul"})
    assert User.objects.get(pk=client.session["_auth_user_id"]).persona == "aigul"
    assert client.get(reverse("after_sign_in")).url == reverse("cabinet")


@pytest.mark.parametrize("persona", ["", "nobody"])
def test_unknown_persona_does_not_exist(client, seeded, persona):
    assert client.post(reverse("demo_sign_in"), {"persona": persona}).status_code == 404


def test_account_without_a_persona_cannot_be_taken(client):
    CitizenFactory()
    StaffFactory()
    assert client.post(reverse("demo_sign_in"), {"persona": ""}).status_code == 404
    assert client.post(reverse("demo_sign_in")).status_code == 404


@pytest.mark.parametrize(("method", "name"), PAGES)
def test_live_portal_has_no_such_page(client, seeded, live, method, name):
    answer = getattr(client, method)(reverse(name), {"persona": "aigul", "to": "reset"})
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["demo_sign_in", "demo_clock"])
def test_demo_buttons_are_posts(client, name):
    assert client.get(reverse(name)).status_code == 405


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_demo_page_shows_every_persona(client, seeded, language):
    client.cookies["bastau_language"] = language
    page = client.get(reverse("demo")).content.decode()
    for user in User.objects.exclude(persona=""):
        assert f'value="{user.persona}"' in page


def test_clock_goes_on_by_an_hour(client):
    before = clock.now()
    client.post(reverse("demo_clock"), {"to": "hour"})
    assert timedelta(hours=1) <= clock.now() - before < timedelta(hours=1, minutes=1)


def test_clock_goes_back_to_real_time(client):
    before = clock.now()
    client.post(reverse("demo_clock"), {"to": "hour"})
    client.post(reverse("demo_clock"), {"to": "reset"})
    assert clock.now() - before < timedelta(minutes=1)


def test_registered_jump_is_offered_and_made(client, monkeypatch):
    target = clock.now() + timedelta(days=3)
    monkeypatch.setitem(demo._jumps, "deadline", lambda request, now: target)
    assert 'value="deadline"' in client.get(reverse("demo")).content.decode()
    client.post(reverse("demo_clock"), {"to": "deadline"})
    assert abs(clock.now() - target) < timedelta(minutes=5)  # a loaded machine takes its time; the jump was three days


def test_jump_to_nowhere_leaves_the_clock(client, monkeypatch):
    monkeypatch.setitem(demo._jumps, "deadline", lambda request, now: None)
    before = clock.now()
    client.post(reverse("demo_clock"), {"to": "deadline"})
    assert clock.now() - before < timedelta(minutes=1)


def test_jump_that_nobody_supplies_has_no_button(client, monkeypatch):
    monkeypatch.delitem(demo._jumps, "deadline", raising=False)
    assert 'value="deadline"' not in client.get(reverse("demo")).content.decode()
    assert client.post(reverse("demo_clock"), {"to": "deadline"}).status_code == 404


def test_clock_leads_back_to_the_page_it_was_moved_from(client):
    assert client.post(reverse("demo_clock"), {"to": "hour", "next": "/standard/"}).url == "/standard/"


def test_clock_never_leads_to_another_site(client):
    assert client.post(reverse("demo_clock"), {"to": "hour", "next": "//evil.example/"}).url == reverse("demo")
