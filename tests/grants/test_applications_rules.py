"""The pure rules of the grant application: criteria, limit, sums, completeness (FKA04-1.2, 1.3; A-30, A-31, A-41)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bastau import law
from grants import criteria
from grants.plans import project_of
from grants.rules import applications as rules
from grants.states import Category, Criterion, Met
from tests.grants.applications_cases import PROJECT

DAY = date(2026, 6, 8)


def known(**more: object) -> rules.Known:
    return rules.Known(on=DAY, **more)  # type: ignore[arg-type]


@pytest.mark.clause("A-30")
@pytest.mark.parametrize(
    ("issued", "result"), [(date(2023, 6, 8), Met.YES), (date(2023, 6, 7), Met.NO), (DAY, Met.YES)]
)
def test_a_certificate_is_good_for_three_years_to_the_day(issued: date, result: str) -> None:
    assert rules.certificate(known(certificates=(("COMPLETION", issued),))).result == result


@pytest.mark.clause("A-30")
@pytest.mark.parametrize(("since", "result"), [(date(2023, 6, 8), Met.UNKNOWN), (date(2023, 6, 7), Met.NO)])
def test_an_entrepreneur_is_new_for_three_years_to_the_day(since: date, result: str) -> None:
    assert rules.standing(known(registered_unemployed=False, entrepreneur_since=since)).result == result


@pytest.mark.clause("A-30")
def test_the_protocol_has_the_criteria_of_the_list_and_no_others() -> None:
    assert list(rules.protocol(known())) == list(law.value("A-30:criteria"))


@pytest.mark.clause("A-31")
@pytest.mark.parametrize(
    ("kind", "code"), [("COMPLETION", "certificate_valid"), ("PARTICIPATION", "participation_only")]
)
def test_participation_is_not_enough(kind: str, code: str) -> None:
    assert rules.certificate(known(certificates=((kind, DAY),))).code == code


@pytest.mark.clause("A-31")
def test_a_number_of_skills_is_neither_believed_nor_refused() -> None:
    assert rules.certificate(known(skills_issued_on=DAY)).result == Met.UNKNOWN
    assert rules.certificate(known(skills_issued_on=date(2023, 6, 7))).result == Met.NO


def test_the_newest_certificate_counts() -> None:
    old, new = ("COMPLETION", date(2020, 1, 1)), ("COMPLETION", date(2026, 1, 1))
    assert rules.certificate(known(certificates=(old, new))).result == Met.YES


def test_beside_an_old_certificate_a_young_one_of_skills_is_looked_at() -> None:
    old = known(certificates=(("COMPLETION", date(2020, 1, 1)),), skills_issued_on=DAY)
    assert rules.certificate(old).code == "skills_to_check"


def test_an_entrepreneur_who_is_not_registered_as_unemployed_is_not_refused_for_it() -> None:
    assert rules.standing(known(registered_unemployed=False, entrepreneur_since=DAY)).result == Met.UNKNOWN


def test_nobody_is_refused_for_not_being_an_entrepreneur_yet() -> None:
    assert rules.standing(known(registered_unemployed=True)).result == Met.YES


@pytest.mark.parametrize(
    ("category", "result"), [("", Met.UNKNOWN), (Category.NONE, Met.NO), (Category.QANDAS, Met.UNKNOWN)]
)
def test_a_stated_category_waits_for_the_specialist(category: str, result: str) -> None:
    assert rules.category(known(category=category)).result == result


def test_every_reason_has_its_words_in_full() -> None:
    for judged in (
        known(),
        known(certificates=(("COMPLETION", date(2020, 1, 1)),), category="none", registered_unemployed=False),
        known(skills_issued_on=DAY, category="qandas", entrepreneur_since=DAY, earlier_grant=True, open_recovery=True),
        known(certificates=(("PARTICIPATION", DAY),), entrepreneur_since=date(2020, 1, 1)),
        known(certificates=(("COMPLETION", DAY),), registered_unemployed=True),
    ):
        for answer in rules.protocol(judged).values():
            assert criteria.reason_of(answer.code, answer.day)
            assert "%(" not in criteria.reason_of(answer.code, answer.day) + criteria.advice_of(answer.code, answer.day)
            assert (answer.result == Met.YES) == (criteria.advice_of(answer.code, answer.day) == "")


@pytest.mark.clause("A-41")
@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2019, 6, 1), 1_010_000),
        (date(2020, 3, 31), 1_060_400),
        (date(2020, 4, 1), 1_111_200),
        (date(2021, 6, 1), 1_166_800),
        (date(2022, 3, 31), 1_225_200),
        (date(2022, 4, 1), 1_272_000),
        (date(2023, 6, 1), 1_380_000),
        (date(2024, 6, 1), 1_476_800),
        (date(2025, 6, 1), 1_572_800),
        (date(2026, 6, 1), 1_730_000),
    ],
)
def test_the_limit_is_four_hundred_indices_of_the_day(day: date, limit: int) -> None:
    assert rules.limit_on(day) == limit


def test_without_an_index_of_the_day_there_is_no_limit_to_compare_with() -> None:
    assert rules.limit_on(date(2018, 12, 31)) is None


def test_break_even_is_the_first_month_that_covers_all_before_it() -> None:
    assert rules.break_even([0, 100, 300, *[0] * 9], [200, 100, 100, *[0] * 9]) == 3
    assert rules.break_even([0] * 12, [1] * 12) is None
    assert rules.break_even([0] * 12, [0] * 12) is None


@pytest.mark.parametrize(
    ("key", "page"),
    [("title", "idea"), ("summary", "idea"), ("product", "product"), ("calendar", "schedule"), ("income", "forecast")],
)
def test_a_project_without_an_answer_lacks_its_page(key: str, page: str) -> None:
    class Line:
        quantity, price, grant_part = 1, 100, 100

    assert rules.missing(PROJECT, [Line()]) == []
    assert rules.missing({**PROJECT, key: ""}, [Line()]) == [page]


def test_an_estimate_without_grant_money_is_not_complete() -> None:
    assert rules.missing(PROJECT, []) == ["estimate"]


def test_a_business_plan_gives_its_texts_its_schedule_and_its_months() -> None:
    content = {**PROJECT, "calendar": "1–2: Жөндеу\n3-12: Өндіріс\nбос жол", "own_sum": 5}
    project = project_of(content)
    assert project["title"] == PROJECT["title"]
    assert project["calendar"] == [
        {"what": "Жөндеу", "from": 1, "to": 2}, {"what": "Өндіріс", "from": 3, "to": 12},
    ]  # fmt: skip
    assert project["income"] == PROJECT["income"]
    assert "own_sum" not in project


def test_the_criteria_of_the_law_are_all_known_here() -> None:
    assert set(law.value("A-30:criteria")) <= set(Criterion.values)
    assert rules.certificate_until(DAY) - DAY > timedelta(days=3 * 365)
