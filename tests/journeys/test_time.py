"""What the clock does to an application, and what it does not do to signatures."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.conftest import PHONE, People
from tests.journeys.dates import spoken
from tests.journeys.moving import Clock
from tests.journeys.running import wait_for
from tests.journeys.words import said


def test_what_is_sent_on_friday_evening_is_accepted_on_monday(people: People, monday: date, clock: Clock) -> None:
    clock.working_days_on(4)
    clock.hours_on(9)  # Friday, past 19:00: the centre closed at 18:30
    aigul = people("aigul", screen=PHONE)
    number = pages.applies(aigul)
    friday, next_monday = monday + timedelta(days=4), monday + timedelta(days=7)
    receipt = aigul.locator("main")
    expect(receipt).to_contain_text(spoken(next_monday + timedelta(days=3), "kk"))
    expect(receipt).to_contain_text(f"{spoken(next_monday, 'kk')}, дүйсенбі")
    days = receipt.locator(".strip").first.locator("li")
    # Sent on Friday; Saturday and Sunday are not counted; accepted on Monday; three days.
    expect(days).to_have_count(7)
    expect(days.nth(0)).to_contain_text(str(friday.day))
    expect(days.nth(0)).to_contain_text(said("application sent", "kk"))
    expect(days.nth(3)).to_contain_text(str(next_monday.day))
    expect(days.nth(3)).to_contain_text(said("application accepted", "kk"))
    expect(days.nth(6)).to_contain_text(said("last day", "kk"))
    aigul.goto("/cabinet/")
    told = aigul.locator("#notices + ul").locator("li", has_text=number)
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Өтінішіңіз жұмыс уақытынан тыс түсті")


def test_a_late_case_is_overdue_on_the_desk_and_breached_once(people: People, monday: date, clock: Clock) -> None:
    gulnar = people("gulnar", screen=PHONE)
    number = pages.applies(gulnar)
    clock.working_days_on(4)  # the third day was the last
    timur, marat = people("timur", lang="ru"), people("marat")
    # The term of the check and the whole term.
    wait_for(lambda: pages.breaches(marat, number) == 2, "both terms are missed")

    # Cases of other days may be late too, and a list has its pages.
    timur.goto(f"/office/?scope=centre&only=overdue&q={number}")
    row = timur.locator("table.desk tr", has_text=number)
    expect(row.first).to_contain_text(said("overdue", "ru"))
    timur.goto("/office/notices/")
    expect(timur.locator("li", has_text=f"Срок по {number} пропущен.")).to_have_count(2)
    pages.opens_the_case(gulnar)
    pages.sees(
        gulnar,
        "The term is over and the answer is late. The heads of the centre have been told of it. You may complain"
        " to the director of the centre, or call 1414.",
    )

    clock.working_days_on(2)
    wait_for(lambda: pages.entries(marat, "deadline_escalated", number) == 2, "it is reported to the director")
    assert pages.breaches(marat, number) == 2
    timur.reload()
    expect(timur.locator("li", has_text=f"Срок по {number} пропущен.")).to_have_count(2)


def test_signing_works_ninety_days_and_a_year_later(people: People, monday: date, clock: Clock) -> None:
    clock.working_days_on(62)
    assert clock.now().date() >= monday + timedelta(days=84)
    aigul = people("aigul", screen=PHONE)
    number = pages.applies(aigul)
    pages.opens_the_case(aigul)
    dana = people("dana")
    pages.checks(dana, number)
    pages.proposes_the_referral(dana)
    marat = people("marat")
    pages.reads_the_decision(marat, number)
    clock.working_days_on(250)
    assert clock.now().date() >= monday + timedelta(days=84 + 330)
    # The page that was opened a year ago still signs: what was read has not changed.
    pages.signs(marat)
    pages.sees(marat, "Signed. The person has been told.")
    aigul.reload()
    pages.sees(aigul, "The referral is issued")
