"""What all tests share: test mode, a clock that can stand still, and strictness about what production would swallow."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

os.environ["BASTAU_MODE"] = "test"  # of every process a test starts

ROOT = Path(__file__).resolve().parent.parent
ALMATY = ZoneInfo("Asia/Almaty")
#: A Monday morning without holidays near it.
MONDAY = datetime(2026, 6, 8, 10, 0, tzinfo=ALMATY)


_engines = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    from bastau.embedded import attached

    # Started, or found running; whoever leaves last lets them stop.
    _engines.enter_context(attached())
    # pytest-django has read the settings before this file; nothing in them depends on demo or test.
    from django.conf import settings

    settings.BASTAU_MODE = "test"
    # A password hash that takes its time is of no use here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Pages are drawn without collected files and their hashed names.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT = tempfile.mkdtemp(prefix="bastau-static-")
    config.add_cleanup(lambda: shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.CACHES["default"]["KEY_PREFIX"] = f"test-{worker}-{os.getpid()}"


def pytest_unconfigure(config: pytest.Config) -> None:
    _engines.close()


@pytest.fixture
def frozen() -> Iterator[datetime]:
    """Time stands still at Monday 2026-06-08, 10:00 in Almaty."""
    from bastau import clock

    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """What a test keeps goes away with it."""
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "kept"}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}


@pytest.fixture
def live(settings: Any) -> Any:
    """The portal as it is in live mode, as far as one process can be."""
    settings.BASTAU_MODE, settings.LIVE = "live", True
    return settings


@pytest.fixture(autouse=True)
def _fresh_counters() -> Iterator[None]:
    """No test meets another's limits, codes or cached calendars."""
    from django.core.cache import cache

    yield
    cache.delete_many(list(_keys(cache)))


def _keys(cache: Any) -> Iterator[str]:
    prefix = f"{cache.key_prefix}:{cache.version}:"
    for key in cache._cache.get_client(None).scan_iter(match=f"{prefix}*", count=500):
        yield key.decode().removeprefix(prefix)


@pytest.fixture(autouse=True)
def sent_tasks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple, dict]]:
    """What was handed to Celery, instead of a broker: (name of the task, args, kwargs).

    Nothing is run: a test that wants the work done calls the task itself. Journeys and tests that use the fixture
    `real_queue` hand over for real.
    """
    from celery.app.task import Task

    sent: list[tuple[str, tuple, dict]] = []
    if request.node.get_closest_marker("journey") or "real_queue" in request.fixturenames:
        return sent

    def note(self: Task, args: Any = None, kwargs: Any = None, **options: Any) -> None:
        sent.append((self.name, tuple(args or ()), dict(kwargs or {})))

    monkeypatch.setattr(Task, "apply_async", note)
    return sent


@pytest.fixture
def real_queue() -> None:
    """Let this test hand its tasks to the real broker."""


class UndefinedVariable(str):
    """Stands in for an undefined template variable and fails, unless a template of somebody else asks for it."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: object) -> str:
        frame: Any = sys._getframe(1)
        while frame is not None:
            node = frame.f_locals.get("self")
            origin = getattr(node, "origin", None)
            if frame.f_code.co_name in {"render_annotated", "_render", "render"} and origin is not None:
                name = str(getattr(origin, "name", ""))
                if name.startswith(str(ROOT)) and "/.venv/" not in name:
                    raise AssertionError(f"{name} uses {variable}, which nobody defined.")
                return ""
            frame = frame.f_back
        return ""


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> Iterator[None]:
    from django.template import engines

    engine = engines["django"].engine
    engine.string_if_invalid = UndefinedVariable("%s")
    yield
    engine.string_if_invalid = ""


@pytest.fixture(autouse=True, scope="session")
def _unordered_rows_come_in_any_order() -> Iterator[None]:
    """A list without an order is shuffled, so that no test leans on the order the database happens to give."""
    from django.db.models import query

    fetch = query.QuerySet._fetch_all

    def shuffled(self: Any) -> None:
        fresh = self._result_cache is None
        fetch(self)
        rows = self._result_cache
        if fresh and len(rows) > 1 and not self.query.is_sliced and not self.ordered:
            random.shuffle(rows)

    query.QuerySet._fetch_all = shuffled
    yield
    query.QuerySet._fetch_all = fetch


@pytest.fixture(autouse=True, scope="session")
def _locks_name_their_table() -> Iterator[None]:
    """select_for_update without `of` would lock joined rows too; in our own code it fails."""
    from django.db.models import query

    lock = query.QuerySet.select_for_update

    def named(self: Any, nowait: bool = False, skip_locked: bool = False, of: Any = (), no_key: bool = False) -> Any:
        caller = sys._getframe(1).f_code.co_filename
        assert of or not caller.startswith(str(ROOT)) or "/.venv/" in caller, f"{caller}: say select_for_update(of=...)"
        return lock(self, nowait=nowait, skip_locked=skip_locked, of=of, no_key=no_key)

    query.QuerySet.select_for_update = named
    yield
    query.QuerySet.select_for_update = lock
