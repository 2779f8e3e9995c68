from celery import shared_task

from referrals import sweeps


@shared_task
def sweep() -> None:
    """Give out what nobody took; mark what nobody collected."""
    sweeps.give_out_untaken()
    sweeps.mark_uncollected()
