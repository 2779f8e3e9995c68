"""The staff's mail: one a day and person, with what came since the last one and was not read on the desk."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

from django.db import transaction

from bastau import clock
from bastau.notices import Message, kinds, outbox
from bastau.notices.models import Channel, Delivery, Failure, Notice
from bastau.people.models import Post, User

#: The local time from which the day's digest may leave; the working day has begun.
LEAVES_AT = time(9, 5)
#: The zone of somebody who holds no post any more.
_ZONE = "Asia/Almaty"
#: How many notices one mail names; the rest wait on the desk.
_NAMED = 50

KIND = kinds.register(
    kinds.NoticeKind(
        kinds.DIGEST,
        title={
            "kk": "Жаңа хабарламалар: {count}",
            "ru": "Новые уведомления: {count}",
            "en": "New notices: {count}",
        },
        text={
            "kk": "Жұмыс үстеліңізге түскен жаңа хабарламалар саны: {count}.",
            "ru": "Новых уведомлений на Вашем рабочем столе: {count}.",
            "en": "New notices on your desk: {count}.",
        },
    )
)


def send_digests() -> int:
    """Write today's digest of everybody for whom notices wait and whose day has begun. Returns how many are new.

    A user gets at most one a local day: the key of the notice says so, whoever runs this and how often.
    """
    waiting = Delivery.objects.filter(channel=Channel.DIGEST, sent_at=None, given_up_at=None)
    users = User.objects.in_bulk(set(waiting.values_list("notice__user", flat=True)))
    days = _days(set(users))
    told = set(
        Notice.objects.filter(code=kinds.DIGEST, key__in=[_key(user, day) for user, day in days.items()])
        .values_list("user", flat=True)
        .order_by()
    )
    return sum(_send(users[user], day) for user, day in sorted(days.items()) if user not in told)


def _days(users: set[int]) -> dict[int, date]:
    zones = dict.fromkeys(users, _ZONE)
    zones.update(Post.objects.in_force().filter(user__in=users).order_by("-pk").values_list("user", "office__zone"))
    local = {user: clock.now().astimezone(ZoneInfo(zone)) for user, zone in zones.items()}
    return {user: at.date() for user, at in local.items() if at.time() >= LEAVES_AT}


def _send(user: User, day: date) -> int:
    now = clock.now()
    with transaction.atomic():
        waiting = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(channel=Channel.DIGEST, sent_at=None, given_up_at=None, notice__user=user)
            .select_related("notice")
            .order_by("pk")
        )
        read = [delivery.pk for delivery in waiting if delivery.notice.read_at is not None]
        Delivery.objects.filter(pk__in=read).update(given_up_at=now, last_error=Failure.READ)
        news = [delivery for delivery in waiting if delivery.notice.read_at is None]
        if not news:
            return 0
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in news]).update(sent_at=now)
        facts = {"count": len(news), "notices": [delivery.notice_id for delivery in news][:_NAMED]}
        new = outbox.write([Message(kinds.DIGEST, user, "desk", user.pk, day.isoformat(), facts)])
        if not new:
            # Another worker sent today's digest meanwhile: what came since waits for tomorrow's.
            transaction.set_rollback(True)
    return new


def _key(user: int, day: date) -> str:
    return f"{kinds.DIGEST}:desk:{user}:{day.isoformat()}:{user}"
