"""The notices of contract and payment (SPEC 2.19): N-CTR-SIGN and N-PAY-DONE word for word, and what else is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bastau import notices
from bastau.flow.models import Deadline
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from bastau.papers.sums import in_figures
from bastau.people.roles import Role
from grants.models import ContractSupplement, GrantApplication, GrantContract, Payment
from grants.states import GrantState, ReturnReason

if TYPE_CHECKING:
    from bastau.papers.models import Upload

Case = GrantContract | ContractSupplement | Payment


def _kind(code: str, kk: str, ru: str, en: str, *text: str, more: tuple[str, str, str] | None = None) -> NoticeKind:
    """A kind from its titles and its texts in kk, ru and en."""
    return register(
        NoticeKind(
            code,
            title={"kk": kk, "ru": ru, "en": en},
            text=dict(zip(("kk", "ru", "en"), text, strict=True)),
            more=dict(zip(("kk", "ru", "en"), more, strict=True)) if more else {},
        )
    )


AWARDED = _kind(
    "N-CTR-DOCS", "Тіркелу мен шотты беріңіз", "Укажите регистрацию и счет", "Give your registration and your account",
    "Шарт жасасу үшін дара кәсіпкер ретінде тіркеліп, банктік шотыңызды көрсетіңіз. Мерзімі: {date}.",
    "Для заключения договора зарегистрируйтесь индивидуальным предпринимателем и укажите банковский счет."
    " Срок: {date}.",
    "To conclude the contract, register as an individual entrepreneur and give your bank account. Term: {date}.",
)  # fmt: skip
SIGN = _kind(
    "N-CTR-SIGN", "Шартқа қол қойыңыз", "Подпишите договор", "Sign the contract",
    "Шарт қол қоюға жіберілді. Мерзімі: {date}.",
    "Договор направлен на подписание. Срок: {date}.",
    "The contract is sent to you to be signed. Term: {date}.",
)  # fmt: skip
SIGN_SUPPLEMENT = _kind(
    "N-CTR-SUPPLEMENT", "Қосымша келісімге қол қойыңыз", "Подпишите дополнительное соглашение", "Sign the supplement",
    "Шартқа қосымша келісім қол қоюға жіберілді. Мерзімі: {date}.",
    "Дополнительное соглашение к договору направлено на подписание. Срок: {date}.",
    "The supplement of the contract is sent to you to be signed. Term: {date}.",
)  # fmt: skip
EXTENDED = _kind(
    "N-CTR-EXTENDED", "Мерзім ұзартылды", "Срок продлен", "The term is extended",
    "Тіркелу мен банктік шотты ұсыну мерзімі ұзартылды. Мерзімі: {date}.",
    "Срок представления регистрации и банковского счета продлен. Срок: {date}.",
    "The term for registration and bank account is extended. Term: {date}.",
)  # fmt: skip
ENDED = _kind(
    "N-CTR-LAPSED", "Грант ұсынысы күшін жойды", "Предложение гранта утратило силу", "The offer of the grant lapsed",
    "№ {no} өтінім бойынша грант ұсынысы күшін жойды. Негіздемесі: {reason}. Келіспесеңіз, шағым беруге немесе сотқа"
    " жүгінуге құқылысыз.",
    "Предложение гранта по заявлению № {no} утратило силу. Обоснование: {reason}. При несогласии Вы вправе подать"
    " жалобу или обратиться в суд.",
    "The offer of the grant on application No. {no} lapsed. Reasons: {reason}. If you disagree, you may lodge a"
    " complaint or go to court.",
)  # fmt: skip
TERMINATED = _kind(
    "N-CTR-TERMINATED", "Шарт бұзылды", "Договор расторгнут", "The contract is terminated",
    "№ {no} шарт бұзылды. Негіздемесі: {reason}. Келіспесеңіз, шағым беруге немесе сотқа жүгінуге құқылысыз.",
    "Договор № {no} расторгнут. Обоснование: {reason}. При несогласии Вы вправе подать жалобу или обратиться в суд.",
    "Contract No. {no} is terminated. Reasons: {reason}. If you disagree, you may lodge a complaint or go to court.",
)  # fmt: skip
DECLINED = _kind(
    "N-CTR-DECLINED", "Ізденуші гранттан бас тартты: {case}", "Соискатель отказался от гранта: {case}",
    "The applicant refused the grant: {case}",
    "{case} бойынша ізденуші гранттан бас тартты. Ұсыныстың күшін жою туралы шешім қабылдаңыз.",
    "Соискатель отказался от гранта по {case}. Примите решение об утрате силы предложения.",
    "The applicant refused the grant of {case}. Decide on the lapse of the offer.",
)  # fmt: skip
SCAN = _kind(
    "N-CTR-SCAN", "Тіркеу хабарламасын тексеріңіз: {case}", "Проверьте уведомление о регистрации: {case}",
    "Check the notice of registration: {case}",
    "{case} бойынша ізденуші дара кәсіпкер ретінде тіркеу туралы хабарламаның сканын жіберді.",
    "По {case} соискатель направил скан уведомления о регистрации индивидуальным предпринимателем.",
    "The applicant of {case} sent a scan of the notice of registration as an individual entrepreneur.",
)  # fmt: skip
PAID = _kind(
    "N-PAY-DONE", "Грант аударылды", "Грант перечислен", "The grant is transferred",
    "Грант сомасы аударылды: {sum} теңге.",
    "Сумма гранта перечислена: {sum} тенге.",
    "The sum of the grant is transferred: {sum} tenge.",
)  # fmt: skip
RETURNED = _kind(
    "N-PAY-RETURNED", "Банк төлемді қайтарды", "Банк вернул платеж", "The bank returned the payment",
    "Банк грант төлемін қайтарды. Себебі: {reason}. Басқа шотыңызды көрсетіңіз. Мерзімі: {date}.",
    "Банк вернул платеж по гранту. Причина: {reason}. Укажите другой свой счет. Срок: {date}.",
    "The bank returned the payment of the grant. Reason: {reason}. Give another account of yours. Term: {date}.",
)  # fmt: skip
RETURNED_STAFF = _kind(
    "N-PAY-RETURNED-STAFF", "Банк төлемді қайтарды: {case}", "Банк вернул платеж: {case}",
    "The bank returned a payment: {case}",
    "{case} бойынша төлемді банк қайтарды. Себебі: {reason}.",
    "Банк вернул платеж по {case}. Причина: {reason}.",
    "The bank returned the payment of {case}. Reason: {reason}.",
)  # fmt: skip
RELEASED = _kind(
    "N-GR-RELEASED", "Грант қаражаты босады", "Освободились средства гранта", "Grant money is free again",
    "{case} бойынша {sum} теңге босады. Резервтегі келесі өтінім: {next}.",
    "По {case} освободилось {sum} тенге. Следующее заявление в резерве: {next}.",
    "{sum} tenge of {case} are free again. Next application in the reserve: {next}.",
)  # fmt: skip
COMPLETED = _kind(
    "N-CTR-COMPLETED", "Шарт орындалды", "Договор исполнен", "The contract is fulfilled",
    "№ {no} шарт толық орындалды. Есептердің бәрі қабылданды.",
    "Договор № {no} исполнен полностью. Все отчеты приняты.",
    "Contract No. {no} is fulfilled. All reports are accepted.",
)  # fmt: skip


def due_of(case: Case, name: str) -> datetime:
    """When the running term `name` of a case ends, in the wall time of its centre."""
    assert case.office is not None
    due = Deadline.objects.open().get(case_kind=case.kind, case_id=case.pk, name=name).due_at
    return due.astimezone(ZoneInfo(case.office.zone))


def tell_offered(case: GrantContract) -> None:
    """The applicant learns what is needed for the contract, and by when (A-36)."""
    _citizen(case, AWARDED, "offered", {"date": due_of(case, "T-CTR-DOCS").date()})


def tell_extended(case: GrantContract) -> None:
    """The head extended the term; each extension is told once."""
    due = due_of(case, "T-CTR-DOCS").date()
    _citizen(case, EXTENDED, f"extended-{due:%Y%m%d}", {"date": due})


def tell_to_sign(case: GrantContract | ContractSupplement) -> None:
    """The contract or its supplement waits for the applicant's signature (N-CTR-SIGN)."""
    kind = SIGN if isinstance(case, GrantContract) else SIGN_SUPPLEMENT
    _citizen(case, kind, "sign", {"date": due_of(case, "T-CTR-APPL").date()})


