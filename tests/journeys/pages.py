"""What people do on the pages, each function named by it. Buttons and links are found by their words, as people do."""

from __future__ import annotations

import io
import re
import time

from playwright.sync_api import Error, Locator, Page, expect
from pypdf import PdfReader

from tests.journeys.words import said

#: Milliseconds for what a worker does meanwhile.
WORK = 40_000
CABINET = re.compile(r"/cabinet/$")


def language(page: Page) -> str:
    return page.locator("html").get_attribute("lang") or "kk"


def words(page: Page, sentence: str, context: str = "") -> str:
    """`sentence` in the language of the page."""
    return said(sentence, language(page), context)


def thing(page: Page, label: str, context: str = "") -> Locator:
    """The button or link that says `label`."""
    name = words(page, label, context)
    button = page.get_by_role("button", name=name, exact=True)
    return button.or_(page.get_by_role("link", name=name, exact=True)).first


def press(page: Page, label: str, context: str = "") -> None:
    thing(page, label, context).click()


def sees(page: Page, sentence: str, context: str = "") -> None:
    """The page says `sentence` in its language."""
    expect(page.locator("main")).to_contain_text(words(page, sentence, context))


def look_until(page: Page, wanted: Locator, milliseconds: int = WORK) -> None:
    """Look again, as an impatient person does who waits for somebody's work, until `wanted` is there."""
    end = time.monotonic() + milliseconds / 1000
    while time.monotonic() < end:
        page.wait_for_load_state("domcontentloaded")
        if wanted.count():
            return
        page.wait_for_timeout(300)
        try:
            page.reload(wait_until="domcontentloaded")
        except Error:
            # The page was just drawing itself anew.
            continue
    expect(wanted).to_be_visible(timeout=1)


def sign_in(page: Page, persona: str) -> None:
    """One click on the demo page."""
    page.goto("/demo/")
    page.locator(f'button[name="persona"][value="{persona}"]').click()
    expect(page.locator(".top__out")).to_be_visible()


# ------------------------------------------------------------------------------------------------------- the citizen


def withdraws_what_is_under_way(page: Page) -> None:
    """Whoever has an application under way, of an earlier journey, withdraws it."""
    page.goto("/referral/")
    known = page.get_by_role("link", name=words(page, "Open the application"))
    if not known.count():
        return
    known.first.click()
    press(page, "Withdraw the application")
    press(page, "Withdraw the application")
    sees(page, "Your application is withdrawn. You may apply again at any time.")


def starts(page: Page) -> None:
    """Opens the application from the first page, at its first question."""
    withdraws_what_is_under_way(page)
    page.goto("/")
    page.locator("main a.button--big").click()
    begin = thing(page, "Start the application")
    begin.or_(thing(page, "Go on with the application")).first.click()
    expect(page).to_have_url(re.compile(r"/referral/\d+/"))
    if not page.url.endswith("/consents/"):  # a draft that an earlier journey left
        page.goto(re.sub(r"(/referral/\d+/).*", r"\1consents/", page.url))


def consents(page: Page) -> None:
    for box in page.locator('main input[type="checkbox"]').all():
        box.check()
    press(page, "Save and go on")


def waits_for_the_registers(page: Page) -> None:
    look_until(page, thing(page, "Go on"))
    press(page, "Go on")


def tells_the_status(page: Page, status: str = "UNEMPLOYED", study: str = "offline") -> None:
    page.locator(f'input[name="target_status"][value="{status}"]').check()
    page.locator(f'input[name="study_form"][value="{study}"]').check()
    press(page, "Save and go on")


def tells_the_contacts(page: Page, phone: str, result: str | None = None) -> None:
    """`result` is the language of the result; None: that of the page."""
    page.locator('input[name="phone"]').fill(phone)
    page.locator(f'input[name="language"][value="{result or language(page)}"]').check()
    press(page, "Save and go on")


def attaches(page: Page, name: str, content: bytes) -> None:
    """A picture of a document on work."""
    page.locator('input[type="file"]').first.set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
    press(page, "Attach", "the chosen files")
    expect(page.get_by_role("link", name=name)).to_be_visible()


def goes_on_without_documents(page: Page) -> None:
    thing(page, "Go on without documents").or_(thing(page, "Go on")).first.click()


def fills_in(page: Page, phone: str = "8 701 000 00 01") -> None:
    """All questions, up to the check of the answers."""
    starts(page)
    consents(page)
    waits_for_the_registers(page)
    tells_the_status(page)
    tells_the_contacts(page, phone)
    goes_on_without_documents(page)
    expect(thing(page, "Prepare the application for signing")).to_be_visible()


def reads_the_application(page: Page) -> None:
    """Has it printed, and waits for the page that asks for the signature."""
    press(page, "Prepare the application for signing")
    expect(page).to_have_url(re.compile(r"/sign/$"))
    look_until(page, thing(page, "Sign with the demo key"))


def signs(page: Page) -> None:
    """With the demo key, which stands in for the one of the national authority."""
    press(page, "Sign with the demo key")


def receipt_number(page: Page) -> str:
    """The number on the confirmation."""
    expect(page.locator(".panel--done strong.figures")).to_be_visible(timeout=WORK)
    return page.locator(".panel--done strong.figures").inner_text().strip()


def applies(page: Page) -> str:
    """The whole way; the number of the application."""
    fills_in(page)
    reads_the_application(page)
    signs(page)
    return receipt_number(page)


def opens_the_case(page: Page) -> None:
    """The citizen's page of the application whose receipt is open."""
    page.goto(re.sub(r"(/referral/\d+/).*", r"\1", page.url))


# --------------------------------------------------------------------------------------------------------- the office


