"""The draft of a grant application: opened, routed by the registers, answered, printed for signing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, gateways, law, papers
from bastau.flow import Actor, Refused
from bastau.gateways import outbox
from bastau.gateways.models import Enquiry, System
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Language, Person
from bastau.people.scope import centre_for
from bastau.portal.dates import DEFAULT_ZONE
from grants import criteria, debts, plans
from grants.models import CriterionCheck, GrantApplication, ProjectLine
from grants.papers import applications as kinds
from grants.rules import applications as rules
from grants.states import GrantState
from training.models import Certificate

#: What the applicant answers outside the project; the registers' answers are not among them.
ANSWERS = frozenset(
    {"language", "phone", "email", "category", "entrepreneur_since", "skills_number", "skills_issued_on"}
)
PROJECT_KEYS = frozenset(key for keys in rules.PROJECT_PAGES.values() for key in keys)
#: Asked with the draft: who the person is and where, and how he or she stands on the labour market.
REGISTERS = (System.PERSON_REGISTRY, System.LABOUR_MARKET)
#: An estimate longer than this is a list of small things; join them.
MOST_LINES = 60


class OpenApplicationExists(ValidationError):
    """The person has an application under way; `application` is it."""

    def __init__(self, application: GrantApplication) -> None:
        super().__init__(_("You have a grant application under way already. A second one cannot be opened beside it."))
        self.application = application


def start(
    *, by: Actor, person: Person, skills_number: str = "", skills_issued_on: date | None = None
) -> GrantApplication:
    """Open a draft with the consent just given, or go on with the one there is (FKA04-1.1, 1.2, A-31).

    The registers are asked, the project is filled in from the positive business plan of the training. Raises Refused
    where there is no certificate to start with, OpenApplicationExists where an application is filed already.
    """
    if by.user is None or by.user.person_id != person.pk:
        raise Refused(_("An application for a grant is opened by the applicant."))
    known = GrantApplication.objects.open().filter(person=person).select_related("person", "office").first()
    if known is not None:
        if known.state != GrantState.DRAFT:
            raise OpenApplicationExists(known)
        return known
    first = rules.certificate(known_of_certificates(person, skills_issued_on if skills_number else None))
    if first.result == "no":
        raise Refused(criteria.reason_of(first.code, first.day), code=first.code)
    now = clock.now()
    try:
        with transaction.atomic():
            application = GrantApplication.objects.create(
                person=person,
                started_by=by.user,
                language=person.language,
                phone=person.phone,
                email=person.email,
                consent_at=now,
                skills_number=skills_number,
                skills_issued_on=skills_issued_on if skills_number else None,
                ruleset=law.RULESET,
                created_at=now,
            )
            _prefill(application)
            _ask_registers(application, "draft")
            review(application)
    except IntegrityError as error:
        # Two clicks at once: the second finds the first one's draft.
        if "grant_one_open" not in str(error):
            raise
        return GrantApplication.objects.open().select_related("person", "office").get(person=person)
    return application


def known_of_certificates(person: Person, skills_issued_on: date | None) -> rules.Known:
    """What is known of a person's certificates today."""
    found = Certificate.objects.in_force().filter(person=person, issued_on__isnull=False)
    return rules.Known(
        on=clock.today(DEFAULT_ZONE),
        certificates=tuple(found.order_by("pk").values_list("certificate_kind", "issued_on")),
        skills_issued_on=skills_issued_on,
    )


def review(application: GrantApplication) -> None:
    """Write the check protocol anew from all that is known (FKA04-1.2). What a specialist decided stays."""
    person = application.person
    certificates = known_of_certificates(person, application.skills_issued_on if application.skills_number else None)
    known = rules.Known(
        on=certificates.on,
        certificates=certificates.certificates,
        skills_issued_on=certificates.skills_issued_on,
        category=application.category,
        registered_unemployed=application.registered_unemployed,
        entrepreneur_since=application.entrepreneur_since,
        earlier_grant=GrantApplication.objects.filter(person=person, state=GrantState.CONTRACTED).exists(),
        open_recovery=debts.owes(person.pk),
    )
    asked = Enquiry.objects.of_case(application.kind, application.pk).filter(system=System.LABOUR_MARKET).last()
    by_hand = set(application.checks.filter(manual=True).values_list("criterion", flat=True))
    now = clock.now()
    rows = [
        CriterionCheck(
            application=application,
            criterion=criterion,
            result=answer.result,
            source=answer.source,
            code=answer.code,
            day=answer.day,
            answered_at=now,
            enquiry=asked if answer.source == System.LABOUR_MARKET else None,
        )
        for criterion, answer in rules.protocol(known).items()
        if criterion not in by_hand
    ]
    CriterionCheck.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["application", "criterion"],
        update_fields=["result", "source", "code", "day", "answered_at", "enquiry"],
    )


