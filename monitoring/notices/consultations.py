"""Notices of enquiries: their words, and who is told what (118-p17, p33-3; A-29). SPEC 2.19 gives none of them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bastau import notices
from bastau.flow.models import Deadline
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from monitoring.models import ConsultationRequest
from monitoring.notices.accompaniment import office_names
from monitoring.states import Redirection

RECEIVED = register(
    NoticeKind(
        "N-CON-RECEIVED",
        title={"kk": "Сұрағыңыз қабылданды", "ru": "Ваш вопрос принят", "en": "Your question is received"},
        text={
            "kk": "Сұрағыңыз қабылданды, № {no}. Жауап беретін ұйым: {office}. Жауап мерзімі: {date}.",
            "ru": "Ваш вопрос принят, № {no}. Отвечает: {office}. Срок ответа: {date}.",
            "en": "Your question is received, No. {no}. It is answered by: {office}. Answer by: {date}.",
        },
        sms={
            "kk": "Сұрағыңыз қабылданды, № {no}. Жауап мерзімі: {date}.",
            "ru": "Ваш вопрос принят, № {no}. Срок ответа: {date}.",
            "en": "Question received, No. {no}. Answer by: {date}.",
        },
    )
)
ANSWERED = register(
    NoticeKind(
        "N-CON-ANSWERED",
        title={"kk": "Сұрағыңызға жауап берілді", "ru": "На Ваш вопрос ответили", "en": "Your question is answered"},
        text={
            "kk": "Сұрағыңызға жауап берілді, № {no}. Жауапты жеке кабинетте оқыңыз; түсініксіз болса, қайта сұраңыз.",
            "ru": (
                "На Ваш вопрос ответили, № {no}. Прочтите ответ в личном кабинете; если что-то неясно, "
                "спросите еще раз."
            ),
            "en": "Your question is answered, No. {no}. Read the answer in your cabinet; ask again if it is unclear.",
        },
        sms={
            "kk": "№ {no} сұраққа жауап жеке кабинетте.",
            "ru": "Ответ на вопрос № {no} в личном кабинете.",
            "en": "The answer to question No. {no} is in your cabinet.",
        },
    )
)
PASSED_ON = register(
    NoticeKind(
        "N-CON-PASSED-ON",
        title={
            "kk": "Сұрағыңыз басқа маманға берілді",
            "ru": "Ваш вопрос передан другому",
            "en": "Your question was passed on",
        },
        text={
            "kk": "Сұрағыңыз № {no} енді мынаған берілді: {to}. Жауап мерзімі өзгерген жоқ.",
            "ru": "Ваш вопрос № {no} передан: {to}. Срок ответа не изменился.",
            "en": "Your question No. {no} was passed on to: {to}. The term of the answer stays.",
        },
    )
)

# --- to staff
GIVEN = register(
    NoticeKind(
        "N-CON-GIVEN",
        title={"kk": "Сізге сұрау салу берілді", "ru": "Вам передано обращение", "en": "An enquiry is given to you"},
        text={
            "kk": "Жауап беретін сұрау салуыңыз: {case}.",
            "ru": "Вам нужно ответить на обращение: {case}.",
            "en": "You are to answer an enquiry: {case}.",
        },
    )
)
NEW = register(
    NoticeKind(
        "N-CON-NEW",
        title={"kk": "Жаңа сұрау салу", "ru": "Новое обращение", "en": "A new enquiry"},
        text={
            "kk": "Жаңа сұрау салу келіп түсті: {case}.",
            "ru": "Поступило новое обращение: {case}.",
            "en": "A new enquiry has come in: {case}.",
        },
    )
)
AGAIN = register(
    NoticeKind(
        "N-CON-AGAIN",
        title={"kk": "Сұрақ қайта қойылды", "ru": "Вопрос задан повторно", "en": "A question is asked again"},
        text={
            "kk": "Жауап жеткіліксіз болды, сұрақ қайта қойылды: {case}.",
            "ru": "Ответ не помог, вопрос задан повторно: {case}.",
            "en": "The answer did not help, the question is asked again: {case}.",
        },
    )
)
_TRAINER = {"kk": "бизнес-жаттықтырушы", "ru": "бизнес-тренер", "en": "the business trainer"}


def tell_received(request: ConsultationRequest) -> None:
    """The person is told the number and the day of the answer; whose turn it is hears of the enquiry."""
    assert request.office is not None
    told = [_staff(request, NEW, "asked")]
    if request.person_id is not None:
        facts = {"no": request.number, "office": office_names(request.office), "date": _due(request)}
        told.append(_to_citizen(request, RECEIVED, "asked", facts))
    notices.tell_many(told)


def tell_answered(request: ConsultationRequest) -> None:
    """The answer is there; each one is told of."""
    if request.person_id is not None:
        key = f"answered-{request.messages.count()}"
        notices.tell_many([_to_citizen(request, ANSWERED, key, {"no": request.number})])


def tell_given(request: ConsultationRequest) -> None:
    """The colleague hears what is to be answered."""
    notices.tell_many([_staff(request, GIVEN, f"given-{request.assignee_id}")])


def tell_passed_on(request: ConsultationRequest) -> None:
    """Who is asked now hears of it, and so does the person; the tax office's address is an answer."""
    assert request.office is not None
    if request.passed_to == Redirection.TAX_OFFICE:
        tell_answered(request)
        return
    key = f"passed-on-{request.messages.count()}"
    told = [_staff(request, GIVEN, key)]
    if request.person_id is not None:
        to = _TRAINER if request.passed_to == Redirection.TRAINER else office_names(request.office)
        told.append(_to_citizen(request, PASSED_ON, key, {"no": request.number, "to": to}))
    notices.tell_many(told)


def tell_reopened(request: ConsultationRequest) -> None:
    """Who answered hears that it did not help."""
    notices.tell_many([_staff(request, AGAIN, f"again-{request.messages.count()}")])


def _due(request: ConsultationRequest) -> Any:
    assert request.office is not None
    row = Deadline.objects.open().get(case_kind=request.kind, case_id=request.pk, name="T-CONSULT-15")
    return row.due_at.astimezone(ZoneInfo(request.office.zone)).date()


def _staff(request: ConsultationRequest, kind: NoticeKind, key: str) -> Message:
    assert request.office_id is not None
    to = request.assignee_id or Holders(request.office_id, (request.turn,))
    return Message(kind.code, to, request.kind, request.pk, key, {"case": request.number})


def _to_citizen(request: ConsultationRequest, kind: NoticeKind, key: str, facts: dict[str, Any]) -> Message:
    assert request.person_id is not None
    return Message(kind.code, Citizen(request.person_id), request.kind, request.pk, key, facts)
