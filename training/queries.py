"""What pages ask about groups and enrolments."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from bastau import law
from training.models import Enrolment, TrainingGroup
from training.rules.enrolments import earliest_start
from training.states import ENROLMENT_MEMBER, EnrolmentState, GroupState


def groups_for(enrolment: Enrolment) -> list[tuple[TrainingGroup, int | None]]:
    """The announced groups that take this person, nearest first, with the places left (None: no limit)."""
    earliest = earliest_start(enrolment)
    return [(group, left) for group, left in _announced(enrolment) if earliest is None or group.start_on >= earliest]


def too_early_for(enrolment: Enrolment) -> tuple[date | None, list[TrainingGroup]]:
    """The earliest day of new training and the announced groups that start before it (118-p29)."""
    earliest = earliest_start(enrolment)
    if earliest is None:
        return None, []
    return earliest, [group for group, _left in _announced(enrolment) if group.start_on < earliest]


def _announced(enrolment: Enrolment) -> list[tuple[TrainingGroup, int | None]]:
    groups: QuerySet[TrainingGroup] = TrainingGroup._base_manager.filter(
        Q(centre=None) | Q(centre=enrolment.referral.office_id),
        office=enrolment.office_id,
        state__in=[GroupState.ANNOUNCED, GroupState.ENROLLING],
    )
    counted = groups.annotate(
        members=Count("enrolments", filter=Q(enrolments__state__in=ENROLMENT_MEMBER)),
        waiting=Count("enrolments", filter=Q(enrolments__state=EnrolmentState.WAITLISTED)),
    )
    most = law.value("118-p22-3:max")
    return [
        (group, max(most - group.members - group.waiting, 0) if group.is_offline else None)  # type: ignore[attr-defined]
        for group in counted.order_by("start_on", "pk")[:50]
    ]
