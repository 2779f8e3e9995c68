"""Brings participants through the course: running groups, tests passed or not, plans written, results in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.db import transaction

from bastau import clock
from bastau.flow import Actor
from bastau.people.citizens import account_of
from bastau.people.models import Person
from referrals.states import StudyForm
from tests.factories import PersonFactory
from tests.referrals import cases as referral_cases
from tests.training.groups_cases import Chamber, enrolling
from training import sweeps
from training.actions import attendance, business_plans, course, enrolments, following, group_life, results
from training.models import BusinessPlan, Enrolment, FinalTest, ModuleProgress, Question, TestAttempt, TrainingGroup
from training.rules import business_plans as plan_rules

ALMATY = ZoneInfo("Asia/Almaty")
#: When a second group of the same trainer is formed.
LATER = datetime(2026, 7, 13, 10, tzinfo=ALMATY)


@contextmanager
def rolled_back(blocker: Any) -> Iterator[None]:
    """What is made inside stands for all tests of a module and goes away with the module: a running group is dear."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def citizen(case: Any) -> Actor:
    """The participant."""
    return Actor(account_of(case.person))


def enrolled(chamber: Chamber, group: TrainingGroup, person: Person | None = None) -> Enrolment:
    """With a referral of the centre, annex 4 and the offer, at the chamber's counter."""
    person = person or PersonFactory(phone="", email="")
    # What is signed here is read by nobody: bytes that are no pages save the time of laying them out.
    with patch("bastau.papers.actions._print", lambda paper: f"%PDF {paper.code}".encode()):
        referral_cases.decided(chamber.centre, person=person)
    by = chamber.coordinator
    case = enrolments.start(by=by, person=person, channel="counter")
    case = enrolments.answer(
        case, by=by, sector="trade", description="Наубайхана", study_form=group.mode, promises=True, consents=True
    )
    case = enrolments.choose_group(case, group, by=by)
    case = enrolments.submit_at_counter(case, by=by, signed=True)
    return enrolments.enrol(case, by=by, offer=True, consent=True, means="hand")


@dataclass
class Class:
    """A group whose classes run, with those who study in it."""

    chamber: Chamber
    group: TrainingGroup
    people: list[Enrolment] = field(default_factory=list)

    def again(self) -> Class:
        """The same as it stands in the database now."""
        return Class(
            self.chamber,
            TrainingGroup.objects.select_related("office").get(pk=self.group.pk),
            [Enrolment.objects.get(pk=one.pk) for one in self.people],
        )

    def at(self, days: int, hour: int = 10) -> datetime:
        """That many days after the first class day, by the clock of Almaty."""
        return datetime.combine(self.group.start_on + timedelta(days=days), time(hour), ALMATY)

    @property
    def last_day(self) -> datetime:
        """Noon of the last training day."""
        return datetime.combine(self.group.end_on, time(12), ALMATY)

    @property
    def after(self) -> datetime:
        """Noon of the first day of the assessment window."""
        return self.last_day + timedelta(days=1)

    @property
    def after_window(self) -> datetime:
        """A day after the window's end."""
        return self.last_day + timedelta(days=30)


def running(
    people: int = 1, *, mode: str = StudyForm.ONLINE, chamber: Chamber | None = None, moment: datetime | None = None
) -> Class:
    """A group on its first class day; the course of each member is open."""
    with clock.at(moment or datetime(2026, 5, 4, 10, tzinfo=ALMATY)):
        chamber = chamber or Chamber.open()
        group = enrolling(chamber, mode=mode)
        members = [enrolled(chamber, group) for _ in range(people)]
        group = group_life.fix_roster(group, by=chamber.coordinator)
    made = Class(chamber, group, members)
    with clock.at(made.at(0)):
        sweeps.begin_groups()
        group.refresh_from_db()
        assert group.state == "running", group.state
        for member in members:
            results.begin(member, by=citizen(member))
            course.open_course(member)
            member.refresh_from_db()
    return made


def module(enrolment: Enrolment, order: int = 1) -> ModuleProgress:
    """The participant's module by its place in the course."""
    return ModuleProgress.objects.get(enrolment=enrolment, module__order=order)


def begun(case: Any) -> TestAttempt:
    """An attempt just begun, the materials looked through."""
    by = citizen(case)
    if isinstance(case, ModuleProgress):
        case = course.see_materials(case, by=by)
    return course.begin_test(case, by=by)


