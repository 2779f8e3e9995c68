"""What paper templates need: dates as the forms write them, and blanks that stay lines."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

MONTHS = {
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
}


def written(day: date, language: str) -> str:
    """A date in words for running text: kk `2026 жылғы 5 маусым`, ru `5 июня 2026 года` (SPEC 6.13)."""
    month = MONTHS[language][day.month - 1]
    return f"{day.year} жылғы {day.day} {month}" if language == "kk" else f"{day.day} {month} {day.year} года"


@register.filter
def written_date(value: str, language: str) -> str:
    """An ISO date in words; empty when there is none."""
    return written(date.fromisoformat(value), language) if value else ""


@register.filter
def form_date(value: str, language: str) -> str:
    """An ISO date in the pattern of the annexes; the pattern with its blanks when there is none (SPEC 2)."""
    if not value:
        return '20___ жылғы "___" __________' if language == "kk" else "«___» __________ 20___ года"
    day = date.fromisoformat(value)
    month = MONTHS[language][day.month - 1]
    return f'{day.year} жылғы "{day.day}" {month}' if language == "kk" else f"«{day.day}» {month} {day.year} года"


@register.simple_tag
def blank(value: str = "", size: str = "") -> SafeString:
    """A blank of a form: its value on a line, or the bare line. `size`: "" (part of a line) or "full" (a line)."""
    return format_html(
        '<span class="blank {}{}">{}</span>', size, "" if value else " empty", value or "\N{NO-BREAK SPACE}"
    )