def note_register_answer(application: GrantApplication, system: str, answer: Mapping[str, Any]) -> None:
    """Take a register's answer into the draft: residence routes it, the individual employment card is kept."""
    with transaction.atomic():
        draft = locked_draft(application)
        if system == System.PERSON_REGISTRY and answer.get("found", True):
            said = (draft.office_id, draft.address_kk, draft.address_ru)
            draft.residence = answer["residence"]
            draft.address_kk, draft.address_ru = answer["address_kk"], answer["address_ru"]
            draft.office = centre_for(draft.residence)
            if said != (draft.office_id, draft.address_kk, draft.address_ru):
                void_prepared(draft)
        elif system == System.LABOUR_MARKET:
            draft.registered_unemployed = answer["registered_unemployed"]
            draft.card_number = answer["card_number"]
            draft.card_fetched_at = clock.now() if answer["card_number"] else None
        draft.save()
        review(draft)


def ask_anew(application: GrantApplication, *, by: Actor) -> GrantApplication:
    """Ask the registers once more, after the person changed something there. Raises Refused where it is no draft."""
    _own_draft(application, by)
    # The case is not locked: an answer that is just being taken in holds its question and waits for the case.
    asked = list(Enquiry.objects.of_case(application.kind, application.pk))
    waiting = [enquiry for enquiry in asked if enquiry.is_open]
    for enquiry in waiting:
        outbox.ask_again(enquiry)
    if not waiting:
        with transaction.atomic():
            _ask_registers(application, f"draft-{len(asked)}")
    return application


