"""Who of the staff reads the files of a case: whoever may see the case, as the app that owns its kind says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

Visible = Callable[[Any], QuerySet[Any]]

_visible: dict[str, Visible] = {}
_whole: set[str] = set()


def register_cases(kind: str, visible: Visible, *, whole: bool = False) -> None:
    """Let `visible(user)` give the cases of `kind` that a user may see. Raises ValueError when another one does.

    `whole`: whoever of the staff sees such a case reads all its papers, in whichever office they were made.
    """
    if _visible.setdefault(kind, visible) != visible:
        raise ValueError(f"The cases of kind {kind} are registered twice.")
    if whole:
        _whole.add(kind)


def of_whole_kinds() -> Q:
    """Rows of the kinds of cases whose papers are read by everybody of the staff who sees the case."""
    return Q(case_kind__in=_whole)


def of_cases_seen_by(user: Any) -> Q:
    """Rows with `case_kind` and `case_id` of the cases that `user` may see."""
    seen = Q(pk__in=[])
    for kind, visible in _visible.items():
        seen |= Q(case_kind=kind, case_id__in=visible(user).values("pk"))
    return seen
