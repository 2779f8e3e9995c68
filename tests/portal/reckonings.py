"""Stored reckonings as `bastau.workdays` writes them."""

from datetime import date
from typing import Any


def row(day: str, number: int | None = None, reason: str = "") -> dict[str, Any]:
    return {
        "date": day,
        "counted": number is not None,
        "number": number,
        "reason_kk": f"{reason} kk" if reason else "",
        "reason_ru": f"{reason} ru" if reason else "",
        "reason_en": f"{reason} en" if reason else "",
    }


def reckoning(**changes: Any) -> dict[str, Any]:
    """Filed on Friday 5 June 2026 after hours, accepted on Monday, due on Thursday at 18:30 in Almaty."""
    return {
        "start": "2026-06-08",
        "due": "2026-06-11T13:30:00+00:00",
        "clause": "118-p06",
        "term": {"id": "118-p06", "length": 3, "unit": "wd", "start": "acceptance"},
        "zone": "Asia/Almaty",
        "provisional": False,
        "before": [row("2026-06-06", reason="Saturday"), row("2026-06-07", reason="Sunday")],
        "days": [row("2026-06-09", 1), row("2026-06-10", 2), row("2026-06-11", 3)],
        **changes,
    }


FILED = date(2026, 6, 5)
ACCEPTED = date(2026, 6, 8)
