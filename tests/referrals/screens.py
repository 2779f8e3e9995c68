"""Somebody's browser before the staff's screens, and the fixtures of their tests."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from bastau.flow import Actor
from referrals.models import ReferralApplication


class Screen:
    """Somebody's browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def of(self, actor: Actor) -> Screen:
        self.client.force_login(actor.user)  # type: ignore[arg-type]
        return self

    def case(self, case: ReferralApplication) -> Any:
        return self.client.get(f"/office/referrals/referralapplication/{case.pk}/change/")

    def seen(self, case: ReferralApplication) -> str:
        return self.case(case).context["seen"]

    def press(self, case: ReferralApplication, event: str, seen: str | None = None) -> Any:
        seen = self.seen(case) if seen is None else seen
        return self.client.post(reverse("centre:do", args=[case.pk, event]), {"seen": seen}, follow=True)

    def post(self, name: str, case: Any, data: dict[str, Any], *args: Any) -> Any:
        pk = getattr(case, "pk", case)
        return self.client.post(reverse(f"centre:{name}", args=[pk, *args]), data, follow=True)
