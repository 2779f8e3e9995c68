"""What the training gives to the grant: its certificate and its business plan (FKA04-1.1, 1.3)."""

from __future__ import annotations

import pytest

from bastau import clock, papers
from bastau.flow import Actor, Refused
from bastau.papers.models import Paper
from bastau.people.citizens import account_of
from bastau.people.roles import Role
from grants.actions import drafts
from grants.models import GrantApplication
from grants.states import Criterion, Met
from tests.training import course_cases as course
from tests.training.groups_cases import hired
from training.actions import business_plans, following
from training.models import Certificate

pytestmark = pytest.mark.django_db


def graduate(points: int) -> course.Class:
    """A participant with the final test passed, a plan assessed with so many points, and the certificate issued."""
    made = course.running()
    person = made.people[0]
    with clock.at(made.at(0)):
        course.all_passed(person)
        course.submitted(person)
    course.taught(made)
    with clock.at(made.after):
        course.tested(course.final(person), 12)
        assessor = hired(made.chamber.office, Role.TRAINER)
        plan = course.under_review(person, assessor, made.chamber.coordinator)
        business_plans.assess(plan, by=assessor, points=course.points(points), conclusion="Қаралды.")
        certificate = Certificate.objects.get(enrolment=person)
        for paper in Paper.objects.filter(case_kind="certificate", case_id=certificate.pk).order_by("pk"):
            papers.render(paper.pk)
        following.issue_printed()
    return made


def opened(made: course.Class) -> GrantApplication:
    with clock.at(made.after):
        person = made.people[0].person
        return drafts.start(by=Actor(account_of(person)), person=person)


@pytest.mark.clause("FKA04-1.1")
@pytest.mark.clause("FKA04-1.3")
def test_a_certificate_of_completion_opens_the_grant_and_the_plan_fills_in_the_project() -> None:
    application = opened(graduate(75))
    assert application.checks.get(criterion=Criterion.CERTIFICATE).result == Met.YES
    assert application.prefilled
    assert application.title == course.CONTENT["title"]
    assert application.project["calendar"][0] == {"what": "жөндеу", "from": 1, "to": 2}
    assert (application.grant_sum, application.own_sum) == (900_000, 100_000)
    assert application.missing() == []


@pytest.mark.clause("A-31")
def test_a_certificate_of_participation_does_not_open_it() -> None:
    with pytest.raises(Refused) as refusal:
        opened(graduate(40))
    assert refusal.value.code == "participation_only"
