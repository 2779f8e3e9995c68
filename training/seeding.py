"""Loads the course of `fixtures/course.json`: modules and questions. Again, it changes only what the file changed."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import transaction

from bastau import clock
from training.models import CourseModule, Question

_ASKED = ("final", "kk", "ru", "answer", "basis")


def fixture() -> dict[str, Any]:
    """The course as the file has it."""
    found: dict[str, Any] = json.loads((settings.ROOT / "fixtures" / "course.json").read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load_course() -> tuple[int, int]:
    """Modules and questions; returns how many of each the course has. Clause: 118-p22-1.

    A question that changed, or that the file no longer has, is retired and kept: attempts refer to it.
    """
    course = fixture()
    modules = {}
    for row in course["modules"]:
        own = {name: value for name, value in row.items() if name != "code"}
        modules[row["code"]], _made = CourseModule.objects.update_or_create(code=row["code"], defaults=own)
    in_use = {question.code: question for question in Question.objects.filter(retired_at=None).order_by("pk")}
    for row in course["questions"]:
        module = modules[row["module"]]
        known = in_use.pop(row["code"], None)
        if (
            known is not None
            and known.module_id == module.pk
            and all(getattr(known, one) == row[one] for one in _ASKED)
        ):
            continue
        if known is not None:
            _retire([known.pk])
        Question.objects.create(code=row["code"], module=module, **{one: row[one] for one in _ASKED})
    _retire([question.pk for question in in_use.values()])
    return len(course["modules"]), len(course["questions"])


def _retire(keys: list[int]) -> None:
    Question.objects.filter(pk__in=keys).update(retired_at=clock.now())
