"""The draft: opened, answered, routed by the registers, printed for signing."""

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
from bastau.papers.models import Paper
from bastau.people.models import Office, Person
from bastau.people.scope import centre_for
from referrals import papers as kinds
from referrals.actions.within import live_paper, locked_draft, own_draft, void_papers
from referrals.models import ReferralApplication
from referrals.rules import REGISTER_SUBJECTS
from referrals.states import State

ANSWERS = frozenset({"language", "phone", "email", "target_status", "study_form", "access_needs", "sheets"})


class OpenApplicationExists(ValidationError):
    """The person has an application under way; `application` is it."""

    def __init__(self, application: ReferralApplication) -> None:
        super().__init__(_("There is an application under way already. A second one cannot be opened beside it."))
        self.application = application


def start(*, by: Actor, person: Person, channel: str, counter: Office | None = None) -> ReferralApplication:
    """Open a draft, or go on with the one there is: a draft is filed nowhere yet, so it follows its person from home
    to a counter and back. Raises OpenApplicationExists where the application is filed already."""
    if by.user is None:
        raise Refused(_("An application is opened by a person."))
    for attempt in (1, 2):
        known = ReferralApplication.objects.open().filter(person=person).select_related("person", "office").first()
        if known is not None:
            same_door = known.channel == channel and (counter is None or known.counter_id == counter.pk)
            if known.state == State.DRAFT and same_door:
                return known
            if known.state == State.DRAFT:
                return _move_draft(known, channel, counter)
            raise OpenApplicationExists(known)
        try:
            with transaction.atomic():
                return ReferralApplication.objects.create(
                    person=person,
                    channel=channel,
                    counter=counter,
                    started_by=by.user,
                    language=person.language,
                    phone=person.phone,
                    email=person.email,
                    ruleset=law.RULESET,
                    created_at=clock.now(),
                )
        except IntegrityError as error:
            # Two clicks at once: the second finds the first one's draft.
            if attempt == 2 or "referral_one_open" not in str(error):
                raise
    raise AssertionError("unreachable")


def _move_draft(draft: ReferralApplication, channel: str, counter: Office | None) -> ReferralApplication:
    # What was typed goes on there.
    with transaction.atomic():
        draft = locked_draft(draft)
        draft.channel, draft.counter = channel, counter
        draft.save(update_fields=["channel", "counter"])
    return draft


def answer(application: ReferralApplication, *, by: Actor, **answers: Any) -> ReferralApplication:
    """Keep answers of a draft. An application paper prepared before is void: it no longer says what was answered.

    Raises Refused where the application is not a draft any more, ValueError on a field that is no answer.
    """
    if unknown := set(answers) - ANSWERS:
        raise ValueError(f"Not an answer of the form: {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        application = own_draft(application, by)
        changed = [name for name, value in answers.items() if getattr(application, name) != value]
        if changed:
            for name in changed:
                setattr(application, name, answers[name])
            application.check_fields()
            application.save(update_fields=changed)
            void_papers(application, [kinds.APPLICATION_A1])
    return application


def consent(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """Record both consents of annex 1. Asks the registers the first time: they may be asked only with consent."""
    with transaction.atomic():
        application = own_draft(application, by)
        if application.consent_data_at is None:
            application.consent_data_at = application.consent_secrets_at = clock.now()
            application.save(update_fields=["consent_data_at", "consent_secrets_at"])
        ask_registers(application, "draft")
    return application


def ask_registers(application: ReferralApplication, purpose: str) -> None:
    """Put the questions to all registers, each once for a purpose."""
    gateways.ask_all(
        REGISTER_SUBJECTS,
        subject_iin=application.person.iin,
        case_kind=application.kind,
        case_id=application.pk,
        key=f"{application.kind}:{application.pk}:{purpose}",
    )


def question_key(application: ReferralApplication, purpose: str, system: str) -> str:
    """The key of a question to a register: asked for the draft and once more for the check."""
    return f"{application.kind}:{application.pk}:{purpose}:{system}"


def ask_anew(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """Ask the registers once more, after the person changed a registration. A question still open is asked now.

    What the registers said before stands until they answer again. Raises Refused where it is a draft no more.
    """
    if application.state != State.DRAFT or application.consent_data_at is None:
        raise Refused(_("This application was sent already and cannot be changed here."), code="not_draft")
    # The case is not locked: an answer that is just being taken in holds its question and waits for the case.
    asked = list(Enquiry.objects.of_case(application.kind, application.pk))
    waiting = [enquiry for enquiry in asked if enquiry.is_open]
    for enquiry in waiting:
        outbox.ask_again(enquiry)
    if not waiting:
        with transaction.atomic():
            ask_registers(application, f"draft-{len(asked)}")
    return application


def note_register_answer(application: ReferralApplication, system: str, answer: Mapping[str, Any]) -> None:
    """Take a register's answer into the draft: residence routes it to its centre, status opens the Portal (A-10)."""
    with transaction.atomic():
        application = locked_draft(application)
        if system == System.PERSON_REGISTRY and answer.get("found", True):
            said = (application.office_id, application.address_kk, application.address_ru)
            application.residence = answer["residence"]
            application.address_kk, application.address_ru = answer["address_kk"], answer["address_ru"]
            application.office = centre_for(application.residence)
            if said != (application.office_id, application.address_kk, application.address_ru):
                void_papers(application, [kinds.APPLICATION_A1])
        elif system == System.LABOUR_MARKET:
            application.registered_unemployed = answer["registered_unemployed"]
            trained = answer.get("trained_until")
            application.trained_until = date.fromisoformat(trained) if trained else None
        application.save()


def prepare_application(application: ReferralApplication, *, by: Actor) -> Paper:
    """Ask for annex 1 as a paper to be signed, or give back the one that says the same."""
    with transaction.atomic():
        application = own_draft(application, by)
        live = live_paper(application, kinds.APPLICATION_A1, application.language)
        if live is not None:
            return live
        if application.office is None:
            raise Refused(_("The centre of residence is not known yet: the register of persons has not answered."))
        return papers.ask(
            kinds.APPLICATION_A1,
            case=(application.kind, application.pk),
            language=application.language,
            facts=kinds.application_facts(application),
            office=application.office,
            person=application.person,
            shown=True,
        )


def application_paper(application: ReferralApplication) -> Paper | None:
    """Annex 1 of a draft as it was last prepared, in the language of the result; None when it has to be prepared."""
    return live_paper(application, kinds.APPLICATION_A1, application.language)
