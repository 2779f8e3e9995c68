from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Monitoring: quarterly reports, recovery, accompaniment, enquiries, problem issues."""

    name = "monitoring"

    def ready(self) -> None:
        """Each import registers kinds, machines and receivers."""
        from monitoring import receivers  # noqa: F401
        from monitoring.cards import accompaniment as accompaniment_cards  # noqa: F401
        from monitoring.cards import reports as report_cards  # noqa: F401
        from monitoring.deadlines import accompaniment, consultations, problems  # noqa: F401
        from monitoring.deadlines import recovery as recovery_terms  # noqa: F401
        from monitoring.deadlines import reports as report_terms  # noqa: F401
        from monitoring.notices import recovery as recovery_notices  # noqa: F401
        from monitoring.notices import reports as report_notices  # noqa: F401
        from monitoring.papers import problems as problem_papers  # noqa: F401
        from monitoring.papers import reports as report_papers  # noqa: F401
