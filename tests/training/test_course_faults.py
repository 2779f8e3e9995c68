"""Two windows at the same instant, and a cut in the middle: one result, nothing lost, nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bastau import clock
from bastau.flow import Refused
from bastau.flow.models import Step
from tests.training import course_cases as cases
from training import signals
from training.actions import course
from training.models import TestAttempt
from training.states import FinalState, ModuleState


def together(moment: Any, *works: Callable[[], Any]) -> list[Any]:
    """What each of `works` gives back or raises, all begun at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            with clock.at(moment):
                return work()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(60) for one in [pool.submit(run, work) for work in works]]


def steps(case: Any, event: str) -> int:
    return Step.objects.filter(case_kind=case.kind, case_id=case.pk, event=event).count()


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_windows_begin_answer_and_hand_in_one_test() -> None:
    made = cases.running()
    person, now = made.people[0], made.at(0)
    by, module = cases.citizen(person), cases.module(person)
    with clock.at(now):
        course.see_materials(module, by=by)
    first, second = together(now, *[partial(course.begin_test, module, by=by)] * 2)
    assert (first.pk, first.questions) == (second.pk, second.questions)
    answers = [partial(course.save_answer, first.pk, by=by, place=place, choice=0) for place in range(6)]
    assert together(now, *answers) == [True] * 6
    kept = TestAttempt.objects.get(pk=first.pk)
    assert set(kept.answers) == {"0", "1", "2", "3", "4", "5"}
    results = together(now, *[partial(course.hand_in, kept, by=by)] * 3)
    assert len({(one.pk, one.correct, one.handed_in_at) for one in results}) == 1
    assert (steps(module, "begin"), steps(module, "hand_in")) == (1, 1)


@pytest.mark.django_db
def test_a_cut_while_handing_in_leaves_the_test_as_it_was() -> None:
    made = cases.running()
    person = made.people[0]
    with clock.at(made.at(0)):
        by = cases.citizen(person)
        attempt = cases.answered(cases.begun(cases.module(person)), 6, by)

        def fail(**_: Any) -> None:
            raise LookupError("the power went off")

        signals.module_test_done.connect(fail)
        try:
            with pytest.raises(LookupError):
                course.hand_in(attempt, by=by)
        finally:
            signals.module_test_done.disconnect(fail)
        attempt = TestAttempt.objects.get(pk=attempt.pk)
        assert attempt.handed_in_at is None
        assert len(attempt.answers) == 6
        assert cases.module(person).state == ModuleState.IN_TEST
        assert course.hand_in(attempt, by=by).correct == 6
        assert cases.final(person).state == FinalState.CLOSED