def answer(application: GrantApplication, *, by: Actor, **answers: Any) -> GrantApplication:
    """Keep answers outside the project; the protocol follows. A paper prepared before is void.

    Raises Refused where the application is no draft of the actor's any more, ValueError on what is no answer.
    """
    if unknown := set(answers) - ANSWERS:
        raise ValueError(f"Not an answer of the form: {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        draft = _own_draft(application, by, lock=True)
        changed = [name for name, value in answers.items() if getattr(draft, name) != value]
        if changed:
            for name in changed:
                setattr(draft, name, answers[name])
            draft.check_fields()
            draft.save(update_fields=changed)
            void_prepared(draft)
        # Also where nothing changed: a day later a certificate may be too old.
        review(draft)
    return draft


def answer_project(application: GrantApplication, *, by: Actor, **answers: Any) -> GrantApplication:
    """Keep answers of the project by the keys of SPEC 2.9 (FKA04-1.3). Raises as :func:`answer`."""
    if unknown := set(answers) - PROJECT_KEYS:
        raise ValueError(f"Not a key of the project: {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        draft = _own_draft(application, by, lock=True)
        changed = {**draft.project, **answers}
        if changed != draft.project:
            draft.project = changed
            draft.save(update_fields=["project"])
            void_prepared(draft)
    return draft


def keep_line(
    application: GrantApplication,
    *,
    by: Actor,
    name: str,
    quantity: int,
    price: int,
    grant_part: int,
    line: ProjectLine | None = None,
) -> ProjectLine:
    """Add a line of the estimate, or change `line`; the sums follow. Raises Refused, ValidationError."""
    with transaction.atomic():
        draft = _own_draft(application, by, lock=True)
        if line is None and draft.lines.count() >= MOST_LINES:
            raise Refused(
                _("The estimate has %(most)s lines already. Join small things into one line.") % {"most": MOST_LINES}
            )
        kept = draft.lines.get(pk=line.pk) if line else ProjectLine(application=draft)
        kept.name, kept.quantity, kept.price, kept.grant_part = name.strip(), quantity, price, grant_part
        if grant_part > quantity * price:
            raise Refused(_("The grant cannot pay more than the whole sum of the line."), code="grant_part")
        kept.full_clean(exclude=["application"], validate_constraints=False)
        kept.save()
        _follow(draft)
    return kept


def drop_line(application: GrantApplication, line_id: int, *, by: Actor) -> None:
    """Take a line out of the estimate. Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        draft = _own_draft(application, by, lock=True)
        if draft.lines.filter(pk=line_id).delete()[0]:
            _follow(draft)


def add_stage(application: GrantApplication, *, by: Actor, what: str, first: int, last: int) -> GrantApplication:
    """Add a line of the schedule, in the order of its months. The same line twice is one. Raises Refused."""
    stage = {"what": what.strip(), "from": first, "to": last}
    with transaction.atomic():
        draft = _own_draft(application, by, lock=True)
        stages = [one for one in draft.project.get("calendar") or [] if one != stage]
        if len(stages) >= MOST_LINES:
            raise Refused(_("The schedule has %(most)s lines already. Join small steps.") % {"most": MOST_LINES})
        ordered = sorted([*stages, stage], key=lambda one: (one["from"], one["to"], one["what"]))
        return answer_project(draft, by=by, calendar=ordered)


def drop_stage(application: GrantApplication, *, by: Actor, what: str, first: int, last: int) -> GrantApplication:
    """Take a line out of the schedule. Twice changes nothing. Raises Refused."""
    stage = {"what": what, "from": first, "to": last}
    with transaction.atomic():
        draft = _own_draft(application, by, lock=True)
        return answer_project(
            draft, by=by, calendar=[one for one in draft.project.get("calendar") or [] if one != stage]
        )


def prepare(application: GrantApplication, *, by: Actor) -> list[Paper]:
    """Ask for the application with its project as papers to be signed, Kazakh first, or give back those there are.

    Raises Refused where the centre is not known yet.
    """
    with transaction.atomic():
        draft = _own_draft(application, by, lock=True)
        if live := prepared(draft):
            return live
        if draft.office is None:
            raise Refused(_("The centre of residence is not known yet: the register of persons has not answered."))
        facts = kinds.application_facts(draft)
        case = (draft.kind, draft.pk)
        original = papers.ask(
            kinds.GRANT_PROJECT, case=case, language="kk", facts=facts, office=draft.office, person=draft.person,
            shown=True,
        )  # fmt: skip
        found = [original]
        if draft.language == Language.RU:
            found.append(
                papers.ask(
                    kinds.GRANT_PROJECT, case=case, language="ru", facts=facts, office=draft.office,
                    person=draft.person, translation_of=original, shown=True,
                )
            )  # fmt: skip
    return found


def prepared(application: GrantApplication) -> list[Paper]:
    """The papers of the application in force, Kazakh first; empty when they have to be prepared."""
    found = Paper.objects.filter(case_kind=application.kind, case_id=application.pk, kind=kinds.GRANT_PROJECT)
    return list(found.exclude(state=PaperState.VOID).order_by("translation_of_id", "pk").order_by("language"))


def void_prepared(application: GrantApplication) -> None:
    """A paper that no longer says what was answered loses its force; one that is signed stays (A-51)."""
    for paper in prepared(application):
        if paper.translation_of_id is None and paper.state in {PaperState.ASKED, PaperState.READY}:
            papers.void(paper)


def locked(application: GrantApplication) -> GrantApplication:
    """The row of the application, locked, with person and office."""
    return (
        GrantApplication._base_manager.select_for_update(of=("self",))
        .select_related("person", "office")
        .get(pk=application.pk)
    )


def locked_draft(application: GrantApplication) -> GrantApplication:
    """As :func:`locked`. Raises Refused where it was sent already."""
    draft = locked(application)
    if draft.state != GrantState.DRAFT:
        raise Refused(_("This application was sent already and cannot be changed here."), code="not_draft")
    return draft


def _own_draft(application: GrantApplication, by: Actor, *, lock: bool = False) -> GrantApplication:
    if by.user is None or by.user.person_id != application.person_id:
        raise Refused(_("This is another person's application."))
    if lock:
        return locked_draft(application)
    if application.state != GrantState.DRAFT:
        raise Refused(_("This application was sent already and cannot be changed here."), code="not_draft")
    return application


def _follow(draft: GrantApplication) -> None:
    draft.grant_sum, draft.own_sum = rules.sums(draft.lines.all())
    draft.save(update_fields=["grant_sum", "own_sum"])
    void_prepared(draft)


def _prefill(application: GrantApplication) -> None:
    """FKA04-1.3: what the training's business plan says is not typed again."""
    found = plans.positive_plan(application.person)
    if found is None:
        return
    application.project, application.prefilled = found.project, True
    ProjectLine.objects.bulk_create(
        [
            ProjectLine(application=application, name=name, quantity=quantity, price=price, grant_part=grant_part)
            for name, quantity, price, grant_part in found.lines
        ]
    )
    application.grant_sum, application.own_sum = rules.sums(application.lines.all())
    application.save(update_fields=["project", "prefilled", "grant_sum", "own_sum"])


def _ask_registers(application: GrantApplication, purpose: str) -> None:
    gateways.ask_all(
        REGISTERS,
        subject_iin=application.person.iin,
        case_kind=application.kind,
        case_id=application.pk,
        key=f"{application.kind}:{application.pk}:{purpose}",
    )
