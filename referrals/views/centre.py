"""The centre's steps: every button of the case page posts here, and each one ends in an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from bastau import clock
from bastau.flow import Actor, Refused, journal, verdict
from bastau.papers import SigningRefused
from bastau.papers.forms import SigningForm
from bastau.papers.models import PaperState
from bastau.papers.pages import ncalayer_allowed, signing_context
from referrals import actions, staff_forms
from referrals.models import ReferralApplication
from referrals.states import CheckSubject, Outcome, State
from referrals.views import casepage
from referrals.views.casepage import actor_for, find

MOVED_ON = _("The case has moved on since you opened this page, so nothing was done. Look at what stands here now.")
#: The clause under which the opening of personal data is journalled: consent to process what the measures need.
CONSENT = "118-a1"


@dataclass(frozen=True)
class Step:
    """A step without questions: the action, and what is said when it is done."""

    run: Callable[..., Any]
    said: Promise


STEPS = {
    "take": Step(actions.take, _("The case is yours. The registers have been asked.")),
    "finish_check": Step(actions.finish_check, _("The check is finished. Now propose the decision.")),
    "propose_issue": Step(actions.propose_issue, _("The referral is before the director.")),
    "send_to_sc": Step(actions.send_to_sc, _("The result is on its way to the State Corporation.")),
}


@dataclass
class Attempt:
    """One posted step: whoever pressed, what to run, what to show again when it is refused."""

    request: HttpRequest
    case: ReferralApplication
    events: tuple[str, ...]
    run: Callable[[Actor], Any]
    said: Promise | str
    typed: dict[str, Form] = field(default_factory=dict)
    # The page to be shown again where it is not the case page.
    again: Callable[[int], HttpResponse] | None = None
    lock: bool = True

    def answer(self) -> HttpResponse:
        """Do it, or say why not on the same page with what was typed."""
        by = actor_for(self.request.user, self.case, self.events[0])
        seen = self.request.POST.get("seen", "")
        try:
            with casepage.unchanged(self.case, seen, lock=self.lock):
                self.run(by)
        except casepage.Stale:
            if casepage.done_already(self.case, self.events, self.request.user, seen):
                return redirect(case_url(self.case.pk))
            messages.error(self.request, MOVED_ON)
            return self._again(409)
        except ValidationError as refused:
            for sentence in refused.messages:
                messages.error(self.request, sentence)
            return self._again(422)
        messages.success(self.request, str(self.said))
        return redirect(case_url(self.case.pk))

    def _again(self, status: int) -> HttpResponse:
        if self.again is not None and status != 409:
            return self.again(status)
        return casepage.page(self.request, find(self.request, self.case.pk), typed=self.typed, status=status)


def case_url(pk: int) -> str:
    """The case page."""
    return reverse("workplace:referrals_referralapplication_change", args=[pk])


@require_POST
def do(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """A step without questions."""
    if event not in STEPS:
        raise Http404
    application = find(request, pk)
    step = STEPS[event]
    return Attempt(request, application, (event,), lambda by: step.run(application, by=by), step.said).answer()


@require_POST
def ask_again(request: HttpRequest, pk: int, system: str) -> HttpResponse:
    """Ask a register once more, now."""
    application = find(request, pk)
    if system not in casepage.REGISTER_SUBJECTS:
        raise Http404

    def run(by: Actor) -> None:
        if application.state != State.IN_CHECK:
            raise Refused(_("The registers are asked while the case is in check."))
        actions.ask_again(application, by=by, system=system)

    said = _("The register is being asked again. Its answer appears here; you may leave the page meanwhile.")
    # The case is not locked: an answer that is just being taken in holds its question and waits for the case.
    return Attempt(request, application, ("finish_check",), run, said, lock=False).answer()


@require_POST
def mark(request: HttpRequest, pk: int, subject: str) -> HttpResponse:
    """Answer a line of the protocol by hand, with a reason."""
    application = find(request, pk)
    if subject not in CheckSubject.values:
        raise Http404
    form = staff_forms.MarkForm(request.POST, prefix=subject)
    typed: dict[str, Form] = {f"mark_{subject}": form}
    if not form.is_valid():
        return casepage.page(request, application, typed=typed, status=422)

    def run(by: Actor) -> None:
        actions.mark_by_hand(application, by=by, subject=subject, **form.cleaned_data)

    return Attempt(request, application, ("finish_check",), run, _("The line is marked."), typed).answer()


@require_http_methods(["GET", "HEAD", "POST"])
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal of a reasoned refusal: ground, rule, reasons, evidence, what can be mended."""
    application = find(request, pk)
    if not casepage.reads_file(request.user, application):
        raise Http404
    form = staff_forms.RefusalForm(request.POST or None)

    def shown(status: int = 200) -> HttpResponse:
        seen = request.POST.get("seen") or str(application.moved)  # type: ignore[attr-defined]
        context = {"case": application, "form": form, "seen": seen, "case_url": case_url(pk)}
        return render(request, "referrals/staff/refusal.html", context, status=status)

    if request.method != "POST":
        allowed = verdict(application, "propose_refusal", actor_for(request.user, application, "propose_refusal"))
        if not allowed.ok:
            messages.error(request, str(allowed.reason))
            return redirect(case_url(pk))
        return shown()
    if not form.is_valid():
        return shown(422)

    def run(by: Actor) -> None:
        actions.propose_refusal(application, by=by, **form.proposal())

    said = _("The refusal is before the director.")
    return Attempt(request, application, ("propose_refusal",), run, said, again=shown).answer()


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The director returns the case with a comment."""
    application = find(request, pk)
    form = staff_forms.CommentForm(request.POST)
    typed: dict[str, Form] = {"comment": form}
    if not form.is_valid():
        return casepage.page(request, application, typed=typed, status=422)

    def run(by: Actor) -> None:
        actions.send_back(application, by=by, comment=form.cleaned_data["comment"])

    said = _("The case is back with the specialist.")
    return Attempt(request, application, ("send_back",), run, said, typed).answer()


@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The result is given out at the counter."""
    application = find(request, pk)
    form = staff_forms.HandOverForm(request.POST)
    typed: dict[str, Form] = {"hand_over": form}
    if not form.is_valid():
        return casepage.page(request, application, typed=typed, status=422)

    def run(by: Actor) -> None:
        actions.hand_over(application, by=by)

    return Attempt(request, application, ("hand_over",), run, _("The result is handed over."), typed).answer()


