"""The participants of a simulated group: enrolled, taught, tested; and what their trainer writes into the journal."""

from __future__ import annotations

from typing import Any

from bastau import clock
from bastau.flow import Actor, verdict
from bastau.people.citizens import account_of
from bastau.people.models import Person
from referrals.simulation.world import World
from training.actions import attendance, business_plans, course, enrolments
from training.models import BusinessPlan, Enrolment, FinalTest, ModuleProgress, Question, TestAttempt, TrainingGroup
from training.simulation.staff import ChamberTeam
from training.states import ENROLMENT_LEARNING, BusinessPlanState, EnrolmentState, FinalState, ModuleState

IDEAS = (
    ("Шағын наубайхана", "10710", "Электр пеші", 900_000),
    ("Тігін шеберханасы", "14130", "Тігін машинасы", 450_000),
    ("Жылыжай", "01131", "Жылыту жүйесі", 1_100_000),
    ("Шаштараз", "96020", "Шаштараз креслосы", 250_000),
    ("Ремонт обуви", "95230", "Станок для ремонта обуви", 600_000),
)


class Learners:
    """All participants of the chamber's groups; each learns by chance, but always in the same way for one seed."""

    def __init__(self, world: World, staff: ChamberTeam) -> None:
        self.world, self.staff = world, staff
        self._key: dict[int, int] = {}

    def enrol(self, person: Person, group: TrainingGroup) -> Enrolment:
        """Annex 4, the offer and the consent at the chamber's counter."""
        by = self.staff.coordinator
        # Whose group was cancelled has an application in the pool already, and only chooses anew.
        kept = Enrolment._base_manager.filter(person=person, state=EnrolmentState.SUBMITTED, group=None)
        case = kept.select_related("person", "office", "referral").first()
        if case is not None:
            case = enrolments.choose_group(case, group, by=by)
            return enrolments.enrol(case, by=by, offer=True, consent=True, means="hand")
        case = enrolments.start(by=by, person=person, channel="counter")
        case = enrolments.answer(
            case, by=by, sector="trade", description="Өз ісімді ашамын", study_form=group.mode, promises=True,
            consents=True,
        )  # fmt: skip
        case = enrolments.choose_group(case, group, by=by)
        case = enrolments.submit_at_counter(case, by=by, signed=True)
        return enrolments.enrol(case, by=by, offer=True, consent=True, means="hand")

    # ------------------------------------------------------------------------------------------------------ in class

    def class_day(self, group: TrainingGroup) -> None:
        """The journal of the day, and after some days a test; on the last day consultations, pitch and plans."""
        today = clock.today(self.staff.office.zone)
        trainer = self._trainer(group)
        day = group.class_days.filter(day=today).first()
        if day is None:
            return
        members = group.enrolments.filter(state__in=[EnrolmentState.ENROLLED, *ENROLMENT_LEARNING])
        present = {one.pk for one in members if self.world.chance.random() < 0.93}
        attendance.mark_day(day, by=trainer, present=present)
        learning = list(
            group.enrolments.filter(state__in=ENROLMENT_LEARNING).select_related("person", "office").order_by("pk")
        )
        past = group.class_days.filter(day__lte=today).count()
        for one in learning:
            if past % 3 == 0 or today == group.end_on:
                self._next_module(one)
            if today == group.end_on:
                self._last_day(one, trainer)
        if today == group.end_on and learning:
            attendance.record_pitch(group, by=trainer, held_on=today, participants=[one.pk for one in learning])

    def _trainer(self, group: TrainingGroup) -> Actor:
        return next(one for one in self.staff.trainers if one.user and one.user.pk == group.trainer_id)

    def _last_day(self, case: Enrolment, trainer: Actor) -> None:
        attendance.record_consultation(
            case, by=trainer, held_on=clock.today(self.staff.office.zone), topic="Қаржылық модель"
        )
        while self._next_module(case):
            pass
        if case.pk % 6:
            self._hand_in_plan(case)

    def window_day(self, group: TrainingGroup) -> None:
        """The final test of those who may take it; one in twenty never comes."""
        waiting = group.enrolments.filter(state=EnrolmentState.ASSESSING, final_percent=None)
        for case in waiting.select_related("person", "office").order_by("pk"):
            test = FinalTest._base_manager.filter(enrolment=case, state=FinalState.OPEN).first()
            if test is not None and case.pk % 20:
                self._take(test, 0.35 if case.pk % 13 == 0 else 0.85)

    # --------------------------------------------------------------------------------------------------------- tests

    def _next_module(self, case: Enrolment) -> bool:
        """One attempt at the module that is open; False when none is, or the person gave up."""
        found = ModuleProgress._base_manager.filter(
            enrolment=case, state__in=[ModuleState.OPEN, ModuleState.FAILED]
        ).first()
        if found is None or case.pk % 29 == 0:
            return False
        found = course.see_materials(found, by=self._citizen(case))
        if not verdict(found, "begin", self._citizen(case)).ok:
            return False
        self._take(found, 0.85)
        return True

    def _take(self, test: Any, skill: float) -> TestAttempt:
        by = self._citizen(test)
        attempt = course.begin_test(test, by=by)
        key = self._answers()
        for place, drawn in enumerate(attempt.questions):
            good = drawn["order"].index(key[drawn["q"]])
            choice = good if self.world.chance.random() < skill else (good + 1) % len(drawn["order"])
            course.save_answer(attempt.pk, by=by, place=place, choice=choice)
        return course.hand_in(attempt, by=by)

    def _answers(self) -> dict[int, int]:
        if not self._key:
            self._key = dict(Question.objects.values_list("pk", "answer"))
        return self._key

    # ---------------------------------------------------------------------------------------------------------- plan

    def _hand_in_plan(self, case: Enrolment) -> None:
        plan = BusinessPlan._base_manager.filter(
            enrolment=case, state=BusinessPlanState.DRAFT, opened_at__isnull=False
        ).first()
        if plan is None:
            return
        by = self._citizen(case)
        title, sector, thing, price = IDEAS[case.pk % len(IDEAS)]
        plan = business_plans.save_section(plan, by=by, values=_content(title, sector, case))
        business_plans.save_line(plan, by=by, name=thing, quantity=1, price=price, source="grant")
        business_plans.save_line(plan, by=by, name="Үстел", quantity=2, price=40_000, source="own")
        business_plans.submit(plan, by=by)

    def _citizen(self, case: Any) -> Actor:
        return Actor(account_of(case.person))


def _content(title: str, sector: str, case: Enrolment) -> dict[str, Any]:
    return {
        "title": title,
        "summary": f"{title}: ауыл тұрғындарына қажет қызмет, тұрақты табыс пен екі жұмыс орнын береді. " * 6,
        "sector": sector,
        "place": case.person.residence or "351000000",
        "product": title,
        "production": "Жабдық сатып алынады, материал жергілікті жеткізушілерден алынады.",
        "market": "Ауылдың 3 000 тұрғыны, мектеп, балабақша.",
        "competitors": "Ең жақын бәсекелес қалада, 40 км жерде.",
        "marketing": "Әлеуметтік желілер, дүкендермен келісім.",
        "operations": "Аптасына алты күн, таңғы тоғыздан кешкі алтыға дейін.",
        "team": "Өз тәжірибем және бір көмекші.",
        "jobs": 2,
        "calendar": "1–2: жөндеу\n3: іске қосу",
        "own_sum": 80_000,
        "tax_regime": "simplified",
        "income": [0, 0, *[400_000] * 10],
        "costs": [500_000, 500_000, *[250_000] * 10],
        "risks": "Шикізат бағасының өсуі: екі жеткізушімен келісім.",
    }
