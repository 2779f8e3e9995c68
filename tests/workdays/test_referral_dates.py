"""The dates of a referral, by the worked examples of the specification (V…)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from bastau.workdays import calendar_for
from referrals import dates

ALMATY = "Asia/Almaty"


def local(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ALMATY))


def reckoned(channel: str, at: str) -> dates.ReferralDates:
    return dates.reckon(channel, local(at), ALMATY, calendar_for)


@pytest.mark.clause("118-p06", "A-02")
@pytest.mark.parametrize(
    ("channel", "filed", "due"),
    [
        pytest.param("centre", "2026-06-01T10:00", "2026-06-04T18:30", id="V1 centre's counter"),
        pytest.param("portal", "2026-06-02T07:15", "2026-06-05T18:30", id="V2 Portal before opening"),
        pytest.param("portal", "2026-06-05T19:10", "2026-06-11T18:30", id="V3 Portal after hours"),
        pytest.param("portal", "2026-07-06T12:00", "2026-07-10T18:30", id="V5 Portal on a holiday"),
        pytest.param("portal", "2026-03-20T18:40", "2026-03-31T18:30", id="V6 Portal before Nauryz"),
        pytest.param("sc", "2026-06-01T10:00", "2026-06-04T18:30", id="V7 State Corporation"),
        pytest.param("sc", "2026-06-03T10:00", "2026-06-08T18:30", id="V8 State Corporation, due Monday"),
        pytest.param("sc", "2026-06-06T11:00", "2026-06-10T18:30", id="V9 State Corporation on Saturday"),
        pytest.param("centre", "2026-08-31T10:00", "2026-09-03T18:30", id="V10 former holiday"),
        pytest.param("centre", "2026-05-08T10:00", "2026-05-14T18:30", id="V11 moved day off"),
        pytest.param("portal", "2024-02-28T16:00", "2024-03-04T18:30", id="V19 the clocks change"),
        pytest.param("sc", "2026-06-05T19:30", "2026-06-10T18:30", id="V27 State Corporation in the evening"),
        pytest.param("centre", "2024-05-02T10:00", "2024-05-06T18:30", id="V34 working Saturday"),
    ],
)
def test_the_service_takes_three_working_days(channel: str, filed: str, due: str) -> None:
    assert reckoned(channel, filed).total.due_local == local(due)


@pytest.mark.clause("118-p09-1", "A-02")
@pytest.mark.parametrize(
    ("channel", "filed", "due"),
    [
        pytest.param("centre", "2026-06-01T10:00", "2026-06-03T18:30", id="V1"),
        pytest.param("sc", "2026-06-01T10:00", "2026-06-03T18:30", id="V7"),
        pytest.param("sc", "2026-06-03T10:00", "2026-06-05T18:30", id="V8"),
        pytest.param("sc", "2026-06-06T11:00", "2026-06-09T18:30", id="V9"),
        pytest.param("sc", "2026-06-05T19:30", "2026-06-09T18:30", id="V27"),
    ],
)
def test_the_check_takes_two_working_days(channel: str, filed: str, due: str) -> None:
    assert reckoned(channel, filed).check.due_local == local(due)


@pytest.mark.clause("T-SC-CHECK")
@pytest.mark.parametrize(
    ("filed", "due"),
    [
        pytest.param("2026-06-01T10:00", "2026-06-02T18:30", id="V7"),
        pytest.param("2026-06-03T10:00", "2026-06-04T18:30", id="V8"),
        pytest.param("2026-06-06T11:00", "2026-06-08T18:30", id="V9"),
        pytest.param("2026-06-05T19:30", "2026-06-08T18:30", id="V27"),
    ],
)
def test_the_internal_target_leaves_the_director_a_day(filed: str, due: str) -> None:
    check = reckoned("sc", filed).sc_check
    assert check is not None
    assert check.due_local == local(due)


@pytest.mark.clause("118-p07-2", "A-03")
@pytest.mark.parametrize(
    ("filed", "due"),
    [
        pytest.param("2026-06-01T10:00", "2026-06-03T18:30", id="V7"),
        pytest.param("2026-06-03T10:00", "2026-06-05T18:30", id="V8 rolls back over the weekend"),
        pytest.param("2026-06-06T11:00", "2026-06-09T18:30", id="V9"),
        pytest.param("2026-06-05T19:30", "2026-06-09T18:30", id="V27"),
    ],
)
def test_the_result_reaches_the_state_corporation_a_day_before(filed: str, due: str) -> None:
    sc_return = reckoned("sc", filed).sc_return
    assert sc_return is not None
    assert sc_return.due_local == local(due)


@pytest.mark.clause("118-p07-2", "A-03")
def test_a_day_before_is_the_last_counted_day_of_the_return() -> None:
    sc_return = reckoned("sc", "2026-06-03T10:00").sc_return
    assert sc_return is not None
    assert [(day.date.day, day.number) for day in sc_return.days] == [(4, 1), (5, 2), (6, None), (7, None)]


@pytest.mark.parametrize("channel", ["portal", "centre"])
def test_only_the_state_corporation_has_a_return(channel: str) -> None:
    found = reckoned(channel, "2026-06-01T10:00")
    assert (found.sc_return, found.sc_check) == (None, None)


@pytest.mark.clause("118-a2-r07", "A-04")
@pytest.mark.parametrize(
    ("filed", "accepted"),
    [
        pytest.param("2026-06-02T07:15", "2026-06-02", id="V2 before opening"),
        pytest.param("2026-06-05T19:10", "2026-06-08", id="V3 after hours"),
        pytest.param("2026-06-05T18:30:00", "2026-06-08", id="V4 at the cutoff"),
        pytest.param("2026-06-05T18:29:59", "2026-06-05", id="a second before the cutoff"),
        pytest.param("2026-07-06T12:00", "2026-07-07", id="V5 holiday"),
        pytest.param("2026-03-20T18:40", "2026-03-26", id="V6 Nauryz"),
        pytest.param("2024-05-04T12:00", "2024-05-04", id="working Saturday"),
    ],
)
def test_the_portal_accepts_after_hours_on_the_next_working_day(filed: str, accepted: str) -> None:
    assert reckoned("portal", filed).accepted_on == date.fromisoformat(accepted)


@pytest.mark.clause("A-05")
@pytest.mark.parametrize("filed", ["2026-06-06T11:00", "2026-06-05T19:30"])
def test_the_state_corporation_accepts_on_the_day_of_filing(filed: str) -> None:
    assert reckoned("sc", filed).accepted_on == local(filed).date()


def test_the_days_between_filing_and_acceptance_are_explained() -> None:
    before = reckoned("portal", "2026-06-05T19:10").total.before
    assert [(day.date.day, day.reason_ru) for day in before] == [
        (6, "Выходной день (суббота)"),
        (7, "Выходной день (воскресенье)"),
    ]


def test_the_clock_change_moves_the_instant_and_not_the_local_hour() -> None:
    assert reckoned("portal", "2024-02-28T16:00").total.due == datetime(2024, 3, 4, 13, 30, tzinfo=UTC)


@pytest.mark.clause("118-a2-r07")
@pytest.mark.parametrize(
    ("channel", "filed"),
    [
        ("centre", "2026-06-01T08:59"),
        ("centre", "2026-06-05T18:30"),
        ("centre", "2026-06-06T11:00"),
        ("sc", "2026-06-05T20:00"),
        ("sc", "2026-06-07T11:00"),
    ],
)
def test_a_closed_counter_accepts_nothing(channel: str, filed: str) -> None:
    with pytest.raises(dates.OutsideHours):
        reckoned(channel, filed)


def test_the_sentence_of_a_closed_counter_names_its_hours() -> None:
    with pytest.raises(dates.OutsideHours) as closed, override("en"):
        reckoned("sc", "2026-06-05T20:00")
    with override("en"):
        assert "09:00–20:00" in str(closed.value)


def test_the_sentence_of_a_day_off_names_the_day() -> None:
    with pytest.raises(dates.OutsideHours) as closed:
        reckoned("centre", "2026-06-06T11:00")
    with override("en"):
        assert "06.06.2026" in str(closed.value)


@pytest.mark.clause("118-p09-2")
@pytest.mark.parametrize(
    ("checked", "due"),
    [
        pytest.param("2026-06-01", "2026-06-02T18:30", id="checked at once: the whole is shorter than three days"),
        pytest.param("2026-06-03", "2026-06-04T18:30", id="checked in time"),
        pytest.param("2026-06-04", "2026-06-04T18:30", id="checked late: the whole term still rules"),
    ],
)
def test_the_decision_takes_one_working_day_and_never_outlives_the_service(checked: str, due: str) -> None:
    total = reckoned("centre", "2026-06-01T10:00").total
    found = dates.issue_due(date.fromisoformat(checked), total, None, ALMATY, calendar_for("centre"))
    assert found.due_local == local(due)


@pytest.mark.clause("118-p09-2")
def test_through_the_state_corporation_the_return_binds_the_signature() -> None:
    found = reckoned("sc", "2026-06-01T10:00")
    due = dates.issue_due(date(2026, 6, 3), found.total, found.sc_return, ALMATY, calendar_for("centre"))
    assert due.due_local == local("2026-06-03T18:30")


@pytest.mark.clause("A-45")
@pytest.mark.parametrize(
    ("signed", "issued", "late"),
    [
        pytest.param("2026-06-03T19:00", "2026-06-04", False, id="V29 the evening before"),
        pytest.param("2026-06-04T18:30", "2026-06-05", True, id="V29 at the cutoff"),
        pytest.param("2026-06-04T18:29", "2026-06-04", False, id="V29 a minute before"),
        pytest.param("2026-06-06T12:00", "2026-06-08", True, id="on a Saturday"),
    ],
)
def test_a_result_signed_late_in_the_day_is_issued_the_next_working_day(signed: str, issued: str, late: bool) -> None:
    centre = calendar_for("centre")
    total = reckoned("centre", "2026-06-01T10:00").total
    assert dates.issued_on(local(signed), ALMATY, centre) == date.fromisoformat(issued)
    assert dates.is_late(local(signed), total, centre) is late


@pytest.mark.clause("A-50")
def test_a_term_that_touches_a_year_without_a_decree_is_provisional() -> None:
    assert reckoned("portal", "2026-12-31T12:00").provisional
    assert not reckoned("portal", "2026-12-21T12:00").provisional


def test_dates_reckoned_anew_from_the_acceptance_keep_its_day() -> None:
    found = reckoned("portal", "2026-06-05T19:10")
    again = dates.dates_from("portal", found.accepted_on, ALMATY, calendar_for, before=found.total.before)
    assert again == found
