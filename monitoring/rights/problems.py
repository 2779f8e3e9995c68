"""Who may let which event happen to a problem issue (SPEC 4.16, 5; 118-p36)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role
from monitoring.states import ProblemState

if TYPE_CHECKING:
    from monitoring.models import ProblemIssue

Rule = Callable[["ProblemIssue", Actor], Verdict]


def may(case: ProblemIssue, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to an issue."""
    return RULES[event](case, by)


def _consultant(case: ProblemIssue, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.PROJECT_CONSULTANT)


def _giver(case: ProblemIssue, by: Actor) -> Verdict:
    return judging.staff(case, by, case.office_id, Role.PROJECT_CONSULTANT, Role.COORDINATOR)


def _trainer(case: ProblemIssue, by: Actor) -> Verdict:
    allowed = judging.staff(case, by, case.office_id, Role.TRAINER)
    if allowed.ok and (by.user is None or case.trainer_id != by.user.pk):
        return judging.NOT_ASSIGNED
    return allowed


def _resolver(case: ProblemIssue, by: Actor) -> Verdict:
    # What was passed to a higher level is resolved there: the coordinator enters its measures, the consultant confirms.
    if case.state == ProblemState.ESCALATED:
        return judging.staff(case, by, case.office_id, Role.COORDINATOR)
    return _trainer(case, by)


def _escalator(case: ProblemIssue, by: Actor) -> Verdict:
    return _trainer(case, by) if by.role == Role.TRAINER else _consultant(case, by)


RULES: dict[str, Rule] = {
    "find": _consultant,
    "assign": _giver,
    "start_work": _trainer,
    "resolve": _resolver,
    "escalate": _escalator,
    "reject": _consultant,
    "confirm": _consultant,
    "close": _consultant,
    "give_up": _consultant,
}
