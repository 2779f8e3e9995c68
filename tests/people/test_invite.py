from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command

from bastau.people.models import Post, User
from bastau.people.roles import Role
from tests.factories import OfficeFactory, PersonFactory, PostFactory, StaffFactory, make_iin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def invite(*words, **more):
    out = StringIO()
    options = {
        "iin": make_iin(77),
        "surname": "Есенова",
        "given_name": "Жанар",
        "role": "specialist",
        "office": "T-1",
        "order": "12-ж/қ",
        "order_date": "2026-06-05",
        **more,
    }
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items() if value is not None]
    call_command("invite", "Zhanar@Demo.example", *flags, *words, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def office():
    return OfficeFactory(code="T-1")


def test_invitation_makes_account_and_post(office):
    invite()
    user = User.objects.get(email="zhanar@demo.example")
    post = Post.objects.get(user=user)
    assert (post.office, post.role, post.order_number) == (office, Role.SPECIALIST, "12-ж/қ")
    assert not user.has_usable_password()


def test_invitation_prints_the_link():
    assert "/sign-in/staff/password/" in invite()


def test_invitation_may_be_sent():
    invite("--send")
    assert mail.outbox[0].to == ["zhanar@demo.example"]
    assert "/sign-in/staff/password/" in mail.outbox[0].body


def test_further_post_keeps_the_account():
    invite()
    invite(role="unit_head", order="13-ж/қ")
    user = User.objects.get(email="zhanar@demo.example")
    assert set(user.posts.values_list("role", flat=True)) == {"specialist", "unit_head"}


def test_known_citizen_becomes_staff_as_the_same_person():
    person = PersonFactory(iin=make_iin(77))
    invite()
    assert User.objects.get(email="zhanar@demo.example").person == person


def test_last_day_of_a_period_belongs_to_it(frozen):
    director = PostFactory(role=Role.DIRECTOR, office__code="T-2")
    invite(role="director", office="T-2", substitutes=director.pk, until="2026-06-12")
    post = Post.objects.get(substitutes=director)
    assert timedelta(days=4, hours=13) < post.until - frozen < timedelta(days=4, hours=14)


def test_substitution_without_an_end_is_refused():
    director = PostFactory(role=Role.DIRECTOR, office__code="T-2")
    with pytest.raises(CommandError):
        invite(role="director", office="T-2", substitutes=director.pk)
    assert not User.objects.filter(email="zhanar@demo.example").exists()


@pytest.mark.parametrize("wrong", [{"iin": "850312400129"}, {"office": "T-9"}, {"substitutes": 10**9}, {"order": None}])
def test_wrong_invitation_is_refused_with_a_sentence_and_changes_nothing(wrong):
    with pytest.raises(CommandError):
        invite(**wrong)
    assert not User.objects.filter(email="zhanar@demo.example").exists()


def test_email_of_somebody_else_is_refused():
    StaffFactory(email="zhanar@demo.example")
    with pytest.raises(CommandError):
        invite()


def test_beginning_anew_takes_password_and_second_factor_away():
    user = StaffFactory(email="lost@demo.example", password="five green horses")
    call_command("invite", "lost@demo.example", "--again", stdout=StringIO())
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not Authenticator.objects.filter(user=user).exists()


def test_beginning_anew_of_nobody_is_refused():
    with pytest.raises(CommandError):
        call_command("invite", "nobody@demo.example", "--again", stdout=StringIO())
