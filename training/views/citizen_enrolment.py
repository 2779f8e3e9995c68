"""The citizen's way into training: annex 4 page by page, the offer, the case, leaving. A GET never writes."""

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
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bastau.flow import Refused, verdict
from bastau.papers import SigningRefused
from bastau.papers.forms import SigningForm
from bastau.papers.models import Paper, PaperState
from bastau.papers.pages import ncalayer_allowed, signing_context
from bastau.portal import dates, figures
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of, papers_of
from referrals.forms import RESULT_LANGUAGES
from referrals.states import StudyForm, TargetStatus
from referrals.views.citizen import actor, citizen, typed
from training.actions import enrolments as actions
from training.enrolment_cards import card_of, terms_of
from training.forms.enrolments import (
    PROMISES,
    GroupForm,
    LeaveForm,
    ProjectForm,
    PromisesForm,
    StudyWayForm,
    group_label,
)
from training.models import Certificate, Enrolment
from training.papers.enrolments import referral_number
from training.queries import groups_for, too_early_for
from training.states import EnrolmentState, WithdrawalReason

View = Callable[..., HttpResponse]
both = require_http_methods(["GET", "HEAD", "POST"])
PAGES = ("group", "project", "study", "promises", "check", "sign")


def mine(request: HttpRequest, pk: int) -> Enrolment:
    """The enrolment, if it is the reader's own; else 404, as where there is none."""
    own = Enrolment.objects.visible_to(request.user)
    return get_object_or_404(own.select_related("person", "office", "group__office", "referral__office"), pk=pk)


def to(enrolment: Enrolment, name: str) -> str:
    """The address of a page of this enrolment."""
    return reverse(f"training:enrolment_{name}", args=[enrolment.pk])


def on_draft(view: View) -> View:
    """A question page: of an application that was sent nothing is changed here."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        enrolment = mine(request, pk)
        if enrolment.state == EnrolmentState.DRAFT:
            try:
                return view(request, enrolment)
            except Refused as refusal:
                messages.error(request, " ".join(refusal.messages))
                return redirect(to(enrolment, "case"))
        if request.method == "POST":
            messages.info(request, _("This application was sent already, so nothing was changed by the old page."))
        return redirect(to(enrolment, "case"))

    return citizen_required(never_cache(guarded))


def page(request: HttpRequest, enrolment: Enrolment, name: str, context: Mapping[str, Any]) -> HttpResponse:
    """A question page with its place on the way and the way back."""
    place = PAGES.index(name)
    changing = request.GET.get("from") == "check"
    back = "check" if changing else PAGES[place - 1] if place else ""
    form = context.get("form")
    shared = {
        "enrolment": enrolment,
        "place": place + 1,
        "places": len(PAGES),
        "back_url": to(enrolment, back) if back else reverse("cabinet"),
        "form": None,
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, f"training/citizen/{name}.html", {**shared, **context}, status=status)


def onward(request: HttpRequest, enrolment: Enrolment, name: str) -> HttpResponse:
    """To the page after `name`, or back to the check where the person came from there."""
    if request.GET.get("from") == "check":
        return redirect(to(enrolment, "check"))
    return redirect(to(enrolment, PAGES[PAGES.index(name) + 1]))


def next_page(enrolment: Enrolment) -> str:
    """The first page that is not answered yet; `check` when all are."""
    answers = enrolment.questionnaire
    if "sector" not in answers:
        return "group"
    if not (enrolment.phone or enrolment.email) or not answers.get("study_form"):
        return "study"
    return "check" if answers.get("promises") and answers.get("consents") else "promises"


@never_cache
@both
@citizen_required
def start(request: HttpRequest) -> HttpResponse:
    """What the training is and what is needed; the button opens the draft of annex 4 or finds the open one."""
    person = citizen(request).person
    referral = actions.referral_of(person)
    if request.method == "POST":
        try:
            enrolment = actions.start(by=actor(request), person=person)
        except actions.EnrolmentExists as known:
            return redirect(to(known.enrolment, "case"))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("training:enrolment_start")
        return redirect(to(enrolment, next_page(enrolment)))
    under_way = Enrolment.objects.visible_to(request.user).open().first()
    number = referral_number(referral) if referral is not None else ""
    return render(request, "training/citizen/start.html", {"number": number, "under_way": under_way})


@both
@on_draft
def group(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """The announced groups that take this person; none is an answer too."""
    return _group_page(request, enrolment, "group", lambda: onward(request, enrolment, "group"))


def _group_page(
    request: HttpRequest, enrolment: Enrolment, name: str, done: Callable[[], HttpResponse]
) -> HttpResponse:
    earliest, early = too_early_for(enrolment)
    groups = groups_for(enrolment)
    initial = {"group": str(enrolment.group_id or ("none" if not groups else ""))}
    form = GroupForm(typed(request), initial=initial, groups=groups)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_group(enrolment, form.chosen(), by=actor(request))
        except Refused as refusal:
            form.add_error("group", refusal)
        else:
            return done()
    context = {
        "form": form, "groups": groups, "earliest": earliest, "early": [group_label(one, None) for one in early],
    }  # fmt: skip
    if name == "group":
        return page(request, enrolment, "group", context)
    status = 422 if form.is_bound else 200
    return render(request, "training/citizen/choose.html", {"enrolment": enrolment, **context}, status=status)


@both
@on_draft
def project(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """The business idea, if there is one."""
    answers = enrolment.questionnaire
    form = ProjectForm(typed(request), initial={**answers, "collateral": "yes" if answers.get("collateral") else "no"})
    if request.method == "POST" and form.is_valid():
        actions.answer(enrolment, by=actor(request), **form.answers())
        return onward(request, enrolment, "project")
    return page(request, enrolment, "project", {"form": form})


@both
@on_draft
def study(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Which way the person can study, and how the chamber reaches him or her."""
    initial = {name: getattr(enrolment, name) for name in ("phone", "email", "language")}
    form = StudyWayForm(typed(request), initial={**initial, "study_form": enrolment.questionnaire.get("study_form")})
    if request.method == "POST" and form.is_valid():
        actions.answer(enrolment, by=actor(request), **form.cleaned_data)
        return onward(request, enrolment, "study")
    return page(request, enrolment, "study", {"form": form})


