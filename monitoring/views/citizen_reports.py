"""The grantee's way through a quarterly report: questions, documents, check, signature, receipt; the report itself.

Each page keeps its answers as soon as it is sent, also while the quarter still runs; only sending waits for its end.
A GET never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.papers import SigningRefused, UploadRefused
from bastau.papers.forms import SigningForm
from bastau.papers.models import Paper, PaperState
from bastau.papers.pages import ncalayer_allowed, signing_context
from bastau.people.models import User
from bastau.portal import figures
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of, papers_of
from monitoring import balance
from monitoring.actions import report_drafts as drafts
from monitoring.actions import reports as actions
from monitoring.cards.reports import card_of, quarter_of, terms_of
from monitoring.forms.reports import LANGUAGES, OUTSIDE, FaultsForm, LineForm, ProgressForm, SpentForm
from monitoring.models import QuarterlyReport, ReportLine
from monitoring.rules.reports import may_be_filed
from monitoring.states import REPORT_EDITABLE, REPORT_FILEABLE, REPORT_PUBLIC, LineDecision, ReportState

View = Callable[..., HttpResponse]
both = require_http_methods(["GET", "HEAD", "POST"])
PAGES = ("faults", "spent", "documents", "progress", "check")
TONES = {
    ReportState.DUE: "soon", ReportState.OVERDUE: "late", ReportState.RETURNED: "late",
    ReportState.MISUSE_FOUND: "late", ReportState.ACCEPTED: "done",
}  # fmt: skip


def actor(request: HttpRequest) -> Actor:
    """A citizen acts in no post."""
    assert isinstance(request.user, User)
    return Actor(user=request.user)


def to(report: QuarterlyReport, name: str, *args: Any) -> str:
    """The address of a page of this report."""
    return reverse(f"monitoring:report_{name}" if name else "monitoring:report", args=[report.pk, *args])


def mine(request: HttpRequest, pk: int) -> QuarterlyReport:
    """The report, if it is the reader's own; else 404, as where there is none."""
    own = QuarterlyReport.objects.visible_to(request.user)
    return get_object_or_404(own.select_related("person", "office", "payment__contract__application"), pk=pk)


def on_draft(view: View) -> View:
    """A page of the draft: of a report that was filed nothing is changed here."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        report = mine(request, pk)
        if report.state in REPORT_EDITABLE:
            try:
                return view(request, report, **more)
            except Refused as refusal:
                messages.error(request, " ".join(refusal.messages))
                return redirect(to(report, "" if refusal.code == "not_draft" else "check"))
        if request.method == "POST":
            messages.error(request, _("This report was filed already, so nothing was changed."))
        return redirect(to(report, ""))

    return both(citizen_required(never_cache(guarded)))


def pages_of(report: QuarterlyReport) -> list[str]:
    """The pages of this report; the answer to the faults only where it came back."""
    return [name for name in PAGES if name != "faults" or report.state == ReportState.RETURNED]


def page(request: HttpRequest, report: QuarterlyReport, name: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page of the draft with its place on the way and the way back."""
    pages = pages_of(report)
    place = pages.index(name)
    back = "check" if request.GET.get("from") == "check" else pages[place - 1] if place else ""
    shared = {
        "report": report,
        "quarter": quarter_of(report),
        "early": _early(report),
        "place": place + 1,
        "places": len(pages),
        "back_url": to(report, back),
        "form": None,
    }
    return render(request, f"monitoring/citizen/report_{name}.html", {**shared, **context})


def _early(report: QuarterlyReport) -> str:
    assert report.office is not None
    waits = not may_be_filed(report.quarter_end, clock.today(report.office.zone))
    return actions.early_sentence(report) if waits else ""


def onward(request: HttpRequest, report: QuarterlyReport, name: str) -> HttpResponse:
    """To the page after `name`, or back to the check where the person came from there."""
    pages = pages_of(report)
    after = "check" if request.GET.get("from") == "check" else pages[pages.index(name) + 1]
    return redirect(to(report, after))


def typed(request: HttpRequest) -> Any:
    """What a form was sent with, be it nothing; None where it was not sent."""
    return request.POST if request.method == "POST" else None


# ------------------------------------------------------------------------------------------------------ the questions


@on_draft
def spent(request: HttpRequest, report: QuarterlyReport) -> HttpResponse:
    """How much was spent; 0 with its reason."""
    form = SpentForm(typed(request), initial={"spent": report.spent, "no_spend_reason": report.no_spend_reason})
    if request.method == "POST" and form.is_valid():
        report = drafts.answer(report, by=actor(request), **form.cleaned_data)
        return onward(request, report, "spent")
    return page(request, report, "spent", {"form": form})


@on_draft
def documents(request: HttpRequest, report: QuarterlyReport) -> HttpResponse:
    """The documents entered so far, against the sum that was named."""
    if request.method == "POST":
        return onward(request, report, "documents")
    lines = list(report.lines.select_related("project_line", "upload"))
    entered = sum(line.amount for line in lines)
    said = report.spent or 0
    context = {
        "lines": [_line(report, line) for line in lines],
        "entered": entered,
        "said": said,
        "missing": max(said - entered, 0),
        "over": max(entered - said, 0),
    }
    return page(request, report, "documents", context)


