"""The stipend list of a group (SPEC 2.14, 118-p31, 118-p32), approved by the director's signature."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from bastau import law
from bastau.papers.files import register_cases
from bastau.papers.kinds import PaperKind, register
from bastau.people.models import Post
from bastau.people.roles import Role
from training.models import StipendLine, StipendSheet
from training.papers.enrolments import both
from training.states import LineReason, LineState

STIPEND_SHEET = "stipend_sheet"

REASONS = {
    "": {"kk": "", "ru": ""},
    LineReason.NO_ACCOUNT: {"kk": "банктік шот көрсетілмеген", "ru": "банковский счет не указан"},
    LineReason.DECISION_NEEDED: {"kk": "директордың шешімі қажет", "ru": "требуется решение директора"},
    LineReason.EXPELLED: {"kk": "жобадан шығарылған", "ru": "исключен из проекта"},
    LineReason.NOT_ADMITTED: {"kk": "оқудың келесі кезеңіне жіберілмеген", "ru": "не допущен к следующему этапу"},
    LineReason.ONLINE: {"kk": "онлайн оқыған", "ru": "обучался онлайн"},
    LineReason.NOT_PROGRAMME: {"kk": "бағдарлама қатысушысы емес", "ru": "не участник программы"},
    LineReason.BY_DECISION: {"kk": "директордың шешімімен", "ru": "по решению директора"},
}
#: 118-p32 cites itself; the refusal is printed with the paragraphs it means (A-24).
PARAGRAPHS = {"kk": "24/25-тармақтар", "ru": "пункты 24, 25"}
FORMS = {"offline": {"kk": "практикалық", "ru": "практическая"}, "online": {"kk": "онлайн", "ru": "онлайн"}}

register(PaperKind(STIPEND_SHEET, pgettext_lazy("paper", "Stipend list"), "papers/stipend_sheet", signer="director"))
register_cases(StipendSheet.kind, StipendSheet.objects.visible_to, whole=True)


def sheet_facts(sheet: StipendSheet) -> dict[str, Any]:
    """The sheet as its lines stand now."""
    assert sheet.office is not None
    group = sheet.group
    lines = list(sheet.lines.select_related("person").order_by("person__sort_key", "pk"))
    return {
        "office": both(sheet.office.name),
        "centre": both(sheet.office.name),
        "number": sheet.number,
        "group": group.number,
        "form": FORMS[group.mode],
        "start_on": group.start_on.isoformat(),
        "end_on": group.end_on.isoformat(),
        "rate": sheet.rate,
        "lines": [_line(line) for line in lines],
        "total": sum(line.accrued for line in lines if line.state == LineState.PAYABLE),
        "payable": sum(line.state == LineState.PAYABLE for line in lines),
        "director": _director(sheet),
    }


def _line(line: StipendLine) -> dict[str, Any]:
    why = REASONS[line.reason]
    if line.ground == "118-p32":
        ground = PARAGRAPHS
    else:
        ground = {language: law.clause(line.ground).label(language) for language in ("kk", "ru")}
    said = {language: f"{why[language]} ({ground[language]})" for language in ("kk", "ru")}
    empty = {"kk": "", "ru": ""}
    return {
        "name": line.person.full_name,
        "iin": line.person.iin,
        "days_plan": line.days_planned,
        "days_fact": line.days_attended,
        "accrued": line.accrued if line.state == LineState.PAYABLE else 0,
        "excluded": said if line.state == LineState.EXCLUDED else empty,
        "held": said if line.state == LineState.HELD else empty,
        "iban": line.iban if line.state == LineState.PAYABLE else "",
    }


def _director(sheet: StipendSheet) -> str:
    posts = Post.objects.in_force().filter(office=sheet.office, role=Role.DIRECTOR).select_related("user__person")
    post = min(posts, key=lambda post: (post.substitutes_id is not None, post.pk), default=None)
    return post.user.person.full_name if post else ""
