"""The course, the tests and the plan on the citizen's screens; the chamber's case pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bastau import clock
from bastau.people.roles import Role
from tests.factories import PersonFactory
from tests.training import course_cases as cases
from tests.training.groups_cases import hired
from training.actions import business_plans, course
from training.models import TestAttempt
from training.states import BusinessPlanState, ModuleState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A participant who studies; another before the final test with the plan handed in."""
    with cases.rolled_back(django_db_blocker):
        first = cases.running()
        last = cases.running(chamber=first.chamber, moment=cases.LATER)
        with clock.at(last.at(0)):
            cases.all_passed(last.people[0])
            cases.submitted(last.people[0])
        cases.taught(last)
        yield {"first": first, "last": last, "assessor": hired(last.chamber.office, Role.TRAINER)}


@pytest.fixture
def made(worlds: dict[str, Any], db: None) -> Iterator[cases.Class]:
    found = worlds["first"].again()
    with clock.at(found.at(0)):
        yield found


@pytest.fixture
def person(made: cases.Class) -> Any:
    return made.people[0]


@pytest.fixture
def mine(client: Client, person: Any) -> Client:
    """The participant's browser."""
    client.force_login(cases.citizen(person).user)  # type: ignore[arg-type]
    return client


@pytest.fixture
def ended(worlds: dict[str, Any], db: None) -> Iterator[cases.Class]:
    found = worlds["last"].again()
    with clock.at(found.after):
        yield found


@pytest.fixture
def writer(ended: cases.Class) -> Any:
    return ended.people[0]


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_course_page_shows_five_modules_and_leads_to_the_first(mine: Client, person: Any) -> None:
    response = mine.get(reverse("training:course", args=[person.pk]))
    assert len(response.context["modules"]) == 5
    assert response.context["next"]["action"]["url"] == reverse("training:module", args=[cases.module(person).pk])


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_citizens_pages_open_in_both_languages(mine: Client, person: Any, language: str) -> None:
    mine.cookies["django_language"] = language
    plan = cases.plan(person)
    for url in (
        reverse("training:course", args=[person.pk]),
        reverse("training:module", args=[cases.module(person).pk]),
        reverse("training:module", args=[cases.module(person, 2).pk]),
        reverse("training:final", args=[cases.final(person).pk]),
        reverse("training:plan", args=[plan.pk]),
        reverse("training:plan_section", args=[plan.pk, "money"]),
        reverse("training:plan_estimate", args=[plan.pk]),
        reverse("training:stipend"),
        reverse("cabinet"),
    ):
        assert mine.get(url).status_code == 200, url


