"""Who may let which event happen to an application (SPEC 4.1, 5). The reason goes to the person who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.flow.judging import YES
from bastau.people.rights import Verdict
from bastau.people.roles import Role
from referrals.states import Channel, State

if TYPE_CHECKING:
    from referrals.models import ReferralApplication

FOUR_EYES = Verdict(False, _("You finished the check of this case, so another person must sign."))

Rule = Callable[["ReferralApplication", Actor], Verdict]


def may(case: ReferralApplication, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to `case`."""
    return RULES[event](case, by)


def _acceptor(case: ReferralApplication, by: Actor) -> Verdict:
    role = Role.SC_OPERATOR if case.channel == Channel.SC else Role.SPECIALIST
    return judging.staff(case, by, case.counter_id, role)


def _taker(case: ReferralApplication, by: Actor) -> Verdict:
    return YES if by.is_system else judging.staff(case, by, case.office_id, Role.SPECIALIST)


def _specialist(case: ReferralApplication, by: Actor) -> Verdict:
    return judging.assigned(case, by, case.office_id, Role.SPECIALIST)


def _director(case: ReferralApplication, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.DIRECTOR)


def _signer(case: ReferralApplication, by: Actor) -> Verdict:
    allowed = _director(case, by)
    if allowed.ok and by.user is not None and case.checked_by_id == by.user.pk:
        return FOUR_EYES
    return allowed


def _sender(case: ReferralApplication, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.SPECIALIST)


def _hander(case: ReferralApplication, by: Actor) -> Verdict:
    if case.channel == Channel.SC and case.state == State.SENT_TO_SC:
        return judging.staff(case, by, case.counter_id, Role.SC_OPERATOR)
    if by.role == Role.SC_OPERATOR:
        return judging.staff(case, by, case.counter_id, Role.SC_OPERATOR)
    return judging.staff(case, by, case.office_id, Role.SPECIALIST)


def _system(case: ReferralApplication, by: Actor) -> Verdict:
    return judging.system(by)


RULES: dict[str, Rule] = {
    "submit": judging.own,
    "accept": _acceptor,
    "refuse_acceptance": _acceptor,
    "take": _taker,
    "finish_check": _specialist,
    "propose_issue": _specialist,
    "propose_refusal": _specialist,
    "send_back": _director,
    "issue": _signer,
    "refuse": _signer,
    "send_to_sc": _sender,
    "hand_over": _hander,
    "mark_uncollected": _system,
    "withdraw": judging.own,
}
