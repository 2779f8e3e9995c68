"""The notices of the commission (SPEC 2.19): of the meeting, of its postponing, of the decision.

The texts of SPEC 2.19 stand here word for word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bastau.notices import Citizen, Message, NoticeKind, register, tell_many
from bastau.papers.models import Paper
from grants import seating
from grants.models import AgendaItem, CommissionMeeting, Decision
from grants.states import GrantState, Ruling

MEETING = register(
    NoticeKind(
        "N-GR-MEETING",
        title={"kk": "Комиссия отырысы", "ru": "Заседание комиссии", "en": "Meeting of the commission"},
        text={
            "kk": "Комиссия отырысы. Күні: {date}, уақыты: {time}, орны: {place}.",
            "ru": "Заседание комиссии состоится {date} в {time}, {place}.",
            "en": "The commission meets on {date} at {time}, {place}.",
        },
    )
)
POSTPONED = register(
    NoticeKind(
        "N-GR-MEETING-POSTPONED",
        title={
            "kk": "Комиссия отырысы кейінге қалдырылды",
            "ru": "Заседание комиссии перенесено",
            "en": "The meeting of the commission is postponed",
        },
        text={
            "kk": "Комиссия отырысы кейінге қалдырылды. Бұрынғы күні: {date}. Себебі: {reason}. Жаңа күні хабарланады.",
            "ru": "Заседание комиссии перенесено. Прежняя дата: {date}. Причина: {reason}. О новой дате сообщим.",
            "en": "The meeting is postponed. Former date: {date}. Reason: {reason}. You will be told the new date.",
        },
    )
)
MATERIALS = register(
    NoticeKind(
        "N-GR-MATERIALS",
        title={
            "kk": "Отырыстың материалдары ашылды",
            "ru": "Материалы заседания открыты",
            "en": "The materials of the meeting are open",
        },
        text={
            "kk": "Комиссия отырысының материалдары ашылды. Отырыс күні: {date}.",
            "ru": "Материалы заседания комиссии открыты. Дата заседания: {date}.",
            "en": "The materials of the commission's meeting are open. Day of the meeting: {date}.",
        },
    )
)
PROTOCOL = register(
    NoticeKind(
        "N-GR-PROTOCOL",
        title={
            "kk": "Хаттамаға қол қойыңыз",
            "ru": "Подпишите протокол",
            "en": "Sign the protocol",
        },
        text={
            "kk": "Хаттама жобасы дайын, іс № {no}. Оқып, қол қойыңыз.",
            "ru": "Проект протокола готов, дело № {no}. Прочтите и подпишите.",
            "en": "The draft protocol is ready, case No. {no}. Read and sign it.",
        },
    )
)
DECISION = register(
    NoticeKind(
        "N-GR-DECISION",
        title={"kk": "Комиссия шешімі", "ru": "Решение комиссии", "en": "Decision of the commission"},
        text={
            "kk": "Комиссия шешімі: {decision}.",
            "ru": "Решение комиссии: {decision}.",
            "en": "Decision of the commission: {decision}.",
        },
    )
)
DECISION_NEGATIVE = register(
    NoticeKind(
        "N-GR-DECISION-NEGATIVE",
        title={"kk": "Комиссия шешімі", "ru": "Решение комиссии", "en": "Decision of the commission"},
        text={
            "kk": (
                "Комиссия шешімі: {decision}. Негіздемесі: {reason}. Келіспесеңіз, шағым беруге немесе сотқа жүгінуге"
                " құқылысыз."
            ),
            "ru": (
                "Решение комиссии: {decision}. Обоснование: {reason}. При несогласии Вы вправе подать жалобу или"
                " обратиться в суд."
            ),
            "en": (
                "Decision of the commission: {decision}. Reasons: {reason}. If you disagree, you may complain or go to"
                " court."
            ),
        },
        more={
            "kk": "Өтінімді қайта беруге болады.",
            "ru": "Вы можете подать заявление снова.",
            "en": "You may apply again.",
        },
    )
)
DECISION_POSTPONED = register(
    NoticeKind(
        "N-GR-DECISION-POSTPONED",
        title={"kk": "Комиссия шешімі", "ru": "Решение комиссии", "en": "Decision of the commission"},
        text={
            "kk": (
                "Комиссия шешімі: {decision}. Негіздемесі: {reason}. Келіспесеңіз, шағым беруге немесе сотқа жүгінуге"
                " құқылысыз."
            ),
            "ru": (
                "Решение комиссии: {decision}. Обоснование: {reason}. При несогласии Вы вправе подать жалобу или"
                " обратиться в суд."
            ),
            "en": (
                "Decision of the commission: {decision}. Reasons: {reason}. If you disagree, you may complain or go to"
                " court."
            ),
        },
        more={
            "kk": "Өтініміңіз келесі отырыста қаралады, күні хабарланады.",
            "ru": "Ваше заявление рассмотрят на следующем заседании, о дате сообщим.",
            "en": "Your application will be considered at the next meeting; you will be told the date.",
        },
    )
)
DECISION_RESERVE = register(
    NoticeKind(
        "N-GR-DECISION-RESERVE",
        title={"kk": "Комиссия шешімі", "ru": "Решение комиссии", "en": "Decision of the commission"},
        text={
            "kk": "Комиссия шешімі: {decision}.",
            "ru": "Решение комиссии: {decision}.",
            "en": "Decision of the commission: {decision}.",
        },
        more={
            "kk": "Бюджет қаражаты таусылды. Резервтік тізімдегі орныңыз: {place}. Қаражат босаса, хабарлаймыз.",
            "ru": "Средства бюджета исчерпаны. Ваше место в резервном списке: {place}. О новых средствах сообщим.",
            "en": "The budget is used up. Your place in the reserve list: {place}. You will be told of released money.",
        },
    )
)
PUT_OFF = register(
    NoticeKind(
        "N-GR-PUT-OFF",
        title={
            "kk": "Өтінім келесі отырыста қаралады",
            "ru": "Заявление рассмотрят на следующем заседании",
            "en": "The application goes to the next meeting",
        },
        text={
            "kk": "Өтініміңіз келесі отырысқа қалдырылды, № {no}. Отырыс күні хабарланады.",
            "ru": "Ваше заявление перенесено на следующее заседание, № {no}. О дате сообщим.",
            "en": "Your application is moved to the next meeting, No. {no}. You will be told the date.",
        },
    )
)

#: The words of SPEC 2.10, row "decision".
DECIDED = {
    Ruling.GRANT: {"kk": "грант берілсін", "ru": "предоставить грант", "en": "grant"},
    Ruling.REFUSE: {"kk": "бас тартылсын", "ru": "отказать", "en": "refuse"},
    Ruling.POSTPONE: {"kk": "кейінге қалдырылсын", "ru": "отложить", "en": "postpone"},
}


def tell_meeting(meeting: CommissionMeeting) -> None:
    """Members and applicants hear when and where (FKA04-2.1, 2.2). A new date is told anew."""
    start = meeting.starts_local
    facts = {"date": start.date(), "time": f"{start:%H:%M}", "place": _place(meeting)}
    tell_many([*_to_members(MEETING, meeting, facts), *_to_applicants(MEETING, meeting, facts)])


def tell_postponed(meeting: CommissionMeeting) -> None:
    """Whoever was told hears that the meeting is put off."""
    facts = {"date": meeting.held_on, "reason": meeting.reason}
    tell_many([*_to_members(POSTPONED, meeting, facts), *_to_applicants(POSTPONED, meeting, facts)])


def tell_materials(meeting: CommissionMeeting) -> None:
    """The packages are open (FKA04-2.3)."""
    tell_many(_to_members(MATERIALS, meeting, {"date": meeting.held_on}))


def tell_protocol(case: Any, paper: Paper, signers: Iterable[Any]) -> None:
    """A protocol, of a meeting or correcting, waits for signatures; a new draft is told anew."""
    facts = {"no": case.number}
    tell_many(
        [
            Message(PROTOCOL.code, member.user_id, case.kind, case.pk, f"protocol-{paper.pk}", facts)
            for member in signers
        ]
    )


def tell_put_off(item: AgendaItem) -> None:
    """The applicant hears that the application goes to the next meeting."""
    _to_applicant(PUT_OFF, item, f"put-off-{item.pk}", {"no": item.application.number})


def tell_decision(decision: Decision) -> None:
    """The decision comes to the personal cabinet (FKA04-2.7); a correction comes as a notice of its own."""
    facts: dict[str, Any] = {"decision": DECIDED[Ruling(decision.ruling)]}
    kind = DECISION
    negative = {Ruling.REFUSE: DECISION_NEGATIVE, Ruling.POSTPONE: DECISION_POSTPONED}
    if decision.ruling in negative:
        kind, facts = negative[Ruling(decision.ruling)], facts | {"reason": decision.reason.rstrip(". ")}
    elif decision.reserve_place is not None:
        kind, facts = DECISION_RESERVE, facts | {"place": decision.reserve_place}
    _to_applicant(kind, decision.item, f"decision-{decision.pk}", facts)


def tell_from_reserve(decision: Decision) -> None:
    """Money was released: the grant is awarded after all (SPEC 4.9)."""
    facts = {"decision": DECIDED[Ruling.GRANT]}
    _to_applicant(DECISION, decision.item, f"from-reserve-{decision.pk}", facts)


def _place(meeting: CommissionMeeting) -> dict[str, str]:
    return {"kk": meeting.place_kk, "ru": meeting.place_ru}


def _to_members(kind: NoticeKind, meeting: CommissionMeeting, facts: dict[str, Any]) -> list[Message]:
    key = f"round-{meeting.round}"
    users = {member.user_id for member in seating.members_of(meeting)}
    return [Message(kind.code, user, meeting.kind, meeting.pk, key, facts) for user in sorted(users)]


def _to_applicants(kind: NoticeKind, meeting: CommissionMeeting, facts: dict[str, Any]) -> list[Message]:
    items = meeting.items.filter(application__state=GrantState.SCHEDULED).select_related("application")
    key = f"meeting-{meeting.pk}-{meeting.round}"
    return [_message(kind, item, key, facts) for item in items.order_by("position", "pk")]


def _to_applicant(kind: NoticeKind, item: AgendaItem, key: str, facts: dict[str, Any]) -> None:
    tell_many([_message(kind, item, key, facts)])


def _message(kind: NoticeKind, item: AgendaItem, key: str, facts: dict[str, Any]) -> Message:
    application = item.application
    return Message(
        kind.code,
        Citizen(application.person_id),
        application.kind,
        application.pk,
        key,
        facts,
        email=application.email or None,
        phone=application.phone or None,
    )