def test_a_get_never_writes(mine: Client, person: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        mine.get(reverse("training:course", args=[person.pk]))
        mine.get(reverse("training:module", args=[cases.module(person).pk]))
    assert not [one for one in asked if one["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]


def test_from_the_materials_through_the_test_to_the_result(mine: Client, person: Any) -> None:
    module = cases.module(person)
    url = reverse("training:module", args=[module.pk])
    mine.post(url, {"step": "seen"})
    response = mine.post(url)
    attempt = TestAttempt.objects.get(progress=module)
    assert response.url == reverse("training:question", args=[attempt.pk, 1])
    for place in range(1, 7):
        page = mine.get(reverse("training:question", args=[attempt.pk, place]))
        assert len(page.context["options"]) == 4
        response = mine.post(reverse("training:question", args=[attempt.pk, place]), {"choice": "0"})
        assert response.url == reverse("training:question", args=[attempt.pk, place + 1])
    assert mine.get(response.url).url == reverse("training:test", args=[attempt.pk])
    assert mine.get(reverse("training:test", args=[attempt.pk])).context["open"] == 0
    response = mine.post(reverse("training:test", args=[attempt.pk]))
    page = mine.get(response.url)
    assert page.context["attempt"].handed_in_at is not None


def test_an_answer_costs_at_most_four_statements(mine: Client, person: Any) -> None:
    attempt = cases.begun(cases.module(person))
    url = reverse("training:question", args=[attempt.pk, 1])
    mine.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert mine.post(url, {"choice": "1"}).status_code == 302
    assert len(asked) <= 4, [one["sql"] for one in asked]


def test_a_question_without_a_choice_says_what_to_do_and_loses_nothing(mine: Client, person: Any) -> None:
    attempt = cases.begun(cases.module(person))
    mine.post(reverse("training:question", args=[attempt.pk, 1]), {"choice": "2"})
    response = mine.post(reverse("training:question", args=[attempt.pk, 2]), {})
    assert response.status_code == 422
    attempt.refresh_from_db()
    assert attempt.answers == {"0": 2}


@pytest.mark.parametrize("choice", ["4", "99", "-1", "abc", "1.5", "٣"])
def test_an_impossible_choice_is_refused(mine: Client, person: Any, choice: str) -> None:
    attempt = cases.begun(cases.module(person))
    response = mine.post(reverse("training:question", args=[attempt.pk, 1]), {"choice": choice})
    attempt.refresh_from_db()
    assert attempt.answers == ({"0": 3} if choice == "٣" else {})
    assert response.status_code == (302 if choice == "٣" else 422)


def test_a_test_begun_is_gone_on_with_where_it_was_left(mine: Client, person: Any) -> None:
    module = cases.module(person)
    attempt = cases.begun(module)
    mine.post(reverse("training:question", args=[attempt.pk, 1]), {"choice": "2"})
    response = mine.post(reverse("training:module", args=[module.pk]))
    assert response.url == reverse("training:question", args=[attempt.pk, 2])


def test_handing_in_from_two_windows_shows_the_same_result(mine: Client, person: Any) -> None:
    attempt = cases.answered(cases.begun(cases.module(person)), 4, cases.citizen(person))
    url = reverse("training:test", args=[attempt.pk])
    first, second = mine.post(url), mine.post(url)
    assert first.url == second.url == reverse("training:result", args=[attempt.pk])
    late = mine.post(reverse("training:question", args=[attempt.pk, 1]), {"choice": "0"})
    assert late.url == first.url
    assert cases.module(person).state == ModuleState.PASSED


def test_the_result_of_a_failed_test_offers_another_attempt(mine: Client, person: Any) -> None:
    attempt = cases.tested(cases.module(person), 3)
    page = mine.get(reverse("training:result", args=[attempt.pk]))
    assert page.context["again"]["enabled"]
    assert "50 %" in words(page)


def test_the_result_of_a_passed_test_leads_to_the_next_module(mine: Client, person: Any) -> None:
    attempt = cases.tested(cases.module(person), 5)
    page = mine.get(reverse("training:result", args=[attempt.pk]))
    assert page.context["ahead"] == cases.module(person, 2)


def test_another_citizens_course_test_and_plan_do_not_exist(client: Client, person: Any) -> None:
    attempt = cases.begun(cases.module(person))
    stranger = PersonFactory(phone="", email="")
    from bastau.people.citizens import account_of

    client.force_login(account_of(stranger))
    for url in (
        reverse("training:course", args=[person.pk]),
        reverse("training:module", args=[cases.module(person).pk]),
        reverse("training:final", args=[cases.final(person).pk]),
        reverse("training:question", args=[attempt.pk, 1]),
        reverse("training:test", args=[attempt.pk]),
        reverse("training:result", args=[attempt.pk]),
        reverse("training:plan", args=[cases.plan(person).pk]),
        reverse("training:plan_section", args=[cases.plan(person).pk, "idea"]),
        reverse("training:stipend"),
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(reverse("training:question", args=[attempt.pk, 1]), {"choice": "0"}).status_code == 404
    attempt.refresh_from_db()
    assert attempt.answers == {}


@pytest.mark.parametrize(("right", "passed"), [(9, True), (8, False)])
def test_the_final_test_goes_from_its_page_to_the_result(
    client: Client, writer: Any, ended: cases.Class, right: int, passed: bool
) -> None:
    by = cases.citizen(writer)
    client.force_login(by.user)  # type: ignore[arg-type]
    final = reverse("training:final", args=[cases.final(writer).pk])
    assert client.get(final).context["begin"]["enabled"]
    client.post(final)
    attempt = cases.answered(TestAttempt.objects.get(final=cases.final(writer)), right, by)
    response = client.post(reverse("training:test", args=[attempt.pk]), follow=True)
    assert response.context["passed"] is passed
    assert not client.get(final).context["begin"]["enabled"]
    assert client.get(reverse("training:course", args=[writer.pk])).status_code == 200


def test_a_void_attempt_says_that_the_test_may_be_taken_again(client: Client, writer: Any, ended: cases.Class) -> None:
    attempt = cases.begun(cases.final(writer))
    course.void(cases.final(writer), by=ended.chamber.coordinator, reason="Жарық сөнді")
    client.force_login(cases.citizen(writer).user)  # type: ignore[arg-type]
    assert client.get(reverse("training:result", args=[attempt.pk])).context["void"]
    assert client.get(reverse("training:final", args=[cases.final(writer).pk])).context["begin"]["enabled"]


def test_a_test_out_of_time_can_still_be_handed_in_but_not_answered(mine: Client, person: Any, made: Any) -> None:
    attempt = cases.answered(cases.begun(cases.module(person)), 4, cases.citizen(person))
    with clock.at(made.at(0, 11)):
        response = mine.post(reverse("training:question", args=[attempt.pk, 1]), {"choice": "0"})
        assert response.url == reverse("training:test", args=[attempt.pk])
        assert mine.get(response.url).context["over"]
        mine.post(response.url)
    attempt.refresh_from_db()
    assert (attempt.timed_out, attempt.correct) == (True, 4)


def test_a_plan_that_never_came_says_what_follows(mine: Client, person: Any, made: cases.Class) -> None:
    with clock.at(made.after):
        business_plans.sweep()
        page = mine.get(reverse("training:plan", args=[cases.plan(person).pk]))
    assert page.context["plan"].state == BusinessPlanState.ABSENT


# ------------------------------------------------------------------------------------------------------------ the plan


def test_a_page_of_the_plan_is_kept_as_far_as_it_is_written(mine: Client, person: Any) -> None:
    plan = cases.plan(person)
    response = mine.post(reverse("training:plan_section", args=[plan.pk, "idea"]), {"title": "Наубайхана"})
    assert response.url == reverse("training:plan_section", args=[plan.pk, "product"])
    assert cases.plan(person).title == "Наубайхана"
    assert "Наубайхана" in words(mine.get(reverse("training:plan_section", args=[plan.pk, "idea"])))


def test_a_wrong_code_is_said_beside_its_field_and_what_was_typed_stays(mine: Client, person: Any) -> None:
    plan = cases.plan(person)
    response = mine.post(reverse("training:plan_section", args=[plan.pk, "idea"]), {"title": "Нан", "sector": "12"})
    assert response.status_code == 422
    assert 'value="12"' in words(response)


def test_twelve_months_become_two_rows(mine: Client, person: Any) -> None:
    plan = cases.plan(person)
    mine.post(
        reverse("training:plan_section", args=[plan.pk, "money"]),
        {"own_sum": "0", "tax_regime": "simplified", "income_1": "5", "costs_12": "7"},
    )
    content = cases.plan(person).content
    assert content["income"] == [5, *[0] * 11]
    assert content["costs"] == [*[0] * 11, 7]


def test_the_estimate_adds_changes_and_removes_lines(mine: Client, person: Any) -> None:
    plan = cases.plan(person)
    url = reverse("training:plan_estimate", args=[plan.pk])
    line = {"name": "Пеш", "quantity": "2", "price": "1000", "source": "grant"}
    mine.post(url, line)
    kept = plan.lines.get()
    mine.post(url, {**line, "line": kept.pk, "quantity": "3"})
    assert mine.get(url).context["sums"] == {"whole": 3000, "grant": 3000, "own": 0}
    mine.post(url, {"line": kept.pk, "step": "remove"})
    assert not plan.lines.exists()


@pytest.mark.parametrize("bad", [{"quantity": "0"}, {"price": "-5"}, {"name": ""}, {"source": "bank"}])
def test_a_bad_line_is_refused_with_a_sentence(mine: Client, person: Any, bad: dict[str, str]) -> None:
    url = reverse("training:plan_estimate", args=[cases.plan(person).pk])
    line = {"name": "Пеш", "quantity": "2", "price": "1000", "source": "grant", **bad}
    assert mine.post(url, line).status_code == 422


def test_the_plan_is_handed_in_from_its_page(mine: Client, person: Any) -> None:
    cases.written(person)
    url = reverse("training:plan", args=[cases.plan(person).pk])
    assert mine.get(url).context["missing"] == []
    mine.post(url)
    mine.post(url)
    assert cases.plan(person).state == BusinessPlanState.SUBMITTED


def test_what_is_missing_stands_beside_the_button(mine: Client, person: Any) -> None:
    response = mine.get(reverse("training:plan", args=[cases.plan(person).pk]))
    assert not response.context["go"]["enabled"]
    assert len(response.context["missing"]) == 7


# ------------------------------------------------------------------------------------------------------- the chamber


def office_page(client: Client, actor: Any, model: str, case: Any) -> Any:
    client.force_login(actor.user)
    return client.get(reverse(f"workplace:training_{model}_change", args=[case.pk]))


def press(client: Client, model: str, case: Any, event: str, **data: Any) -> Any:
    url = reverse(f"workplace:training_{model}_change", args=[case.pk])
    seen = client.get(url).context["seen"]
    fields = {f"{event}-{name}": value for name, value in data.items()}
    return client.post(
        reverse(f"workplace:training_{model}_do", args=[case.pk, event]), {"seen": seen, **fields}, follow=True
    )


def test_the_coordinator_voids_an_attempt_on_the_page_of_the_module(client: Client, made: cases.Class) -> None:
    person = made.people[0]
    cases.begun(cases.module(person))
    module = cases.module(person)
    assert office_page(client, made.chamber.coordinator, "moduleprogress", module).status_code == 200
    press(client, "moduleprogress", module, "void_attempt", reason="Байланыс үзілді")
    assert cases.module(person).state == ModuleState.OPEN


def test_a_centre_has_no_page_of_tests_and_plans(client: Client, made: cases.Class) -> None:
    person = made.people[0]
    for model, case in (("moduleprogress", cases.module(person)), ("businessplan", cases.plan(person))):
        assert office_page(client, made.chamber.centre.specialist, model, case).status_code == 404


def test_a_trainer_of_another_group_sees_nothing(client: Client, made: cases.Class, worlds: dict[str, Any]) -> None:
    module = cases.module(made.people[0])
    assert office_page(client, worlds["assessor"], "moduleprogress", module).status_code == 404
    assert office_page(client, made.chamber.trainer, "moduleprogress", module).status_code == 200


def test_a_plan_goes_from_the_coordinator_through_the_assessor_to_its_result(
    client: Client, writer: Any, ended: cases.Class, worlds: dict[str, Any]
) -> None:
    plan, assessor = cases.plan(writer), worlds["assessor"]
    page = office_page(client, ended.chamber.coordinator, "businessplan", plan)
    assert cases.CONTENT["title"] in words(page)
    press(client, "businessplan", plan, "appoint", assessor=assessor.user.pk)
    client.force_login(assessor.user)
    press(client, "businessplan", plan, "review")
    press(client, "businessplan", plan, "assess", conclusion="Нақты жоспар.", **cases.points(70))
    assert cases.plan(writer).state == BusinessPlanState.ASSESSED_POSITIVE
    client.force_login(cases.citizen(writer).user)  # type: ignore[arg-type]
    assert "Нақты жоспар." in words(client.get(reverse("training:plan", args=[plan.pk])))


def test_the_trainer_returns_a_plan_and_the_citizen_reads_why(client: Client, writer: Any, ended: cases.Class) -> None:
    plan = cases.plan(writer)
    client.force_login(ended.chamber.trainer.user)  # type: ignore[arg-type]
    press(client, "businessplan", plan, "send_back", reason="Сметада баға жоқ")
    client.force_login(cases.citizen(writer).user)  # type: ignore[arg-type]
    page = client.get(reverse("training:plan", args=[plan.pk]))
    assert "Сметада баға жоқ" in words(page)
    assert page.context["writable"]


def test_the_registers_open_for_the_chamber(client: Client, made: cases.Class) -> None:
    client.force_login(made.chamber.coordinator.user)  # type: ignore[arg-type]
    for model in ("moduleprogress", "finaltest", "businessplan"):
        assert client.get(reverse(f"workplace:training_{model}_changelist")).status_code == 200
