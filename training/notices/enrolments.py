"""Notices of enrolment and certificates (SPEC 2.19; those the seeds lack are additions): who is told what, when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bastau import notices
from bastau.notices import Citizen, Message, NoticeKind, register
from training.models import Certificate, Enrolment
from training.rules.enrolments import earliest_start
from training.states import CertificateKind, EnrolmentState, RejectionReason, WithdrawalReason

SUBMITTED = register(
    NoticeKind(
        "N-TRN-SUBMITTED",
        title={
            "kk": "Оқуға өтініш қабылданды",
            "ru": "Заявление на обучение принято",
            "en": "Application for training accepted",
        },
        text={
            "kk": "Өтініш-сауалнамаңыз өңірлік палатаға жіберілді, № {no}.",
            "ru": "Ваше заявление-анкета направлено в региональную палату, № {no}.",
            "en": "Your application-questionnaire went to the regional chamber, No. {no}.",
        },
    )
)
REJECTED = register(
    NoticeKind(
        "N-TRN-REJECTED",
        title={"kk": "Оқуға қабылданбадыңыз", "ru": "Вы не приняты на обучение", "en": "Not accepted for training"},
        text={
            "kk": "Оқуға өтінішіңіз қабылданбады. Себебі: {reason}.",
            "ru": "Ваше заявление на обучение отклонено. Причина: {reason}.",
            "en": "Your application for training is rejected. Reason: {reason}.",
        },
        more={"kk": "{comment}", "ru": "{comment}", "en": "{comment}"},
    )
)
REPEAT = register(
    NoticeKind(
        "N-TRN-REPEAT",
        title={"kk": "Бұрын оқығансыз", "ru": "Вы уже проходили обучение", "en": "You were trained before"},
        text={
            "kk": "Сіз бұрын осы жоба бойынша оқуға қатысқансыз. Қайта оқуды бастауға болатын ең ерте күн: {date}.",
            "ru": "Вы уже участвовали в обучении по этому проекту. Самая ранняя дата нового обучения: {date}.",
            "en": "You took part in training of this project before. The earliest day of new training: {date}.",
        },
    )
)
WAITLISTED = register(
    NoticeKind(
        "N-TRN-WAITING",
        title={"kk": "Сіз күту тізіміндесіз", "ru": "Вы в листе ожидания", "en": "You are on the waiting list"},
        text={
            "kk": "Топта бос орын жоқ. Сіз күту тізіміне енгізілдіңіз, орын босағанда хабарлаймыз.",
            "ru": "В группе нет свободных мест. Вы внесены в лист ожидания; когда место освободится, мы сообщим.",
            "en": "The group has no free places. You are on the waiting list; we write when a place is free.",
        },
    )
)
PLACE_FREE = register(
    NoticeKind(
        "N-TRN-PLACE",
        title={"kk": "Топта орын босады", "ru": "В группе освободилось место", "en": "A place in the group is free"},
        text={
            "kk": "Сіз күткен топта орын босады. Орынды алу үшін жеке кабинетте офертаны қабылдаңыз.",
            "ru": "В группе, которую Вы ждали, освободилось место. Чтобы занять его, примите оферту в личном кабинете.",
            "en": "A place in the group you waited for is free. To take it, accept the offer in your cabinet.",
        },
    )
)
ENROLLED = register(
    NoticeKind(
        "N-TRN-ENROLLED",
        title={"kk": "Сіз топқа қабылдандыңыз", "ru": "Вы зачислены в группу", "en": "You are enrolled"},
        text={
            "kk": "Сіз топқа қабылдандыңыз. Оқудың басталу күні: {date}. Орны: {place}.",
            "ru": "Вы зачислены в группу. Дата начала обучения: {date}. Место: {place}.",
            "en": "You are enrolled in the group. First training day: {date}. Place: {place}.",
        },
    )
)
FINAL_OPEN = register(
    NoticeKind(
        "N-TST-FINAL",
        title={"kk": "Қорытынды тест ашылды", "ru": "Итоговый тест открыт", "en": "The final test is open"},
        text={
            "kk": "Қорытынды тестілеу ашылды. Соңғы күні: {date}.",
            "ru": "Итоговое тестирование открыто. Последний день: {date}.",
            "en": "The final test is open. Last day: {date}.",
        },
    )
)
NOT_ADMITTED = register(
    NoticeKind(
        "N-TST-NOT-ADMITTED",
        title={
            "kk": "Оқудың келесі кезеңіне жіберілмедіңіз",
            "ru": "Вы не допущены к следующему периоду обучения",
            "en": "Not admitted to the next part",
        },
        text={
            "kk": (
                "Модуль тестінен белгіленген мерзімде өтпегендіктен оқудың келесі кезеңіне жіберілмедіңіз. "
                "Келіспесеңіз, шағым беруге немесе сотқа жүгінуге құқылысыз."
            ),
            "ru": (
                "Тест по модулю не сдан в срок, поэтому Вы не допущены к следующему периоду обучения. "
                "При несогласии Вы вправе подать жалобу или обратиться в суд."
            ),
            "en": (
                "A module test was not passed in time, so you are not admitted to the next part of the training. "
                "If you disagree, you may complain or go to court."
            ),
        },
    )
)
EXPELLED = register(
    NoticeKind(
        "N-TST-EXPELLED",
        title={
            "kk": "Жобадан шығарылдыңыз",
            "ru": "Вы исключены из проекта",
            "en": "You are expelled from the project",
        },
        text={
            "kk": (
                "Қорытынды тестілеу бойынша төмен баға алуыңызға байланысты жобадан шығарылдыңыз. Келіспесеңіз, шағым "
                "беруге немесе сотқа жүгінуге құқылысыз."
            ),
            "ru": (
                "В связи с низкой оценкой по результатам итогового тестирования Вы исключены из проекта. При "
                "несогласии Вы вправе подать жалобу или обратиться в суд."
            ),
            "en": (
                "You are expelled from the project because of a low mark in the final test. If you disagree, you may "
                "complain or go to court."
            ),
        },
    )
)
EXPELLED_BY_ACT = register(
    NoticeKind(
        "N-TRN-EXPELLED-ACT",
        title={
            "kk": "Жобадан шығарылдыңыз",
            "ru": "Вы исключены из проекта",
            "en": "You are expelled from the project",
        },
        text={
            "kk": (
                "Қорытынды тестілеуге келмегеніңіз үшін жобадан шығарылдыңыз. Келіспесеңіз, шағым беруге немесе сотқа "
                "жүгінуге құқылысыз."
            ),
            "ru": (
                "Вы исключены из проекта, так как не прошли итоговое тестирование. При несогласии Вы вправе подать "
                "жалобу или обратиться в суд."
            ),
            "en": (
                "You are expelled from the project because you did not take the final test. If you disagree, you may "
                "complain or go to court."
            ),
        },
        more={"kk": "{comment}", "ru": "{comment}", "en": "{comment}"},
    )
)
NOT_PASSED = register(
    NoticeKind(
        "N-TST-NOT-PASSED",
        title={
            "kk": "Қорытынды нәтиже жоқ",
            "ru": "Нет итогового результата",
            "en": "No final result",
        },
        text={
            "kk": "Қорытынды тестілеу белгіленген мерзімде тапсырылмады, сертификат берілмейді.",
            "ru": "Итоговое тестирование не пройдено в срок, сертификат не выдается.",
            "en": "The final test was not taken in time; no certificate is given.",
        },
    )
)
LEFT = register(
    NoticeKind(
        "N-TRN-LEFT",
        title={"kk": "Оқу тоқтатылды", "ru": "Обучение прекращено", "en": "The training is ended"},
        text={
            "kk": "Оқуға қатысуыңыз тоқтатылды. Себебі: {reason}.",
            "ru": "Ваше участие в обучении прекращено. Причина: {reason}.",
            "en": "Your part in the training is ended. Reason: {reason}.",
        },
    )
)
NO_SHOW = register(
    NoticeKind(
        "N-TRN-NO-SHOW",
        title={"kk": "Сіз оқуды бастамадыңыз", "ru": "Вы не начали обучение", "en": "You did not begin"},
        text={
            "kk": "Сіз оқуды бастамадыңыз, орныңыз басқа адамға беріледі. Басқа топқа жазылуға болады.",
            "ru": "Вы не начали обучение, место передано другому. Вы можете записаться в другую группу.",
            "en": "You did not begin the training, so your place goes to another person. You may choose another group.",
        },
    )
)
BACK_IN_POOL = register(
    NoticeKind(
        "N-TRN-CANCELLED",
        title={"kk": "Топ таратылды", "ru": "Группа отменена", "en": "The group is cancelled"},
        text={
            "kk": "Сіздің тобыңыз таратылды. Басқа топты таңдаңыз; өткен модульдеріңіз сақталады.",
            "ru": "Ваша группа отменена. Выберите другую группу; сданные модули сохраняются.",
            "en": "Your group is cancelled. Choose another group; the modules you passed are kept.",
        },
    )
)
CERTIFICATE = register(
    NoticeKind(
        "N-CERT",
        title={"kk": "Сертификат дайын", "ru": "Сертификат готов", "en": "Certificate ready"},
        text={
            "kk": "Сертификат берілді: {kind}, № {no}.",
            "ru": "Выдан сертификат: {kind}, № {no}.",
            "en": "A certificate is issued: {kind}, No. {no}.",
        },
    )
)
ANNULLED = register(
    NoticeKind(
        "N-CERT-ANNULLED",
        title={"kk": "Сертификаттың күші жойылды", "ru": "Сертификат аннулирован", "en": "Certificate annulled"},
        text={
            "kk": "Сертификаттың күші жойылды, № {no}. Себебі: {reason}",
            "ru": "Сертификат аннулирован, № {no}. Причина: {reason}",
            "en": "The certificate is annulled, No. {no}. Reason: {reason}",
        },
    )
)

_KIND_NAMES = {
    CertificateKind.COMPLETION: {
        "kk": "Оқуды аяқтау туралы сертификат",
        "ru": "Сертификат об окончании обучения",
        "en": "Certificate of completion",
    },
    CertificateKind.PARTICIPATION: {
        "kk": "Оқуға қатысқаны туралы сертификат",
        "ru": "Сертификат об участии в обучении",
        "en": "Certificate of participation",
    },
}
_ENDS = {
    EnrolmentState.NOT_ADMITTED: NOT_ADMITTED,
    EnrolmentState.EXPELLED: EXPELLED,
    EnrolmentState.NOT_PASSED: NOT_PASSED,
    EnrolmentState.NO_SHOW: NO_SHOW,
}


def tell_submitted(case: Enrolment) -> None:
    """The citizen is told the number, and when trained before, from when a new training may start (118-p29)."""
    told = [_to(case, SUBMITTED, "submitted", {"no": case.number})]
    earliest = earliest_start(case)
    if earliest is not None:
        told.append(_to(case, REPEAT, "submitted", {"date": earliest}))
    notices.tell_many(told)


def tell_rejected(case: Enrolment) -> None:
    """Rejected, with the reason."""
    reason = RejectionReason(case.rejection).label
    notices.tell_many([_to(case, REJECTED, "rejected", {"reason": reason, "comment": case.reason_text})])


def tell_waitlisted(case: Enrolment) -> None:
    """On the waiting list (118-p22-3)."""
    notices.tell_many([_to(case, WAITLISTED, f"waiting-{case.group_id}", {})])


def tell_place_free(case: Enrolment) -> None:
    """A place for the first of the waiting list; each time it becomes free, once."""
    key = f"place-{case.group_id}-{case.waitlisted_at:%Y%m%d%H%M%S}"
    notices.tell_many([_to(case, PLACE_FREE, key, {})])


def tell_enrolled(case: Enrolment) -> None:
    """Enrolled: date and place of the group (118-p19)."""
    group = case.group
    assert group is not None
    facts = {"date": group.start_on, "place": {language: group.place(language) for language in ("kk", "ru")}}
    notices.tell_many([_to(case, ENROLLED, f"enrolled-{group.pk}", facts)])


def tell_final_open(case: Enrolment, last_day: Any) -> None:
    """The final test is open till the end of the window (118-p25, p28)."""
    notices.tell_many([_to(case, FINAL_OPEN, "final", {"date": last_day})])


def tell_ended(case: Enrolment) -> None:
    """What became of the training, where no certificate says it (118-p24, p25, p28)."""
    state = EnrolmentState(case.state)
    if state == EnrolmentState.WITHDRAWN:
        notices.tell_many([_to(case, LEFT, "left", {"reason": WithdrawalReason(case.withdrawal).label})])
    elif state in _ENDS:
        notices.tell_many([_to(case, _ENDS[state], "ended", {})])


def tell_expelled_by_act(case: Enrolment) -> None:
    """Expelled by the coordinator's act, with its reason (118-p25)."""
    notices.tell_many([_to(case, EXPELLED_BY_ACT, "act", {"comment": case.reason_text})])


def tell_back_in_pool(case: Enrolment, key: str) -> None:
    """The group is cancelled or broken off (SPEC 4.3)."""
    notices.tell_many([_to(case, BACK_IN_POOL, key, {})])


def tell_certificate(case: Certificate) -> None:
    """The certificate is issued (118-p26)."""
    kind = CertificateKind(case.certificate_kind)
    if kind in _KIND_NAMES:
        _tell_owner(case, CERTIFICATE, "issued", {"kind": _KIND_NAMES[kind], "no": case.number})


def tell_annulled(case: Certificate) -> None:
    """The certificate is annulled, with the reason (SPEC 4.7)."""
    _tell_owner(case, ANNULLED, "annulled", {"no": case.number, "reason": case.annul_reason})


def _tell_owner(case: Certificate, kind: NoticeKind, key: str, facts: Mapping[str, Any]) -> None:
    notices.tell_many([Message(kind.code, Citizen(case.person_id), case.kind, case.pk, key, facts)])


def _to(case: Enrolment, kind: NoticeKind, key: str, facts: Mapping[str, Any]) -> Message:
    return Message(
        kind.code, Citizen(case.person_id), case.kind, case.pk, key, facts, email=case.email, phone=case.phone
    )
