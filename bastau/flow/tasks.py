from celery import shared_task

from bastau.flow import deadlines
from bastau.flow import sweep as sweeping


@shared_task
def sweep() -> None:
    """Remind, record breaches, escalate."""
    sweeping.sweep()


@shared_task
def reckon_anew() -> None:
    """After a change of the calendar."""
    deadlines.reckon_anew()
