"""The quarterly report as a paper (SPEC 2.13): every line of the form, in both languages."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from bastau.papers.models import Paper
from bastau.papers.printing import html_of, to_pdf
from monitoring.actions import report_drafts as drafts
from monitoring.models import QuarterlyReport
from tests.monitoring import reports_cases as cases
from tests.monitoring.granting import Granted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("granted", "quick")]
ROWS = {
    "kk": [
        "Гранттың нысаналы пайдаланылуы туралы тоқсандық есеп", "Есепті тоқсан", "Шарт № және күні",
        "Алынған грант сомасы", "Шығыс бабы", "Растайтын құжат (түрі, №, күні)", "Жеткізуші", "Сомасы",
        "Тоқсанда жұмсалды", "Барлығы жұмсалды", "Қалдық", "Жобаның іске асырылу барысы", "Құрылған жұмыс орындары",
        "Тоқсандағы кіріс", "Төленген салықтар", "Проблемалық мәселелер",
        "Маманның қорытындысы: қабылданды / пысықтауға қайтарылды / мақсатсыз пайдалану анықталды",
        "2026 жылғы II тоқсан", "шот-фактура № ШФ-17", "1\u202f200\u202f000",
    ],
    "ru": [
        "Ежеквартальный отчет о целевом использовании гранта", "Отчетный квартал", "№ и дата договора",
        "Полученная сумма гранта", "Статья расходов", "Подтверждающий документ (вид, №, дата)", "Поставщик", "Сумма",
        "Израсходовано за квартал", "Израсходовано всего", "Остаток", "Ход реализации проекта",
        "Созданные рабочие места", "Доход за квартал", "Уплаченные налоги", "Проблемные вопросы",
        "Заключение специалиста: принят / возвращен на доработку / выявлено нецелевое использование",
        "II квартал 2026 года", "счет-фактура № ШФ-17", "300\u202f000",
    ],
}  # fmt: skip


def printed(report: QuarterlyReport, language: str) -> Paper:
    by = cases.grantee(report)
    return drafts.prepare(drafts.answer(report, by=by, language=language), by=by)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_report_says_every_line_of_the_form(july: Granted, language: str) -> None:
    report = cases.told(cases.opened(july))
    page = unescape(html_of(printed(report, language)))
    assert [row for row in ROWS[language] if row not in page] == []
    assert report.number in page


@pytest.mark.parametrize(("language", "row"), [
    ("kk", "Қаражат жұмсалмаған жағдайда себебі"), ("ru", "Причина, если средства не израсходованы"),
])  # fmt: skip
def test_a_zero_report_prints_its_reason(july: Granted, language: str, row: str) -> None:
    page = unescape(html_of(printed(cases.told(cases.opened(july), 0), language)))
    assert row in page
    assert "Жабдыққа тапсырыс берілді" in page


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_report_becomes_a_pdf(july: Granted, language: str) -> None:
    assert to_pdf(printed(cases.told(cases.opened(july)), language)).startswith(b"%PDF")


def test_the_total_counts_what_other_filed_reports_spent(july: Granted) -> None:
    from datetime import datetime

    from bastau import clock
    from monitoring.sweeps import reports as sweeps

    first = cases.filed(july, 500_000)
    with clock.at(datetime(2026, 10, 2, 10, 0, tzinfo=cases.ALMATY)):
        sweeps.open_reports()
        second = cases.told(cases.report_of(first.payment, 1), 200_000, proof_number="2", color=4)
        facts: dict[str, Any] = printed(second, "ru").facts
    assert (facts["spent_total"], facts["rest"]) == ("700\u202f000\u00a0₸", "800\u202f000\u00a0₸")
