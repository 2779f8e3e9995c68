"""Training in a simulated run: the chamber of the first centre works its days, its participants learn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q

from referrals.simulation.chapters import Chapter, register
from referrals.simulation.world import Team, World
from training import sweeps, tasks
from training.actions import business_plans
from training.models import BusinessPlan, Certificate, Enrolment, MonthlyList, StipendSheet, TrainingGroup
from training.simulation.chamber import ChamberDays
from training.simulation.staff import chamber_team
from training.simulation.worker import queued
from training.states import EnrolmentState, GroupState

BEGUN = (GroupState.RUNNING, GroupState.ASSESSING, GroupState.COMPLETED)


def plan(world: World, teams: Sequence[Team]) -> None:
    """Every working day of the first centre's chamber, in the late morning and in the evening."""
    staff = chamber_team(teams[0], world.start)
    if staff is None:
        return
    days = ChamberDays(world, teams[0], staff)
    moment = world.start
    while moment < world.end:
        world.at(moment + timedelta(hours=6), days.morning)
        world.at(moment + timedelta(hours=13), days.evening)
        moment += timedelta(days=1)


def counts() -> dict[str, Any]:
    """Cases by state."""
    kinds = (MonthlyList, TrainingGroup, Enrolment, BusinessPlan, Certificate, StipendSheet)
    return {model.kind: _by_state(model) for model in kinds}


def _by_state(model: Any) -> dict[str, int]:
    return dict(model._base_manager.order_by("state").values_list("state").annotate(n=Count("pk")))


def _certificates_without_scores() -> int:
    # A score below sixty would be as bad as none (118-p27).
    made = Certificate._base_manager.exclude(enrolment=None)
    return made.exclude(enrolment__final_percent__gte=60).count()


def _certificates_of_completion_without_plan() -> int:
    made = Certificate._base_manager.filter(certificate_kind="COMPLETION").exclude(enrolment=None)
    return made.exclude(enrolment__plan_percent__gte=60).count()


def _groups_of_wrong_size() -> int:
    members = Count("enrolments", filter=~Q(enrolments__state__in=[EnrolmentState.SUBMITTED, EnrolmentState.REJECTED]))
    begun = TrainingGroup._base_manager.filter(state__in=BEGUN, mode="offline").annotate(members=members)
    return begun.exclude(members__gte=15, members__lte=70).count()


def _groups_too_long() -> int:
    return TrainingGroup._base_manager.filter(end_on__gt=F("start_on") + timedelta(days=24)).count()


register(
    Chapter(
        "training",
        plan,
        sweeps=(sweeps.all_of_them, queued, tasks.follow_enrolments, business_plans.sweep),
        counts=counts,
        invariants={
            "certificates without a passed final test": _certificates_without_scores,
            "certificates of completion without a plan": _certificates_of_completion_without_plan,
            "offline groups outside 15 to 70": _groups_of_wrong_size,
            "groups longer than 25 days": _groups_too_long,
        },
    )
)
