"""Who keeps the journal of a group (SPEC 5): its own trainer, and the coordinator of the chamber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bastau.flow import Actor, judging
from bastau.people.rights import Verdict
from bastau.people.roles import Role

if TYPE_CHECKING:
    from training.models import TrainingGroup


def keeps(group: TrainingGroup, by: Actor) -> Verdict:
    """Whether `by` enters attendance, consultations and pitch trainings of this group."""
    allowed = judging.staff(group, by, group.office_id, Role.TRAINER, Role.COORDINATOR)
    if allowed.ok and by.role == Role.TRAINER and by.user is not None and group.trainer_id != by.user.pk:
        return judging.NOT_YOUR_ROLE
    return allowed
