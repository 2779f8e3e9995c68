"""Brings grant applications into a state through the actions, as the screens would."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from bastau import clock, papers
from bastau.flow import Actor
from bastau.papers.authority import demo_sign
from bastau.people.citizens import account_of
from bastau.people.models import Office, Person
from bastau.people.roles import Role
from grants.actions import applications, checks, drafts
from grants.models import GrantApplication
from grants.states import Criterion, Met, Postponing
from tests.factories import OfficeFactory, PersonFactory, PostFactory, StaffFactory
from tests.referrals.cases import LABOUR, register

LONG = "Шағын наубайхана ашып, ауыл тұрғындарын күн сайын жаңа піскен нанмен қамтамасыз етемін. " * 5
PROJECT: dict[str, Any] = {
    "title": "«Ақ нан» наубайханасы",
    "summary": LONG,
    "sector": "10710",
    "place": "351010000",
    "product": "Нан және тоқаш өнімдері.",
    "production": "Электр пеште пісіріледі.",
    "market": "Ауыл тұрғындары, екі дүкен, мектеп асханасы.",
    "competitors": "Ауылда наубайхана жоқ, нан қаладан әкелінеді.",
    "marketing": "Дүкендермен келісім, хабарландыру.",
    "operations": "Екі ауысым, өнім таңертең жеткізіледі.",
    "team": "Бес жыл аспаз болып істедім.",
    "jobs": 2,
    "calendar": [{"what": "Жабдық сатып алу", "from": 1, "to": 2}, {"what": "Өндірісті бастау", "from": 3, "to": 12}],
    "income": [0, 0, 300_000, *[450_000] * 9],
    "costs": [200_000, 150_000, 250_000, *[300_000] * 9],
    "tax_regime": "simplified",
    "risks": "Электр өшсе, генератор пайдаланамын.",
}
LINES = (("Пеш", 1, 1_200_000, 1_200_000), ("Қамыр илегіш", 1, 500_000, 300_000))
SKILLS = "SE-2026-004512"


@dataclass
class GrantCentre:
    """A centre with the people of its grants."""

    office: Office
    specialist: Actor
    colleague: Actor
    head: Actor
    director: Actor
    secretary: Actor
    chair: Actor

    @classmethod
    def open(cls, **office: Any) -> GrantCentre:
        """A centre of the region 35 with one person for each role, and a second specialist."""
        centre = OfficeFactory(**office)
        roles = (
            Role.SPECIALIST, Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.COMMISSION_SECRETARY,
            Role.COMMISSION_CHAIR,
        )  # fmt: skip
        return cls(centre, *[hired(centre, role) for role in roles])


def hired(office: Office, role: Role) -> Actor:
    """Somebody who holds `role` in `office`."""
    user = StaffFactory()
    return Actor(user, PostFactory(user=user, office=office, role=role))


def applicant(application: GrantApplication) -> Actor:
    """The citizen whose application it is."""
    return Actor(account_of(application.person))


def started(*, person: Person | None = None, skills: bool = True) -> GrantApplication:
    """A draft opened with a certificate of skills.enbek.kz; the registers are asked, none has answered."""
    person = person or PersonFactory(phone="", email="")
    more: dict[str, Any] = {"skills_number": SKILLS, "skills_issued_on": clock.today("Asia/Almaty")} if skills else {}
    return drafts.start(by=Actor(account_of(person)), person=person, **more)


def routed(centre: GrantCentre, *, labour: dict[str, Any] | None = None, **options: Any) -> GrantApplication:
    """A draft whose registers answered: the centre of residence and the individual employment card are known."""
    application = started(**options)
    drafts.note_register_answer(application, "person_registry", register(application.person, centre.office))
    drafts.note_register_answer(application, "labour_market", {**LABOUR, **(labour or {})})
    return GrantApplication.objects.select_related("person", "office").get(pk=application.pk)


def filled(
    centre: GrantCentre,
    *,
    lines: tuple[tuple[str, int, int, int], ...] = LINES,
    project: dict[str, Any] | None = None,
    category: str = "large_family",
    language: str = "kk",
    **options: Any,
) -> GrantApplication:
    """A draft with every question answered."""
    application = routed(centre, **options)
    by = applicant(application)
    application = drafts.answer(application, by=by, category=category, phone="+77011234567", language=language)
    application = drafts.answer_project(application, by=by, **{**PROJECT, **(project or {})})
    for name, quantity, price, grant_part in lines:
        drafts.keep_line(application, by=by, name=name, quantity=quantity, price=price, grant_part=grant_part)
    return GrantApplication.objects.select_related("person", "office").get(pk=application.pk)


def printed(centre: GrantCentre, **options: Any) -> GrantApplication:
    """A complete draft whose papers wait for the signature."""
    application = filled(centre, **options)
    for paper in drafts.prepare(application, by=applicant(application)):
        papers.render(paper.pk)
    return application


def signatures(application: GrantApplication) -> dict[int, bytes]:
    """The applicant's signatures under all versions."""
    user = applicant(application).user
    assert user is not None
    return {paper.pk: demo_sign(user, paper.content(), None) for paper in drafts.prepared(application)}


