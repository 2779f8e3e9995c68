"""Training plans: begun, agreed with the local employment body, approved, put out of force (118-p13, p14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law
from bastau.flow import Actor, Refused, perform
from bastau.papers import numbers
from training.actions import reasons
from training.models import CourseModule, TrainingPlan
from training.states import PlanState


def start(
    *, by: Actor, year: int, kato: str, territory_kk: str, territory_ru: str, places: int, modules: Sequence[Any] = ()
) -> TrainingPlan:
    """Begin the plan of a district or city for a year; a later one of the same place is its next version.

    Without `modules` it takes those of the course with their hours (118-p22-1). Raises Refused.
    """
    assert by.post is not None
    chamber = by.post.office
    with transaction.atomic():
        former = (
            TrainingPlan._base_manager.select_for_update(of=("self",))
            .filter(office=chamber, year=year, kato=kato)
            .order_by("-version")
            .first()
        )
        if former is not None and former.state not in (PlanState.APPROVED, PlanState.ARCHIVED):
            raise Refused(_("There is a plan of this place and year that is not approved yet. Change that one."))
        series = f"ОЖ-{chamber.region_id}-{year}"
        plan = TrainingPlan(
            office=chamber,
            year=year,
            kato=kato,
            territory_kk=territory_kk,
            territory_ru=territory_ru,
            places=places,
            version=former.version + 1 if former else 1,
            replaces=former,
            modules=list(modules) or course_modules(),
            number=f"{series}-{numbers.take(series):06d}",
            ruleset=law.RULESET,
            created_at=clock.now(),
        )
        plan.check_fields()
        try:
            with transaction.atomic():
                plan.save()
        except IntegrityError as error:
            raise Refused(_("A colleague has just begun the plan of this place and year.")) from error
        return perform(plan, "draw", by=by, version=plan.version)


def course_modules() -> list[dict[str, Any]]:
    """The blocks of the course with their hours, as a plan keeps them (SPEC 8)."""
    return [
        {"code": one.code, "hours": one.hours, "kk": one.title_kk, "ru": one.title_ru}
        for one in CourseModule.objects.order_by("order")
    ]


def change(plan: TrainingPlan, *, by: Actor, **content: Any) -> TrainingPlan:
    """Change territory, number of places or hours before the plan is sent for agreement. Raises Refused."""
    return perform(plan, "change", by=by, set=content)


def send_for_agreement(plan: TrainingPlan, *, by: Actor) -> TrainingPlan:
    """Send the plan with its territory to the local employment body (118-p13, p14). Raises Refused."""
    return perform(plan, "send_for_agreement", by=by, hours=plan.hours)


def agree(plan: TrainingPlan, *, by: Actor) -> TrainingPlan:
    """The local employment body agrees the territory and the plan (118-p13, p14). Raises Refused."""
    return perform(plan, "agree", by=by, territory=plan.kato)


def send_back(plan: TrainingPlan, *, by: Actor, reason: str) -> TrainingPlan:
    """The local employment body returns the plan with remarks. Raises Refused."""
    with transaction.atomic():
        written = reasons.write(plan, "send_back", reason, by)
        return perform(plan, "send_back", by=by, reason=written.pk)


def approve(plan: TrainingPlan, *, by: Actor) -> TrainingPlan:
    """The chamber approves the agreed plan; the version before it is out of force (118-p14). Raises Refused."""
    with transaction.atomic():
        former = plan.replaces
        if former is not None and former.state == PlanState.APPROVED:
            perform(former, "archive", by=by, replaced_by=plan.pk)
        return perform(plan, "approve", by=by)


def archive(plan: TrainingPlan, *, by: Actor) -> TrainingPlan:
    """Put an approved plan out of force; its groups stay on it. Raises Refused."""
    return perform(plan, "archive", by=by)
