"""The registers of accompanied businesses and of visits, and their case pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates, figures, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from monitoring.actions import accompaniment as actions
from monitoring.actions import problems, visits
from monitoring.forms import accompaniment as forms
from monitoring.forms.problems import FindForm
from monitoring.models import AccompanimentCase, Visit
from monitoring.rights.consultations import RECEPTION
from monitoring.rules.reports import quarter_name
from monitoring.states import ACCOMPANIED, LAUNCHED, AccompanimentState, ProblemState, VisitState

CHAMBER = (Role.COORDINATOR, Role.PROJECT_CONSULTANT, Role.TRAINER)
READERS = (*CHAMBER, Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)
TONES = {
    AccompanimentState.WAITING_LAUNCH: "soon", AccompanimentState.FINISHED: "done", AccompanimentState.STOPPED: "late",
}  # fmt: skip
VISIT_TONES = {VisitState.HELD: "done", VisitState.CANCELLED: "late", VisitState.AGREED: "done"}
PROBLEM_TONES = {
    ProblemState.FOUND: "soon", ProblemState.RESOLVED: "soon", ProblemState.ESCALATED: "late",
    ProblemState.CONFIRMED: "done", ProblemState.CLOSED: "done", ProblemState.CLOSED_UNRESOLVED: "late",
}  # fmt: skip


def searched(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By the whole number, or by the beginning of the name."""
    if any(char.isdigit() for char in text):
        return rows.filter(number=text.upper())
    return rows.filter(person__fold__startswith=fold(text))


@admin.register(AccompanimentCase, site=site)
class AccompanimentRoom(CaseRoom):
    heading = gettext_lazy("Accompaniment of businesses")
    about = gettext_lazy("Businesses accompanied by the chamber after training and financing, the newest first.")
    readers = READERS
    search_label = gettext_lazy("Number or surname")
    list_display = ("case_number", "participant", "standing", "launch", "end", "consultant")
    filters = (Filter("state", gettext_lazy("State"), lambda request: AccompanimentState.choices),)
    related = ("person", "office", "centre", "assignee__person", "trainer__person", "payment")
    tones = TONES
    does = {
        "name_consultant": Does(
            actions.name_consultant, gettext_lazy("The consultant is named and has been told."), forms.ConsultantForm
        ),
        "launch": Does(
            actions.launch, gettext_lazy("The launch date is entered; the participant has been told."), forms.LaunchForm
        ),
        "keep_card": Does(actions.keep_card, gettext_lazy("The monitoring card is kept."), forms.CardForm),
        "plan_visit": Does(
            visits.plan_visit, gettext_lazy("The visit is planned; the participant has been told."), forms.VisitForm
        ),
        "enter_issue": Does(problems.find, gettext_lazy("The problem issue is entered."), FindForm),
        "name_trainer": Does(
            actions.name_trainer, gettext_lazy("The trainer is named and has been told."), forms.TrainerForm
        ),
        "extend": Does(actions.extend, gettext_lazy("The accompaniment is extended to 18 months."), forms.ExtendForm),
        "report": Does(actions.report, gettext_lazy("The final report is kept."), forms.ReportForm),
        "finish": Does(actions.finish, gettext_lazy("The accompaniment is finished.")),
        "stop": Does(actions.stop, gettext_lazy("The accompaniment is stopped."), forms.StopForm, danger=True),
    }

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return searched(rows, text)

    def subtitle(self, case: AccompanimentCase) -> str:
        return f"{case.number} · {case.project_name}" if case.project_name else case.number

    def sentence(self, case: AccompanimentCase) -> str:
        if case.state == AccompanimentState.WAITING_LAUNCH:
            return _("The participant may ask already now. The term runs from the launch date.")
        if case.state in LAUNCHED and case.final_report:
            return _("The final report is there. The accompaniment finishes by itself after its last day.")
        return ""

    def facts(self, request: HttpRequest, case: AccompanimentCase) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("Business project"), case.project_name),
            (_("Source of the financing"), case.get_financing_source_display()),  # type: ignore[attr-defined]
            (_("Financing received on"), dates.long_date(case.financed_on)),
            (_("Project consultant"), case.assignee.person.full_name if case.assignee else ""),
            (_("Business trainer"), case.trainer.person.full_name if case.trainer else ""),
            (_("Employment centre"), case.centre.name() if case.centre else ""),
        ]
        if case.launched_on is not None and case.ends_on is not None:
            found += [
                (_("Launch date of the business"), dates.long_date(case.launched_on)),
                (_("Category of the family"), case.get_category_display()),  # type: ignore[attr-defined]
                (_("Accompanied until"), dates.long_date(case.ends_on)),
            ]
        if case.final_report:
            found.append((_("Final report"), case.final_report))
        if case.state == AccompanimentState.STOPPED:
            found += [(_("Reason"), case.get_stop_reason_display()), (_("How it is known"), case.stop_text)]  # type: ignore[attr-defined]
        return found

    def sections(self, request: HttpRequest, case: AccompanimentCase) -> list[Section]:
        found = []
        own = list(case.visits.select_related("assignee__person").order_by("-planned_on", "-pk"))
        if own:
            rows = [
                {"visit": one, "url": self._page(Visit, one), "tone": VISIT_TONES.get(VisitState(one.state), "info")}
                for one in own
            ]
            found.append(Section(_("Visits"), "monitoring/staff/visits.html", {"rows": rows}))
        cards = [{"card": one, "quarter": quarter_name(one.quarter_end)[dates.language()]} for one in case.cards.all()]
        if cards:
            found.append(Section(_("Monitoring cards"), "monitoring/staff/monitoring_cards.html", {"rows": cards}))
        if not rooms.holds_any(request, CHAMBER):
            return found
        issues = list(case.problems.order_by("-pk"))
        if issues:
            shown = [
                {"case": one, "url": self._page(type(one), one), "label": one.get_category_display(),
                 "tone": PROBLEM_TONES.get(ProblemState(one.state), "info")}
                for one in issues
            ]  # fmt: skip
            found.append(Section(_("Problem issues"), "monitoring/staff/related.html", {"rows": shown}))
        asked = list(case.enquiries.order_by("-pk")[:20])
        if asked:
            shown = [
                {"case": one, "url": self._page(type(one), one), "label": one.get_topic_display(), "tone": "info"}
                for one in asked
            ]
            found.append(Section(_("Enquiries"), "monitoring/staff/related.html", {"rows": shown}))
        history = list(case.responsible.select_related("user__person"))
        if history:
            found.append(Section(_("Who accompanies"), "monitoring/staff/responsible.html", {"rows": history}))
        return found

    def links(self, request: HttpRequest, case: AccompanimentCase) -> list[dict[str, Any]]:
        if case.state not in ACCOMPANIED or not rooms.holds_any(request, RECEPTION):
            return []
        if not any(post.office_id == case.office_id for post in rooms.staff_posts(request)):
            return []
        url = f"{reverse('monitoring_office:enquiry_new')}?case={case.pk}"
        return [{"label": _("Register an oral enquiry"), "url": url, "method": "get"}]

    def _page(self, model: Any, row: Any) -> str:
        return reverse(f"workplace:monitoring_{model._meta.model_name}_change", args=[row.pk])

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: AccompanimentCase) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Participant"))
    def participant(self, row: AccompanimentCase) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: AccompanimentCase) -> str:
        return badge(row.get_state_display(), self.tones.get(AccompanimentState(row.state), "info"))  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Launch"))
    def launch(self, row: AccompanimentCase) -> str:
        return f"{row.launched_on:%d.%m.%Y}" if row.launched_on else "–"

    @admin.display(description=gettext_lazy("Until"))
    def end(self, row: AccompanimentCase) -> str:
        return f"{row.ends_on:%d.%m.%Y}" if row.ends_on else "–"

    @admin.display(description=gettext_lazy("Consultant"))
    def consultant(self, row: AccompanimentCase) -> str:
        return row.assignee.person.short_name if row.assignee else "–"


