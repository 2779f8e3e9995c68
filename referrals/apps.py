from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from referrals import cards, deadlines, notices, papers, receivers  # noqa: F401  (each registers its kinds)
