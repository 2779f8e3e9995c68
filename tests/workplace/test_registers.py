"""Registers: who reads which, nothing is changed there, a constant number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bastau.papers.models import Paper, PaperState
from bastau.people.roles import Role
from referrals import actions
from tests.factories import OfficeFactory, PersonFactory, StaffFactory
from tests.referrals import cases
from tests.referrals.cases import Centre

pytestmark = pytest.mark.django_db

CASES, PAPERS, JOURNAL = "/office/referrals/referralapplication/", "/office/papers/paper/", "/office/flow/step/"
OFFICES, REGIONS, CALENDAR = "/office/people/office/", "/office/people/region/", "/office/workdays/dayexception/"


@pytest.fixture
def centre(frozen: Any) -> Centre:
    return Centre.open()


OPEN_TO = {
    Role.SPECIALIST: {CASES, PAPERS},
    Role.UNIT_HEAD: {CASES, PAPERS},
    Role.DIRECTOR: {CASES, PAPERS, JOURNAL},
    Role.SC_OPERATOR: {CASES},
    Role.LEB_OFFICER: set(),
    Role.AUDITOR: {CASES, PAPERS, JOURNAL},
    Role.SYSADMIN: set(),
}


@pytest.mark.parametrize("role", list(OPEN_TO))
def test_each_role_opens_its_own_registers(client: Client, role: Role) -> None:
    client.force_login(StaffFactory(role=role))
    opened = {url for url in (CASES, PAPERS, JOURNAL) if client.get(url).status_code == 200}
    assert opened == OPEN_TO[role]


@pytest.mark.parametrize("url", [OFFICES, REGIONS, CALENDAR])
def test_reference_data_are_open_to_all_staff(client: Client, url: str) -> None:
    client.force_login(StaffFactory(role=Role.SYSADMIN))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("way", ["add/", "1/delete/", "1/history/"])
def test_nothing_is_added_or_removed_in_a_register(client: Client, centre: Centre, way: str) -> None:
    client.force_login(centre.director.user)  # type: ignore[arg-type]
    assert client.get(CASES + way).status_code == 404


def test_the_list_of_cases_holds_the_own_centres_only(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    client.force_login(StaffFactory(role=Role.SPECIALIST, office=OfficeFactory(serves=["99"])))
    assert case.number not in client.get(CASES).content.decode()


def test_an_auditor_of_the_region_reads_its_centres_cases(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    client.force_login(StaffFactory(role=Role.AUDITOR, office=OfficeFactory(leb=True)))
    assert case.number in client.get(CASES).content.decode()


def test_a_portal_draft_is_in_no_list_of_the_staff(client: Client, centre: Centre) -> None:
    draft = cases.draft(centre, channel="portal")
    client.force_login(centre.specialist.user)  # type: ignore[arg-type]
    assert client.get(f"{CASES}{draft.pk}/change/").status_code == 404


def test_void_numbers_stay_in_the_register_of_papers(client: Client, centre: Centre) -> None:
    case = cases.awaiting(centre)
    number = actions.decision_papers(case)[0].number
    actions.send_back(case, by=centre.director, comment="Қайта қараңыз.")
    assert Paper.objects.get(number=number).state == PaperState.VOID
    client.force_login(centre.director.user)  # type: ignore[arg-type]
    assert number in client.get(PAPERS + "?state=void").content.decode()


def test_a_case_is_found_by_the_last_digits_of_its_number(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    other = cases.accepted(centre, person=PersonFactory())
    client.force_login(centre.specialist.user)  # type: ignore[arg-type]
    page = client.get(f"{CASES}?q={int(case.number[-6:])}").content.decode()
    assert case.number in page
    assert other.number not in page


@pytest.mark.parametrize("url", [CASES, PAPERS, JOURNAL])
def test_a_register_costs_the_same_at_three_and_at_thirty(client: Client, centre: Centre, url: str) -> None:
    client.force_login(centre.director.user)  # type: ignore[arg-type]
    counts = []
    for many in (3, 27):
        for _ in range(many):
            cases.accepted(centre, person=PersonFactory())
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= 10


def test_no_register_counts_its_rows(client: Client, centre: Centre) -> None:
    cases.accepted(centre)
    client.force_login(centre.specialist.user)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as found:
        client.get(CASES)
    assert not [one["sql"] for one in found if "COUNT(" in one["sql"]]


def test_an_unknown_filter_value_changes_nothing(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    client.force_login(centre.specialist.user)  # type: ignore[arg-type]
    assert case.number in client.get(CASES + "?state=nonsense").content.decode()
