"""Reactions to facts told elsewhere: a register's answer, an accepted application, a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from bastau.flow import Actor
from bastau.gateways.models import Enquiry
from bastau.gateways.signals import answered
from referrals import actions, notices, signals
from referrals.models import ReferralApplication
from referrals.states import State


@receiver(answered, dispatch_uid="referrals.register_answered")
def register_answered(sender: type, enquiry: Enquiry, **_: Any) -> None:
    """Take a register's answer to where it was asked from: the draft or the check protocol."""
    if enquiry.case_kind != ReferralApplication.kind:
        return
    application = (
        ReferralApplication._base_manager.select_for_update(of=("self",))
        .select_related("person", "office")
        .get(pk=enquiry.case_id)
    )
    answer = enquiry.answer or {}
    if application.state == State.DRAFT:
        actions.note_register_answer(application, enquiry.system, answer)
    elif application.state == State.IN_CHECK:
        actions.note_check_answer(application, enquiry.system, answer, enquiry)


@receiver(signals.application_accepted, dispatch_uid="referrals.tell_accepted")
def tell_accepted(sender: type, case: ReferralApplication, by: Actor, at: datetime, **_: Any) -> None:
    notices.tell_accepted(case)


@receiver(signals.referral_issued, dispatch_uid="referrals.tell_issued")
def tell_issued(sender: type, case: ReferralApplication, by: Actor, at: datetime, **_: Any) -> None:
    notices.tell_issued(case)


@receiver(signals.referral_refused, dispatch_uid="referrals.tell_refused")
def tell_refused(sender: type, case: ReferralApplication, by: Actor, at: datetime, **_: Any) -> None:
    notices.tell_refused(case)


@receiver(signals.case_sent_back, dispatch_uid="referrals.tell_sent_back")
def tell_sent_back(sender: type, case: ReferralApplication, by: Actor, at: datetime, **_: Any) -> None:
    notices.tell_sent_back(case)


@receiver(signals.result_uncollected, dispatch_uid="referrals.tell_uncollected")
def tell_uncollected(sender: type, case: ReferralApplication, by: Actor, at: datetime, **_: Any) -> None:
    notices.tell_uncollected(case)


@receiver(signals.application_withdrawn, dispatch_uid="referrals.tell_withdrawn")
def tell_withdrawn(sender: type, case: ReferralApplication, by: Actor, at: datetime, **_: Any) -> None:
    notices.tell_withdrawn(case)
