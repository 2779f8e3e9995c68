"""Brings applications into a state through the actions, as the screens would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bastau import papers
from bastau.flow import Actor
from bastau.papers.authority import demo_sign
from bastau.papers.models import Paper
from bastau.people.citizens import account_of
from bastau.people.models import Office, Person
from bastau.people.roles import Role
from referrals import actions
from referrals.models import ReferralApplication
from referrals.states import Channel, CheckResult, CheckSubject
from tests.factories import OfficeFactory, PersonFactory, PostFactory, StaffFactory

LABOUR = {
    "registered_unemployed": True,
    "registered_on": "2026-01-12",
    "target_status": "UNEMPLOYED",
    "trained_until": None,
    "card_number": "35-0000001",
}


@dataclass
class Centre:
    """A centre with its people, and the State Corporation's counter beside it."""

    office: Office
    counter: Office
    specialist: Actor
    colleague: Actor
    director: Actor
    head: Actor
    operator: Actor

    @classmethod
    def open(cls, **office: Any) -> Centre:
        """A centre of the region 35 with one person for each role."""
        centre = OfficeFactory(**office)
        counter = OfficeFactory(sc=True, region=centre.region)
        return cls(
            centre,
            counter,
            _hired(centre, Role.SPECIALIST),
            _hired(centre, Role.SPECIALIST),
            _hired(centre, Role.DIRECTOR),
            _hired(centre, Role.UNIT_HEAD),
            _hired(counter, Role.SC_OPERATOR),
        )


def _hired(office: Office, role: Role) -> Actor:
    user = StaffFactory()
    return Actor(user, PostFactory(user=user, office=office, role=role))


def citizen(application: ReferralApplication) -> Actor:
    """The applicant."""
    return Actor(account_of(application.person))


def register(person: Person, office: Office) -> dict[str, Any]:
    """What the register of persons answers about somebody who lives in the centre's area."""
    return {
        "iin": person.iin,
        "surname": person.surname,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "residence": office.kato,
        "address_kk": "Үлгі көшесі, 5-үй",
        "address_ru": "улица Образцовая, дом 5",
        "alive": True,
    }


def draft(centre: Centre, *, channel: str = Channel.CENTRE, person: Person | None = None, **answers: Any) -> Any:
    """A draft with consents, the registers' answers and all answers of the form."""
    person = person or PersonFactory(phone="", email="")
    if channel == Channel.PORTAL:
        by, counter = Actor(account_of(person)), None
    elif channel == Channel.SC:
        by, counter = centre.operator, centre.counter
    else:
        by, counter = centre.specialist, centre.office
    application = actions.start(by=by, person=person, channel=channel, counter=counter)
    application = actions.consent(application, by=by)
    actions.note_register_answer(application, "person_registry", register(person, centre.office))
    actions.note_register_answer(application, "labour_market", LABOUR)
    return actions.answer(
        application, by=by, **{"target_status": "UNEMPLOYED", "study_form": "offline", "language": "kk", **answers}
    )


def accepted(centre: Centre, *, channel: str = Channel.CENTRE, **options: Any) -> ReferralApplication:
    """An application accepted at a counter, or signed and sent on the Portal."""
    application = draft(centre, channel=channel, **options)
    if channel != Channel.PORTAL:
        clerk = centre.operator if channel == Channel.SC else centre.specialist
        return actions.accept(application, by=clerk, originals_returned=True)
    by = citizen(application)
    paper = papers.render(actions.prepare_application(application, by=by).pk)
    return actions.submit(application, by=by, cms=signed(paper, by), paper=paper)


def in_check(centre: Centre, **options: Any) -> ReferralApplication:
    """Taken by the centre's specialist."""
    return actions.take(accepted(centre, **options), by=centre.specialist)


def checked(centre: Centre, *, results: dict[str, str] | None = None, **options: Any) -> ReferralApplication:
    """With every line of the protocol answered (`results` override "yes") and the check finished."""
    application = in_check(centre, **options)
    for subject in CheckSubject.values:
        result = (results or {}).get(subject, CheckResult.YES)
        actions.mark_by_hand(
            application, by=centre.specialist, subject=subject, result=result, reason="Құжаттар қаралды."
        )
    return actions.finish_check(application, by=centre.specialist)


def awaiting(centre: Centre, *, refusal: bool = False, **options: Any) -> ReferralApplication:
    """With a proposal before the director, its papers printed."""
    if refusal:
        application = checked(centre, results={CheckSubject.TARGET_GROUP: CheckResult.NO}, **options)
        application = actions.propose_refusal(
            application,
            by=centre.specialist,
            ground=2,
            rule="118-p03",
            reasons="Сіз нысаналы топқа жатпайсыз.",
            evidence="",
            remedy="Мәртебеңіз өзгергенде қайта өтініш беріңіз.",
        )
    else:
        application = actions.propose_issue(checked(centre, **options), by=centre.specialist)
    for paper in actions.decision_papers(application):
        papers.render(paper.pk)
    return application


def decided(centre: Centre, **options: Any) -> ReferralApplication:
    """Signed by the centre's director."""
    application = awaiting(centre, **options)
    return actions.decide(application, by=centre.director, signatures=signatures(application, centre.director))


def signatures(application: ReferralApplication, by: Actor) -> dict[int, bytes]:
    """The signatures of `by` under all versions of the decision."""
    return {paper.pk: signed(paper, by) for paper in actions.decision_papers(application)}


def signed(paper: Paper, by: Actor) -> bytes:
    """The demo signature of `by` under one paper."""
    assert by.user is not None
    with paper.file.open("rb") as file:
        return demo_sign(by.user, file.read(), by.post)
