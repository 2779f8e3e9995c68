"""Certificates: formed by results, sealed, issued, annulled, duplicated; what the check page shows (SPEC 4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from bastau import clock, papers
from bastau.flow import Refused
from bastau.flow.models import Deadline
from bastau.notices.models import Notice
from bastau.papers import seals
from bastau.papers.models import Paper
from tests.training import course_cases as cases
from tests.training.test_enrolments_actions import assessed
from training.actions import certificates, following, results
from training.models import Certificate
from training.states import CertificateState, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def made() -> Any:
    found = assessed()
    with clock.at(found.after):
        yield found


def printed(certificate: Certificate) -> list[Paper]:
    found = list(Paper.objects.filter(case_kind="certificate", case_id=certificate.pk).order_by("pk"))
    return [papers.render(paper.pk) for paper in found]


def completed(made: cases.Class, plan: int | None = 75) -> Certificate:
    results.note_final(made.people[0], 80)
    results.note_plan(made.people[0], plan)
    return Certificate.objects.get(enrolment=made.people[0], state=CertificateState.FORMED)


def issued(made: cases.Class, plan: int | None = 75) -> Certificate:
    certificate = completed(made, plan)
    printed(certificate)
    following.issue_printed()
    certificate.refresh_from_db()
    return certificate


@pytest.mark.clause("118-p26")
@pytest.mark.clause("118-p27-1")
def test_test_and_plan_passed_give_a_certificate_of_completion(made: cases.Class) -> None:
    certificate = completed(made)
    made.people[0].refresh_from_db()
    assert made.people[0].state == EnrolmentState.COMPLETED_COMPLETION
    assert certificate.certificate_kind == "COMPLETION"
    assert certificate.number.startswith("BB-2026-A-0000001-")


@pytest.mark.clause("118-p27-2")
@pytest.mark.parametrize("plan", [None, 59])
def test_no_plan_or_a_negative_one_gives_a_certificate_of_participation(made: cases.Class, plan: int | None) -> None:
    certificate = completed(made, plan)
    assert certificate.certificate_kind == "PARTICIPATION"
    assert certificate.number.startswith("BB-2026-Q-")
    assert not Certificate.objects.valid_for_grant(certificate.person, certificate.issued_on).exists()


def test_results_in_the_other_order_form_one_certificate(made: cases.Class) -> None:
    case = results.note_plan(made.people[0], 75)
    case = results.note_final(case, 80)
    certificates.form(case)
    assert Certificate.objects.filter(enrolment=case).count() == 1


def test_a_printed_certificate_is_issued_once_and_told(made: cases.Class) -> None:
    certificate = issued(made)
    following.issue_printed()
    assert certificate.state == CertificateState.ISSUED
    assert Notice.objects.filter(code="N-CERT", case_id=certificate.pk).count() == 1
    assert list(Certificate.objects.valid_for_grant(certificate.person, certificate.issued_on)) == [certificate]


def test_results_within_the_window_leave_the_term_met(made: cases.Class) -> None:
    completed(made)
    term = Deadline.objects.get(case_kind="enrolment", case_id=made.people[0].pk, name="T-ASSESS")
    assert (term.closed_by_event, term.breached_at) == ("complete", None)


@pytest.mark.clause("A-30")
def test_a_certificate_opens_the_grant_for_three_years(made: cases.Class) -> None:
    certificate = issued(made)
    last = certificate.issued_on.replace(year=certificate.issued_on.year + 3)
    found = Certificate.objects.valid_for_grant
    assert found(certificate.person, last).exists()
    assert not found(certificate.person, last + timedelta(days=1)).exists()


def test_the_certificate_carries_the_seal_of_the_system_over_every_byte(made: cases.Class) -> None:
    certificate = completed(made)
    content = printed(certificate)[0].content()
    assert seals.check(content) is True
    spoilt = content.replace(b"/Title", b"/Tytle", 1)
    assert spoilt != content
    assert seals.check(spoilt) is False
    assert seals.check(content + b"\n% more") is False


@pytest.mark.clause("118-p26")
def test_the_check_page_shows_course_hours_and_result_but_no_scores(made: cases.Class, client: Client) -> None:
    certificate = issued(made)
    paper = Paper.objects.get(case_kind="certificate", case_id=certificate.pk)
    page = client.get(f"/verify/{paper.code}/", headers={"accept-language": "ru"}).content.decode()
    assert certificate.number in page
    assert "<dd>80</dd>" in page
    assert "%" not in page.split("<main")[1].split("</main>")[0]
    assert certificate.person.surname not in page
    assert paper.state == "issued"


def test_an_annulled_certificate_has_no_force_and_the_check_page_says_so(made: cases.Class, client: Client) -> None:
    certificate = issued(made)
    with pytest.raises(Refused):
        certificates.annul(certificate, by=made.chamber.coordinator, reason=" ")
    certificate = certificates.annul(certificate, by=made.chamber.coordinator, reason="Тест басқа адаммен тапсырылды.")
    certificates.annul(certificate, by=made.chamber.coordinator, reason="Тағы бір рет.")
    paper = Paper.objects.get(case_kind="certificate", case_id=certificate.pk)
    assert (certificate.state, paper.state) == (CertificateState.ANNULLED, "void")
    assert not Certificate.objects.valid_for_grant(certificate.person, certificate.issued_on).exists()
    assert Notice.objects.filter(code="N-CERT-ANNULLED", case_id=certificate.pk).count() == 1


def test_a_trainer_does_not_annul(made: cases.Class) -> None:
    certificate = issued(made)
    with pytest.raises(Refused):
        certificates.annul(certificate, by=made.chamber.trainer, reason="Қате.")


def test_a_duplicate_has_another_number_and_the_mark_and_the_old_one_is_annulled(made: cases.Class) -> None:
    old = issued(made)
    new = certificates.duplicate(old, by=made.chamber.coordinator, reason="Тегі өзгерді.")
    again = certificates.duplicate(old, by=made.chamber.coordinator, reason="Тегі өзгерді.")
    assert again.pk == new.pk
    papers_of = printed(new)
    following.issue_printed()
    new.refresh_from_db()
    old.refresh_from_db()
    assert (old.state, new.state) == (CertificateState.ANNULLED, CertificateState.DUPLICATE_ISSUED)
    assert new.number != old.number
    assert papers_of[0].facts["duplicate"] is True


@pytest.mark.clause("A-31")
def test_an_external_certificate_is_entered_once_and_opens_the_grant(made: cases.Class) -> None:
    by, person = made.chamber.coordinator, made.people[0].person
    day = made.group.start_on
    facts = {"by": by, "person": person, "office": made.chamber.office, "issued_on": day}
    first = certificates.record_external(number="SE-123", **facts)
    assert certificates.record_external(number=" SE-123 ", **facts).pk == first.pk
    assert Certificate.objects.valid_for_grant(person, day).exists()
    with pytest.raises(Refused, match="after today"):
        certificates.record_external(number="SE-124", **{**facts, "issued_on": day + timedelta(days=900)})


def test_the_trainer_may_not_enter_an_external_certificate(made: cases.Class) -> None:
    with pytest.raises(Refused):
        certificates.record_external(
            by=made.chamber.trainer,
            person=made.people[0].person,
            office=made.chamber.office,
            number="SE-9",
            issued_on=made.group.start_on,
        )
