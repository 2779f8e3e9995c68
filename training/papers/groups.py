"""The announcement of a start (SPEC 2.8, 118-p15): its words, and the paper in both languages."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext_lazy

from bastau.papers.files import register_cases
from bastau.papers.kinds import PaperKind, register
from bastau.papers.templatetags.papers import written
from training.models import Announcement, TrainingGroup
from training.papers.enrolments import both
from training.papers.lists import FORMS, LANGUAGE_NAMES
from training.rules import timetable

ANNOUNCEMENT = "announcement"

#: The month in the case of "when" (SPEC 2.8).
MONTHS_KK_IN = (
    "қаңтарда", "ақпанда", "наурызда", "сәуірде", "мамырда", "маусымда",
    "шілдеде", "тамызда", "қыркүйекте", "қазанда", "қарашада", "желтоқсанда",
)  # fmt: skip
MONTHS_RU_OF = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip

register(PaperKind(ANNOUNCEMENT, pgettext_lazy("paper", "Announcement of the start"), "papers/announcement"))
register_cases(Announcement.kind, Announcement.objects.visible_to, whole=True)


def announcement_text(group: TrainingGroup, language: str) -> str:
    """The announcement in the words of SPEC 2.8."""
    start = group.start_on
    days = timetable.span(group.start_on, group.end_on)
    hours = sum(group.class_days.filter(booked=True).values_list("hours", flat=True))
    last = written(group.apply_until, language)
    form, taught = FORMS[group.mode][language], LANGUAGE_NAMES[group.language][language]
    if language == "ru":
        return (
            "Обучение основам предпринимательства по проекту «Бастау Бизнес» начинается"
            f" «{start.day}» {MONTHS_RU_OF[start.month - 1]} {start.year} года. Место проведения: {group.place_ru}."
            f" Форма обучения: {form}. Язык: {taught}. Продолжительность:"
            f" {_counted(days, 'календарный день', 'календарных дня', 'календарных дней')},"
            f" {_counted(hours, 'академический час', 'академических часа', 'академических часов')}."
            f" Обучение бесплатное. Последний день приема заявок: {last}. Контакты: {group.contact}."
        )
    return (
        '"Бастау Бизнес" жобасы бойынша кәсіпкерлік негіздеріне оқыту'
        f" {start.year} жылғы «{start.day}» {MONTHS_KK_IN[start.month - 1]} басталады. Өтетін жері: {group.place_kk}."
        f" Оқыту нысаны: {form}. Тілі: {taught}. Ұзақтығы: {days} күнтізбелік күн, {hours} академиялық сағат."
        f" Оқыту ақысыз. Өтінім қабылдаудың соңғы күні: {last}. Байланыс: {group.contact}."
    )


def announcement_facts(case: Announcement) -> dict[str, Any]:
    """The paper says what was published."""
    assert case.office is not None
    assert case.published_at is not None
    return {
        "office": both(case.office.name),
        "number": case.number,
        "text": {"kk": case.text_kk, "ru": case.text_ru},
        "published_on": case.published_at.astimezone(ZoneInfo(case.office.zone)).date().isoformat()
        if case.published_at
        else "",
    }


def _counted(n: int, one: str, few: str, many: str) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return f"{n} {one}"
    return f"{n} {few if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14} else many}"
