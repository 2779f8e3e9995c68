import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from bastau import clock
from bastau.gateways.exchange import Fault
from bastau.papers.authority import demo_sign
from bastau.people.models import Person, User, UserKind
from bastau.portal import tasks
from tests.conftest import MONDAY
from tests.factories import CitizenFactory, PersonFactory, make_iin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

UNKNOWN = make_iin(9000)


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def sms(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks, "send_sms", lambda to, text, *, key: sent.append((to, text, key)))
    return sent


def ask(client, iin, **more):
    return client.post(reverse("sign_in"), {"iin": iin, **more})


def deliver(sent_tasks):
    for name, args, _kwargs in sent_tasks:
        assert name == tasks.send_sign_in_code.name
        tasks.send_sign_in_code(*args)
    sent_tasks.clear()


def code_of(sms):
    return re.search(r"\d{6}", sms[-1][1])[0]


def signed_in(client):
    return "_auth_user_id" in client.session


def test_code_from_the_message_signs_in(client, person, sms, sent_tasks):
    ask(client, person.iin)
    deliver(sent_tasks)
    answer = client.post(reverse("sign_in_code"), {"code": code_of(sms)})
    assert answer.url == reverse("after_sign_in")
    assert User.objects.get(pk=client.session["_auth_user_id"]).person == person


def test_message_goes_to_the_phone_that_is_known(client, person, sms, sent_tasks):
    ask(client, person.iin)
    deliver(sent_tasks)
    assert sms[0][0] == person.phone


def test_iin_typed_in_two_groups_is_read(client, person, sms, sent_tasks):
    ask(client, f"{person.iin[:6]} {person.iin[6:]}")
    deliver(sent_tasks)
    assert sms


def test_sign_in_leads_back_to_the_page_that_was_wanted(client, person, sms, sent_tasks):
    ask(client, person.iin, next="/standard/")
    deliver(sent_tasks)
    assert client.post(reverse("sign_in_code"), {"code": code_of(sms)}).url == "/standard/"


def test_sign_in_never_leads_to_another_site(client, person, sms, sent_tasks):
    ask(client, person.iin, next="https://evil.example/")
    deliver(sent_tasks)
    assert client.post(reverse("sign_in_code"), {"code": code_of(sms)}).url == reverse("after_sign_in")


def test_second_sign_in_uses_the_same_account(client, person, sms, sent_tasks):
    user = CitizenFactory(person=person)
    ask(client, person.iin)
    deliver(sent_tasks)
    client.post(reverse("sign_in_code"), {"code": code_of(sms)})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_code_signs_nobody_in(client, person, sms, sent_tasks):
    ask(client, person.iin)
    deliver(sent_tasks)
    wrong = f"{(int(code_of(sms)) + 1) % 10**6:06d}"
    client.post(reverse("sign_in_code"), {"code": wrong})
    assert not signed_in(client)


def test_answer_is_the_same_whether_the_iin_is_known_or_not(client, person, sms, sent_tasks):
    known, unknown = ask(client, person.iin), ask(client, UNKNOWN)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(sent_tasks) == 2


def test_wrong_code_is_answered_alike_whether_the_iin_is_known_or_not(client, person, sms, sent_tasks):
    pages = []
    for iin in (person.iin, UNKNOWN):
        ask(client, iin)
        deliver(sent_tasks)
        page = client.post(reverse("sign_in_code"), {"code": "000000" if not sms else "999999"}).content.decode()
        pages.append(re.sub(r"\d{4}••••\d{4}|csrf\S+ value=\S+|X-CSRFToken\S+ \S+", "", page))
    assert pages[0] == pages[1]


def test_nobody_is_sent_a_message_for_an_unknown_iin(client, sms, sent_tasks):
    ask(client, UNKNOWN)
    deliver(sent_tasks)
    assert sms == []


def test_person_without_a_phone_is_sent_no_message(client, sms, sent_tasks):
    ask(client, PersonFactory(phone="").iin)
    deliver(sent_tasks)
    assert sms == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_message_is_written_in_the_language_of_the_person(client, sms, sent_tasks, language, monkeypatch):
    spoken = []
    real = tasks._
    monkeypatch.setattr(tasks, "_", lambda text: spoken.append(tasks.override and _active()) or real(text))
    ask(client, PersonFactory(language=language).iin)
    deliver(sent_tasks)
    assert spoken == [language]


def _active():
    from django.utils.translation import get_language

    return get_language()


