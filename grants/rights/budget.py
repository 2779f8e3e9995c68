"""Who may change what of a centre's budget (SPEC 5): its director the sum, its accountant the account it pays from."""

from __future__ import annotations

from bastau.flow import Actor, judging
from bastau.people.models import Office
from bastau.people.rights import Verdict
from bastau.people.roles import Role


def may_set_total(office: Office, by: Actor) -> Verdict:
    """Whether `by` may enter how much the centre may give in a year."""
    return _held(office, by, Role.DIRECTOR)


def may_set_account(office: Office, by: Actor) -> Verdict:
    """Whether `by` may enter the account that the centre pays grants from."""
    return _held(office, by, Role.ACCOUNTANT)


def _held(office: Office, by: Actor, role: Role) -> Verdict:
    if by.user is None or by.post is None or by.post.role != role:
        return judging.NOT_YOUR_ROLE
    return judging.YES if by.post.office_id == office.pk else judging.NOT_YOUR_OFFICE
