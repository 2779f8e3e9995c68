"""Brings lists, plans and groups into a state through the actions, as the screens would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import translation

from bastau import clock
from bastau.flow import Actor
from bastau.people.models import Office, OfficeKind
from bastau.people.roles import Role
from referrals.states import StudyForm
from tests.factories import OfficeFactory, PostFactory, StaffFactory
from tests.referrals.cases import Centre
from training import sweeps
from training.actions import groups, plans
from training.actions.groups import Schedule
from training.models import Room, TrainingGroup, TrainingPlan
from training.seeding import load_course

MON_TO_FRI = (1, 2, 3, 4, 5)
WEEKDAYS = (1, 2, 3, 4, 5, 6)
#: The weeks from the announcement to the first day that tests leave when they do not care.
AHEAD = timedelta(days=20)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in English; whoever imports this fixture has it."""
    with translation.override("en"):
        yield


@dataclass
class Chamber:
    """A chamber with its people, the local employment body above it, a room, and a centre in its area."""

    office: Office
    leb: Office
    centre: Centre
    coordinator: Actor
    trainer: Actor
    consultant: Actor
    officer: Actor
    room: Room

    @classmethod
    def open(cls, centre: Centre | None = None) -> Chamber:
        """In the region 35, with one person for each role; the course is loaded."""
        load_course()
        centre = centre or Centre.open()
        region = centre.office.region
        office = OfficeFactory(kind=OfficeKind.CHAMBER, region=region)
        leb = OfficeFactory(leb=True, region=region)
        coordinator = hired(office, Role.COORDINATOR)
        room = groups.add_room(
            by=coordinator, name="101", address_kk="Үлгі көшесі, 3-үй", address_ru="улица Образцовая, дом 3", seats=80
        )
        return cls(
            office,
            leb,
            centre,
            coordinator,
            hired(office, Role.TRAINER),
            hired(office, Role.PROJECT_CONSULTANT),
            hired(leb, Role.LEB_OFFICER),
            room,
        )


def hired(office: Office, role: Role) -> Actor:
    """A new member of staff of the office."""
    user = StaffFactory()
    return Actor(user, PostFactory(user=user, office=office, role=role))


def schedule(chamber: Chamber, start: date | None = None, **other: Any) -> Schedule:
    """Twenty days of four hours with Saturdays, from the first Monday at least `AHEAD`."""
    if start is None:
        start = clock.today(chamber.office.zone) + AHEAD
        start += timedelta(days=(7 - start.weekday()) % 7)
    made = Schedule(
        mode=StudyForm.OFFLINE,
        language="kk",
        start_on=start,
        starts_at=time(9, 30),
        hours_a_day=4,
        weekdays=WEEKDAYS,
        place_kk="Үлгі көшесі, 3-үй",
        place_ru="улица Образцовая, дом 3",
        apply_until=start - timedelta(days=3),
        contact="+7 700 000 00 00",
    )
    return replace(made, **other)


def plan_draft(chamber: Chamber, **other: Any) -> TrainingPlan:
    """A plan just begun."""
    facts: dict[str, Any] = {
        "year": clock.today(chamber.office.zone).year,
        "kato": "351000000",
        "territory_kk": "Қарағанды қаласы",
        "territory_ru": "город Караганда",
        "places": 300,
    }
    return plans.start(by=chamber.coordinator, **(facts | other))


def plan_approved(chamber: Chamber, **other: Any) -> TrainingPlan:
    """A plan in force, made when there is none yet."""
    found = TrainingPlan.objects.filter(office=chamber.office, state="approved").order_by("-pk").first()
    if found is not None and not other:
        return found
    plan = plans.send_for_agreement(plan_draft(chamber, **other), by=chamber.coordinator)
    return plans.approve(plans.agree(plan, by=chamber.officer), by=chamber.coordinator)


def planned(chamber: Chamber, start: date | None = None, **other: Any) -> TrainingGroup:
    """A group just planned."""
    plan = plan_approved(chamber)
    return groups.create(by=chamber.coordinator, plan=plan, schedule=schedule(chamber, start, **other))


def agreed(chamber: Chamber, start: date | None = None, **other: Any) -> TrainingGroup:
    """Agreed by the local employment body."""
    return groups.agree(planned(chamber, start, **other), by=chamber.officer)


def approved(chamber: Chamber, start: date | None = None, **other: Any) -> TrainingGroup:
    """Its schedule approved, the announcement drafted."""
    return groups.approve(agreed(chamber, start, **other), by=chamber.coordinator)


def announced(chamber: Chamber, start: date | None = None, **other: Any) -> TrainingGroup:
    """Announced in both languages."""
    return announce(chamber, approved(chamber, start, **other))


def announce(chamber: Chamber, group: TrainingGroup) -> TrainingGroup:
    """The draft of the announcement is published as it is."""
    draft = group.announcements.get(state="draft")
    return groups.announce(group, by=chamber.coordinator, text_kk=draft.text_kk, text_ru=draft.text_ru)


def enrolling(chamber: Chamber, start: date | None = None, **other: Any) -> TrainingGroup:
    """Open for applications, with trainer, consultant, room and technical means."""
    group = announced(chamber, start, **other)
    sweeps.open_enrolments()
    group.refresh_from_db()
    return equipped(chamber, group)


def equipped(chamber: Chamber, group: TrainingGroup) -> TrainingGroup:
    """With trainer, consultant and, offline, the room with its means."""
    given: dict[str, Any] = {"trainer": chamber.trainer.user, "consultant": chamber.consultant.user}
    if group.is_offline:
        given |= {"room": chamber.room, "equipment_ready": True}
    return groups.assign(group, by=chamber.coordinator, **given)
