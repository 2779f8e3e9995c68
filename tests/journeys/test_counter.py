"""People who come to the counter with their papers."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.conftest import People
from tests.journeys.dates import spoken
from tests.journeys.residents import resident


def test_documents_not_accepted(people: People, monday: date) -> None:
    dana = people("dana")
    visitor = resident("35", 1)
    pages.receives(dana, visitor)
    missing = "Жеке басын куәландыратын құжат жоқ"
    pages.refuses_to_accept(dana, missing)
    number = dana.locator(".panel strong.figures").inner_text().strip()
    assert re.fullmatch(r"БҚ-35-\d{4}-\d+", number)
    paper = " ".join(pages.pdf(dana, pages.look_for_the_paper(dana)).split())
    assert "Құжаттар топтамасы толық ұсынылмады" in paper
    assert missing in paper
    assert number in paper


def test_documents_accepted_with_a_receipt(people: People, monday: date) -> None:
    oleg = people("oleg", lang="ru")
    visitor = resident("35", 2)
    pages.receives(oleg, visitor)
    pages.accepts(oleg)
    number = pages.receipt_number(oleg)
    expect(oleg.locator("main")).to_contain_text(spoken(monday + timedelta(days=3), "ru"))
    paper = pages.pdf(oleg, pages.look_for_the_paper(oleg))
    assert number in paper
    # Nothing of this person is on the page for the next one.
    pages.press(oleg, "Next person")
    expect(oleg.locator('input[name="iin"]')).to_have_value("")


def test_a_counter_of_the_state_corporation_accepts_for_the_centre_of_residence(people: People, monday: date) -> None:
    aliya = people("aliya")
    pages.receives(aliya, resident("35", 3))
    pages.accepts(aliya)
    number = pages.receipt_number(aliya)
    dana = people("dana")
    pages.finds(dana, number)
    expect(dana.locator(".case-head")).to_contain_text(number)