def test_message_is_sent_again_when_the_gateway_is_down(client, person, sent_tasks, monkeypatch):
    from celery.exceptions import Retry

    def down(*args, **kwargs):
        raise Fault("down")

    monkeypatch.setattr(tasks, "send_sms", down)
    ask(client, person.iin)
    (_name, args, _kwargs) = sent_tasks[0]
    with pytest.raises((Fault, Retry)):
        tasks.send_sign_in_code(*args)


def test_message_to_a_number_that_does_not_exist_is_not_sent_again(client, person, sent_tasks, monkeypatch):
    tried = []

    def refused(*args, **kwargs):
        tried.append(args)
        raise Fault("refused", final=True)

    monkeypatch.setattr(tasks, "send_sms", refused)
    ask(client, person.iin)
    (_name, args, _kwargs) = sent_tasks[0]
    tasks.send_sign_in_code(*args)
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type your IIN"),
        ("12345", "12 digits"),
        ("850312400129", "last digit"),
        ("880101390770", "last digit"),
    ],
)
def test_wrong_iin_gets_a_sentence_that_says_what_to_do(client, typed, sentence, sent_tasks):
    client.cookies["bastau_language"] = "en"
    page = ask(client, typed).content.decode()
    assert sentence in page
    assert sent_tasks == []


def test_code_page_without_an_iin_leads_to_the_sign_in_page(client):
    assert client.get(reverse("sign_in_code")).url == reverse("sign_in")


def test_fourth_code_for_one_iin_from_one_address_waits(client, person, sms, sent_tasks):
    for _turn in range(3):
        assert ask(client, person.iin).status_code == 302
    assert ask(client, person.iin).status_code == 429
    assert len(sent_tasks) == 3


def test_pause_for_an_unknown_iin_is_that_of_a_known_one(client, person):
    answers = []
    for iin in (person.iin, UNKNOWN):
        answers.append([ask(client, iin).status_code for _turn in range(5)])
    assert answers[0] == answers[1]


def test_somebody_elses_pause_does_not_stop_the_citizen_at_another_address(client, person, sms, sent_tasks):
    for _turn in range(6):
        ask(client, person.iin)
    answer = client.post(reverse("sign_in"), {"iin": person.iin}, REMOTE_ADDR="10.9.9.9")
    assert answer.status_code == 302


def test_address_that_asks_for_many_iins_waits(client):
    for number in range(40):
        ask(client, make_iin(number + 100))
    assert ask(client, make_iin(999)).status_code == 429


def test_unreachable_broker_gets_a_sentence_instead_of_a_fault(client, person, monkeypatch):
    from kombu.exceptions import OperationalError

    def down(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tasks.send_sign_in_code, "delay", down)
    assert ask(client, person.iin).status_code == 503


def sign(client, user, **more):
    text = client.get(reverse("sign_in_text")).content
    cms = SimpleUploadedFile("text.cms", demo_sign(user, text))
    return client.post(reverse("sign_in_signature"), {"sign_with": "file", "cms_file": cms, **more})


def test_signature_signs_in(client):
    user = CitizenFactory()
    sign(client, user)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signature_in_base64_signs_in(client):
    import base64

    user = CitizenFactory()
    text = client.get(reverse("sign_in_text")).content
    cms = base64.b64encode(demo_sign(user, text)).decode()
    client.post(reverse("sign_in_signature"), {"sign_with": "ncalayer", "cms": cms})
    assert client.session["_auth_user_id"] == str(user.pk)


def stranger(**more):
    """Somebody with a certificate whom the portal does not know."""
    return User(kind=UserKind.CITIZEN, person=PersonFactory.build(**more))


def test_first_signature_of_an_unknown_iin_makes_the_person_from_the_certificate(client):
    somebody = stranger(surname="Қасымова", given_name="Гүлнар", patronymic="Төлегенқызы")
    sign(client, somebody)
    person = Person.objects.get(iin=somebody.person.iin)
    assert person.full_name == "Қасымова Гүлнар Төлегенқызы"
    assert person.birth_date == somebody.person.birth_date
    assert client.session["_auth_user_id"] == str(person.users.get().pk)


def test_certificate_does_not_change_the_name_that_is_known(client):
    person = PersonFactory(surname="Оспанова")
    sign(client, stranger(iin=person.iin, surname="Басқа"))
    person.refresh_from_db()
    assert person.surname == "Оспанова"


def test_certificate_without_a_date_of_birth_gets_a_sentence(client):
    from bastau.people.iin import check_digit

    first = "85031200001"
    iin = f"{first}{check_digit(first)}"
    answer = sign(client, stranger(iin=iin, birth_date="1985-03-12"))
    assert answer.status_code == 400
    assert not Person.objects.filter(iin=iin).exists()


