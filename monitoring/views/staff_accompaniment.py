"""The chamber's pages beside the case pages: oral enquiries, other financing, the printed register, the summary."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.papers.models import PaperState
from bastau.people.models import Office, OfficeKind, Post
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from bastau.portal import dates, figures
from bastau.workplace import rooms
from monitoring import summary as counting
from monitoring.actions import accompaniment, consultations, problems
from monitoring.forms.accompaniment import FinancingForm
from monitoring.forms.consultations import OralForm
from monitoring.forms.problems import PeriodForm
from monitoring.models import AccompanimentCase, ProblemRegister
from monitoring.rights.consultations import RECEPTION
from monitoring.rules.accompaniment import quarters_back
from monitoring.rules.reports import quarter_name
from monitoring.states import ConsultationKind, Topic

both = require_http_methods(["GET", "HEAD", "POST"])
#: So many printed registers stand on the page, so many quarters are offered for the summary.
PRINTED, QUARTERS = 10, 8


def _post(request: HttpRequest, *roles: str) -> Post:
    """The visitor's post in one of the roles. Raises Http404."""
    for post in rooms.staff_posts(request):
        if post.role in roles:
            return post
    raise Http404


def _actor(request: HttpRequest, post: Post) -> Actor:
    return Actor(request.user, post)  # type: ignore[arg-type]


