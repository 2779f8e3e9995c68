"""One library of factories for all tests. Everybody in it is synthetic: digit 7 of an IIN is 1 or 2."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from factory.django import DjangoModelFactory

from bastau.people.iin import check_digit
from bastau.people.models import Office, OfficeKind, Person, Post, Region, User, UserKind
from bastau.people.roles import Role


def make_iin(number: int, *, sex: str = "f") -> str:
    """The `number`-th valid IIN of this library."""
    born = date(1860, 1, 1) + timedelta(days=number * 37 % 14_000)
    serial = number * 3 % 9000
    while True:
        first = f"{born:%y%m%d}{'2' if sex == 'f' else '1'}{serial:04d}"
        digit = check_digit(first)
        if digit is not None:
            return f"{first}{digit}"
        serial += 1


def make_bin(number: int) -> str:
    """The `number`-th valid BIN of this library."""
    serial = 50_000 + number * 2
    digit = check_digit(f"110240{serial:05d}")
    return f"110240{serial:05d}{digit}" if digit is not None else make_bin(number + 20_000)


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "35"
    name_kk = "Қарағанды облысы"
    name_ru = "Карагандинская область"
    name_en = "Karaganda Region"
    zone = "Asia/Almaty"


class OfficeFactory(DjangoModelFactory):
    """A centre that serves its whole region; traits `sc`, `leb`, `ministry`."""

    class Meta:
        model = Office

    class Params:
        sc = factory.Trait(kind=OfficeKind.SC, serves=[])
        leb = factory.Trait(kind=OfficeKind.LEB)
        ministry = factory.Trait(kind=OfficeKind.MINISTRY, serves=[])

    code = factory.Sequence(lambda n: f"T-{n}")
    kind = OfficeKind.CENTRE
    region = factory.SubFactory(RegionFactory)
    kato = factory.LazyAttribute(lambda office: f"{office.region.code}1000000")
    serves = factory.LazyAttribute(lambda office: [office.region.code])
    bin = factory.Sequence(make_bin)
    zone = factory.LazyAttribute(lambda office: office.region.zone)
    name_kk = factory.LazyAttribute(lambda office: f"{office.code} орталығы (үлгі)")
    name_ru = factory.LazyAttribute(lambda office: f"Центр {office.code} (образец)")
    name_en = factory.LazyAttribute(lambda office: f"Centre {office.code} (sample)")
    address_kk = "Үлгі көшесі, 1-үй"
    address_ru = "улица Образцовая, дом 1"
    phone = "+77000000000"
    is_sample = True


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    class Params:
        male = factory.Trait(sex="m", surname="Оспанов", given_name="Ерлан", patronymic="Қайратұлы")

    sex = "f"
    iin = factory.LazyAttributeSequence(lambda person, n: make_iin(n, sex=person.sex))
    surname = "Сәрсенова"
    given_name = "Айгүл"
    patronymic = "Болатқызы"
    birth_date = factory.LazyAttribute(
        lambda person: date(1800 + int(person.iin[:2]), int(person.iin[2:4]), int(person.iin[4:6]))
    )
    phone = factory.Sequence(lambda n: f"+7700{n % 10**7:07d}")
    language = "kk"
    residence = "351000000"


class CitizenFactory(DjangoModelFactory):
    """A citizen's account."""

    class Meta:
        model = User

    kind = UserKind.CITIZEN
    person = factory.SubFactory(PersonFactory)
    login = factory.LazyAttribute(lambda user: f"citizen:{user.person.pk}")
    password = "!"
    language = "kk"


class StaffFactory(DjangoModelFactory):
    """A staff account with a second factor and, given `role` (and `office`), a post.

    `password` sets a usable one; `second_factor=False` leaves the application away.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    kind = UserKind.STAFF
    person = factory.SubFactory(PersonFactory, surname="Бекмұхамбетова", given_name="Дана", patronymic="Серікқызы")
    email = factory.Sequence(lambda n: f"staff{n}@demo.example")
    login = factory.LazyAttribute(lambda user: user.email)
    language = "kk"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> User:
        role, office = kwargs.pop("role", None), kwargs.pop("office", None)
        second_factor, password = kwargs.pop("second_factor", True), kwargs.pop("password", None)
        user = User.objects.create_user(password=password, **kwargs)
        if second_factor:
            TOTP.activate(user, generate_totp_secret())
        if role:
            PostFactory(user=user, role=role, **({"office": office} if office else {}))
        return user


class PostFactory(DjangoModelFactory):
    """A post in force since 2021 without an end; a substitution is given `substitutes` and `until`."""

    class Meta:
        model = Post

    user = factory.SubFactory(StaffFactory)
    office = factory.SubFactory(OfficeFactory)
    role = Role.SPECIALIST
    order_number = factory.Sequence(lambda n: f"{n + 1}-ж/қ")
    order_date = date(2021, 1, 4)
    since = datetime(2021, 1, 4, 4, 0, tzinfo=UTC)
    until = None
