"""People who apply for a grant, and the specialists and the head of unit who check them."""

from __future__ import annotations

from datetime import timedelta

from bastau.flow import Actor
from bastau.people.citizens import account_of
from bastau.people.models import Person
from grants.actions import applications, checks, drafts
from grants.conditions import SUBMIT
from grants.models import GrantApplication
from grants.simulation.days import citizen, lot, on_desk, signatures, systems_answer, today
from grants.simulation.staff import GrantTeam
from grants.states import Category, Criterion, GrantState, Met
from referrals.simulation.world import World
from training.models import Certificate

#: So many of those who may apply do.
APPLY = 0.6
CATEGORIES = [one for one in Category.values if one != Category.NONE]
#: How long somebody thinks after the certificate, in days at most.
SLOWEST = 12
LOOKED = "Ұсынылған құжаттар мен жүйелердің деректері қаралды, мәліметтер расталды."
NOT_CONFIRMED = "Мәлімделген санат уәкілетті органның деректерімен расталмады."
REJECTION = "Мәлімделген санат расталмады: жәрдемақы тағайындалмаған."


class Applicants:
    """Who holds a certificate decides by chance, but always alike for one seed."""

    def __init__(self, world: World, staff: GrantTeam) -> None:
        self.world, self.staff = world, staff
        self._thought: set[int] = set()

    # ---------------------------------------------------------------------------------------------------- applicants

    def apply(self) -> None:
        """Drafts of those who hold a certificate that opens the grant, some days after it."""
        on = today(self.staff.centre)
        applied = GrantApplication._base_manager.values("person")
        held = Certificate.objects.in_force().filter(
            office__region=self.staff.centre.region_id, issued_on__isnull=False, issued_on__lte=on
        )
        for certificate in held.exclude(person__in=applied).select_related("person").order_by("pk"):
            person = certificate.person
            if person.pk in self._thought or on < certificate.issued_on + timedelta(days=2 + lot(person, SLOWEST)):
                continue
            self._thought.add(person.pk)
            valid = Certificate.objects.valid_for_grant(person, on).exists()
            if valid and self.world.chance.random() < APPLY:
                self._draft(person)

    def _draft(self, person: Person) -> None:
        by = Actor(account_of(person))
        case = drafts.start(by=by, person=person)
        systems_answer(case)
        case = _fresh(case)
        chance = self.world.chance
        answers: dict[str, object] = {
            "category": chance.choice(CATEGORIES),
            "phone": f"+7701{chance.randrange(10**7):07}",
        }
        if case.registered_unemployed is False:
            # Not registered as unemployed: the grant is open to new entrepreneurs too.
            answers["entrepreneur_since"] = today(self.staff.centre) - timedelta(days=90 + lot(person, 300))
        case = drafts.answer(case, by=by, **answers)
        if case.office_id is not None and not case.missing():
            drafts.prepare(case, by=by)

    def sign(self) -> None:
        """Drafts that are whole are signed and sent; the labour market system acknowledges them the next day."""
        for case in on_desk(self.world, self._in(GrantState.SUBMITTED)):
            systems_answer(case)
        for case in on_desk(self.world, self._in(GrantState.DRAFT)):
            versions = drafts.prepared(case)
            if versions and _may_be_sent(case):
                by = citizen(case)
                applications.submit(case, by=by, signatures=signatures(versions, by))

    # ---------------------------------------------------------------------------------------------------------- check

    def checks(self) -> None:
        """The specialists decide what no register answered; a rejection goes through the head of unit."""
        for case in on_desk(self.world, self._in(GrantState.IN_CHECK)):
            if case.rejections.filter(closed_at=None).exists():
                checks.reject_criteria(case, by=self.staff.head)
            elif case.checks.filter(result=Met.UNKNOWN).exists():
                self._decide(case)
            elif case.checks.filter(result=Met.NO).exists():
                checks.propose_rejection(case, by=self._specialist(case), reason=REJECTION)
        for case in on_desk(self.world, self._in(GrantState.ACCEPTED)):
            if lot(case.person, 23) == 7:
                applications.withdraw(case, by=citizen(case))
            else:
                checks.take(case, by=self._specialist(case))

    def _decide(self, case: GrantApplication) -> None:
        unknown = case.checks.filter(result=Met.UNKNOWN).order_by("pk").values_list("criterion", flat=True)
        for criterion in list(unknown):
            doubtful = criterion == Criterion.CATEGORY and lot(case.person, 9) == 4
            checks.answer_criterion(
                case,
                by=self._specialist(case),
                criterion=criterion,
                result=Met.NO if doubtful else Met.YES,
                reason=NOT_CONFIRMED if doubtful else LOOKED,
            )

    def _specialist(self, case: GrantApplication) -> Actor:
        """Who works on the case, or the one whose turn it is; nobody works on a case of their own."""
        able = [one for one in self.staff.specialists if one.user and one.user.person_id != case.person_id]
        mine = [one for one in able if one.user and one.user.pk == case.assignee_id]
        return (mine or able)[lot(case.person, len(mine or able))]

    def _in(self, state: str) -> list[GrantApplication]:
        mine = GrantApplication._base_manager.filter(office=self.staff.centre, state=state)
        return list(mine.select_related("person", "office").order_by("pk"))


def _may_be_sent(case: GrantApplication) -> bool:
    """Whether every condition of sending is met; a draft that lacks one stays with its citizen."""
    return all(condition(case) for condition in SUBMIT)


def _fresh(case: GrantApplication) -> GrantApplication:
    return GrantApplication._base_manager.select_related("person", "office").get(pk=case.pk)
