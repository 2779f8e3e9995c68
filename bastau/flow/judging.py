"""The verdicts every app gives: whose case it is, whose step, in which office, and that nobody decides on oneself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from bastau.flow.actors import Actor
from bastau.people.rights import Verdict

YES = Verdict(True)
NOT_YOURS = Verdict(False, _("This is another person's application."))
NOT_YOUR_ROLE = Verdict(False, _("Your post does not include this step."))
NOT_YOUR_OFFICE = Verdict(False, _("This case belongs to another office."))
OWN_CASE = Verdict(False, _("Nobody decides on a case of their own. Ask a colleague to take it."))
NOT_ASSIGNED = Verdict(False, _("A colleague works on this case."))
#: A button with one of these reasons can never be this person's, so it is not drawn.
NEVER = (NOT_YOURS.reason, NOT_YOUR_ROLE.reason, NOT_YOUR_OFFICE.reason)


def own(case: Any, by: Actor) -> Verdict:
    """The citizen whose case it is."""
    if by.role != "citizen" or by.user is None:
        return NOT_YOUR_ROLE
    return YES if by.user.person_id == case.person_id else NOT_YOURS


def staff(case: Any, by: Actor, office_id: int | None, *roles: str) -> Verdict:
    """Somebody who holds one of `roles` in that office; not in a case of the own IIN (SPEC 5)."""
    if by.user is None or by.post is None or by.post.role not in roles:
        return NOT_YOUR_ROLE
    if by.post.office_id != office_id:
        return NOT_YOUR_OFFICE
    return OWN_CASE if case.person_id is not None and by.user.person_id == case.person_id else YES


def assigned(case: Any, by: Actor, office_id: int | None, *roles: str) -> Verdict:
    """As `staff`, and the case is nobody else's."""
    allowed = staff(case, by, office_id, *roles)
    if allowed.ok and case.assignee_id not in {None, by.user.pk if by.user else None}:
        return NOT_ASSIGNED
    return allowed


def system(by: Actor) -> Verdict:
    """The system alone."""
    return YES if by.is_system else NOT_YOUR_ROLE
