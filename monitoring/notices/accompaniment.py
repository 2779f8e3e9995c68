"""Notices of accompaniment and visits: their words, and who is told what. SPEC 2.19 gives none of them."""

from __future__ import annotations

from typing import Any

from bastau import notices
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from bastau.people.models import Office
from bastau.people.roles import Role
from bastau.portal import figures
from monitoring.models import AccompanimentCase, Visit
from monitoring.states import CancelReason, StopReason

OPENED = register(
    NoticeKind(
        "N-ACC-OPENED",
        title={
            "kk": "Бизнесіңізді сүйемелдеу ашылды",
            "ru": "Открыто сопровождение бизнеса",
            "en": "Your business is accompanied",
        },
        text={
            "kk": "Бизнес-жобаңызды сүйемелдеу ашылды, № {no}. Сұрақтарыңызға {office} жауап береді.",
            "ru": "Открыто сопровождение Вашего бизнес-проекта, № {no}. На вопросы отвечает {office}.",
            "en": (
                "The accompaniment of your business project is open, No. {no}. Your questions are answered by {office}."
            ),
        },
        more={
            "kk": "Кеңес тегін. Сұрақты жеке кабинеттен жаза аласыз.",
            "ru": "Консультации бесплатны. Вопрос можно написать в личном кабинете.",
            "en": "Consultations are free. You can write your question in the cabinet.",
        },
        sms={
            "kk": "Бизнесіңізді сүйемелдеу ашылды, № {no}.",
            "ru": "Открыто сопровождение бизнеса, № {no}.",
            "en": "Accompaniment of your business is open, No. {no}.",
        },
    )
)
LAUNCHED = register(
    NoticeKind(
        "N-ACC-LAUNCHED",
        title={
            "kk": "Бизнестің іске қосылған күні енгізілді",
            "ru": "Внесен день запуска бизнеса",
            "en": "The launch of your business is entered",
        },
        text={
            "kk": "Бизнес іске қосылған күн: {launch}. Сүйемелдеу {date} дейін жүреді.",
            "ru": "День запуска бизнеса: {launch}. Сопровождение длится до {date}.",
            "en": "Launch of the business: {launch}. It is accompanied until {date}.",
        },
        sms={
            "kk": "Бизнесті сүйемелдеу мерзімі: {date}.",
            "ru": "Срок сопровождения бизнеса: {date}.",
            "en": "Your business is accompanied until {date}.",
        },
    )
)
EXTENDED = register(
    NoticeKind(
        "N-ACC-EXTENDED",
        title={
            "kk": "Сүйемелдеу мерзімі ұзартылды",
            "ru": "Срок сопровождения продлен",
            "en": "The accompaniment is longer",
        },
        text={
            "kk": "Сүйемелдеу мерзімі он сегіз айға дейін ұзартылды. Жаңа мерзім: {date}.",
            "ru": "Срок сопровождения продлен до восемнадцати месяцев. Новый срок: {date}.",
            "en": "The accompaniment was extended to eighteen months. New end: {date}.",
        },
    )
)
FINISHED = register(
    NoticeKind(
        "N-ACC-FINISHED",
        title={"kk": "Сүйемелдеу аяқталды", "ru": "Сопровождение завершено", "en": "The accompaniment is over"},
        text={
            "kk": (
                "Бизнес-жобаңызды сүйемелдеу мерзімі аяқталды. Сұрақтарыңыз болса, 1414 бірыңғай "
                "байланыс орталығына қоңырау шалыңыз."
            ),
            "ru": (
                "Срок сопровождения Вашего бизнес-проекта завершен. С вопросами обращайтесь в единый "
                "контакт-центр 1414."
            ),
            "en": (
                "The term of accompaniment of your business project is over. With questions call the "
                "single contact centre 1414."
            ),
        },
        sms={
            "kk": "Бизнесті сүйемелдеу аяқталды. Анықтама: 1414.",
            "ru": "Сопровождение бизнеса завершено. Справки: 1414.",
            "en": "The accompaniment of your business is over. Help: 1414.",
        },
    )
)
STOPPED = register(
    NoticeKind(
        "N-ACC-STOPPED",
        title={"kk": "Сүйемелдеу тоқтатылды", "ru": "Сопровождение прекращено", "en": "The accompaniment is stopped"},
        text={
            "kk": "Бизнес-жобаны сүйемелдеу тоқтатылды. Себебі: {reason}.",
            "ru": "Сопровождение бизнес-проекта прекращено. Причина: {reason}.",
            "en": "The accompaniment of the business project is stopped. Reason: {reason}.",
        },
        more={
            "kk": "Келіспесеңіз, {office} ұйымына хабарласыңыз.",
            "ru": "Если Вы не согласны, обратитесь в организацию: {office}.",
            "en": "If you disagree, turn to {office}.",
        },
    )
)
VISIT = register(
    NoticeKind(
        "N-ACC-VISIT",
        title={"kk": "Бизнесіңізге бару жоспарланды", "ru": "Запланирован визит", "en": "A visit is planned"},
        text={
            "kk": "Бару күні: {date}. Мақсаты: {purpose}.",
            "ru": "День визита: {date}. Цель: {purpose}.",
            "en": "Day of the visit: {date}. Purpose: {purpose}.",
        },
        sms={
            "kk": "Бизнесіңізге бару күні: {date}.",
            "ru": "Визит по Вашему бизнесу: {date}.",
            "en": "Visit to your business: {date}.",
        },
    )
)
VISIT_COST = register(
    NoticeKind(
        "N-ACC-VISIT-COST",
        title={
            "kk": "Бару шығынын келісу керек",
            "ru": "Нужно Ваше согласие на расходы",
            "en": "Your agreement to a cost is needed",
        },
        text={
            "kk": "Бару күні: {date}. Шығын: {sum} теңге. Келісіміңізсіз ақылы бару болмайды; кеңестің өзі тегін.",
            "ru": (
                "День визита: {date}. Расходы: {sum} тенге. Без Вашего согласия платного визита не "
                "будет; сами консультации бесплатны."
            ),
            "en": (
                "Day of the visit: {date}. Cost: {sum} tenge. Without your agreement there is no visit "
                "with a cost; consultations themselves are free."
            ),
        },
        sms={
            "kk": "Бару күні: {date}, шығыны {sum} теңге. Жеке кабинетте келісіңіз немесе бас тартыңыз.",
            "ru": "Визит: {date}, расходы {sum} тенге. Согласитесь или откажитесь в личном кабинете.",
            "en": "Visit: {date}, cost {sum} tenge. Agree or decline in your cabinet.",
        },
    )
)
VISIT_OFF = register(
    NoticeKind(
        "N-ACC-VISIT-OFF",
        title={"kk": "Бару болмайды", "ru": "Визит отменен", "en": "A visit is cancelled"},
        text={
            "kk": "{date} күнгі бару болмайды. Себебі: {reason}.",
            "ru": "Визит {date} отменен. Причина: {reason}.",
            "en": "The visit of {date} is cancelled. Reason: {reason}.",
        },
    )
)

