"""The citizen's way through a grant application: criteria, project, estimate, check, signature; the case.

Each question page keeps its answers as soon as it is sent, so the way may be left and taken up anywhere. A GET
never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bastau import clock, law
from bastau.flow import Refused, verdict
from bastau.gateways.models import Enquiry
from bastau.papers import SigningRefused
from bastau.papers.forms import SigningForm
from bastau.papers.models import Paper, PaperState
from bastau.papers.pages import ncalayer_allowed, signing_context
from bastau.portal import figures
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of, papers_of
from bastau.portal.dates import DEFAULT_ZONE
from grants import criteria as words
from grants.actions import applications, drafts, intake
from grants.cards import card_of
from grants.forms.applications import (
    TEXT_PAGES,
    CriteriaForm,
    ForecastForm,
    GrantContactsForm,
    LineForm,
    StageForm,
    StartForm,
)
from grants.models import CriterionCheck, GrantApplication, IntakeWindow, ProjectLine
from grants.rules import applications as rules
from grants.states import GRANT_WITHDRAWABLE, Criterion, GrantState, Met, Source
from grants.views.application_answers import answers_of
from referrals.views.citizen import actor, citizen, typed

View = Callable[..., HttpResponse]
both = require_http_methods(["GET", "HEAD", "POST"])

#: The question pages in their order, by the names of their addresses.
PAGES = ("criteria", *rules.PROJECT_PAGES, "contacts", "check", "sign")
TONES = {Met.YES: "done", Met.NO: "late", Met.UNKNOWN: "soon"}


def mine(request: HttpRequest, pk: int) -> GrantApplication:
    """The application, if it is the reader's own; else 404, as where there is none."""
    own = GrantApplication.objects.visible_to(request.user).select_related("person", "office")
    return get_object_or_404(own, pk=pk)


def to(application: GrantApplication, name: str) -> str:
    """The address of a page of this application."""
    if name in TEXT_PAGES:
        return reverse("grants:project", args=[application.pk, name])
    return reverse(f"grants:{name}", args=[application.pk])