@require_POST
def open_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the personal data in full, once, for a purpose that the journal keeps (SPEC 5)."""
    application = find(request, pk)
    form = staff_forms.PurposeForm(request.POST)
    if not form.is_valid():
        return casepage.page(request, application, typed={"purpose": form}, status=422)
    by = actor_for(request.user, application, "finish_check")
    with transaction.atomic():
        locked = ReferralApplication._base_manager.select_for_update(of=("self",)).get(pk=pk)
        facts = {"purpose": form.cleaned_data["purpose"]}
        entry = journal.Entry(locked, "profile_opened", locked.state, locked.state, by, CONSENT, facts)
        journal.write([entry], clock.now())
    return casepage.page(request, application, opened=True)


@require_http_methods(["GET", "HEAD", "POST"])
@ncalayer_allowed  # type: ignore[arg-type]
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The director reads the decision and signs all its language versions at once (118-p09-2)."""
    application = find(request, pk)
    if not casepage.reads_file(request.user, application):
        raise Http404
    event = "issue" if application.outcome == Outcome.ISSUE else "refuse"
    by = actor_for(request.user, application, event)
    if application.state in {State.ISSUED, State.REFUSED}:
        return _decided(request, application)
    allowed = verdict(application, event, by)
    if not allowed.ok:
        messages.error(request, str(allowed.reason))
        return redirect(case_url(pk))
    papers = actions.decision_papers(application)
    if not papers or any(paper.state == PaperState.ASKED for paper in papers):
        return _preparing(request, application)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    assert by.user is not None
    form = SigningForm(request.POST or None, request.FILES or None, paper=papers[0], by=by.user, post=by.post)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(application, by=by, signatures=form.signatures())
        except SigningRefused as refused:
            form.add_error(None, str(refused.message))
        except ValidationError as refused:
            application = find(request, pk)
            if application.state != State.AWAITING_SIGNATURE:
                return _decided(request, application)
            form.add_error(None, refused)
        else:
            messages.success(request, _("Signed. The person has been told."))
            return redirect(case_url(pk))
    here = reverse("centre:sign", args=[pk])
    context = signing_context(papers[0], here, case_url(pk), by.user, by.post, form)
    return render(request, "papers/sign.html", context, status=422 if form.is_bound else 200)


def _decided(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    if application.decided_by_id == request.user.pk:
        messages.info(request, _("You have signed this decision already."))
    elif application.state in {State.ISSUED, State.REFUSED}:
        messages.warning(request, _("Another person has signed this decision already; yours was not needed."))
    else:
        messages.error(request, MOVED_ON)
    return redirect(case_url(application.pk))


def _preparing(request: HttpRequest, application: ReferralApplication) -> HttpResponse:
    here = reverse("centre:sign", args=[application.pk])
    context = {
        "case": application,
        "case_url": case_url(application.pk),
        "sentence": _("The decision is being printed. It takes a few seconds; you may leave the page."),
        "poll_url": here,
    }
    if request.headers.get("HX-Request"):
        return render(request, "workplace/progress.html", context)
    return render(request, "workplace/preparing.html", context)
