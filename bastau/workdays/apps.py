from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "bastau.workdays"
    label = "workdays"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bastau.workdays import table

        table.connect()
