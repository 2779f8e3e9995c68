"""The citizen's screens of accompaniment and enquiries: asked once, read, confirmed; what is another's is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bastau import clock
from bastau.people.citizens import account_of
from monitoring.actions import visits
from monitoring.models import (
    ConsultationRequest,
)
from monitoring.states import ConsultationState, VisitState
from tests.conftest import ALMATY
from tests.factories import PersonFactory
from tests.monitoring import accompaniment_cases as cases
from tests.monitoring.accompaniment_cases import Chamber
from tests.monitoring.accompaniment_screens import browser, fresh, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def chamber() -> Chamber:
    return Chamber.open()


# --------------------------------------------------------------------------------------------------------- the citizen


def test_a_stranger_reads_where_to_ask(chamber: Chamber, client: Client) -> None:
    client.cookies["bastau_language"] = "en"
    page = words(client.get(reverse("monitoring:enquiries")))
    assert "akim" in page
    assert chamber.office.name("en") in page


def test_a_stranger_is_led_to_the_sign_in(client: Client) -> None:
    assert client.get(reverse("monitoring:ask", args=["training"])).status_code == 302


def test_a_citizen_asks_reads_and_confirms(chamber: Chamber) -> None:
    person = PersonFactory()
    web = browser(account_of(person))
    address = reverse("monitoring:ask", args=["training"])
    assert web.get(address).status_code == 200
    said = {"key": str(uuid4()), "office": chamber.office.pk, "text": "Оқу қашан басталады?"}
    for _ in range(2):
        page = web.post(address, said, follow=True)
    request = ConsultationRequest.objects.get()
    assert request.number in words(page)
    cases.answered(chamber, request)
    page = words(web.get(reverse("monitoring:enquiry", args=[request.pk])))
    assert "Келесі айда." in page
    web.post(reverse("monitoring:enquiry_confirm", args=[request.pk]))
    assert fresh(request).state == ConsultationState.CLOSED


def test_a_citizen_asks_again(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    web = browser(account_of(request.person))
    address = reverse("monitoring:enquiry", args=[request.pk])
    assert web.post(address, {"text": ""}).status_code == 422
    web.post(address, {"text": "Қай жерде?"})
    assert fresh(request).state == ConsultationState.REOPENED
    assert "being answered" in words(web.get(address))


def test_an_empty_question_keeps_the_page_and_says_so(chamber: Chamber) -> None:
    web = browser(account_of(PersonFactory()))
    page = web.post(reverse("monitoring:ask", args=["training"]), {"office": chamber.office.pk, "text": ""})
    assert page.status_code == 422
    assert "Write the question." in words(page)


def test_a_participant_asks_about_the_business(chamber: Chamber) -> None:
    case = cases.active(chamber)
    web = browser(account_of(case.person))
    assert "Ask about my business" in words(web.get(reverse("monitoring:enquiries")))
    web.post(
        reverse("monitoring:ask", args=["business"]), {"key": str(uuid4()), "topic": "marketing", "text": "Жарнама?"}
    )
    assert ConsultationRequest.objects.get().topic == "marketing"


@pytest.mark.clause("118-p33-3")
def test_after_the_term_the_page_shows_the_general_help_line(chamber: Chamber) -> None:
    case = cases.active(chamber)
    with clock.at(datetime(2027, 6, 2, 10, 0, tzinfo=ALMATY)):
        web = browser(account_of(case.person))
        page = web.get(reverse("monitoring:ask", args=["business"]))
        assert page.status_code == 409
        assert "1414" in words(page)
        assert "general help line" in words(web.get(reverse("monitoring:accompaniment", args=[case.pk])))


@pytest.mark.clause("118-p34")
def test_a_participant_agrees_to_the_cost_of_a_visit_or_does_not(chamber: Chamber) -> None:
    case = cases.active(chamber)
    first, second = (cases.planned(chamber, case, cost=5_000, on=date(2026, 6, 15 + n)) for n in range(2))
    web = browser(account_of(case.person))
    assert "A visit waits for your answer" in words(web.get(reverse("cabinet")))
    page = words(web.get(reverse("monitoring:accompaniment", args=[case.pk])))
    assert "Do you agree to the cost of a visit?" in page
    assert "I agree to this cost" in page
    for _ in range(2):
        web.post(reverse("monitoring:visit_agree", args=[first.pk]), {"cost": "5000"})
    web.post(reverse("monitoring:visit_decline", args=[second.pk]))
    assert [fresh(first).state, fresh(second).state] == [VisitState.AGREED, VisitState.CANCELLED]


def test_a_cost_that_is_no_number_agrees_to_nothing(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=5_000)
    browser(account_of(visit.person)).post(reverse("monitoring:visit_agree", args=[visit.pk]), {"cost": "x"})
    assert fresh(visit).state == VisitState.PLANNED


def test_a_participant_reads_issues_and_visits(chamber: Chamber) -> None:
    case = cases.active(chamber)
    cases.resolved(chamber, case)
    visit = cases.planned(chamber, case, on=date(2026, 6, 8))
    visits.hold(visit, by=chamber.trainer, held_on=date(2026, 6, 8), result="Сату жоспары талқыланды.")
    page = words(browser(account_of(case.person)).get(reverse("monitoring:accompaniment", args=[case.pk])))
    assert "Жәрмеңкеде орын алынды." in page
    assert "Сату жоспары талқыланды." in page


@pytest.mark.parametrize("name", ["accompaniment", "enquiry", "visit_agree", "visit_decline", "enquiry_confirm"])
def test_what_is_another_citizens_does_not_exist(chamber: Chamber, name: str) -> None:
    case = cases.active(chamber)
    of = {
        "accompaniment": case,
        "enquiry": cases.asked_on_business(case),
        "visit": cases.planned(chamber, case, cost=5),
    }
    pk = of[name.split("_")[0]].pk
    web = browser(account_of(PersonFactory()))
    address = reverse(f"monitoring:{name}", args=[pk])
    response = web.get(address) if name in {"accompaniment", "enquiry"} else web.post(address)
    assert response.status_code == 404


def test_an_answered_enquiry_comes_first_in_the_cabinet(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    assert "Your question is answered" in words(browser(account_of(request.person)).get(reverse("cabinet")))
