"""The notices of a grant application (SPEC 2.19): their words, and who is told what.

N-GR-SUBMITTED stands here word for word; the notices of the meeting and of the decision stand with the commission.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bastau import notices
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from bastau.people.roles import Role

if TYPE_CHECKING:
    from grants.models import GrantApplication

SUBMITTED = register(
    NoticeKind(
        "N-GR-SUBMITTED",
        title={"kk": "Грантқа өтініш қабылданды", "ru": "Заявление на грант принято", "en": "Grant application taken"},
        text={
            "kk": "Грантқа өтінішіңіз қабылданды, № {no}.",
            "ru": "Ваше заявление на грант принято, № {no}.",
            "en": "Your application for a grant is taken, No. {no}.",
        },
    )
)
REJECTED_CRITERIA = register(
    NoticeKind(
        "N-GR-CRITERIA",
        title={
            "kk": "Өтініш грант критерийлеріне сәйкес келмейді",
            "ru": "Заявление не соответствует критериям гранта",
            "en": "The application does not meet the criteria of the grant",
        },
        text={
            "kk": (
                "Грантқа өтінішіңіз критерийлерге сәйкес келмегендіктен қабылданбады, № {no}. Негіздемесі: {reason}."
                " Келіспесеңіз, шағым беруге немесе сотқа жүгінуге құқылысыз."
            ),
            "ru": (
                "Ваше заявление на грант № {no} отклонено: оно не соответствует критериям. Обоснование: {reason}."
                " При несогласии Вы вправе подать жалобу или обратиться в суд."
            ),
            "en": (
                "Your application for a grant No. {no} is rejected: it does not meet the criteria. Reasons: {reason}."
                " If you disagree, you may lodge a complaint or go to court."
            ),
        },
        more={
            "kk": "Себебі жойылғаннан кейін қайта өтініш бере аласыз.",
            "ru": "Когда причина будет устранена, можно подать заявление снова.",
            "en": "You may apply again when the reason is gone.",
        },
        sms={
            "kk": "Грантқа өтініш № {no} критерийлерге сәйкес келмеді. Толығырақ жеке кабинетте.",
            "ru": "Заявление на грант № {no} не соответствует критериям. Подробно в личном кабинете.",
            "en": "Grant application No. {no} does not meet the criteria. See your cabinet.",
        },
    )
)
NOT_ATTENDED = register(
    NoticeKind(
        "N-GR-NO-SHOW",
        title={
            "kk": "Өтініш қараусыз жабылды",
            "ru": "Заявление закрыто без рассмотрения",
            "en": "Application closed without consideration",
        },
        text={
            "kk": "Комиссия отырысына екінші рет келмегендіктен өтінішіңіз қараусыз жабылды, № {no}.",
            "ru": "Вы второй раз не явились на заседание комиссии, заявление № {no} закрыто без рассмотрения.",
            "en": "You did not come to the commission a second time; application No. {no} is closed unconsidered.",
        },
        more={
            "kk": "Қайта өтініш бере аласыз.",
            "ru": "Вы можете подать заявление снова.",
            "en": "You may apply again.",
        },
    )
)
LAPSED = register(
    NoticeKind(
        "N-GR-LAPSED",
        title={"kk": "Грант күшін жойды", "ru": "Право на грант утрачено", "en": "The award has lapsed"},
        text={
            "kk": "№ {no} өтініш бойынша грант күшін жойды. Қайта өтініш бере аласыз.",
            "ru": "Право на грант по заявлению № {no} утрачено. Вы можете подать заявление снова.",
            "en": "The award on application No. {no} has lapsed. You may apply again.",
        },
    )
)
WITHDRAWN = register(
    NoticeKind(
        "N-GR-WITHDRAWN",
        title={"kk": "Грантқа өтініш қайтарып алынды", "ru": "Заявление на грант отозвано", "en": "Withdrawn"},
        text={
            "kk": "Грантқа өтінішіңізді қайтарып алдыңыз, № {no}. Жаңа өтінішті кез келген уақытта бере аласыз.",
            "ru": "Вы отозвали заявление на грант № {no}. Новое заявление можно подать в любое время.",
            "en": "You withdrew your application for a grant No. {no}. You may file a new one at any time.",
        },
    )
)
REJECTION_WAITS = register(
    NoticeKind(
        "N-GR-REJECTION-WAITS",
        title={
            "kk": "Растауды күтіп тұр: {case}",
            "ru": "Ждет подтверждения: {case}",
            "en": "Waits to be confirmed: {case}",
        },
        text={
            "kk": "Маман {case} өтінішін критерийлер бойынша қабылдамауды ұсынды. Растаңыз немесе қайтарыңыз.",
            "ru": "Специалист предлагает отклонить заявление {case} по критериям. Подтвердите или верните.",
            "en": "A specialist proposes to reject {case} for the criteria. Confirm or return it.",
        },
    )
)
REJECTION_RETURNED = register(
    NoticeKind(
        "N-GR-REJECTION-RETURNED",
        title={"kk": "Қайтарылды: {case}", "ru": "Возвращено: {case}", "en": "Returned: {case}"},
        text={
            "kk": "Бөлім басшысы {case} өтінішін қайтарды. Ескертпесі істің бетінде жазылған.",
            "ru": "Начальник отдела вернул заявление {case}. Его замечание – на странице дела.",
            "en": "The head of unit returned {case}. The comment stands on the page of the case.",
        },
    )
)


def tell_submitted(case: GrantApplication) -> None:
    """Sent (FKA04-1.4)."""
    notices.tell_many([to_citizen(case, SUBMITTED, "submitted", {"no": case.number})])


def tell_rejected(case: GrantApplication) -> None:
    """A criterion is not met, with the specialist's reasons (FKA04-1.2)."""
    rejection = case.rejections.order_by("-pk").first()
    reason = rejection.reason.rstrip(". ") if rejection else ""
    notices.tell_many([to_citizen(case, REJECTED_CRITERIA, "criteria", {"no": case.number, "reason": reason})])


