"""The pure rules of a referral: numbers, the lines of the check protocol, the closed list of refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastau import law
from bastau.gateways.answers import TARGET_STATUSES
from referrals import rules
from referrals.states import CheckResult, Ground, TargetStatus

REGISTERED = {"registered_unemployed": True, "target_status": "UNEMPLOYED"}
IDENTITY = {"iin": "850312400128", "surname": "Сәрсенова", "given_name": "Айгүл", "alive": True}


def labour(status: str, *, registered: bool = False) -> dict[str, Any]:
    return {"registered_unemployed": registered, "target_status": status}


def identity(**answer: Any) -> tuple[str, str]:
    return rules.identity(
        {**IDENTITY, **answer}, iin=IDENTITY["iin"], surname=IDENTITY["surname"], given_name=IDENTITY["given_name"]
    )


# ------------------------------------------------------------------------------------------------------------ numbers


def test_an_application_is_numbered_by_region_year_and_six_digits() -> None:
    assert rules.application_number("35", date(2026, 6, 8), 1487) == "БО-35-2026-001487"


@given(st.integers(1, 999_999), st.integers(1, 999_999))
def test_a_later_application_sorts_after_an_earlier_one(one: int, other: int) -> None:
    first, second = (rules.application_number("35", date(2026, 6, 8), n) for n in (one, other))
    assert (first < second) == (one < other)


@given(st.dates(date(2021, 1, 1), date(2099, 12, 31)), st.integers(1, 10**7))
def test_a_number_begins_with_its_series(day: date, n: int) -> None:
    assert rules.application_number("71", day, n).startswith(f"{rules.application_series('71', day)}-")


# ------------------------------------------------------------------------------------------------------- target group


@pytest.mark.clause("118-p03", "118-p02-s06")
def test_the_unemployed_may_take_part_also_without_registration() -> None:
    assert rules.target_group(labour("UNEMPLOYED"), "UNEMPLOYED") == (CheckResult.YES, "in_target_group")


@pytest.mark.clause("118-p03")
@pytest.mark.parametrize("status", [status for status in TargetStatus.values if status != "UNEMPLOYED"])
def test_each_category_of_employed_persons_may_take_part(status: str) -> None:
    assert rules.target_group(labour(status), status) == (CheckResult.YES, "in_target_group")


@pytest.mark.clause("118-p03")
def test_who_is_in_no_category_may_not() -> None:
    assert rules.target_group(labour("NONE"), "UNEMPLOYED") == (CheckResult.NO, "not_in_target_group")


def test_the_registered_unemployed_are_told_apart_from_the_others() -> None:
    assert rules.target_group(REGISTERED, "UNEMPLOYED") == (CheckResult.YES, "registered")


def test_another_status_than_the_one_claimed_is_shown_and_is_no_refusal() -> None:
    assert rules.target_group(labour("E02"), "UNEMPLOYED") == (CheckResult.YES, "other_status")


@given(st.sampled_from(TARGET_STATUSES), st.sampled_from(TargetStatus.values), st.booleans())
def test_what_was_claimed_never_decides(status: str, claimed: str, registered: bool) -> None:
    result, _code = rules.target_group(labour(status, registered=registered), claimed)
    assert (result == CheckResult.YES) == (status in TargetStatus.values)


# ---------------------------------------------------------------------------------------------- identity and residence


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ({}, ("yes", "matches")),
        ({"surname": "САРСЕНОВА"}, ("no", "differs")),
        ({"surname": "СӘРСЕНОВА", "given_name": "айгүл"}, ("yes", "matches")),
        ({"given_name": "Айгуль"}, ("no", "differs")),
        ({"iin": "850312400136"}, ("no", "differs")),
        ({"alive": False}, ("no", "not_alive")),
    ],
)
def test_identity_is_what_the_register_says(answer: dict[str, Any], line: tuple[str, str]) -> None:
    assert identity(**answer) == line


def test_nobody_known_to_the_register_is_confirmed() -> None:
    assert rules.identity({"found": False}, iin="", surname="", given_name="") == ("no", "not_found")


@pytest.mark.parametrize(
    ("serving", "line"), [(7, ("yes", "in_area")), (8, ("no", "outside_area")), (None, ("no", "outside_area"))]
)
def test_residence_is_in_the_area_of_the_centre_that_serves_it(serving: int | None, line: tuple[str, str]) -> None:
    assert rules.residence(serving, 7) == line


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.clause("118-a2-r09-1", "118-a2-r09-2")
def test_there_are_two_grounds_of_refusal_and_no_third() -> None:
    assert set(rules.REFUSAL_RULES) == set(Ground.values) == {1, 2}


@pytest.mark.clause("118-a2-r09-1")
def test_untrue_data_are_a_ground_of_their_own() -> None:
    assert rules.REFUSAL_RULES[Ground.UNTRUE_DATA] == ("118-a2-r09-1",)


@pytest.mark.clause("118-p03", "118-a2-r09-2")
def test_the_target_group_is_among_the_requirements_of_the_second_ground() -> None:
    assert "118-p03" in rules.REFUSAL_RULES[Ground.NOT_CONFORMING]


def test_no_rule_belongs_to_both_grounds() -> None:
    assert not set(rules.REFUSAL_RULES[1]) & set(rules.REFUSAL_RULES[2])


@pytest.mark.clause("118-p29", "A-23")
def test_the_three_year_rule_can_never_be_cited() -> None:
    assert not {"118-p29", "A-23"} & {rule for cited in rules.REFUSAL_RULES.values() for rule in cited}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_rule_that_may_be_cited_can_be_printed(language: str) -> None:
    cited = [law.clause(rule) for of_ground in rules.REFUSAL_RULES.values() for rule in of_ground]
    assert all(rule.label(language) and rule.text(language) for rule in cited)
