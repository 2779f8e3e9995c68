"""Acceptance through one of the three doors, and the refusal to accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, papers, workdays
from bastau.flow import Actor, Refused, perform
from bastau.papers import numbers
from bastau.papers.models import Paper
from referrals import dates, rules
from referrals import papers as kinds
from referrals.actions.within import ask_paper, locked
from referrals.models import ReferralApplication
from referrals.states import DECIDED, UNDECIDED, Channel, State


def submit(application: ReferralApplication, *, by: Actor, cms: bytes, paper: Paper) -> ReferralApplication:
    """The citizen signs and sends (118-p08). Accepted now or on the next working day (118-a2-r07).

    Sending twice gives back what was sent. Raises papers.SigningRefused and Refused.
    """
    assert by.user is not None
    if (paper.kind, paper.case_kind, paper.case_id) != (kinds.APPLICATION_A1, application.kind, application.pk):
        raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
    # Read before the locks are taken; the reckoning below finds it kept.
    workdays.current("centre")
    with transaction.atomic():
        # The second of two clicks waits at the lock and finds the case sent; its number goes back with the savepoint.
        try:
            with transaction.atomic():
                application = _accepted(application, "submit", by, {"filed_at": clock.now()}, paper=paper.sha256)
        except Refused:
            application = locked(application)
            if application.state in {State.DRAFT, State.WITHDRAWN} or application.person_id != by.user.person_id:
                raise
            return application
        papers.sign(paper, cms, by=by.user, post=None)
    return application


def accept(application: ReferralApplication, *, by: Actor, originals_returned: bool) -> ReferralApplication:
    """A counter accepts the documents (118-p07-1): number, date, receipt. Accepting twice gives back what was accepted.

    Raises Refused, dates.OutsideHours.
    """
    with transaction.atomic():
        application = locked(application)
        if application.state in {*UNDECIDED, *DECIDED}:
            return application
        if application.channel == Channel.CENTRE and not originals_returned and application.sheets:
            raise Refused(_("Give the originals back first and tick the box (Standard, row 8)."))
        facts = {"originals_returned": originals_returned}
        application = _accepted(application, "accept", by, facts)
        assert application.office is not None
        office = application.counter or application.office
        ask_paper(
            application, kinds.ACCEPTANCE_RECEIPT, kinds.receipt_facts(application, by), office=office, shown=True
        )
    return application


def _accepted(
    application: ReferralApplication, event: str, by: Actor, more: Mapping[str, Any], **facts: Any
) -> ReferralApplication:
    office = application.office
    if office is None:
        raise Refused(_("The centre of residence is not known yet: the register of persons has not answered."))
    reckoned = dates.reckon(application.channel, clock.now(), office.zone, workdays.current)
    series = rules.application_series(office.region_id, reckoned.accepted_on)
    number = rules.application_number(office.region_id, reckoned.accepted_on, numbers.take(series))
    return perform(
        application,
        event,
        by=by,
        set={"number": number, "accepted_on": reckoned.accepted_on, **more},
        number=number,
        accepted_on=reckoned.accepted_on,
        channel=application.channel,
        **facts,
    )


def refuse_acceptance(application: ReferralApplication, *, by: Actor, reason: str, text: str) -> ReferralApplication:
    """A counter refuses to accept the documents and gives annex 3 (118-p07-1). No term runs. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write what is missing or expired, so that the person can come back with it."))
    with transaction.atomic():
        application = locked(application)
        if application.state == State.ACCEPTANCE_REFUSED:
            return application
        office = application.counter
        if office is None:
            raise Refused(_("This step belongs to a counter."))
        day = clock.today(office.zone)
        series = f"БҚ-{office.region_id}-{day.year}"
        number = f"{series}-{numbers.take(series):06d}"
        application = perform(
            application,
            "refuse_acceptance",
            by=by,
            set={"reason": reason, "text": text.strip(), "number": number},
            reason=reason,
            number=number,
        )
        ask_paper(
            application, kinds.REFUSAL_A3, kinds.acceptance_refusal_facts(application, by), office=office, shown=True
        )
    return application
