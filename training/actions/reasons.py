"""Written reasons beside the journal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import Actor, Refused
from training.models import WrittenReason


def write(case: Any, event: str, text: str, by: Actor) -> WrittenReason:
    """Keep the reason of a step that is about to happen, in its transaction. Raises Refused when it is empty."""
    if not text.strip():
        raise Refused(_("Write the reason: those concerned read it."))
    assert by.user is not None
    return WrittenReason.objects.create(
        case_kind=case.kind, case_id=case.pk, event=event, text=text.strip(), by=by.user, at=clock.now()
    )


def of(case: Any) -> list[WrittenReason]:
    """All written reasons of a case, the newest first."""
    rows = WrittenReason.objects.filter(case_kind=case.kind, case_id=case.pk)
    return list(rows.select_related("by__person").order_by("-pk"))
