"""One running portal a worker, one browser a module, one signed-in page a person."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys import pages
from tests.journeys.moving import Clock
from tests.journeys.running import Portal, running_portal

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}

#: Opens a page as a persona; nobody when it is empty.
People = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


# The portal of a journey keeps files, counters and caches of its own, in a folder of its own.


@pytest.fixture
def _own_files() -> None:
    pass


@pytest.fixture
def _fresh_counters() -> None:
    pass


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """Server, worker, beat, simulators and engines, started once."""
    with pytest.MonkeyPatch.context() as patch:

        def put(name: str, value: str | None) -> None:
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)

        with running_portal(put) as portal:
            patch.undo()  # what the other tests of this process start is theirs
            yield portal


@pytest.fixture(scope="session")
def clock(portal: Portal) -> Iterator[Clock]:
    moved = Clock(portal.url)
    yield moved
    moved.close()


@pytest.fixture
def monday(clock: Clock) -> date:
    """It is Monday, past ten in Almaty, and two weeks without holidays lie ahead."""
    return clock.to_a_plain_monday()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # A module's, not the session's: while it runs, Django takes this process for an asynchronous one.
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def people(browser: Browser, portal: Portal) -> Iterator[People]:
    """`people("dana", lang="kk", screen=DESK)`: her page, signed in, in a browser of her own."""
    opened: list[BrowserContext] = []

    def open_page(persona: str = "", lang: str = "kk", screen: dict[str, int] = DESK, **more: Any) -> Page:
        context = browser.new_context(
            base_url=portal.url, viewport=screen, locale={"kk": "kk-KZ", "ru": "ru-RU"}[lang], **more
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        page = context.new_page()
        if persona:
            pages.sign_in(page, persona)
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def breaks() -> None:
    """The journey breaks something itself, so processes may log errors."""


@pytest.fixture(autouse=True)
def _no_mishap(request: pytest.FixtureRequest, portal: Portal) -> Iterator[None]:
    """No process may log an error."""
    before = portal.said()
    yield
    if "breaks" not in request.fixturenames:
        assert portal.mishaps(before) == []
