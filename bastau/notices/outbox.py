"""Writing notices: who gets them, by which ways, in two statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, prefetch_related_objects

from bastau import clock
from bastau.notices import Citizen, Holders, Message, NotInTransaction, kinds
from bastau.notices.models import Channel, Delivery
from bastau.people.citizens import account_of
from bastau.people.models import Person, Post, User, UserKind

# The ORM can skip a conflict or give ids back, not both, and only new notices get deliveries.
_INSERT = """
    INSERT INTO notices_notice (key, code, user_id, language, case_kind, case_id, facts, created_at)
    SELECT key, code, user_id, language, case_kind, case_id, facts, %s
    FROM jsonb_to_recordset(%s::jsonb) AS told
        (key text, code text, user_id bigint, language text, case_kind text, case_id bigint, facts jsonb)
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
"""


def write(messages: Sequence[Message]) -> int:
    """See :func:`bastau.notices.tell_many`."""
    if not connection.in_atomic_block:
        raise NotInTransaction("Tell inside the transaction of the change that is told of.")
    rows: dict[str, dict[str, Any]] = {}
    ways: dict[str, list[tuple[str, str]]] = {}
    for message, user in _addressed(messages):
        row = _row(message, user)
        rows[row["key"]] = row
        ways[row["key"]] = _ways(message, user)
    if not rows:
        return 0
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [now, json.dumps(list(rows.values()), ensure_ascii=False)])
        new = cursor.fetchall()
    deliveries = [_delivery(notice, channel, address, now) for notice, key in new for channel, address in ways[key]]
    Delivery.objects.bulk_create(deliveries)
    if any(delivery.channel in {Channel.EMAIL, Channel.SMS} for delivery in deliveries):
        _queue()
    return len(new)


def _row(message: Message, user: User) -> dict[str, Any]:
    missing = kinds.kind(message.code).facts - set(message.facts)
    if missing:
        raise ValueError(f"{message.code} also says {', '.join(sorted(missing))}.")
    return {
        "key": f"{message.code}:{message.case_kind}:{message.case_id}:{message.key}:{user.pk}",
        "code": message.code,
        "user_id": user.pk,
        "language": user.language,
        "case_kind": message.case_kind,
        "case_id": message.case_id,
        "facts": kinds.kept(message.facts),
    }


def _ways(message: Message, user: User) -> list[tuple[str, str]]:
    """The channels of one notice: staff have the desk and one mail a day; citizens choose by the addresses given."""
    if message.code == kinds.DIGEST:
        return [(Channel.EMAIL, user.email)]
    if user.is_citizen:
        email = user.person.email if message.email is None else message.email
        phone = user.person.phone if message.phone is None else message.phone
        others = [(Channel.EMAIL, email), (Channel.SMS, phone)]
    else:
        others = [(Channel.DIGEST, user.email)]
    return [(Channel.CABINET, ""), *[(channel, address) for channel, address in others if address]]


def _delivery(notice: int, channel: str, address: str, now: datetime) -> Delivery:
    # A line in the cabinet is there as soon as it is written.
    sent_at = now if channel == Channel.CABINET else None
    return Delivery(notice_id=notice, channel=channel, address=address, next_at=now, sent_at=sent_at)


def _addressed(messages: Sequence[Message]) -> Iterable[tuple[Message, User]]:
    by_id = _by_id({message.to for message in messages if isinstance(message.to, int)})
    citizens = _citizens({message.to for message in messages if isinstance(message.to, Citizen)})
    holders = _holders({message.to for message in messages if isinstance(message.to, Holders)})
    prefetch_related_objects([m.to for m in messages if isinstance(m.to, User) and m.to.is_citizen], "person")
    for message in messages:
        match message.to:
            case Holders():
                users = holders[message.to]
            case Citizen():
                users = [citizens[message.to]]
            case int():
                users = [by_id[message.to]]
            case _:
                users = [message.to]
        for user in users:
            yield message, user


def _by_id(wanted: set[int]) -> dict[int, User]:
    return {user.pk: user for user in User.objects.filter(pk__in=wanted).select_related("person")} if wanted else {}


def _citizens(wanted: set[Citizen]) -> dict[Citizen, User]:
    if not wanted:
        return {}
    accounts = User.objects.filter(kind=UserKind.CITIZEN, person__in=[citizen.person for citizen in wanted])
    found = {Citizen(user.person_id): user for user in accounts.select_related("person")}
    # Somebody who came to a counter and never signed in: the notices wait in the cabinet.
    for citizen in wanted - set(found):
        found[citizen] = account_of(Person.objects.get(pk=citizen.person))
    return found


def _holders(wanted: set[Holders]) -> dict[Holders, list[User]]:
    if not wanted:
        return {}
    which = reduce(or_, (Q(office=holders.office, role__in=holders.roles) for holders in wanted))
    posts = Post.objects.in_force().filter(which, user__is_active=True).select_related("user").order_by("pk")
    found: dict[tuple[int, str], list[User]] = {}
    for post in posts:
        found.setdefault((post.office_id, post.role), []).append(post.user)
    # Who holds two of the roles is told once: the notice's key says so.
    return {
        holders: [user for role in holders.roles for user in found.get((holders.office, role), [])]
        for holders in wanted
    }


def _queue() -> None:
    from bastau.notices import tasks

    # Robust: the broker may be away for a moment; the rows are kept, and the next sweep finds them.
    transaction.on_commit(tasks.deliver_due.delay, robust=True)
