"""Annex 4, the contract, certificates as printed; the window's dates."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from bastau.notices.kinds import kind
from training.forms.enrolments import PROMISES
from training.papers.certificates import RESULT
from training.rules.enrolments import assessment

CONTEXT: dict[str, Any] = {"qr": "", "verify_url": "https://x.example/v", "number": "СА-1", "made_at": ""}


def paper(kind: str, language: str, **facts: Any) -> str:
    """The paper's HTML with spaces as they are read."""
    context = {**CONTEXT, "paper": SimpleNamespace(language=language), "facts": {"office": "", **facts}}
    made = render_to_string(f"papers/{kind}.{language}.html", context)
    return " ".join(made.replace("&nbsp;", " ").replace("&quot;", '"').split())


ANNEX_4 = {
    "name": "Үлгіов Арман",
    "iin": "850312300128",
    "birth_date": "1985-03-12",
    "address": "Үлгі көшесі, 5-үй",
    "status": "жұмыссыз",
    "sector": "",
    "description": "",
    "has_collateral": False,
    "collateral": "",
    "study_form": "offline",
    "sheets": 0,
    "referral_number": "ЖЛ-35-2026-000001",
    "signed_on": "",
}
OFFICIAL = (
    "Өңірлік кәсіпкерлер палатасының директорына/ Өңірлік филиал директорына",
    "Өтініш-сауалнама",
    '"Бастау Бизнес" кәсіпкерлік негіздерін оқыту бойынша қатысушылардың тізіміне енгізуді сұраймын.',
    "Кепілдік қамтамасыз етудің бар-жоғы (микрокредит беру үшін)",
    "Сабаққа қатысу мүмкіндігін (80 сағат практикалық сабақ) немесе веб-портал арқылы қашықтықтан оқу мүмкіндігін "
    "растаймын.",
    "*ұсынылған құжаттардың дұрыстығына өтініш беруші жауапкершілікте болады.",
)


@pytest.mark.clause("118-a4")
@pytest.mark.parametrize("words", OFFICIAL)
def test_annex_four_has_the_official_wording(words: str) -> None:
    assert words in paper("questionnaire_a4", "kk", **ANNEX_4)


@pytest.mark.clause("118-a4")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_annex_four_prints_the_seven_promises_of_the_form(language: str) -> None:
    made = paper("questionnaire_a4", language, **ANNEX_4)
    assert all(f"{n}) {words}" in made for n, words in enumerate(PROMISES[language], 1))
    assert len(PROMISES[language]) == 7


def test_a_certificate_prints_no_scores_and_a_duplicate_its_mark() -> None:
    facts = {
        "name": "Үлгіов Арман",
        "number": "BB-2026-A-0000001-5",
        "hours": 80,
        "started_on": "2026-05-25",
        "ended_on": "2026-06-16",
        "issued_on": "2026-06-20",
        "duplicate": True,
    }
    made = paper("cert_completion", "kk", **facts)
    assert "Оқуды аяқтау туралы сертификат" in made
    assert "оқуды аяқтағанын және бизнес-жоспар дайындағанын растайды" in made
    assert "Телнұсқа" in made
    assert "%" not in made
    assert "Дубликат" not in paper("cert_participation", "ru", **{**facts, "duplicate": False})


def test_results_are_said_in_words() -> None:
    assert set(RESULT["PARTICIPATION"]) == {"kk", "ru", "en"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("code", "language", "words"),
    [
        (
            "N-TST-EXPELLED",
            "kk",
            "Қорытынды тестілеу бойынша төмен баға алуыңызға байланысты жобадан шығарылдыңыз. Келіспесеңіз, шағым "
            "беруге немесе сотқа жүгінуге құқылысыз.",
        ),
        ("N-CERT", "ru", "Выдан сертификат: {kind}, № {no}."),
        ("N-CERT", "kk", "Сертификат берілді: {kind}, № {no}."),
    ],
)
def test_notices_have_the_words_of_the_specification(code: str, language: str, words: str) -> None:
    assert kind(code).text[language] == words


@pytest.mark.django_db
@pytest.mark.clause("118-p28")
@pytest.mark.clause("A-22")
def test_the_window_is_ten_working_days_from_the_day_after_the_last_class() -> None:
    zone = "Asia/Almaty"
    group = SimpleNamespace(end_on=date(2026, 6, 12), office=SimpleNamespace(zone=zone))
    due = assessment(group).due.astimezone(ZoneInfo(zone))
    assert (due.date(), due.hour, due.minute) == (date(2026, 6, 26), 18, 30)
