"""Conditions of the transitions. Each carries the sentence that the disabled button shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bastau import law
from referrals.states import Channel, CheckResult, CheckSubject, Outcome, State

if TYPE_CHECKING:
    from referrals.models import ReferralApplication

Condition = Callable[[Any], bool]


def because(reason: Promise | Callable[[Any], str]) -> Callable[[Condition], Condition]:
    """Give a condition the sentence that says why the step waits and what to do; a function makes it from the case."""

    def mark(condition: Condition) -> Condition:
        condition.reason = reason  # type: ignore[attr-defined]
        return condition

    return mark


@because(_("This step belongs to applications sent through the Portal."))
def on_portal(case: ReferralApplication) -> bool:
    return case.channel == Channel.PORTAL


@because(_("This step belongs to a counter."))
def at_counter(case: ReferralApplication) -> bool:
    return case.channel in {Channel.CENTRE, Channel.SC}


@because(_("Both consents must be given before the application is accepted."))
def consented(case: ReferralApplication) -> bool:
    return case.consent_data_at is not None and case.consent_secrets_at is not None


@because(_("The centre of residence is not known yet: the register of persons has not answered."))
def has_centre(case: ReferralApplication) -> bool:
    return case.office_id is not None


@because(_("Choose the status in which you apply."))
def has_status(case: ReferralApplication) -> bool:
    return bool(case.target_status)


@because(
    _(
        "The labour market system does not show you as registered unemployed, so the Portal cannot take the"
        " application. You may hand it in at your employment centre or at the State Corporation."
    )
)
def registered_unemployed(case: ReferralApplication) -> bool:
    """A-10: the Portal is open after registration as unemployed (118-a2-r10)."""
    return case.registered_unemployed is True or not law.value("A-10")


@because(_("This person lives in the area of another centre. Nothing is accepted here."))
def own_resident(case: ReferralApplication) -> bool:
    """A-46: a centre's counter accepts its own residents, an office of the State Corporation everybody."""
    return case.channel != Channel.CENTRE or case.office_id == case.counter_id


@because(
    _("This office of the State Corporation serves another region. The person applies at an office of the own one.")
)
def office_of_the_region(case: ReferralApplication) -> bool:
    """A-46: any office of the State Corporation accepts, unless the owner keeps each to its region."""
    if case.channel != Channel.SC or law.value("A-46") or case.office is None or case.counter is None:
        return True
    return case.office.region_id == case.counter.region_id


@because(_("The centre's counter gives no receipt of refusal. Say what is missing; the person may come again."))
def gives_receipts_of_refusal(case: ReferralApplication) -> bool:
    """A-06: the centre's own counter refuses with annex 3 as the State Corporation does (118-p07-1)."""
    return case.channel != Channel.CENTRE or bool(law.value("A-06"))


PORTAL = [on_portal, consented, has_centre, has_status, registered_unemployed]
COUNTER = [at_counter, consented, has_centre, own_resident, office_of_the_region, has_status]
AT_COUNTER = [at_counter, gives_receipts_of_refusal]


@because(_("A line of the protocol has no answer yet. Ask the register again, or mark it by hand with a reason."))
def all_answered(case: ReferralApplication) -> bool:
    results = dict(case.checks.values_list("subject", "result"))
    return set(results) == set(CheckSubject.values) and CheckResult.WAITING not in results.values()


@because(_("A line of the protocol is not confirmed, so the referral cannot be proposed; propose a refusal."))
def all_confirmed(case: ReferralApplication) -> bool:
    return not case.checks.exclude(result=CheckResult.YES).exists()


@because(_("A refusal is proposed in this case, not a referral."))
def issue_proposed(case: ReferralApplication) -> bool:
    return case.outcome == Outcome.ISSUE


@because(_("A referral is proposed in this case, not a refusal."))
def refusal_proposed(case: ReferralApplication) -> bool:
    return case.outcome == Outcome.REFUSE


@because(_("Only results of applications filed through the State Corporation are sent there."))
def filed_through_sc(case: ReferralApplication) -> bool:
    return case.channel == Channel.SC


@because(_("This result is not handed over at this counter: it is in the cabinet, or still to be sent."))
def can_be_handed_over(case: ReferralApplication) -> bool:
    if case.channel == Channel.CENTRE:
        return case.state in {State.ISSUED, State.REFUSED}
    return case.channel == Channel.SC and case.state in {State.SENT_TO_SC, State.UNCOLLECTED}
