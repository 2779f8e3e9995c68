"""What holds for every day, not only for the examples."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bastau import law
from bastau.workdays import CalendarKind, DayRule, calendar_for, exceptions_changed, working_term
from bastau.workdays.words import Words
from referrals import dates

ALMATY = "Asia/Almaty"
CENTRE = calendar_for("centre")
BOTH = frozenset({CalendarKind.CENTRE, CalendarKind.SC})

#: A loaded machine is no reason to fail.
unhurried = settings(deadline=None)

days = st.dates(date(2021, 5, 1), date(2027, 11, 30))
minutes = st.integers(0, 24 * 60 - 1)
instants = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZoneInfo(ALMATY)),
    days,
    minutes,
)
lengths = st.sampled_from(["118-p06", "118-p09-1", "118-p09-2", "118-p28", "A-11:control"])


@unhurried
@given(instants, st.integers(1, 60 * 24 * 40))
def test_a_later_filing_on_the_portal_is_never_due_earlier(filed: datetime, later: int) -> None:
    second = (filed.astimezone(ZoneInfo("UTC")) + timedelta(minutes=later)).astimezone(ZoneInfo(ALMATY))
    first, after = (dates.reckon("portal", one, ALMATY, calendar_for) for one in (filed, second))
    assert first.accepted_on <= after.accepted_on
    assert first.check.due <= after.check.due
    assert first.total.due <= after.total.due


@unhurried
@given(days, st.integers(0, 40))
def test_a_later_acceptance_through_the_state_corporation_is_never_returned_earlier(day: date, later: int) -> None:
    first, after = (dates.dates_from("sc", one, ALMATY, calendar_for) for one in (day, day + timedelta(days=later)))
    assert first.sc_return is not None
    assert after.sc_return is not None
    assert first.sc_return.due <= after.sc_return.due
    assert first.total.due <= after.total.due


@unhurried
@given(days, lengths)
def test_a_due_date_is_a_working_day_at_the_close_of_its_calendar(day: date, clause: str) -> None:
    found = working_term(day, law.term(clause), CENTRE, ALMATY)
    assert CENTRE.is_working(found.due_on)
    assert found.due_local.time() == CENTRE.closes(found.due_on)


@unhurried
@given(days)
def test_the_return_to_the_state_corporation_is_a_working_day_at_least_a_day_before_the_end(day: date) -> None:
    found = dates.dates_from("sc", day, ALMATY, calendar_for)
    assert found.sc_return is not None
    assert CENTRE.is_working(found.sc_return.due_on)
    assert found.total.due - found.sc_return.due >= timedelta(hours=24)


@unhurried
@given(days, lengths)
def test_a_term_counts_exactly_its_working_days(day: date, clause: str) -> None:
    term = law.term(clause)
    found = working_term(day, term, CENTRE, ALMATY)
    counted = [look for look in found.days if look.counted]
    assert [look.number for look in counted] == list(range(1, term.length + 1))
    assert all(CENTRE.is_working(look.date) is look.counted for look in found.days)
    assert [look.date for look in found.days] == [day + timedelta(days=n + 1) for n in range(len(found.days))]


@unhurried
@given(days, st.lists(days, min_size=1, max_size=12), st.integers(-20, 20), lengths)
def test_moving_one_day_off_moves_exactly_the_deadlines_that_crossed_it(
    moved: date, starts: list[date], near: int, clause: str
) -> None:
    # Most starts lie years away; one is near, so that something can cross.
    starts = [*starts, moved + timedelta(days=near)]
    moved_rule = DayRule(moved, not CENTRE.is_working(moved), Words("себеп", "причина", "reason"), "№ 1", BOTH)
    changed = calendar_for("centre", [moved_rule])
    term = law.term(clause)
    before = [working_term(start, term, CENTRE, ALMATY) for start in starts]
    after = [working_term(start, term, changed, ALMATY) for start in starts]

    for old, new in zip(before, after, strict=True):
        crossed = old.start < moved <= old.due_on
        assert (old.due != new.due) == crossed
        if crossed:
            assert (new.due > old.due) == CENTRE.is_working(moved)

    named = exceptions_changed(CENTRE, changed, before)
    assert all(old in named for old, new in zip(before, after, strict=True) if old.due != new.due)
    assert all(old.start <= moved <= old.due_on for old in named)
