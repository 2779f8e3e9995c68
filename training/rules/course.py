"""Scores, the assessment window and the drawing of tests: pure, but that terms come from the law and the calendar."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bastau import law, workdays
from bastau.workdays import Reckoning
from training.rules.enrolments import assessment

if TYPE_CHECKING:
    from training.models import Question, TrainingGroup


def reaches(correct: int, total: int, percent: int) -> bool:
    """Whether `correct` of `total` is at least `percent` per cent, by integers alone. Clause: A-19."""
    return total > 0 and correct * 100 >= percent * total


def module_passed(correct: int, total: int) -> bool:
    """Whether a module's test is passed. Clause: 118-p24."""
    return reaches(correct, total, law.value("118-p24"))


def final_passed(correct: int, total: int) -> bool:
    """Whether the final test is passed; a lower mark expels. Clause: 118-p25, A-20."""
    return reaches(correct, total, law.value("A-20:pass"))


def window(group: TrainingGroup) -> Reckoning:
    """T-ASSESS: the working days for tests and assessment, from the day after the last training day.
    Clause: 118-p28, A-22."""
    return assessment(group)


def last_day_over(group: TrainingGroup) -> datetime:
    """The end, 23:59, of the last training day: till then a plan may be handed in. Clause: A-22."""
    assert group.office is not None
    return workdays.end_of(workdays.add(group.end_on, law.term("A-22", group.end_on)), group.office.zone)


def draw(bank: Sequence[Question], *, chance: random.Random | None = None) -> list[dict[str, Any]]:
    """The questions of an attempt in a random order, the options of each in a random order. Clause: 118-p24."""
    chance = chance or random.SystemRandom()
    questions = list(bank)
    chance.shuffle(questions)
    drawn = []
    for question in questions:
        order = list(range(len(question.kk["options"])))
        chance.shuffle(order)
        drawn.append({"q": question.pk, "order": order})
    return drawn


def right_answers(questions: Sequence[dict[str, Any]], answers: dict[str, int], key: dict[int, int]) -> int:
    """How many answers are right; an unanswered question is not. `key`: question id -> the right option."""
    return sum(
        str(place) in answers and one["order"][answers[str(place)]] == key[one["q"]]
        for place, one in enumerate(questions)
    )


def ends_at(begun_at: datetime, until: datetime, *, final: bool) -> datetime:
    """When an attempt's time is over: after its minutes, never later than the window. Clause: T-TEST."""
    minutes = law.value("T-TEST:final" if final else "T-TEST:module")
    return min(begun_at + timedelta(minutes=minutes), until)