@both
def enquiry_new(request: HttpRequest) -> HttpResponse:
    """An oral enquiry is registered: on training, or of the participant of an accompanied business (?case=)."""
    post = _post(request, *RECEPTION)
    case = None
    asked_of = request.GET.get("case", "")
    if asked_of:
        seen = AccompanimentCase.objects.visible_to(request.user).filter(office=post.office)
        case = get_object_or_404(seen.select_related("person"), pk=int(asked_of) if asked_of.isdecimal() else 0)
    form = OralForm(request.POST or None, of_business=case is not None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = consultations.ask(
                by=_actor(request, post),
                key=said["key"],
                consultation_kind=ConsultationKind.ACCOMPANIMENT if case else ConsultationKind.TRAINING_INFO,
                topic=said.get("topic") or Topic.TRAINING,
                text=said["text"],
                office=post.office,
                person=case.person if case else None,
                asker_name=said.get("asker_name", ""),
            )
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The enquiry is registered."))
            return redirect("workplace:monitoring_consultationrequest_change", made.pk)
    context = {"form": form, "case": case, "office": post.office}
    return render(request, "monitoring/staff/enquiry_new.html", context, status=422 if form.is_bound else 200)


@both
def financing_new(request: HttpRequest) -> HttpResponse:
    """Financing other than the grant opens an accompaniment too (118-p33-1)."""
    post = _post(request, Role.PROJECT_CONSULTANT, Role.COORDINATOR)
    by = _actor(request, post)
    form = FinancingForm(request.POST or None, request.FILES or None, by=by)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = accompaniment.open_other(
                by=by,
                person=said["certificate"].person,
                source=said["source"],
                financed_on=said["financed_on"],
                project_name=said["project_name"],
                evidence=said["evidence"],
            )
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The accompaniment is open; the participant has been told."))
            return redirect("workplace:monitoring_accompanimentcase_change", made.pk)
    context = {"form": form, "office": post.office}
    return render(request, "monitoring/staff/financing_new.html", context, status=422 if form.is_bound else 200)


@both
def problem_register(request: HttpRequest) -> HttpResponse:
    """The register of problem issues printed for a period, and those printed before (SPEC 2.15)."""
    post = _post(request, *problems.PRINTERS)
    today = clock.today(post.office.zone)
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    form = PeriodForm(request.POST or None, initial={"since": first, "until": today, "language": "kk"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            problems.print_register(by=_actor(request, post), **said)
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The register is being printed; it takes a few seconds."))
            return redirect("monitoring_office:problem_register")
    printed = ProblemRegister.objects.visible_to(request.user).select_related("by__person").order_by("-pk")[:PRINTED]
    papers = problems.papers_of(list(printed))
    rows = [
        {"register": one, "papers": [(paper, paper.state != PaperState.ASKED) for paper in papers.get(one.pk, [])]}
        for one in printed
    ]
    context = {"form": form, "rows": rows, "office": post.office}
    return render(request, "monitoring/staff/problem_register.html", context, status=422 if form.is_bound else 200)


# --------------------------------------------------------------------------------------------------------- the summary


def _chambers(request: HttpRequest) -> tuple[list[Office], bool]:
    """The chambers whose region the visitor counts, and whether it is from outside. Raises Http404."""
    inside = offices_of(request.user, [Role.PROJECT_CONSULTANT, Role.COORDINATOR]).filter(kind=OfficeKind.CHAMBER)
    own = list(inside.order_by("code"))
    if own:
        return own, False
    posts = [post for post in rooms.staff_posts(request) if post.role == Role.LEB_OFFICER]
    if not posts:
        raise Http404
    regions = {post.office.region_id for post in posts}
    return list(Office.objects.filter(kind=OfficeKind.CHAMBER, region__in=regions).order_by("code")), True


def _period(request: HttpRequest, today: date) -> tuple[date, date, str, list[tuple[str, str, bool]]]:
    """First and last day of the chosen quarter or year, and what may be chosen."""
    lang = dates.language()
    ends = quarters_back(today, QUARTERS)
    options = [(end.isoformat(), quarter_name(end)[lang]) for end in ends]
    options += [(str(year), str(year)) for year in sorted({end.year for end in ends}, reverse=True)]
    chosen = request.GET.get("period", "")
    if chosen not in {value for value, _words in options}:
        chosen = options[0][0]
    drawn = [(value, words, value == chosen) for value, words in options]
    words = dict(options)[chosen]
    if len(chosen) == 4:
        return date(int(chosen), 1, 1), date(int(chosen), 12, 31), words, drawn
    until = date.fromisoformat(chosen)
    return until.replace(month=until.month - 2, day=1), until, words, drawn


def _counted(request: HttpRequest) -> dict[str, Any]:
    chambers, outside = _chambers(request)
    today = clock.today(chambers[0].zone if chambers else dates.DEFAULT_ZONE)
    since, until, words, options = _period(request, today)
    found = counting.lines(chambers, since, until)
    rows = [
        {
            "place": line.office.name() if line.office else _("Whole region: %(name)s") % {"name": line.chamber.region},
            "whole": line.office is None,
            "numbers": counting.shown(line, outside=outside),
        }
        for line in found
    ]
    return {"rows": rows, "period": words, "options": options, "since": since, "until": until, "outside": outside}


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """Launched, jobs, income, problems: by district and region, for a quarter or a year (118-p35)."""
    context = _counted(request)
    for row in context["rows"]:
        row["numbers"] = {
            name: figures.number(int(number)) if number.isdigit() else number for name, number in row["numbers"].items()
        }
    csv_url = f"{reverse('monitoring_office:summary_csv')}?{request.GET.urlencode()}"
    return render(request, "monitoring/staff/summary.html", context | {"csv_url": csv_url})


@require_safe
def summary_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers as a table for a spreadsheet; no value is taken for a formula there."""
    found = _counted(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    last = found["until"]
    response["Content-Disposition"] = f'attachment; filename="summary-{found["since"]}-{last}.csv"'
    # Spreadsheets read the letters of Kazakh only after this mark.
    response.write("\ufeff")
    writer = csv.writer(response)
    heads = [
        _("District"), _("Accompanied"), _("Launched"), _("Working"), _("Jobs"), _("Income, tenge"),
        _("Enquiries"), _("Problem issues"), _("Resolved"), _("Not settled"),
    ]  # fmt: skip
    writer.writerow([counting.csv_safe(head) for head in heads])
    for row in found["rows"]:
        writer.writerow(
            [counting.csv_safe(value) for value in (row["place"], *(row["numbers"][n] for n in counting.NUMBERS))]
        )
    return response