def tell_declined(case: GrantContract) -> None:
    """The head is told that the applicant refuses."""
    _staff(case, DECLINED, "declined", {"case": case.number}, Role.DIRECTOR)


def tell_scan(case: GrantContract, upload: Upload) -> None:
    """The specialists are told that a scan waits for them."""
    _staff(case, SCAN, f"scan-{upload.pk}", {"case": case.number}, Role.SPECIALIST)


def tell_lapsed(case: GrantContract) -> None:
    """The applicant reads the decision and the right to complain."""
    _citizen(case, ENDED, "lapsed", {"no": case.application.number, "reason": case.end_reason})


def tell_terminated(case: GrantContract) -> None:
    """The grantee reads the decision and the right to complain."""
    _citizen(case, TERMINATED, "terminated", {"no": case.number, "reason": case.end_reason})


def tell_completed(case: GrantContract) -> None:
    """The grantee is told that nothing more is owed."""
    _citizen(case, COMPLETED, "completed", {"no": case.number})


def tell_released(application: GrantApplication, amount: int) -> None:
    """Secretary and head are told what is free again and who is next in the reserve (SPEC 4.9)."""
    waiting = GrantApplication.objects.filter(office=application.office, state=GrantState.RESERVE)
    following = waiting.order_by("reserve_place", "pk").first()
    facts = {"case": application.number, "sum": in_figures(amount), "next": following.number if following else "–"}
    assert application.office_id is not None
    to = Holders(application.office_id, (Role.COMMISSION_SECRETARY, Role.DIRECTOR))
    held = application.reservations.filter(released_at__isnull=False).count()
    notices.tell_many([Message(RELEASED.code, to, application.kind, application.pk, f"released-{held}", facts)])


