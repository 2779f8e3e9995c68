"""What the facts of lists, plans and groups set off: notices, and work queued for later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import Signal, receiver

from bastau.flow import Actor
from bastau.people.roles import Role
from training import signals
from training.notices import groups as words


def _tell(signal: Signal, uid: str, tell: Any) -> None:
    """Let `tell(case, key)` follow the signal; the key tells this moment of the case from its others."""

    @receiver(signal, dispatch_uid=f"training.groups.{uid}", weak=False)
    def told(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
        tell(case, f"{uid}-{at:%Y%m%d%H%M%S}")


_tell(
    signals.list_drawn,
    "list-drawn",
    lambda case, key: words.tell_list(case, words.LIST_DRAWN, key, words.centre(case, Role.DIRECTOR, Role.SPECIALIST)),
)
_tell(
    signals.list_signed,
    "list-signed",
    lambda case, key: words.tell_list(case, words.LIST_SIGNED, key, words.centre(case, Role.SPECIALIST)),
)
_tell(
    signals.list_sent,
    "list-sent",
    lambda case, key: words.tell_list(case, words.LIST_SENT, key, words.chamber(case)),
)
_tell(
    signals.list_received,
    "list-received",
    lambda case, key: words.tell_list(case, words.LIST_RECEIVED, key, words.centre(case, Role.SPECIALIST)),
)
for _signal, _uid, _what in (
    (signals.training_plan_sent, "plan-sent", words.PLAN_SENT),
    (signals.group_planned, "group-planned", words.SCHEDULE_WAITS),
    (signals.schedule_changed, "schedule-changed", words.SCHEDULE_WAITS),
    (signals.group_replanned, "group-replanned", words.SCHEDULE_WAITS),
    (signals.change_asked, "change-asked", words.CHANGE_ASKED),
    (signals.group_substituted, "group-substituted", words.SUBSTITUTED),
    (signals.group_cancelled, "group-cancelled", words.CANCELLED),
    (signals.group_broken_off, "group-broken-off", words.BROKEN_OFF),
    (signals.group_completed, "group-completed", words.COMPLETED),
):
    _tell(_signal, _uid, lambda case, key, what=_what: words.tell_local_body(case, what, key))
for _signal, _uid, _what in (
    (signals.training_plan_agreed, "plan-agreed", words.PLAN_AGREED),
    (signals.training_plan_returned, "plan-returned", words.PLAN_RETURNED),
    (signals.schedule_agreed, "schedule-agreed", words.SCHEDULE_AGREED),
    (signals.schedule_objected, "schedule-objected", words.SCHEDULE_OBJECTED),
    (signals.change_agreed, "change-agreed", words.CHANGE_AGREED),
    (signals.change_declined, "change-declined", words.CHANGE_DECLINED),
):
    _tell(_signal, _uid, lambda case, key, what=_what: words.tell_coordinator(case, what, key))
for _signal, _uid in ((signals.people_assigned, "assigned"), (signals.group_substituted, "substitute")):
    _tell(_signal, _uid, lambda case, key: words.tell_trainer(case))
_tell(signals.group_postponed, "postponed", lambda case, key: words.tell_postponed(case, key))
_tell(signals.group_merged, "merged", lambda case, key: words.tell_merged(case))
_tell(signals.change_agreed, "members-asked", lambda case, key: words.tell_change(case))
_tell(signals.enrolment_opened, "invited", lambda case, key: words.invite(case))


@receiver(signals.group_announced, dispatch_uid="training.groups.announced")
def announced(sender: type, case: Any, by: Actor, at: datetime, **_: Any) -> None:
    """Who holds a place learns of a moved start; the enrolment is opened by the system, at once or by beat."""
    from training import tasks

    if case.announcements.count() > 1:
        words.tell_moved(case)
    transaction.on_commit(tasks.sweep_groups.delay, robust=True)
