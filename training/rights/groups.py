"""Who may do what with plans, groups and announcements (118-p13 to p15, p20, p21; SPEC 4.3, 5.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bastau.flow import Actor, judging
from bastau.flow.judging import YES
from bastau.people.rights import Verdict
from bastau.people.roles import Role
from bastau.people.scope import offices_of

Rule = Callable[[Any, Actor], Verdict]


def may_plan(case: Any, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a training plan."""
    return PLAN_RULES[event](case, by)


def may_group(case: Any, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to a training group."""
    return GROUP_RULES[event](case, by)


def may_announcement(case: Any, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to an announcement."""
    return _coordinator(case, by)


def _coordinator(case: Any, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.COORDINATOR)


def _local_body(case: Any, by: Actor) -> Verdict:
    if by.user is None or by.post is None or by.post.role != Role.LEB_OFFICER:
        return judging.NOT_YOUR_ROLE
    reached = offices_of(by.user, [Role.LEB_OFFICER]).filter(pk=case.office_id).exists()
    return YES if reached else judging.NOT_YOUR_OFFICE


def _system(case: Any, by: Actor) -> Verdict:
    return judging.system(by)


def _coordinator_or_system(case: Any, by: Actor) -> Verdict:
    return YES if by.is_system else _coordinator(case, by)


PLAN_RULES: dict[str, Rule] = {
    "draw": _coordinator,
    "change": _coordinator,
    "send_for_agreement": _coordinator,
    "agree": _local_body,
    "send_back": _local_body,
    "approve": _coordinator,
    "archive": _coordinator,
}

GROUP_RULES: dict[str, Rule] = {
    "create": _coordinator,
    "change": _coordinator,
    "agree": _local_body,
    "object": _local_body,
    "approve": _coordinator,
    "announce": _coordinator,
    "open_enrolment": _system,
    "assign": _coordinator,
    "fix_roster": _coordinator,
    "postpone": _coordinator,
    "replan": _coordinator,
    "ask_change": _coordinator,
    "agree_change": _local_body,
    "decline_change": _local_body,
    "drop_change": _coordinator,
    "merge": _coordinator,
    "turn_online": _coordinator,
    "begin": _system,
    "substitute": _coordinator,
    "move_day": _coordinator,
    "finish": _coordinator_or_system,
    "complete": _coordinator,
    "cancel": _coordinator,
    "break_off": _coordinator,
}
