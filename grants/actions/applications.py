"""The application from its sending to its end. What the commission, the budget and the contract do to it stands
here too; each verb is atomic and ends in `perform`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, gateways, law
from bastau.flow import SYSTEM, Actor, Refused, perform
from bastau.gateways.models import Enquiry, System
from bastau.papers import sign as sign_paper
from bastau.papers.models import PaperState
from grants.actions.drafts import locked, prepared, review, void_prepared
from grants.models import GrantApplication
from grants.rules import applications as rules
from grants.states import GrantState, Outcome, Postponing

#: The question whose answer is the acknowledgment of the labour market system (FKA04-1.5).
FILING = "filing"


# --------------------------------------------------------------------------------------------- filing and withdrawal


def submit(application: GrantApplication, *, by: Actor, signatures: Mapping[int, bytes]) -> GrantApplication:
    """The applicant signs and sends (FKA04-1.4). The criteria are checked once more before it; it is locked after.

    The number is that of the signed paper. Sending twice gives back what was sent. Raises papers.SigningRefused and
    Refused.
    """
    assert by.user is not None
    with transaction.atomic():
        application = locked(application)
        if application.filed_at is not None and application.person_id == by.user.person_id:
            return application
        versions = prepared(application)
        if not versions or any(paper.state != PaperState.READY for paper in versions):
            raise Refused(_("The paper is still being prepared. Wait a moment and open it again."), code="not_ready")
        if {paper.pk for paper in versions} != set(signatures):
            raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
        if application.state == GrantState.DRAFT:
            review(application)
        main = versions[0]
        application = perform(
            application,
            "submit",
            by=by,
            set={"number": main.number},
            number=main.number,
            paper=main.sha256,
            grant_sum=application.grant_sum,
            card=application.card_fetched_at,
        )
        for paper in versions:
            sign_paper(paper, signatures[paper.pk], by=by.user, post=None)
        gateways.stop_asking(case_kind=application.kind, case_id=application.pk)
        gateways.ask(
            System.LABOUR_MARKET,
            subject_iin=application.person.iin,
            case_kind=application.kind,
            case_id=application.pk,
            key=filing_key(application),
        )
    return application


def filing_key(application: GrantApplication) -> str:
    """The key of the one transfer of an application; repeated attempts are attempts of this one."""
    return f"{application.kind}:{application.pk}:{FILING}"


def transfer_of(application: GrantApplication) -> Enquiry | None:
    """The transfer to the labour market system, with its attempts (FKA04-1.5: the queue is visible)."""
    return Enquiry.objects.filter(key=filing_key(application)).first()


def arrive(application: GrantApplication) -> GrantApplication:
    """The labour market system acknowledged the application (FKA04-1.5). A second acknowledgment changes nothing."""
    with transaction.atomic():
        application = locked(application)
        if application.state != GrantState.SUBMITTED:
            return application
        return perform(application, "arrive", by=SYSTEM)


def withdraw(application: GrantApplication, *, by: Actor) -> GrantApplication:
    """The applicant takes it back before it is heard. Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        application = locked(application)
        if application.state == GrantState.WITHDRAWN:
            return application
        application = perform(application, "withdraw", by=by)
        void_prepared(application)
        gateways.stop_asking(case_kind=application.kind, case_id=application.pk)
    return application


# -------------------------------------------------------------------------------------------------- the commission


def put_on_agenda(application: GrantApplication, meeting: Any, by: Actor) -> GrantApplication:
    """On the agenda of `meeting` (FKA04-2.1…2.3); also out of `postponed`. Raises Refused."""
    return perform(application, "schedule", by=by, meeting=meeting.pk)


def mark_heard(application: GrantApplication, by: Actor, **facts: Any) -> GrantApplication:
    """The applicant presented the project (FKA04-2.5). Raises Refused."""
    return perform(application, "hear", by=by, **facts)


def postpone(application: GrantApplication, by: Actor, reason: str, **facts: Any) -> GrantApplication:
    """To the next meeting: absence, lost quorum, or the commission's own wish (SPEC 4.9). `reason` is a `Postponing`.

    An absence without good reason moves it once (A-35). Raises Refused.
    """
    why = Postponing(reason)
    with transaction.atomic():
        application = locked(application)
        if why == Postponing.ABSENT and application.absences >= law.value("A-35"):
            raise Refused(
                _("The applicant was absent before. Close the application, or write down the good reason."), code="A-35"
            )
        if (why == Postponing.COMMISSION) != (application.state == GrantState.HEARD):
            raise Refused(_("The commission postpones what it has heard; an absence is noted before the hearing."))
        absent = why in {Postponing.ABSENT, Postponing.ABSENT_GOOD_REASON}
        return perform(application, "postpone", by=by, set={"absent": absent}, reason=why.value, **facts)


