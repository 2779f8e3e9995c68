from collections.abc import Callable

import pytest
from django.core import signing


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Real time goes on by so many seconds."""
    real = signing.time.time
    passed = {"seconds": 0.0}
    monkeypatch.setattr(signing.time, "time", lambda: real() + passed["seconds"])

    def move(seconds):
        passed["seconds"] += seconds

    return move
