"""The table of day exceptions: it only grows, and its newest entry wins."""

from datetime import UTC, date, datetime
from weakref import ReferenceType

import pytest
from celery.signals import task_postrun, task_prerun
from django.core.signals import request_finished, request_started
from django.db import IntegrityError, InternalError, transaction

from bastau import clock, workdays
from bastau.workdays import table
from bastau.workdays.models import DayException, NeverOverwritten

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

SATURDAY = date(2026, 6, 6)


def enter(**changed: object) -> DayException:
    fields = {
        "day": SATURDAY,
        "kind": "working",
        "name_kk": "Ауыстырылған жұмыс күні",
        "name_ru": "Перенесенный рабочий день",
        "decree": "№ 1",
        "entered_at": clock.now(),
    }
    return DayException.objects.create(**{**fields, **changed})


@pytest.fixture
def in_request():
    # Not by the signal itself: Django's own receivers of it close the connection the test stands on.
    table._begin()
    yield
    table._end()


def test_an_entry_overrides_the_calendar() -> None:
    enter()
    assert workdays.current("centre").is_working(SATURDAY)


def test_the_newest_entry_of_a_day_wins_even_when_entered_on_an_earlier_moved_clock() -> None:
    enter(entered_at=datetime(2026, 6, 1, tzinfo=UTC))
    enter(kind="off", decree="№ 2", entered_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert not workdays.current("centre").is_working(SATURDAY)


def test_an_entry_for_the_state_corporation_leaves_the_centre_alone() -> None:
    enter(day=date(2026, 6, 1), kind="off", for_centre=False)
    assert workdays.current("centre").is_working(date(2026, 6, 1))
    assert not workdays.current("sc").is_working(date(2026, 6, 1))


@pytest.mark.clause("A-50")
def test_the_entry_of_a_decree_settles_its_year() -> None:
    enter(day=date(2027, 1, 1), kind="off", settles_year=True)
    assert not workdays.current("centre").look(date(2027, 6, 1)).provisional


def test_seeding_twice_enters_the_shipped_exceptions_once() -> None:
    shipped, _ = workdays.shipped_exceptions()
    first = workdays.seed()
    assert workdays.seed() == 0
    assert DayException.objects.count() == len(shipped)
    assert first in {0, len(shipped)}


def test_seeding_again_leaves_a_later_entry_the_newest() -> None:
    workdays.seed()
    enter(day=date(2024, 5, 4), kind="off")
    workdays.seed()
    assert not workdays.current("centre").is_working(date(2024, 5, 4))


def test_an_entry_is_never_changed() -> None:
    entry = enter()
    entry.kind = "off"
    with pytest.raises(NeverOverwritten):
        entry.save()
    with pytest.raises(InternalError, match="enter a newer one"), transaction.atomic():
        DayException.objects.filter(pk=entry.pk).update(kind="off")


def test_an_entry_is_never_removed() -> None:
    entry = enter()
    with pytest.raises(NeverOverwritten):
        entry.delete()
    with pytest.raises(InternalError, match="enter a newer one"), transaction.atomic():
        DayException.objects.filter(pk=entry.pk)._raw_delete("default")


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"kind": "holiday"}, "day_exception_kind"),
        ({"for_centre": False, "for_sc": False}, "day_exception_for_someone"),
    ],
)
def test_nonsense_is_refused_by_the_database(changed: dict, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        enter(**changed)


def test_the_same_decree_says_the_same_of_a_day_once() -> None:
    enter()
    with pytest.raises(IntegrityError, match="day_exception_said_once"), transaction.atomic():
        enter()


def test_the_calendars_of_all_offices_cost_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        workdays.current("centre")


def test_within_a_request_the_table_is_read_once(in_request, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        workdays.current("centre")
        workdays.current("sc")


def test_outside_a_request_nothing_is_kept(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        workdays.current("centre")
        workdays.current("sc")


def test_after_an_entry_the_request_reads_anew(in_request) -> None:
    assert not workdays.current("centre").is_working(SATURDAY)
    enter()
    workdays.forget()
    assert workdays.current("centre").is_working(SATURDAY)


@pytest.mark.parametrize(
    ("signal", "receiver"),
    [
        (request_started, table._begin),
        (task_prerun, table._begin),
        (request_finished, table._end),
        (task_postrun, table._end),
    ],
)
def test_requests_and_tasks_begin_and_end_what_is_kept(signal, receiver) -> None:
    assert receiver in [kept() for _, kept, *_ in signal.receivers if isinstance(kept, ReferenceType)]


def test_what_ended_is_not_kept(in_request, django_assert_num_queries) -> None:
    workdays.current("centre")
    table._end()
    with django_assert_num_queries(1):
        workdays.current("centre")
