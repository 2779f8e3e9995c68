"""signing.js in a real browser against a stand-in that speaks NCALayer's protocol, and the pages before axe."""

from __future__ import annotations

import base64
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright
from websockets.sync.server import ServerConnection, serve

from bastau.papers import pages
from bastau.papers.authority import demo_sign
from bastau.papers.models import Paper, PaperState
from bastau.people.models import User

pytestmark = [pytest.mark.urls("tests.papers.signing_urls"), pytest.mark.django_db(transaction=True)]

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Layer:
    """The signing program: answers what `answer` makes of a request and keeps the requests."""

    def __init__(self, answer: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
        self.answer, self.asked = answer, []
        self.server = serve(self._talk, "127.0.0.1", 0)
        self.address = f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def _talk(self, line: ServerConnection) -> None:
        line.send('{"result":{"version":"1.4"}}')
        for message in line:
            self.asked.append(json.loads(message))
            said = self.answer(self.asked[-1])
            if said is None:
                return
            line.send(json.dumps(said))

    def __enter__(self) -> Layer:
        self.thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.server.shutdown()
        self.thread.join(10)


@pytest.fixture
def paper(ready: Callable[..., Paper]) -> Paper:
    return ready("application_a1", shown=True)


def cookies_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies["bastau_session"].value


@pytest.fixture
def visit(live_server: Any, citizen: User) -> Iterator[Callable[..., Any]]:
    """Opens an address as the citizen and does something there; the browser is closed before the test looks on."""
    session = cookies_of(citizen)

    def go(address: str, do: Callable[[Page], Any], *, script: bool = True, width: int = 1280) -> Any:
        with sync_playwright() as started:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 900})
            context.add_cookies([{"name": "bastau_session", "value": session, "url": live_server.url}])
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(live_server.url + address)
            found = do(page)
            browser.close()
        assert errors == []
        return found

    return go


def press(page: Page) -> str:
    """Presses the button and gives back what the page says in the end."""
    page.click("[data-sign]")
    page.wait_for_function(
        "() => document.body.innerText.trim() === 'signed' || document.querySelector('.error-summary')"
        " || (document.querySelector('[data-problem]') && !document.querySelector('[data-problem]').hidden)"
    )
    return page.inner_text("body").strip()


def test_ncalayer_signs_the_very_bytes_and_the_page_sends_the_signature(
    paper: Paper, citizen: User, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = paper.content()
    signed = {"code": "200", "responseObject": base64.b64encode(demo_sign(citizen, content)).decode()}
    with Layer(lambda _: signed) as layer:
        monkeypatch.setattr(pages, "NCALAYER", layer.address)
        assert visit(f"/test-sign/{paper.pk}/", press) == "signed"
    assert layer.asked == [
        {
            "module": "kz.gov.pki.knca.commonUtils",
            "method": "createCAdESFromBase64",
            "args": ["PKCS12", "SIGNATURE", base64.b64encode(content).decode(), False],
        }
    ]
    paper.refresh_from_db()
    assert paper.state == PaperState.SIGNED


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"code": "500", "message": "action.canceled"}, "data-cancelled"),
        ({"code": "500", "message": "bad key"}, "data-wrong"),
        (None, "data-absent"),
    ],
)
def test_what_goes_wrong_in_ncalayer_is_said(
    paper: Paper, visit: Any, monkeypatch: pytest.MonkeyPatch, answer: dict[str, str] | None, sentence: str
) -> None:
    with Layer(lambda _: answer) as layer:
        monkeypatch.setattr(pages, "NCALAYER", layer.address)

        def do(page: Page) -> tuple[str, str]:
            press(page)
            return page.inner_text("[data-problem]"), page.get_attribute("#signing", sentence) or "?"

        shown, meant = visit(f"/test-sign/{paper.pk}/", do)
    assert shown == meant
    paper.refresh_from_db()
    assert paper.state == PaperState.READY


def test_without_ncalayer_the_page_says_to_start_it(paper: Paper, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "NCALAYER", "ws://127.0.0.1:9")

    def do(page: Page) -> tuple[str, str]:
        press(page)
        return page.inner_text("[data-problem]"), page.get_attribute("#signing", "data-absent") or "?"

    shown, meant = visit(f"/test-sign/{paper.pk}/", do)
    assert shown == meant


def test_a_nonsense_signature_from_ncalayer_is_refused_with_a_sentence(
    paper: Paper, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Layer(lambda _: {"code": "200", "responseObject": "aGVsbG8="}) as layer:
        monkeypatch.setattr(pages, "NCALAYER", layer.address)
        visit(f"/test-sign/{paper.pk}/", lambda page: press(page) and page.wait_for_selector(".error-summary"))
    paper.refresh_from_db()
    assert paper.state == PaperState.READY


def test_the_demo_key_signs_without_javascript(paper: Paper, visit: Any) -> None:
    def do(page: Page) -> str:
        assert not page.is_visible("[data-sign]")
        page.click("button[value=demo]")
        return page.inner_text("body").strip()

    assert visit(f"/test-sign/{paper.pk}/", do, script=False) == "signed"


def test_a_signature_file_is_sent_without_javascript(paper: Paper, citizen: User, visit: Any) -> None:
    cms = demo_sign(citizen, paper.content())

    def do(page: Page) -> str:
        page.click("summary")
        page.set_input_files("#id_cms_file", {"name": "a.cms", "mimeType": "application/octet-stream", "buffer": cms})
        page.click("button[value=file]")
        return page.inner_text("body").strip()

    assert visit(f"/test-sign/{paper.pk}/", do, script=False) == "signed"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_are_accessible(paper: Paper, visit: Any, width: int) -> None:
    addresses = [f"/test-sign/{paper.pk}/", reverse("verify"), reverse("verify", args=[paper.code]), "/verify/none/"]

    def look(page: Page) -> list[str]:
        for closed in page.query_selector_all("details:not([open]) > summary"):
            closed.click()
        found = [one["id"] for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("wider than the screen")
        if shots := os.environ.get("BASTAU_SHOTS"):
            page.screenshot(path=f"{shots}/{page.url.split('/')[3]}-{len(page.url)}-{width}.png", full_page=True)
        return found

    assert {address: visit(address, look, width=width) for address in addresses} == {
        address: [] for address in addresses
    }
