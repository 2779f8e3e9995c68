from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import translation

from bastau import clock

#: Wednesday 10 June 2026, 13:18 in Almaty.
NOW = datetime(2026, 6, 10, 8, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock_stands_still() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture(params=["kk", "ru", "en"])
def lang(request) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def kk() -> Iterator[None]:
    with translation.override("kk"):
        yield
