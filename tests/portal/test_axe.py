"""The gallery and the public pages before axe in a real browser: both schemes, telephone and desk, kk and ru."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = ["/", "/standard/", "/contacts/", "/accessibility/", "/gallery/", "/gallery/?staff", "/no-such-page/"]
#: Telephone, light, Kazakh; desk, dark, Russian; and a page enlarged four times (WCAG 1.4.10).
VIEWS = [(360, "light", "kk"), (1280, "dark", "ru"), (320, "light", "ru")]


def look(browser: Browser, address: str, width: int, scheme: str, lang: str) -> list[str]:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        extra_http_headers={"Accept-Language": lang},
    )
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(address)
    for closed in page.query_selector_all("details:not([open]) > summary"):
        closed.click()
    found = Axe().run(page).response["violations"]
    complaints += [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        complaints.append(f"the page is wider than {width} px")
    small = page.evaluate(
        """[...document.querySelectorAll("a.button, button, input:not([type=hidden]), select, summary, .top__nav a")]
        .filter(one => one.getBoundingClientRect().height && !one.closest("[aria-hidden=true]"))
        .filter(one => one.type !== "checkbox" && one.type !== "radio" && one.type !== "date")
        .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 90))"""
    )
    complaints += [f"lower than 44 px: {one}" for one in small]
    page.close()
    return complaints


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(path, live_server):
    found = {}
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for view in VIEWS:
            if complaints := look(browser, live_server.url + path, *view):
                found[view] = complaints
        browser.close()
    assert found == {}