@both
@on_draft
def promises(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """The seven promises and the two consents of annex 4."""
    answers = enrolment.questionnaire
    given = bool(answers.get("consents"))
    initial = {"promises": answers.get("promises"), "consent_data": given, "consent_secrets": given}
    form = PromisesForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.answer(enrolment, by=actor(request), promises=True, consents=True)
        return onward(request, enrolment, "promises")
    return page(request, enrolment, "promises", {"form": form, "points": PROMISES[dates.language()]})


@both
@on_draft
def check(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """All answers with their change links. The POST has annex 4 printed for signing."""
    missing = next_page(enrolment)
    allowed = verdict(enrolment, "submit", actor(request))
    if request.method == "POST" and missing == "check" and allowed.ok:
        actions.prepare(enrolment, by=actor(request))
        return redirect(to(enrolment, "sign"))
    go = {
        "label": _("Prepare the questionnaire for signing"),
        "url": to(enrolment, "check"),
        "method": "post",
        "primary": True,
        "enabled": missing == "check" and allowed.ok,
        "reason": allowed.reason if missing == "check" else _("A question is not answered yet."),
        "way_on": {"label": _("Answer it"), "url": to(enrolment, missing) + "?from=check"},
    }
    return page(request, enrolment, "check", {"rows": _answers(enrolment), "go": go})


def _answers(enrolment: Enrolment) -> list[dict[str, Any]]:
    def row(label: Any, value: Any, name: str = "") -> dict[str, Any]:
        return {"label": label, "value": value, "change_url": f"{to(enrolment, name)}?from=check" if name else ""}

    person, referral, answers = enrolment.person, enrolment.referral, enrolment.questionnaire
    group = enrolment.group
    collateral = _("no")
    if answers.get("collateral"):
        collateral = answers.get("collateral_text") or _("yes")
    return [
        row(pgettext("person", "Name"), person.full_name),
        row(_("IIN"), figures.iin_grouped(person.iin)),
        row(_("Date of birth"), dates.long_date(person.birth_date)),
        row(_("Address in the register"), referral.address(dates.language())),
        row(_("Your status"), TargetStatus(referral.target_status).label if referral.target_status else ""),
        row(_("Group"), group_label(group, None) if group else _("none yet"), "group"),
        row(_("Sector"), answers.get("sector", ""), "project"),
        row(_("Description"), answers.get("description", ""), "project"),
        row(_("Collateral"), collateral, "project"),
        row(_("How you study"), StudyForm(answers["study_form"]).label if answers.get("study_form") else "", "study"),
        row(_("Telephone"), figures.phone(enrolment.phone), "study"),
        row(_("E-mail"), enrolment.email, "study"),
        row(_("Language of your papers"), RESULT_LANGUAGES[enrolment.language], "study"),
        row(_("Seven promises and two consents"), _("given") if answers.get("promises") else "", "promises"),
    ]


@both
@ncalayer_allowed
@citizen_required
@never_cache
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Annex 4 as it will stand on file, read and signed. Sending twice shows the same case."""
    enrolment = mine(request, pk)
    if enrolment.state != EnrolmentState.DRAFT:
        return redirect(to(enrolment, "case"))
    paper = actions.questionnaire_paper(enrolment)
    if paper is None:
        return redirect(to(enrolment, "check"))

    def send(form: SigningForm) -> None:
        actions.submit(enrolment, by=actor(request), cms=form.cms(), paper=paper)

    return signing(request, enrolment, paper, to(enrolment, "sign"), to(enrolment, "check"), send)


def signing(
    request: HttpRequest, enrolment: Enrolment, paper: Paper, here: str, back: str, send: Callable[[SigningForm], None]
) -> HttpResponse:
    """The signing page of a paper, or the wait for its printing; `send` takes the signature."""
    if paper.state == PaperState.ASKED:
        context = {"sentence": _("The document is being printed. It takes a few seconds."), "poll_url": here}
        if request.headers.get("HX-Request"):
            return render(request, "referrals/citizen/sign_progress.html", context)
        return render(request, "training/citizen/printing.html", {**context, "enrolment": enrolment})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    files = request.FILES if request.method == "POST" else None
    form = SigningForm(typed(request), files, paper=paper, by=citizen(request), post=None)
    if request.method == "POST" and form.is_valid():
        try:
            send(form)
        except SigningRefused as refused:
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(None, refused)
        else:
            return redirect(to(enrolment, "case"))
    context = signing_context(paper, here, back, citizen(request), None, form)
    return render(request, "papers/sign.html", context, status=422 if form.is_bound else 200)


@require_safe
@citizen_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The enrolment as its citizen sees it; a draft goes on where it was left."""
    enrolment = mine(request, pk)
    if enrolment.state == EnrolmentState.DRAFT:
        return redirect(to(enrolment, next_page(enrolment)))
    card = card_of(enrolment, terms_of([enrolment]).get(enrolment.pk))
    if card.action is not None and card.action["url"] == card.url:
        card = replace(card, action=None)
    certificates = Certificate.objects.visible_to(request.user).filter(enrolment=enrolment).order_by("pk")
    papers = [*papers_of(request.user, enrolment)]
    for certificate in certificates:
        papers += papers_of(request.user, certificate)
    return render(
        request,
        "training/citizen/case.html",
        {
            "enrolment": enrolment,
            "card": card,
            "line": line_of(card),
            "papers": papers,
            "certificates": certificates,
            "group": enrolment.group,
            "group_words": group_label(enrolment.group, None) if enrolment.group else "",
            "choosable": enrolment.state == EnrolmentState.SUBMITTED,
            "withdrawable": verdict(enrolment, "withdraw", actor(request)).ok,
            "attendance": enrolment.attendance.filter(present=True).count(),
        },
    )


@both
@citizen_required
@never_cache
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Another group, or the first, for an application that was sent already."""
    enrolment = mine(request, pk)
    if enrolment.state != EnrolmentState.SUBMITTED:
        return redirect(to(enrolment, "case"))
    return _group_page(request, enrolment, "choose", lambda: redirect(to(enrolment, "case")))


@both
@citizen_required
@never_cache
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more and for the reason, then ends the training (118-p19)."""
    enrolment = mine(request, pk)
    allowed = verdict(enrolment, "withdraw", actor(request))
    if not allowed.ok:
        messages.error(request, str(allowed.reason))
        return redirect(to(enrolment, "case"))
    form = LeaveForm(typed(request), initial={"reason": WithdrawalReason.OWN_REQUEST})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(enrolment, by=actor(request), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("You have left the training. Your referral stays in force."))
        return redirect(to(enrolment, "case"))
    began = enrolment.began_at is not None
    status = 422 if form.is_bound else 200
    context = {"enrolment": enrolment, "form": form, "began": began}
    return render(request, "training/citizen/leave.html", context, status=status)
