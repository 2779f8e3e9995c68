"""The counter of a centre or of the State Corporation: one person at a time, nothing left on the screen afterwards.

IIN -> who it is -> documents and answers -> accepted with a receipt, or not accepted with annex 3 (118-p07-1).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bastau import clock, workdays
from bastau.flow import Actor, Refused
from bastau.flow.models import Deadline
from bastau.gateways.models import Enquiry, System
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Person, Post
from bastau.people.posts import posts_of
from bastau.portal import dates as words
from referrals import actions, dates, drafts
from referrals import papers as kinds
from referrals.actions import counter
from referrals.forms import DocumentsForm
from referrals.models import COUNTER_ROLES, ReferralApplication
from referrals.staff_forms import AcceptanceForm, IdentityForm, LookUpForm, NotAcceptedForm
from referrals.states import Channel, State
from referrals.views import attachments

#: After so long the page says that the register is slow and lets the card be typed.
PATIENCE = timedelta(seconds=10)


def _posts(request: HttpRequest) -> list[Post]:
    """The posts in which the visitor serves a counter; 404 where there is none."""
    found = [post for post in posts_of(request.user) if post.role in COUNTER_ROLES]  # type: ignore[arg-type]
    if not found:
        raise Http404
    return found


def _closed(post: Post) -> str:
    """Why nothing is accepted at this hour; empty while the counter is open (118-a2-r07)."""
    channel = counter.CHANNELS[post.role]  # type: ignore[index]
    try:
        dates.accepted_on(channel, clock.now(), post.office.zone, workdays.current)
    except dates.OutsideHours as closed:
        return str(closed)
    return ""


def _draft(request: HttpRequest, pk: int) -> tuple[ReferralApplication, Actor]:
    """A case of the visitor's own counter and the post in which it is served; else 404."""
    posts = {post.office_id: post for post in _posts(request)}
    rows = ReferralApplication.objects.visible_to(request.user).filter(counter__in=posts)
    found = get_object_or_404(rows.select_related("person", "office", "counter"), pk=pk)
    return found, Actor(request.user, posts[found.counter_id])  # type: ignore[index, arg-type]


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    # The AdminSite sends `no-store`: the next person at the counter finds nothing of this one by "back".
    return render(request, f"referrals/staff/{name}.html", context, status=status)


def _progress(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "workplace/progress.html", context)


# ---------------------------------------------------------------------------------------------------- who it is


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """An empty page for the next person: the IIN, and that the consents are signed."""
    posts = _posts(request)
    form = LookUpForm(request.POST or None, posts=posts)
    closed = _closed(posts[0]) if len(posts) == 1 else ""
    if request.method == "POST" and form.is_valid():
        by = Actor(request.user, form.chosen())  # type: ignore[arg-type]
        if refusal := _closed(form.chosen()):
            form.add_error(None, refusal)
        else:
            try:
                return _known_or_asked(by, form.cleaned_data["iin"])
            except ValidationError as error:
                form.add_error(None, _under_way(error) or error)
    context = {"form": form, "closed": closed if not form.is_bound else "", "office": posts[0].office}
    return _page(request, "counter", context, 422 if form.is_bound else 200)


def _known_or_asked(by: Actor, iin: str) -> HttpResponse:
    person = Person.objects.filter(iin=iin).first()
    if person is None:
        return redirect("centre:looking_up", pk=counter.look_up(iin, by=by).pk)
    return redirect("centre:documents", pk=counter.open_at_counter(person, by=by).pk)


