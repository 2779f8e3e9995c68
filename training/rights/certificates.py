"""Who may let which event happen to a certificate (SPEC 4.7, 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from training.models import Certificate


def may(case: Certificate, event: str, by: Actor) -> Verdict:
    """The system issues what it formed by the results; the coordinator enters external ones, annuls, duplicates."""
    if event in {"issue", "issue_duplicate"} and (by.is_system or case.enrolment_id is not None):
        return judging.system(by)
    return judging.staff(case, by, case.office_id, Role.COORDINATOR)
