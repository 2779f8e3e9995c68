"""Whom the chamber may gather into groups: issued referrals, the lists they stand on, and who is not enrolled yet."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from bastau.people.models import Office
from referrals.models import ReferralApplication
from referrals.states import DECIDED, Outcome
from training.models import Enrolment, ListLine, TrainingGroup
from training.offices import centres_of
from training.states import ENROLMENT_OPEN, ENROLMENT_RESULTS, LIST_SENT, EnrolmentState

#: Added to the first of a month, always lands in the next one.
LONGER_THAN_A_MONTH = 32


def next_month(month: date) -> date:
    """The first day of the month after that of `month`."""
    return (month.replace(day=1) + timedelta(days=LONGER_THAN_A_MONTH)).replace(day=1)


def issued_in(office_id: int | None, month: date) -> QuerySet[ReferralApplication]:
    """The referrals a centre issued in a month, by the date of A-45 (118-p12-1)."""
    return ReferralApplication._base_manager.filter(
        office=office_id,
        outcome=Outcome.ISSUE,
        state__in=DECIDED,
        issued_on__gte=month,
        issued_on__lt=next_month(month),
    ).order_by("issued_on", "pk")


def missing_from_lists(office_id: int | None, month: date) -> QuerySet[ReferralApplication]:
    """Those of the month that stand on none of the centre's lists."""
    listed = ListLine.objects.filter(referral=OuterRef("pk"), list__office=office_id)
    return issued_in(office_id, month).filter(~Exists(listed))


def pool(chamber: Office) -> QuerySet[ReferralApplication]:
    """The candidates of a chamber: issued referrals of its centres without a training begun, ended or applied for in
    a group. Whoever applied with a referral belongs to it, listed or not (118-p12-2, p18)."""
    return _free(
        ReferralApplication._base_manager.filter(
            outcome=Outcome.ISSUE, state__in=DECIDED, office__in=Office.objects.filter(centres_of(chamber))
        )
    )


def candidates(group: TrainingGroup) -> QuerySet[ReferralApplication]:
    """The pool of the group's chamber, or of the one centre it serves."""
    assert group.office is not None
    found = pool(group.office)
    return found.filter(office=group.centre_id) if group.centre_id else found


def listed_candidates(group: TrainingGroup) -> QuerySet[ReferralApplication]:
    """Those of the candidates who stand on a list sent to the chamber: they are invited (118-p12-1)."""
    sent = ListLine.objects.filter(referral=OuterRef("pk"), list__chamber=group.office_id, list__state__in=LIST_SENT)
    return candidates(group).filter(Exists(sent))


def _free(referrals: QuerySet[ReferralApplication]) -> QuerySet[ReferralApplication]:
    of_referral = Enrolment._base_manager.filter(referral=OuterRef("pk"))
    in_group = of_referral.filter(state__in=[one for one in ENROLMENT_OPEN if one != EnrolmentState.DRAFT])
    used = of_referral.filter(state__in=ENROLMENT_RESULTS)
    return referrals.filter(~Exists(in_group.exclude(group=None)) & ~Exists(used)).order_by("issued_on", "pk")
