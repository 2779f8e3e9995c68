"""Notices of problem issues, all of them to the staff (118-p36)."""

from __future__ import annotations

from bastau import notices
from bastau.notices import Holders, Message, NoticeKind, register
from bastau.people.roles import Role
from monitoring.models import ProblemIssue

GIVEN = register(
    NoticeKind(
        "N-PRB-GIVEN",
        title={
            "kk": "Сізге проблемалық мәселе берілді",
            "ru": "Вам передан проблемный вопрос",
            "en": "A problem issue is given to you",
        },
        text={
            "kk": "Шешуді талап ететін мәселе: {case}.",
            "ru": "Нужно решить вопрос: {case}.",
            "en": "An issue is to be resolved: {case}.",
        },
    )
)
RESOLVED = register(
    NoticeKind(
        "N-PRB-RESOLVED",
        title={
            "kk": "Проблемалық мәселе бойынша шаралар қабылданды",
            "ru": "По проблемному вопросу приняты меры",
            "en": "Measures were taken on an issue",
        },
        text={
            "kk": "Шараларды растаңыз немесе қайтарыңыз: {case}.",
            "ru": "Подтвердите меры или верните вопрос: {case}.",
            "en": "Confirm the measures or send the issue back: {case}.",
        },
    )
)
REJECTED = register(
    NoticeKind(
        "N-PRB-REJECTED",
        title={
            "kk": "Мәселе шешілмеген деп қайтарылды",
            "ru": "Вопрос возвращен как нерешенный",
            "en": "An issue came back as not resolved",
        },
        text={
            "kk": "Консультант мәселенің шешілгенін растаған жоқ: {case}.",
            "ru": "Консультант не подтвердил решение вопроса: {case}.",
            "en": "The consultant did not confirm that the issue is resolved: {case}.",
        },
    )
)
ESCALATED = register(
    NoticeKind(
        "N-PRB-ESCALATED",
        title={
            "kk": "Мәселе жоғары тұрған деңгейге берілді",
            "ru": "Вопрос передан на вышестоящий уровень",
            "en": "An issue was passed to a higher level",
        },
        text={
            "kk": "Мәселені жаттықтырушы шеше алмайды: {case}.",
            "ru": "Вопрос вне полномочий тренера: {case}.",
            "en": "The issue is outside the trainer's power: {case}.",
        },
    )
)


def tell_given(issue: ProblemIssue) -> None:
    """The trainer hears what is to be resolved."""
    _tell(issue, GIVEN, issue.trainer_id, f"given-{issue.trainer_id}")


def tell_resolved(issue: ProblemIssue) -> None:
    """The consultant is to confirm or to send back; each time once."""
    _tell(issue, RESOLVED, issue.consultant_id, f"resolved-{issue.resolved_at:%Y%m%d%H%M%S}")


def tell_rejected(issue: ProblemIssue) -> None:
    """The trainer hears that it goes on."""
    _tell(issue, REJECTED, issue.trainer_id, f"rejected-{issue.runs_from:%Y%m%d%H%M%S}")


def tell_escalated(issue: ProblemIssue) -> None:
    """The chamber's coordinator and the consultant hear of it."""
    assert issue.office_id is not None
    facts = {"case": issue.number}
    to: list[int | Holders] = [Holders(issue.office_id, (Role.COORDINATOR,))]
    if issue.consultant_id is not None:
        to.append(issue.consultant_id)
    key = f"escalated-{issue.escalated_at:%Y%m%d%H%M%S}"
    notices.tell_many([Message(ESCALATED.code, one, issue.kind, issue.pk, key, facts) for one in to])


def _tell(issue: ProblemIssue, kind: NoticeKind, user: int | None, key: str) -> None:
    if user is not None:
        notices.tell_many([Message(kind.code, user, issue.kind, issue.pk, key, {"case": issue.number})])
