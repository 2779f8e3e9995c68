import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.urls import NoReverseMatch, reverse

from bastau.people import invitations
from tests.factories import CitizenFactory, StaffFactory

pytestmark = pytest.mark.django_db

PASSWORD = "five green horses"


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def secret_of(user):
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    return get_adapter().decrypt(kept)


def enter_password(client, user, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_password_and_code_sign_in(client):
    user = StaffFactory(password=PASSWORD)
    assert enter_password(client, user).url == reverse("mfa_authenticate")
    answer = client.post(reverse("mfa_authenticate"), {"code": code_for(secret_of(user))})
    assert answer.url == reverse("after_sign_in")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_password_alone_does_not_sign_in(client):
    enter_password(client, StaffFactory(password=PASSWORD))
    assert not signed_in(client)


def test_wrong_code_does_not_sign_in(client):
    user = StaffFactory(password=PASSWORD)
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": "not it"})
    assert not signed_in(client)


def test_recovery_code_signs_in_once(client):
    user = StaffFactory(password=PASSWORD)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert signed_in(client)
    client.post(reverse("sign_out"))
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert not signed_in(client)


def test_wrong_password_is_told_in_a_sentence_and_the_email_stays(client):
    user = StaffFactory(password=PASSWORD)
    client.cookies["bastau_language"] = "en"
    page = enter_password(client, user, "wrong").content.decode()
    assert "The e-mail or the password is wrong" in page
    assert user.email in page


def test_unknown_email_is_answered_as_a_wrong_password_is(client):
    client.cookies["bastau_language"] = "en"
    page = client.post(reverse("account_login"), {"login": "nobody@demo.example", "password": PASSWORD}).content
    assert b"The e-mail or the password is wrong" in page


def test_many_wrong_passwords_bring_a_pause(client):
    user = StaffFactory(password=PASSWORD)
    for _turn in range(5):
        enter_password(client, user, "wrong")
    assert enter_password(client, user).status_code == 200


def test_closed_account_is_told_so(client):
    user = StaffFactory(password=PASSWORD, is_active=False)
    assert enter_password(client, user).url == reverse("account_inactive")
    assert client.get(reverse("account_inactive")).status_code == 200


def test_citizens_cannot_use_the_staff_door(client):
    user = CitizenFactory()
    client.post(reverse("account_login"), {"login": user.login, "password": "!"})
    assert not signed_in(client)


def test_sign_in_leads_back_to_the_page_that_was_wanted(client):
    user = StaffFactory(password=PASSWORD)
    enter_password(client, user, next="/admin/somewhere/")
    answer = client.post(reverse("mfa_authenticate"), {"code": code_for(secret_of(user))})
    assert answer.url == "/admin/somewhere/"


def test_staff_without_a_second_factor_is_led_to_set_it_up(client):
    enter_password(client, StaffFactory(password=PASSWORD, second_factor=False))
    assert client.get(reverse("workplace:index")).url == reverse("mfa_activate_totp")


def test_second_factor_is_set_up_with_the_first_code_and_opens_the_rest(client):
    user = StaffFactory(password=PASSWORD, second_factor=False)
    enter_password(client, user)
    client.get(reverse("mfa_activate_totp"))
    code = code_for(client.session["mfa.totp.secret"])
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get(reverse("workplace:index")).status_code == 200


def test_wrong_first_code_sets_nothing_up(client):
    user = StaffFactory(password=PASSWORD, second_factor=False)
    enter_password(client, user)
    client.get(reverse("mfa_activate_totp"))
    assert client.post(reverse("mfa_activate_totp"), {"code": "000"}).status_code == 200
    assert not Authenticator.objects.filter(user=user).exists()


def test_staff_without_a_second_factor_may_sign_out(client):
    enter_password(client, StaffFactory(password=PASSWORD, second_factor=False))
    client.post(reverse("sign_out"))
    assert not signed_in(client)


def test_second_factor_cannot_be_taken_away_by_its_owner(client):
    user = StaffFactory(password=PASSWORD)
    client.force_login(user)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password", "mfa_list_webauthn"])
def test_pages_that_staff_do_not_need_are_not_routed(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("address", ["/accounts/signup/", "/sign-in/staff/signup/", "/account/email/"])
def test_there_is_no_public_sign_up(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("own", [False, True])
def test_sign_in_of_the_admin_site_leads_to_the_one_page_and_back(client, own):
    desk = reverse("workplace:index")
    answer = client.get(f"{reverse('workplace:login') if own else '/admin/login/'}?next={desk}x/", follow=True)
    assert [step[0].split("?")[0] for step in answer.redirect_chain] == [reverse("sign_in")]
    assert 'name="password"' in answer.content.decode()
    assert f'value="{desk}x/"' in answer.content.decode()


def test_staff_door_stands_on_the_one_sign_in_page(client):
    page = client.get(reverse("sign_in") + "?door=staff").content.decode()
    assert f'action="{reverse("account_login")}"' in page


OWN = ["mfa_index", "account_change_password", "mfa_activate_totp", "mfa_view_recovery_codes"]


@pytest.mark.parametrize("name", OWN)
def test_account_pages_do_not_exist_for_citizens(client, name):
    client.force_login(CitizenFactory())
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", OWN)
def test_account_pages_ask_strangers_to_sign_in(client, name):
    assert client.get(reverse(name)).url.startswith(reverse("sign_in"))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("name", ["account_login", "account_inactive", "account_reset_password"])
def test_entrance_pages_are_drawn_in_each_language(client, name, language):
    client.cookies["bastau_language"] = language
    assert f'<html lang="{language}">' in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"])
def test_account_pages_are_drawn(client, name):
    user = StaffFactory(password=PASSWORD)
    RecoveryCodes.activate(user)
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret_of(user))})
    assert client.get(reverse(name)).status_code == 200


