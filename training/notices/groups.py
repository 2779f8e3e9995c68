"""The notices of lists, plans and groups (SPEC 2.19, 4.3). N-TRN-INVITE and N-TRN-MOVED stand word for word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bastau import notices
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from bastau.people.roles import Role
from training import candidates
from training.offices import leb_of
from training.states import ENROLMENT_OPEN, EnrolmentState, GroupChange

if TYPE_CHECKING:
    from training.models import MonthlyList, TrainingGroup, TrainingPlan

INVITE = register(
    NoticeKind(
        "N-TRN-INVITE",
        title={"kk": "Оқуға шақыру", "ru": "Приглашение на обучение", "en": "Invitation to training"},
        text={
            "kk": "Оқу {date} күні {place} мекенжайында басталады.",
            "ru": "Обучение начинается {date} по адресу: {place}.",
            "en": "Training starts on {date} at: {place}.",
        },
        more={
            "kk": "Өтінім қабылдаудың соңғы күні: {last}. Өтінімді жеке кабинетте бере аласыз.",
            "ru": "Последний день приема заявок: {last}. Подать заявку можно в личном кабинете.",
            "en": "Last day for applications: {last}. You may apply in your cabinet.",
        },
    )
)
MOVED = register(
    NoticeKind(
        "N-TRN-MOVED",
        title={
            "kk": "Оқудың басталу күні өзгерді",
            "ru": "Дата начала обучения изменена",
            "en": "The start of training has moved",
        },
        text={
            "kk": "Оқудың басталу күні өзгерді: {date}.",
            "ru": "Дата начала обучения изменена: {date}.",
            "en": "The start of training has moved: {date}.",
        },
        more={"kk": "Өтетін жері: {place}.", "ru": "Место проведения: {place}.", "en": "Place: {place}."},
    )
)
POSTPONED = register(
    NoticeKind(
        "N-TRN-POSTPONED",
        title={"kk": "Оқу кейінге қалдырылды", "ru": "Обучение отложено", "en": "Training postponed"},
        text={
            "kk": "№ {no} топтың оқуы кейінге қалдырылды. Орныңыз сақталады, жаңа күнді хабарлаймыз.",
            "ru": "Обучение группы № {no} отложено. Ваше место сохраняется, о новой дате мы сообщим.",
            "en": "The training of group No. {no} is postponed. You keep your place; we will tell you the new date.",
        },
    )
)
ASK_ONLINE = register(
    NoticeKind(
        "N-TRN-ONLINE",
        title={
            "kk": "Топты қашықтықтан оқытуға ауыстыру",
            "ru": "Перевод группы на дистанционное обучение",
            "en": "The group is to learn online",
        },
        text={
            "kk": "№ {no} топты қашықтықтан оқытуға ауыстыру жоспарланып отыр. Қашықтықтан оқитындарға стипендия"
            " төленбейді. Келісетініңізді жеке кабинетте растаңыз.",
            "ru": "Группу № {no} планируется перевести на дистанционное обучение. Обучающимся дистанционно стипендия"
            " не выплачивается. Подтвердите согласие в личном кабинете.",
            "en": "Group No. {no} is to go online. No stipend is paid to those who learn online. Please confirm in your"
            " cabinet that you agree.",
        },
    )
)
MERGED = register(
    NoticeKind(
        "N-TRN-MERGED",
        title={"kk": "Тобыңыз біріктірілді", "ru": "Ваша группа объединена", "en": "Your group was merged"},
        text={
            "kk": "Тобыңыз № {no} топпен біріктірілді. Оқу {date} күні басталады, өтетін жері: {place}. Қатысатыныңызды"
            " жеке кабинетте растаңыз.",
            "ru": "Ваша группа объединена с группой № {no}. Обучение начинается {date}, место проведения: {place}."
            " Подтвердите участие в личном кабинете.",
            "en": "Your group was merged with group No. {no}. Training starts on {date} at: {place}. Please confirm in"
            " your cabinet.",
        },
    )
)
STAFF = register(
    NoticeKind(
        "N-TRN-STAFF",
        title={"kk": "{what}: {case}", "ru": "{what}: {case}", "en": "{what}: {case}"},
        text={"kk": "{what}: {case}.", "ru": "{what}: {case}.", "en": "{what}: {case}."},
    )
)

Words = Mapping[str, str]


def _w(kk: str, ru: str, en: str) -> Words:
    return {"kk": kk, "ru": ru, "en": en}


LIST_DRAWN = _w(
    "Айлық тізім жасалды, директордың қолын күтуде",
    "Ежемесячный список составлен и ждет подписи директора",
    "The monthly list is drawn up and waits for the director's signature",
)
LIST_SIGNED = _w(
    "Айлық тізімге қол қойылды, палатаға жолдаңыз",
    "Ежемесячный список подписан, направьте его в палату",
    "The monthly list is signed; send it to the chamber",
)
LIST_SENT = _w("Айлық тізім келіп түсті", "Поступил ежемесячный список", "A monthly list has come")
LIST_RECEIVED = _w(
    "Палата айлық тізімді қабылдады", "Палата приняла ежемесячный список", "The chamber received the monthly list"
)
PLAN_SENT = _w("Оқу жоспары келісуді күтуде", "План обучения ждет согласования", "A training plan waits for agreement")
PLAN_AGREED = _w("Оқу жоспары келісілді", "План обучения согласован", "The training plan is agreed")
PLAN_RETURNED = _w(
    "Оқу жоспары пысықтауға қайтарылды",
    "План обучения возвращен на доработку",
    "The training plan is returned",
)
SCHEDULE_WAITS = _w(
    "Топтың кестесі келісуді күтуде", "График группы ждет согласования", "A group's schedule waits for agreement"
)
SCHEDULE_AGREED = _w("Топтың кестесі келісілді", "График группы согласован", "The group's schedule is agreed")
SCHEDULE_OBJECTED = _w(
    "Топтың кестесі келісілмеді", "График группы не согласован", "The group's schedule is not agreed"
)
CHANGE_ASKED = _w(
    "Топтың өзгерісі келісуді күтуде", "Изменение группы ждет согласования", "A change of a group waits for agreement"
)
CHANGE_AGREED = _w("Топтың өзгерісі келісілді", "Изменение группы согласовано", "The change of the group is agreed")
CHANGE_DECLINED = _w(
    "Топтың өзгерісі келісілмеді", "Изменение группы не согласовано", "The change of the group is not agreed"
)
SUBSTITUTED = _w(
    "Топтың жаттықтырушысы немесе үй-жайы ауыстырылды",
    "В группе заменен тренер или помещение",
    "The trainer or the room of a group was changed",
)
CANCELLED = _w("Топ тоқтатылды", "Группа отменена", "A group is cancelled")
BROKEN_OFF = _w("Топтың оқуы тоқтатылды", "Обучение группы прекращено", "The training of a group is broken off")
COMPLETED = _w(
    "Топтың оқуы аяқталды, қорытындысы енгізілді",
    "Обучение группы завершено, итоги внесены",
    "A group is completed, its results are in",
)
CANNOT_BEGIN = _w(
    "Топ басталатын күні шарттар орындалмады: кейінге қалдырыңыз, біріктіріңіз немесе қашықтықтан оқытуға ауыстырыңыз",
    "В день начала условия группы не выполнены: отложите, объедините или переведите ее на дистанционное обучение",
    "The group cannot begin on its day: postpone it, merge it or turn it online",
)
TRAINER_GIVEN = _w("Сізге топ бекітілді", "Вам поручена группа", "You were given a group")


# ------------------------------------------------------------------------------------------------------------ to staff


def tell_list(case: MonthlyList, what: Words, key: str, *to: Holders) -> None:
    """Whom of the centre or the chamber a list concerns now (118-p12-1)."""
    _staff(case, what, key, to)


def centre(case: MonthlyList, *roles: str) -> Holders:
    """The centre's people of a list."""
    assert case.office_id is not None
    return Holders(case.office_id, roles)


