"""Businesses accompanied in a simulated run: launched, visited, asked about, helped where something hinders them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from bastau import workdays
from bastau.flow import Actor
from grants.simulation.days import citizen, lot, on_desk, today
from grants.simulation.pdf import small_pdf
from monitoring.actions import accompaniment, consultations, problems, visits
from monitoring.models import AccompanimentCase, ConsultationRequest, ProblemIssue, Visit
from monitoring.states import (
    LAUNCHED,
    AccompanimentState,
    ConsultationKind,
    ConsultationState,
    FamilyCategory,
    ProblemCategory,
    ProblemState,
    Topic,
    VisitMode,
    VisitState,
)
from referrals.simulation.world import World
from training.simulation.staff import ChamberTeam

QUESTIONS = (
    (Topic.TAX, "Оңайлатылған декларацияны қашан тапсырамын?", "Жартыжылдықтан кейінгі екінші айдың 15-іне дейін."),
    (Topic.SALES, "Өнімді дүкендерге қалай өткіземін?", "Дүкенмен жеткізу шартын жасаңыз; үлгісін жібердім."),
    (Topic.MARKETING, "Как вести страницу мастерской?", "Показывайте готовые работы и цены, отвечайте в тот же день."),
)
ISSUES = (
    (ProblemCategory.SALES, "Өнімді өткізетін орын жоқ.", "Аудандық жәрмеңкеден орын алынды."),
    (ProblemCategory.INFRASTRUCTURE, "Цехтың электр қуаты жетпейді.", "Желі иесімен қуат көбейту келісілді."),
    (ProblemCategory.TAX, "Касса аппараты тіркелмеген.", "Аппаратты тіркеуге көмек көрсетілді."),
)
PURPOSE, RESULT = "Өндірісті көру, өткізу туралы кеңес", "Кәсіп жұмыс істейді, кеңес берілді."


class BusinessWork:
    """The desks of the chamber's consultant, coordinator and trainers, and the people they accompany."""

    def __init__(self, world: World, staff: ChamberTeam) -> None:
        self.world, self.staff = world, staff

    def morning(self) -> None:
        """What comes last in a case's way is done first: so each case goes one step a day."""
        self._issues()
        self._answers()
        self._visits()
        self._cards()
        self._launches()
        self._questions()

    # ------------------------------------------------------------------------------------------------------- launches

    def _launches(self) -> None:
        on = today(self.staff.office)
        for case in on_desk(self.world, self._in(AccompanimentCase, AccompanimentState.WAITING_LAUNCH)):
            if case.assignee_id is None:
                accompaniment.name_consultant(case, by=self.staff.coordinator, consultant=_user(self.staff.consultant))
            elif case.trainer_id is None:
                accompaniment.name_trainer(case, by=self.staff.coordinator, trainer=self._trainer(case))
            elif self._mine(case) and on >= case.financed_on + timedelta(days=7 + lot(case.person, 14)):
                accompaniment.launch(
                    case,
                    by=self.staff.consultant,
                    launched_on=on,
                    category=FamilyCategory.LARGE if lot(case.person, 4) == 1 else FamilyCategory.NONE,
                    evidence=SimpleUploadedFile(
                        "launch.pdf", small_pdf(f"First receipt of the business {case.pk}"), "application/pdf"
                    ),
                )

    # --------------------------------------------------------------------------------------------------------- visits

    def _visits(self) -> None:
        on = today(self.staff.office)
        ahead = self._in(Visit, VisitState.PLANNED, VisitState.AGREED)
        for visit in ahead:
            by = self._actor(visit.assignee_id)
            if by is None:
                continue
            if visit.cost and visit.agreed_at is None and on < visit.planned_on:
                visits.agree(visit, by=citizen(visit), cost=visit.cost)
            elif on >= visit.planned_on and (visit.cost == 0 or visit.agreed_at is not None):
                visits.hold(visit, by=by, held_on=visit.planned_on, result=RESULT)
        for case in self._launched():
            known = Visit._base_manager.filter(accompaniment=case).order_by("-planned_on").first()
            by = self._actor(case.trainer_id)
            if by is None or (known is not None and on < known.planned_on + timedelta(days=45)):
                continue
            costs = lot(case.person, 6) == 3
            visits.plan_visit(
                case,
                by=by,
                planned_on=workdays.current("centre").shift(on, 5),
                mode=VisitMode.ONLINE if lot(case.person, 2) and not costs else VisitMode.ON_SITE,
                purpose=PURPOSE,
                cost=6_000 if costs else 0,
                cost_reason="Жол шығыны" if costs else "",
            )

    # ---------------------------------------------------------------------------------------------------------- cards

    def _cards(self) -> None:
        """The card of the present quarter in its last month, of each business; what hinders it becomes an issue."""
        on = today(self.staff.office)
        quarter = workdays.quarter_end(on)
        if (quarter - on).days > 30:
            return
        for case in self._launched():
            if case.cards.filter(quarter_end=quarter).exists() or not self._mine(case):
                continue
            hindered = self.world.chance.random() < 0.35
            category, essence, _measures = ISSUES[lot(case.person, len(ISSUES))]
            by, chance = self.staff.consultant, self.world.chance
            case = accompaniment.keep_card(
                case,
                by=by,
                quarter_end=quarter,
                working=True,
                jobs=chance.randrange(1, 4),
                income=chance.randrange(200, 900) * 1000,
                problems=essence if hindered else "",
            )
            if hindered:
                card = case.cards.get(quarter_end=quarter)
                problems.find(case, by=by, key=self._key(), category=category, essence=essence, found_on=on, card=card)

    # ------------------------------------------------------------------------------------------------ enquiries

    def _questions(self) -> None:
        """Now and then somebody asks about the business."""
        for case in self._launched():
            if self.world.chance.random() < 0.03 and consultations.accompanied(case.person) is not None:
                topic, text, _answer = self.world.chance.choice(QUESTIONS)
                consultations.ask(
                    by=citizen(case),
                    key=self._key(),
                    consultation_kind=ConsultationKind.ACCOMPANIMENT,
                    topic=topic,
                    text=text,
                )

    def _answers(self) -> None:
        for request in on_desk(self.world, self._in(ConsultationRequest, ConsultationState.ANSWERED)):
            if request.person_id is not None and lot(request.person, 2):
                consultations.confirm(request, by=citizen(request))
        mine = self._in(ConsultationRequest, ConsultationState.ASSIGNED, ConsultationState.REOPENED)
        for request in on_desk(self.world, mine):
            by = self._actor(request.assignee_id)
            if by is not None:
                said = next((answer for topic, _text, answer in QUESTIONS if topic == request.topic), QUESTIONS[0][2])
                consultations.answer(request, by=by, text=said)
        for request in on_desk(self.world, self._in(ConsultationRequest, ConsultationState.NEW)):
            consultations.take(request, by=self._actor(request.assignee_id) or self.staff.coordinator)

    # --------------------------------------------------------------------------------------------------- issues

    def _issues(self) -> None:
        by = self.staff.consultant
        for issue in on_desk(self.world, self._in(ProblemIssue, ProblemState.CONFIRMED)):
            problems.close(issue, by=by)
        for issue in on_desk(self.world, self._in(ProblemIssue, ProblemState.RESOLVED)):
            problems.confirm(issue, by=by)
        for issue in on_desk(self.world, self._in(ProblemIssue, ProblemState.IN_WORK)):
            trainer = self._actor(issue.trainer_id)
            if trainer is not None and self.world.chance.random() < 0.3:
                measures = next(done for category, _essence, done in ISSUES if category == issue.category)
                problems.resolve(issue, by=trainer, measures=measures)
        for issue in on_desk(self.world, self._in(ProblemIssue, ProblemState.ASSIGNED)):
            trainer = self._actor(issue.trainer_id)
            if trainer is not None:
                problems.start_work(issue, by=trainer)
        for issue in on_desk(self.world, self._in(ProblemIssue, ProblemState.FOUND)):
            problems.assign(
                issue, by=by, trainer=_user(self.staff.trainers[lot(issue.person, len(self.staff.trainers))])
            )

    # ------------------------------------------------------------------------------------------------------- reading

    def _in(self, model: Any, *states: str) -> list[Any]:
        mine = model._base_manager.filter(office=self.staff.office, state__in=states)
        return list(mine.select_related("person", "office").order_by("pk"))

    def _launched(self) -> list[AccompanimentCase]:
        on = today(self.staff.office)
        return [case for case in self._in(AccompanimentCase, *LAUNCHED) if case.ends_on is None or on <= case.ends_on]

    def _mine(self, case: AccompanimentCase) -> bool:
        return case.assignee_id == _user(self.staff.consultant).pk

    def _actor(self, user_id: int | None) -> Actor | None:
        """The one of this chamber's people with that account."""
        everybody = (*self.staff.trainers, self.staff.consultant, self.staff.coordinator)
        return next((one for one in everybody if one.user is not None and one.user.pk == user_id), None)

    def _trainer(self, case: Any) -> Any:
        return _user(self.staff.trainers[lot(case.person, len(self.staff.trainers))])

    def _key(self) -> UUID:
        return UUID(int=self.world.chance.getrandbits(128), version=4)


def _user(actor: Actor) -> Any:
    assert actor.user is not None
    return actor.user
