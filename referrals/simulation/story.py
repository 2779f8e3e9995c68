"""One person's way through the referral, drawn by chance or set to end in a wanted state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bastau import clock, papers
from bastau.flow import Actor
from bastau.gateways import outbox
from bastau.gateways.models import Enquiry
from bastau.papers.authority import demo_sign
from bastau.papers.models import Paper
from bastau.people.citizens import Identity, account_of, person_of
from bastau.people.models import Office, Person
from referrals import actions
from referrals.dates import OutsideHours
from referrals.models import ReferralApplication
from referrals.rules import REFUSAL_RULES
from referrals.simulation.world import Team, World
from referrals.states import AcceptanceRefusal, Channel, CheckResult, CheckSubject, Ground, Outcome, State

LINES_OF_PAPERS = (
    "Жеке куәлік пен еңбек кітапшасы қаралды, мәліметтер сәйкес келеді.",
    "Удостоверение и трудовая книжка просмотрены, сведения совпадают.",
)
UNTRUE = (
    "Ұсынылған еңбек кітапшасындағы жазба жұмыс берушінің растауына сәйкес келмейді.",
    "Запись в представленной трудовой книжке не совпадает с подтверждением работодателя.",
)
NOT_TARGET = (
    "«Еңбек нарығы» жүйесінің дерегі бойынша Сіз жұмыссыздар қатарына да, Қағидалардың 3-тармағында аталған "
    "жұмыспен қамтылғандар санатына да жатпайсыз.",
    "По данным системы «Рынок труда» Вы не относитесь ни к безработным, ни к категориям занятых, названным "
    "в пункте 3 Правил.",
)
REMEDY = (
    "Мәртебеңіз өзгерген күні өтінішті қайта бере аласыз.",
    "Вы можете подать заявление снова, как только Ваш статус изменится.",
)
SENT_BACK = (
    "Мекенжайды тағы бір рет тексеріп, хаттамаға жазыңыз.",
    "Проверьте адрес ещё раз и отметьте в протоколе.",
)
MISSING = ("Жеке куәлік көрсетілмеді.", "Не предъявлено удостоверение личности.")
BY_OTHER_MEANS = (
    "Жүйе жауап бермеді; мәлімет орталықтың жеке картасы бойынша расталды.",
    "Система не ответила; сведения подтверждены по индивидуальной карте центра.",
)


@dataclass
class Wishes:
    """What will happen to a person. `halt` is the state in which the story ends, None for its natural end."""

    channel: str
    halt: str | None = None
    refused_at_counter: bool = False
    register_down: bool = False
    untrue: bool = False
    sent_back: bool = False
    withdraws: bool = False
    late_hours: float = 0.0
    collects_after_days: int | None = 2


@dataclass
class Story:
    """The person and the way so far."""

    world: World
    team: Team
    iin: str
    names: Identity
    wishes: Wishes
    language: str
    papers_sampled: bool
    person: Person = field(init=False)
    application: ReferralApplication = field(init=False)

    def begin(self, at: datetime) -> None:
        """Plan the first step."""
        if self.wishes.channel == Channel.PORTAL:
            self.world.at(at, self._open_on_portal)
        else:
            office = self._counter()
            kind = "sc" if self.wishes.channel == Channel.SC else "centre"
            self.world.at(self.world.working(office, at, 0.3, kind), self._open_at_counter)

    # ------------------------------------------------------------------ filing

    def _open_on_portal(self) -> None:
        self._meet()
        citizen = self._citizen()
        self.application = actions.start(by=citizen, person=self.person, channel=Channel.PORTAL)
        self.application = actions.consent(self.application, by=citizen)
        self._registers_answer("draft")
        self._answer(citizen)
        if self._stops(State.DRAFT):
            return
        self._soon(6, self._file_on_portal)

    def _file_on_portal(self) -> None:
        citizen = self._citizen()
        self._reload()
        if self.application.office is None or not self.application.registered_unemployed:
            # The Portal explains and shows the way on: the counter takes people who are not registered.
            self.world.told["shown to a counter"] += 1
            self.wishes.channel = Channel.CENTRE
            at = self.world.working(self.team.centre, clock.now(), 2)
            self.world.at(at, self._open_at_counter)
            return
        paper = self._printed(actions.prepare_application(self.application, by=citizen))
        assert citizen.user is not None
        with paper.file.open("rb") as file:
            cms = demo_sign(citizen.user, file.read())
        self.application = actions.submit(self.application, by=citizen, cms=cms, paper=paper)
        self._after_acceptance()

    def _open_at_counter(self) -> None:
        self._meet()
        clerk = self._clerk()
        try:
            self.application = actions.start(
                by=clerk, person=self.person, channel=self.wishes.channel, counter=self._counter()
            )
        except actions.OpenApplicationExists:
            return
        self.application = actions.consent(self.application, by=clerk)
        self._registers_answer("draft")
        self._answer(clerk)
        self._reload()
        if self.wishes.refused_at_counter:
            actions.refuse_acceptance(
                self.application,
                by=clerk,
                reason=self.world.chance.choice(AcceptanceRefusal.values),
                text=self._say(MISSING),
            )
            self._print_of_nobody()
            return
        if self.application.office_id != self.team.centre.pk:
            self.world.told["referred on to another centre"] += 1
            return
        try:
            self.application = actions.accept(self.application, by=clerk, originals_returned=True)
        except OutsideHours:
            self.world.at(self.world.working(self._counter(), clock.now(), 0.2), self._open_at_counter)
            return
        self._print_of_nobody()
        self._after_acceptance()

    def _after_acceptance(self) -> None:
        if self._stops(State.ACCEPTED):
            return
        accepted = self.application.accepted_on
        assert accepted is not None
        if self.wishes.withdraws:
            self._soon(120, self._withdraw)
        self._working(self.world.chance.uniform(0.5, 5), self._take)

    def _withdraw(self) -> None:
        self._reload()
        if self.application.state in {State.ACCEPTED, State.IN_CHECK, State.CHECKED, State.AWAITING_SIGNATURE}:
            actions.withdraw(self.application, by=self._citizen())

    # ------------------------------------------------------------------ check and decision

    def _take(self) -> None:
        if not self._still(State.ACCEPTED):
            return
        specialist = self.world.chosen(self.team.specialists)
        self.application = actions.take(self.application, by=specialist)
        if not self.wishes.register_down:
            self._registers_answer("check")
        if not self._stops(State.IN_CHECK):
            self._working(self.world.chance.uniform(1, 6) + self.wishes.late_hours, self._finish_check)

    def _finish_check(self) -> None:
        if not self._still(State.IN_CHECK):
            return
        specialist = self._assignee()
        subject, good = CheckSubject.DOCUMENTS, CheckResult.YES
        actions.mark_by_hand(
            self.application,
            by=specialist,
            subject=subject,
            result=CheckResult.NO if self.wishes.untrue else good,
            reason=self._say(UNTRUE if self.wishes.untrue else LINES_OF_PAPERS),
        )
        for check in self.application.checks.filter(result=CheckResult.WAITING):
            actions.mark_by_hand(
                self.application, by=specialist, subject=check.subject, result=good, reason=self._say(BY_OTHER_MEANS)
            )
        self.application = actions.finish_check(self.application, by=specialist)
        if not self._stops(State.CHECKED):
            self._working(self.world.chance.uniform(0.2, 2), self._propose)

    def _propose(self) -> None:
        if not self._still(State.CHECKED):
            return
        specialist = self._assignee()
        against = list(self.application.checks.filter(result=CheckResult.NO).values_list("subject", flat=True))
        if against:
            untrue = CheckSubject.DOCUMENTS in against
            ground = Ground.UNTRUE_DATA if untrue else Ground.NOT_CONFORMING
            self.application = actions.propose_refusal(
                self.application,
                by=specialist,
                ground=ground,
                rule=REFUSAL_RULES[ground][0],
                reasons=self._say(UNTRUE if untrue else NOT_TARGET),
                evidence=self._say(LINES_OF_PAPERS) if untrue else "",
                remedy=self._say(REMEDY),
            )
        else:
            self.application = actions.propose_issue(self.application, by=specialist)
        for paper in actions.decision_papers(self.application):
            self._printed(paper)
        if not self._stops(State.AWAITING_SIGNATURE):
            self._working(self.world.chance.uniform(0.3, 4), self._decide)

    def _decide(self) -> None:
        if not self._still(State.AWAITING_SIGNATURE):
            return
        director = self.world.chosen(self.team.directors)
        if self.wishes.sent_back:
            self.wishes.sent_back = False
            self.application = actions.send_back(self.application, by=director, comment=self._say(SENT_BACK))
            self._working(1, self._finish_check)
            return
        assert director.user is not None
        signatures = {}
        for paper in actions.decision_papers(self.application):
            with paper.file.open("rb") as file:
                signatures[paper.pk] = demo_sign(director.user, file.read(), director.post)
        self.application = actions.decide(self.application, by=director, signatures=signatures)
        decided = State.ISSUED if self.application.outcome == Outcome.ISSUE else State.REFUSED
        if self._stops(decided) or self.wishes.channel == Channel.PORTAL:
            return
        if self.wishes.channel == Channel.SC:
            self._working(0.5, self._send_to_sc)
        elif self.wishes.collects_after_days is not None:
            self._working(9.5 * self.wishes.collects_after_days, self._hand_over)

    def _send_to_sc(self) -> None:
        self._reload()
        self.application = actions.send_to_sc(self.application, by=self.world.chosen(self.team.specialists))
        if not self._stops(State.SENT_TO_SC) and self.wishes.collects_after_days is not None:
            self._working(9.5 * self.wishes.collects_after_days, self._hand_over)

    def _hand_over(self) -> None:
        self._reload()
        through_sc = self.application.state == State.SENT_TO_SC
        team = self.team.operators if through_sc else self.team.specialists
        self.application = actions.hand_over(self.application, by=self.world.chosen(team))

    # ------------------------------------------------------------------ small things

    def _meet(self) -> None:
        self.person = person_of(self.names, self.language)

    def _citizen(self) -> Actor:
        return Actor(account_of(self.person, self.language))

    def _counter(self) -> Office:
        if self.wishes.channel == Channel.SC:
            assert self.team.counter is not None
            return self.team.counter
        return self.team.centre

    def _clerk(self) -> Actor:
        at_sc = self.wishes.channel == Channel.SC
        return self.world.chosen(self.team.operators if at_sc else self.team.specialists)

    def _assignee(self) -> Actor:
        mine = [
            actor for actor in self.team.specialists if actor.user and actor.user.pk == self.application.assignee_id
        ]
        return mine[0]

    def _answer(self, by: Actor) -> None:
        chance = self.world.chance
        status = (
            Enquiry.objects.filter(case_kind="referral", case_id=self.application.pk, system="labour_market")
            .values_list("answer__target_status", flat=True)
            .first()
        )
        self.application = actions.answer(
            self.application,
            by=by,
            language=self.language,
            phone=f"+7700{chance.randrange(10**7):07}",
            email=f"{self.iin}@example.kz" if chance.random() < 0.5 else "",
            target_status=status if status and status != "NONE" else "UNEMPLOYED",
            study_form=chance.choice(["offline", "offline", "online"]),
            sheets=chance.randrange(4),
        )

    def _registers_answer(self, purpose: str) -> None:
        waiting = Enquiry.objects.filter(
            case_kind="referral", case_id=self.application.pk, answered_at=None, key__contains=f":{purpose}:"
        )
        for enquiry in waiting.order_by("pk"):
            outbox.send(enquiry.pk)

    def _printed(self, paper: Paper) -> Paper:
        self.world.told["papers printed"] += 1
        return papers.render(paper.pk)

    def _print_of_nobody(self) -> None:
        """Print the receipt, in a sampled run only for some: the rest is left to the worker."""
        if self.papers_sampled:
            for pk in Paper.objects.filter(
                case_kind="referral", case_id=self.application.pk, state="asked"
            ).values_list("pk", flat=True):
                papers.render(pk)

    def _say(self, words: tuple[str, str]) -> str:
        return words[1] if self.language == "ru" else words[0]

    def _soon(self, minutes: float, what: Callable[[], None]) -> None:
        self.world.at(clock.now() + timedelta(minutes=minutes * self.world.chance.uniform(0.5, 1.5)), what)

    def _working(self, hours: float, what: Callable[[], Any]) -> None:
        self.world.at(self.world.working(self.team.centre, clock.now(), hours), what)

    def _stops(self, state: str) -> bool:
        return self.wishes.halt == state

    def _reload(self) -> None:
        self.application = ReferralApplication._base_manager.select_related("person", "office", "counter").get(
            pk=self.application.pk
        )

    def _still(self, state: str) -> bool:
        self._reload()
        if self.application.state == State.IN_CHECK and state == State.ACCEPTED:
            # The system gave it out meanwhile; the specialist goes on from there.
            self._registers_answer("check")
            self._working(1, self._finish_check)
            return False
        return self.application.state == state
