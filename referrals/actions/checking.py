"""The check: taken, asked, answered, finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, gateways
from bastau.flow import SYSTEM, Actor, Refused, perform, perform_many
from bastau.gateways import outbox
from bastau.gateways.models import Enquiry, System
from bastau.people.models import User
from bastau.people.scope import centre_for
from referrals import rights, rules
from referrals.actions.drafting import ask_registers, question_key
from referrals.actions.within import locked
from referrals.models import Check, ReferralApplication
from referrals.states import CheckSubject, State


def take(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """A specialist takes the case; the protocol opens and the registers are asked (118-p09-1). Raises Refused."""
    with transaction.atomic():
        application = perform(application, "take", by=by)
        open_protocol(application)
    return application


def give_out(batch: Mapping[int, int]) -> int:
    """The system gives cases nobody took to specialists: case id -> user id. Returns how many were given."""
    waiting = ReferralApplication._base_manager.filter(pk__in=batch, state=State.ACCEPTED)
    with transaction.atomic():
        users = User.objects.in_bulk(set(batch.values()))
        moved = perform_many(
            waiting.select_related("person", "office"),
            "take",
            by=SYSTEM,
            set_for=lambda case: {"assignee": users[batch[case.pk]]},
            facts_for=lambda case: {"assignee": batch[case.pk]},
        )
        for application in ReferralApplication._base_manager.filter(
            pk__in=batch, state=State.IN_CHECK, checks=None
        ).select_related("person"):
            open_protocol(application)
    return moved


def open_protocol(application: ReferralApplication) -> None:
    """Open the lines of the protocol, or open them anew after the director sent the case back, and ask."""
    Check.objects.bulk_create(
        [Check(application=application, subject=subject) for subject in CheckSubject.values], ignore_conflicts=True
    )
    ask_registers(application, "check")


def ask_again(application: ReferralApplication, *, by: Actor, system: str) -> None:
    """Ask a register that has not answered once more, now. Raises Refused for who may not check this case."""
    _for_checker(application, by)
    enquiry = Enquiry.objects.filter(key=question_key(application, "check", system)).first()
    if enquiry is None:
        raise Refused(_("The registers are asked when the case is taken."))
    outbox.ask_again(enquiry)


def note_check_answer(
    application: ReferralApplication, system: str, answer: Mapping[str, Any], enquiry: Enquiry
) -> None:
    """Write a register's answer into the protocol. A line marked by hand meanwhile stays as the person marked it."""
    assert application.office is not None
    person = application.person
    if system == System.PERSON_REGISTRY:
        serving = centre_for(answer.get("residence") or "")
        results = {
            CheckSubject.IDENTITY: rules.identity(
                dict(answer), iin=person.iin, surname=person.surname, given_name=person.given_name
            ),
            CheckSubject.RESIDENCE: rules.residence(serving.pk if serving else None, application.office.pk),
        }
    else:
        results = {CheckSubject.TARGET_GROUP: rules.target_group(dict(answer), application.target_status)}
    for subject, (result, code) in results.items():
        Check.objects.filter(application=application, subject=subject, manual=False).update(
            result=result, answer=code, answered_at=clock.now(), enquiry=enquiry
        )


def mark_by_hand(
    application: ReferralApplication, *, by: Actor, subject: str, result: str, reason: str
) -> ReferralApplication:
    """A specialist answers a line of the protocol: documents always, a register's line with a written reason.

    Raises Refused.
    """
    _for_checker(application, by)
    if not reason.strip():
        raise Refused(_("Write what you looked at and what you found."))
    with transaction.atomic():
        application = locked(application)
        if application.state != State.IN_CHECK:
            raise Refused(_("The protocol is closed: the check is finished."))
        Check.objects.update_or_create(
            application=application,
            subject=subject,
            defaults={
                "result": result,
                "answer": "by_hand",
                "answered_at": clock.now(),
                "manual": True,
                "reason": reason.strip(),
                "by": by.user,
            },
        )
    return application


def finish_check(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """Close the protocol (118-p09-1); the director's day starts and no register is asked any more. Raises Refused."""
    with transaction.atomic():
        results = dict(locked(application).checks.values_list("subject", "result"))
        application = perform(application, "finish_check", by=by, results=results)
        gateways.stop_asking(case_kind=application.kind, case_id=application.pk)
    return application


def _for_checker(application: ReferralApplication, by: Actor) -> None:
    allowed = rights.may(application, "finish_check", by)
    if not allowed.ok:
        raise Refused(str(allowed.reason))
