"""The only writers of certificates: formed by results, issued when printed, annulled, duplicated (SPEC 4.7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law, papers
from bastau.flow import SYSTEM, Actor, Refused, perform
from bastau.papers import numbers
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Language, Office, Person
from training.models import Certificate, Enrolment
from training.papers import certificates as kinds
from training.papers.enrolments import hours_of
from training.rights import certificates as rights
from training.rules import certificates as rules
from training.states import CertificateKind, CertificateState, EnrolmentState

OF_RESULT = {
    EnrolmentState.COMPLETED_COMPLETION: CertificateKind.COMPLETION,
    EnrolmentState.COMPLETED_PARTICIPATION: CertificateKind.PARTICIPATION,
}


def form(enrolment: Enrolment) -> Certificate | None:
    """Form the certificate that the results give (118-p26, p27), once; None where they give none.

    It gets its unique number now and is issued when it is printed.
    """
    kind = OF_RESULT.get(EnrolmentState(enrolment.state))
    if kind is None or enrolment.group is None:
        return None
    known = Certificate._base_manager.filter(enrolment=enrolment).order_by("pk").first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _formed(enrolment, kind)
    except IntegrityError as error:
        if "certificate_one_live" not in str(error):
            raise
        return Certificate._base_manager.get(enrolment=enrolment)


def _formed(enrolment: Enrolment, kind: CertificateKind, duplicate_of: Certificate | None = None) -> Certificate:
    office, group = enrolment.office, enrolment.group
    assert office is not None
    assert group is not None
    today = clock.today(office.zone)
    series = rules.series(kind, today)
    certificate = Certificate.objects.create(
        number=rules.number(series, numbers.take(series)),
        person=enrolment.person,
        office=office,
        certificate_kind=kind,
        enrolment=enrolment,
        duplicate_of=duplicate_of,
        language=enrolment.language,
        hours=hours_of(group),
        started_on=group.start_on,
        ended_on=group.end_on,
        issued_on=today,
        ruleset=law.RULESET,
        created_at=clock.now(),
    )
    facts = kinds.certificate_facts(certificate)
    asked: dict[str, Any] = {
        "case": (certificate.kind, certificate.pk), "facts": facts, "office": office, "person": enrolment.person,
    }  # fmt: skip
    name = kinds.KINDS[kind]
    original = papers.ask(name, language="kk", **asked)
    if certificate.language == Language.RU:
        papers.ask(name, language="ru", translation_of=original, **asked)
    return certificate


@transaction.atomic
def issue(certificate: Certificate) -> bool:
    """Issue a formed certificate once all its versions are printed and sealed (118-p26). Whether it was issued now."""
    case = _locked(certificate)
    if case.state != CertificateState.FORMED or case.enrolment_id is None:
        return False
    versions = list(_papers(case))
    if not versions or any(paper.state != PaperState.READY for paper in versions):
        return False
    for paper in versions:
        papers.issue(paper, case.issued_on)
    event = "issue_duplicate" if case.duplicate_of_id else "issue"
    perform(case, event, by=SYSTEM, number=case.number, papers=[paper.sha256 for paper in versions])
    return True


@transaction.atomic
def annul(certificate: Certificate, *, by: Actor, reason: str) -> Certificate:
    """Annul by the chamber's decision with its reason (SPEC 4.7); the check page says so at once. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write the reason: it goes to the person."))
    case = _locked(certificate)
    if case.state == CertificateState.ANNULLED:
        return case
    case = perform(case, "annul", by=by, set={"reason": reason.strip()}, number=case.number)
    for paper in _papers(case).filter(translation_of=None):
        papers.void(paper)
    return case


@transaction.atomic
def duplicate(certificate: Certificate, *, by: Actor, reason: str) -> Certificate:
    """A duplicate after personal data were corrected: another number and the mark; the old one is annulled.

    Raises Refused.
    """
    old = _locked(certificate)
    if old.state == CertificateState.ANNULLED:
        known = Certificate._base_manager.filter(duplicate_of=old).first()
        if known is not None:
            return known
    if old.enrolment is None:
        raise Refused(_("This certificate was issued elsewhere; ask for its duplicate there."))
    annul(old, by=by, reason=reason)
    return _formed(old.enrolment, CertificateKind(old.certificate_kind), duplicate_of=old)


def record_external(*, by: Actor, person: Person, office: Office, number: str, issued_on: date) -> Certificate:
    """Enter a certificate of skills.enbek.kz that the person showed (A-31). Entering it twice gives back the first.

    Raises Refused.
    """
    number = " ".join(number.split())
    if not number:
        raise Refused(_("Write the number that stands on the certificate."))
    if issued_on > clock.today(office.zone):
        raise Refused(_("The certificate cannot be issued after today. Look at its date again."))
    with transaction.atomic():
        blank = Certificate(office=office, person=person, certificate_kind=CertificateKind.SKILLS_ENBEK)
        allowed = rights.may(blank, "issue", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason))
        known = Certificate._base_manager.filter(number=number).first()
        if known is not None:
            if known.person_id != person.pk:
                raise Refused(_("A certificate with this number is entered for another person. Check the number."))
            return known
        certificate = Certificate.objects.create(
            number=number,
            person=person,
            office=office,
            certificate_kind=CertificateKind.SKILLS_ENBEK,
            language=person.language,
            issued_on=issued_on,
            ruleset=law.RULESET,
            created_at=clock.now(),
        )
        return perform(certificate, "issue", by=by, issued_on=issued_on)


def _papers(case: Certificate) -> Any:
    found = Paper.objects.filter(case_kind=case.kind, case_id=case.pk).exclude(state=PaperState.VOID)
    return found.order_by("pk")


def _locked(certificate: Certificate) -> Certificate:
    return (
        Certificate._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "enrolment__group__office", "enrolment__person", "enrolment__office")
        .get(pk=certificate.pk)
    )
