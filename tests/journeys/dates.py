"""Days as the portal writes them."""

from datetime import date

MONTHS = {
    "kk": {2: "ақпан", 4: "сәуір", 6: "маусым", 8: "тамыз", 9: "қыркүйек", 10: "қазан", 11: "қараша"},
    "ru": {2: "февраля", 4: "апреля", 6: "июня", 8: "августа", 9: "сентября", 10: "октября", 11: "ноября"},
}


def spoken(day: date, lang: str) -> str:
    """«5 маусым», «5 июня»; in the months of the journeys."""
    return f"{day.day} {MONTHS[lang][day.month]}"