def answered(attempt: TestAttempt, right: int, by: Actor) -> TestAttempt:
    """All questions answered, so many of them right."""
    key = dict(Question.objects.values_list("pk", "answer"))
    for place, drawn in enumerate(attempt.questions):
        good = drawn["order"].index(key[drawn["q"]])
        choice = good if place < right else (good + 1) % len(drawn["order"])
        assert course.save_answer(attempt.pk, by=by, place=place, choice=choice)
    return attempt


def tested(case: Any, right: int) -> TestAttempt:
    """A test begun, answered and handed in."""
    by = citizen(case)
    return course.hand_in(answered(begun(case), right, by), by=by)


def all_passed(enrolment: Enrolment) -> None:
    """All modules of the course."""
    for order in range(1, 6):
        tested(module(enrolment, order), 6)


def taught(made: Class) -> None:
    """All classes held, with consultations and the pitch training in the journal; the last class day is closed."""
    trainer = made.chamber.trainer
    for day in made.group.class_days.order_by("day"):
        with clock.at(datetime.combine(day.day, time(18), ALMATY)):
            attendance.mark_day(day, by=trainer, present={member.pk for member in made.people})
    with clock.at(made.last_day):
        for member in made.people:
            attendance.record_consultation(
                member, by=trainer, held_on=made.group.end_on, topic="Қаржылық модель", online=not made.group.is_offline
            )
        attendance.record_pitch(
            made.group, by=trainer, held_on=made.group.end_on, participants=[one.pk for one in made.people]
        )
    with clock.at(made.after):
        sweeps.end_groups()
        made.group.refresh_from_db()
        assert made.group.state == "assessing", made.group.state
        following.follow_all()
        for member in made.people:
            member.refresh_from_db()
            course.open_final(member)


def final(enrolment: Enrolment) -> FinalTest:
    """The participant's final test."""
    return FinalTest.objects.get(enrolment=enrolment)


def plan(enrolment: Enrolment) -> BusinessPlan:
    """The participant's business plan."""
    return BusinessPlan.objects.get(enrolment=enrolment)


CONTENT: dict[str, Any] = {
    "title": "Шағын наубайхана",
    "summary": "Ауылда күн сайын жаңа піскен нан сататын шағын наубайхана ашу. " * 6,
    "sector": "10710",
    "place": "351000000",
    "product": "Нан, тоқаш, бауырсақ.",
    "production": "Электр пеші, қамыр илегіш.",
    "market": "Ауылдың 3 000 тұрғыны, мектеп, балабақша.",
    "competitors": "Қаладан әкелінетін нан.",
    "marketing": "Дүкендермен келісім, әлеуметтік желілер.",
    "operations": "Түнде пісіру, таңертең жеткізу.",
    "team": "Он жыл аспаз болып істедім.",
    "jobs": 2,
    "calendar": "1–2: жөндеу\n3: іске қосу",
    "own_sum": 200000,
    "tax_regime": "simplified",
    "income": [0, 0, *[400000] * 10],
    "costs": [500000, 500000, *[250000] * 10],
    "risks": "Ұн бағасының өсуі: екі жеткізушімен келісім.",
}


def written(enrolment: Enrolment, **content: Any) -> BusinessPlan:
    """All sections filled in, two lines in the estimate."""
    found, by = plan(enrolment), citizen(enrolment)
    business_plans.save_section(found, by=by, values={**CONTENT, **content})
    business_plans.save_line(found, by=by, name="Электр пеші", quantity=1, price=900000, source="grant")
    business_plans.save_line(found, by=by, name="Үстел", quantity=2, price=50000, source="own")
    found.refresh_from_db()
    return found


def submitted(enrolment: Enrolment) -> BusinessPlan:
    """Handed in."""
    return business_plans.submit(written(enrolment), by=citizen(enrolment))


def under_review(enrolment: Enrolment, assessor: Actor, coordinator: Actor) -> BusinessPlan:
    """Given to an assessor, who has begun."""
    assert assessor.user is not None
    found = business_plans.appoint(plan(enrolment), by=coordinator, assessor=assessor.user)
    return business_plans.review(found, by=assessor)


def points(total: int) -> dict[str, int]:
    """Points by criteria that make `total`."""
    left, found = total, {}
    for name in plan_rules.CRITERIA:
        found[name] = min(left, plan_rules.most_points(name))
        left -= found[name]
    return found