def test_signature_of_another_text_signs_nobody_in(client):
    client.get(reverse("sign_in_text"))
    cms = SimpleUploadedFile("text.cms", demo_sign(CitizenFactory(), b"another text"))
    answer = client.post(reverse("sign_in_signature"), {"sign_with": "file", "cms_file": cms})
    assert answer.status_code == 400
    assert not signed_in(client)


def test_text_given_to_one_browser_is_of_no_use_in_another(client, django_user_model):
    from django.test import Client

    other = Client()
    other.get(reverse("sign_in_text"))
    text = client.get(reverse("sign_in_text")).content
    cms = SimpleUploadedFile("text.cms", demo_sign(CitizenFactory(), text))
    other.post(reverse("sign_in_signature"), {"sign_with": "file", "cms_file": cms})
    assert not signed_in(other)


def test_text_is_good_once(client):
    user = CitizenFactory()
    text = client.get(reverse("sign_in_text")).content
    cms = demo_sign(user, text)
    client.post(reverse("sign_in_signature"), {"sign_with": "file", "cms_file": SimpleUploadedFile("a.cms", b"x")})
    client.post(reverse("sign_in_signature"), {"sign_with": "file", "cms_file": SimpleUploadedFile("a.cms", cms)})
    assert not signed_in(client)


def test_text_is_good_for_five_minutes(client):
    user = CitizenFactory()
    text = client.get(reverse("sign_in_text")).content
    cms = demo_sign(user, text)
    with clock.at(MONDAY + timedelta(minutes=5)):
        client.post(reverse("sign_in_signature"), {"sign_with": "file", "cms_file": SimpleUploadedFile("a", cms)})
    assert not signed_in(client)


def test_text_names_site_and_purpose(client, settings):
    text = client.get(reverse("sign_in_text")).content.decode()
    assert settings.SITE_URL in text
    assert "Вход на портал" in text


def test_failed_codes_do_not_stop_a_signature(client, sms, sent_tasks):
    user = CitizenFactory()
    for _turn in range(20):
        ask(client, user.person.iin)
        client.post(reverse("sign_in_code"), {"code": "000000"})
    sign(client, user)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_closed_account_is_told_so(client):
    user = CitizenFactory(is_active=False)
    assert sign(client, user).status_code == 400
    assert not signed_in(client)


def test_garbage_instead_of_a_signature_gets_a_sentence(client):
    client.get(reverse("sign_in_text"))
    answer = client.post(reverse("sign_in_signature"), {"sign_with": "ncalayer", "cms": "not base64!"})
    assert answer.status_code == 400


def test_demo_key_of_a_persona_signs_in(client):
    user = CitizenFactory(persona="aigul")
    client.get(reverse("sign_in_signature"))
    client.post(reverse("sign_in_signature"), {"sign_with": "demo", "persona": "aigul"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_unknown_demo_key_does_not_exist(client):
    client.get(reverse("sign_in_signature"))
    assert client.post(reverse("sign_in_signature"), {"sign_with": "demo", "persona": "x"}).status_code == 404


def test_live_portal_has_no_demo_keys(client, live):
    CitizenFactory(persona="aigul")
    page = client.get(reverse("sign_in_signature"))
    assert b'value="demo"' not in page.content
    assert client.post(reverse("sign_in_signature"), {"sign_with": "demo", "persona": "aigul"}).status_code == 404


def test_signature_page_alone_may_reach_the_signing_program(client):
    assert "wss://127.0.0.1:13579" in client.get(reverse("sign_in_signature")).headers["Content-Security-Policy"]
    assert "wss://" not in client.get(reverse("sign_in")).headers["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("name", ["sign_in", "sign_in_signature"])
def test_pages_are_drawn_in_each_language(client, name, language):
    with override(None):
        client.cookies["bastau_language"] = language
        assert f'<html lang="{language}">' in client.get(reverse(name)).content.decode()


def test_who_is_signed_in_is_led_on(client):
    client.force_login(CitizenFactory())
    assert client.get(reverse("sign_in")).url == reverse("after_sign_in")


def test_iin_is_nowhere_in_an_address(client, person, sms, sent_tasks):
    answer = ask(client, person.iin)
    assert person.iin not in answer.url
    assert cache.get(f"ask:{sent_tasks[0][1][0]}")[1] == person.iin
    assert person.iin not in str(sent_tasks)