def close_no_show(application: GrantApplication, by: Actor, **facts: Any) -> GrantApplication:
    """A further absence without good reason closes it without consideration (A-35). Raises Refused."""
    return perform(application, "close_no_show", by=by, **facts)


def enter_decision(
    application: GrantApplication,
    decision: str,
    by: Actor,
    *,
    awarded_sum: int | None = None,
    reason: str = "",
    reserve_place: int | None = None,
    **facts: Any,
) -> GrantApplication:
    """Enter what the commission decided (FKA04-2.6): `decision` is an `Outcome`, `facts` go to the journal.

    Whether the votes were counted so, the protocol is signed and the money is there, the caller has seen to. The sum
    is compared with the limit of this day (A-41) and with what was asked for. Entering the same decision twice
    changes nothing. Raises Refused.
    """
    outcome = Outcome(decision)
    if outcome == Outcome.POSTPONED:
        return postpone(application, by, Postponing.COMMISSION, **facts)
    with transaction.atomic():
        application = locked(application)
        if application.state == outcome.value and application.decided_by_id == (by.user.pk if by.user else None):
            return application
        if outcome == Outcome.REJECTED:
            if not reason.strip():
                raise Refused(_("A refusal needs its reasons; the applicant reads them."))
            return perform(application, "reject", by=by, set={"reason": reason.strip()}, **facts)
        amount = _award(application, application.grant_sum if awarded_sum is None else awarded_sum)
        set_ = {"awarded_sum": amount, "reason": reason.strip()}
        if outcome == Outcome.RESERVE:
            if reserve_place is None or reserve_place < 1:
                raise Refused(_("The place in the reserve list is missing."))
            set_["place"] = reserve_place
            return perform(application, "reserve", by=by, set=set_, amount=amount, place=reserve_place, **facts)
        return perform(application, "approve", by=by, set=set_, amount=amount, **facts)


def to_reserve(
    application: GrantApplication, by: Actor, *, awarded_sum: int, place: int, reason: str = "", **facts: Any
) -> GrantApplication:
    """Granted by the commission, and the budget is used up (SPEC 4.9). Raises Refused."""
    return enter_decision(
        application, Outcome.RESERVE, by, awarded_sum=awarded_sum, reserve_place=place, reason=reason, **facts
    )


def from_reserve(application: GrantApplication, by: Actor, **facts: Any) -> GrantApplication:
    """Money was released and this one is next (SPEC 4.9); the limit is that of this day. Raises Refused."""
    with transaction.atomic():
        application = locked(application)
        if application.state != GrantState.RESERVE:
            raise Refused(_("This application is not in the reserve list."))
        amount = _award(application, application.awarded_sum or 0)
        return perform(application, "approve", by=by, set={"awarded_sum": amount}, amount=amount, **facts)


def lapse(application: GrantApplication, by: Actor, reason: str = "", **facts: Any) -> GrantApplication:
    """The head lets a place in the reserve or an award lapse: the year ended, or A-36, A-37 were missed.

    Raises Refused.
    """
    return perform(application, "lapse", by=by, set={"reason": reason.strip()}, **facts)


def mark_contracted(application: GrantApplication, by: Actor = SYSTEM, **facts: Any) -> GrantApplication:
    """The contract is in force (FKA04-3.4): by the system, whoever signed. Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        application = locked(application)
        if application.state == GrantState.CONTRACTED:
            return application
        return perform(application, "mark_contracted", by=SYSTEM, **facts)


def _award(application: GrantApplication, amount: int) -> int:
    """The sum, if it may be awarded today. Raises Refused."""
    assert application.office is not None
    limit = rules.limit_on(clock.today(application.office.zone))
    if limit is None:
        raise Refused(_("The monthly calculation index of this day is not entered. Ask the administrator to enter it."))
    if amount > limit:
        raise Refused(
            _("The sum is over the limit of this day: %(limit)s tenge.") % {"limit": f"{limit:,}".replace(",", " ")},
            code="A-41",
        )
    if not 0 < amount <= application.grant_sum:
        raise Refused(_("The sum must be more than nothing and at most what was asked for."))
    return amount
