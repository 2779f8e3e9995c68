"""Walks the citizen's pages as a browser would: what the tests of the Portal share."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.test import Client

from bastau import clock, papers
from bastau.gateways.models import Enquiry, System
from bastau.gateways.signals import answered
from bastau.papers.models import Paper, PaperState
from bastau.people.models import User
from referrals.models import ReferralApplication
from tests.referrals import cases
from tests.referrals.cases import LABOUR, Centre

CONSENTS = {"consent_data": "on", "consent_secrets": "on"}
STATUS = {"target_status": "UNEMPLOYED", "study_form": "offline"}
CONTACTS = {"phone": "8 701 234 56 78", "email": "", "language": "kk", "access_needs": ""}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["bastau_language"] = "en"
    return client


def text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def begun(web: Client) -> ReferralApplication:
    web.post("/referral/")
    return ReferralApplication.objects.latest("pk")


def answer(application: ReferralApplication, system: str, said: dict[str, Any]) -> None:
    """The register answers the question that is open, as the gateway tells it."""
    enquiry = Enquiry.objects.open().get(case_id=application.pk, system=system)
    enquiry.answer, enquiry.answered_at = said, clock.now()
    enquiry.save()
    answered.send(sender=Enquiry, enquiry=enquiry)


def consented(web: Client, centre: Centre | None = None, **labour: Any) -> ReferralApplication:
    """A draft with its consents; with `centre`, both registers have answered."""
    application = begun(web)
    web.post(f"/referral/{application.pk}/consents/", CONSENTS)
    if centre is not None:
        answer(application, System.PERSON_REGISTRY, cases.register(application.person, centre.office))
        answer(application, System.LABOUR_MARKET, {**LABOUR, **labour})
    application.refresh_from_db()
    return application


def filled_in(web: Client, centre: Centre, **labour: Any) -> ReferralApplication:
    application = consented(web, centre, **labour)
    web.post(f"/referral/{application.pk}/status/", STATUS)
    web.post(f"/referral/{application.pk}/contacts/", CONTACTS)
    application.refresh_from_db()
    return application


def printed(web: Client, application: ReferralApplication) -> Paper:
    web.post(f"/referral/{application.pk}/check/")
    return papers.render(Paper.objects.get(case_id=application.pk, state=PaperState.ASKED).pk)


def send(web: Client, application: ReferralApplication, paper: Paper) -> Any:
    return web.post(f"/referral/{application.pk}/sign/", {"sign_with": "demo", "paper_sha256": paper.sha256})


def sent(web: Client, centre: Centre, **labour: Any) -> ReferralApplication:
    application = filled_in(web, centre, **labour)
    response = send(web, application, printed(web, application))
    assert response.status_code == 302, text(response)
    application.refresh_from_db()
    return application
