from datetime import timedelta

import pytest
from django.urls import reverse

from bastau import clock
from bastau.people import sessions
from bastau.people.models import User
from tests.conftest import MONDAY
from tests.factories import CitizenFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def desk(client, **more):
    return client.get(reverse("workplace:index"), **more)


def test_staff_session_in_use_stays(client, staff, later):
    for _turn in range(4):
        later(29 * 60)
        assert desk(client).status_code == 200


def test_idle_staff_session_ends(client, staff, later):
    desk(client)
    later(30 * 60 + 1)
    assert desk(client).url == f"{reverse('sign_in')}?next=%2Foffice%2F"
    assert "_auth_user_id" not in client.session


def test_ended_session_is_explained_on_the_sign_in_page(client, staff, later):
    client.cookies["bastau_language"] = "en"
    client.post(reverse("set_language"), {"language": "en"})
    later(30 * 60 + 1)
    assert "nothing was done for a while" in desk(client, follow=True).content.decode()


def test_taking_the_mark_of_the_last_request_away_prolongs_nothing(client, staff, later):
    desk(client)
    later(30 * 60 + 1)
    del client.cookies[sessions.SEEN_COOKIE]
    assert desk(client).status_code == 302


def test_mark_of_another_user_prolongs_nothing(client, staff, later):
    later(30 * 60 + 1)
    client.cookies[sessions.SEEN_COOKIE] = sessions._signer.sign(staff.pk + 1)
    assert desk(client).status_code == 302


def test_forged_mark_prolongs_nothing(client, staff, later):
    later(30 * 60 + 1)
    client.cookies[sessions.SEEN_COOKIE] = f"{staff.pk}:zzzzzz:forged"
    assert desk(client).status_code == 302


def test_jump_of_the_demo_clock_signs_nobody_out(client, staff):
    with clock.at(MONDAY):
        desk(client)
    with clock.at(MONDAY + timedelta(days=90)):
        assert desk(client).status_code == 200


def test_extending_keeps_the_session(client, staff, later):
    later(29 * 60)
    answer = client.post(reverse("session_extend"), headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 204
    later(29 * 60)
    assert desk(client).status_code == 200


def test_extending_without_a_script_leads_back(client, staff):
    assert client.post(reverse("session_extend")).url == reverse("after_sign_in")


def test_extending_is_a_post(client, staff):
    assert client.get(reverse("session_extend")).status_code == 405


def test_extending_an_ended_session_is_refused(client, staff, later):
    later(30 * 60 + 1)
    answer = client.post(reverse("session_extend"), headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 302


def test_htmx_request_of_an_ended_session_loads_the_sign_in_page(client, staff, later):
    later(30 * 60 + 1)
    answer = desk(client, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("sign_in")


def test_citizen_is_not_signed_out_for_being_idle(client, later):
    client.force_login(CitizenFactory())
    later(60 * 60)
    assert client.get(reverse("cabinet")).status_code == 200


def test_page_of_staff_asks_for_session_user_and_clock_alone(client, staff, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(reverse("after_sign_in"))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_staff_read_pages_in_the_language_of_their_account(client, language):
    client.cookies["bastau_language"] = "en"
    client.force_login(StaffFactory(language=language))
    assert f'<html lang="{language}">' in client.get(reverse("standard")).content.decode()


def test_language_chosen_by_staff_is_kept_with_the_account(client, staff):
    client.post(reverse("set_language"), {"language": "ru"})
    assert User.objects.get(pk=staff.pk).language == "ru"
    assert '<html lang="ru">' in client.get(reverse("standard")).content.decode()


def test_english_is_kept_for_the_session_only(client, staff):
    client.post(reverse("set_language"), {"language": "en"})
    assert User.objects.get(pk=staff.pk).language == "kk"
    assert '<html lang="en">' in client.get(reverse("standard")).content.decode()


def test_unknown_language_changes_nothing(client, staff):
    client.post(reverse("set_language"), {"language": "xx"})
    assert User.objects.get(pk=staff.pk).language == "kk"


def test_signing_out_is_a_post(client, staff):
    assert client.get(reverse("sign_out")).status_code == 405


def test_citizen_goes_to_the_cabinet_and_staff_to_the_desk(client):
    client.force_login(CitizenFactory())
    assert client.get(reverse("after_sign_in")).url == reverse("cabinet")
    client.force_login(StaffFactory())
    assert client.get(reverse("after_sign_in")).url == reverse("workplace:index")


def test_health_page_answers(client):
    assert client.get(reverse("healthz")).content == b"ok"
