"""The screens of certificates: the citizen's page, the register, annulment, duplicate, external ones."""

from __future__ import annotations

from typing import Any

import pytest

from bastau import clock
from bastau.flow import Actor
from bastau.people.citizens import account_of
from tests.referrals.walk import signed_in, text
from tests.training.test_certificates_actions import issued
from tests.training.test_enrolments_actions import assessed
from tests.training.test_enrolments_views import _day, page_of, press
from training.models import Certificate
from training.states import CertificateState

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Any:
    found = assessed()
    with clock.at(found.after):
        yield found


def desk(actor: Actor) -> Any:
    assert actor.user is not None
    return signed_in(actor.user)


def test_the_citizen_finds_the_certificate_on_the_page_of_the_training(made: Any) -> None:
    certificate = issued(made)
    web = signed_in(account_of(certificate.person))
    page = text(web.get(f"/training/enrolment/{made.people[0].pk}/"))
    assert certificate.number in page
    assert "With it you may apply for the grant" in page
    assert "You completed the training" in text(web.get("/cabinet/"))


def test_the_coordinator_annuls_from_the_page_of_the_certificate(made: Any) -> None:
    certificate = issued(made)
    staff = desk(made.chamber.coordinator)
    assert certificate.number in text(staff.get("/office/training/certificate/"))
    press(staff, certificate, "annul", reason="Алдау арқылы алынған.")
    assert certificate.state == CertificateState.ANNULLED
    assert "Алдау арқылы алынған." in text(page_of(staff, certificate))


def test_the_coordinator_issues_a_duplicate(made: Any) -> None:
    certificate = issued(made)
    staff = desk(made.chamber.coordinator)
    address = f"/office/training/certificate/{certificate.pk}/duplicate/"
    assert staff.get(address).status_code == 200
    assert staff.post(address, {"reason": ""}).status_code == 422
    staff.post(address, {"reason": "Тегі өзгерді."})
    assert Certificate.objects.get(duplicate_of=certificate).state == CertificateState.FORMED


def test_an_external_certificate_is_entered_at_the_counter(made: Any) -> None:
    staff = desk(made.chamber.coordinator)
    address = "/office/training/certificate/external/"
    page = staff.get(address)
    assert page.status_code == 200
    person = made.people[0].person
    given = {"iin": person.iin, "number": "SE-77", **_day(page, made.group.start_on, "issued_on")}
    response = staff.post(address, given, follow=True)
    assert "SE-77" in text(response)
    assert desk(made.chamber.trainer).get(address).status_code == 404
