"""Stipend sheets and their lines as the centre sees them: drawn up, signed, sent to the bank, decided on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bastau import law
from bastau.people.roles import Role
from bastau.portal import dates, figures, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from training.actions import stipends as actions
from training.forms.stipends import DecisionForm, ExecutedForm, ReasonForm, SendForm
from training.models import StipendLine, StipendSheet
from training.models.stipends import READERS
from training.states import LineReason, LineState, SheetState
from training.views.stipend import TONES as LINE_TONES
from training.views.stipend_office import drawable

SHEET_TONES = {
    SheetState.DRAFT: "info",
    SheetState.IN_CHECK: "soon",
    SheetState.RETURNED: "late",
    SheetState.APPROVED: "done",
    SheetState.SENT_TO_BANK: "soon",
    SheetState.EXECUTED: "done",
    SheetState.PARTLY_EXECUTED: "soon",
}


@admin.register(StipendSheet, site=site)
class StipendSheetRoom(CaseRoom):
    """The register of stipend sheets; an entry is the case page."""

    readers = READERS
    heading = gettext_lazy("Stipend sheets")
    about = gettext_lazy("One sheet for each offline group and the centre that referred its people.")
    list_display = ("case_number", "of_group", "standing", "rate_shown")
    related = ("office", "assignee__person", "group__office", "drafted_by__person", "approved_by__person")
    tones = SHEET_TONES  # type: ignore[assignment]
    filters = (Filter("state", gettext_lazy("State"), lambda request: list(SheetState.choices)),)
    listed = True
    does = {
        "send_to_check": Does(
            actions.send_to_check, gettext_lazy("The sheet goes to the director; its paper is being printed.")
        ),
        "draw_anew": Does(actions.draw_anew, gettext_lazy("The sheet is drawn up anew.")),
        "approve": Does(
            actions.approve, gettext_lazy("The sheet is approved; everybody on it is told."),
            papers=actions.sheet_papers,
        ),
        "send_back": Does(
            actions.send_back, gettext_lazy("The sheet is returned to the specialist."), form=ReasonForm, danger=True
        ),
        "send_to_bank": Does(
            actions.send_to_bank, gettext_lazy("The sheet is with the bank."), form=SendForm
        ),
        "execute": Does(actions.execute, gettext_lazy("The bank's answer is entered."), form=ExecutedForm),
    }  # fmt: skip

    def title(self, case: StipendSheet) -> str:
        """What it is."""
        return _("Stipend sheet")

    def subtitle(self, case: StipendSheet) -> str:
        """Number and group."""
        return f"{case.number} · {case.group.number}"

    def facts(self, request: HttpRequest, case: StipendSheet) -> list[tuple[Any, Any]]:
        """Period, size, who drew it up, who approved it, the bank."""
        group = case.group
        rows = [
            (_("Training"), f"{dates.long_date(group.start_on)} – {dates.long_date(group.end_on)}"),
            (_("Monthly stipend"), figures.money(case.rate)),
            (_("Drawn up by"), case.drafted_by.person.full_name),
            (_("Approved by"), case.approved_by.person.full_name if case.approved_by else ""),
            (_("Payment order"), case.bank_reference),
            (_("Executed on"), dates.long_date(case.executed_on) if case.executed_on else ""),
            (_("Why it was returned"), case.return_reason if case.state == SheetState.RETURNED else ""),
        ]
        return [row for row in rows if row[1]]

    def sections(self, request: HttpRequest, case: StipendSheet) -> list[Section]:
        """The lines with their reasons and clauses; two statements whatever their number."""
        lines = case.lines.select_related("person").order_by("person__sort_key", "pk")
        drawn: list[dict[str, Any]] = [
            {
                "line": line,
                "tone": LINE_TONES[LineState(line.state)],
                "clause": law.clause(line.ground).label(dates.language()) if line.reason else "",
                "url": reverse("workplace:training_stipendline_change", args=[line.pk]),
                "own": line.person_id == request.user.person_id,  # type: ignore[union-attr]
            }
            for line in lines
        ]
        total = sum(one["line"].accrued for one in drawn if one["line"].state in {LineState.PAYABLE, LineState.PAID})
        context = {"lines": drawn, "total": total}
        return [Section(pgettext("stipend", "Lines"), "training/staff/stipend_section.html", context)]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: StipendSheet) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Group"))
    def of_group(self, row: StipendSheet) -> str:
        return f"{row.group.number}, {row.group.start_on:%d.%m.%Y} – {row.group.end_on:%d.%m.%Y}"

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: StipendSheet) -> str:
        return badge(row.get_state_display(), SHEET_TONES[SheetState(row.state)])

    @admin.display(description=gettext_lazy("Monthly stipend"))
    def rate_shown(self, row: StipendSheet) -> str:
        return figures.money(row.rate)


def pay(line: StipendLine, *, by: Any, decision: str) -> StipendLine:
    """The director decides that a held line is paid."""
    return actions.decide(line, by=by, pay=True, decision=decision)


def exclude(line: StipendLine, *, by: Any, decision: str) -> StipendLine:
    """The director decides that a held line is not paid."""
    return actions.decide(line, by=by, pay=False, decision=decision)


def _undecided(line: StipendLine) -> bool:
    return line.state == LineState.HELD and line.reason == LineReason.DECISION_NEEDED


@admin.register(StipendLine, site=site)
class StipendLineRoom(CaseRoom):
    """The register of stipend lines: what is held waits here for the director."""

    readers = READERS
    heading = gettext_lazy("Stipend lines")
    about = gettext_lazy("Everybody on a stipend sheet. A held line waits for an account or for the director.")
    list_display = ("case_number", "citizen", "standing", "why")
    related = ("person", "office", "assignee__person", "sheet", "group", "decided_by__person")
    tones = LINE_TONES  # type: ignore[assignment]
    filters = (
        Filter("state", gettext_lazy("State"), lambda request: list(LineState.choices)),
        Filter("reason", pgettext_lazy("stipend line", "Reason"), lambda request: list(LineReason.choices)),
    )
    listed = True
    does = {
        "release": Does(pay, gettext_lazy("Decided: the stipend is paid."), form=DecisionForm, when=_undecided),
        "exclude": Does(
            exclude, gettext_lazy("Decided: the stipend is not paid."), form=DecisionForm, danger=True, when=_undecided
        ),
    }

    def subtitle(self, case: StipendLine) -> str:
        """The sheet and the group."""
        return f"{case.number} · {case.group.number}"

    def facts(self, request: HttpRequest, case: StipendLine) -> list[tuple[Any, Any]]:
        """Days, sum, reason with its clause, decision."""
        reason = ""
        if case.reason:
            reason = f"{case.get_reason_display()} ({law.clause(case.ground).label(dates.language())})"
        rows = [
            (_("Class days attended"), f"{case.days_attended} / {case.days_planned}"),
            (_("Sum"), figures.money(case.accrued) if case.accrued else ""),
            (pgettext("stipend line", "Reason"), reason),
            (_("Account"), case.iban),
            (_("The director's decision"), case.decision),
            (_("Decided by"), case.decided_by.person.full_name if case.decided_by else ""),
            (_("Paid on"), dates.long_date(case.paid_on) if case.paid_on else ""),
        ]
        return [row for row in rows if row[1]]

    def links(self, request: HttpRequest, case: StipendLine) -> list[dict[str, Any]]:
        """Back to the sheet."""
        url = reverse("workplace:training_stipendsheet_change", args=[case.sheet_id])
        return [{"label": _("To the sheet"), "url": url, "method": "get"}]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: StipendLine) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: StipendLine) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: StipendLine) -> str:
        return badge(row.get_state_display(), LINE_TONES[LineState(row.state)])

    @admin.display(description=pgettext_lazy("stipend line", "Reason"))
    def why(self, row: StipendLine) -> str:
        return row.get_reason_display() if row.reason else "–"


@nav.register_rooms
def stipend_entries(request: HttpRequest) -> list[nav.Entry]:
    """Groups to be drawn up for the specialist, sheets to be signed or sent, lines the director decides on."""
    held = {post.role for post in rooms.staff_posts(request)}
    found = []
    if Role.SPECIALIST in held:
        url = reverse("training_office:stipends")
        found.append(nav.Entry(label=pgettext("room", "Stipends"), url=url, count=len(drawable(request.user))))
    elif held & {Role.DIRECTOR, Role.ACCOUNTANT}:
        waiting = StipendSheet.objects.visible_to(request.user)
        state = SheetState.IN_CHECK if Role.DIRECTOR in held else SheetState.APPROVED
        url = reverse("workplace:training_stipendsheet_changelist")
        count = waiting.filter(state=state).count()
        found.append(nav.Entry(label=pgettext("room", "Stipends"), url=url, count=count))
    if Role.DIRECTOR in held:
        lines = StipendLine.objects.visible_to(request.user)
        count = lines.filter(state=LineState.HELD, reason=LineReason.DECISION_NEEDED).count()
        if count:
            url = f"{reverse('workplace:training_stipendline_changelist')}?state=held&reason=DECISION_NEEDED"
            found.append(nav.Entry(label=pgettext("room", "Stipends to decide"), url=url, count=count))
    return found
