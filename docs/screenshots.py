"""Takes the README's pictures from a running demo: `bin/screenshots`, or `python -m docs.screenshots ADDRESS`.

What is to be seen is first made to happen, with the same clicks as in the journeys. The demo's clock is moved forward
by its buttons: to the next hour at which a counter is open, and last to a Friday evening, so that the receipt's day
strip shows days that are not counted.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from tests.journeys import pages
from tests.journeys.moving import Clock

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=900)
PICTURES = Path(__file__).resolve().parent / "pictures"
LIMIT = 200_000  # bytes of one picture
FRIDAY = 5
A_PAPER = 'main a[href^="/papers/"]'
#: Sharp on today's screens: pictures hold so many dots for each of the page's.
DENSITY = {PHONE["width"]: 2, DESK["width"]: 1.25}


class Camera:
    """One browser on one running demo."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address

    @contextmanager
    def visit(self, persona: str, lang: str, screen: ViewportSize) -> Iterator[Page]:
        """The page of a persona (nobody's when empty) in a window of her own."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport=screen,
            device_scale_factor=DENSITY[screen["width"]],
            locale={"kk": "kk-KZ", "ru": "ru-RU"}[lang],
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        if persona:
            pages.sign_in(page, persona)
        yield page
        context.close()


def keep(page: Page, name: str, height: int, until: Locator | None = None) -> None:
    """Write `docs/pictures/<name>.png`: the page from its top, at most `height` points of it, or down to `until`.

    Raises ValueError for a picture larger than LIMIT.
    """
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    page.evaluate("window.scrollTo(0, 0)")
    if until is not None:
        box = until.bounding_box()
        assert box is not None
        height = min(height, round(box["y"] + box["height"]) + 12)
    whole = page.evaluate("document.documentElement.scrollHeight")
    taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": min(height, whole)})
    small = io.BytesIO()
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True
    )
    if small.tell() > LIMIT:
        raise ValueError(f"{name}: {small.tell()} bytes, more than {LIMIT}.")
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(small.getvalue())
    sys.stderr.write(f"docs/pictures/{name}.png  {small.tell() // 1000} kB\n")


def opens_a_case(page: Page, *wanted: Locator) -> Locator:
    """Opens the nearest case of the desk whose page has the first thing wanted, else the second, and gives that back.

    Looks again for half a minute, because a worker may just be making it. Raises LookupError.
    """
    for _ in range(10):
        page.goto("/office/")
        cases = [link.get_attribute("href") or "" for link in page.locator("main tbody a").all()]
        for thing, address in product(wanted, cases):
            page.goto(address)
            if thing.count():
                return thing
        page.wait_for_timeout(3000)
    raise LookupError("No case on the desk has what is to be shown; start with a fresh demo.")


# ------------------------------------------------------------------------------------------------ what is to be seen


def first_page(camera: Camera) -> None:
    with camera.visit("", "kk", PHONE) as page:
        page.goto("/")
        keep(page, "home", 1000)


def desk_and_case(camera: Camera) -> None:
    """The specialist's desk, and the nearest case on it, if possible one that has a paper."""
    with camera.visit("dana", "kk", DESK) as page:
        page.goto("/office/")
        keep(page, "desk", 900)
    with camera.visit("dana", "ru", DESK) as page:
        opens_a_case(page, page.locator(A_PAPER), page.locator(".case-head"))
        keep(page, "case", 1250)


def signing_and_verifying(camera: Camera) -> None:
    """The director reads and signs; then anybody checks the paper by its code."""
    with camera.visit("marat", "kk", DESK) as page:
        ready = pages.thing(page, "Read and sign").and_(page.locator("a, [type=submit]"))
        of_a_referral = ready.and_(page.locator("main", has_text="ЖЛ-").locator("a, button"))
        opens_a_case(page, of_a_referral, ready).click()
        expect(pages.thing(page, "Sign with the demo key")).to_be_visible(timeout=pages.WORK)
        keep(page, "signing", 900, until=page.locator("#signing"))
        pages.signs(page)
        pages.sees(page, "Signed. The person has been told.")
        code = pages.code_on(pages.pdf(page, page.locator(A_PAPER).last))
    with camera.visit("", "ru", PHONE) as page:
        page.goto(f"/verify/{code}/")
        keep(page, "verify", 1000, until=page.locator("main .card").first)


def counter(camera: Camera) -> None:
    """Natalya stands at the counter of her centre; afterwards nothing is left of it."""
    with camera.visit("dana", "ru", DESK) as page:
        page.goto("/office/counter/")
        page.locator('main form.card input[type="text"]').first.fill("791102201140")
        for box in page.locator('main form.card input[type="checkbox"]').all():
            box.check()
        pages.press(page, "Go on")
        answered = page.locator("main .banner--done, main .panel--done")
        pages.look_until(page, answered)
        keep(page, "counter", 1250)
        pages.press(page, "End without accepting, next person")


def receipt_and_cabinet(camera: Camera) -> None:
    """Aigul applies on her telephone."""
    with camera.visit("aigul", "kk", PHONE) as page:
        pages.applies(page)
        keep(page, "receipt", 1500)
        page.goto("/cabinet/")
        keep(page, "cabinet", 1500)


# ------------------------------------------------------------------------------------------------------- the clock


def to_office_hours(clock: Clock) -> None:
    """Ten in the morning of a weekday, unless it is working time already."""
    while clock.now().isoweekday() > FRIDAY or not 9 < clock.now().hour < 17:
        clock.hours_on(1)


def to_friday_evening(clock: Clock) -> None:
    """After seven on a Friday, when the centre has closed; in mid-month, where no date looks like a number counted."""
    while clock.now().isoweekday() != FRIDAY or not 6 < clock.now().day < 22:
        clock.working_days_on(1)
    while clock.now().hour != 19:
        clock.hours_on(1)


def take(address: str) -> None:
    """All pictures. Raises playwright's errors and ValueError when the demo does not show what is expected."""
    clock = Clock(address)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        camera = Camera(browser, address)
        first_page(camera)
        to_office_hours(clock)
        desk_and_case(camera)
        signing_and_verifying(camera)
        counter(camera)
        to_friday_evening(clock)
        receipt_and_cabinet(camera)
        browser.close()
    clock.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a running demo, such as http://127.0.0.1:8000")
    take(parser.parse_args().address.rstrip("/"))