# --- to staff
NAMED = register(
    NoticeKind(
        "N-ACC-NAMED",
        title={"kk": "Сізге бизнес тапсырылды", "ru": "Вам поручен бизнес", "en": "A business is given to you"},
        text={
            "kk": "Сіз сүйемелдейтін бизнес: {case}.",
            "ru": "Вы сопровождаете бизнес: {case}.",
            "en": "You accompany a business: {case}.",
        },
    )
)
COST_ANSWERED = register(
    NoticeKind(
        "N-ACC-COST-ANSWERED",
        title={
            "kk": "Қатысушы бару шығыны туралы жауап берді",
            "ru": "Участник ответил о расходах на визит",
            "en": "The participant answered about a cost",
        },
        text={
            "kk": "{case}: {answer}.",
            "ru": "{case}: {answer}.",
            "en": "{case}: {answer}.",
        },
    )
)
_AGREED = {"kk": "шығынмен келісті", "ru": "с расходами согласен", "en": "the cost is agreed"}
_DECLINED = {"kk": "шығынмен келіспеді", "ru": "с расходами не согласен", "en": "the cost is not agreed"}


def tell_opened(case: AccompanimentCase) -> None:
    """The participant may ask from now on; the coordinator names a consultant (118-p33-1, p33-3)."""
    assert case.office is not None
    facts = {"no": case.number, "office": office_names(case.office)}
    coordinator = Message(
        NAMED.code, Holders(case.office.pk, (Role.COORDINATOR,)), case.kind, case.pk, "opened", {"case": case.number}
    )
    notices.tell_many([_to_citizen(case, OPENED, "opened", facts), coordinator])


