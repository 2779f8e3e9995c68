"""The accompaniment: opened, given to people, launched, extended, reported, finished or stopped (118-p33 to p35)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law, papers, workdays
from bastau.flow import SYSTEM, Actor, Refused, perform
from bastau.papers import numbers
from bastau.papers.models import Upload
from bastau.people.models import Office, OfficeKind, Person, Post, User
from bastau.people.roles import Role
from bastau.people.scope import centre_for
from bastau.portal import dates
from grants.models import Payment
from monitoring.models import AccompanimentCase, MonitoringCard, Responsible, Visit
from monitoring.rights import accompaniment as rights
from monitoring.rules import accompaniment as rules
from monitoring.states import CancelReason, FamilyCategory, FinancingSource, VisitState
from training.models import Certificate, Enrolment
from training.states import CertificateKind

#: Kinds of files of an accompaniment.
LAUNCH_EVIDENCE, CATEGORY_DOCUMENT, FINANCING_EVIDENCE = "launch_evidence", "family_category", "financing_evidence"


def chamber_of(region: str) -> Office | None:
    """The chamber of entrepreneurs of a region, the first of its offices; None where the region has none."""
    return Office.objects.filter(kind=OfficeKind.CHAMBER, region=region).order_by("code").first()


def open_for(payment: Payment) -> AccompanimentCase | None:
    """A grant is paid out: its accompaniment opens, once, and waits for the launch (118-p33-1, A-28).

    None where the region has no chamber yet; :func:`monitoring.sweeps.open_missing` comes back to it.
    """
    assert payment.office is not None
    chamber = chamber_of(payment.office.region_id)
    if chamber is None:
        return None
    with transaction.atomic():
        case, made = AccompanimentCase.objects.get_or_create(
            payment=payment,
            defaults={
                "person": payment.person,
                "office": chamber,
                "centre": payment.office,
                "financing_source": FinancingSource.GRANT,
                "financed_on": payment.executed_on or clock.today(chamber.zone),
                "project_name": payment.contract.application.title,
                "ruleset": payment.ruleset,
                "created_at": clock.now(),
            },
        )
        return _opened(case, by=SYSTEM) if made else case


def open_other(
    *,
    by: Actor,
    person: Person,
    source: str,
    financed_on: date,
    project_name: str,
    evidence: UploadedFile,
) -> AccompanimentCase:
    """The chamber records other financing of a trained participant (118-p33-1). Twice gives back the first.

    Raises Refused.
    """
    assert by.post is not None
    office = by.post.office
    case = AccompanimentCase(
        person=person,
        office=office,
        centre=centre_for(person.residence),
        financing_source=source,
        financed_on=financed_on,
        project_name=project_name.strip(),
        ruleset=law.RULESET,
        created_at=clock.now(),
    )
    allowed = rights.may_open(case, by)
    if not allowed.ok:
        raise Refused(str(allowed.reason), code="open")
    if source == FinancingSource.GRANT:
        raise Refused(_("A grant opens its accompaniment by itself, on the day it is paid."))
    if financed_on > clock.today(office.zone):
        raise Refused(_("Write the day on which the financing was received; it cannot lie ahead."))
    trained = Certificate.objects.in_force().filter(person=person, certificate_kind=CertificateKind.COMPLETION)
    if not trained.exists():
        raise Refused(_("This person has no certificate of completed training, so the business is not accompanied."))
    with transaction.atomic():
        # The person's row orders two windows that record the same financing.
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        found = AccompanimentCase.objects.accompanied().filter(person=person, payment=None).first()
        if found is not None:
            return found
        case.save()
        keep_file(case, evidence, FINANCING_EVIDENCE, by)
        return _opened(case, by=by)


def _opened(case: AccompanimentCase, *, by: Actor) -> AccompanimentCase:
    assert case.office is not None
    day = clock.today(case.office.zone)
    name = rules.series("accompaniment", case.office.region_id, day)
    case.number = f"{name}-{numbers.take(name):06d}"
    case.save(update_fields=["number"])
    case = perform(case, "open", by=by, number=case.number, source=case.financing_source)
    trained = Enrolment.objects.filter(person=case.person, group__isnull=False).order_by("-pk").first()
    trainer = trained.group.trainer if trained is not None and trained.group is not None else None
    office = case.office
    if trainer is not None and office is not None and _post(trainer, office, Role.TRAINER) is not None:
        # Who trained the person goes on with the business, until the chamber names another.
        case.trainer = trainer
        case.save(update_fields=["trainer"])
        _responsible(case, Role.TRAINER, trainer)
    return case


def name_consultant(case: AccompanimentCase, *, by: Actor, consultant: User) -> AccompanimentCase:
    """The coordinator names who accompanies the business (118-p33-2). Raises Refused."""
    return _name(case, by, "name_consultant", "consultant", Role.PROJECT_CONSULTANT, consultant)


def name_trainer(case: AccompanimentCase, *, by: Actor, trainer: User) -> AccompanimentCase:
    """The business trainer who accompanies; another takes over, the history stays (118-p33-2). Raises Refused."""
    return _name(case, by, "name_trainer", "trainer", Role.TRAINER, trainer)


def _name(case: AccompanimentCase, by: Actor, event: str, field: str, role: Role, user: User) -> AccompanimentCase:
    assert case.office is not None
    if _post(user, case.office, role) is None:
        raise Refused(_("This person holds no such post in the chamber now. Choose another."))
    if user.person_id == case.person_id:
        raise Refused(_("Nobody accompanies a business of their own. Choose another."))
    with transaction.atomic():
        case = perform(case, event, by=by, set={field: user}, user=user.pk)
        _responsible(case, role, user)
    return case


def _post(user: User, office: Office, role: str) -> Post | None:
    return Post.objects.in_force().filter(user=user, office=office, role=role, user__is_active=True).first()


def _responsible(case: AccompanimentCase, role: str, user: User) -> None:
    now = clock.now()
    standing = Responsible.objects.filter(case=case, role=role, until=None)
    if standing.filter(user=user).exists():
        return
    standing.update(until=now)
    Responsible.objects.create(case=case, role=role, user=user, since=now)


def launch(
    case: AccompanimentCase, *, by: Actor, launched_on: date, category: str, evidence: UploadedFile
) -> AccompanimentCase:
    """The consultant enters the launch with its evidence; 12 or 18 months run from it (118-p33-1, A-28).

    Raises Refused.
    """
    assert case.office is not None
    if launched_on > clock.today(case.office.zone):
        raise Refused(_("The launch date cannot lie ahead. Enter it when the business has been launched."))
    if launched_on < case.financed_on:
        raise Refused(
            _(
                "Accompaniment starts when the financing is received: %(day)s. The launch date is this day"
                " or a later one."
            )
            % {"day": dates.long_date(case.financed_on)}
        )
    with transaction.atomic():
        case = perform(
            case,
            "launch",
            by=by,
            set={
                "launched_on": launched_on,
                "category": category,
                "ends_on": rules.ends_on(launched_on, category),
            },
            launched_on=launched_on,
            term=rules.term_of(category, launched_on).id,
        )
        keep_file(case, evidence, LAUNCH_EVIDENCE, by)
        if case.assignee is not None:
            _responsible(case, Role.PROJECT_CONSULTANT, case.assignee)
    return case


def extend(case: AccompanimentCase, *, by: Actor, category: str, document: UploadedFile) -> AccompanimentCase:
    """The family became low-income or large after the launch: 18 months from the launch date (118-p33-1).

    Raises Refused.
    """
    if category == FamilyCategory.NONE:
        raise Refused(_("Choose the category that the document confirms."))
    with transaction.atomic():
        locked = _locked(case)
        launched_on = locked.launched_on
        if launched_on is None:
            raise Refused(_("The business is not launched yet: the category is entered with the launch date."))
        upload = keep_file(locked, document, CATEGORY_DOCUMENT, by)
        return perform(
            case,
            "extend",
            by=by,
            set={"category": category, "document": upload, "ends_on": rules.ends_on(launched_on, category)},
            document=upload.sha256,
        )


def keep_card(
    case: AccompanimentCase,
    *,
    by: Actor,
    quarter_end: date,
    working: bool,
    jobs: int,
    income: int,
    problems: str = "",
) -> AccompanimentCase:
    """The consultant writes the card of a quarter; written again it is mended, not doubled (118-p35).

    Raises Refused.
    """
    assert case.office is not None
    assert by.user is not None
    today = clock.today(case.office.zone)
    if quarter_end != workdays.quarter_end(quarter_end) or quarter_end > workdays.quarter_end(today):
        raise Refused(_("Choose the quarter of the card from the list."))
    with transaction.atomic():
        case = perform(case, "keep_card", by=by, quarter_end=quarter_end)
        MonitoringCard.objects.update_or_create(
            case=case,
            quarter_end=quarter_end,
            defaults={
                "seen_on": today,
                "working": working,
                "jobs": jobs,
                "income": income,
                "problems": problems.strip(),
                "by": by.user,
                "at": clock.now(),
            },
        )
    return case


def report(case: AccompanimentCase, *, by: Actor, text: str) -> AccompanimentCase:
    """The final report; when the end date has passed already, the accompaniment finishes with it. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write what became of the business during the accompaniment."))
    with transaction.atomic():
        case = perform(case, "report", by=by, set={"text": text.strip()})
        assert case.office is not None
        if case.ends_on is not None and clock.today(case.office.zone) > case.ends_on:
            case = finish(case, by=by)
    return case


