from django.apps import AppConfig


class GrantsConfig(AppConfig):
    """Grants: application, commission, decision, contract, payment, budget."""

    name = "grants"

    def ready(self) -> None:
        """Each import registers kinds, machines and receivers."""
        import grants.deadlines.applications
        import grants.deadlines.contracts
        import grants.deadlines.meetings
        import grants.deadlines.payments
        import grants.notices.applications
        import grants.notices.contracts
        import grants.notices.meetings
        import grants.papers.applications
        import grants.papers.contracts
        import grants.papers.meetings
        import grants.receivers  # noqa: F401
