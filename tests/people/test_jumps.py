from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from bastau import clock, workdays
from bastau.flow.models import Deadline
from bastau.people.roles import Role
from bastau.portal import jumps
from tests.conftest import ALMATY, MONDAY
from tests.factories import CitizenFactory, OfficeFactory, PersonFactory, RegionFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calendar():
    workdays.seed()
    workdays.forget()


def by(user=None):
    return SimpleNamespace(user=user or CitizenFactory())


def make_deadline(due, number, **more):
    return Deadline.objects.create(
        name="check",
        case_kind="referral",
        case_id=number,
        case_number=f"{number}",
        person=PersonFactory(),
        office=OfficeFactory(),
        duty=Role.SPECIALIST,
        clause="118-p09",
        started_at=MONDAY,
        due_at=due,
        remind_at=due,
        escalate_at=due,
        reckoning={},
        **more,
    )


def test_working_day_keeps_the_time_of_day():
    assert jumps.working_day(by(), MONDAY) == MONDAY + timedelta(days=1)


def test_working_day_leaps_over_the_weekend():
    friday = datetime(2026, 6, 5, 19, 10, tzinfo=ALMATY)
    assert jumps.working_day(by(), friday) == datetime(2026, 6, 8, 19, 10, tzinfo=ALMATY)


def test_working_day_begins_at_the_midnight_of_the_presenters_office():
    late = datetime(2023, 6, 6, 0, 30, tzinfo=ALMATY)  # in Oral it is still the fifth
    office = OfficeFactory(region=RegionFactory(code="27", zone="Asia/Oral"))
    there = jumps.working_day(by(StaffFactory(role=Role.SPECIALIST, office=office)), late)
    assert there == late + timedelta(days=1)
    assert there.astimezone(ALMATY).date().day == 7


def test_next_deadline_is_the_nearest_open_one_that_lies_ahead():
    make_deadline(MONDAY + timedelta(hours=1), 1, closed_at=MONDAY)
    near = make_deadline(MONDAY + timedelta(days=1), 2)
    make_deadline(MONDAY + timedelta(days=2), 3)
    make_deadline(MONDAY, 4)
    assert jumps.deadline(by(), MONDAY) == near.due_at


def test_without_an_open_deadline_there_is_nowhere_to_go():
    make_deadline(MONDAY, 1)
    assert jumps.deadline(by(), MONDAY) is None


def test_demo_page_offers_all_jumps(client):
    page = client.get(reverse("demo")).content.decode()
    for name in ("hour", "working_day", "deadline", "reset"):
        assert f'value="{name}"' in page


def test_demo_page_moves_the_clock_to_the_next_deadline(client):
    due = clock.now() + timedelta(days=2)
    make_deadline(due, 1)
    client.post(reverse("demo_clock"), {"to": "deadline"})
    assert timedelta() <= clock.now() - due < timedelta(minutes=1)


def test_demo_bar_leads_to_the_demo_page(client):
    assert f'href="{reverse("demo")}?next=/standard/"' in client.get(reverse("standard")).content.decode()
