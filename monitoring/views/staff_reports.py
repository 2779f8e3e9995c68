"""The specialist's page for looking at each document of a report against the estimate (FKA04-5.2)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bastau.flow import Refused
from bastau.workplace.casework import actor_for
from monitoring import balance
from monitoring.actions import reports as actions
from monitoring.forms.reports import LineCheckForm
from monitoring.models import QuarterlyReport, ReportLine
from monitoring.rights import reports as rights
from monitoring.states import ReportState


@require_http_methods(["GET", "HEAD", "POST"])
def report_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Every document with its finding. A POST keeps the findings given; the rest may follow later."""
    reports = QuarterlyReport.objects.visible_to(request.user)
    report = get_object_or_404(reports.select_related("person", "office", "payment__contract__application"), pk=pk)
    url = reverse("workplace:monitoring_quarterlyreport_change", args=[pk])
    by = actor_for(request.user, report, "accept")
    allowed = rights.may(report, "accept", by)
    if report.state != ReportState.SUBMITTED or not allowed.ok:
        messages.error(request, str(allowed.reason or _("This report is not being checked now.")))
        return redirect(url)
    lines = list(report.lines.select_related("project_line", "upload"))
    forms = {line.pk: _form(request, line) for line in lines}
    if request.method == "POST" and all(form.is_valid() for form in forms.values()):
        decisions = {
            pk: (form.cleaned_data["decision"], form.cleaned_data["note"])
            for pk, form in forms.items()
            if form.cleaned_data["decision"]
        }
        try:
            actions.decide_lines(report, by=by, decisions=decisions)
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect(url)
        messages.success(request, _("The findings are kept."))
        return redirect(url)
    context = {
        "report": report,
        "case_url": url,
        "rows": _rows(report, lines, forms),
        "estimate": _estimate(report, lines),
        "forms": list(forms.values()),
    }
    bound = any(form.is_bound for form in forms.values())
    return render(request, "monitoring/staff/report_lines.html", context, status=422 if bound else 200)


def _form(request: HttpRequest, line: ReportLine) -> LineCheckForm:
    data = request.POST if request.method == "POST" else None
    return LineCheckForm(data, prefix=f"line{line.pk}", initial={"decision": line.decision, "note": line.note})


def _rows(report: QuarterlyReport, lines: list[ReportLine], forms: dict[int, LineCheckForm]) -> list[dict[str, Any]]:
    twins = _twins(report, lines)
    return [{"line": line, "form": forms[line.pk], "twin": twins.get(line.pk)} for line in lines]


def _twins(report: QuarterlyReport, lines: list[ReportLine]) -> dict[int, str]:
    """Lines whose file or number stands in another report already: the number of that report, by the line."""
    files = {line.upload.sha256 for line in lines}
    numbers = {line.proof_number for line in lines if line.proof_number}
    others = (
        ReportLine.objects.filter(report__person=report.person_id)
        .exclude(report=report)
        .filter(Q(upload__sha256__in=files) | Q(proof_number__in=numbers))
        .select_related("report", "upload")
        .order_by("pk")
    )
    found: dict[int, str] = {}
    for other in others:
        for line in lines:
            same_paper = (other.proof_number, other.supplier, other.amount) == (
                line.proof_number, line.supplier, line.amount,
            )  # fmt: skip
            if other.upload.sha256 == line.upload.sha256 or (line.proof_number and same_paper):
                found[line.pk] = other.report.number
    return found


def _estimate(report: QuarterlyReport, lines: list[ReportLine]) -> list[dict[str, Any]]:
    """The items of the estimate: what the grant pays, what was confirmed before, what this report adds."""
    before = balance.by_item(report.payment)
    now: dict[int | None, int] = {}
    for line in lines:
        now[line.project_line_id] = now.get(line.project_line_id, 0) + line.amount
    return [
        {
            "name": item.name,
            "grant_part": item.grant_part,
            "before": before.get(item.pk, 0),
            "now": now.get(item.pk, 0),
            "over": before.get(item.pk, 0) + now.get(item.pk, 0) > item.grant_part,
        }
        for item in report.payment.contract.application.lines.all()
    ]
