"""Walks the citizen's pages of the grant as a browser would."""

from __future__ import annotations

from typing import Any

from django.test import Client

from bastau import clock, papers
from bastau.gateways.models import Enquiry, System
from bastau.gateways.signals import answered
from grants.actions import drafts
from grants.models import GrantApplication
from tests.grants import applications_cases as cases
from tests.referrals.cases import LABOUR, register

CONSENTS = {"consent_data": "on", "consent_secrets": "on"}
START = {
    **CONSENTS, "skills_number": cases.SKILLS, "skills_issued_on_day": "1", "skills_issued_on_month": "6",
    "skills_issued_on_year": "2026",
}  # fmt: skip
CRITERIA = {"category": "large_family"}
CONTACTS = {"phone": "8 701 234 56 78", "email": "", "language": "kk"}
PAGES: dict[str, dict[str, Any]] = {
    "project/idea": {key: cases.PROJECT[key] for key in ("title", "summary", "sector", "place")},
    "project/product": {key: cases.PROJECT[key] for key in ("product", "production")},
    "project/market": {key: cases.PROJECT[key] for key in ("market", "competitors", "marketing")},
    "project/operations": {key: cases.PROJECT[key] for key in ("operations", "team", "jobs")},
    "schedule": {"what": "Жабдық сатып алу", "first": "1", "last": "2"},
    "estimate": {"name": "Пеш", "quantity": "1", "price": "1 200 000", "grant_part": "1 200 000"},
    "forecast": {
        "tax_regime": "simplified",
        **{f"income_{month}": "450 000" for month in range(1, 13)},
        **{f"costs_{month}": "300000" for month in range(1, 13)},
    },
    "project/risks": {"risks": cases.PROJECT["risks"]},
    "contacts": CONTACTS,
}


def answer(application: GrantApplication, system: str, said: dict[str, Any]) -> None:
    """The register answers the question that is open, as the gateway tells it."""
    enquiry = Enquiry.objects.open().get(case_kind="grant", case_id=application.pk, system=system)
    enquiry.answer, enquiry.answered_at = said, clock.now()
    enquiry.save()
    answered.send(sender=Enquiry, enquiry=enquiry)


def begun(web: Client, centre: cases.GrantCentre | None = None, **labour: Any) -> GrantApplication:
    """A draft opened on the start page; with `centre`, both registers have answered."""
    response = web.post("/grant/", START)
    assert response.status_code == 302, response.content.decode()
    application = GrantApplication.objects.latest("pk")
    if centre is not None:
        answer(application, System.PERSON_REGISTRY, register(application.person, centre.office))
        answer(application, System.LABOUR_MARKET, {**LABOUR, **labour})
    application.refresh_from_db()
    return application


def filled_in(web: Client, centre: cases.GrantCentre, **labour: Any) -> GrantApplication:
    """A draft with every page answered."""
    application = begun(web, centre, **labour)
    for name, said in {"criteria": CRITERIA, **PAGES}.items():
        response = web.post(f"/grant/{application.pk}/{name}/", said)
        assert response.status_code == 302, (name, response.content.decode())
    application.refresh_from_db()
    return application


def printed(web: Client, application: GrantApplication) -> None:
    """Asked for on the check page, and printed by the worker."""
    response = web.post(f"/grant/{application.pk}/check/")
    assert response.status_code == 302, response.content.decode()
    for paper in drafts.prepared(application):
        papers.render(paper.pk)


def send(web: Client, application: GrantApplication) -> Any:
    """Signed with the demo key."""
    versions = drafts.prepared(application)
    sent = {"sign_with": "demo", "paper_sha256": versions[0].sha256}
    sent |= {f"paper_sha256_{paper.language}": paper.sha256 for paper in versions[1:]}
    return web.post(f"/grant/{application.pk}/sign/", sent)
