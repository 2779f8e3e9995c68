"""Celery entry points of papers."""

from celery import shared_task
from django.db import transaction

from bastau import clock
from bastau.papers import actions
from bastau.papers.models import Paper, PaperState

BATCH = 50


@shared_task(name="bastau.papers.tasks.render", ignore_result=True)
def render(paper_id: int) -> None:
    """Render one paper."""
    actions.render(paper_id)


@shared_task(name="bastau.papers.tasks.render_due", ignore_result=True)
def render_due() -> int:
    """Queue again what a lost message or a failed attempt has left unrendered; returns how many."""
    with transaction.atomic():
        due = list(
            Paper.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(state=PaperState.ASKED, next_at__lte=clock.now())
            .order_by("next_at")[:BATCH]
        )
        for paper in due:
            # Put off before it is queued, so that beat does not queue it again while it waits for a worker.
            paper.next_at = clock.now() + actions.FIRST_WAIT
        Paper.objects.bulk_update(due, ["next_at"])
    for paper in due:
        render.delay(paper.pk)
    return len(due)
