"""The notices of a quarterly report (SPEC 2.19, 4.13): their words, and who is told what.

The texts of SPEC 2.19 stand here word for word. Each function writes at once, inside the transaction of its fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bastau import notices
from bastau.flow.models import Deadline
from bastau.notices import Citizen, Message, NoticeKind, register
from monitoring.rules.reports import quarter_name

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring.models import QuarterlyReport

DUE = register(
    NoticeKind(
        "N-REP-DUE",
        title={"kk": "Есеп тапсырыңыз", "ru": "Представьте отчет", "en": "File your report"},
        text={
            "kk": "{quarter} бойынша есеп тапсырыңыз. Соңғы күні: {date}.",
            "ru": "Представьте отчет за {quarter}. Последний день: {date}.",
            "en": "File the report for {quarter}. Last day: {date}.",
        },
        more={
            "kk": "Ақша жұмсалмаса да есеп тапсырылады: сомасы 0 болады, себебін жазасыз. Есептің нөмірі: {no}.",
            "ru": "Отчет нужен и тогда, когда деньги не израсходованы: сумма 0 и причина. Номер отчета: {no}.",
            "en": "Also when nothing was spent: the sum is then 0, with a reason. Number of the report: {no}.",
        },
    )
)
RETURNED = register(
    NoticeKind(
        "N-REP-RETURNED",
        title={
            "kk": "Есеп пысықтауға қайтарылды",
            "ru": "Отчет возвращен на доработку",
            "en": "The report came back to be mended",
        },
        text={
            "kk": "Есеп пысықтауға қайтарылды: {reason}.",
            "ru": "Отчет возвращен на доработку: {reason}.",
            "en": "The report came back to be mended: {reason}.",
        },
        more={
            "kk": "Түзетіп, қайта тапсырыңыз. Соңғы күні: {date}. Есептің нөмірі: {no}.",
            "ru": "Исправьте и представьте отчет снова. Последний день: {date}. Номер отчета: {no}.",
            "en": "Mend it and file it again. Last day: {date}. Number of the report: {no}.",
        },
        sms={
            "kk": "Есеп пысықтауға қайтарылды, № {no}. Мерзімі: {date}.",
            "ru": "Отчет № {no} возвращен на доработку. Срок: {date}.",
            "en": "Report No. {no} came back to be mended. Until: {date}.",
        },
    )
)
ACCEPTED = register(
    NoticeKind(
        "N-REP-ACCEPTED",
        title={"kk": "Есеп қабылданды", "ru": "Отчет принят", "en": "The report is accepted"},
        text={
            "kk": "{quarter} бойынша есебіңіз қабылданды, № {no}.",
            "ru": "Ваш отчет за {quarter} принят, № {no}.",
            "en": "Your report for {quarter} is accepted, No. {no}.",
        },
    )
)


def _until(reports: Sequence[QuarterlyReport], name: str) -> dict[int, datetime]:
    rows = Deadline.objects.open().filter(case_kind="report", case_id__in=[report.pk for report in reports], name=name)
    return dict(rows.order_by("pk").values_list("case_id", "due_at"))


def _local(report: QuarterlyReport, at: datetime) -> datetime:
    assert report.office is not None
    return at.astimezone(ZoneInfo(report.office.zone))


def _due(reports: Sequence[QuarterlyReport], key: str) -> None:
    until = _until(reports, "T-REPORT")
    notices.tell_many(
        [
            Message(
                DUE.code,
                Citizen(report.person_id),
                report.kind,
                report.pk,
                key,
                {
                    "quarter": quarter_name(report.quarter_end),
                    "date": _local(report, until[report.pk]).date(),
                    "no": report.number,
                },
            )
            for report in reports
            if report.pk in until
        ]
    )


def tell_opened(reports: Sequence[QuarterlyReport]) -> None:
    """N-REP-DUE at opening (A-39), with statements whose number does not grow with the reports."""
    _due(reports, "opened")


def tell_reminder(report: QuarterlyReport, days_before: int) -> None:
    """N-REP-DUE again, some days before the term (A-39)."""
    _due([report], f"before-{days_before}")


def tell_returned(report: QuarterlyReport, reason: str) -> None:
    """N-REP-RETURNED with the reasons and the new term."""
    until = _until([report], "T-REPORT-FIX")[report.pk]
    count = report.returns.count()
    facts = {"reason": reason.rstrip(". "), "date": _local(report, until).date(), "no": report.number}
    notices.tell_many(
        [Message(RETURNED.code, Citizen(report.person_id), report.kind, report.pk, f"returned-{count}", facts)]
    )


def tell_accepted(report: QuarterlyReport) -> None:
    """The report is accepted."""
    facts = {"quarter": quarter_name(report.quarter_end), "no": report.number}
    notices.tell_many([Message(ACCEPTED.code, Citizen(report.person_id), report.kind, report.pk, "accepted", facts)])
