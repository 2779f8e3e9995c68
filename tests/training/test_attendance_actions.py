"""The trainer's journal: attendance begins the training; consultations and pitch trainings (118-p21, p23)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from bastau import clock
from bastau.flow import Refused
from tests.training import course_cases as cases
from tests.training.groups_cases import Chamber, enrolling, hired
from training.actions import attendance, group_life
from training.models import Attendance, IndividualConsultation, PitchTraining
from training.models.attendance import pitch_held, without_consultation
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def made() -> Any:
    """Two members of an online group on its first class day, of whom nobody has begun."""
    with clock.at(cases.datetime(2026, 5, 4, 10, tzinfo=cases.ALMATY)):
        chamber = Chamber.open()
        group = enrolling(chamber, mode="online")
        people = [cases.enrolled(chamber, group) for _ in range(2)]
        group = group_life.fix_roster(group, by=chamber.coordinator)
    found = cases.Class(chamber, group, people)
    with clock.at(found.at(0)):
        cases.sweeps.begin_groups()
        group.refresh_from_db()
        yield found


def first_day(made: cases.Class) -> Any:
    return made.group.class_days.order_by("day").first()


def came(made: cases.Class, *people: Any) -> None:
    attendance.mark_day(first_day(made), by=made.chamber.trainer, present={one.pk for one in people})
    for one in made.people:
        one.refresh_from_db()


@pytest.mark.clause("118-p21")
def test_the_first_class_attended_begins_the_training_of_who_came(made: cases.Class) -> None:
    came(made, made.people[0])
    assert [one.state for one in made.people] == [EnrolmentState.STUDYING, EnrolmentState.ENROLLED]


def test_a_day_entered_again_is_corrected_and_stays_one(made: cases.Class) -> None:
    came(made, made.people[0])
    came(made, made.people[1])
    rows = dict(Attendance.objects.values_list("enrolment", "present"))
    assert rows == {made.people[0].pk: False, made.people[1].pk: True}


def test_a_day_that_has_not_come_is_not_entered(made: cases.Class) -> None:
    last = made.group.class_days.order_by("day").last()
    assert last is not None
    with pytest.raises(Refused, match="has not come"):
        attendance.mark_day(last, by=made.chamber.trainer, present=set())


def test_a_trainer_of_another_group_keeps_no_journal_here(made: cases.Class) -> None:
    assert made.chamber.trainer.post is not None
    other = hired(made.chamber.office, made.chamber.trainer.post.role)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        attendance.mark_day(first_day(made), by=other, present=set())


@pytest.mark.clause("118-p23")
def test_a_consultation_of_distance_learners_is_held_online_and_entered_once(made: cases.Class) -> None:
    came(made, *made.people)
    assert without_consultation(made.group).count() == 2
    for _ in range(2):
        row = attendance.record_consultation(
            made.people[0], by=made.chamber.trainer, held_on=made.group.start_on, topic="Маркетинг"
        )
    assert row.online
    assert IndividualConsultation.objects.count() == 1
    assert without_consultation(made.group).count() == 1


def test_a_refused_consultation_is_recorded_too(made: cases.Class) -> None:
    came(made, *made.people)
    attendance.record_consultation(
        made.people[0], by=made.chamber.trainer, held_on=made.group.start_on, topic="Бас тартты", refused=True
    )
    assert without_consultation(made.group).count() == 1


def test_a_consultation_outside_the_training_is_refused(made: cases.Class) -> None:
    came(made, *made.people)
    with pytest.raises(Refused, match="outside the training"):
        attendance.record_consultation(
            made.people[0],
            by=made.chamber.trainer,
            held_on=made.group.start_on - timedelta(days=1),
            topic="Маркетинг",
        )


def test_a_pitch_training_keeps_who_took_part(made: cases.Class) -> None:
    came(made, made.people[0])
    assert not pitch_held(made.group)
    facts: dict[str, Any] = {"by": made.chamber.trainer, "held_on": made.group.start_on}
    with pytest.raises(Refused, match="Tick those"):
        attendance.record_pitch(made.group, participants=[], **facts)
    # Who has not begun does not count among those who took part.
    attendance.record_pitch(made.group, participants=[one.pk for one in made.people], **facts)
    assert pitch_held(made.group)
    assert list(PitchTraining.objects.get().participants.all()) == [made.people[0]]