def finds(page: Page, number: str) -> None:
    """Looks an open case up on the desk and opens it."""
    page.goto("/office/")
    page.locator('input[name="q"]').first.fill(number)
    press(page, "Find")
    page.get_by_role("link", name=number).first.click()
    expect(page.locator(".case-head")).to_be_visible()


def takes(page: Page) -> None:
    press(page, "Take the case")
    sees(page, "The case is yours. The registers have been asked.")


def marks_the_documents(page: Page, result: str = "yes") -> None:
    """The line that only a person can answer."""
    form = page.locator('form[action$="/mark/documents/"]')
    form.locator("xpath=..").locator("summary").click()
    form.locator(f'input[value="{result}"]').check()
    form.locator("textarea").fill("Құжаттардың түпнұсқалары қаралды.")
    form.locator("button").click()
    sees(page, "The line is marked.")


def waits_for_the_register_answers(page: Page) -> None:
    """Until only the line that a person answers waits."""
    look_until(page, page.locator("main tbody:not(:has(form[action*='/ask/']))"))


def waits_for_the_answers(page: Page) -> None:
    """Until no line of the protocol waits any more."""
    look_until(page, thing(page, "Finish the check").and_(page.locator('[type="submit"]')))


def checks(page: Page, number: str, documents: str = "yes") -> None:
    """Takes the case, marks the documents, finishes the check."""
    finds(page, number)
    takes(page)
    marks_the_documents(page, documents)
    waits_for_the_answers(page)
    press(page, "Finish the check")
    sees(page, "The check is finished. Now propose the decision.")


def proposes_the_referral(page: Page) -> None:
    press(page, "Propose the referral")
    sees(page, "The referral is before the director.")


def proposes_a_refusal(page: Page, reasons: str, remedy: str) -> None:
    press(page, "Propose a refusal")
    page.locator('input[name="rule"]').first.check()
    page.locator('textarea[name="reasons"]').fill(reasons)
    page.locator('textarea[name="evidence"]').fill(reasons)
    page.locator('textarea[name="remedy"]').fill(remedy)
    press(page, "Put before the director")
    sees(page, "The refusal is before the director.")


def reads_the_decision(page: Page, number: str) -> None:
    """The director opens the case and the signing page, as soon as the decision is printed."""
    finds(page, number)
    press(page, "Read and sign")
    expect(page).to_have_url(re.compile(r"/sign/$"))
    look_until(page, thing(page, "Sign with the demo key"))


def decides(page: Page, number: str) -> None:
    reads_the_decision(page, number)
    signs(page)
    sees(page, "Signed. The person has been told.")


# ---------------------------------------------------------------------------------------------------------- papers


def pdf(page: Page, link: Locator) -> str:
    """The text of the paper behind a link, fetched with the person's own session."""
    address = link.get_attribute("href")
    assert address is not None
    answer = page.request.get(address)
    assert answer.status == 200, address
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)


def code_on(paper: str) -> str:
    """The code that is printed on a paper, for the public check."""
    found = re.search(r"/verify/([\w\s-]{20,}?)/", paper)  # a long address is broken into lines
    assert found is not None, paper
    return re.sub(r"\s", "", found[1])


def sends_back(page: Page, number: str, comment: str) -> None:
    """The director returns the case."""
    finds(page, number)
    form = page.locator('form[action$="/back/"]')
    form.locator("xpath=..").locator("summary").click()
    form.locator("textarea").fill(comment)
    form.locator("button").click()
    sees(page, "The case is back with the specialist.")


# --------------------------------------------------------------------------------------------------------- the counter


def comes(page: Page, iin: str) -> None:
    """Somebody new stands at the counter: IIN, consents; the register of persons says who it is."""
    page.goto("/office/counter/")
    page.locator('input[name="iin"]').fill(iin)
    page.locator('input[name="consents"]').check()
    press(page, "Go on")
    expect(thing(page, "It is this person")).to_be_visible(timeout=WORK)


def is_this_person(page: Page) -> None:
    """Up to the page of documents, with the answer where the person lives."""
    press(page, "It is this person")
    expect(thing(page, "Accept the documents")).to_be_visible()
    expect(page.locator("main .panel--done")).to_be_visible(timeout=WORK)


def receives(page: Page, iin: str) -> None:
    comes(page, iin)
    is_this_person(page)


def accepts(page: Page) -> None:
    for name, value in (("target_status", "UNEMPLOYED"), ("study_form", "offline"), ("language", language(page))):
        page.locator(f'input[name="{name}"][value="{value}"]').check()
    for name in ("application_signed", "identity_valid"):
        page.locator(f'input[name="{name}"]').check()
    press(page, "Accept the documents")


def refuses_to_accept(page: Page, missing: str) -> None:
    form = page.locator('form[action$="/refuse/"]')
    form.locator("xpath=..").locator("summary").click()
    form.locator('input[name="reason"][value="ACCEPT_INCOMPLETE"]').check()
    form.locator("textarea").fill(missing)
    form.locator("button").click()
    sees(page, "The documents are not accepted")


def look_for_the_paper(page: Page) -> Locator:
    """The link to the printed paper, as soon as it is there."""
    link = thing(page, "Open and print")
    expect(link).to_be_visible(timeout=WORK)
    return link


# --------------------------------------------------------------------------------------------------------- the journal


def entries(page: Page, event: str, number: str) -> int:
    """How often the director's journal tells of `event` for a case, among the latest entries of that event."""
    page.goto(f"/office/flow/step/?event={event}")
    expect(page.locator("h1")).to_be_visible()
    return page.locator("main tbody tr", has_text=number).count()


def breaches(page: Page, number: str) -> int:
    """How many terms of a case the journal calls missed."""
    return entries(page, "deadline_breached", number)
