"""Notices of the course, the business plan and the stipend: N-TST-FAILED is SPEC 2.19's, the others are additions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bastau import notices
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from bastau.people.roles import Role
from bastau.portal.figures import number
from training.models import BusinessPlan, ModuleProgress, StipendLine, StipendSheet
from training.papers.stipends import REASONS
from training.states import LineReason, LineState

TEST_FAILED = register(
    NoticeKind(
        "N-TST-FAILED",
        title={"kk": "Тест тапсырылмады", "ru": "Тест не сдан", "en": "Test not passed"},
        text={
            "kk": "Модуль тестінен өтпедіңіз ({pct} %). Тапсыру мүмкіндіктерінің саны шектелмеген.",
            "ru": "Тест по модулю не сдан ({pct} %). Количество попыток не ограничено.",
            "en": "You did not pass the module test ({pct} %). The number of attempts is not limited.",
        },
    )
)
PLAN_RETURNED = register(
    NoticeKind(
        "N-PLN-RETURNED",
        title={
            "kk": "Бизнес-жоспар түзетуге қайтарылды",
            "ru": "Бизнес-план возвращен на исправление",
            "en": "Business plan returned for correction",
        },
        text={
            "kk": "Бизнес-жоспарыңыз ресімдеу кемшіліктеріне байланысты қайтарылды. Түзетудің соңғы күні: {date}.",
            "ru": "Ваш бизнес-план возвращен из-за недостатков оформления. Последний день исправления: {date}.",
            "en": "Your business plan is returned for formal faults. Last day of the correction: {date}.",
        },
        more={
            "kk": "Не түзету керек: {reason}",
            "ru": "Что исправить: {reason}",
            "en": "What to correct: {reason}",
        },
    )
)
PLAN_ASSESSED = register(
    NoticeKind(
        "N-PLN-ASSESSED",
        title={"kk": "Бизнес-жоспар бағаланды", "ru": "Бизнес-план оценен", "en": "Business plan assessed"},
        text={
            "kk": "Бизнес-жоспарыңыз бағаланды: 100 балдан {pct}. Қажетті балл: {least}.",
            "ru": "Ваш бизнес-план оценен: {pct} баллов из 100. Необходимый балл: {least}.",
            "en": "Your business plan is assessed: {pct} points of 100. Needed: {least}.",
        },
    )
)
PLAN_ABSENT = register(
    NoticeKind(
        "N-PLN-ABSENT",
        title={
            "kk": "Бизнес-жоспар тапсырылмады",
            "ru": "Бизнес-план не сдан",
            "en": "No business plan was handed in",
        },
        text={
            "kk": "Оқудың соңғы күні аяқталды, бизнес-жоспар тапсырылмады. Қорытынды тесттен өтсеңіз, оқуға "
            "қатысқаныңыз туралы сертификат аласыз.",
            "ru": "Последний день обучения завершился, бизнес-план не сдан. Сдав итоговый тест, Вы получите сертификат "
            "об участии в обучении.",
            "en": "The last training day is over and no business plan was handed in. With the final test passed you "
            "get the certificate of participation.",
        },
    )
)
PLAN_TO_ASSESS = register(
    NoticeKind(
        "N-PLN-TO-ASSESS",
        title={
            "kk": "Бағалауға бизнес-жоспар берілді",
            "ru": "Передан бизнес-план на оценку",
            "en": "A business plan to assess",
        },
        text={
            "kk": "Сізге бағалауға бизнес-жоспар берілді: {case}.",
            "ru": "Вам передан на оценку бизнес-план: {case}.",
            "en": "A business plan was given to you to assess: {case}.",
        },
    )
)
SHEET_RETURNED = register(
    NoticeKind(
        "N-STP-SHEET-RETURNED",
        title={
            "kk": "Шәкіртақы тізімдемесі қайтарылды",
            "ru": "Ведомость на стипендию возвращена",
            "en": "Stipend list returned",
        },
        text={
            "kk": "Директор шәкіртақы тізімдемесін қайтарды: {case}. Себебі істің бетінде.",
            "ru": "Директор вернул ведомость на стипендию: {case}. Причина на странице дела.",
            "en": "The director returned the stipend list: {case}. The reason is on its page.",
        },
    )
)
LINE_PAYABLE = register(
    NoticeKind(
        "N-STP-PAYABLE",
        title={"kk": "Шәкіртақы бекітілді", "ru": "Стипендия утверждена", "en": "Stipend approved"},
        text={
            "kk": "Сізге {sum} теңге шәкіртақы бекітілді. Ол көрсеткен шотыңызға аударылады.",
            "ru": "Вам утверждена стипендия {sum} тенге. Она будет перечислена на указанный Вами счет.",
            "en": "A stipend of {sum} tenge is approved for you. It is paid to the account you gave.",
        },
    )
)
LINE_NO_ACCOUNT = register(
    NoticeKind(
        "N-STP-NO-ACCOUNT",
        title={
            "kk": "Шәкіртақы үшін шот көрсетіңіз",
            "ru": "Укажите счет для стипендии",
            "en": "Give an account for the stipend",
        },
        text={
            "kk": "Шәкіртақы төленбей тұр: банктік шотыңыз қажет. Оны жеке кабинетте көрсетіңіз.",
            "ru": "Выплата стипендии приостановлена: нужен Ваш банковский счет. Укажите его в личном кабинете.",
            "en": "The stipend waits: your bank account is needed. Give it in your cabinet.",
        },
    )
)
LINE_HELD = register(
    NoticeKind(
        "N-STP-HELD",
        title={
            "kk": "Шәкіртақы төлеу кідіртілді",
            "ru": "Выплата стипендии приостановлена",
            "en": "The stipend is held",
        },
        text={
            "kk": "Шәкіртақы төлеу туралы орталықтың директоры жазбаша шешім қабылдайды.",
            "ru": "О выплате стипендии директор центра примет письменное решение.",
            "en": "The director of the centre decides in writing whether the stipend is paid.",
        },
    )
)
LINE_EXCLUDED = register(
    NoticeKind(
        "N-STP-EXCLUDED",
        title={"kk": "Шәкіртақы төленбейді", "ru": "Стипендия не выплачивается", "en": "No stipend is paid"},
        text={
            "kk": "Шәкіртақы төленбейді. Негізі: {reason}. Келіспесеңіз, шағым беруге немесе сотқа жүгінуге құқылысыз.",
            "ru": "Стипендия не выплачивается. Основание: {reason}. При несогласии Вы вправе подать жалобу или "
            "обратиться в суд.",
            "en": "No stipend is paid. Ground: {reason}. If you disagree, you may lodge a complaint or go to court.",
        },
    )
)
LINE_PAID = register(
    NoticeKind(
        "N-STP-PAID",
        title={"kk": "Шәкіртақы аударылды", "ru": "Стипендия перечислена", "en": "Stipend paid"},
        text={
            "kk": "Шәкіртақы аударылды: {sum} теңге.",
            "ru": "Стипендия перечислена: {sum} тенге.",
            "en": "The stipend is paid: {sum} tenge.",
        },
    )
)
LINE_RETURNED = register(
    NoticeKind(
        "N-STP-BANK-RETURNED",
        title={
            "kk": "Банк шәкіртақыны қайтарды",
            "ru": "Банк вернул стипендию",
            "en": "The bank returned the stipend",
        },
        text={
            "kk": "Банк шәкіртақыны қайтарды. Жеке кабинетте шот нөмірін тексеріп, дұрысын көрсетіңіз.",
            "ru": "Банк вернул стипендию. Проверьте номер счета и укажите верный в личном кабинете.",
            "en": "The bank returned the stipend. Check the account number and give the right one in your cabinet.",
        },
    )
)
_REASONS_EN = {
    LineReason.EXPELLED: "expelled from the project",
    LineReason.NOT_ADMITTED: "not admitted to the further training",
    LineReason.ONLINE: "learned online",
    LineReason.NOT_PROGRAMME: "not a participant of the programme",
    LineReason.BY_DECISION: "the director's decision",
}


def tell_test_failed(case: ModuleProgress, attempt: int, percent: int) -> None:
    """The module's test is not passed; each attempt is told once (118-p24)."""
    _tell(_to(case, TEST_FAILED, f"failed-{attempt}", {"pct": percent}))


