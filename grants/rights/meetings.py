"""Who may let which event happen to a meeting, who votes, and who appoints (SPEC 4.10, 5, A-32)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.flow.judging import YES
from bastau.people.models import Post, User
from bastau.people.rights import Verdict
from bastau.people.roles import Role
from grants import seating

if TYPE_CHECKING:
    from grants.models import AgendaItem, CommissionMeeting, CommissionMember

SITTING = (Role.COMMISSION_MEMBER, Role.COMMISSION_CHAIR)
NOT_APPOINTED = Verdict(False, _("Only members appointed by order for the day of the meeting take part in it."))
SECRETARY_VOTES = Verdict(False, _("The secretary of the commission does not vote and does not score."))
ADMINISTRATOR_VOTES = Verdict(False, _("An administrator of the system does not vote and does not score."))
NOT_CHAIR = Verdict(False, _("This is the chair's step: of the member whom the order names as chair for that day."))
NOT_PRESENT = Verdict(False, _("You are not noted as present. Ask the secretary to note you."))
NOT_SITTING = Verdict(
    False, _("You did not sit at this meeting, so you do not sign its protocol. Those who sat and the secretary sign.")
)

SIGNED = Verdict(False, _("You have signed this protocol."))

Rule = Callable[[Any, Actor], Verdict]


def may(case: Any, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a meeting or to a correcting protocol."""
    return RULES[event](case, by)


def secretary(case: Any, by: Actor) -> Verdict:
    """The secretary of the centre's commission."""
    return judging.staff(case, by, case.office_id, Role.COMMISSION_SECRETARY)


def chair(case: CommissionMeeting, by: Actor) -> Verdict:
    """The chair of the day, noted as present."""
    allowed = _appointed_chair(case, by)
    if allowed.ok and by.user is not None and seating.bench_of(case).seat_of(by.user.pk) is None:
        return NOT_PRESENT
    return allowed


def _appointed_chair(case: CommissionMeeting, by: Actor) -> Verdict:
    allowed = judging.staff(case, by, case.office_id, Role.COMMISSION_CHAIR)
    if not allowed.ok:
        return allowed
    member = appointment(case, by.user)
    return YES if member is not None and member.is_chair else NOT_CHAIR


def _secretary_or_chair(case: CommissionMeeting, by: Actor) -> Verdict:
    return _appointed_chair(case, by) if by.role == Role.COMMISSION_CHAIR else secretary(case, by)


def _signer(case: Any, by: Actor) -> Verdict:
    """Whoever sat at the meeting; the secretary signs with the last step."""
    allowed = judging.staff(case, by, case.office_id, *SITTING)
    if not allowed.ok:
        return allowed
    from grants.papers import meetings as papers

    sat = {member.user_id for member in papers.sat_at(papers.meeting_of(case))}
    if by.user is None or by.user.pk not in sat:
        return NOT_SITTING
    paper = papers.live_protocol(case)
    if paper is not None and paper.signatures.filter(user=by.user).exists():
        return SIGNED
    return YES


def appointment(meeting: CommissionMeeting, user: User | None) -> CommissionMember | None:
    """The appointment of `user` on the day of the meeting, or None."""
    if user is None:
        return None
    return next((one for one in seating.members_of(meeting) if one.user_id == user.pk), None)


def may_sit(meeting: CommissionMeeting, by: Actor) -> Verdict:
    """Whether `by` takes part in the meeting: a member's post, appointed on the day, neither secretary nor admin."""
    if by.user is None or by.role not in SITTING:
        return judging.NOT_YOUR_ROLE
    if by.post is None or by.post.office_id != meeting.office_id:
        return judging.NOT_YOUR_OFFICE
    barred = barred_from_voting(by.user, meeting.office_id)
    if barred is not None:
        return barred
    return YES if appointment(meeting, by.user) is not None else NOT_APPOINTED


def may_take_part(item: AgendaItem, by: Actor) -> Verdict:
    """Whether `by` may score, vote or recuse on an item: as `may_sit`, and not the applicant (SPEC 5)."""
    allowed = may_sit(item.meeting, by)
    if allowed.ok and by.user is not None and by.user.person_id == item.application.person_id:
        return judging.OWN_CASE
    return allowed


def barred_from_voting(user: User, office_id: int | None) -> Verdict | None:
    """Why a person never votes in this commission, whatever the order says; None when nothing bars (SPEC 4.10)."""
    roles = set(
        Post.objects.in_force()
        .filter(user=user, role__in=[Role.COMMISSION_SECRETARY, Role.SYSADMIN])
        .values_list("role", "office_id")
    )
    if (Role.COMMISSION_SECRETARY, office_id) in roles:
        return SECRETARY_VOTES
    if any(role == Role.SYSADMIN for role, _office in roles):
        return ADMINISTRATOR_VOTES
    return None


RULES: dict[str, Rule] = {
    "call": secretary,
    "notify": secretary,
    "send_materials": secretary,
    "postpone": _secretary_or_chair,
    "call_again": secretary,
    "open": chair,
    "open_item": chair,
    "close_item": chair,
    "put_off_item": chair,
    "strike_item": secretary,
    "suspend": _secretary_or_chair,
    "resume": chair,
    "close": _appointed_chair,
    "draft_protocol": secretary,
    "rewrite_protocol": secretary,
    "sign_protocol": _signer,
    "note_dissent": secretary,
    "complete_protocol": secretary,
    "enter_decision": secretary,
    "finish_entry": secretary,
    "lay_before": secretary,
    "enter_correction": secretary,
}
