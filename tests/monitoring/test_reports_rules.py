"""The pure rules of quarterly reports: quarters, balance, further reports, reminders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitoring.rules.reports import (
    Balance,
    first_quarters,
    further_due,
    may_be_filed,
    next_quarter_end,
    previous_quarter_end,
    quarter_name,
    reminder,
)

Q2 = date(2026, 6, 30)


@pytest.mark.clause("A-39")
@pytest.mark.clause("FKA04-5.1")
def test_four_quarters_are_reported_from_that_of_the_payment() -> None:
    assert first_quarters(date(2026, 5, 20)) == [Q2, date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)]


def test_a_payment_on_the_last_day_of_a_quarter_is_reported_for_that_quarter() -> None:
    assert first_quarters(Q2)[0] == Q2


@pytest.mark.parametrize(("end", "after", "before"), [
    (Q2, date(2026, 9, 30), date(2026, 3, 31)),
    (date(2026, 12, 31), date(2027, 3, 31), date(2026, 9, 30)),
    (date(2027, 3, 31), date(2027, 6, 30), date(2026, 12, 31)),
])  # fmt: skip
def test_quarters_follow_each_other_over_the_years(end: date, after: date, before: date) -> None:
    assert (next_quarter_end(end), previous_quarter_end(end)) == (after, before)


def test_a_quarter_has_its_name_in_each_language() -> None:
    assert quarter_name(Q2) == {
        "kk": "2026 жылғы II тоқсан", "ru": "II квартал 2026 года", "en": "the second quarter of 2026",
    }  # fmt: skip


@pytest.mark.parametrize(("today", "may"), [(Q2, False), (date(2026, 7, 1), True), (date(2026, 5, 21), False)])
def test_a_report_waits_for_the_end_of_its_quarter(today: date, may: bool) -> None:
    assert may_be_filed(Q2, today) is may


def test_the_rest_is_what_filed_reports_leave_and_unconfirmed_what_no_decision_covers() -> None:
    money = Balance(received=1_000, spent=700, confirmed=400, recovered=100, in_court=50)
    assert (money.rest, money.unconfirmed) == (300, 450)


@pytest.mark.parametrize(("confirmed", "open_reports", "today", "due"), [
    (1_000, False, date(2027, 5, 1), False),  # the whole sum is confirmed
    (900, False, date(2027, 5, 1), True),  # all reports are behind, money is not
    (900, True, date(2027, 5, 1), False),  # one report may still confirm it
    (900, True, date(2027, 7, 1), True),  # the next quarter itself is over
])  # fmt: skip
@pytest.mark.clause("FKA04-5.1")
def test_further_reports_are_due_until_the_whole_sum_is_confirmed(
    confirmed: int, open_reports: bool, today: date, due: bool
) -> None:
    money = Balance(received=1_000, confirmed=confirmed)
    assert further_due(money, date(2027, 3, 31), today, open_reports=open_reports) is due


@pytest.mark.clause("A-39")
@pytest.mark.parametrize(("sent", "left", "now"), [
    (None, timedelta(days=5, seconds=1), None),
    (None, timedelta(days=5), 5),
    (None, timedelta(days=4, seconds=1), 5),
    (5, timedelta(days=2), None),
    (5, timedelta(days=1, seconds=1), None),
    (5, timedelta(days=1), 1),
    (1, timedelta(hours=2), None),
    (None, timedelta(hours=2), 1),  # both were missed: the nearest is enough
    (None, timedelta(0), None),
])  # fmt: skip
def test_reminders_go_out_five_days_and_one_day_before(sent: int | None, left: timedelta, now: int | None) -> None:
    assert reminder(sent, left) == now