@admin.register(Visit, site=site)
class VisitRoom(CaseRoom):
    heading = gettext_lazy("Visits to businesses")
    about = gettext_lazy("Planned, held and cancelled visits; one with a cost waits for the participant's agreement.")
    readers = READERS
    listed = True
    search_label = gettext_lazy("Number or surname")
    list_display = ("case_number", "participant", "standing", "day", "where", "costs")
    filters = (Filter("state", gettext_lazy("State"), lambda request: VisitState.choices),)
    related = ("person", "office", "assignee__person", "accompaniment")
    tones = VISIT_TONES
    does = {
        "hold": Does(visits.hold, gettext_lazy("What came of the visit is kept."), forms.HoldForm),
        "cancel": Does(
            visits.cancel, gettext_lazy("The visit is cancelled; the participant has been told."), forms.CancelForm,
            danger=True,
        ),
    }  # fmt: skip

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return searched(rows, text)

    def sentence(self, case: Visit) -> str:
        if case.state == VisitState.PLANNED and case.cost:
            return _("The participant is asked in the cabinet whether the cost is agreed.")
        return ""

    def facts(self, request: HttpRequest, case: Visit) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("Day of the visit"), dates.long_date(case.planned_on)),
            (pgettext("visit", "Where?"), case.get_mode_display()),  # type: ignore[attr-defined]
            (_("Purpose of the visit"), case.purpose),
            (_("Who visits"), case.assignee.person.full_name if case.assignee else ""),
            (_("Cost for the participant"), figures.money(case.cost)),
        ]
        if case.cost:
            found.append((_("What is paid for"), case.cost_reason))
        if case.held_on is not None:
            found += [(_("Took place on"), dates.long_date(case.held_on)), (_("What came of it"), case.result)]
        if case.cancel_reason:
            found.append((_("Why it does not take place"), case.get_cancel_reason_display()))  # type: ignore[attr-defined]
        return found

    def links(self, request: HttpRequest, case: Visit) -> list[dict[str, Any]]:
        url = reverse("workplace:monitoring_accompanimentcase_change", args=[case.accompaniment_id])
        return [{"label": _("To the business"), "url": url, "method": "get"}]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: Visit) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Participant"))
    def participant(self, row: Visit) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: Visit) -> str:
        return badge(row.get_state_display(), self.tones.get(VisitState(row.state), "info"))  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Day of the visit"))
    def day(self, row: Visit) -> str:
        return f"{row.planned_on:%d.%m.%Y}"

    @admin.display(description=gettext_lazy("Where"))
    def where(self, row: Visit) -> str:
        return row.get_mode_display()  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Cost"))
    def costs(self, row: Visit) -> str:
        return figures.money(row.cost)


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """The rooms of the chamber's people who accompany: businesses, enquiries, problem issues, the summary."""
    posts = rooms.staff_posts(request)
    held = {post.role for post in posts}
    found: list[nav.Entry] = []
    if held & {Role.PROJECT_CONSULTANT, Role.TRAINER}:
        found.append(
            nav.Entry(
                label=pgettext("room", "Businesses"), url=reverse("workplace:monitoring_accompanimentcase_changelist")
            )
        )
    if held & {Role.PROJECT_CONSULTANT, Role.LEB_OFFICER}:
        found.append(nav.Entry(label=pgettext("room", "Summary"), url=reverse("monitoring_office:summary")))
    return found
