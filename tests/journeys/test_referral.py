"""The path from the citizen's first page to a referral or a refusal, on a telephone and at the centre's desks."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

from PIL import Image
from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.conftest import PHONE, People
from tests.journeys.dates import spoken
from tests.journeys.words import said

REFERRAL = re.compile(r"ЖЛ-35-\d{4}-\d+")
REFUSAL = re.compile(r"БТ-35-\d{4}-\d+")


def picture() -> bytes:
    """A small PNG."""
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(kept, "PNG")
    return kept.getvalue()


def number_on(text: str, shape: re.Pattern[str]) -> str:
    found = shape.search(text)
    assert found is not None, text
    return found[0]


def test_portal_to_issued(people: People, monday: date) -> None:
    aigul = people("aigul", screen=PHONE)
    pages.starts(aigul)
    pages.consents(aigul)
    # The page draws itself anew when the answers are there.
    expect(pages.thing(aigul, "Go on")).to_be_visible(timeout=pages.WORK)
    pages.press(aigul, "Go on")
    pages.tells_the_status(aigul)
    pages.tells_the_contacts(aigul, "8 701 000 00 01")
    pages.attaches(aigul, "еңбек кітапшасы.png", picture())
    pages.goes_on_without_documents(aigul)
    pages.press(aigul, "Prepare the application for signing")
    expect(pages.thing(aigul, "Sign with the demo key")).to_be_visible(timeout=pages.WORK)
    pages.signs(aigul)
    number = pages.receipt_number(aigul)
    assert re.fullmatch(r"\w+-35-\d{4}-\d+", number)
    receipt = aigul.locator("main")
    # Three working days after the day of acceptance, which is not counted.
    expect(receipt).to_contain_text(spoken(monday + timedelta(days=3), "kk"))
    expect(receipt.locator(".strip li")).to_have_count(4)
    pages.opens_the_case(aigul)

    dana = people("dana")
    pages.checks(dana, number)
    attached = dana.get_by_role("link", name="еңбек кітапшасы.png").get_attribute("href") or ""
    kept = dana.request.get(attached)
    assert kept.headers["content-disposition"].startswith("attachment")
    assert kept.headers["content-type"] == "image/png"
    pages.proposes_the_referral(dana)
    pages.decides(people("marat"), number)

    aigul.reload()
    pages.sees(aigul, "The referral is issued")
    link = aigul.get_by_role("link", name=REFERRAL)
    referral = number_on(link.inner_text(), REFERRAL)
    paper = pages.pdf(aigul, link)
    assert referral in paper
    assert "Сәрсенова" in paper
    aigul.goto("/cabinet/")
    expect(aigul.locator("main")).to_contain_text(f"Оқуға жолдама дайын, № {referral}.")

    anybody = people()
    anybody.goto(f"/verify/{pages.code_on(paper)}/")
    expect(anybody.locator(".badge--done")).to_have_text(said("In force", "kk"))
    expect(anybody.locator("main")).to_contain_text(referral)
    pages.sees(anybody, "The signature fits the document. The certificate was in force at the moment of signing.")


def test_portal_to_refused(people: People, monday: date) -> None:
    # Every page works without JavaScript.
    natalya = people("natalya", lang="ru", screen=PHONE, java_script_enabled=False)
    number = pages.applies(natalya)
    expect(natalya.locator("main")).to_contain_text(spoken(monday + timedelta(days=3), "ru"))
    pages.opens_the_case(natalya)

    oleg = people("oleg", lang="ru")
    pages.checks(oleg, number, documents="no")
    expect(pages.thing(oleg, "Propose the referral")).to_have_attribute("aria-disabled", "true")
    reasons, remedy = "Представленная справка выдана другому лицу.", "Представить справку на свое имя."
    pages.proposes_a_refusal(oleg, reasons, remedy)
    pages.decides(people("marat", lang="ru"), number)

    natalya.reload()
    pages.sees(natalya, "The referral is refused")
    expect(natalya.locator("main")).to_contain_text(reasons)
    expect(natalya.locator("main")).to_contain_text(remedy)
    pages.sees(natalya, "You have the right to complain or to go to court.")
    versions = natalya.get_by_role("link", name=REFUSAL).all()
    papers = [pages.pdf(natalya, version) for version in versions]
    assert len(papers) == 2, "the refusal is made in Kazakh and, on choice, in Russian"
    assert len({number_on(version.inner_text(), REFUSAL) for version in versions}) == 1
    assert any("справка выдана другому лицу" in " ".join(paper.split()) for paper in papers)
    natalya.goto("/cabinet/")
    expect(natalya.locator("main")).to_contain_text("В выдаче направления отказано. Основание:")


def test_a_case_that_the_director_returned_is_issued_after_it_was_mended(people: People, monday: date) -> None:
    gulnar = people("gulnar", screen=PHONE)
    number = pages.applies(gulnar)
    pages.opens_the_case(gulnar)
    dana, marat = people("dana"), people("marat")
    pages.checks(dana, number)
    pages.proposes_the_referral(dana)

    pages.reads_the_decision(marat, number)
    first = number_on(marat.locator("main h2").first.inner_text(), REFERRAL)
    comment = "Мекенжайын анықтап, қайта ұсыныңыз."
    pages.sends_back(marat, number, comment)

    dana.goto("/office/")
    expect(dana.locator("main")).to_contain_text(f"Директор істі қайтарды: {number}.")
    pages.finds(dana, number)
    expect(dana.locator("main")).to_contain_text(comment)
    pages.press(dana, "Finish the check")
    pages.proposes_the_referral(dana)
    pages.decides(marat, number)

    gulnar.reload()
    issued = number_on(gulnar.get_by_role("link", name=REFERRAL).inner_text(), REFERRAL)
    assert issued != first, "the number of the returned paper is used up"
    marat.goto("/office/papers/paper/")
    expect(marat.locator("tr", has_text=first)).to_contain_text(said("void", "kk"))
