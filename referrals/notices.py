"""The notices of a referral (SPEC 2.19, 4.0): their words, and who is told what.

The texts of SPEC 2.19 stand here word for word. Each function writes at once, inside the transaction of its fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bastau import notices, workdays
from bastau.flow import alarms as staff
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Office
from bastau.people.roles import Role
from referrals import dates
from referrals import papers as kinds
from referrals.states import Channel, Ground

if TYPE_CHECKING:
    from bastau.flow.models import Deadline
    from referrals.models import ReferralApplication

ACCEPTED = register(
    NoticeKind(
        "N-REF-ACCEPTED",
        title={"kk": "Өтініш қабылданды", "ru": "Заявление принято", "en": "Application accepted"},
        text={
            "kk": "Өтінішіңіз қабылданды, № {no}. Нәтижені алу күні: {date}.",
            "ru": "Ваше заявление принято, № {no}. Дата получения результата: {date}.",
            "en": "Your application is accepted, No. {no}. Date of the result: {date}.",
        },
        sms={
            "kk": "Өтініш қабылданды, № {no}. Нәтиже: {date}.",
            "ru": "Заявление принято, № {no}. Результат: {date}.",
            "en": "Application accepted, No. {no}. Result: {date}.",
        },
    )
)
NEXTDAY = register(
    NoticeKind(
        "N-REF-NEXTDAY",
        title={
            "kk": "Өтініш келесі жұмыс күні қабылданады",
            "ru": "Заявление будет принято в следующий рабочий день",
            "en": "Application accepted on the next working day",
        },
        text={
            "kk": "Өтінішіңіз жұмыс уақытынан тыс түсті, ол {date} күні қабылданған болып есептеледі.",
            "ru": "Заявление поступило в нерабочее время и считается принятым {date}.",
            "en": "Your application came outside working hours; it counts as accepted on {date}.",
        },
        more={
            "kk": "Өтініштің нөмірі: {no}. Нәтижені алу күні: {result}.",
            "ru": "Номер заявления: {no}. Дата получения результата: {result}.",
            "en": "Number of the application: {no}. Date of the result: {result}.",
        },
        sms={
            "kk": "Өтініш № {no}. Қабылданған күні: {date}. Нәтиже: {result}.",
            "ru": "Заявление № {no}. Принято: {date}. Результат: {result}.",
            "en": "Application No. {no}. Accepted: {date}. Result: {result}.",
        },
    )
)
ISSUED = register(
    NoticeKind(
        "N-REF-ISSUED",
        title={"kk": "Жолдама дайын", "ru": "Направление готово", "en": "Referral ready"},
        text={
            "kk": "Оқуға жолдама дайын, № {no}.",
            "ru": "Направление на обучение готово, № {no}.",
            "en": "Your referral to training is ready, No. {no}.",
        },
        more={
            "kk": "Алатын орны: {place}.",
            "ru": "Где получить: {place}.",
            "en": "Where to get it: {place}.",
        },
    )
)
REFUSED = register(
    NoticeKind(
        "N-REF-REFUSED",
        title={
            "kk": "Жолдама беруден бас тартылды",
            "ru": "В выдаче направления отказано",
            "en": "Referral refused",
        },
        text={
            "kk": (
                "Жолдама беруден бас тартылды. Негізі: {ground}. Келіспесеңіз, шағым беруге немесе сотқа жүгінуге "
                "құқылысыз."
            ),
            "ru": (
                "В выдаче направления отказано. Основание: {ground}. При несогласии Вы вправе подать жалобу или "
                "обратиться в суд."
            ),
            "en": (
                "The referral is refused. Ground: {ground}. If you disagree, you may lodge a complaint or go to court."
            ),
        },
        more={
            "kk": "Дәлелді жауапты алатын орын: {place}.",
            "ru": "Где получить мотивированный ответ: {place}.",
            "en": "Where to get the reasoned answer: {place}.",
        },
        sms={
            "kk": "Жолдама беруден бас тартылды. Шағым беруге немесе сотқа жүгінуге құқылысыз.",
            "ru": "В направлении отказано. Вы вправе подать жалобу или обратиться в суд.",
            "en": "Referral refused. You may complain or go to court.",
        },
    )
)
REPEAT = register(
    NoticeKind(
        "N-REF-REPEAT",
        title={"kk": "Бұрын оқығансыз", "ru": "Вы уже проходили обучение", "en": "You were trained before"},
        text={
            "kk": ("Сіз бұрын осы жоба бойынша оқуға қатысқансыз. Қайта оқуды бастауға болатын ең ерте күн: {date}."),
            "ru": "Вы уже участвовали в обучении по этому проекту. Самая ранняя дата нового обучения: {date}.",
            "en": "You have taken part in this project's training before. Earliest day of a new training: {date}.",
        },
        sms={
            "kk": "Қайта оқуды бастауға болатын ең ерте күн: {date}.",
            "ru": "Самая ранняя дата нового обучения: {date}.",
            "en": "Earliest day of a new training: {date}.",
        },
    )
)
WITHDRAWN = register(
    NoticeKind(
        "N-REF-WITHDRAWN",
        title={"kk": "Өтініш кері қайтарып алынды", "ru": "Заявление отозвано", "en": "Application withdrawn"},
        text={
            "kk": "Өтінішіңізді кері қайтарып алдыңыз, № {no}. Жаңа өтінішті кез келген уақытта бере аласыз.",
            "ru": "Вы отозвали заявление № {no}. Новое заявление можно подать в любое время.",
            "en": "You withdrew your application No. {no}. You may file a new one at any time.",
        },
        sms={
            "kk": "Өтініш кері қайтарып алынды, № {no}.",
            "ru": "Заявление № {no} отозвано.",
            "en": "Application No. {no} withdrawn.",
        },
    )
)
UNCOLLECTED = register(
    NoticeKind(
        "N-REF-UNCOLLECTED",
        title={
            "kk": "Нәтиже орталыққа қайтарылды",
            "ru": "Результат возвращен в центр",
            "en": "The result is back at the centre",
        },
        text={
            "kk": "Мемлекеттік корпорациядан нәтижені алмадыңыз, ол орталыққа қайтарылды. Алатын орны: {place}.",
            "ru": "Вы не получили результат в Государственной корпорации, он возвращен в центр. Где получить: {place}.",
            "en": "You did not collect the result at the State Corporation; it is back. Where to get it: {place}.",
        },
        sms={
            "kk": "Нәтиже орталыққа қайтарылды. Толығырақ жеке кабинетте.",
            "ru": "Результат возвращен в центр. Подробности в личном кабинете.",
            "en": "The result is back at the centre. More in your cabinet.",
        },
    )
)
MOVED = register(
    NoticeKind(
        "N-REF-MOVED",
        title={
            "kk": "Нәтижені алу күні өзгерді",
            "ru": "Дата получения результата изменена",
            "en": "The date of the result has changed",
        },
        text={
            "kk": "Жұмыс күндерінің күнтізбесі өзгерді. Өтініш № {no}. Нәтижені алудың жаңа күні: {date}.",
            "ru": "Изменился календарь рабочих дней. Заявление № {no}. Новая дата получения результата: {date}.",
            "en": "The calendar of working days has changed. Application No. {no}. New date of the result: {date}.",
        },
        sms={
            "kk": "Өтініш № {no}. Нәтижені алудың жаңа күні: {date}.",
            "ru": "Заявление № {no}. Новая дата результата: {date}.",
            "en": "Application No. {no}. New date of the result: {date}.",
        },
    )
)

# --- to staff
SENT_BACK = register(
    NoticeKind(
        "N-REF-SENT-BACK",
        title={"kk": "Директор істі қайтарды", "ru": "Директор вернул дело", "en": "The director sent a case back"},
        text={
            "kk": "Директор істі қайтарды: {case}. Оның ескертпесі істің бетінде.",
            "ru": "Директор вернул дело: {case}. Его замечание на странице дела.",
            "en": "The director sent a case back: {case}. The comment is on the page of the case.",
        },
    )
)
_CABINET = {"kk": "жеке кабинет", "ru": "личный кабинет", "en": "your cabinet"}
_GROUNDS_EN = {
    Ground.UNTRUE_DATA: "documents or data were found untrue",
    Ground.NOT_CONFORMING: "you or the data given do not meet the requirements of the Rules",
}


def tell_accepted(case: ReferralApplication) -> None:
    """The citizen is told the number and the date of the result (118-p08-1), whether acceptance moved to the next
    working day (118-a2-r07), and, when trained before, from when a new training may start (118-p29, A-23)."""
    assert case.filed_at is not None
    assert case.office is not None
    reckoned = dates.reckon(case.channel, case.filed_at, case.office.zone, workdays.current)
    filed_on = case.filed_at.astimezone(ZoneInfo(case.office.zone)).date()
    result = reckoned.total.due_on
    if reckoned.accepted_on > filed_on:
        facts = {"no": case.number, "date": reckoned.accepted_on, "result": result}
        told = [_to_citizen(case, NEXTDAY, "accepted", facts)]
    else:
        told = [_to_citizen(case, ACCEPTED, "accepted", {"no": case.number, "date": result})]
    if case.trained_until is not None:
        earliest = workdays.repeat_from(case.trained_until)
        if earliest > reckoned.accepted_on:
            told.append(_to_citizen(case, REPEAT, "accepted", {"date": earliest}))
    notices.tell_many(told)


def tell_issued(case: ReferralApplication) -> None:
    """The referral is signed (118-p08-3, 118-p09-2)."""
    number = (
        Paper.objects.filter(case_kind=case.kind, case_id=case.pk, kind=kinds.REFERRAL_A5)
        .exclude(state=PaperState.VOID)
        .order_by("language")
        .values_list("number", flat=True)
        .first()
    )
    facts = {"no": number or case.number, "place": _place_of_result(case)}
    notices.tell_many([_to_citizen(case, ISSUED, "issued", facts)])


def tell_refused(case: ReferralApplication) -> None:
    """The referral is refused, with the ground and what the citizen may do (118-p09-2, 118-a2-r09, 118-p11)."""
    proposal = case.proposals.get(returned_at=None)
    assert proposal.ground is not None
    facts = {"ground": _ground(Ground(proposal.ground)), "place": _place_of_result(case)}
    notices.tell_many([_to_citizen(case, REFUSED, "refused", facts)])


def tell_withdrawn(case: ReferralApplication) -> None:
    """The citizen's own withdrawal is confirmed (118-a2-r05)."""
    notices.tell_many([_to_citizen(case, WITHDRAWN, "withdrawn", {"no": case.number})])


