"""axe on every page, for every role that can open it: Kazakh and Russian, telephone and desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys import pages
from tests.journeys.conftest import DESK, PHONE, People
from tests.journeys.residents import resident

LANGUAGES = ["kk", "ru"]
PUBLIC = (
    "/",
    "/demo/",
    "/referral/",
    "/standard/",
    "/contacts/",
    "/accessibility/",
    "/verify/",
    "/verify/AAAAAAAAAAAAAAAAAAAAAAAAAA/",
    "/sign-in/",
    "/sign-in/?door=staff",
    "/sign-in/signature/",
    "/sign-in/staff/forgotten/",
    "/sign-in/staff/forgotten/sent/",
    "/sign-in/closed/",
    "/no-such-page/",
)
#: Those who hold a post, and the first pages each has; the rest is found from their links.
STAFF = ("dana", "marat", "timur", "aliya", "bolat", "irina", "daniyar")
#: Addresses of the header and of lists; what stands below them is walked to.
ROOMS = re.compile(r"^/office/[^?]*$")


#: What sticks out on the right, the innermost things only.
TOO_WIDE = """() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    const out = [...document.querySelectorAll("body *")].filter(one => !one.children.length)
        .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1);
    const said = out.slice(0, 5).map(one => one.outerHTML.slice(0, 200));
    return said.length ? said : [document.documentElement.scrollWidth + " px"];
}"""


class Look:
    """Looks at pages with axe, at both widths, and keeps what it finds."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str, int], list[str]] = {}
        self.looked: set[str] = set()

    def at(self, page: Page, name: str = "", screens: Sequence[dict[str, int]] = (DESK, PHONE)) -> None:
        """The page that is open, with everything on it unfolded."""
        name = name or re.sub(r"\d+", "N", page.url.split("/", 3)[3])
        self.looked.add(name)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        lang = pages.language(page)
        for screen in screens:
            page.set_viewport_size(screen)
            # Colours are the same in every language and width; to measure them is most of axe's work.
            colours = (lang == "kk") == (screen is PHONE)
            options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
            complaints = [
                f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
                for one in Axe().run(page, options=options).response["violations"]
            ]
            complaints += [f"wider than the screen: {one}" for one in page.evaluate(TOO_WIDE)]
            if complaints:
                self.found[(name, lang, screen["width"])] = complaints

    def go(self, page: Page, address: str) -> None:
        page.goto(address)
        self.at(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_public_pages(people: People, lang: str) -> None:
    look, anybody = Look(), people(lang=lang)
    for address in PUBLIC:
        look.go(anybody, address)
    anybody.goto("/sign-in/")
    anybody.locator("main form button").first.click()
    look.at(anybody, "sign-in without an IIN")
    assert look.found == {}


@pytest.mark.parametrize(
    ("lang", "citizen", "specialist", "director"),
    [("kk", "aigul", "dana", "marat"), ("ru", "natalya", "oleg", "saule")],
)
def test_the_pages_of_a_case(
    people: People, monday: date, lang: str, citizen: str, specialist: str, director: str
) -> None:
    look = Look()
    number, page = _the_citizens_pages(people(citizen, lang=lang), look)

    desk = people(specialist, lang=lang)
    pages.finds(desk, number)
    look.at(desk, "case: accepted")
    pages.takes(desk)
    pages.waits_for_the_register_answers(desk)
    look.at(desk, "case: in check")
    desk.locator('form[action$="/mark/documents/"] button').click()
    look.at(desk, "case: a mark without an answer")
    pages.finds(desk, number)
    pages.marks_the_documents(desk)
    pages.press(desk, "Finish the check")
    look.at(desk, "case: checked")
    pages.press(desk, "Propose a refusal")
    look.at(desk, "refusal")
    pages.press(desk, "Put before the director")
    look.at(desk, "refusal without an answer")
    pages.finds(desk, number)
    pages.proposes_the_referral(desk)

    head = people(director, lang=lang)
    look.go(head, "/office/")
    pages.reads_the_decision(head, number)
    look.at(head, "signing of the decision")
    pages.finds(head, number)
    look.at(head, "case: before the director")
    pages.press(head, "Read and sign")
    pages.signs(head)
    look.at(head, "case: issued")
    for register in ("/office/papers/paper/", "/office/flow/step/", "/office/referrals/referralapplication/"):
        look.go(head, register)

    page.goto("/cabinet/")
    look.at(page, "cabinet: issued")
    page.get_by_role("link", name=number).first.click()
    look.at(page, "case of the citizen: issued")
    look.go(page, "/cabinet/notices/")
    link = page.goto("/cabinet/") and page.locator('main a[href^="/papers/"]').first
    look.go(page, f"/verify/{pages.code_on(pages.pdf(page, link))}/")
    assert look.found == {}


def _the_citizens_pages(page: Page, look: Look) -> tuple[str, Page]:
    pages.withdraws_what_is_under_way(page)
    look.go(page, "/cabinet/")
    pages.starts(page)
    look.at(page)
    pages.press(page, "Save and go on")
    look.at(page, "consents, not given")
    pages.consents(page)
    pages.look_until(page, pages.thing(page, "Go on"))
    look.at(page)
    pages.press(page, "Go on")
    look.at(page)
    pages.press(page, "Save and go on")
    look.at(page, "status, not chosen")
    pages.tells_the_status(page)
    look.at(page)
    pages.tells_the_contacts(page, "123")
    look.at(page, "contacts, a wrong telephone")
    pages.tells_the_contacts(page, "8 701 000 00 01")
    look.at(page)
    pages.goes_on_without_documents(page)
    look.at(page)
    pages.reads_the_application(page)
    look.at(page)
    pages.signs(page)
    number = pages.receipt_number(page)
    look.at(page)
    pages.opens_the_case(page)
    look.at(page)
    pages.press(page, "Withdraw the application")
    look.at(page)
    look.go(page, "/cabinet/")
    return number, page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_counter(people: People, monday: date, lang: str) -> None:
    look, page = Look(), people("aliya", lang=lang)
    page.goto("/office/counter/")
    pages.press(page, "Go on")
    look.at(page, "counter without an IIN")
    visitor = resident("35", 10 + LANGUAGES.index(lang))
    pages.comes(page, visitor)
    look.at(page, "who has come")
    pages.is_this_person(page)
    look.at(page, "documents")
    pages.press(page, "Accept the documents")
    look.at(page, "documents without answers")
    pages.accepts(page)
    pages.look_for_the_paper(page)
    look.at(page, "accepted")
    pages.receives(page, resident("35", 20 + LANGUAGES.index(lang)))
    pages.refuses_to_accept(page, "Құжат жоқ")
    pages.look_for_the_paper(page)
    look.at(page, "not accepted")
    assert look.found == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rooms_of_every_role(people: People, monday: date, lang: str) -> None:
    look, known = Look(), set[str]()
    counter = people("aliya", lang=lang)
    pages.receives(counter, resident("35", 30 + LANGUAGES.index(lang)))
    pages.accepts(counter)
    pages.look_for_the_paper(counter)
    for persona in STAFF:
        page = people(persona, lang=lang)
        waiting, seen = ["/office/"], {"/office/"}
        while waiting:
            address = waiting.pop()
            page.goto(address)
            # A page that another role has shown already: the telephone in Kazakh, the desk in Russian.
            once = address in known and address != "/office/"
            look.at(page, f"{persona}: {address}", [PHONE if lang == "kk" else DESK] if once else [DESK, PHONE])
            known.add(address)
            links = page.locator(".top__nav a, main ul.plain a").evaluate_all(
                "all => all.map(one => one.getAttribute('href'))"
            )
            fresh = [link for link in links if ROOMS.match(link) and link not in seen]
            seen.update(fresh)
            waiting += fresh
        if detail := page.locator('main tbody a[href*="/office/people/office/"]').all():
            look.go(page, detail[0].get_attribute("href") or "")
    assert any("registers" in name for name in look.looked)
    assert look.found == {}