def _under_way(error: ValidationError) -> str:
    """Says where the application is that is filed already; empty for other errors."""
    if not isinstance(error, actions.OpenApplicationExists):
        return ""
    known = error.application
    return _("This person has an application under way already: %(number)s, %(state)s. A second one is not needed.") % {
        "number": known.number,
        "state": known.get_state_display(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def looking_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The register is being asked who it is; the card may be typed at any time."""
    posts = {post.office_id: post for post in _posts(request)}
    own = Enquiry.objects.filter(case_kind=counter.LOOK_UP, system=System.PERSON_REGISTRY, case_id__in=posts)
    enquiry = get_object_or_404(own.filter(key__startswith=f"{counter.LOOK_UP}:{request.user.pk}:"), pk=pk)
    by = Actor(request.user, posts[enquiry.case_id])  # type: ignore[arg-type]
    form = IdentityForm(request.POST or None)
    poll = bool(request.headers.get("HX-Request"))
    if request.method == "POST":
        if request.POST.get("use") == "register" or form.is_valid():
            try:
                return _identified(enquiry, form, by)
            except ValidationError as error:
                form.add_error(None, _under_way(error) or error)
    elif poll and not enquiry.is_open:
        return HttpResponse(headers={"HX-Refresh": "true"})
    answer = enquiry.answer or {}
    slow = clock.now() - enquiry.asked_at > PATIENCE
    context = {
        "enquiry": enquiry,
        "form": form,
        "slow": slow,
        "found": answer if answer.get("found", bool(answer)) else None,
        "unknown": answer.get("found") is False,
        "poll_url": reverse("centre:looking_up", args=[pk]),
        "sentence": _("The register has not answered yet. You may type the identity card below.")
        if slow
        else _("The register of natural persons is being asked."),
        "closed": _closed(by.post) if by.post else "",
    }
    if poll:
        return _progress(request, context)
    return _page(request, "looking_up", context, 422 if form.is_bound else 200)


def _identified(enquiry: Enquiry, form: IdentityForm, by: Actor) -> HttpResponse:
    # The register's answer comes first also when the card was typed meanwhile.
    with transaction.atomic():
        person = counter.person_from_register(enquiry)
        if person is None:
            if not form.is_valid():
                raise ValidationError(_("The register has not answered yet. Type the identity card, or wait a moment."))
            person = counter.person_by_hand(enquiry.subject_iin, **form.cleaned_data, by=by)
        return redirect("centre:documents", pk=counter.open_at_counter(person, by=by).pk)


# ---------------------------------------------------------------------------------------- documents and answers


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers and checklist; accepted with a number and a receipt, or the sentence that says why not yet."""
    application, by = _draft(request, pk)
    if application.state != State.DRAFT:
        return redirect("centre:counter_done", pk=pk)
    found = drafts.registers(application)
    if found.found not in {"waiting", "centre"}:
        # The answer may have come between reading the case and reading the enquiry; both are written at once.
        application, by = _draft(request, pk)
        found = drafts.registers(application)
    if request.headers.get("HX-Request"):
        waiting = found.found == "waiting"
        return _progress(request, _waiting(pk)) if waiting else HttpResponse(headers={"HX-Refresh": "true"})
    elsewhere = _elsewhere(application, by)
    if request.method == "POST" and not elsewhere:
        before = application.sheets
        try:
            scans, asked = attachments.taken_in(request, application, by)
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("centre:documents", pk=pk)
        if asked:
            # Nothing is accepted yet; what was typed stays typed.
            sheets = _counted(request.POST.get("sheets", ""), before, application.sheets)
            typed = AcceptanceForm(initial={**request.POST.dict(), "sheets": sheets})
            drawn = _drawn(application, by, typed, found, scans=scans)
            return _page(request, "documents", drawn, 422 if scans.errors else 200)
    form = _acceptance(application, None if elsewhere else request.POST or None)
    if request.method == "POST" and form.is_valid():
        problem = _problem(application, by, found.found)
        if not problem:
            try:
                with transaction.atomic():
                    actions.answer(application, by=by, **form.answers())
                    actions.accept(application, by=by, originals_returned=form.cleaned_data["originals_returned"])
                return redirect("centre:counter_done", pk=pk)
            except ValidationError as refused:
                problem = " ".join(refused.messages)
            except dates.OutsideHours as closed:
                problem = str(closed)
        form.add_error(None, problem)
    return _page(request, "documents", _drawn(application, by, form, found), 422 if form.is_bound else 200)


def _counted(typed: str, before: int, now: int) -> int:
    """The number of sheets follows the scans, unless the clerk has counted more on the table."""
    if not re.fullmatch(r"[0-9]{1,4}", typed) or int(typed) <= before:
        return now
    return max(int(typed), now)


def _acceptance(application: ReferralApplication, sent: Any = None) -> AcceptanceForm:
    scanned = sum(upload.pages for upload in actions.attached(application))
    return AcceptanceForm(sent, initial=_initial(application), scanned=scanned)


def _drawn(
    application: ReferralApplication,
    by: Actor,
    form: AcceptanceForm,
    found: drafts.Registers,
    *,
    refusal: NotAcceptedForm | None = None,
    scans: DocumentsForm | None = None,
) -> dict[str, Any]:
    """What the page of documents shows."""
    return {
        "case": application,
        "form": form,
        "refusal_form": refusal or NotAcceptedForm(),
        "documents_form": scans or DocumentsForm(),
        "attached": attachments.listed(actions.attached(application)),
        "found": found,
        "elsewhere": _elsewhere(application, by),
        "address": application.address(words.language()),
        "closed": _closed(by.post) if by.post and not form.is_bound and refusal is None else "",
        **_waiting(application.pk),
    }


def _waiting(pk: int) -> dict[str, Any]:
    return {
        "sentence": _("The registers are being asked where the person lives."),
        "poll_url": reverse("centre:documents", args=[pk]),
    }


def _initial(application: ReferralApplication) -> dict[str, Any]:
    names = ("target_status", "study_form", "phone", "email", "language", "access_needs", "sheets")
    return {name: getattr(application, name) for name in names}


def _elsewhere(application: ReferralApplication, by: Actor) -> Any:
    """The centre of residence, where it is another than the one at whose counter the person stands (A-46)."""
    if application.channel != Channel.CENTRE or by.post is None or application.office_id in {None, by.post.office_id}:
        return None
    return application.office


def _problem(application: ReferralApplication, by: Actor, found: str) -> str:
    if by.post is not None and (closed := _closed(by.post)):
        return closed
    if found == "waiting":
        return _("The register has not said yet where the person lives. Wait a moment, then accept.")
    if found != "centre":
        return _(
            "The register knows no residence that a centre serves. The person first registers the place of residence."
        )
    if elsewhere := _elsewhere(application, by):
        return _("This person lives in the area of another centre: %(centre)s. Nothing is accepted here.") % {
            "centre": elsewhere
        }
    return ""


# ------------------------------------------------------------------------------------------------ refused, left, done


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The documents are not accepted: annex 3 with the reason (118-p07-1)."""
    application, by = _draft(request, pk)
    if application.state != State.DRAFT:
        return redirect("centre:counter_done", pk=pk)
    form = NotAcceptedForm(request.POST)
    if form.is_valid():
        closed = _closed(by.post) if by.post else ""
        try:
            if closed:
                raise ValidationError(closed)
            actions.refuse_acceptance(application, by=by, **form.cleaned_data)
            return redirect("centre:counter_done", pk=pk)
        except ValidationError as refused:
            form.add_error(None, refused)
    context = _drawn(application, by, _acceptance(application), drafts.registers(application), refusal=form)
    return _page(request, "documents", context, 422)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing was accepted; the next person finds an empty page."""
    application, by = _draft(request, pk)
    if application.state == State.DRAFT:
        counter.leave(application, by=by)
        messages.info(request, _("Nothing was accepted. The person may apply on the Portal or at the right counter."))
    return redirect("centre:counter")


@require_safe
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Number, date of the result and the paper to print; then the next person."""
    application, _by = _draft(request, pk)
    if application.state == State.DRAFT:
        return redirect("centre:documents", pk=pk)
    refused = application.state == State.ACCEPTANCE_REFUSED
    kind = kinds.REFUSAL_A3 if refused else kinds.ACCEPTANCE_RECEIPT
    papers = Paper.objects.visible_to(request.user).filter(case_kind=application.kind, case_id=pk, kind=kind)
    paper = papers.exclude(state=PaperState.VOID).order_by("pk").first()
    ready = paper is not None and bool(paper.sha256)
    if request.headers.get("HX-Request") and ready:
        return HttpResponse(headers={"HX-Refresh": "true"})
    total = None
    if not refused:
        of_case = Deadline.objects.filter(case_kind=application.kind, case_id=pk, name="T-REF-TOTAL")
        total = of_case.order_by("-pk").first()
    context = {
        "case": application,
        "refused": refused,
        "paper": paper,
        "ready": ready,
        "total": total,
        "sentence": _("The paper is being printed. It takes a few seconds."),
        "poll_url": reverse("centre:counter_done", args=[pk]),
    }
    if request.headers.get("HX-Request"):
        return _progress(request, context)
    return _page(request, "counter_done", context)