def tell_uncollected(case: ReferralApplication) -> None:
    """The paper went back to the centre and waits there (SPEC 4.1)."""
    assert case.office is not None
    notices.tell_many([_to_citizen(case, UNCOLLECTED, "uncollected", {"place": _office(case.office)})])


def tell_sent_back(case: ReferralApplication) -> None:
    """The specialist is told that the director wants something done; each return once."""
    assert case.office_id is not None
    returned = case.proposals.order_by("-pk").values_list("pk", flat=True).first()
    to = case.assignee_id or Holders(case.office_id, (Role.SPECIALIST,))
    notices.tell_many([Message(SENT_BACK.code, to, case.kind, case.pk, f"sent-back-{returned}", {"case": case.number})])


def alarms(case: ReferralApplication, deadline: Deadline, stage: str) -> list[Message]:
    """Whom a deadline is told to (SPEC 4.0); a term that the calendar moved also to the citizen.

    Raises KeyError for an unknown stage.
    """
    told = staff.alarms(case, deadline, stage)
    if stage == "moved" and deadline.name == "T-REF-TOTAL":
        assert case.office is not None
        due = deadline.due_at.astimezone(ZoneInfo(case.office.zone)).date()
        told.append(_to_citizen(case, MOVED, staff.key_of(deadline, stage, due), {"no": case.number, "date": due}))
    return told


def _to_citizen(case: ReferralApplication, kind: NoticeKind, key: str, facts: Mapping[str, Any]) -> Message:
    return Message(
        kind.code, Citizen(case.person_id), case.kind, case.pk, key, facts, email=case.email, phone=case.phone
    )


def _place_of_result(case: ReferralApplication) -> dict[str, str]:
    if case.channel == Channel.PORTAL:
        return _CABINET
    office = case.counter or case.office
    assert office is not None
    return _office(office)


def _office(office: Office) -> dict[str, str]:
    return {
        language: ", ".join(part for part in (office.name(language), office.address(language)) if part)
        for language in ("kk", "ru", "en")
    }


def _ground(ground: Ground) -> dict[str, str]:
    official = kinds.REASONS[kinds.GROUNDS[ground]]
    words = {language: official[language] for language in ("kk", "ru")} | {"en": _GROUNDS_EN[ground]}
    # It stands after a colon, inside a sentence.
    return {language: text[0].lower() + text[1:] for language, text in words.items()}
