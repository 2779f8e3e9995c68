"""The citizen's way through an application: questions, check, signature, receipt; the case; the withdrawal.

Each question page keeps its answers as soon as it is sent, so the way may be left and taken up anywhere. A GET
never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bastau import law, workdays
from bastau.flow import Actor, Refused, verdict
from bastau.papers import SigningRefused
from bastau.papers.forms import SigningForm
from bastau.papers.models import Paper, PaperState
from bastau.papers.pages import ncalayer_allowed, signing_context
from bastau.people.models import User
from bastau.portal import dates, figures
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of, papers_of
from referrals import actions, drafts
from referrals.cards import card_of, terms_of
from referrals.forms import RESULT_LANGUAGES, ConsentsForm, ContactsForm, StatusForm
from referrals.models import ReferralApplication
from referrals.states import DECIDED, UNDECIDED, Channel, Outcome, State

View = Callable[..., HttpResponse]
both = require_http_methods(["GET", "HEAD", "POST"])


def citizen(request: HttpRequest) -> User:
    """The signed-in citizen of a page that only citizens open."""
    assert isinstance(request.user, User)
    return request.user


def actor(request: HttpRequest) -> Actor:
    """A citizen acts in no post."""
    return Actor(user=citizen(request))


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it nothing; None where it was not sent."""
    return request.POST if request.method == "POST" else None


def mine(request: HttpRequest, pk: int) -> ReferralApplication:
    """The application, if it is the reader's own; else 404, as where there is none."""
    own = ReferralApplication.objects.visible_to(request.user).select_related("person", "office", "counter")
    return get_object_or_404(own, pk=pk)


def is_draft(application: ReferralApplication) -> bool:
    """Whether the Portal's question pages may still change it."""
    return application.state == State.DRAFT and application.channel == Channel.PORTAL


def on_draft(view: View) -> View:
    """A question page: of an application that was sent, or that a counter took over, nothing is changed here."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        application = mine(request, pk)
        if is_draft(application):
            try:
                return view(request, application)
            except Refused as refusal:
                application = mine(request, pk)
                if refusal.code != "not_draft":
                    messages.error(request, " ".join(refusal.messages))
                    return redirect("referrals:check", pk=pk)
                # Sent in another window between our look and the lock: what follows says so.
        if request.method == "POST":
            return stale(request, application)
        return redirect("referrals:case", pk=pk)

    return citizen_required(never_cache(guarded))


def stale(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    """Says that the form is too late, and where the application is."""
    return render(request, "referrals/citizen/stale.html", {"application": application}, status=409)


def page(request: HttpRequest, application: ReferralApplication, name: str, context: Mapping[str, Any]) -> HttpResponse:
    """A question page with its place on the way and the way back."""
    place = drafts.PAGES.index(name)
    changing = request.GET.get("from") == "check"
    back = "check" if changing else drafts.PAGES[place - 1] if place else "start"
    shared = {
        "application": application,
        "place": place + 1,
        "places": len(drafts.PAGES),
        "back_url": reverse("referrals:start") if back == "start" else to(application, back),
        "form": None,
    }
    return render(request, f"referrals/citizen/{name}.html", {**shared, **context})


def to(application: ReferralApplication, name: str) -> str:
    """The address of a page of this application."""
    return reverse(f"referrals:{name}", args=[application.pk])


def onward(request: HttpRequest, application: ReferralApplication, name: str) -> HttpResponse:
    """To the page after `name`, or back to the check where the person came from there."""
    if request.GET.get("from") == "check":
        return redirect(to(application, "check"))
    return redirect(to(application, drafts.PAGES[drafts.PAGES.index(name) + 1]))


# ---------------------------------------------------------------------------------------------- the question pages


@never_cache
@both
def start(request: HttpRequest) -> HttpResponse:
    """What the service is, what is needed, how long it takes; the button opens the draft or finds the open one."""
    if request.method == "POST":
        return _start(request)
    under_way = None
    if request.user.is_authenticated and request.user.is_citizen:
        own = ReferralApplication.objects.visible_to(request.user)
        under_way = own.open().select_related("office", "counter").first()
    days = law.term("118-p06").length
    return render(
        request,
        "referrals/citizen/start.html",
        {
            "days": days,
            "card": card_of(under_way, {}) if under_way else None,
            "signed_in": request.user.is_authenticated,
            "need_registration": law.value("A-10"),
        },
    )


@citizen_required
def _start(request: HttpRequest) -> HttpResponse:
    try:
        application = actions.start(by=actor(request), person=citizen(request).person, channel=Channel.PORTAL)
    except actions.OpenApplicationExists as known:
        messages.info(request, _("You have an application under way. Here it is; a second one is not needed."))
        return redirect("referrals:case", pk=known.application.pk)
    return redirect(to(application, drafts.next_page(application)))


@both
@on_draft
def consents(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    """Both consents of annex 1; then the registers are asked."""
    given = application.consent_data_at is not None
    form = ConsentsForm(typed(request), initial={"consent_data": given, "consent_secrets": given})
    if request.method == "POST" and form.is_valid():
        actions.consent(application, by=actor(request))
        return onward(request, application, "consents")
    return page(request, application, "consents", {"form": form, "given": given})


@both
@on_draft
def registers(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    """The registers' answers, or the wait for them. A POST asks anew, after a registration was changed."""
    if application.consent_data_at is None:
        return redirect(to(application, "consents"))
    if request.method == "POST":
        actions.ask_anew(application, by=actor(request))
        return redirect(to(application, "registers"))
    found = drafts.registers(application)
    if request.headers.get("HX-Request"):
        return _registers_fragment(request, application, found)
    context = {
        "found": found,
        "sentence": _sentence(found),
        "poll_url": _poll(application, found),
        "next_url": to(application, "check" if request.GET.get("from") == "check" else "status"),
        "address": application.address(dates.language()),
        "centres": drafts.centres_of(found.region),
    }
    return page(request, application, "registers", context)


