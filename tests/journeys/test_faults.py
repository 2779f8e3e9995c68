"""Processes are killed in the middle of the work: nothing is lost, nothing is done twice."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import pages
from tests.journeys.conftest import PHONE, People
from tests.journeys.moving import Clock
from tests.journeys.running import Portal, wait_for

ALARMS = ("deadline_reminded", "deadline_breached", "deadline_escalated")


def alarms(director: Page, numbers: list[str]) -> list[int]:
    """How often the journal tells of each stage, for each case."""
    return [pages.entries(director, event, number) for number in numbers for event in ALARMS]


def told(page: Page, *sentences: str) -> list[int]:
    """How many of the member of staff's notices say each sentence."""
    page.goto("/office/notices/")
    return [page.locator("li", has_text=sentence).count() for sentence in sentences]


def test_a_worker_that_was_away_tells_every_missed_term_once(
    people: People, portal: Portal, monday: date, clock: Clock, breaks: None
) -> None:
    numbers = [pages.applies(people(persona, screen=PHONE)) for persona in ("aigul", "gulnar")]
    portal.kill("worker")
    clock.working_days_on(5)  # over the end of the check and of the whole term, of both cases
    marat, timur = people("marat"), people("timur", lang="ru")
    assert alarms(marat, numbers) == [0] * 6
    portal.start("worker")
    # Each case has two terms; each is reminded of, missed and reported.
    wait_for(lambda: alarms(marat, numbers) == [2] * 6, "the worker has caught up")
    missed = [f"Срок по {number} пропущен." for number in numbers]
    late = [f"{number} бойынша мерзім өтіп кетті, бірақ" for number in numbers]
    wait_for(lambda: told(timur, *missed) == [2, 2], "the head of the unit is told")
    wait_for(lambda: told(marat, *late) == [2, 2], "the director is told")

    portal.kill("worker")
    portal.start("worker")
    # Its answers to a new application show that it is back at work.
    natalya = people("natalya", lang="ru", screen=PHONE)
    number = pages.applies(natalya)
    clock.hours_on(1)
    pages.opens_the_case(natalya)
    assert alarms(marat, [*numbers, number]) == [*([2] * 6), 0, 0, 0]
    assert told(timur, *missed) == [2, 2]
    assert told(marat, *late) == [2, 2]


def test_a_paper_is_printed_when_the_worker_is_killed_before_it_has_printed_it(
    people: People, portal: Portal, monday: date, breaks: None
) -> None:
    aigul = people("aigul", screen=PHONE)
    pages.fills_in(aigul)
    pages.press(aigul, "Prepare the application for signing")
    portal.kill("worker")
    expect(aigul.locator("#progress")).to_be_visible()
    portal.start("worker")
    pages.look_until(aigul, pages.thing(aigul, "Sign with the demo key"))
    pages.signs(aigul)
    number = pages.receipt_number(aigul)
    pages.opens_the_case(aigul)
    expect(aigul.locator('a[href^="/papers/"]')).to_have_count(1)
    dana = people("dana")
    pages.finds(dana, number)


@pytest.mark.parametrize("engine", ["Redis", "PostgreSQL"])
def test_an_engine_restarted_in_the_middle_of_the_work_loses_nothing(
    engine: str, people: People, portal: Portal, monday: date, breaks: None
) -> None:
    natalya = people("natalya", lang="ru", screen=PHONE)
    pages.fills_in(natalya)
    pages.press(natalya, "Prepare the application for signing")
    natalya.wait_for_url("**/sign/")
    portal.restart_engine(engine)
    signing = pages.thing(natalya, "Sign with the demo key")

    def waits_for_the_signature() -> bool:
        portal.revive()
        natalya.goto(natalya.url)
        return signing.count() > 0

    wait_for(waits_for_the_signature, "the application is printed", 90)
    pages.signs(natalya)
    number = pages.receipt_number(natalya)
    dana = people("dana")
    pages.finds(dana, number)
    pages.takes(dana)
    portal.revive()
    pages.opens_the_case(natalya)
    expect(natalya.locator('a[href^="/papers/"]')).to_have_count(1)
