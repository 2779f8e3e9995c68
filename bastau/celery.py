import os

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bastau.settings")

app = Celery("bastau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def _begin(**_: object) -> None:
    from bastau import clock

    clock.begin()


@task_postrun.connect
def _end(**_: object) -> None:
    from bastau import clock

    clock.end()


@worker_process_init.connect
def _die_with_worker(**_: object) -> None:
    from bastau.embedded import die_with_parent

    die_with_parent()
