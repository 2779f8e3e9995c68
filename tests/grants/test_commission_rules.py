"""The rules of the commission, pure: quorum, outcome, rank, money, the last day for notices (A-32, A-33)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastau import law
from bastau.workdays import calendar_for
from grants.rules import meetings
from grants.rules import voting as rules

MEMBERS = st.integers(min_value=1, max_value=99)
CENTRE = calendar_for("centre")


@pytest.mark.clause("A-32")
@pytest.mark.parametrize(("appointed", "needed"), [(5, 4), (6, 4), (7, 5), (8, 6), (9, 6), (11, 8)])
def test_the_quorum_is_two_thirds_rounded_up(appointed: int, needed: int) -> None:
    assert rules.quorum_needed(appointed) == needed


@given(MEMBERS)
def test_the_quorum_is_the_least_number_that_is_two_thirds(appointed: int) -> None:
    needed = rules.quorum_needed(appointed)
    assert needed * 3 >= appointed * 2
    assert (needed - 1) * 3 < appointed * 2


@given(MEMBERS, st.integers(min_value=0, max_value=99))
def test_whoever_comes_more_never_loses_the_quorum(appointed: int, present: int) -> None:
    assert rules.has_quorum(appointed, present + 1) or not rules.has_quorum(appointed, present)


def test_a_commission_of_nobody_has_no_quorum() -> None:
    assert not rules.has_quorum(0, 0)


@pytest.mark.clause("A-32")
@pytest.mark.parametrize(
    ("votes_for", "base", "chair", "granted"),
    [(3, 7, True, False), (4, 7, False, True), (3, 6, True, True), (3, 6, False, False), (0, 0, True, False)],
)
def test_the_outcome_of_a_vote(votes_for: int, base: int, chair: bool, granted: bool) -> None:
    assert rules.is_granted(votes_for, base, chair) is granted


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.booleans())
def test_the_chair_decides_at_exactly_half_and_never_else(
    votes_for: int, against: int, abstained: int, chair: bool
) -> None:
    base = votes_for + against + abstained
    swings = rules.is_granted(votes_for, base, True) != rules.is_granted(votes_for, base, False)
    assert swings == rules.decided_by_chair(votes_for, base)
    if not swings:
        assert rules.is_granted(votes_for, base, chair) == (votes_for > against + abstained)


@given(st.integers(0, 50), st.integers(0, 50), st.booleans())
def test_one_more_vote_for_never_takes_a_grant_away(votes_for: int, rest: int, chair: bool) -> None:
    if rules.is_granted(votes_for, votes_for + rest, chair):
        assert rules.is_granted(votes_for + 1, votes_for + rest + 1, chair)


ROWS = st.lists(
    st.builds(
        rules.Ranked,
        key=st.integers(1, 10_000),
        score_sum=st.integers(0, 900),
        score_count=st.integers(0, 9),
        filed_at=st.integers(0, 8000).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    ),
    unique_by=lambda row: row.key,
)


@given(ROWS)
def test_the_rank_goes_by_mean_score_then_by_the_earlier_application(rows: list[rules.Ranked]) -> None:
    order = rules.ranked(rows)
    assert sorted(row.key for row in order) == sorted(row.key for row in rows)
    for higher, lower in pairwise(order):
        assert higher.mean >= lower.mean
        if higher.mean == lower.mean:
            assert higher.filed_at <= lower.filed_at


def test_mean_scores_are_compared_without_rounding() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    third, less = rules.Ranked(1, 200, 3, at), rules.Ranked(2, 6_666, 100, at)
    assert third.mean == Fraction(200, 3)
    assert rules.ranked([less, third]) == [third, less]


@given(st.lists(st.integers(1, 1_730_000)), st.integers(0, 20_000_000))
def test_the_money_reaches_a_prefix_of_the_rank_and_no_more(sums: list[int], free: int) -> None:
    reached = rules.within_money(sums, free)
    assert sum(sums[:reached]) <= free
    assert reached == len(sums) or sum(sums[: reached + 1]) > free


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_majority_is_more_than_half_of_those_who_sat(signed: int, sitting: int) -> None:
    assert rules.majority_signed(signed, sitting) == (sitting > 0 and signed > sitting / 2)


DAYS = st.dates(date(2026, 2, 1), date(2026, 11, 30)).filter(CENTRE.is_working)


@pytest.mark.clause("A-33")
@given(DAYS)
def test_three_working_days_lie_after_the_last_day_for_notices(day: date) -> None:
    due = meetings.notice_due(day, CENTRE, "Asia/Almaty")
    after = [due.due_on + timedelta(days=n) for n in range(1, (day - due.due_on).days + 1)]
    assert sum(CENTRE.is_working(one) for one in after) == law.term("A-33", day).length == 3
    assert CENTRE.is_working(due.due_on)


@given(DAYS)
def test_the_earliest_meeting_named_is_in_time_and_the_working_day_before_is_not(day: date) -> None:
    now = datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)
    first = meetings.earliest_meeting(now, CENTRE, "Asia/Almaty")
    assert meetings.is_in_time(first, now, CENTRE, "Asia/Almaty")
    assert not meetings.is_in_time(CENTRE.last_working_before(first), now, CENTRE, "Asia/Almaty")
