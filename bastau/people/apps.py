from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bastau.people"
    label = "people"

    def ready(self) -> None:
        from bastau.people import sessions  # noqa: F401  (its receivers mark the session at sign-in)