def submitted(centre: GrantCentre, **options: Any) -> GrantApplication:
    """Signed and sent."""
    application = printed(centre, **options)
    return applications.submit(application, by=applicant(application), signatures=signatures(application))


def accepted(centre: GrantCentre, **options: Any) -> GrantApplication:
    """Acknowledged by the labour market system; certificate and category wait for the specialist."""
    return applications.arrive(submitted(centre, **options))


def in_check(centre: GrantCentre, **options: Any) -> GrantApplication:
    """Taken by the centre's specialist."""
    return checks.take(accepted(centre, **options), by=centre.specialist)


def cleared(centre: GrantCentre, **options: Any) -> GrantApplication:
    """In check, with every criterion met."""
    application = in_check(centre, **options)
    for criterion in (Criterion.CERTIFICATE, Criterion.CATEGORY):
        application = checks.answer_criterion(
            application, by=centre.specialist, criterion=criterion, result=Met.YES, reason="Құжат көрсетілді."
        )
    return application


def denied(centre: GrantCentre, **options: Any) -> GrantApplication:
    """In check, with a category the specialist could not confirm."""
    return checks.answer_criterion(
        in_check(centre, **options), by=centre.specialist, criterion=Criterion.CATEGORY, result=Met.NO,
        reason="Көпбалалы отбасы мәртебесі расталмады.",
    )  # fmt: skip


def rejection_proposed(centre: GrantCentre, **options: Any) -> GrantApplication:
    """With a rejection before the head of unit."""
    return checks.propose_rejection(
        denied(centre, **options), by=centre.specialist, reason="Санаты расталмады: жәрдемақы тағайындалмаған."
    )


def scheduled(centre: GrantCentre, **options: Any) -> GrantApplication:
    """On the agenda of a meeting."""
    return applications.put_on_agenda(cleared(centre, **options), SimpleNamespace(pk=1), centre.secretary)


def postponed(centre: GrantCentre, reason: str = Postponing.ABSENT, **options: Any) -> GrantApplication:
    """Moved to the next meeting."""
    return applications.postpone(scheduled(centre, **options), centre.chair, reason)


def heard(centre: GrantCentre, **options: Any) -> GrantApplication:
    """Presented to the commission."""
    return applications.mark_heard(scheduled(centre, **options), centre.secretary)


def approved(centre: GrantCentre, *, awarded_sum: int | None = None, **options: Any) -> GrantApplication:
    """The commission granted it; nothing is reserved in the budget by this alone."""
    return applications.enter_decision(
        heard(centre, **options), "approved", centre.secretary, awarded_sum=awarded_sum, protocol="1"
    )


def in_reserve(centre: GrantCentre, *, place: int = 1, **options: Any) -> GrantApplication:
    """Granted, and the budget is used up."""
    application = heard(centre, **options)
    return applications.to_reserve(application, centre.secretary, awarded_sum=application.grant_sum, place=place)
