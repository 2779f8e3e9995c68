"""What is not yours and what does not exist look the same."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.journeys import pages
from tests.journeys.conftest import PHONE, People

UNKNOWN = 987654
CITIZEN = ("/referral/{case}/", "/referral/{case}/check/", "/referral/{case}/done/", "/referral/{case}/withdraw/")
OFFICE = (
    "/office/referrals/referralapplication/{case}/change/",
    "/office/cases/{case}/sign/",
    "/office/cases/{case}/refusal/",
)
PAPER = "/papers/{paper}/"


def answer(page: Page, address: str) -> tuple[int, str]:
    """Status and words of a page; without the address, which the page of a stranger may carry in a link."""
    got = page.goto(address)
    assert got is not None
    return got.status, page.locator("body").inner_text()


def assert_same(page: Page, shapes: tuple[str, ...], **ids: int) -> None:
    for shape in shapes:
        foreign = answer(page, shape.format(**ids))
        unknown = answer(page, shape.format(**dict.fromkeys(ids, UNKNOWN)))
        assert foreign == unknown, shape
        assert foreign[0] == 404, shape


def test_a_foreign_case_and_an_unknown_one_give_the_same_page(people: People, monday: date) -> None:
    aigul = people("aigul", screen=PHONE)
    number = pages.applies(aigul)
    case = int(re.findall(r"/referral/(\d+)/", aigul.url)[0])
    pages.opens_the_case(aigul)
    address = aigul.locator('a[href^="/papers/"]').first.get_attribute("href") or ""
    paper = int(re.findall(r"\d+", address)[0])

    # Another citizen, a specialist of another centre, an officer of the region, a citizen at the staff's doors.
    assert_same(people("gulnar"), (*CITIZEN, PAPER), case=case, paper=paper)
    assert_same(people("zhanar"), (*OFFICE, PAPER), case=case, paper=paper)
    assert_same(people("bolat"), (*OFFICE, PAPER), case=case, paper=paper)
    assert_same(aigul, OFFICE, case=case)

    zhanar = people("zhanar")
    zhanar.goto("/office/")
    token = zhanar.locator('input[name="csrfmiddlewaretoken"]').first.input_value()
    for there in (case, UNKNOWN):
        form = {"csrfmiddlewaretoken": token, "seen": "1"}
        assert zhanar.request.post(f"/office/cases/{there}/do/take/", form=form).status == 404
    pages.finds(people("dana"), number)
    aigul.goto(f"/referral/{case}/")
    expect(aigul.locator("main")).to_contain_text(number)


def test_an_unknown_code_of_a_paper_tells_nothing(people: People) -> None:
    anybody = people()
    unknown = anybody.goto("/verify/AAAAAAAAAAAAAAAAAAAAAAAAAA/")
    assert unknown is not None
    assert unknown.status == 404
    pages.sees(anybody, "There is no document with this code")
