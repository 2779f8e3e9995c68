from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from bastau.gateways.simulators.people import make_iin
from bastau.gateways.simulators.server import Simulators
from tests.gateways import serving

PERSONA = {
    "persona": "aigul",
    "kind": "citizen",
    "iin": make_iin(3),
    "surname": "Үлгібаева",
    "given_name": "Айгүл",
    "patronymic": "",
    "birth_date": "1885-03-12",
    "sex": "f",
    "residence": "351000000",
    "address_kk": "Қарағанды қ.",
    "address_ru": "г. Караганда",
    "phone": "+77010000001",
    "labour": {"registered_unemployed": True, "registered_on": "2024-02-05", "target_status": "UNEMPLOYED"},
}


@pytest.fixture(scope="session")
def _server() -> Iterator[Simulators]:
    with serving.running({str(PERSONA["iin"]): PERSONA}) as server:
        yield server


@pytest.fixture
def persona() -> dict[str, Any]:
    """The one persona whom the simulators of these tests know."""
    return PERSONA


@pytest.fixture
def simulators(_server: Simulators, settings: Any) -> Simulators:
    """The other systems, in order and with empty logs."""
    return serving.pointed_at(_server, settings)


@pytest.fixture
def broken(simulators: Simulators) -> Callable[..., None]:
    """`broken(system, mode, times=None)` breaks a system as anybody outside could: by HTTP."""
    return partial(serving.broken, simulators)
