"""The register of problem issues and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau.people.roles import Role
from bastau.portal import dates, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from monitoring.actions import problems as actions
from monitoring.admin.accompaniment import PROBLEM_TONES, READERS, searched
from monitoring.forms import problems as forms
from monitoring.models import ProblemIssue
from monitoring.states import ProblemCategory, ProblemState


@admin.register(ProblemIssue, site=site)
class ProblemRoom(CaseRoom):
    heading = gettext_lazy("Problem issues")
    about = gettext_lazy("What hinders accompanied businesses, found by monitoring, reports and enquiries.")
    readers = READERS
    listed = True
    search_label = gettext_lazy("Number or surname")
    list_display = ("case_number", "participant", "standing", "sort", "found", "resolver")
    filters = (
        Filter("state", gettext_lazy("State"), lambda request: ProblemState.choices),
        Filter("category", gettext_lazy("Category"), lambda request: ProblemCategory.choices),
    )
    related = (
        "person", "office", "assignee__person", "trainer__person", "consultant__person", "accompaniment", "enquiry",
        "report_line__report",
    )  # fmt: skip
    tones = PROBLEM_TONES
    does = {
        "assign": Does(actions.assign, gettext_lazy("The trainer has been told of the issue."), forms.TrainerForm),
        "start_work": Does(actions.start_work, gettext_lazy("The issue is in work.")),
        "resolve": Does(
            actions.resolve, gettext_lazy("The measures are kept; the consultant has been told."), forms.MeasuresForm
        ),
        "escalate": Does(actions.escalate, gettext_lazy("The issue is passed to a higher level."), forms.EscalateForm),
        "confirm": Does(actions.confirm, gettext_lazy("Confirmed.")),
        "reject": Does(actions.reject, gettext_lazy("The trainer has been told."), forms.RejectForm, danger=True),
        "close": Does(actions.close, gettext_lazy("The issue is closed.")),
        "give_up": Does(
            actions.give_up, gettext_lazy("The issue is closed as not resolved."), forms.GiveUpForm, danger=True
        ),
    }

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return searched(rows, text)

    def sentence(self, case: ProblemIssue) -> str:
        said = {
            ProblemState.RESOLVED: _("The project consultant confirms the measures or sends the issue back."),
            ProblemState.ESCALATED: _(
                "The coordinator enters what the higher level did; else it is closed unresolved."
            ),
            ProblemState.CONFIRMED: _("The project consultant closes the issue."),
        }
        return said.get(ProblemState(case.state), "")

    def facts(self, request: HttpRequest, case: ProblemIssue) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("Business project"), case.accompaniment.project_name),
            (_("Category of the issue"), case.get_category_display()),  # type: ignore[attr-defined]
            (_("What hinders the business"), case.essence),
            (_("Found on"), dates.long_date(case.found_on)),
            (_("Found by"), self._origin(case)),
            (_("Project consultant"), case.consultant.person.full_name),
            (_("Business trainer"), case.trainer.person.full_name if case.trainer else ""),
        ]
        if case.measures:
            found.append((_("What was done"), case.measures))
        if case.higher_level:
            found.append((_("Passed to"), case.get_higher_level_display()))  # type: ignore[attr-defined]
        if case.unresolved_reason:
            found.append((_("Why it was not resolved"), case.unresolved_reason))
        return found

    def _origin(self, case: ProblemIssue) -> str:
        word = str(case.get_source_display())  # type: ignore[attr-defined]
        if case.enquiry is not None:
            return f"{word} {case.enquiry.number}"
        return f"{word} {case.report_line.report.number}" if case.report_line is not None else word

    def sections(self, request: HttpRequest, case: ProblemIssue) -> list[Section]:
        notes = [{"note": one, "title": LABELS.get(one.event, "")} for one in case.notes.select_related("by__person")]
        if not notes:
            return []
        return [Section(_("What was said"), "monitoring/staff/notes.html", {"rows": notes})]

    def links(self, request: HttpRequest, case: ProblemIssue) -> list[dict[str, Any]]:
        url = reverse("workplace:monitoring_accompanimentcase_change", args=[case.accompaniment_id])
        return [{"label": _("To the business"), "url": url, "method": "get"}]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: ProblemIssue) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Participant"))
    def participant(self, row: ProblemIssue) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: ProblemIssue) -> str:
        return badge(row.get_state_display(), self.tones.get(ProblemState(row.state), "info"))  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Category"))
    def sort(self, row: ProblemIssue) -> str:
        return row.get_category_display()  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Found on"))
    def found(self, row: ProblemIssue) -> str:
        return f"{row.found_on:%d.%m.%Y}"

    @admin.display(description=gettext_lazy("Trainer"))
    def resolver(self, row: ProblemIssue) -> str:
        return row.trainer.person.short_name if row.trainer else "–"


LABELS = {
    "resolve": gettext_lazy("Measures"),
    "reject": gettext_lazy("Not confirmed"),
    "escalate": gettext_lazy("Passed to a higher level"),
    "give_up": gettext_lazy("Closed, not resolved"),
}


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """Issues whose turn is mine: to be resolved by the trainer, to be given out, confirmed or closed by the consultant,
    to be settled at the higher level by the coordinator."""
    posts = rooms.staff_posts(request)
    held = {post.role for post in posts}
    mine = Q(pk__in=[])
    if Role.TRAINER in held:
        mine |= Q(trainer=request.user.pk, state__in=[ProblemState.ASSIGNED, ProblemState.IN_WORK])
    if Role.PROJECT_CONSULTANT in held:
        waits = [ProblemState.FOUND, ProblemState.RESOLVED, ProblemState.CONFIRMED, ProblemState.ESCALATED]
        mine |= Q(consultant=request.user.pk, state__in=waits)
    if Role.COORDINATOR in held:
        mine |= Q(state=ProblemState.ESCALATED)
    if not held & {Role.TRAINER, Role.PROJECT_CONSULTANT, Role.COORDINATOR}:
        return []
    rows = ProblemIssue.objects.visible_to(request.user).filter(mine)
    return [
        nav.Entry(
            label=pgettext("room", "Problem issues"),
            url=reverse("workplace:monitoring_problemissue_changelist"),
            count=rows.count(),
        )
    ]
