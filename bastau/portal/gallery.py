"""Every component on one page, with real Kazakh and Russian words. Demo and test mode only: to look, and to run axe."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bastau import law
from bastau.portal import dates
from bastau.portal.strip import strip_from
from bastau.portal.widgets import DayField, IinInput, PhoneInput

#: Friday evening, filed after hours: the example of SPEC 9 that shows every kind of day.
FILED, ACCEPTED, TODAY = date(2026, 6, 5), date(2026, 6, 8), date(2026, 6, 10)

WORDS: dict[str, dict[str, str]] = {
    "kk": {
        "title": "Құрамдас бөліктер",
        "reason": "демалыс күні",
        "holiday": "мереке күні: Астана күні",
        "step": "Бизнес-жоспарды тапсырыңыз",
        "step_why": "Жоспарсыз тек қатысу сертификаты беріледі, ал грантқа аяқтау сертификаты керек.",
        "step_do": "Жоспарды ашу",
        "you": "Сіз",
        "finish": "Тексеруді аяқтау",
        "finish_why": "Бір тізілім әлі жауап бермеді.",
        "finish_way": "Себебін жазып, қолмен белгілеңіз",
        "manual": "Қолмен белгілеу",
        "withdraw": "Өтінішті қайтарып алу",
        "accepted": "Өтінішіңіз қабылданды",
        "number": "Тіркеу нөмірі",
        "in_check": "Тексеруде",
        "signed": "қол қойылған",
        "waiting": "жауап күтілуде",
        "refused": "бас тартылды",
        "draft": "жоба",
        "l1": "Қабылданды",
        "l1n": "Портал; 5 маусым, 19:10-да жіберілген",
        "l2": "Маманға берілді",
        "l3": "Тексеру",
        "l4": "Жолдама немесе дәлелді бас тарту",
        "register": "Тізілім",
        "answer": "Жауап",
        "at": "Уақыты",
        "r1": "«Еңбек нарығы» ААЖ",
        "a1": "жұмыссыз, тіркелген",
        "r2": "Жеке тұлғалар тізілімі",
        "a2": "тұрғылықты жері сәйкес",
        "r3": "Құжаттардың дұрыстығы",
        "desk": "Үстелім",
        "due": "Мерзім",
        "case": "Нөмірі",
        "citizen": "Азамат",
        "todo": "Не істеу керек",
        "left": "Қалды",
        "sign": "Жолдамаға қол қою",
        "mine": "Менің ісім",
        "centre": "Орталық",
        "today": "Бүгін",
        "late": "Өтіп кеткен",
        "filters": "Тізімді сүзу",
        "surname": "Тегі",
        "iin": "ЖСН",
        "iin_hint": "12 сан, жеке куәлікте жазылған.",
        "born": "Туған күні",
        "born_hint": "Мысалы: 27 3 1985",
        "phone": "Телефон",
        "phone_hint": "Хабарламаны осы нөмірге жібереміз.",
        "status": "Мәртебеңіз",
        "s1": "жұмыссыз",
        "s2": "жеке қосалқы шаруашылықта жұмыс істейтін",
        "agree": "Дербес деректерімді жинауға және өңдеуге келісемін",
        "diploma": "Диплом",
        "diploma_hint": "PDF немесе фотосурет, 10 МБ-қа дейін.",
        "about": "Бизнес-идеяңыз туралы",
        "iin_wrong": "ЖСН дұрыс емес: соңғы сан сәйкес келмейді. Жеке куәлікке қарап тексеріңіз.",
        "answers": "Жауаптарыңызды тексеріңіз",
        "progress": "Құжат дайындалып жатыр.",
        "empty": "Бүгінге іс жоқ",
        "empty_why": "Сізге берілген өтініш жоқ. Орталықтың жалпы тізімін қараңыз.",
        "empty_do": "Орталық тізімі",
        "banner": "Тұрғылықты жеріңіз басқа орталыққа қарайды",
        "banner_text": "Өтінішіңіз Қарағанды қаласының орталығына жіберіледі.",
        "next": "Әрі қарай",
        "money": "Сұралатын сома",
    },
    "ru": {
        "title": "Составные части",
        "reason": "выходной день",
        "holiday": "праздничный день: День столицы",
        "step": "Сдайте бизнес-план",
        "step_why": "Без плана выдаётся только сертификат об участии, а для гранта нужен сертификат о завершении.",
        "step_do": "Открыть план",
        "you": "Вы",
        "finish": "Завершить проверку",
        "finish_why": "Один из реестров ещё не ответил.",
        "finish_way": "Укажите причину и отметьте вручную",
        "manual": "Отметить вручную",
        "withdraw": "Отозвать заявление",
        "accepted": "Ваше заявление принято",
        "number": "Регистрационный номер",
        "in_check": "На проверке",
        "signed": "подписано",
        "waiting": "ожидается ответ",
        "refused": "отказано",
        "draft": "черновик",
        "l1": "Принято",
        "l1n": "Портал; отправлено 5 июня в 19:10",
        "l2": "Передано специалисту",
        "l3": "Проверка",
        "l4": "Направление или мотивированный отказ",
        "register": "Реестр",
        "answer": "Ответ",
        "at": "Время",
        "r1": "АИС «Рынок труда»",
        "a1": "безработный, зарегистрирован",
        "r2": "Реестр физических лиц",
        "a2": "место жительства совпадает",
        "r3": "Достоверность документов",
        "desk": "Мой стол",
        "due": "Срок",
        "case": "Номер",
        "citizen": "Гражданин",
        "todo": "Что сделать",
        "left": "Осталось",
        "sign": "Подписать направление",
        "mine": "Мои дела",
        "centre": "Центр",
        "today": "Сегодня",
        "late": "Просрочено",
        "filters": "Отбор списка",
        "surname": "Фамилия",
        "iin": "ИИН",
        "iin_hint": "12 цифр, указан в удостоверении личности.",
        "born": "Дата рождения",
        "born_hint": "Например: 27 3 1985",
        "phone": "Телефон",
        "phone_hint": "На этот номер мы отправим сообщение.",
        "status": "Ваш статус",
        "s1": "безработный",
        "s2": "занятый в личном подсобном хозяйстве",
        "agree": "Согласен(на) на сбор и обработку моих персональных данных",
        "diploma": "Диплом",
        "diploma_hint": "PDF или фотография, до 10 МБ.",
        "about": "О Вашей бизнес-идее",
        "iin_wrong": "ИИН указан неверно: последняя цифра не сходится. Сверьтесь с удостоверением личности.",
        "answers": "Проверьте свои ответы",
        "progress": "Документ готовится.",
        "empty": "На сегодня дел нет",
        "empty_why": "Вам не передано ни одного заявления. Посмотрите общий список центра.",
        "empty_do": "Список центра",
        "banner": "Ваше место жительства относится к другому центру",
        "banner_text": "Заявление будет направлено в центр города Караганды.",
        "next": "Далее",
        "money": "Запрашиваемая сумма",
    },
}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The gallery. Http404 in live mode."""
    words = _words()
    shell = "staff_base.html" if "staff" in request.GET else "base.html"
    return render(request, "portal/gallery.html", {"shell_template": shell, "w": words, **_samples(words)})


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The fragment a progress bar asks for again and again. Http404 in live mode."""
    words = _words()
    context = {"sentence": words["progress"], "poll_url": reverse("gallery_progress")}
    return render(request, "portal/gallery_progress.html", context)


def _words() -> dict[str, str]:
    if settings.BASTAU_MODE not in {"demo", "test"}:
        raise Http404
    return WORDS["ru" if dates.language() == "ru" else "kk"]


def _reckoning(days: Sequence[tuple[date | int, int, str]], due: str, start: str = "2026-06-08") -> dict[str, Any]:
    rows = []
    for day, number, reason in days:
        rows.append(
            {
                "date": day.isoformat() if isinstance(day, date) else f"2026-06-{day:02}",
                "counted": bool(number),
                "number": number or None,
                "reason_kk": reason,
                "reason_ru": reason,
            }
        )
    term = law.term("118-p06")
    return {
        "start": start,
        "due": due,
        "clause": term.id,
        "term": {"id": term.id, "length": sum(row["counted"] for row in rows), "unit": term.unit, "start": term.start},
        "zone": dates.DEFAULT_ZONE,
        "provisional": False,
        "days": rows,
    }


def _samples(w: dict[str, str]) -> dict[str, Any]:
    plain = _reckoning([(9, 1, ""), (10, 2, ""), (11, 3, "")], "2026-06-11T13:30:00+00:00")
    over = _reckoning(
        [(12, 1, ""), (13, 0, w["reason"]), (14, 0, w["reason"]), (15, 2, ""), (16, 3, "")],
        "2026-06-16T13:30:00+00:00",
        "2026-06-11",
    )
    now = datetime(2026, 6, 10, 8, 18, tzinfo=UTC)
    long_days = [
        (day, 0 if day.weekday() > 4 or day == date(2026, 7, 6) else -1, w["reason"] if day.weekday() > 4 else "")
        for day in (date(2026, 6, 30) + timedelta(days=n) for n in range(1, 21))
    ]
    count = iter(range(1, 99))
    numbered = [
        (day, next(count) if mark else 0, w["holiday"] if day == date(2026, 7, 6) else reason)
        for day, mark, reason in long_days
    ]
    far = _reckoning(numbered, "2026-07-20T13:30:00+00:00", "2026-06-30")
    rows = [
        ("late", plain, date(2026, 6, 12), "БО-35-2026-001461", "Серікұлы Д.", w["sign"], None),
        ("soon", plain, date(2026, 6, 11), "БО-35-2026-001470", "Ахметова Ә. Қ.", w["finish"], None),
        ("ahead", over, date(2026, 6, 12), "БО-35-2026-001472", "Ковалёва И. П.", w["l3"], 2),
        ("ahead", far, date(2026, 7, 2), "ЕС-35-2026-000007", "Ли В. А.", w["l3"], 12),
    ]
    return {
        "strip": strip_from(plain, today=TODAY, filed_on=FILED, accepted_on=ACCEPTED),
        "strip_late": strip_from(over, today=date(2026, 6, 17)),
        "strip_far": strip_from(far, today=date(2026, 7, 2)),
        "deadline": SimpleNamespace(reckoning={**over, "provisional": True}, closed_at=None),
        "receipt": plain,
        "filed": FILED,
        "accepted": ACCEPTED,
        "now": now,
        "due_today": now.replace(hour=13, minute=30),
        "due_soon": now + timedelta(days=2),
        "due_late": now - timedelta(days=1),
        "rows": [
            {
                "tone": tone,
                "strip": strip_from(reckoning, today=today),
                "due": datetime.fromisoformat(reckoning["due"]),
                "number": number,
                "who": who,
                "todo": todo,
                "left": left,
                "now": datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=8, minutes=18),
            }
            for tone, reckoning, today, number, who, todo, left in rows
        ],
        "life": _life(w),
        "actions": _actions(w),
        "chips": [
            {"label": w["mine"], "url": "?mine", "current": True, "count": 14},
            {"label": w["centre"], "url": "?all", "count": 1063},
            {"label": w["today"], "url": "?today", "count": 5},
            {"label": w["late"], "url": "?late", "count": 1},
        ],
        "crumbs": [{"label": w["desk"], "url": reverse("home")}, {"label": w["title"]}],
        "answers": [
            {"label": w["surname"], "value": "Ахметова", "change_url": "#form"},
            {"label": w["born"], "value": dates.long_date(date(1985, 3, 12)), "change_url": "#form"},
            {"label": w["phone"], "value": "", "change_url": "#form"},
        ],
        "form": _form(w),
        "amount": 1_730_000,
        "progress_url": reverse("gallery_progress"),
        "iin": "850312400128",
        "phone_number": "+77012345678",
    }


def _life(w: dict[str, str]) -> list[dict[str, Any]]:
    at = datetime(2026, 6, 8, 4, 0, tzinfo=UTC)
    return [
        {"title": w["l1"], "state": "done", "when": at, "note": w["l1n"]},
        {"title": w["l2"], "state": "done", "when": at + timedelta(minutes=4), "who": "Г. Сағынтаева"},
        {"title": w["l3"], "state": "now", "when": w["today"].lower(), "clause": "118-p09-1"},
        {"title": w["l4"], "state": "later", "when": date(2026, 6, 11), "who": "Н. Омарова"},
    ]


def _actions(w: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {
        "step": {"label": w["step_do"], "url": "#form"},
        "waiting": {
            "label": w["finish"],
            "enabled": False,
            "reason": w["finish_why"],
            "way_on": {"label": w["finish_way"], "url": "#form"},
        },
        "second": {"label": w["manual"], "url": "#form"},
        "danger": {"label": w["withdraw"], "url": "#form", "danger": True},
        "next": {"label": w["next"], "method": "submit", "primary": True},
    }


def _form(w: dict[str, str]) -> forms.Form:
    class Sample(forms.Form):
        surname = forms.CharField(label=w["surname"])
        iin = forms.CharField(label=w["iin"], help_text=w["iin_hint"], widget=IinInput)
        born = DayField(label=w["born"], help_text=w["born_hint"])
        phone = forms.CharField(label=w["phone"], help_text=w["phone_hint"], required=False, widget=PhoneInput)
        status = forms.ChoiceField(
            label=w["status"], choices=[("1", w["s1"]), ("2", w["s2"])], widget=forms.RadioSelect
        )
        about = forms.CharField(label=w["about"], widget=forms.Textarea, required=False)
        diploma = forms.FileField(label=w["diploma"], help_text=w["diploma_hint"], required=False)
        agree = forms.BooleanField(label=w["agree"])

        def clean_iin(self) -> str:
            raise forms.ValidationError(w["iin_wrong"])

    typed = {"surname": "Ахметова", "iin": "850312400129", "born_day": "31", "born_month": "2", "born_year": "1985"}
    return Sample({**typed, "phone": "8 701 234 56 78", "status": "1", "agree": "on"})
