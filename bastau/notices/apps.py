from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "bastau.notices"
    label = "notices"

    def ready(self) -> None:
        from bastau.notices import digest  # noqa: F401  (registers the kind of the daily mail)
