"""A paper, an upload, and the public page that tells whether a paper is genuine."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from bastau.papers import seals
from bastau.papers.forms import ConfirmForm, VerifyForm
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState, Signature, SignatureForm, Upload
from bastau.papers.signing import check_kept
from bastau.people.address import client_address
from bastau.people.limits import Limit
from bastau.people.models import Person

log = logging.getLogger(__name__)

# Enough for an office that checks paper after paper; a code cannot be guessed at any rate.
CHECKS = Limit("verify", free=60, window=timedelta(minutes=1))

PUBLIC_STATES = {
    PaperState.ISSUED: ("done", _("In force")),
    PaperState.SIGNED: ("done", _("Signed")),
    PaperState.READY: ("soon", _("Not signed yet: has no force")),
    PaperState.ASKED: ("soon", _("Not signed yet: has no force")),
    PaperState.VOID: ("late", _("Void: has no force")),
}


@require_safe
@login_required
@never_cache
def paper_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The kept bytes of a paper, shown in the browser; 404 when it is not the reader's or does not exist."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    if not paper.file:
        if paper.state == PaperState.VOID:
            raise Http404
        shell = "staff_base.html" if getattr(request.user, "is_staff", False) else "base.html"
        context = {"title": kind_of(paper.kind).title, "shell": shell}
        response = render(request, "papers/preparing.html", context, status=202)
        response.headers["Refresh"] = "3"
        return response
    name = f"{paper.shown_number or paper.kind}.{paper.language}.pdf"
    return _file(_kept(paper), "application/pdf", name, attachment=False)


@require_safe
@login_required
@never_cache
def upload_file(request: HttpRequest, pk: int) -> HttpResponse:
    """An uploaded file, always as an attachment; 404 when it is not the reader's, is removed or does not exist."""
    upload = get_object_or_404(Upload.objects.visible_to(request.user).filter(removed_at=None), pk=pk)
    with upload.file.open("rb") as kept:
        return _file(kept.read(), upload.media_type, upload.name, attachment=True)


@require_safe
@never_cache
def verify_form(request: HttpRequest) -> HttpResponse:
    """Asks for the code of a paper and leads to its page."""
    form = VerifyForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify", code=form.cleaned_data["code"])
    return render(request, "papers/verify_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody who holds a paper may know of it (SPEC 2); a posted file is compared with the kept bytes."""
    if _must_wait(request):
        response = render(request, "papers/verify_limit.html", status=429)
        response.headers["Retry-After"] = str(int(CHECKS.first.total_seconds()))
        return response
    paper = Paper.objects.select_related("office", "person").filter(code=code).first()
    if paper is None:
        return render(request, "papers/verify_form.html", {"form": VerifyForm(), "unknown": True}, status=404)
    form = ConfirmForm(request.POST, request.FILES) if request.method == "POST" else ConfirmForm()
    same: bool | None = None
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            same = False
        else:
            same = bool(paper.sha256) and hashlib.sha256(file.read()).hexdigest() == paper.sha256
    return render(request, "papers/verify.html", _public(paper) | {"form": form, "same": same})


def _public(paper: Paper) -> dict[str, Any]:
    kind = kind_of(paper.kind)
    # What nobody signs electronically has its force as soon as it is printed.
    ready = paper.state == PaperState.READY and kind.signer is None
    tone, state = PUBLIC_STATES[PaperState.ISSUED if ready else PaperState(paper.state)]
    signature = paper.signatures.order_by("pk").first()
    return {
        "paper": paper,
        "title": kind.title,
        "number": paper.shown_number,
        "issued_on": _date(paper, signature),
        "issuer": paper.office.name(),
        "initials": _initials(paper.person),
        "tone": tone,
        "state": state,
        "signature": _signature_check(paper, signature),
        "more": [{"label": label, "value": _in_words(value)} for label, value in kind.public(paper)],
    }


def _in_words(value: Any) -> Any:
    return (value.get(get_language()) or value["kk"]) if isinstance(value, dict) else value


def _date(paper: Paper, signature: Signature | None) -> date | None:
    if paper.issued_on or signature is None:
        return paper.issued_on
    return signature.signed_at.astimezone(ZoneInfo(paper.office.zone)).date()


def _initials(person: Person | None) -> str:
    """First letters of surname, first name, patronymic: enough to compare with a paper, too little to learn a name."""
    if person is None:
        return ""
    return " ".join(f"{part[0]}." for part in (person.surname, person.given_name, person.patronymic) if part)


def _signature_check(paper: Paper, signature: Signature | None) -> dict[str, Any]:
    if signature is None and kind_of(paper.kind).sealed and paper.sha256:
        return _seal_check(paper)
    if signature is None:
        return {"tone": "plain", "text": _("There is no electronic signature.")}
    if signature.form == SignatureForm.HAND:
        return {"tone": "done", "text": _("Signed by hand; the scan was confirmed by a second person.")}
    if check_kept(signature, _kept(paper)):
        return {
            "tone": "done",
            "text": _("The signature fits the document. The certificate was in force at the moment of signing."),
        }
    return {"tone": "late", "text": _("The signature does not fit the document. Do not trust this paper.")}


def _seal_check(paper: Paper) -> dict[str, Any]:
    fits = seals.check(_kept(paper))
    if fits is None:
        return {"tone": "plain", "text": _("There is no electronic signature.")}
    if fits:
        return {"tone": "done", "text": _("The document carries the electronic seal of the system, and it fits.")}
    return {"tone": "late", "text": _("The electronic seal does not fit the document. Do not trust this paper.")}


def _kept(paper: Paper) -> bytes:
    try:
        return paper.content()
    except FileNotFoundError:
        log.error("The kept bytes of paper %s are gone from the storage", paper.pk)
        raise Http404


def _file(content: bytes, media_type: str, name: str, *, attachment: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(attachment, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _must_wait(request: HttpRequest) -> bool:
    """Counts the checks of an address; without Redis nobody is turned away."""
    address = client_address(request)
    try:
        if CHECKS.pause(address):
            return True
        CHECKS.use(address)
    except RedisError:
        log.warning("Redis does not answer; checks of papers are not counted")
    return False
