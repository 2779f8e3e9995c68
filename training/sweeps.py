"""What time alone does: monthly lists on the first (118-p12, A-13), enrolment opened, training begun and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from bastau import clock
from bastau.flow import SYSTEM, Refused, verdict
from bastau.people.models import Office, OfficeKind
from training import candidates
from training.actions import group_life, groups, lists
from training.models import MonthlyList, TrainingGroup
from training.notices import groups as words
from training.offices import centres_of
from training.states import GroupState

BATCH = 500


def all_of_them() -> None:
    """Each in its turn."""
    draw_up_lists()
    open_enrolments()
    begin_groups()
    end_groups()


def draw_up_lists() -> int:
    """The lists of the months that are over, for each centre with a chamber; a month missed while no worker ran is
    caught up with. Returns how many are new."""
    newest = dict(
        MonthlyList._base_manager.filter(part=1).values_list("office").annotate(last=Max("month")).order_by("office")
    )
    done = 0
    served = Q(pk__in=[])
    for chamber in Office.objects.filter(kind=OfficeKind.CHAMBER).order_by("pk"):
        served |= centres_of(chamber)
    for centre in Office.objects.filter(served).order_by("pk"):
        for month in _due_months(newest.get(centre.pk), clock.today(centre.zone)):
            done += lists.draw_up(centre, month) is not None
    return done


def _due_months(last: date | None, today: date) -> list[date]:
    """The months without a list: from the one after `last`, or the reporting month alone, up to the reporting month."""
    reporting = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    month = candidates.next_month(last) if last else reporting
    found = []
    while month <= reporting:
        found.append(month)
        month = candidates.next_month(month)
    return found


def open_enrolments() -> int:
    """What was announced opens for applications."""
    return sum(_tried(groups.open_enrolment, one) for one in _in_state(GroupState.ANNOUNCED))


def begin_groups() -> int:
    """Groups whose first day has come begin; where a condition is not met the coordinator is told, once (A-16)."""
    begun = 0
    waiting = TrainingGroup._base_manager.filter(
        state__in=[GroupState.ENROLLING, GroupState.READY], start_on__lte=clock.now().date() + timedelta(days=1)
    )
    for group in waiting.select_related("office").order_by("start_on", "pk")[:BATCH]:
        assert group.office is not None
        if clock.today(group.office.zone) < group.start_on:
            continue
        if group.state == GroupState.READY and _tried(group_life.begin, group):
            begun += 1
            continue
        with transaction.atomic():
            words.tell_cannot_begin(group)
    return begun


def end_groups() -> int:
    """Groups whose last day is over end by themselves when everything the Rules ask for is recorded (118-p23)."""
    ended = 0
    for group in _in_state(GroupState.RUNNING, end_on__lte=clock.now().date()):
        assert group.office is not None
        if clock.today(group.office.zone) > group.end_on and verdict(group, "finish", SYSTEM).ok:
            ended += _tried(lambda one: group_life.finish(one, by=SYSTEM), group)
    return ended


def _in_state(state: str, **more: Any) -> QuerySet[TrainingGroup]:
    found = TrainingGroup._base_manager.filter(state=state, **more).select_related("office")
    return found.order_by("start_on", "pk")[:BATCH]


def _tried(step: Callable[[TrainingGroup], object], group: TrainingGroup) -> bool:
    try:
        step(group)
    except Refused:
        # Somebody else moved the group at this very moment, or a condition is not met; the others still wait.
        return False
    return True