def test_recovery_codes_can_be_kept_as_a_file(client):
    user = StaffFactory(password=PASSWORD)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret_of(user))})
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().split() == codes


def test_password_is_asked_again_before_the_account_changes(client, later):
    client.force_login(StaffFactory(password=PASSWORD, second_factor=False))
    later(5 * 60 + 1)
    answer = client.get(reverse("mfa_activate_totp"), follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("account_reauthenticate"))
    assert answer.status_code == 200


def test_password_is_changed_by_its_owner(client):
    user = StaffFactory(password=PASSWORD)
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret_of(user))})
    new = "six yellow camels"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_weak_password_is_refused(client):
    user = StaffFactory(password=PASSWORD)
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret_of(user))})
    page = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    )
    assert page.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def follow_link(client, link, new):
    path = re.sub(r"^https?://[^/]+", "", link)
    answer = client.get(path)
    return client.post(answer.url, {"password1": new, "password2": new})


def test_link_sets_the_password_once(client):
    user = StaffFactory(second_factor=False)
    link = invitations.password_link(user)
    assert follow_link(client, link, PASSWORD).url == reverse("account_reset_password_from_key_done")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert client.get(reverse("account_reset_password_from_key_done")).status_code == 200
    again = client.get(re.sub(r"^https?://[^/]+", "", link))
    assert again.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_forgotten_password_brings_a_letter_with_a_link(client, language):
    user = StaffFactory(password=PASSWORD)
    client.cookies["bastau_language"] = language
    answer = client.post(reverse("account_reset_password"), {"email": user.email})
    assert answer.url == reverse("account_reset_password_done")
    assert client.get(answer.url).status_code == 200
    assert "/sign-in/staff/password/" in mail.outbox[0].body


def test_forgotten_password_of_nobody_is_answered_alike(client):
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@demo.example"})
    assert answer.url == reverse("account_reset_password_done")
    assert mail.outbox == []


def test_the_table_of_second_factors_holds_no_usable_secret():
    user = StaffFactory(password=PASSWORD)
    assert secret_of(user) not in str(Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data)
