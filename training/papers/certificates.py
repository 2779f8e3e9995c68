"""Certificates as papers (SPEC 2.16): no scores are printed; the check page shows course, hours and result."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.papers.files import register_cases
from bastau.papers.kinds import PaperKind, register
from bastau.papers.models import Paper
from training.models import Certificate
from training.papers.enrolments import both
from training.states import CertificateKind

CERT_COMPLETION = "cert_completion"
CERT_PARTICIPATION = "cert_participation"
KINDS = {CertificateKind.COMPLETION: CERT_COMPLETION, CertificateKind.PARTICIPATION: CERT_PARTICIPATION}

COURSE = {
    "kk": "«Бастау Бизнес» жобасы бойынша кәсіпкерлік негіздеріне оқыту",
    "ru": "Обучение основам предпринимательства по проекту «Бастау Бизнес»",
    "en": "Training in the basics of entrepreneurship, project “Bastau Business”",
}
RESULT = {
    CertificateKind.COMPLETION: {
        "kk": "оқуды аяқтады және бизнес-жоспар дайындады",
        "ru": "завершил(-а) обучение и подготовил(-а) бизнес-план",
        "en": "completed the training and prepared a business plan",
    },
    CertificateKind.PARTICIPATION: {
        "kk": "оқуға қатысты",
        "ru": "принял(-а) участие в обучении",
        "en": "took part in the training",
    },
}


def public(paper: Paper) -> list[tuple[Any, Any]]:
    """What anybody who holds a certificate reads of it besides what stands with every paper (SPEC 4.7)."""
    return [
        (pgettext_lazy("certificate", "Course"), paper.facts["course"]),
        (_("Academic hours"), paper.facts["hours"]),
        (pgettext_lazy("certificate", "Result"), paper.facts["result"]),
    ]


for _kind, _title in (
    (CERT_COMPLETION, pgettext_lazy("paper", "Certificate of completion")),
    (CERT_PARTICIPATION, pgettext_lazy("paper", "Certificate of participation")),
):
    register(PaperKind(_kind, _title, f"papers/{_kind}", sealed=True, annullable=True, public=public))
register_cases(Certificate.kind, Certificate.objects.visible_to, whole=True)


def certificate_facts(certificate: Certificate) -> dict[str, Any]:
    """What a certificate says (SPEC 2.16)."""
    office = certificate.office
    assert office is not None
    assert certificate.started_on is not None
    assert certificate.ended_on is not None
    return {
        "office": both(office.name),
        "name": certificate.person.full_name,
        "number": certificate.number,
        "course": COURSE,
        "result": RESULT[CertificateKind(certificate.certificate_kind)],
        "hours": certificate.hours or 0,
        "started_on": certificate.started_on.isoformat(),
        "ended_on": certificate.ended_on.isoformat(),
        "issued_on": certificate.issued_on.isoformat(),
        "duplicate": certificate.duplicate_of_id is not None,
    }
