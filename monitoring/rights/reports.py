"""Who may let which event happen to a quarterly report (SPEC 4.13, 5): the specialist checks, the head confirms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from monitoring.models import QuarterlyReport

PROPOSED_BY_YOU = Verdict(False, _("You proposed this act, so another person confirms it."))
ENDED_BY_YOU = Verdict(False, _("You ended the recovery, so another person closes the report."))

Rule = Callable[["QuarterlyReport", Actor], Verdict]


def may(case: QuarterlyReport, event: str, by: Actor) -> Verdict:
    """Whether `by` may let `event` happen to `case`."""
    return RULES[event](case, by)


def _specialist(case: QuarterlyReport, by: Actor) -> Verdict:
    return judging.assigned(case, by, case.office_id, Role.SPECIALIST)


def _head(case: QuarterlyReport, by: Actor) -> Verdict:
    allowed = judging.staff(case, by, case.office_id, Role.UNIT_HEAD)
    if allowed.ok and by.user is not None and any(act.waiting and act.by_id == by.user.pk for act in case.acts.all()):
        return PROPOSED_BY_YOU
    return allowed


def _closer(case: QuarterlyReport, by: Actor) -> Verdict:
    from monitoring.models import Recovery

    allowed = judging.staff(case, by, case.office_id, Role.UNIT_HEAD)
    if allowed.ok and by.user is not None and Recovery.objects.filter(report=case, ended_by=by.user).exists():
        return ENDED_BY_YOU
    return allowed


def _system(case: QuarterlyReport, by: Actor) -> Verdict:
    return judging.system(by)


RULES: dict[str, Rule] = {
    "open": _system,
    "mark_overdue": _system,
    "record_visit": _specialist,
    "file": judging.own,
    "accept": _specialist,
    "give_back": _specialist,
    "propose_misuse": _specialist,
    "drop_misuse": _head,
    "find_misuse": _head,
    "note_recovery_ended": _system,
    "settle": _closer,
}
