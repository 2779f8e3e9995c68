"""The registers of reports and recoveries, and their case pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
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
from monitoring import balance
from monitoring.actions import recovery as recovering
from monitoring.actions import reports as actions
from monitoring.cards.reports import quarter_of
from monitoring.forms import recovery as recovery_forms
from monitoring.forms import reports as forms
from monitoring.models import MisuseAct, QuarterlyReport, Recovery, ReportLine, ReportReturn
from monitoring.models.reports import READERS
from monitoring.states import LineDecision, RecoveryState, ReportState

LINE_TONES = {LineDecision.ACCEPTED: "done", LineDecision.FAULTY: "soon", LineDecision.MISUSED: "late"}


class _CaseList(CaseRoom):
    """What the two registers share: number, grantee, state; found by number or surname."""

    readers = READERS
    search_label = gettext_lazy("Number or surname")

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the whole number, or by the beginning of the name."""
        if any(char.isdigit() for char in text):
            return rows.filter(number=text.upper())
        return rows.filter(person__fold__startswith=fold(text))

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: Any) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Grantee"))
    def grantee(self, row: Any) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: Any) -> str:
        return badge(row.get_state_display(), self.tones.get(row.state, "info"))


@admin.register(QuarterlyReport, site=site)
class ReportRoom(_CaseList):
    heading = gettext_lazy("Quarterly reports")
    about = gettext_lazy(
        "Reports on the targeted use of grants, the newest first. What is to be checked stands on the desk."
    )
    list_display = ("case_number", "grantee", "quarter", "standing", "spent_sum", "in_time")
    filters = (Filter("state", gettext_lazy("State"), lambda request: ReportState.choices),)
    related = ("person", "office", "assignee__person", "payment__contract", "recovery")
    tones = {
        ReportState.DUE: "soon", ReportState.OVERDUE: "late", ReportState.RETURNED: "soon",
        ReportState.MISUSE_FOUND: "late", ReportState.ACCEPTED: "done",
    }  # fmt: skip
    does = {
        "accept": Does(actions.accept, gettext_lazy("The report is accepted.")),
        "give_back": Does(
            actions.give_back, gettext_lazy("The report went back to the grantee with your reasons."), forms.ReturnForm
        ),
        "propose_misuse": Does(
            actions.propose_misuse, gettext_lazy("The act is before the head of unit."), forms.MisuseForm, danger=True
        ),
        "find_misuse": Does(
            actions.find_misuse, gettext_lazy("The misuse is confirmed. The grantee is asked to explain."), danger=True
        ),
        "drop_misuse": Does(
            actions.drop_misuse, gettext_lazy("The act is not confirmed. The specialist goes on."), forms.CommentForm
        ),
        "settle": Does(actions.settle, gettext_lazy("The report is closed.")),
        "record_visit": Does(actions.record_visit, gettext_lazy("The visit is recorded."), forms.VisitForm),
    }

    @admin.display(description=gettext_lazy("Quarter"))
    def quarter(self, row: QuarterlyReport) -> str:
        return quarter_of(row)

    @admin.display(description=gettext_lazy("Spent"))
    def spent_sum(self, row: QuarterlyReport) -> str:
        return figures.money(row.spent) if row.filed_at and row.spent is not None else "–"

    @admin.display(description=gettext_lazy("In time"))
    def in_time(self, row: QuarterlyReport) -> str:
        if row.first_filed_at is None:
            return "–"
        return badge(_("late"), "late") if row.filed_late else _("yes")

    def find(self, request: HttpRequest, pk: int) -> QuarterlyReport:
        """The report with its lines, acts and returns: the page and its buttons look at them many times."""
        case = super().find(request, pk)
        prefetch_related_objects(
            [case],
            Prefetch("lines", ReportLine.objects.select_related("project_line", "upload")),
            Prefetch(
                "acts", MisuseAct.objects.select_related("by__person", "confirmed_by__person", "dropped_by__person")
            ),
            Prefetch("returns", ReportReturn.objects.select_related("by__person")),
        )
        return case

    def subtitle(self, case: QuarterlyReport) -> str:
        """The number and the quarter."""
        return f"{case.number} · {quarter_of(case)}"

    def sentence(self, case: QuarterlyReport) -> str:
        """What is to be done first, where it is no button of the machine."""
        if case.state == ReportState.UPCOMING:
            return _("The report is asked for when its quarter is over.")
        if case.state != ReportState.SUBMITTED:
            return ""
        if any(act.waiting for act in case.acts.all()):
            return _("The specialist found misuse. The head of unit reads the act and confirms it or not.")
        left = sum(not line.decision for line in case.lines.all())
        return _("Lines still to be looked at: %(count)s.") % {"count": left} if left else ""

    def links(self, request: HttpRequest, case: QuarterlyReport) -> list[dict[str, Any]]:
        """The way to the lines, for who checks them; to the recovery, for all."""
        found = []
        checks = rooms.holds_any(request, [Role.SPECIALIST]) and case.state == ReportState.SUBMITTED
        if checks and case.lines.all():
            url = reverse("monitoring_office:report_lines", args=[case.pk])
            undecided = any(not line.decision for line in case.lines.all())
            found.append({"label": _("Check the documents"), "url": url, "method": "get", "primary": undecided})
        recovery = getattr(case, "recovery", None)
        if recovery is not None:
            url = reverse("workplace:monitoring_recovery_change", args=[recovery.pk])
            found.append({"label": _("Open the recovery"), "url": url, "method": "get"})
        return found

    def facts(self, request: HttpRequest, case: QuarterlyReport) -> list[tuple[Any, Any]]:
        """The contract, the money, what the grantee says."""
        money = balance.balance_of(case.payment)
        rows: list[tuple[Any, Any]] = [
            (_("Contract"), case.payment.contract.number),
            (_("Paid on"), dates.long_date(case.paid_on)),
            (_("Grant received"), figures.money(money.received)),
            (_("Spent, by filed reports"), figures.money(money.spent)),
            (_("Confirmed"), figures.money(money.confirmed)),
            (_("Not confirmed yet"), figures.money(money.unconfirmed)),
        ]
        if case.visited_on:
            rows.append((_("Visit"), f"{dates.long_date(case.visited_on)}. {case.visit_note}"))
        if case.first_filed_at is None:
            return rows
        rows += [
            (_("Spent in the quarter"), figures.money(case.spent or 0)),
            (_("Filed"), dates.long_datetime(case.first_filed_at, _zone(case))),
            (_("In time"), _("late") if case.filed_late else _("yes")),
            (_("How the project goes on"), case.progress),
            (_("Jobs"), str(case.jobs)),
            (_("Income in the quarter"), figures.money(case.income or 0)),
            (_("Taxes paid"), figures.money(case.taxes or 0)),
            (_("Problems"), case.problems or _("none")),
        ]
        if case.spent == 0:
            rows.append((_("Why nothing was spent"), case.no_spend_reason))
        if case.outcome:
            rows.append((_("Outcome of the recovery"), RecoveryState(case.outcome).label))
        return rows

    def sections(self, request: HttpRequest, case: QuarterlyReport) -> list[Section]:
        """The lines with their findings; acts on misuse; returns with their answers."""
        found = []
        if case.first_filed_at is not None:
            lines = [
                {"line": line, "tone": LINE_TONES.get(LineDecision(line.decision)) if line.decision else "info"}
                for line in case.lines.all()
            ]
            found.append(Section(_("Documents of the report"), "monitoring/staff/lines.html", {"lines": lines}))
        acts = list(case.acts.all())
        if acts:
            found.append(Section(_("Acts on misuse"), "monitoring/staff/acts.html", {"acts": acts}))
        returns = list(case.returns.all())
        if returns:
            found.append(Section(_("Returns"), "monitoring/staff/returns.html", {"returns": returns}))
        return found


