"""The notices of a recovery (A-40): the written notice of misuse, the demand, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bastau import notices
from bastau.flow.models import Deadline
from bastau.notices import Citizen, Message, NoticeKind, register
from bastau.portal import figures
from monitoring.rules.reports import quarter_name

if TYPE_CHECKING:
    from datetime import date

    from monitoring.models import Recovery

ASKED = register(
    NoticeKind(
        "N-REC-EXPLAIN",
        title={
            "kk": "Мақсатсыз пайдалану анықталды",
            "ru": "Выявлено нецелевое использование",
            "en": "Misuse was found",
        },
        text={
            "kk": "{quarter} бойынша есепте мақсатсыз пайдалану анықталды: {sum}. Түсініктеменің соңғы күні: {date}.",
            "ru": "В отчете за {quarter} выявлено нецелевое использование: {sum}. Объяснение нужно дать до: {date}.",
            "en": "In the report for {quarter} misuse was found: {sum}. Last day to explain: {date}.",
        },
        sms={
            "kk": "Гранттың мақсатсыз пайдаланылуы анықталды: {sum}. Түсініктеме: {date} дейін.",
            "ru": "Выявлено нецелевое использование гранта: {sum}. Объяснение: до {date}.",
            "en": "Misuse of the grant: {sum}. Explain by {date}.",
        },
    )
)
CLOSED = register(
    NoticeKind(
        "N-REC-CLOSED",
        title={"kk": "Түсініктеме қабылданды", "ru": "Объяснение принято", "en": "The explanation is accepted"},
        text={
            "kk": "Түсініктемеңіз қабылданды, ақша қайтарылмайды. Негіздемесі: {reason}.",
            "ru": "Ваше объяснение принято, возвращать деньги не нужно. Обоснование: {reason}.",
            "en": "Your explanation is accepted, nothing is to be returned. Reasons: {reason}.",
        },
        sms={
            "kk": "Түсініктемеңіз қабылданды, ақша қайтарылмайды.",
            "ru": "Ваше объяснение принято, возвращать деньги не нужно.",
            "en": "Your explanation is accepted, nothing is to be returned.",
        },
    )
)
DEMANDED = register(
    NoticeKind(
        "N-REC-DEMAND",
        title={"kk": "Ақшаны қайтару талабы", "ru": "Требование о возврате", "en": "Demand for return"},
        text={
            "kk": (
                "Гранттың мақсатсыз жұмсалған бөлігін қайтарыңыз: {sum}. Соңғы күні: {date}. Негіздемесі: {reason}. "
                "Келіспесеңіз, шағым беруге немесе сотқа жүгінуге құқылысыз."
            ),
            "ru": (
                "Верните часть гранта, использованную не по назначению: {sum}. Последний день: {date}. "
                "Обоснование: {reason}. При несогласии Вы вправе подать жалобу или обратиться в суд."
            ),
            "en": (
                "Return the misused part of the grant: {sum}. Last day: {date}. Reasons: {reason}. "
                "If you disagree, you may lodge a complaint or go to court."
            ),
        },
        sms={
            "kk": "Гранттың мақсатсыз жұмсалған бөлігін қайтарыңыз: {sum}. Соңғы күні: {date}.",
            "ru": "Верните часть гранта: {sum}. Последний день: {date}.",
            "en": "Return the misused part of the grant: {sum}. Last day: {date}.",
        },
    )
)
RETURNED = register(
    NoticeKind(
        "N-REC-RETURNED",
        title={"kk": "Ақша қайтарылды", "ru": "Деньги возвращены", "en": "The money is returned"},
        text={
            "kk": "Қайтарылған сома түсті: {sum}. Күні: {date}.",
            "ru": "Возвращенная сумма поступила: {sum}. Дата: {date}.",
            "en": "The returned sum came: {sum}. Date: {date}.",
        },
    )
)
COURT = register(
    NoticeKind(
        "N-REC-COURT",
        title={"kk": "Іс сотқа берілді", "ru": "Дело передано в суд", "en": "The matter went to court"},
        text={
            "kk": "Ақша мерзімінде қайтарылмады, сома сот арқылы өндіріп алынады: {sum}. № {no}.",
            "ru": "Деньги не возвращены в срок, сумма взыскивается через суд: {sum}. № {no}.",
            "en": "The money was not returned in time; the sum is recovered through court: {sum}. No. {no}.",
        },
    )
)


def _tell(kind: NoticeKind, recovery: Recovery, key: str, **facts: Any) -> None:
    said = {"sum": figures.money(recovery.amount), **facts}
    wanted = {name: value for name, value in said.items() if name in kind.facts}
    notices.tell_many([Message(kind.code, Citizen(recovery.person_id), recovery.kind, recovery.pk, key, wanted)])


def _until(recovery: Recovery, name: str) -> date:
    assert recovery.office is not None
    rows = Deadline.objects.open().filter(case_kind=recovery.kind, case_id=recovery.pk, name=name)
    return rows.get().due_at.astimezone(ZoneInfo(recovery.office.zone)).date()


def tell_asked(recovery: Recovery) -> None:
    """The written notice of misuse, with the term of the explanation (A-40)."""
    quarter = quarter_name(recovery.report.quarter_end)
    _tell(ASKED, recovery, "asked", quarter=quarter, date=_until(recovery, "T-MISUSE-EXPLAIN"))


def tell_closed(recovery: Recovery, reason: str) -> None:
    """The explanation was enough."""
    _tell(CLOSED, recovery, "closed", reason=reason.rstrip(". "))


def tell_demanded(recovery: Recovery, reason: str) -> None:
    """The demand, with its term and the way to disagree (A-40)."""
    _tell(DEMANDED, recovery, "demanded", reason=reason.rstrip(". "), date=_until(recovery, "T-RETURN"))


def tell_returned(recovery: Recovery) -> None:
    """The money came back."""
    assert recovery.returned_on is not None
    _tell(RETURNED, recovery, "returned", date=recovery.returned_on)


def tell_court(recovery: Recovery) -> None:
    """Handed over to court."""
    _tell(COURT, recovery, "court", no=recovery.court_reference)