def on_draft(view: View) -> View:
    """A question page: of an application that was sent nothing is changed here."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        application = mine(request, pk)
        if application.state == GrantState.DRAFT:
            try:
                return view(request, application, **kwargs)
            except Refused as refusal:
                application = mine(request, pk)
                if refusal.code != "not_draft":
                    messages.error(request, " ".join(refusal.messages))
                    return redirect(to(application, "check"))
        if request.method == "POST":
            return render(request, "grants/citizen/stale.html", {"application": application}, status=409)
        return redirect("grants:case", pk=pk)

    return citizen_required(never_cache(guarded))


def page(request: HttpRequest, application: GrantApplication, name: str, context: Mapping[str, Any]) -> HttpResponse:
    """A question page with its place on the way and the way back."""
    place = PAGES.index(name)
    changing = request.GET.get("from") == "check"
    back = "check" if changing and name != "check" else PAGES[place - 1] if place else ""
    shared = {
        "application": application,
        "place": place + 1,
        "places": len(PAGES),
        "back_url": to(application, back) if back else reverse("grants:start"),
        "next_url": onward(request, application, name),
        "form": None,
    }
    template = "project" if name in TEXT_PAGES else name
    status = 422 if isinstance(context.get("form"), Form) and context["form"].errors else 200
    return render(request, f"grants/citizen/{template}.html", {**shared, **context}, status=status)


def onward(request: HttpRequest, application: GrantApplication, name: str) -> str:
    """The page after `name`, or the check where the person came from there."""
    if request.GET.get("from") == "check" or name == PAGES[-1]:
        return to(application, "check")
    return to(application, PAGES[PAGES.index(name) + 1])


def next_page(application: GrantApplication) -> str:
    """Where a draft goes on: the first page that lacks something."""
    if not application.category:
        return "criteria"
    lacking = application.missing()
    if lacking:
        return lacking[0]
    return "check" if application.phone or application.email else "contacts"


# ------------------------------------------------------------------------------------------------------------- start


@never_cache
@both
def start(request: HttpRequest) -> HttpResponse:
    """What the grant is and for whom; the certificate decides whether a draft can be opened (FKA04-1.1)."""
    user = request.user
    if request.method == "POST":
        return _start(request)
    under_way, certificate = None, None
    if user.is_authenticated and user.is_citizen:
        under_way = GrantApplication.objects.visible_to(user).open().select_related("person", "office").first()
        certificate = rules.certificate(drafts.known_of_certificates(user.person, None))
    return _start_page(request, StartForm(), under_way, certificate)


@citizen_required
def _start(request: HttpRequest) -> HttpResponse:
    person = citizen(request).person
    certificate = rules.certificate(drafts.known_of_certificates(person, None))
    form = StartForm(request.POST)
    if not form.is_valid():
        return _start_page(request, form, None, certificate, status=422)
    given = form.cleaned_data
    try:
        application = drafts.start(
            by=actor(request),
            person=person,
            skills_number=given["skills_number"] if certificate.result == Met.NO else "",
            skills_issued_on=given["skills_issued_on"],
        )
    except drafts.OpenApplicationExists as known:
        messages.info(request, _("You have an application under way. Here it is; a second one is not needed."))
        return redirect("grants:case", pk=known.application.pk)
    except Refused as refusal:
        form.add_error("skills_number", " ".join(refusal.messages))
        return _start_page(request, form, None, certificate, status=422)
    return redirect(to(application, next_page(application)))


def _start_page(
    request: HttpRequest,
    form: StartForm,
    under_way: GrantApplication | None,
    certificate: rules.Answer | None,
    status: int = 200,
) -> HttpResponse:
    owned = certificate is not None and certificate.result == Met.YES
    if owned:
        for name in ("skills_number", "skills_issued_on"):
            form.fields.pop(name, None)
    context = {
        "form": form,
        "card": card_of(under_way) if under_way else None,
        "signed_in": request.user.is_authenticated,
        "owned": owned,
        "certificate": words.reason_of(certificate.code, certificate.day) if certificate else "",
        "advice": words.advice_of(certificate.code, certificate.day) if certificate else "",
        "limit": rules.limit_on(clock.today(DEFAULT_ZONE)),
        "years": law.term("A-30:certificate").length,
        "notice_days": law.term("A-33").length,
    }
    return render(request, "grants/citizen/start.html", context, status=status)


# ---------------------------------------------------------------------------------------------------------- criteria


@both
@on_draft
def criteria(request: HttpRequest, application: GrantApplication) -> HttpResponse:
    """The check protocol (FKA04-1.2): for each criterion yes, no or not known, from where, and what to do."""
    initial = {"category": application.category, "entrepreneur_since": application.entrepreneur_since}
    if request.method == "POST" and "again" in request.POST:
        drafts.ask_anew(application, by=actor(request))
        return redirect(to(application, "criteria"))
    form = CriteriaForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        drafts.answer(application, by=actor(request), **form.cleaned_data)
        messages.success(request, _("Saved. The criteria were checked again."))
        return redirect(onward(request, application, "criteria"))
    waiting = Enquiry.objects.of_case(application.kind, application.pk).open().count()
    if request.headers.get("HX-Request"):
        if str(waiting) != request.GET.get("waiting", ""):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "grants/citizen/criteria_progress.html", _waiting(application, waiting))
    context = {
        "form": form,
        "protocol": protocol_of(application),
        "waiting": waiting,
        "intake": intake_of(application),
        **_waiting(application, waiting),
    }
    return page(request, application, "criteria", context)


def intake_of(application: GrantApplication) -> IntakeWindow | None:
    """The window of intake that is open or comes next in the applicant's region; None where none is announced."""
    if application.office is None:
        return None
    return intake.next_window(application.office.region_id, clock.today(application.office.zone))


def _waiting(application: GrantApplication, waiting: int) -> dict[str, Any]:
    return {
        "sentence": _("We are asking the registers. It usually takes a few seconds."),
        "poll_url": f"{to(application, 'criteria')}?waiting={waiting}",
    }


def protocol_of(application: GrantApplication) -> list[dict[str, Any]]:
    """The lines of the protocol in the reader's language."""
    return [drawn(line) for line in application.checks.all()]


def drawn(line: CriterionCheck) -> dict[str, Any]:
    """One line of the protocol: the question, the answer, its source, the reason and what to do."""
    return {
        "title": Criterion(line.criterion).label,
        "result": Met(line.result).label,
        "tone": TONES[Met(line.result)],
        "source": Source(line.source).label,
        "reason": words.reason_of(line.code, line.day),
        "advice": words.advice_of(line.code, line.day),
        "written": line.reason,
    }