def finish(case: AccompanimentCase, *, by: Actor) -> AccompanimentCase:
    """The end date has come and the final report is there: the accompaniment is finished. Raises Refused."""
    return _ended(case, "finish", by, dict)


def stop(case: AccompanimentCase, *, by: Actor, reason: str, text: str) -> AccompanimentCase:
    """Ended before its time, with the reason (SPEC 4.14). Raises Refused."""
    if not text.strip():
        raise Refused(_("Write how it is known and since when."))
    return _ended(case, "stop", by, lambda: {"reason": reason, "text": text.strip()}, reason=reason)


def _ended(
    case: AccompanimentCase, event: str, by: Actor, said: Callable[[], dict[str, Any]], **facts: Any
) -> AccompanimentCase:
    with transaction.atomic():
        case = perform(case, event, by=by, set=said(), **facts)
        Responsible.objects.filter(case=case, until=None).update(until=clock.now())
        call_off_visits(case)
    return case


def call_off_visits(case: AccompanimentCase) -> None:
    """Visits still ahead do not take place when the accompaniment has ended."""
    ahead = Visit.objects.filter(accompaniment=case, state__in=[VisitState.PLANNED, VisitState.AGREED])
    for visit in ahead.order_by("pk"):
        perform(visit, "cancel", by=SYSTEM, set={"reason": CancelReason.ENDED}, reason=CancelReason.ENDED)


def keep_file(case: AccompanimentCase, file: UploadedFile, kind: str, by: Actor) -> Upload:
    """Keep a file of the case; what is wrong with it is said as any other refusal. Raises Refused."""
    assert by.user is not None
    try:
        return papers.accept_upload(
            file, case=(case.kind, case.pk), kind=kind, person=case.person, office=case.office, by=by.user
        )
    except papers.UploadRefused as refused:
        raise Refused(str(refused)) from refused


def _locked(case: AccompanimentCase) -> AccompanimentCase:
    return (
        AccompanimentCase._base_manager.select_for_update(of=("self",))
        .select_related("person", "office")
        .get(pk=case.pk)
    )