def tell_plan_returned(case: BusinessPlan, due: Any) -> None:
    """What to correct, and until when (SPEC 4.6)."""
    reason = dict.fromkeys(("kk", "ru", "en"), case.return_reason)
    _tell(_to(case, PLAN_RETURNED, "returned", {"date": due, "reason": reason}))


def tell_plan_assessed(case: BusinessPlan, least: int) -> None:
    """The points, and how many were needed (118-p27-1)."""
    _tell(_to(case, PLAN_ASSESSED, "assessed", {"pct": case.percent, "least": least}))


def tell_plan_absent(case: BusinessPlan) -> None:
    """No plan by the end of the last training day, and what follows from it (118-p27-2)."""
    _tell(_to(case, PLAN_ABSENT, "absent", {}))


def tell_appointed(case: BusinessPlan) -> None:
    """The trainer who assesses."""
    assert case.assignee_id is not None
    key = f"appointed-{case.assignee_id}"
    _tell(Message(PLAN_TO_ASSESS.code, case.assignee_id, case.kind, case.pk, key, {"case": case.number}))


def tell_sheet_returned(case: StipendSheet, key: str) -> None:
    """The specialists of the centre that drew it up."""
    assert case.office_id is not None
    to = Holders(case.office_id, (Role.SPECIALIST,))
    _tell(Message(SHEET_RETURNED.code, to, case.kind, case.pk, key, {"case": case.number}))


def tell_lines(lines: Iterable[StipendLine]) -> None:
    """Everybody on an approved sheet: what becomes of the own stipend, and why."""
    notices.tell_many([_line(line) for line in lines])


def _line(line: StipendLine) -> Message:
    if line.state == LineState.EXCLUDED:
        reason = {**REASONS[line.reason], "en": _REASONS_EN[LineReason(line.reason)]}
        return _to(line, LINE_EXCLUDED, "excluded", {"reason": reason})
    if line.state == LineState.HELD:
        needs_account = line.reason == LineReason.NO_ACCOUNT
        return _to(line, LINE_NO_ACCOUNT if needs_account else LINE_HELD, "held", {})
    return _to(line, LINE_PAYABLE, "payable", {"sum": number(line.accrued)})


def tell_paid(line: StipendLine) -> None:
    """The bank has executed it."""
    _tell(_to(line, LINE_PAID, "paid", {"sum": number(line.accrued)}))


def tell_bank_returned(line: StipendLine, key: str) -> None:
    """Another account is needed."""
    _tell(_to(line, LINE_RETURNED, key, {}))


def _to(case: Any, kind: NoticeKind, key: str, facts: Mapping[str, Any]) -> Message:
    enrolment = case.enrolment
    return Message(
        kind.code, Citizen(case.person_id), case.kind, case.pk, key, facts, email=enrolment.email, phone=enrolment.phone
    )


def _tell(message: Message) -> None:
    notices.tell_many([message])
