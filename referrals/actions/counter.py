"""What a counter does before it accepts: who stands there, and the draft opened for that person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import gateways
from bastau.flow import Actor, Refused
from bastau.gateways.models import Enquiry, System
from bastau.people.citizens import account_of
from bastau.people.iin import validate_iin
from bastau.people.models import Person
from bastau.people.names import tidy
from bastau.people.roles import Role
from referrals.actions.drafting import consent, start
from referrals.actions.within import locked_draft
from referrals.models import ReferralApplication
from referrals.states import Channel

#: Questions asked before there is a case: of whom is written in the key, and `case_id` is the counter's office.
LOOK_UP = "counter"
CHANNELS = {Role.SPECIALIST: Channel.CENTRE, Role.SC_OPERATOR: Channel.SC}
NOT_A_COUNTER = _("Documents are accepted by a specialist of the centre or an operator of the State Corporation.")
OWN_PERSON = _("Nobody accepts an own application. Ask a colleague, or file on the Portal.")


def channel_of(by: Actor) -> Channel:
    """The channel of the counter at which `by` sits. Raises Refused where the post has no counter."""
    if by.user is None or by.post is None or by.post.role not in CHANNELS:
        raise Refused(NOT_A_COUNTER)
    return CHANNELS[Role(by.post.role)]


def look_up(iin: str, *, by: Actor) -> Enquiry:
    """Ask the register of persons who has this IIN; the person has signed both consents on paper (118-a1).

    Raises ValidationError for a wrong IIN, Refused for who has no counter.
    """
    _may_serve(iin, by)
    assert by.user is not None
    assert by.post is not None
    with transaction.atomic():
        return gateways.ask(
            System.PERSON_REGISTRY,
            subject_iin=iin,
            case_kind=LOOK_UP,
            case_id=by.post.office_id,
            key=f"{LOOK_UP}:{by.user.pk}:{secrets.token_hex(12)}",
        )


def person_from_register(enquiry: Enquiry) -> Person | None:
    """The person of an answered look-up; None while there is no answer, or nobody of this IIN is registered."""
    answer = enquiry.answer or {}
    if not answer or answer.get("found") is False:
        return None
    return _person(enquiry.subject_iin, answer)


def person_by_hand(
    iin: str, *, surname: str, given_name: str, patronymic: str, birth_date: date, sex: str, by: Actor
) -> Person:
    """The person as the identity card says, while the register does not answer. The check compares both later."""
    _may_serve(iin, by)
    typed = {
        "surname": surname,
        "given_name": given_name,
        "patronymic": patronymic,
        "birth_date": birth_date.isoformat(),
        "sex": sex,
    }
    return _person(iin, typed)


def open_at_counter(person: Person, *, by: Actor) -> ReferralApplication:
    """Open the draft of who stands at the counter, with the consents given on paper; the registers are asked.

    The person gets an account at the first need: notices reach those too who never used the Portal.
    Raises OpenApplicationExists and Refused.
    """
    channel = channel_of(by)
    assert by.post is not None
    _may_serve(person.iin, by)
    with transaction.atomic():
        account_of(person)
        draft = start(by=by, person=person, channel=channel, counter=by.post.office)
        return consent(draft, by=by)


def leave(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """End at a counter without accepting or refusing: the draft is its citizen's again, on the Portal."""
    channel_of(by)
    with transaction.atomic():
        draft = locked_draft(application)
        draft.channel, draft.counter = Channel.PORTAL, None
        draft.save(update_fields=["channel", "counter"])
    return draft


def _may_serve(iin: str, by: Actor) -> None:
    channel_of(by)
    validate_iin(iin)
    assert by.user is not None
    if by.user.person.iin == iin:
        raise Refused(OWN_PERSON)


def _person(iin: str, said: Mapping[str, Any]) -> Person:
    # What is known already stays: a name is changed by the register's own procedure, not at a counter.
    person, _made = Person.objects.get_or_create(
        iin=iin,
        defaults={
            "surname": tidy(said["surname"]),
            "given_name": tidy(said["given_name"]),
            "patronymic": tidy(said.get("patronymic") or ""),
            "birth_date": date.fromisoformat(said["birth_date"]),
            "sex": said["sex"],
        },
    )
    return person
