"""Brings accompaniment, enquiries and problem issues into a state through the actions, as the screens would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bastau.flow import Actor
from bastau.people.citizens import account_of
from bastau.people.models import Office, OfficeKind, Person
from bastau.people.roles import Role
from monitoring.actions import accompaniment, consultations, problems, visits
from monitoring.models import AccompanimentCase, ConsultationRequest, ProblemIssue, Visit
from monitoring.states import ConsultationKind, FamilyCategory, ProblemCategory, Topic, VisitMode
from tests.factories import OfficeFactory, PersonFactory, PostFactory, StaffFactory
from tests.monitoring.payments import executed

LAUNCH = date(2026, 6, 1)


@dataclass
class Chamber:
    """A chamber of the region 35 with its people, and the employment centre beside it."""

    office: Office
    centre: Office
    coordinator: Actor
    consultant: Actor
    trainer: Actor
    specialist: Actor
    director: Actor

    @classmethod
    def open(cls) -> Chamber:
        """One person for each role."""
        office = OfficeFactory(kind=OfficeKind.CHAMBER, serves=[])
        centre = OfficeFactory(region=office.region)
        return cls(
            office,
            centre,
            hired(office, Role.COORDINATOR),
            hired(office, Role.PROJECT_CONSULTANT),
            hired(office, Role.TRAINER),
            hired(centre, Role.SPECIALIST),
            hired(centre, Role.DIRECTOR),
        )


def hired(office: Office, role: str) -> Actor:
    """Somebody new in a post."""
    user = StaffFactory()
    return Actor(user, PostFactory(user=user, office=office, role=role))


def citizen(case: Any) -> Actor:
    """The participant."""
    return Actor(account_of(case.person))


def picture(name: str = "evidence.png") -> SimpleUploadedFile:
    """A small picture, each time another one."""
    made = BytesIO()
    Image.effect_noise((16, 16), 100).save(made, "PNG")
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/png")


def waiting(chamber: Chamber, *, person: Person | None = None, paid_on: date = LAUNCH) -> AccompanimentCase:
    """Opened by an executed payment, with a consultant and a trainer."""
    payment = executed(chamber.centre, person or PersonFactory(email=""), paid_on)
    case = AccompanimentCase.objects.get(payment=payment)
    assert chamber.consultant.user is not None
    assert chamber.trainer.user is not None
    case = accompaniment.name_consultant(case, by=chamber.coordinator, consultant=chamber.consultant.user)
    return accompaniment.name_trainer(case, by=chamber.coordinator, trainer=chamber.trainer.user)


def active(
    chamber: Chamber, *, category: str = FamilyCategory.NONE, launched_on: date = LAUNCH, **options: Any
) -> AccompanimentCase:
    """Launched."""
    case = waiting(chamber, **options)
    return accompaniment.launch(
        case, by=chamber.consultant, launched_on=launched_on, category=category, evidence=picture()
    )


def planned(chamber: Chamber, case: AccompanimentCase, *, cost: int = 0, on: date = date(2026, 6, 15)) -> Visit:
    """A visit of the trainer."""
    return visits.plan_visit(
        case,
        by=chamber.trainer,
        planned_on=on,
        mode=VisitMode.ON_SITE,
        purpose="Өнімді өткізуді талқылау",
        cost=cost,
        cost_reason="Жол шығыны" if cost else "",
    )


def asked_on_training(chamber: Chamber, *, person: Person | None = None, text: str = "Оқу қашан басталады?") -> Any:
    """A citizen's written question on training to the chamber."""
    by = Actor(account_of(person or PersonFactory(email="")))
    return consultations.ask(
        by=by,
        key=uuid4(),
        consultation_kind=ConsultationKind.TRAINING_INFO,
        topic=Topic.TRAINING,
        text=text,
        office=chamber.office,
    )


def asked_on_business(case: AccompanimentCase, text: str = "Қандай салық төлеймін?") -> ConsultationRequest:
    """The participant's written enquiry about the business."""
    return consultations.ask(
        by=citizen(case), key=uuid4(), consultation_kind=ConsultationKind.ACCOMPANIMENT, topic=Topic.TAX, text=text
    )


def answered(chamber: Chamber, request: ConsultationRequest) -> ConsultationRequest:
    """Taken and answered by the coordinator."""
    request = consultations.take(request, by=chamber.coordinator)
    return consultations.answer(request, by=chamber.coordinator, text="Келесі айда.")


def found(chamber: Chamber, case: AccompanimentCase, **options: Any) -> ProblemIssue:
    """An issue entered by the consultant."""
    said = {
        "key": uuid4(),
        "category": ProblemCategory.SALES,
        "essence": "Өнімді өткізетін орын жоқ.",
        "found_on": date(2026, 6, 5),
    }
    return problems.find(case, by=chamber.consultant, **{**said, **options})


def in_work(chamber: Chamber, case: AccompanimentCase, **options: Any) -> ProblemIssue:
    """Given to the trainer, who took it up."""
    assert chamber.trainer.user is not None
    issue = problems.assign(found(chamber, case, **options), by=chamber.consultant, trainer=chamber.trainer.user)
    return problems.start_work(issue, by=chamber.trainer)


def resolved(chamber: Chamber, case: AccompanimentCase, **options: Any) -> ProblemIssue:
    """With the trainer's measures."""
    return problems.resolve(in_work(chamber, case, **options), by=chamber.trainer, measures="Жәрмеңкеде орын алынды.")
