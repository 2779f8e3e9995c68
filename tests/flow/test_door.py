"""perform and perform_many: one door, all or nothing, the same rows behind both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from bastau import clock
from bastau.flow import SYSTEM, Actor, Refused, perform, perform_many, verdict
from bastau.flow.models import Deadline, Step
from referrals import signals
from referrals.models import ReferralApplication
from referrals.states import State
from tests.factories import CitizenFactory, PersonFactory
from tests.referrals import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def centre() -> cases.Centre:
    return cases.Centre.open()


def test_a_state_cannot_be_assigned(centre: cases.Centre) -> None:
    application = cases.accepted(centre)
    with pytest.raises(AttributeError):
        application.state = State.ISSUED


def test_a_state_cannot_be_assigned_after_a_refresh(centre: cases.Centre) -> None:
    application = cases.accepted(centre)
    application.refresh_from_db()
    with pytest.raises(AttributeError):
        application.state = State.ISSUED


def test_a_refresh_of_a_missing_row_keeps_the_protection(centre: cases.Centre) -> None:
    application = cases.draft(centre)
    ReferralApplication._base_manager.filter(pk=application.pk).delete()
    with pytest.raises(ReferralApplication.DoesNotExist):
        application.refresh_from_db()
    with pytest.raises(AttributeError):
        application.state = State.ISSUED


def test_perform_brings_the_passed_object_up_to_date(centre: cases.Centre) -> None:
    application = cases.accepted(centre)
    perform(application, "take", by=centre.specialist)
    assert application.state == State.IN_CHECK


def test_an_event_out_of_turn_is_refused_with_the_state_in_words(centre: cases.Centre) -> None:
    application = cases.accepted(centre)
    with pytest.raises(Refused) as refused:
        perform(application, "finish_check", by=centre.specialist)
    assert str(application.get_state_display()) in refused.value.messages[0]


def test_who_may_not_is_refused_and_nothing_changes(centre: cases.Centre) -> None:
    application = cases.accepted(centre)
    before = Step.objects.count()
    with pytest.raises(Refused):
        perform(application, "take", by=Actor(CitizenFactory()))
    application.refresh_from_db()
    assert (application.state, Step.objects.count()) == (State.ACCEPTED, before)


def test_a_failing_receiver_undoes_everything(centre: cases.Centre) -> None:
    application = cases.accepted(centre)
    before = Step.objects.count()

    def fail(**_: Any) -> None:
        raise RuntimeError("a receiver failed")

    signals.check_started.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            perform(application, "take", by=centre.specialist)
    finally:
        signals.check_started.disconnect(fail)
    application = ReferralApplication._base_manager.get(pk=application.pk)
    assert (application.state, application.assignee, Step.objects.count()) == (State.ACCEPTED, None, before)


def test_a_button_says_what_perform_would_refuse(centre: cases.Centre) -> None:
    application = cases.in_check(centre)
    answer = verdict(application, "finish_check", centre.specialist)
    with pytest.raises(Refused) as refused:
        perform(application, "finish_check", by=centre.specialist)
    assert not answer.ok
    assert refused.value.messages == [str(answer.reason)]


def test_an_unknown_event_is_a_programming_error(centre: cases.Centre) -> None:
    with pytest.raises(AttributeError):
        verdict(cases.accepted(centre), "fly", centre.specialist)


def _traces(case: ReferralApplication) -> dict[str, Any]:
    """Everything an event leaves behind, but for the identities of the rows themselves."""
    own = {"id", "case_id", "person", "number", "case_number", "hash", "previous_hash", "created_at"}

    def told(rows: Any) -> list[dict[str, Any]]:
        return [{name: value for name, value in row.items() if name not in own | {"person_id"}} for row in rows]

    of_case = {"case_kind": case.kind, "case_id": case.pk}
    return {
        "case": {name: value for name, value in model_to_dict(case).items() if name not in own},
        "steps": told(Step.objects.filter(event="take", **of_case).order_by("sequence").values()),
        "deadlines": told(Deadline.objects.filter(**of_case).order_by("name").values()),
    }


def test_both_doors_leave_the_same_rows(centre: cases.Centre) -> None:
    one, other = cases.accepted(centre), cases.accepted(centre)
    assert centre.colleague.user is not None
    with clock.at(clock.now() + timedelta(hours=1)):
        perform(one, "take", by=SYSTEM, set={"assignee": centre.colleague.user}, assignee=centre.colleague.user.pk)
        moved = perform_many(
            ReferralApplication._base_manager.filter(pk=other.pk).select_related("person", "office"),
            "take",
            by=SYSTEM,
            set_for=lambda case: {"assignee": centre.colleague.user},
            facts_for=lambda case: {"assignee": centre.colleague.user.pk if centre.colleague.user else 0},
        )
    assert moved == 1
    one, other = (ReferralApplication._base_manager.get(pk=case.pk) for case in (one, other))
    assert _traces(one) == _traces(other)


def test_the_second_door_leaves_out_what_it_may_not_move(centre: cases.Centre) -> None:
    waiting, done = cases.accepted(centre), cases.in_check(centre)
    moved = perform_many(
        ReferralApplication._base_manager.filter(pk__in=[waiting.pk, done.pk]).select_related("person", "office"),
        "take",
        by=SYSTEM,
        set_for=lambda case: {"assignee": centre.colleague.user},
    )
    done.refresh_from_db()
    assert (moved, done.assignee) == (1, centre.specialist.user)


def test_the_second_door_needs_no_more_statements_for_more_cases(
    centre: cases.Centre, django_assert_max_num_queries: Any
) -> None:
    ids = [cases.accepted(centre).pk for _ in range(6)]

    def move(some: list[int]) -> int:
        rows = ReferralApplication._base_manager.filter(pk__in=some).select_related("person", "office")
        with django_assert_max_num_queries(14) as captured:
            perform_many(rows, "take", by=SYSTEM, set_for=lambda case: {"assignee": centre.colleague.user})
        return len(captured)

    assert move(ids[:1]) == move(ids[1:])


def test_a_case_of_the_own_iin_is_nobodys_to_handle(centre: cases.Centre) -> None:
    assert centre.specialist.user is not None
    application = cases.draft(centre)
    type(application)._base_manager.filter(pk=application.pk).update(person=centre.specialist.user.person)
    application = type(application)._base_manager.get(pk=application.pk)
    with pytest.raises(Refused):
        perform(
            application,
            "accept",
            by=centre.specialist,
            set={"number": "БО-35-2026-999999", "accepted_on": clock.today("Asia/Almaty"), "originals_returned": True},
        )


@pytest.mark.engine
def test_the_database_keeps_one_open_application_for_a_person(centre: cases.Centre) -> None:
    person = PersonFactory()
    cases.accepted(centre, person=person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'referral_one_open'")
        assert cursor.fetchone() == (1,)
