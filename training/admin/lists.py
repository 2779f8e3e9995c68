"""Monthly lists as the centre, the chamber and the local employment body see them (118-p12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bastau.flow import Actor
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from training.actions import lists as actions
from training.models import MonthlyList
from training.models.lists import CENTRE_READERS
from training.states import ListState

TONES = {
    ListState.DRAFT: "soon",
    ListState.SIGNED: "soon",
    ListState.RECEIVED: "done",
}


def month_of(month: date) -> str:
    """Month and year in the reader's language."""
    name = dates.MONTHS_ALONE[dates.language()][month.month - 1]
    return f"{month.year} жылғы {name}" if dates.language() == "kk" else f"{name} {month.year}"


def add_supplement(case: MonthlyList, *, by: Actor) -> MonthlyList:
    """The further list stands in the register, with a link on this page."""
    return actions.supplement(case, by=by)


@admin.register(MonthlyList, site=site)
class MonthlyListRoom(CaseRoom):
    """The register of monthly lists; an entry is the page of the list."""

    readers = (*CENTRE_READERS, Role.COORDINATOR, Role.LEB_OFFICER)
    heading = gettext_lazy("Monthly lists")
    about = gettext_lazy("Who got a referral, month by month: the centre sends the list to the chamber by the fifth.")
    listed = True
    order = ("-month", "-pk")
    list_display = ("case_number", "of_month", "from_centre", "standing")
    related = ("office", "chamber", "assignee__person", "supplements")
    filters = (Filter("state", gettext_lazy("State"), lambda request: list(ListState.choices)),)
    tones = TONES
    does = {
        "sign": Does(actions.sign, gettext_lazy("The list is signed. It can be sent now."), papers=actions.sign_papers),
        "send": Does(actions.send, gettext_lazy("The list is sent to the chamber.")),
        "acknowledge": Does(actions.acknowledge, gettext_lazy("The receipt is acknowledged; the centre is told.")),
        "add_supplement": Does(add_supplement, gettext_lazy("The supplementary list waits for the director.")),
        "redraw": Does(actions.redraw, gettext_lazy("The list is drawn up anew."), danger=False),
    }

    def title(self, case: MonthlyList) -> str:
        """Month and year."""
        return _("Monthly list: %(month)s") % {"month": month_of(case.month)}

    def subtitle(self, case: MonthlyList) -> str:
        """Number and centre."""
        part = " · " + _("supplement %(n)d") % {"n": case.part - 1} if case.part > 1 else ""
        return f"{case.number} · {case.office.name() if case.office else ''}{part}"

    def sentence(self, case: MonthlyList) -> str:
        """What the state means."""
        return {
            ListState.DRAFT: _("The system drew the list up. The director reads and signs it."),
            ListState.SIGNED: _("The list is signed. Send it to the chamber."),
            ListState.SENT: _("The list is with the chamber, which acknowledges the receipt."),
        }.get(ListState(case.state), "")

    def facts(self, request: HttpRequest, case: MonthlyList) -> list[tuple[Any, Any]]:
        """Centre, chamber, how many."""
        rows: list[tuple[Any, Any]] = [
            (_("Employment centre"), case.office.name() if case.office else ""),
            (_("To: chamber"), case.chamber.name()),
            (_("Candidates"), str(case.lines.count())),
        ]
        if case.supplements is not None:
            rows.append((_("Supplements the list"), case.supplements.number))
        return rows

    def sections(self, request: HttpRequest, case: MonthlyList) -> list[Section]:
        """The candidates, for who may read them by name (SPEC 5.1)."""
        if not MonthlyList.objects.with_people_for(request.user).filter(pk=case.pk).exists():
            return []
        lines = list(case.lines.select_related("referral__person"))
        return [Section(_("Candidates"), "training/staff/list_lines.html", {"lines": lines})]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: MonthlyList) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Month"))
    def of_month(self, row: MonthlyList) -> str:
        return month_of(row.month)

    @admin.display(description=gettext_lazy("Employment centre"))
    def from_centre(self, row: MonthlyList) -> str:
        return row.office.name() if row.office else ""

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: MonthlyList) -> str:
        return badge(row.get_state_display(), TONES.get(ListState(row.state), "info"))
