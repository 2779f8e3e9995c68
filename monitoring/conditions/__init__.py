"""Conditions of the transitions, by topic. Each carries the sentence that the disabled button shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise

Condition = Callable[[Any], bool]


def because(reason: Promise) -> Callable[[Condition], Condition]:
    """Give a condition the sentence that says why the step waits and what to do."""

    def mark(condition: Condition) -> Condition:
        condition.reason = reason  # type: ignore[attr-defined]
        return condition

    return mark
