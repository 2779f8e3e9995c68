from celery import shared_task

from bastau.gateways import outbox


@shared_task
def send(enquiry_id: int) -> None:
    """Ask one question now."""
    outbox.send(enquiry_id)


@shared_task
def send_due() -> None:
    """Ask every open question whose time has come, also those a dead worker or a lost queue left behind."""
    outbox.send_due()