def _zone(case: Any) -> str:
    return case.office.zone if case.office else dates.DEFAULT_ZONE


@admin.register(Recovery, site=site)
class RecoveryRoom(_CaseList):
    heading = gettext_lazy("Recoveries")
    about = gettext_lazy("Misused parts of grants: explained, returned, or before the court.")
    listed = True
    list_display = ("case_number", "grantee", "sum_asked", "standing")
    filters = (Filter("state", gettext_lazy("State"), lambda request: RecoveryState.choices),)
    related = ("person", "office", "assignee__person", "report", "act__by__person", "act__confirmed_by__person")
    tones = {
        RecoveryState.DEMANDED: "soon", RecoveryState.COURT: "late", RecoveryState.RECOVERED: "done",
        RecoveryState.CLOSED_EXPLAINED: "done",
    }  # fmt: skip
    does = {
        "close_explained": Does(
            recovering.close_explained, gettext_lazy("The explanation is accepted; nothing is to be returned."),
            recovery_forms.ReasonForm,
        ),
        "demand": Does(
            recovering.demand, gettext_lazy("The return is demanded."), recovery_forms.ReasonForm, danger=True
        ),
        "record_return": Does(
            recovering.record_return, gettext_lazy("The return is recorded."), recovery_forms.ReturnedForm
        ),
        "go_to_court": Does(
            recovering.go_to_court, gettext_lazy("The matter is handed over to court."), recovery_forms.CourtForm,
            danger=True,
        ),
    }  # fmt: skip

    @admin.display(description=gettext_lazy("Sum"))
    def sum_asked(self, row: Recovery) -> str:
        return figures.money(row.amount)

    def subtitle(self, case: Recovery) -> str:
        """The number and the sum."""
        return f"{case.number} · {figures.money(case.amount)}"

    def links(self, request: HttpRequest, case: Recovery) -> list[dict[str, Any]]:
        """Back to the report."""
        url = reverse("workplace:monitoring_quarterlyreport_change", args=[case.report_id])
        return [{"label": _("Open the report"), "url": url, "method": "get"}]

    def facts(self, request: HttpRequest, case: Recovery) -> list[tuple[Any, Any]]:
        """What was found, explained, decided, returned."""
        rows: list[tuple[Any, Any]] = [
            (pgettext("recovery", "Report"), f"{case.report.number}, {quarter_of(case.report)}"),
            (_("Act"), case.act.text),
            (_("Proposed by"), case.act.by.person.short_name),
            (_("Confirmed by"), case.act.confirmed_by.person.short_name if case.act.confirmed_by else ""),
        ]
        if case.explained_at:
            rows.append((_("Explanation of the grantee"), case.explanation))
        elif case.silent_at:
            rows.append((_("Explanation of the grantee"), _("none came in the term")))
        if case.decision:
            rows.append((_("Decision of the centre"), case.decision))
        if case.returned_on:
            rows.append((_("Money returned"), f"{dates.long_date(case.returned_on)}, № {case.bank_reference}"))
        if case.court_reference:
            rows.append((_("Claim in court"), case.court_reference))
        return rows


@nav.register_rooms
def report_entries(request: HttpRequest) -> list[nav.Entry]:
    """The reports, for the roles whose room they are."""
    if not rooms.holds_any(request, READERS):
        return []
    return [
        nav.Entry(label=pgettext("room", "Reports"), url=reverse("workplace:monitoring_quarterlyreport_changelist"))
    ]