def _line(report: QuarterlyReport, line: ReportLine) -> dict[str, Any]:
    faulty = report.state == ReportState.RETURNED and line.decision not in {"", LineDecision.ACCEPTED}
    return {
        "line": line,
        "item": line.project_line.name if line.project_line else line.item,
        "outside": line.project_line_id is None,
        "fault": line.note if faulty else "",
        "change_url": to(report, "line", line.pk),
        "remove_url": to(report, "line_remove", line.pk),
    }


@on_draft
def line(request: HttpRequest, report: QuarterlyReport, line: int | None = None) -> HttpResponse:
    """One document: a new one, or one to be changed."""
    found = get_object_or_404(report.lines.select_related("upload"), pk=line) if line is not None else None
    assert report.office is not None
    form = LineForm(
        typed(request), request.FILES if request.method == "POST" else None,
        report=report, today=clock.today(report.office.zone), line=found, initial=_initial(found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        by, file = actor(request), form.cleaned_data["file"]
        try:
            if file:
                drafts.add_line(report, by=by, file=file, line=found, **form.said())
            else:
                assert found is not None
                drafts.change_line(report, by=by, line=found, **form.said())
        except UploadRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect(to(report, "documents") + _kept_way(request))
    context = {
        "report": report,
        "quarter": quarter_of(report),
        "form": form,
        "line": found,
        "back_url": to(report, "documents") + _kept_way(request),
    }
    return render(request, "monitoring/citizen/report_line.html", context, status=422 if form.is_bound else 200)


def _kept_way(request: HttpRequest) -> str:
    return "?from=check" if request.GET.get("from") == "check" else ""


def _initial(line: ReportLine | None) -> dict[str, Any]:
    if line is None:
        return {}
    return {
        "item": str(line.project_line_id) if line.project_line_id else OUTSIDE,
        "outside": line.item,
        "proof_kind": line.proof_kind,
        "proof_number": line.proof_number,
        "proof_date": line.proof_date,
        "supplier": line.supplier,
        "amount": line.amount,
    }


@on_draft
def line_remove(request: HttpRequest, report: QuarterlyReport, line: int) -> HttpResponse:
    """Take a document out; a second click finds it gone."""
    if request.method == "POST":
        found = report.lines.filter(pk=line).first()
        if found is not None:
            drafts.remove_line(report, by=actor(request), line=found)
            messages.success(request, _("The document is taken out."))
    return redirect(to(report, "documents"))


@on_draft
def progress(request: HttpRequest, report: QuarterlyReport) -> HttpResponse:
    """How the project goes on."""
    names = ("progress", "jobs", "income", "taxes", "problems", "language")
    form = ProgressForm(typed(request), initial={name: getattr(report, name) for name in names})
    if request.method == "POST" and form.is_valid():
        report = drafts.answer(report, by=actor(request), **form.cleaned_data)
        return onward(request, report, "progress")
    return page(request, report, "progress", {"form": form})


@on_draft
def faults(request: HttpRequest, report: QuarterlyReport) -> HttpResponse:
    """Why the report came back, and what was mended."""
    last = report.returns.filter(answered_at=None).first()
    if last is None:
        return redirect(to(report, "spent"))
    form = FaultsForm(typed(request), initial={"text": last.answer})
    if request.method == "POST" and form.is_valid():
        drafts.answer_faults(report, by=actor(request), **form.cleaned_data)
        return onward(request, report, "faults")
    found = report.lines.exclude(decision__in=["", LineDecision.ACCEPTED]).select_related("project_line")
    lines = [_line(report, one) for one in found]
    return page(request, report, "faults", {"form": form, "last": last, "lines": lines})


@on_draft
def check(request: HttpRequest, report: QuarterlyReport) -> HttpResponse:
    """All answers with their change links. The POST has the report printed for signing."""
    if request.method == "POST":
        drafts.prepare(report, by=actor(request))
        return redirect(to(report, "sign"))
    early = _early(report)
    missing = drafts.gap(report)
    go = {
        "label": _("Prepare the report for signing"),
        "url": to(report, "check"),
        "method": "post",
        "primary": True,
        "enabled": not early and missing is None,
        "reason": early or missing,
    }
    return page(request, report, "check", {"rows": _answers(report), "go": go})


def _answers(report: QuarterlyReport) -> list[dict[str, Any]]:
    def row(label: str, value: Any, name: str) -> dict[str, Any]:
        return {"label": label, "value": value, "change_url": f"{to(report, name)}?from=check"}

    def money(value: int | None) -> str:
        return "" if value is None else figures.money(value)

    lines = list(report.lines.all())
    documents_said = ""
    if lines:
        documents_said = _("%(count)s, together %(sum)s") % {
            "count": len(lines), "sum": figures.money(sum(line.amount for line in lines)),
        }  # fmt: skip
    elif report.spent == 0:
        documents_said = _("none; nothing was spent")
    rows = [row(_("Spent in the quarter"), money(report.spent), "spent")]
    if report.spent == 0:
        rows.append(row(_("Why nothing was spent"), report.no_spend_reason, "spent"))
    rows += [
        row(_("Documents"), documents_said, "documents"),
        row(_("How the project goes on"), report.progress, "progress"),
        row(_("Jobs"), "" if report.jobs is None else str(report.jobs), "progress"),
        row(_("Income in the quarter"), money(report.income), "progress"),
        row(_("Taxes paid"), money(report.taxes), "progress"),
        row(_("Problems"), report.problems or _("none"), "progress"),
        row(_("Language of the report"), LANGUAGES[report.language], "progress"),
    ]
    last = report.returns.filter(answered_at=None).first() if report.state == ReportState.RETURNED else None
    if last is not None:
        rows.insert(0, row(_("What was mended"), last.answer, "faults"))
    return rows


# --------------------------------------------------------------------------------------------------- signing, sending


@both
@ncalayer_allowed
@citizen_required
@never_cache
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it will stand on file, read and signed. Sending twice shows the same receipt."""
    report = mine(request, pk)
    if report.state not in {*REPORT_FILEABLE, ReportState.UPCOMING}:
        # The second of two clicks, or "back" after sending.
        return redirect(to(report, "done" if report.filed_at else ""))
    paper = drafts.report_paper(report)
    if paper is None:
        return redirect(to(report, "check"))
    if paper.state == PaperState.ASKED:
        return _being_printed(request, report)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _signing_page(request, report, paper)


def _being_printed(request: HttpRequest, report: QuarterlyReport) -> HttpResponse:
    context = {
        "sentence": _("Your report is being printed. It takes a few seconds."),
        "poll_url": to(report, "sign"),
        "back_url": to(report, "check"),
        "report": report,
    }
    if request.headers.get("HX-Request"):
        return render(request, "monitoring/citizen/report_printing_progress.html", context)
    return render(request, "monitoring/citizen/report_printing.html", context)


def _signing_page(request: HttpRequest, report: QuarterlyReport, paper: Paper) -> HttpResponse:
    by = actor(request)
    assert by.user is not None
    files = request.FILES if request.method == "POST" else None
    form = SigningForm(typed(request), files, paper=paper, by=by.user, post=None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.file(report, by=by, cms=form.cms(), paper=paper)
        except SigningRefused as refused:
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(None, refused)
        else:
            return redirect(to(report, "done"))
    context = signing_context(paper, to(report, "sign"), to(report, "check"), by.user, None, form)
    return render(request, "papers/sign.html", context, status=422 if form.is_bound else 200)


@require_safe
@citizen_required
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt: number, what happens next and until when."""
    report = mine(request, pk)
    if report.filed_at is None or report.state in REPORT_FILEABLE:
        return redirect(to(report, ""))
    card = card_of(report, terms_of(report.kind, [report.pk]))
    return render(request, "monitoring/citizen/report_done.html", {"report": report, "card": card})


# ---------------------------------------------------------------------------------------------------------- the report


@require_safe
@citizen_required
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as its grantee sees it: what now, what was found, the money, what happened."""
    found = mine(request, pk)
    card = card_of(found, terms_of(found.kind, [found.pk]))
    if found.state == ReportState.RETURNED:
        card = replace(card, action={"label": _("Mend the report"), "url": to(found, "faults")})
    if found.state == ReportState.UPCOMING:
        card = replace(
            card, action={"label": _("Enter documents already now"), "url": to(found, "spent"), "primary": False}
        )
    last = found.returns.last() if found.state == ReportState.RETURNED else None
    lines = found.lines.select_related("project_line", "upload")
    context = {
        "report": found,
        "quarter": quarter_of(found),
        "card": card,
        "line": line_of(card),
        "last": last,
        "lines": [_line(found, one) for one in lines],
        "recovery": getattr(found, "recovery", None),
        "papers": papers_of(request.user, found),
        "balance": balance.balance_of(found.payment),
    }
    return render(request, "monitoring/citizen/report.html", context)


@require_safe
@citizen_required
def reports(request: HttpRequest) -> HttpResponse:
    """All reports of the person, newest quarter first, with their states."""
    own = QuarterlyReport.objects.visible_to(request.user).select_related("payment").order_by("-quarter_end", "-pk")
    found = list(own[:100])
    rows = [
        {
            "url": to(one, ""),
            "quarter": quarter_of(one),
            "number": one.number,
            "state": REPORT_PUBLIC[ReportState(one.state)],
            "tone": TONES.get(ReportState(one.state), "info"),
            "spent": one.spent if one.filed_at else None,
        }
        for one in found
    ]
    payments = {one.payment_id: one.payment for one in found}
    balances = [balance.balance_of(payment) for payment in payments.values()]
    return render(request, "monitoring/citizen/reports.html", {"rows": rows, "balances": balances})
