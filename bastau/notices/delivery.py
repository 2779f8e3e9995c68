"""Delivering notices: claimed, sent without a lock, noted. Nothing is sent twice, nothing is forgotten.

A claim puts the next attempt beyond the longest sending, so a delivery whose worker died comes up again by itself.
Should it have left already, the second copy bears the same Message-ID or Idempotency-Key, and the receiver drops it.
"""

from __future__ import annotations

import smtplib
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from bastau import clock
from bastau.gateways import adapters
from bastau.gateways.exchange import Fault
from bastau.notices import mail
from bastau.notices.models import Channel, Delivery, Failure

#: Pause after the first, second… failure; the last one repeats.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
#: A notice that could not be delivered for so long (and each pause was waited through) is given up.
LIFE = timedelta(days=7)
#: So many failures of a channel in a row, and a sweep leaves it alone until the next sweep.
_PATIENCE = 3


class NotDelivered(Exception):
    """The message did not leave. `final`: nor will it ever, to this address."""

    def __init__(self, failure: str, *, final: bool = False) -> None:
        super().__init__(failure)
        self.failure = str(failure)
        self.final = final


def deliver_due(limit: int = 200) -> int:
    """Deliver what is due, oldest first, at most `limit` attempts. Returns how many attempts were made.

    A channel that failed several times in a row is left alone until the next call.
    """
    failed: Counter[str] = Counter()
    for attempts in range(limit):
        channels = [channel for channel in (Channel.EMAIL, Channel.SMS) if failed[channel] < _PATIENCE]
        delivery = _claim(channels)
        if delivery is None:
            return attempts
        failed[delivery.channel] = 0 if _attempt(delivery) else failed[delivery.channel] + 1
    return limit


def _claim(channels: list[Channel]) -> Delivery | None:
    now = clock.now()
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(channel__in=channels, sent_at=None, given_up_at=None, next_at__lte=now)
            .select_related("notice__user")
            .order_by("next_at", "pk")
            .first()
        )
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.last_error = Failure.UNFINISHED
        delivery.next_at = now + max(PAUSES[0], timedelta(seconds=4 * settings.GATEWAY_TIMEOUT_SECONDS))
        delivery.save(update_fields=["attempts", "last_error", "next_at"])
    return delivery


def _attempt(delivery: Delivery) -> bool:
    try:
        if delivery.channel == Channel.SMS:
            _send_sms(delivery)
        else:
            _send_mail(mail.message(delivery))
    except NotDelivered as error:
        _note_failure(delivery, error)
        # An address that does not exist says nothing about the channel.
        return error.final
    _still_open(delivery).update(sent_at=clock.now(), last_error="")
    return True


def _note_failure(delivery: Delivery, error: NotDelivered) -> None:
    now = clock.now()
    tried_all = delivery.attempts > len(PAUSES)
    over = error.final or (tried_all and now - delivery.notice.created_at >= LIFE)
    _still_open(delivery).filter(attempts=delivery.attempts).update(
        last_error=error.failure,
        given_up_at=now if over else None,
        next_at=_next(now, delivery.attempts),
    )


def _still_open(delivery: Delivery):
    return Delivery.objects.filter(pk=delivery.pk, sent_at=None, given_up_at=None)


def _next(now: datetime, attempts: int) -> datetime:
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]


def _send_sms(delivery: Delivery) -> None:
    try:
        adapters.send_sms(delivery.address, delivery.notice.words("sms"), key=f"delivery-{delivery.pk}")
    except Fault as fault:
        raise NotDelivered(Failure.ADDRESS if fault.final else fault.code, final=fault.final) from fault


def _send_mail(message: EmailMessage) -> None:
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        final = all(500 <= code < 600 for code, _text in error.recipients.values())
        raise NotDelivered(Failure.ADDRESS if final else Failure.REFUSED, final=final) from error
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        raise NotDelivered(Failure.DOWN) from error
    except smtplib.SMTPException as error:
        raise NotDelivered(Failure.REFUSED) from error
    except TimeoutError as error:
        raise NotDelivered(Failure.TIMEOUT) from error
    except OSError as error:
        raise NotDelivered(Failure.DOWN) from error
