from django.apps import AppConfig


class BastauConfig(AppConfig):
    """The shared ground itself: it owns the row that moves the clock, and nothing else."""

    name = "bastau"

    def ready(self) -> None:
        from bastau import celery  # noqa: F401  (shared tasks need the app before the first .delay())
