"""The desk: whose turn it is, nearest first; counts, narrowings, look-up; a constant number of queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bastau import clock
from bastau.flow.models import Deadline
from bastau.flow.sweep import sweep
from bastau.people.roles import Role
from bastau.workplace.desks import working_days_left
from referrals import actions
from referrals.states import Channel
from tests.conftest import MONDAY
from tests.factories import OfficeFactory, PersonFactory, StaffFactory
from tests.referrals import cases
from tests.referrals.cases import Centre

pytestmark = pytest.mark.django_db

DESK = "/office/"


@pytest.fixture
def centre(frozen: Any) -> Centre:
    return Centre.open()


def desk_of(client: Client, user: Any, query: str = "") -> Any:
    client.force_login(user)
    return client.get(DESK + query)


def numbers(response: Any) -> list[str]:
    return [row["deadline"].case_number for row in response.context["rows"]]


def test_a_new_application_lies_on_every_specialists_desk(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    assert numbers(desk_of(client, centre.specialist.user)) == [case.number]
    assert numbers(desk_of(client, centre.colleague.user)) == [case.number]


def test_a_taken_case_leaves_the_colleagues_desk(client: Client, centre: Centre) -> None:
    cases.in_check(centre)
    assert numbers(desk_of(client, centre.colleague.user)) == []


def test_each_case_stands_once_with_its_nearest_term(client: Client, centre: Centre) -> None:
    cases.accepted(centre, channel=Channel.SC)
    rows = desk_of(client, centre.specialist.user).context["rows"]
    assert [row["deadline"].name for row in rows] == ["T-SC-CHECK"]


def test_the_nearest_term_comes_first(client: Client, centre: Centre) -> None:
    later = cases.accepted(centre)
    with clock.at(MONDAY - timedelta(days=3)):
        sooner = cases.accepted(centre, person=PersonFactory())
    assert numbers(desk_of(client, centre.specialist.user)) == [sooner.number, later.number]


def test_a_proposed_decision_moves_to_the_directors_desk(client: Client, centre: Centre) -> None:
    case = cases.awaiting(centre)
    assert numbers(desk_of(client, centre.director.user)) == [case.number]
    assert numbers(desk_of(client, centre.specialist.user)) == []


def test_the_unit_head_sees_the_whole_centre(client: Client, centre: Centre) -> None:
    case = cases.awaiting(centre)
    assert numbers(desk_of(client, centre.head.user)) == [case.number]


def test_another_centres_case_is_on_no_desk_here(client: Client, centre: Centre) -> None:
    cases.accepted(centre)
    stranger = StaffFactory(role=Role.SPECIALIST, office=OfficeFactory(serves=["99"]))
    assert numbers(desk_of(client, stranger, "?scope=centre")) == []


def test_nobodys_own_case_lies_on_the_own_desk(client: Client, centre: Centre) -> None:
    cases.accepted(centre, channel=Channel.PORTAL, person=centre.colleague.user.person)  # type: ignore[union-attr]
    assert numbers(desk_of(client, centre.colleague.user, "?scope=centre")) == []


def test_the_counts_on_the_chips_are_those_of_the_lists(client: Client, centre: Centre) -> None:
    cases.accepted(centre)
    cases.accepted(centre, channel=Channel.SC, person=PersonFactory())
    cases.awaiting(centre, person=PersonFactory())
    response = desk_of(client, centre.specialist.user)
    for chip in response.context["chips"]:
        shown = client.get(chip["url"])
        assert len(shown.context["rows"]) == chip["count"], str(chip["label"])


def test_overdue_shows_only_what_is_past_its_term(client: Client, centre: Centre) -> None:
    with clock.at(MONDAY - timedelta(days=14)):
        late = cases.accepted(centre)
    cases.accepted(centre, person=PersonFactory())
    assert numbers(desk_of(client, centre.specialist.user, "?only=overdue")) == [late.number]


def test_through_the_state_corporation_shows_its_cases_alone(client: Client, centre: Centre) -> None:
    cases.accepted(centre)
    through = cases.accepted(centre, channel=Channel.SC, person=PersonFactory())
    assert numbers(desk_of(client, centre.specialist.user, "?only=sc")) == [through.number]


def test_an_escalated_term_is_marked_for_the_director(client: Client, centre: Centre) -> None:
    with clock.at(MONDAY - timedelta(days=14)):
        cases.accepted(centre)
    sweep()
    rows = desk_of(client, centre.director.user, "?scope=centre").context["rows"]
    assert rows[0]["deadline"].escalated_at is not None


def test_days_left_are_working_days(centre: Centre) -> None:
    with clock.at(MONDAY - timedelta(days=3)):  # Friday
        assert working_days_left(MONDAY, "Asia/Almaty") == 1


@pytest.mark.parametrize("many", [3, 30])
@pytest.mark.parametrize("who", ["specialist", "director"])
def test_the_desk_costs_ten_queries_at_most(client: Client, centre: Centre, many: int, who: str) -> None:
    for _ in range(many):
        application = cases.accepted(centre, person=PersonFactory())
    if who == "director":
        Deadline.objects.filter(name="T-REF-CHECK").update(duty=Role.DIRECTOR)
    assert application.pk
    client.force_login(getattr(centre, who).user)
    client.get(DESK)
    with CaptureQueriesContext(
        connection,
    ) as found:
        response = client.get(DESK)
    assert len(response.context["rows"]) == min(many, 25)
    assert len(found) <= 10, "\n".join(one["sql"][:150] for one in found)


def test_the_second_page_goes_on_where_the_first_ends(client: Client, centre: Centre) -> None:
    made = {cases.accepted(centre, person=PersonFactory()).number for _ in range(27)}
    first = desk_of(client, centre.specialist.user)
    second = client.get(DESK + first.context["page"].next_url)
    assert set(numbers(first)) | set(numbers(second)) == made
    assert len(numbers(second)) == 2
    back = client.get(DESK + second.context["page"].previous_url)
    assert numbers(back) == numbers(first)


def test_a_broken_page_mark_is_no_page(client: Client, centre: Centre) -> None:
    assert desk_of(client, centre.specialist.user, "?after=nonsense").status_code == 404


def test_a_name_is_found_by_its_folded_beginning(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre, person=PersonFactory(surname="Әбдіқадыр"))
    cases.accepted(centre, person=PersonFactory(surname="Оспанова"))
    assert numbers(desk_of(client, centre.specialist.user, "?q=абдикад")) == [case.number]


def test_a_number_is_found_by_a_part_of_it(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    assert numbers(desk_of(client, centre.specialist.user, f"?q={case.number[-6:]}")) == [case.number]


def test_an_iin_is_looked_up_without_standing_in_an_address(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    client.force_login(centre.specialist.user)  # type: ignore[arg-type]
    iin = case.person.iin
    response = client.post(reverse("workplace:find"), {"q": f"{iin[:6]} {iin[6:]}"})
    assert iin not in response["Location"]
    assert numbers(client.get(response["Location"])) == [case.number]


def test_the_iin_of_a_decided_case_leads_to_its_page(client: Client, centre: Centre) -> None:
    case = cases.decided(centre)
    client.force_login(centre.specialist.user)  # type: ignore[arg-type]
    response = client.post(reverse("workplace:find"), {"q": case.person.iin})
    assert response["Location"] == f"/office/referrals/referralapplication/{case.pk}/change/"


def test_an_iin_of_another_centres_case_is_not_known_here(client: Client, centre: Centre) -> None:
    case = cases.accepted(centre)
    client.force_login(StaffFactory(role=Role.SPECIALIST, office=OfficeFactory(serves=["99"])))
    response = client.post(reverse("workplace:find"), {"q": case.person.iin}, follow=True)
    assert case.number not in response.content.decode()
    assert [str(message) for message in response.context["messages"]]


def test_an_empty_desk_says_why_and_what_next(client: Client, centre: Centre) -> None:
    response = desk_of(client, centre.specialist.user)
    assert 'class="empty"' in response.content.decode()


def test_new_notices_stand_on_the_desk_until_they_are_read(client: Client, centre: Centre) -> None:
    case = actions.send_back(cases.awaiting(centre), by=centre.director, comment="Мекенжайды нақтылаңыз.")
    assert len(desk_of(client, centre.specialist.user).context["news"]) == 1
    client.post(reverse("workplace:notices"))
    assert case.number in client.get(reverse("workplace:notices")).content.decode()
    assert client.get(DESK).context["news"] == []


def test_the_local_body_sees_counts_of_its_centres_and_no_names(client: Client, centre: Centre) -> None:
    with clock.at(MONDAY - timedelta(days=14)):
        case = cases.accepted(centre, person=PersonFactory(surname="Өтеғұлова"))
    officer = StaffFactory(role=Role.LEB_OFFICER, office=OfficeFactory(leb=True))
    client.force_login(officer)
    response = client.get(reverse("workplace:figures"))
    counted = {row["office"].pk: (row["running"], row["overdue"]) for row in response.context["rows"]}
    assert counted[centre.office.pk] == (1, 1)
    assert case.person.surname not in response.content.decode()


def test_figures_are_the_local_bodys_alone(client: Client, centre: Centre) -> None:
    client.force_login(centre.director.user)  # type: ignore[arg-type]
    assert client.get(reverse("workplace:figures")).status_code == 404


def test_for_a_citizen_the_workplace_does_not_exist(client: Client, centre: Centre) -> None:
    client.force_login(cases.citizen(cases.accepted(centre)).user)  # type: ignore[arg-type]
    assert client.get(DESK).status_code == 404


def test_a_stranger_is_led_to_the_one_sign_in(client: Client) -> None:
    response = client.get(DESK, follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("sign_in"))
