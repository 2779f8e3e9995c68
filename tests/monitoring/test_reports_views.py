"""The screens of quarterly reports: the grantee on a phone, the specialist, the head of unit, the director."""

from __future__ import annotations

from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bastau import clock, papers
from bastau.flow import Actor
from bastau.papers.models import Paper
from bastau.people import sessions
from monitoring.actions import report_drafts as drafts
from monitoring.actions import reports as actions
from monitoring.models import QuarterlyReport
from monitoring.states import RecoveryState, ReportState
from monitoring.sweeps import reports as sweeps
from tests.factories import CitizenFactory
from tests.monitoring import reports_cases as cases
from tests.monitoring.granting import Granted
from tests.monitoring.reports_cases import ALMATY, PAID

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("granted", "quick")]
LINE = {
    "outside": "", "proof_kind": "invoice", "proof_number": "ШФ-17", "proof_date_day": "10",
    "proof_date_month": "6", "proof_date_year": "2026", "supplier": "«Үлгі Жабдық» ЖШС", "amount": "1 200 000 ₸",
}  # fmt: skip
PROGRESS = {
    "progress": "Пеш алынды.", "jobs": "2", "income": "300 000", "taxes": "9000", "problems": "", "language": "ru",
}  # fmt: skip


def web(actor: Actor, language: str = "en") -> Client:
    client = Client()
    client.force_login(actor.user, "allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    client.cookies["bastau_language"] = language
    session = client.session
    session[sessions.LANGUAGE] = language  # the staff's own, kept with the session
    session.save()
    return client


def text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def page(report: QuarterlyReport, name: str, *args: Any) -> str:
    return reverse(f"monitoring:report_{name}" if name else "monitoring:report", args=[report.pk, *args])


# --------------------------------------------------------------------------------------------------------- the grantee


def test_a_grantee_walks_from_the_card_to_the_receipt(july: Granted) -> None:
    report = cases.opened(july)
    client = web(cases.grantee(report))
    assert "File the report: the second quarter of 2026" in text(client.get("/cabinet/"))
    client.post(page(report, "spent"), {"spent": "1 200 000", "no_spend_reason": ""})
    item = cases.items(report)[0]
    client.post(page(report, "line_new"), {**LINE, "item": str(item.pk), "file": cases.picture()})
    client.post(page(report, "progress"), PROGRESS)
    assert "ШФ-17" in text(client.get(page(report, "documents")))
    client.post(page(report, "check"))
    paper = Paper.objects.get(case_kind="report", case_id=report.pk)
    assert "is being printed" in text(client.get(page(report, "sign")))
    papers.render(paper.pk)
    paper.refresh_from_db()
    assert "Sign with the demo key" in text(client.get(page(report, "sign")))
    answer = client.post(page(report, "sign"), {"sign_with": "demo", "paper_sha256": paper.sha256}, follow=True)
    assert "Your report is filed" in text(answer)
    assert cases.fresh(report).state == ReportState.SUBMITTED


def test_before_the_quarter_ends_the_check_says_when_and_keeps_what_was_entered(granted: Granted) -> None:
    with clock.at(PAID):
        report = cases.report_of(granted.payment)
        client = web(cases.grantee(report))
        client.post(page(report, "spent"), {"spent": "0", "no_spend_reason": "Тапсырыс берілді."})
        client.post(page(report, "progress"), PROGRESS)
        shown = text(client.get(page(report, "check")))
        posted = client.post(page(report, "check"), follow=True)
    assert "You can send the report from: 1 July 2026" in shown
    assert "You can send the report from: 1 July 2026" in text(posted)
    assert not Paper.objects.filter(case_kind="report").exists()
    assert cases.fresh(report).no_spend_reason == "Тапсырыс берілді."


@pytest.mark.parametrize(("typed", "sentence"), [
    ({"spent": "", "no_spend_reason": ""}, "Write the sum in tenge."),
    ({"spent": "көп", "no_spend_reason": ""}, "in whole tenge, in digits"),
    ({"spent": "-5", "no_spend_reason": ""}, "not below 0"),
    ({"spent": "0", "no_spend_reason": " "}, "Nothing was spent, so write why."),
])  # fmt: skip
def test_a_wrong_sum_has_its_sentence(july: Granted, typed: dict[str, str], sentence: str) -> None:
    report = cases.opened(july)
    assert sentence in text(web(cases.grantee(report)).post(page(report, "spent"), typed))


@pytest.mark.parametrize(("typed", "sentence"), [
    ({"proof_date_month": "7", "proof_date_day": "2"}, "This day is still to come"),
    ({"proof_date_month": "7", "proof_date_day": "1"}, "from a later quarter"),
    ({"proof_date_month": "5", "proof_date_day": "19"}, "older than the grant"),
    ({"proof_number": ""}, "Write the number that stands on the document."),
    ({"item": "outside", "outside": ""}, "Write what the money went to."),
    ({"item": "999999"}, "Choose one of the lines."),
    ({"amount": "0"}, "not below 1"),
    ({"supplier": ""}, "Write the name of the seller"),
])  # fmt: skip
def test_a_wrong_document_has_its_sentence(july: Granted, typed: dict[str, str], sentence: str) -> None:
    report = cases.opened(july)
    sent = {**LINE, "item": str(cases.items(report)[0].pk), "file": cases.picture(), **typed}
    answer = web(cases.grantee(report)).post(page(report, "line_new"), sent)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not report.lines.exists()


def test_a_file_that_is_no_document_is_refused(july: Granted) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    report = cases.opened(july)
    sent = {**LINE, "item": str(cases.items(report)[0].pk), "file": SimpleUploadedFile("a.pdf", b"text")}
    assert "not a PDF, JPEG or PNG" in text(web(cases.grantee(report)).post(page(report, "line_new"), sent))


def test_a_document_is_changed_without_sending_its_file_again(july: Granted) -> None:
    report = cases.told(cases.opened(july))
    line = report.lines.get()
    client = web(cases.grantee(report))
    assert "is kept" in text(client.get(page(report, "line", line.pk)))
    client.post(page(report, "line", line.pk), {**LINE, "item": "outside", "outside": "Үстел", "amount": "5 000"})
    line.refresh_from_db()
    assert (line.amount, line.item, line.project_line) == (5_000, "Үстел", None)


def test_a_document_is_taken_out_by_its_button(july: Granted) -> None:
    report = cases.told(cases.opened(july))
    line = report.lines.get()
    client = web(cases.grantee(report))
    for _ in range(2):
        assert client.post(page(report, "line_remove", line.pk)).status_code == 302
    assert not report.lines.exists()


def test_a_returned_report_shows_its_faults_and_asks_for_an_answer(july: Granted) -> None:
    report = cases.returned(july)
    client = web(cases.grantee(report))
    shown = text(client.get(page(report, "")))
    assert "Чекті қайта түсіріңіз" in shown
    assert "Mend the report" in shown
    assert "Чектің сомасы оқылмайды." in text(client.get(page(report, "faults")))
    client.post(page(report, "faults"), {"text": "Қайта түсірілді."})
    assert report.returns.get().answer == "Қайта түсірілді."


@pytest.mark.parametrize("name", ["", "spent", "documents", "line_new", "progress", "check", "sign", "done"])
def test_a_report_of_another_person_is_not_there(july: Granted, name: str) -> None:
    report = cases.opened(july)
    assert web(Actor(CitizenFactory.create())).get(page(report, name)).status_code == 404


def test_a_filed_report_leads_every_page_of_the_draft_to_the_report(july: Granted) -> None:
    report = cases.filed(july)
    client = web(cases.grantee(report))
    answer = client.post(page(report, "spent"), {"spent": "1", "no_spend_reason": ""}, follow=True)
    assert "nothing was changed" in text(answer)
    assert cases.fresh(report).spent == 1_200_000
    assert "Your report is filed" in text(client.get(page(report, "sign"), follow=True))


@pytest.mark.parametrize("bring", [
    cases.opened, cases.filed, cases.returned, cases.accepted, cases.misuse_proposed, cases.misused,
])  # fmt: skip
def test_the_grantee_sees_the_report_in_every_state(july: Granted, bring: Any) -> None:
    report = bring(july)
    client = web(cases.grantee(report))
    for address in (page(report, ""), "/cabinet/", "/reports/"):
        assert client.get(address).status_code == 200
    assert report.number in text(client.get(page(report, "")))


def test_an_overdue_report_says_that_a_late_one_is_taken_too(july: Granted) -> None:
    report = cases.opened(july)
    with clock.at(datetime(2026, 7, 16, 9, 0, tzinfo=ALMATY)):
        sweeps.mark_overdue()
        assert "a late one is accepted too" in text(web(cases.grantee(report)).get("/cabinet/"))


def test_proposed_misuse_is_not_told_to_the_grantee_before_it_is_confirmed(july: Granted) -> None:
    report = cases.misuse_proposed(july)
    assert cases.ACT not in text(web(cases.grantee(report)).get(page(report, "")))


def test_the_grantee_reads_the_notice_and_explains(july: Granted) -> None:
    recovery = cases.recovery_of(cases.misused(july))
    client = web(cases.grantee(recovery))
    address = reverse("monitoring:recovery", args=[recovery.pk])
    assert cases.ACT in text(client.get(address))
    assert "Write what the money went to and why." in text(client.post(address, {"text": " "}))
    answer = client.post(address, {"text": "Мәзір экраны.", "file": cases.picture(5)}, follow=True)
    assert "Your explanation is sent" in text(answer)
    assert "Мәзір экраны." in text(client.get(address))


@pytest.mark.parametrize("bring", [cases.explained, cases.demanded])
def test_the_grantee_sees_the_recovery_as_it_stands(july: Granted, bring: Any) -> None:
    recovery = bring(july)
    client = web(cases.grantee(recovery))
    assert client.get(reverse("monitoring:recovery", args=[recovery.pk])).status_code == 200
    assert client.get("/cabinet/").status_code == 200


def test_a_recovery_of_another_person_is_not_there(july: Granted) -> None:
    recovery = cases.demanded(july)
    address = reverse("monitoring:recovery", args=[recovery.pk])
    assert web(Actor(CitizenFactory.create())).get(address).status_code == 404


# ----------------------------------------------------------------------------------------------------------- the staff


def room(case: Any, what: str = "change", *args: Any) -> str:
    return reverse(f"workplace:monitoring_{type(case).__name__.lower()}_{what}", args=[case.pk, *args])


def press(client: Client, case: Any, event: str, **typed: Any) -> Any:
    seen = client.get(room(case)).context["seen"]
    sent = {f"{event}-{name}": value for name, value in typed.items()}
    return client.post(room(case, "do", event), {"seen": seen, **sent}, follow=True)


def test_a_specialist_looks_at_each_line_and_accepts(july: Granted) -> None:
    report = cases.filed(july)
    client = web(july.centre.specialist)
    assert "Check the documents" in text(client.get(room(report)))
    lines = reverse("monitoring_office:report_lines", args=[report.pk])
    assert "Confirmed before" in text(client.get(lines))
    line = report.lines.get()
    client.post(lines, {f"line{line.pk}-decision": "accepted", f"line{line.pk}-note": ""})
    assert "The report is accepted." in text(press(client, report, "accept"))


def test_a_fault_without_a_note_is_asked_for_it(july: Granted) -> None:
    report = cases.filed(july)
    line = report.lines.get()
    lines = reverse("monitoring_office:report_lines", args=[report.pk])
    answer = web(july.centre.specialist).post(lines, {f"line{line.pk}-decision": "faulty", f"line{line.pk}-note": ""})
    assert answer.status_code == 422
    assert "Write what is wrong with this document." in text(answer)


def test_a_specialist_sends_the_report_back(july: Granted) -> None:
    report = cases.decide(july, cases.filed(july), "faulty", "Оқылмайды.")
    answer = press(web(july.centre.specialist), report, "give_back", reasons="Қайта түсіріңіз.")
    assert "went back to the grantee" in text(answer)
    assert cases.fresh(report).state == ReportState.RETURNED


def test_misuse_goes_from_the_specialist_to_the_head_of_unit(july: Granted) -> None:
    report = cases.decide(july, cases.filed(july, 400_000, item="Теледидар"), "misused", "Сметада жоқ.")
    assert "before the head of unit" in text(
        press(web(july.centre.specialist), report, "propose_misuse", text=cases.ACT)
    )
    head = web(july.centre.head)
    assert cases.ACT in text(head.get(room(report)))
    assert "The misuse is confirmed." in text(press(head, report, "find_misuse"))
    assert cases.recovery_of(report).state == RecoveryState.EXPLANATION_WAIT


def test_the_head_of_unit_may_leave_the_act_unconfirmed(july: Granted) -> None:
    report = cases.misuse_proposed(july)
    assert "not confirmed" in text(press(web(july.centre.head), report, "drop_misuse", comment="Сметада бар."))


def test_a_document_of_another_report_is_pointed_out(july: Granted) -> None:
    first = cases.accepted(july)
    with clock.at(datetime(2026, 10, 2, 10, 0, tzinfo=ALMATY)):
        sweeps.open_reports()
        second = cases.file(cases.told(cases.report_of(first.payment, 1), 100_000))
        lines = reverse("monitoring_office:report_lines", args=[second.pk])
        assert f"stands in the report {first.number} too" in text(web(july.centre.specialist).get(lines))


def test_the_director_demands_and_the_specialist_records_the_return(july: Granted) -> None:
    recovery = cases.explained(july)
    director = web(july.centre.director)
    assert "The return is demanded." in text(press(director, recovery, "demand", text="Сметада жоқ."))
    typed = {"amount": "400 000", "bank_reference": "ПП-7"}
    day = {"returned_on_day": "1", "returned_on_month": "7", "returned_on_year": "2026"}
    answer = press(web(july.centre.specialist), recovery, "record_return", **typed, **day)
    assert "The return is recorded." in text(answer)
    assert "The report is closed." in text(press(web(july.centre.head), cases.fresh(recovery.report), "settle"))


def test_the_director_accepts_an_explanation(july: Granted) -> None:
    recovery = cases.explained(july)
    answer = press(web(july.centre.director), recovery, "close_explained", text="Қажет екен.")
    assert "nothing is to be returned" in text(answer)


def test_after_the_term_the_director_hands_over_to_court(july: Granted) -> None:
    recovery = cases.demanded(july)
    with clock.at(datetime(2026, 8, 3, 10, 0, tzinfo=ALMATY)):
        answer = press(web(july.centre.director), recovery, "go_to_court", court_reference="2-77")
    assert "handed over to court" in text(answer)


def test_a_visit_is_recorded_on_the_page_of_the_report(july: Granted) -> None:
    report = cases.opened(july)
    with clock.at(datetime(2026, 7, 16, 9, 0, tzinfo=ALMATY)):
        sweeps.mark_overdue()
        day = {"visited_on_day": "16", "visited_on_month": "7", "visited_on_year": "2026"}
        answer = press(web(july.centre.specialist), report, "record_visit", note="Үйінде болмады.", **day)
    assert "The visit is recorded." in text(answer)


def test_a_report_of_another_centre_is_not_there(july: Granted) -> None:
    from tests.grants.applications_cases import GrantCentre

    report = cases.filed(july)
    stranger = web(GrantCentre.open().specialist)
    assert stranger.get(room(report)).status_code == 404
    assert stranger.get(reverse("monitoring_office:report_lines", args=[report.pk])).status_code == 404


def test_the_secretary_has_no_room_of_reports(july: Granted) -> None:
    report = cases.filed(july)
    assert web(july.centre.secretary).get(room(report)).status_code == 404


def test_the_lists_cost_the_same_at_three_and_at_thirty_rows(july: Granted) -> None:
    address = reverse("workplace:monitoring_quarterlyreport_changelist")
    client = web(july.centre.specialist)
    client.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
        more_reports(july, 30)
    assert counts[0] == counts[1]


def test_the_case_page_costs_the_same_whatever_the_number_of_documents(july: Granted) -> None:
    report = cases.told(cases.opened(july), 100_000)
    report = cases.file(report)
    client = web(july.centre.specialist)
    client.get(room(report))
    with CaptureQueriesContext(connection) as one:
        client.get(room(report))
    actions.give_back(cases.decide(july, report, "faulty", "x"), by=july.centre.specialist, reasons="x")
    by = cases.grantee(report)
    drafts.answer(report, by=by, spent=120_000)
    for number in range(20):
        cases.add(report, 1_000, proof_number=f"N-{number}", color=number + 10)
    drafts.answer_faults(report, by=by, text="x")
    cases.file(cases.fresh(report))
    with CaptureQueriesContext(connection) as twenty:
        client.get(room(report))
    assert len(twenty) == len(one)
    assert len(one) <= 24  # the header's own counts are among them


def more_reports(granted: Granted, count: int) -> None:
    """Reports of many quarters of one payment, made by the action that makes further ones."""
    payment = granted.payment
    with clock.at(datetime(2036, 1, 5, 10, 0, tzinfo=ALMATY)):
        for _ in range(count):
            actions.make_further(payment)


def test_the_citizens_list_costs_the_same_at_three_and_at_thirty_rows(july: Granted) -> None:
    client = web(cases.grantee(cases.opened(july)))
    client.get("/reports/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/reports/").status_code == 200
        counts.append(len(seen))
        more_reports(july, 30)
    assert counts[0] == counts[1]


def test_the_desk_of_the_specialist_holds_the_check(july: Granted) -> None:
    report = cases.filed(july)
    assert report.number in text(web(july.centre.specialist).get(reverse("workplace:index")))
