from celery import shared_task

from bastau.notices import delivery, digest

#: Attempts of one run; what is left goes to a new task, so that other work gets its turn.
RUN = 200


@shared_task
def deliver_due() -> None:
    """Deliver every notice that is due, also those a dead worker or a lost queue left behind."""
    if delivery.deliver_due(RUN) == RUN:
        deliver_due.delay()


@shared_task
def staff_digest() -> None:
    """Write the staff's mails of the day. Safe to run as often as one likes: each person gets one a day."""
    if digest.send_digests():
        deliver_due.delay()
