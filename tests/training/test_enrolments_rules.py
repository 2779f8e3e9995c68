"""Pure rules of enrolment and certificates."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastau.papers.kinds import kind_of
from training.rules import certificates
from training.rules.enrolments import outcome, places_left, referral_is_old
from training.states import EnrolmentState


def group_of(members: int, mode: str = "offline") -> Any:
    counted = SimpleNamespace(count=lambda: members)
    return SimpleNamespace(mode=mode, enrolments=SimpleNamespace(members=lambda: counted))


@pytest.mark.parametrize(("members", "left"), [(0, 70), (69, 1), (70, 0), (71, 0)])
@pytest.mark.clause("118-p22-3")
def test_an_offline_group_has_places_for_seventy(members: int, left: int) -> None:
    assert places_left(group_of(members)) == left


def test_an_online_group_has_no_limit() -> None:
    assert places_left(group_of(500, "online")) is None


@pytest.mark.parametrize(
    ("final", "plan", "known", "expected"),
    [
        (59, 100, True, EnrolmentState.EXPELLED),
        (60, 60, True, EnrolmentState.COMPLETED_COMPLETION),
        (60, 59, True, EnrolmentState.COMPLETED_PARTICIPATION),
        (85, None, True, EnrolmentState.COMPLETED_PARTICIPATION),
        (85, None, False, None),
        (None, 75, True, None),
    ],
)
@pytest.mark.clause("118-p27-1")
@pytest.mark.clause("A-20")
@pytest.mark.clause("A-21")
def test_sixty_per_cent_is_needed_in_the_test_and_in_the_plan(
    final: int | None, plan: int | None, known: bool, expected: str | None
) -> None:
    assert outcome(final, plan, plan_known=known) == expected


def test_a_low_final_mark_expels_whatever_the_plan() -> None:
    assert outcome(55, 75, plan_known=True) == EnrolmentState.EXPELLED


@pytest.mark.clause("A-44")
def test_a_certificate_number_has_year_letter_seven_digits_and_a_check_digit() -> None:
    series = certificates.series("COMPLETION", date(2026, 6, 30))
    made = certificates.number(series, 42)
    assert made.startswith("BB-2026-A-0000042-")
    assert len(made) == len("BB-2026-A-0000042-0")


@pytest.mark.clause("A-44")
def test_a_referral_number_has_six_digits() -> None:
    number = kind_of("referral_a5").number_format
    assert number("ЖЛ-35-2026", 42) == "ЖЛ-35-2026-000042"


def test_a_certificate_of_participation_has_the_letter_q() -> None:
    assert certificates.series("PARTICIPATION", date(2026, 6, 30)) == "BB-2026-Q"


@given(n=st.integers(1, 9_999_999), place=st.integers(0, 6), sign=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_seen(n: int, place: int, sign: str) -> None:
    made = certificates.number("BB-2026-A", n)
    at = len("BB-2026-A-") + place
    changed = made[:at] + sign + made[at + 1 :]
    assert certificates.is_whole(changed) == (changed == made)


def test_the_other_letter_is_seen() -> None:
    made = certificates.number("BB-2026-A", 7)
    assert certificates.is_whole(made)
    assert not certificates.is_whole(made.replace("-A-", "-Q-"))


@pytest.mark.clause("T-REFERRAL-OLD")
def test_a_referral_is_old_after_twelve_months() -> None:
    assert not referral_is_old(date(2025, 6, 8), date(2026, 6, 8))
    assert referral_is_old(date(2025, 6, 8), date(2026, 6, 9))
