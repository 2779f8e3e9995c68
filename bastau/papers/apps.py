from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "bastau.papers"
    label = "papers"

    def ready(self) -> None:
        from bastau.papers import checks  # noqa: F401  (registers the check of a deployment)
