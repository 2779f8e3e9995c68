from celery import shared_task

from monitoring.sweeps import accompaniment, recovery, reports


@shared_task
def sweep_reports() -> None:
    """Open, remind of and mark overdue the quarterly reports; make further ones; move recoveries on."""
    reports.open_reports()
    reports.remind()
    reports.mark_overdue()
    reports.make_further()
    recovery.note_silence()
    recovery.note_unreturned()


@shared_task
def sweep_accompaniment() -> None:
    """Open what was paid, finish what has reached its end, close answered enquiries."""
    accompaniment.open_missing()
    accompaniment.finish()
    accompaniment.close_answered()