def tell_paid(case: Payment) -> None:
    """N-PAY-DONE."""
    _citizen(case, PAID, "done", {"sum": in_figures(case.amount)})


def tell_returned(case: Payment) -> None:
    """The accountants learn that the bank sent an order back, and why."""
    facts = {"case": case.number, "reason": ReturnReason(case.return_reason).label}
    _staff(case, RETURNED_STAFF, f"returned-{case.attempt}", facts, Role.ACCOUNTANT, Role.DIRECTOR)


def tell_account_needed(case: ContractSupplement) -> None:
    """The grantee learns why the payment came back, and gives another account."""
    payment = case.contract.payment
    facts = {"reason": ReturnReason(payment.return_reason).label, "date": due_of(case, "T-CTR-DOCS").date()}
    _citizen(case, RETURNED, "opened", facts)


def _citizen(case: Case, kind: NoticeKind, key: str, facts: Mapping[str, Any]) -> None:
    assert case.person_id is not None
    notices.tell_many([Message(kind.code, Citizen(case.person_id), case.kind, case.pk, key, facts)])


def _staff(case: Case, kind: NoticeKind, key: str, facts: Mapping[str, Any], *roles: Role) -> None:
    assert case.office_id is not None
    notices.tell_many([Message(kind.code, Holders(case.office_id, roles), case.kind, case.pk, key, facts)])