def tell_not_attended(case: GrantApplication) -> None:
    """Absent a second time (A-35)."""
    notices.tell_many([to_citizen(case, NOT_ATTENDED, "no-show", {"no": case.number})])


def tell_lapsed(case: GrantApplication) -> None:
    """The award or the place in the reserve is gone (SPEC 4.9)."""
    notices.tell_many([to_citizen(case, LAPSED, "lapsed", {"no": case.number})])


def tell_withdrawn(case: GrantApplication) -> None:
    """The applicant's own withdrawal is confirmed; of a draft nobody knew."""
    if case.filed_at is not None:
        notices.tell_many([to_citizen(case, WITHDRAWN, "withdrawn", {"no": case.number})])


def tell_rejection_waits(case: GrantApplication) -> None:
    """The heads of unit of the centre are told that a rejection waits for them; each proposal once."""
    assert case.office_id is not None
    key = f"rejection-{case.rejections.count()}"
    to = Holders(case.office_id, (Role.UNIT_HEAD,))
    notices.tell_many([Message(REJECTION_WAITS.code, to, case.kind, case.pk, key, {"case": case.number})])


def tell_rejection_returned(case: GrantApplication) -> None:
    """The specialist is told that the head of unit wants something checked; each return once."""
    assert case.office_id is not None
    to = case.assignee_id or Holders(case.office_id, (Role.SPECIALIST,))
    key = f"returned-{case.rejections.count()}"
    notices.tell_many([Message(REJECTION_RETURNED.code, to, case.kind, case.pk, key, {"case": case.number})])


def to_citizen(case: GrantApplication, kind: NoticeKind, key: str, facts: Mapping[str, Any]) -> Message:
    """A notice to the applicant, to the contacts given in the application."""
    return Message(
        kind.code, Citizen(case.person_id), case.kind, case.pk, key, facts, email=case.email, phone=case.phone
    )
