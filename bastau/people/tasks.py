from celery import shared_task
from django.core.management import call_command


@shared_task
def forget() -> None:
    """Delete sessions that have ended."""
    call_command("clearsessions")