def chamber(case: MonthlyList) -> Holders:
    """The coordinators of the list's chamber."""
    return Holders(case.chamber_id, (Role.COORDINATOR,))


def tell_local_body(case: TrainingPlan | TrainingGroup, what: Words, key: str) -> None:
    """The officers of the local employment body (118-p13, p14, SPEC 4.3)."""
    assert case.office is not None
    body = leb_of(case.office)
    if body is not None:
        _staff(case, what, key, [Holders(body.pk, (Role.LEB_OFFICER,))])


def tell_coordinator(case: TrainingPlan | TrainingGroup, what: Words, key: str) -> None:
    """The coordinators of the chamber."""
    assert case.office_id is not None
    _staff(case, what, key, [Holders(case.office_id, (Role.COORDINATOR,))])


def tell_trainer(case: TrainingGroup) -> None:
    """The trainer a group was given to, once for each."""
    if case.trainer_id is not None:
        _staff(case, TRAINER_GIVEN, f"trainer-{case.trainer_id}", [case.trainer_id])


def _staff(case: Any, what: Words, key: str, to: Iterable[Holders | int]) -> None:
    facts = {"what": dict(what), "case": case.number}
    notices.tell_many([Message(STAFF.code, one, case.kind, case.pk, key, facts) for one in to])


