"""Nothing happens twice: double clicks, two windows, two people at once."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page, expect

from tests.journeys import pages
from tests.journeys.conftest import PHONE, People

#: Sends the signing form so many times at once; gives the addresses where the answers end.
SEND_AT_ONCE = """async times => {
    const form = document.getElementById("signing");
    const body = new FormData(form);
    body.set("sign_with", "demo");
    const once = () => fetch(form.action, {method: "POST", body, credentials: "same-origin"});
    return (await Promise.all(Array.from({length: times}, once))).map(answer => [answer.status, answer.url]);
}"""


def accepted_notices(page: Page, number: str) -> int:
    page.goto("/cabinet/notices/")
    return page.locator("main li", has_text=f"Өтінішіңіз қабылданды, № {number}.").count()


def test_a_double_click_on_submit_files_once(people: People, monday: date) -> None:
    aigul = people("aigul", screen=PHONE)
    pages.fills_in(aigul)
    pages.reads_the_application(aigul)
    pages.thing(aigul, "Sign with the demo key").dblclick()
    number = pages.receipt_number(aigul)
    assert accepted_notices(aigul, number) == 1


def test_the_same_form_sent_three_times_at_once_files_once(people: People, monday: date) -> None:
    aigul = people("aigul", screen=PHONE)
    pages.fills_in(aigul)
    pages.reads_the_application(aigul)
    done = aigul.url.replace("/sign/", "/done/")
    assert aigul.evaluate(SEND_AT_ONCE, 3) == [[200, done]] * 3
    aigul.goto(done)
    number = pages.receipt_number(aigul)
    pages.opens_the_case(aigul)
    # One line of its life says that it was accepted.
    expect(aigul.locator(".line__item--done")).to_have_count(1)
    assert accepted_notices(aigul, number) == 1


def test_a_page_left_open_in_another_window_changes_nothing_after_sending(people: People, monday: date) -> None:
    aigul = people("aigul", screen=PHONE)
    pages.fills_in(aigul, phone="8 701 111 11 11")
    old = aigul.context.new_page()
    old.goto(aigul.url.replace("/check/", "/contacts/"))
    pages.reads_the_application(aigul)
    pages.signs(aigul)
    pages.receipt_number(aigul)
    pages.tells_the_contacts(old, "8 702 222 22 22")
    pages.sees(old, "This application was sent already")
    pages.press(old, "Open the application")
    expect(old.locator("main")).not_to_contain_text("222 22 22")


def test_of_two_specialists_one_takes_the_case(people: People, monday: date) -> None:
    gulnar = people("gulnar", screen=PHONE)
    number = pages.applies(gulnar)
    dana, oleg = people("dana"), people("oleg")
    pages.finds(dana, number)
    pages.finds(oleg, number)
    pages.takes(dana)
    pages.press(oleg, "Take the case")
    pages.sees(
        oleg, "The case has moved on since you opened this page, so nothing was done. Look at what stands here now."
    )


def test_of_two_directors_who_sign_at_once_one_signs(people: People, monday: date) -> None:
    gulnar = people("gulnar", screen=PHONE)
    number = pages.applies(gulnar)
    pages.opens_the_case(gulnar)
    dana = people("dana")
    pages.checks(dana, number)
    pages.proposes_the_referral(dana)
    marat, saule = people("marat"), people("saule")
    for director in (marat, saule):
        pages.reads_the_decision(director, number)
    for director in (marat, saule):
        # Does not wait for the answer.
        director.evaluate("""document.querySelector('button[value="demo"]').click()""")
    said = []
    for director in (marat, saule):
        expect(director.locator(".case-head")).to_be_visible()
        said.append(director.locator(".messages").inner_text())
    signed = pages.words(marat, "Signed. The person has been told.")
    late = pages.words(marat, "Another person has signed this decision already; yours was not needed.")
    assert sorted([signed in text, late in text] for text in said) == [[False, True], [True, False]]
    gulnar.goto("/cabinet/notices/")
    newest = gulnar.locator("main li").nth(0)
    expect(newest).to_contain_text("Оқуға жолдама дайын, №")
    expect(gulnar.locator("main li").nth(1)).not_to_contain_text("Оқуға жолдама дайын")