# ----------------------------------------------------------------------------------------------------------- project


@both
@on_draft
def project(request: HttpRequest, application: GrantApplication, part: str) -> HttpResponse:
    """A page of texts of the project (FKA04-1.3)."""
    form_class = TEXT_PAGES[part]
    form = form_class(typed(request), initial={"place": application.residence, **application.project})
    if request.method == "POST" and form.is_valid():
        drafts.answer_project(application, by=actor(request), **form.cleaned_data)
        return redirect(onward(request, application, part))
    return page(request, application, part, {"form": form, "part": part})


@both
@on_draft
def schedule(request: HttpRequest, application: GrantApplication) -> HttpResponse:
    """The schedule by months: lines are added and taken out one by one."""
    form = StageForm(typed(request))
    if request.method == "POST" and form.is_valid():
        change = drafts.drop_stage if "drop" in request.POST else drafts.add_stage
        change(application, by=actor(request), **form.cleaned_data)
        return redirect(_here(request, application, "schedule"))
    return page(request, application, "schedule", {"form": form, "stages": application.project.get("calendar") or []})


@both
@on_draft
def estimate(request: HttpRequest, application: GrantApplication) -> HttpResponse:
    """The estimate: lines, the grant's and the own part, totals and the limit in words (A-41)."""
    if request.method == "POST" and "drop" in request.POST:
        drafts.drop_line(application, _number(request.POST["drop"]), by=actor(request))
        return redirect(_here(request, application, "estimate"))
    changed = application.lines.filter(pk=_number(request.GET.get("line", ""))).first()
    form = LineForm(typed(request), initial=_of_line(changed))
    if request.method == "POST" and form.is_valid():
        drafts.keep_line(application, by=actor(request), line=changed, **form.cleaned_data)
        return redirect(_here(request, application, "estimate"))
    zone = application.office.zone if application.office else DEFAULT_ZONE
    limit = rules.limit_on(clock.today(zone))
    context = {
        "form": form,
        "changed": changed,
        "lines": list(application.lines.all()),
        "limit": limit,
        "multiple": law.value("A-41:multiple"),
        "index": figures.money(limit // law.value("A-41:multiple")) if limit else "",
        "over": max(0, application.grant_sum - (limit or 0)) if limit is not None else 0,
        "left": max(0, (limit or 0) - application.grant_sum),
    }
    return page(request, application, "estimate", context)


def _of_line(line: ProjectLine | None) -> dict[str, Any]:
    if line is None:
        return {}
    return {"name": line.name, "quantity": line.quantity, "price": line.price, "grant_part": line.grant_part}


def _here(request: HttpRequest, application: GrantApplication, name: str) -> str:
    return to(application, name) + ("?from=check" if request.GET.get("from") == "check" else "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@both
@on_draft
def forecast(request: HttpRequest, application: GrantApplication) -> HttpResponse:
    """Twelve months of income and costs; the break-even point is computed from them."""
    known = application.project
    income, costs = known.get("income") or [], known.get("costs") or []
    initial: dict[str, Any] = {"tax_regime": known.get("tax_regime", "")}
    for month, (came, went) in enumerate(zip(income, costs, strict=False), start=1):
        initial |= {f"income_{month}": came, f"costs_{month}": went}
    form = ForecastForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        drafts.answer_project(application, by=actor(request), **form.answers())
        return redirect(onward(request, application, "forecast"))
    return page(request, application, "forecast", {"form": form})


@both
@on_draft
def contacts(request: HttpRequest, application: GrantApplication) -> HttpResponse:
    """Telephone, e-mail, language of the papers."""
    initial = {name: getattr(application, name) for name in ("phone", "email", "language")}
    form = GrantContactsForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        drafts.answer(application, by=actor(request), **form.cleaned_data)
        return redirect(onward(request, application, "contacts"))
    return page(request, application, "contacts", {"form": form})


# --------------------------------------------------------------------------------------------------- check, sign, send


@both
@on_draft
def check(request: HttpRequest, application: GrantApplication) -> HttpResponse:
    """All answers with their change links. The POST has the application printed for signing."""
    allowed = verdict(application, "submit", actor(request))
    missing = next_page(application)
    ready = missing == "check" and allowed.ok
    if request.method == "POST" and ready:
        drafts.prepare(application, by=actor(request))
        return redirect(to(application, "sign"))
    reason: Any = allowed.reason
    way_on = {"label": _("What to do"), "url": to(application, "criteria") + "?from=check"}
    if missing != "check":
        reason = _("A question is not answered yet.")
        way_on = {"label": _("Answer it"), "url": to(application, missing) + "?from=check"}
    elif application.grant_sum > application.limit_on(clock.today(DEFAULT_ZONE)):
        way_on = {"label": _("Change the estimate"), "url": to(application, "estimate") + "?from=check"}
    go = {
        "label": _("Prepare the application for signing"), "url": to(application, "check"), "method": "post",
        "primary": True, "enabled": ready, "reason": reason, "way_on": way_on,
    }  # fmt: skip
    rows = answers_of(application, lambda name: f"{to(application, name)}?from=check")
    context = {"rows": rows, "go": go, "protocol": protocol_of(application), "intake": intake_of(application)}
    return page(request, application, "check", context)


@both
@ncalayer_allowed
@citizen_required
@never_cache
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as it will stand on file, read and signed. Sending twice shows the same receipt."""
    application = mine(request, pk)
    if application.state != GrantState.DRAFT:
        return redirect(to(application, "done" if application.filed_at else "case"))
    papers = drafts.prepared(application)
    if not papers:
        return redirect(to(application, "check"))
    if any(paper.state == PaperState.ASKED for paper in papers):
        here = to(application, "sign")
        context = {"sentence": _("Your application is being printed. It takes a few seconds."), "poll_url": here}
        if request.headers.get("HX-Request"):
            return render(request, "referrals/citizen/sign_progress.html", context)
        return page(request, application, "sign", {**context, "back_url": to(application, "check")})
    return _signing_page(request, application, papers[0])


def _signing_page(request: HttpRequest, application: GrantApplication, paper: Paper) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    user = citizen(request)
    form = SigningForm(typed(request), request.FILES if request.method == "POST" else None, paper=paper, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            applications.submit(application, by=actor(request), signatures=form.signatures())
        except SigningRefused as refused:
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(None, refused)
        else:
            return redirect(to(application, "done"))
    context = signing_context(paper, to(application, "sign"), to(application, "check"), user, None, form)
    return render(request, "papers/sign.html", context, status=422 if form.is_bound else 200)


@require_safe
@citizen_required
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt: number, instant of filing, what happens next."""
    application = mine(request, pk)
    if application.filed_at is None:
        return redirect("grants:case", pk=pk)
    return render(request, "grants/citizen/done.html", {"application": application, "card": card_of(application)})


# ---------------------------------------------------------------------------------------------------------- the case


@require_safe
@citizen_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as its citizen sees it; a draft goes on where it was left."""
    application = mine(request, pk)
    if application.state == GrantState.DRAFT:
        return redirect(to(application, next_page(application)))
    card = card_of(application)
    if card.action is not None and card.action["url"] == card.url:
        card = replace(card, action=None)
    rejection = application.rejections.filter(confirmed=True).first()
    context = {
        "application": application,
        "card": card,
        "line": line_of(card),
        "papers": papers_of(request.user, application),
        "protocol": protocol_of(application),
        "rejection": rejection,
        "refused": application.state == GrantState.REJECTED,
        "withdrawable": application.state in GRANT_WITHDRAWABLE,
    }
    return render(request, "grants/citizen/case.html", context)


@both
@citizen_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then withdraws; after the hearing it says why not."""
    application = mine(request, pk)
    allowed = verdict(application, "withdraw", actor(request))
    if request.method == "POST":
        try:
            applications.withdraw(application, by=actor(request))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Your application is withdrawn. You may apply again at any time."))
        return redirect("grants:case", pk=pk)
    go = {
        "label": _("Withdraw the application"), "url": to(application, "withdraw"), "method": "post", "danger": True,
        "enabled": allowed.ok, "reason": allowed.reason,
    }  # fmt: skip
    return render(request, "grants/citizen/withdraw.html", {"application": application, "go": go})
