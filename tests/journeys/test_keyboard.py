"""A whole application by keyboard alone, from the first page to the receipt."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.journeys import pages
from tests.journeys.conftest import People

#: Whether the element has the focus, and whether one can see that.
IN_FOCUS = "one => one === document.activeElement"
SEEN = """one => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
}"""


def to(page: Page, wanted: Locator) -> None:
    """Tab on until `wanted` has the focus, and the focus is to be seen."""
    expect(wanted).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate(IN_FOCUS):
            assert wanted.evaluate(SEEN), f"the focus on {wanted} is not to be seen"
            return
    raise AssertionError(f"{wanted} cannot be reached by Tab")


def enter(page: Page, label: str) -> None:
    to(page, pages.thing(page, label))
    page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """Into the group of radio buttons by Tab, to the wanted one by the arrows."""
    group = page.locator(f'input[name="{name}"]')
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            break
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if page.locator(f'input[name="{name}"][value="{value}"]').is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} cannot be chosen")


def test_a_whole_application_by_keyboard_alone(people: People, monday: date) -> None:
    page = people("aigul")
    pages.withdraws_what_is_under_way(page)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    to(page, page.locator("main a.button--big"))
    page.keyboard.press("Enter")
    enter(page, "Start the application")
    for box in ("consent_data", "consent_secrets"):
        to(page, page.locator(f'input[name="{box}"]'))
        page.keyboard.press("Space")
    enter(page, "Save and go on")
    expect(pages.thing(page, "Go on")).to_be_visible(timeout=pages.WORK)
    enter(page, "Go on")
    expect(page.locator('input[name="target_status"]').first).to_be_visible()
    choose(page, "target_status", "E02")
    choose(page, "study_form", "online")
    enter(page, "Save and go on")
    to(page, page.locator('input[name="phone"]'))
    page.keyboard.press("Control+A")
    page.keyboard.type("8 705 123 45 67")
    choose(page, "language", "kk")
    enter(page, "Save and go on")
    enter(page, "Go on without documents")
    expect(page.locator("main")).to_contain_text("(705) 123-45-67")
    enter(page, "Prepare the application for signing")
    expect(pages.thing(page, "Sign with the demo key")).to_be_visible(timeout=pages.WORK)
    enter(page, "Sign with the demo key")
    assert pages.receipt_number(page)
    enter(page, "To my cabinet")
    expect(page).to_have_url(pages.CABINET)