def tell_named(case: AccompanimentCase, user: int | None) -> None:
    """The consultant or the trainer hears of the business that is now theirs (118-p33-2)."""
    if user is not None:
        notices.tell_many([Message(NAMED.code, user, case.kind, case.pk, f"named-{user}", {"case": case.number})])


def tell_launched(case: AccompanimentCase) -> None:
    """Until when the business is accompanied (118-p33-1)."""
    notices.tell_many([_to_citizen(case, LAUNCHED, "launched", {"launch": case.launched_on, "date": case.ends_on})])


def tell_extended(case: AccompanimentCase) -> None:
    """The new end (118-p33-1)."""
    notices.tell_many([_to_citizen(case, EXTENDED, "extended", {"date": case.ends_on})])


def tell_finished(case: AccompanimentCase) -> None:
    """The term is over; the general help line stays (118-p33-3)."""
    notices.tell_many([_to_citizen(case, FINISHED, "finished", {})])


def tell_stopped(case: AccompanimentCase) -> None:
    """Ended before its time, with the reason. Nobody is written to after a death."""
    assert case.office is not None
    if case.stop_reason == StopReason.DEATH:
        return
    reasons = {
        StopReason.BUSINESS_CLOSED: {"kk": "бизнес жабылды", "ru": "бизнес закрыт", "en": "the business is closed"},
        StopReason.REFUSAL: {
            "kk": "қатысушы сүйемелдеуден бас тартты",
            "ru": "участник отказался от сопровождения",
            "en": "the participant does not want to be accompanied",
        },
    }
    facts = {"reason": reasons[StopReason(case.stop_reason)], "office": office_names(case.office)}
    notices.tell_many([_to_citizen(case, STOPPED, "stopped", facts)])


def tell_visit(visit: Visit) -> None:
    """A visit is planned; one with a cost asks for agreement beforehand (118-p34)."""
    facts: dict[str, Any] = {"date": visit.planned_on, "purpose": visit.purpose}
    if visit.cost:
        facts = {"date": visit.planned_on, "sum": figures.number(visit.cost)}
    notices.tell_many([_to_citizen(visit, VISIT_COST if visit.cost else VISIT, "planned", facts)])


def tell_cost_answered(visit: Visit) -> None:
    """Whoever planned the visit hears what the participant says to its cost (118-p34)."""
    answer = _AGREED if visit.agreed_at is not None else _DECLINED
    if visit.assignee_id is not None:
        facts = {"case": visit.number, "answer": answer}
        notices.tell_many(
            [Message(COST_ANSWERED.code, visit.assignee_id, visit.kind, visit.pk, "cost-answered", facts)]
        )


def tell_visit_off(visit: Visit) -> None:
    """A planned visit does not take place."""
    reasons = {
        CancelReason.OTHER_DAY: {
            "kk": "басқа күн белгіленеді",
            "ru": "будет назначен другой день",
            "en": "another day suits better",
        },
        CancelReason.NOT_NEEDED: {
            "kk": "енді қажет емес",
            "ru": "визит больше не нужен",
            "en": "it is no longer needed",
        },
        CancelReason.ENDED: {
            "kk": "сүйемелдеу аяқталды",
            "ru": "сопровождение завершено",
            "en": "the accompaniment has ended",
        },
    }
    reason = reasons[CancelReason(visit.cancel_reason)]
    notices.tell_many([_to_citizen(visit, VISIT_OFF, "off", {"date": visit.planned_on, "reason": reason})])


def office_names(office: Office) -> dict[str, str]:
    """The office's name in the three languages."""
    return {language: office.name(language) for language in ("kk", "ru", "en")}


def _to_citizen(case: Any, kind: NoticeKind, key: str, facts: dict[str, Any]) -> Message:
    return Message(kind.code, Citizen(case.person_id), case.kind, case.pk, key, facts)
