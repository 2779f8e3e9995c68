"""Conditions of the transitions of a meeting. Each carries the sentence that the disabled button shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bastau import clock, workdays
from grants import seating
from grants.rules import meetings as rules
from grants.rules import voting
from grants.states import GrantState, MeetingState, Ruling
from referrals.conditions import because

if TYPE_CHECKING:
    from grants.models import CommissionMeeting


@because(
    _("The commission may not sit on that day as it is composed. The page of the commission says what is missing.")
)
def composed(case: CommissionMeeting) -> bool:
    members = [rules.Appointed(one.is_chair, one.is_substitute) for one in seating.members_of(case)]
    return not rules.composition_faults(members)


@because(_("The agenda is empty. Choose the applications first."))
def has_agenda(case: CommissionMeeting) -> bool:
    return case.items.filter(application__state=GrantState.SCHEDULED).exists()


@because(_("The meeting is too near: members and applicants can no longer be told in time. Fix a later date first."))
def in_time(case: CommissionMeeting) -> bool:
    assert case.office is not None
    return rules.is_in_time(case.held_on, clock.now(), workdays.current("centre"), case.office.zone)


@because(_("A meeting is opened on its day. On another day it must be postponed and called anew."))
def on_its_day(case: CommissionMeeting) -> bool:
    assert case.office is not None
    return clock.today(case.office.zone) == case.held_on


@because(
    _(
        "There is no quorum. Note who is present; a substitute may sit for an absent member. Without a quorum the"
        " meeting is postponed or suspended."
    )
)
def has_quorum(case: CommissionMeeting) -> bool:
    return seating.bench_of(case).has_quorum


@because(_("An item of the agenda still waits. Hear it, put it off, or suspend the meeting."))
def all_ended_or_suspended(case: CommissionMeeting) -> bool:
    waiting = case.items.filter(end="", application__state__in=[GrantState.SCHEDULED, GrantState.HEARD])
    return case.state == MeetingState.SUSPENDED or not waiting.exists()


@because(
    _(
        "The secretary signs last: after the majority has signed, and after everybody else has signed or their refusal"
        " is recorded."
    )
)
def majority_signed(case: Any) -> bool:
    from grants.papers import meetings as papers

    paper = papers.live_protocol(case)
    if paper is None:
        return False
    standing = papers.standing(case, paper)
    return not standing.waiting and voting.majority_signed(len(standing.signed), len(standing.sitting))


@because(_("Not all decisions of the protocol are entered yet."))
def all_entered(case: CommissionMeeting) -> bool:
    from grants.models import Decision

    return not Decision.objects.filter(item__meeting=case, entered_at=None, corrects=None).exists()


NOTIFYING = [composed, has_agenda, in_time]
COMPOSED = [composed, has_agenda]
OPEN = [on_its_day, has_quorum]

#: A decision that is no grant needs its reasons told with the right to complain.
NEGATIVE = (Ruling.REFUSE,)