# ---------------------------------------------------------------------------------------------------------- to citizens


def invite(case: TrainingGroup) -> int:
    """The candidates of the lists are told date and place, each once for a date (118-p12-1, p18)."""
    facts = {"date": case.start_on, "place": _place(case), "last": case.apply_until}
    persons = candidates.listed_candidates(case).values_list("person_id", flat=True)
    return notices.tell_many(
        [
            Message(INVITE.code, Citizen(person), case.kind, case.pk, f"invite-{case.start_on}", facts)
            for person in persons
        ]
    )


def tell_moved(case: TrainingGroup) -> None:
    """Members and applicants learn the new date (118-p15)."""
    _members(case, MOVED, f"moved-{case.start_on}", {"date": case.start_on, "place": _place(case)})


def tell_postponed(case: TrainingGroup, key: str) -> None:
    """Members keep their places and are told (A-16)."""
    _members(case, POSTPONED, key, {"no": case.number})


def tell_change(case: TrainingGroup) -> None:
    """Members are asked whether they go online, knowing that no stipend is paid then (118-p31)."""
    asked = case.changes.filter(closed_at=None, change=GroupChange.ONLINE).first()
    if asked is not None:
        _members(case, ASK_ONLINE, f"online-{asked.pk}", {"no": case.number})


def tell_merged(case: TrainingGroup) -> None:
    """Who came with the merged group is told date and place and asked to confirm (A-16)."""
    into = case.merged_into
    assert into is not None
    asked = case.changes.filter(change=GroupChange.MERGE, agreed=True).order_by("-pk").first()
    assert asked is not None
    facts = {"no": into.number, "date": into.start_on, "place": _place(into)}
    persons = asked.answers.values_list("enrolment__person_id", flat=True)
    notices.tell_many(
        [Message(MERGED.code, Citizen(one), into.kind, into.pk, f"merged-{case.pk}", facts) for one in persons]
    )


def _members(case: TrainingGroup, kind: NoticeKind, key: str, facts: Mapping[str, Any]) -> None:
    there = [one for one in ENROLMENT_OPEN if one != EnrolmentState.DRAFT]
    persons = case.enrolments.filter(state__in=there).order_by("pk").values_list("person_id", flat=True)
    notices.tell_many([Message(kind.code, Citizen(one), case.kind, case.pk, key, facts) for one in persons])


def _place(case: TrainingGroup) -> dict[str, str]:
    return {"kk": case.place_kk, "ru": case.place_ru, "en": case.place_kk}


def tell_cannot_begin(case: TrainingGroup) -> None:
    """On its first day a group does not meet the conditions: the coordinator decides what becomes of it (A-16)."""
    tell_coordinator(case, CANNOT_BEGIN, f"cannot-begin-{case.start_on}")
