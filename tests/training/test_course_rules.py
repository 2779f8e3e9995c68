"""Pure rules of the course, the plan and the stipend."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from training.rules import business_plans, course, stipends
from training.states import EnrolmentState, LineReason, LineState


@pytest.mark.clause("A-19", "118-p24")
@pytest.mark.parametrize(
    ("correct", "total", "passed"), [(6, 10, True), (5, 9, False), (4, 6, True), (3, 6, False), (59, 100, False)]
)
def test_sixty_per_cent_is_tested_with_integers(correct: int, total: int, passed: bool) -> None:
    assert course.module_passed(correct, total) is passed


def test_sixty_and_a_half_of_a_hundred_is_not_sixty_one() -> None:
    assert course.module_passed(60, 100)
    assert not course.module_passed(0, 0)


@pytest.mark.clause("A-20")
@pytest.mark.parametrize(("correct", "passed"), [(9, True), (8, False)])
def test_the_final_test_needs_nine_of_fifteen(correct: int, passed: bool) -> None:
    assert course.final_passed(correct, 15) is passed


@pytest.mark.clause("A-20")
def test_a_final_mark_of_exactly_sixty_passes_and_fifty_nine_does_not() -> None:
    assert course.final_passed(60, 100)
    assert not course.final_passed(59, 100)


@pytest.mark.clause("118-p24")
def test_a_module_of_a_hundred_questions_passes_at_sixty() -> None:
    assert course.module_passed(60, 100)
    assert not course.module_passed(59, 100)


def test_a_draw_keeps_every_question_and_every_option_once() -> None:
    bank = [SimpleNamespace(pk=n, kk={"options": ["a", "b", "c", "d"]}) for n in range(6)]
    drawn = course.draw(bank, chance=random.Random(1))  # type: ignore[arg-type]
    assert sorted(one["q"] for one in drawn) == list(range(6))
    assert all(sorted(one["order"]) == [0, 1, 2, 3] for one in drawn)


def test_an_answer_is_read_through_the_order_it_was_shown_in() -> None:
    questions = [{"q": 7, "order": [2, 0, 1]}, {"q": 8, "order": [1, 0]}]
    assert course.right_answers(questions, {"0": 0}, {7: 2, 8: 0}) == 1
    assert course.right_answers(questions, {"0": 0, "1": 1}, {7: 2, 8: 0}) == 2


@pytest.mark.clause("T-TEST")
def test_a_module_test_takes_thirty_minutes_and_the_final_one_sixty() -> None:
    begun = datetime(2026, 6, 8, 5, tzinfo=UTC)
    far = begun + timedelta(days=3)
    assert course.ends_at(begun, far, final=False) == begun + timedelta(minutes=30)
    assert course.ends_at(begun, far, final=True) == begun + timedelta(minutes=60)


def test_a_test_ends_with_the_window_at_the_latest() -> None:
    begun = datetime(2026, 6, 8, 5, tzinfo=UTC)
    assert course.ends_at(begun, begun + timedelta(minutes=7), final=True) == begun + timedelta(minutes=7)


@pytest.mark.clause("T-PLAN-SCORE")
def test_the_criteria_bring_25_25_20_15_15_and_a_hundred_together() -> None:
    assert [business_plans.most_points(one) for one in business_plans.CRITERIA] == [25, 25, 20, 15, 15]


@pytest.mark.clause("118-p27-1", "A-21")
@pytest.mark.parametrize(("percent", "positive"), [(60, True), (59, False), (61, True)])
def test_a_plan_needs_sixty_points_of_its_own(percent: int, positive: bool) -> None:
    assert business_plans.positive(percent) is positive


def test_a_short_summary_is_still_to_be_written() -> None:
    whole = {key: "x" for keys in business_plans.SECTIONS.values() for key in keys}
    assert business_plans.missing({**whole, "summary": "x" * 299}, True) == ["idea"]
    assert business_plans.missing({**whole, "summary": "x" * 300}, True) == []


def test_a_plan_without_estimate_lacks_it() -> None:
    whole = {key: "x" * 300 for keys in business_plans.SECTIONS.values() for key in keys}
    assert business_plans.missing(whole, False) == ["estimate"]


def test_no_own_money_is_an_answer() -> None:
    whole = {key: "x" * 300 for keys in business_plans.SECTIONS.values() for key in keys}
    assert business_plans.missing({**whole, "own_sum": 0}, True) == []


def test_break_even_is_the_month_that_has_paid_all_back() -> None:
    assert business_plans.breakeven({"income": [0, 100, 200] + [0] * 9, "costs": [150, 0, 0] + [0] * 9}) == 3
    assert business_plans.breakeven({"income": [0] * 12, "costs": [1] * 12}) is None


# -------------------------------------------------------------------------------------------------------------- stipend


def due(**other: object) -> stipends.Due:
    usual: dict[str, object] = {
        "outcome": EnrolmentState.COMPLETED_COMPLETION,
        "online": False,
        "programme": True,
        "broken_off": False,
        "account": True,
    }
    return stipends.due(**{**usual, **other})  # type: ignore[arg-type]


@pytest.mark.clause("118-p31")
def test_who_completed_in_an_offline_group_is_paid() -> None:
    assert due() == stipends.Due(LineState.PAYABLE, "", "118-p31")


@pytest.mark.clause("118-p31")
def test_who_learned_online_is_not_paid() -> None:
    assert due(online=True).reason == LineReason.ONLINE
    assert due(online=True).state == LineState.EXCLUDED


@pytest.mark.clause("118-p32", "A-24")
@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(EnrolmentState.EXPELLED, LineReason.EXPELLED), (EnrolmentState.NOT_ADMITTED, LineReason.NOT_ADMITTED)],
)
def test_the_expelled_and_the_not_admitted_are_not_paid(outcome: str, reason: str) -> None:
    assert due(outcome=outcome) == stipends.Due(LineState.EXCLUDED, reason, "118-p32")


@pytest.mark.clause("118-p32")
def test_who_left_without_a_final_result_is_paid_all_the_same() -> None:
    assert due(outcome=EnrolmentState.NOT_PASSED).state == LineState.PAYABLE


@pytest.mark.clause("A-27")
def test_who_came_without_a_referral_is_not_paid() -> None:
    assert due(programme=False).reason == LineReason.NOT_PROGRAMME


@pytest.mark.clause("A-25")
@pytest.mark.parametrize("silent", [{"outcome": EnrolmentState.WITHDRAWN}, {"broken_off": True}])
def test_where_the_rules_are_silent_the_line_waits_for_the_director(silent: dict[str, object]) -> None:
    assert due(**silent) == stipends.Due(LineState.HELD, LineReason.DECISION_NEEDED, "A-25")


def test_who_has_no_account_is_held_not_excluded() -> None:
    assert due(account=False) == stipends.Due(LineState.HELD, LineReason.NO_ACCOUNT, "118-p31")


@pytest.mark.clause("118-p31")
@pytest.mark.parametrize(
    ("day", "sum_"), [(date(2023, 8, 31), 31422), (date(2023, 9, 1), 41896), (date(2026, 6, 1), 41896)]
)
def test_the_size_is_that_of_its_day(day: date, sum_: int) -> None:
    assert stipends.rate(day) == sum_


@pytest.mark.clause("A-25")
def test_a_course_earns_one_full_month_whatever_the_attendance() -> None:
    assert stipends.accrued(41896, 20, 3, date(2026, 6, 1)) == 41896


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("KZ86125KZT5004100100", True),
        ("KZ86125KZT5004100101", False),
        ("KZ8612", False),
        ("DE89370400440532013000", False),
        ("KZ86125KZT500410010б", False),
    ],
)
def test_an_account_number_is_checked_by_its_check_digits(number: str, valid: bool) -> None:
    assert stipends.valid_account(number) is valid