def _registers_fragment(
    request: HttpRequest, application: ReferralApplication, found: drafts.Registers
) -> HttpResponse:
    # The page is drawn again when an answer came, or when it is time to say what else can be done.
    seen = (request.GET.get("done", ""), request.GET.get("slow", ""))
    if (str(found.done), str(int(found.slow))) != seen:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"found": found, "sentence": _sentence(found), "poll_url": _poll(application, found)}
    return render(request, "referrals/citizen/registers_progress.html", context)


def _poll(application: ReferralApplication, found: drafts.Registers) -> str:
    return f"{to(application, 'registers')}?done={found.done}&slow={int(found.slow)}"


def _sentence(found: drafts.Registers) -> str:
    if found.slow:
        return _("A register has not answered yet. We keep asking.")
    return _("We are asking the registers. It usually takes a few seconds. Answered:")


@both
@on_draft
def status(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    """In which status the person applies, and the wished form of training."""
    initial = {"target_status": application.target_status, "study_form": application.study_form}
    form = StatusForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.answer(application, by=actor(request), **form.cleaned_data)
        return onward(request, application, "status")
    return page(request, application, "status", {"form": form})


@both
@on_draft
def contacts(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    """Telephone, e-mail, language of the result, access needs."""
    initial = {name: getattr(application, name) for name in ("phone", "email", "language", "access_needs")}
    form = ContactsForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.answer(application, by=actor(request), **form.cleaned_data)
        return onward(request, application, "contacts")
    return page(request, application, "contacts", {"form": form})


@both
@on_draft
def check(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    """All answers with their change links. The POST has the application printed for signing."""
    found = drafts.registers(application)
    missing = drafts.next_page(application)
    allowed = verdict(application, "submit", actor(request))
    if request.method == "POST" and missing == "check" and allowed.ok:
        actions.prepare_application(application, by=actor(request))
        return redirect(to(application, "sign"))
    reason: Any = allowed.reason
    way_on = {"label": _("What to do"), "url": to(application, "registers")}
    if missing != "check":
        reason = _("A question is not answered yet.")
        way_on = {"label": _("Answer it"), "url": to(application, missing) + "?from=check"}
    elif found.waiting:
        reason = _("A register has not answered yet. Your answers are kept; you may come back later.")
    elif found.found != "centre":
        reason = _("The employment centre of your place of residence could not be found.")
    go = {
        "label": _("Prepare the application for signing"),
        "url": to(application, "check"),
        "method": "post",
        "primary": True,
        "enabled": missing == "check" and allowed.ok,
        "reason": reason,
        "way_on": way_on,
    }
    return page(request, application, "check", {"rows": _answers(application), "go": go, "found": found})


def _answers(application: ReferralApplication) -> list[dict[str, Any]]:
    def row(label: str, value: Any, name: str = "") -> dict[str, Any]:
        return {"label": label, "value": value, "change_url": f"{to(application, name)}?from=check" if name else ""}

    person, lang = application.person, dates.language()
    return [
        row(pgettext("person", "Name"), person.full_name),
        row(_("IIN"), figures.iin_grouped(person.iin)),
        row(_("Address in the register"), application.address(lang), "registers"),
        row(_("Your employment centre"), application.office.name() if application.office else "", "registers"),
        row(_("Your status"), application.get_target_status_display(), "status"),
        row(_("Form of training"), application.get_study_form_display(), "status"),
        row(_("Telephone"), figures.phone(application.phone), "contacts"),
        row(_("E-mail"), application.email, "contacts"),
        row(_("Language of the result"), RESULT_LANGUAGES[application.language], "contacts"),
        row(_("Special conditions"), application.access_needs, "contacts"),
        row(
            _("Documents on work and education"),
            ", ".join(upload.name for upload in actions.attached(application)) or _("none; they are not needed"),
            "documents",
        ),
        row(_("Consents"), _("both given") if application.consent_data_at else "", "consents"),
    ]


# ------------------------------------------------------------------------------------------------ signing, sending


@both
@ncalayer_allowed
@citizen_required
@never_cache
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as it will stand on file, read and signed. Sending twice shows the same receipt."""
    application = mine(request, pk)
    if not is_draft(application):
        # The second of two clicks, or "back" after sending.
        filed = application.filed_at is not None and application.channel == Channel.PORTAL
        return redirect(to(application, "done" if filed else "case"))
    paper = actions.application_paper(application)
    if paper is None:
        return redirect(to(application, "check"))
    if paper.state == PaperState.ASKED:
        return _being_prepared(request, application)
    return _signing_page(request, application, paper)


def _being_prepared(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    here = to(application, "sign")
    context = {"sentence": _("Your application is being printed. It takes a few seconds."), "poll_url": here}
    if request.headers.get("HX-Request"):
        return render(request, "referrals/citizen/sign_progress.html", context)
    return page(request, application, "sign", {**context, "back_url": to(application, "check")})


def _signing_page(request: HttpRequest, application: ReferralApplication, paper: Paper) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    user = citizen(request)
    files = request.FILES if request.method == "POST" else None
    form = SigningForm(typed(request), files, paper=paper, by=user, post=None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(application, by=actor(request), cms=form.cms(), paper=paper)
        except SigningRefused as refused:
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(None, refused)
        else:
            return redirect(to(application, "done"))
    context = signing_context(paper, to(application, "sign"), to(application, "check"), user, None, form)
    return render(request, "papers/sign.html", context)


@require_safe
@citizen_required
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt: number, dates, why these dates, what happens next. The cabinet goes on showing all of it."""
    application = mine(request, pk)
    if application.filed_at is None or application.channel != Channel.PORTAL:
        return redirect("referrals:case", pk=pk)
    card = card_of(application, terms_of([application]).get(application.pk, {}))
    return render(
        request,
        "referrals/citizen/done.html",
        {"application": application, "card": card, "why_accepted": _why_accepted(application, card.filed_on)},
    )


def _why_accepted(application: ReferralApplication, filed_on: Any) -> str:
    """Why the day of acceptance is the one it is (118-a2-r07, A-04)."""
    assert application.office is not None
    assert application.filed_at is not None
    assert application.accepted_on is not None
    sent = application.filed_at.astimezone(ZoneInfo(application.office.zone))
    words = {"sent": dates.day_and_time(sent), "day": dates.day_with_weekday(application.accepted_on)}
    if filed_on == application.accepted_on:
        return _("Sent and accepted: %(sent)s.") % words
    if workdays.current("centre").look(sent.date()).working:
        late = _("Sent: %(sent)s. The working day was over, so the application is accepted on the next one: %(day)s.")
    else:
        late = _("Sent: %(sent)s. It was a day off, so the application is accepted on the next working day: %(day)s.")
    return late % words


# ------------------------------------------------------------------------------------------------------- the case


@require_safe
@citizen_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as its citizen sees it; a draft goes on where it was left."""
    application = mine(request, pk)
    if is_draft(application):
        return redirect(to(application, drafts.next_page(application)))
    card = card_of(application, terms_of([application]).get(application.pk, {}))
    if card.action is not None and card.action["url"] == card.url:
        # The button of the cabinet leads here; what it promises stands below.
        card = replace(card, action=None, sentence="" if application.outcome == Outcome.REFUSE else card.sentence)
    return render(
        request,
        "referrals/citizen/case.html",
        {
            "application": application,
            "card": card,
            "line": line_of(card),
            "papers": papers_of(request.user, application),
            "attached": actions.attached(application),
            "refusal": _refusal(application),
            "withdrawable": application.state in UNDECIDED,
        },
    )


def _refusal(application: ReferralApplication) -> dict[str, Any] | None:
    """The ground, the rule and the reasons of a refusal that was decided; proposals are the office's own."""
    if application.state not in DECIDED or application.outcome != Outcome.REFUSE:
        return None
    proposal = application.proposals.get(returned_at=None)
    rule = law.clause(proposal.rule)
    lang = dates.language()
    return {
        "ground": proposal.get_ground_display(),
        "rule": rule.label(lang),
        "rule_text": rule.text(lang),
        "reasons": proposal.reasons,
        "remedy": proposal.remedy,
        "office": application.office,
    }


@both
@citizen_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then withdraws; after the decision it says why not."""
    application = mine(request, pk)
    if is_draft(application):
        return redirect("referrals:case", pk=pk)
    allowed = verdict(application, "withdraw", actor(request))
    if request.method == "POST":
        try:
            actions.withdraw(application, by=actor(request))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Your application is withdrawn. You may apply again at any time."))
        return redirect("referrals:case", pk=pk)
    go = {
        "label": _("Withdraw the application"),
        "url": to(application, "withdraw"),
        "method": "post",
        "danger": True,
        "enabled": allowed.ok,
        "reason": allowed.reason,
    }
    return render(request, "referrals/citizen/withdraw.html", {"application": application, "go": go})
