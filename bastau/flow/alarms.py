"""Whom a near, missed or long missed deadline is told to (SPEC 4.0), for every kind of case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bastau.flow.registry import machine_of
from bastau.notices import Citizen, Holders, Message, NoticeKind, register
from bastau.people.models import OfficeKind
from bastau.people.roles import Role

if TYPE_CHECKING:
    from bastau.flow.models import Deadline

_WHAT = {"kk": "Не істеу керек: {what}.", "ru": "Что нужно сделать: {what}.", "en": "What to do: {what}."}
DUE = register(
    NoticeKind(
        "N-DEADLINE-STAFF",
        title={"kk": "Мерзім аяқталады: {case}", "ru": "Истекает срок: {case}", "en": "A term ends: {case}"},
        text={
            "kk": "{case} бойынша мерзім {date} аяқталады.",
            "ru": "Срок по {case} истекает {date}.",
            "en": "The term of {case} ends on {date}.",
        },
        more=_WHAT,
    )
)
BREACHED = register(
    NoticeKind(
        "N-DEADLINE-BREACHED",
        title={"kk": "Мерзім өтіп кетті: {case}", "ru": "Срок пропущен: {case}", "en": "A term is missed: {case}"},
        text={
            "kk": "{case} бойынша мерзім өтіп кетті. Мерзімі: {date}.",
            "ru": "Срок по {case} пропущен. Он истек: {date}.",
            "en": "The term of {case} is missed. It ended on {date}.",
        },
        more=_WHAT,
    )
)
ESCALATED = register(
    NoticeKind(
        "N-DEADLINE-ESCALATED",
        title={
            "kk": "Мерзімі өткен іс аяқталмады: {case}",
            "ru": "Просроченное дело не завершено: {case}",
            "en": "A late case is not finished: {case}",
        },
        text={
            "kk": "{case} бойынша мерзім өтіп кетті, бірақ іс әлі аяқталған жоқ. Мерзімі: {date}.",
            "ru": "Срок по {case} пропущен, а дело еще не завершено. Срок истек: {date}.",
            "en": "The term of {case} is missed and the case is still not finished. It ended on {date}.",
        },
        more=_WHAT,
    )
)
RECKONED_ANEW = register(
    NoticeKind(
        "N-DEADLINE-MOVED",
        title={"kk": "Мерзім өзгерді: {case}", "ru": "Срок изменен: {case}", "en": "A term has moved: {case}"},
        text={
            "kk": "Күнтізбе өзгергендіктен, {case} бойынша мерзім қайта есептелді. Жаңа мерзім: {date}.",
            "ru": "Календарь изменился, срок по {case} пересчитан. Новый срок: {date}.",
            "en": "The calendar has changed and the term of {case} was reckoned anew. New term: {date}.",
        },
        more=_WHAT,
    )
)

#: Who hears of a missed term at once, and who a working day later. A chamber's coordinator has no head of unit here.
HEADS = {OfficeKind.CHAMBER: Role.COORDINATOR}
DIRECTORS = {OfficeKind.CHAMBER: Role.COORDINATOR}


def alarms(case: Any, deadline: Deadline, stage: str) -> list[Message]:
    """Before a term the one whose duty it is; when missed, the head of unit too; a working day later, the director.

    `moved`: reckoned anew after the calendar changed. Raises KeyError for an unknown stage.
    """
    kind = {"remind": DUE, "breach": BREACHED, "escalate": ESCALATED, "moved": RECKONED_ANEW}[stage]
    due = deadline.due_at.astimezone(ZoneInfo(case.office.zone))
    titles = machine_of(case.kind).spec(deadline.name).titles
    facts = {
        "case": deadline.case_number,
        "date": due,
        "what": titles.get(deadline.duty) or next(iter(titles.values())),
    }
    recipients: list[int | Holders | Citizen] = [] if stage == "escalate" else [responsible(deadline)]
    if stage == "breach":
        recipients.append(Holders(deadline.office_id, (HEADS.get(case.office.kind, Role.UNIT_HEAD),)))
    if stage == "escalate":
        recipients.append(Holders(deadline.office_id, (DIRECTORS.get(case.office.kind, Role.DIRECTOR),)))
    key = key_of(deadline, stage, due.date())
    unique = dict.fromkeys(recipients)
    return [Message(kind.code, to, case.kind, case.pk, key, facts) for to in unique]


def key_of(deadline: Deadline, stage: str, due: date) -> str:
    """The key of an alarm's notices. The date belongs to it: a deadline reckoned anew is reminded of again."""
    return f"{deadline.name}-{stage}-{due:%Y%m%d}"


def responsible(deadline: Deadline) -> int | Holders | Citizen:
    """Whose turn it is: the citizen, the member of staff who works on the case, or all who hold the role."""
    if deadline.duty == "citizen" and deadline.person_id is not None:
        return Citizen(deadline.person_id)
    if deadline.duty in (Role.SPECIALIST, Role.TRAINER, Role.PROJECT_CONSULTANT) and deadline.assignee_id is not None:
        return deadline.assignee_id
    return Holders(deadline.office_id, (deadline.duty,))
