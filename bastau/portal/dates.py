"""Dates and times in words, kk, ru and en, by tables written by hand.

Django's own Kazakh catalogue has capital month names and no order of words for «2026 жылғы 5 маусым».
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

#: Shown when a page knows no office; since 2024 the whole country keeps this time (SPEC 6.6).
DEFAULT_ZONE = "Asia/Almaty"

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
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
MONTHS_ALONE = {
    **MONTHS,
    "ru": [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
}
WEEKDAYS = {
    "kk": ["дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"],
    "ru": ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
WEEKDAYS_SHORT = {
    "kk": ["дс", "сс", "ср", "бс", "жм", "сн", "жк"],
    "ru": ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_NEAR = {
    "kk": {-1: "кеше", 0: "бүгін", 1: "ертең"},
    "ru": {-1: "вчера", 0: "сегодня", 1: "завтра"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}


def language(code: str | None = None) -> str:
    """`kk`, `ru` or `en`: the given language, else the active one, else Kazakh."""
    found = (code or get_language() or "kk")[:2]
    return found if found in MONTHS else "kk"


def local(moment: date | datetime | str, zone: str | ZoneInfo | None = None) -> date | datetime:
    """The moment in the wall time of `zone`. Dates pass unchanged, ISO text is parsed.

    Raises ValueError for text that is neither an ISO date nor an ISO instant, and for an instant without offset.
    """
    if isinstance(moment, str):
        moment = date.fromisoformat(moment) if len(moment) == 10 else datetime.fromisoformat(moment)
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("An instant needs its offset.")
    return moment.astimezone(ZoneInfo(str(zone or DEFAULT_ZONE)))


def day_of(moment: date | datetime | str, zone: str | ZoneInfo | None = None) -> date:
    """The local date of a moment. Raises ValueError as `local` does."""
    found = local(moment, zone)
    return found.date() if isinstance(found, datetime) else found


def long_date(moment: date | datetime | str, zone: str | ZoneInfo | None = None, lang: str | None = None) -> str:
    """«2026 жылғы 5 маусым», «5 июня 2026 года», "5 June 2026"."""
    day, lang = day_of(moment, zone), language(lang)
    month = MONTHS[lang][day.month - 1]
    return {
        "kk": f"{day.year} жылғы {day.day} {month}",
        "ru": f"{day.day} {month} {day.year} года",
        "en": f"{day.day} {month} {day.year}",
    }[lang]


def short_day(moment: date | datetime | str, zone: str | ZoneInfo | None = None, lang: str | None = None) -> str:
    """«5 маусым», «5 июня», "5 June"."""
    day, lang = day_of(moment, zone), language(lang)
    return f"{day.day} {MONTHS[lang][day.month - 1]}"


def day_with_weekday(moment: date | datetime | str, zone: str | ZoneInfo | None = None, lang: str | None = None) -> str:
    """«11 маусым, бейсенбі», «11 июня, четверг», "Thursday, 11 June"."""
    day, lang = day_of(moment, zone), language(lang)
    weekday = WEEKDAYS[lang][day.weekday()]
    return f"{weekday}, {short_day(day, lang=lang)}" if lang == "en" else f"{short_day(day, lang=lang)}, {weekday}"


def clock_time(moment: datetime | str, zone: str | ZoneInfo | None = None) -> str:
    """«18:30». Raises ValueError for a date without a time."""
    found = local(moment, zone)
    if not isinstance(found, datetime):
        raise ValueError("A date has no time of day.")
    return f"{found:%H:%M}"


def long_datetime(moment: datetime | str, zone: str | ZoneInfo | None = None, lang: str | None = None) -> str:
    """«2026 жылғы 11 маусым, 18:30»."""
    return f"{long_date(moment, zone, lang)}, {clock_time(moment, zone)}"


def day_and_time(moment: datetime | str, zone: str | ZoneInfo | None = None, lang: str | None = None) -> str:
    """«11 маусым, бейсенбі, 18:30»."""
    return f"{day_with_weekday(moment, zone, lang)}, {clock_time(moment, zone)}"


def near_day(moment: date | datetime | str, now: datetime, zone: str | None = None, lang: str | None = None) -> str:
    """«кеше», «бүгін», «ертең», else «12 маусым» (with the year when it is another one)."""
    day, today, lang = day_of(moment, zone), day_of(now, zone), language(lang)
    word = _NEAR[lang].get((day - today).days)
    return word or (short_day(day, lang=lang) if day.year == today.year else long_date(day, lang=lang))


def near_time(moment: datetime | str, now: datetime, zone: str | None = None, lang: str | None = None) -> str:
    """«бүгін, 18:30»."""
    return f"{near_day(moment, now, zone, lang)}, {clock_time(moment, zone)}"
