from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bastau.gateways.simulators.server import Simulators
from bastau.notices import NoticeKind, register
from bastau.people.models import Office, Person, User
from tests.factories import CitizenFactory, OfficeFactory, PersonFactory, StaffFactory
from tests.gateways import serving

SAMPLE = register(
    NoticeKind(
        "N-SAMPLE",
        title={"kk": "Үлгі {no}", "ru": "Образец {no}", "en": "Sample {no}"},
        text={"kk": "Үлгі, № {no}. Күні: {date}.", "ru": "Образец, № {no}. Дата: {date}.", "en": "No. {no}, {date}."},
        sms={"kk": "Қысқаша {no}", "ru": "Кратко {no}", "en": "Short {no}"},
        more={"kk": "Толығырақ.", "ru": "Подробнее.", "en": "More."},
    )
)


@pytest.fixture
def morning() -> datetime:
    """Friday 5 June 2026, ten in the morning in Karaganda."""
    return datetime(2026, 6, 5, 5, 0, tzinfo=UTC)


@pytest.fixture
def queued(sent_tasks: list[tuple]) -> Callable[[], list[str]]:
    """`queued()` lists the tasks handed to Celery."""
    return lambda: [name.rsplit(".", 1)[-1] for name, _args, _kwargs in sent_tasks]


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """`person(**fields)` makes another person with phone and e-mail."""
    return partial(PersonFactory, phone="+77010000001", email="aigul@example.kz")


@pytest.fixture
def citizen(person: Callable[..., Person]) -> Callable[..., User]:
    """`citizen(language="kk", **person)` makes a citizen who signs in."""
    return lambda language="kk", **fields: CitizenFactory(person=person(**fields), language=language)


@pytest.fixture
def office(db: None) -> Office:
    return OfficeFactory()


@pytest.fixture
def staff(office: Office) -> Callable[..., User]:
    """`staff(role)` makes a Russian-speaking member of staff of the office."""
    return lambda role, **fields: StaffFactory(role=role, office=office, **{"language": "ru", **fields})


@pytest.fixture(scope="session")
def _server() -> Iterator[Simulators]:
    with serving.running({}) as server:
        yield server


@pytest.fixture
def sms_gateway(_server: Simulators, settings: Any) -> Simulators:
    """The SMS gateway, in order and with an empty log."""
    return serving.pointed_at(_server, settings)


@pytest.fixture
def sent_sms(sms_gateway: Simulators) -> Callable[[], list[dict[str, str]]]:
    """`sent_sms()` lists the messages that left the gateway."""
    return lambda: serving.log(sms_gateway)["sms"]


@pytest.fixture
def broken(sms_gateway: Simulators) -> Callable[..., None]:
    """`broken(mode, times=None)` breaks the SMS gateway."""
    return partial(serving.broken, sms_gateway, "sms")
