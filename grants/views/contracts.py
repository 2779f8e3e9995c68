"""The citizen's way from the award to the money: registration and account, the contract, its supplement.

A GET never writes. Every step is an action of grants.actions.contracts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bastau.flow import Refused, verdict
from bastau.flow.reading import life_line
from bastau.papers import SigningRefused, UploadRefused
from bastau.papers.forms import SigningForm
from bastau.papers.models import PaperState
from bastau.papers.pages import ncalayer_allowed, signing_context
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.portal.access import citizen_required
from bastau.portal.cabinet import line_of, papers_of
from grants.actions import contracts
from grants.contract_cards import PAYMENT_EVENTS, card_of, terms_of
from grants.forms.contracts import AccountForm, ScanForm
from grants.models import ContractSupplement, GrantContract
from grants.states import CONTRACT_OFFERED, Answer, ContractState
from referrals.views.citizen import actor, citizen, typed

both = require_http_methods(["GET", "HEAD", "POST"])
#: Where the applicant may still take up what was refused.
TWO_DOORS = (ContractState.AWAITING_DATA, ContractState.SIGNED_BY_HEAD)
TONES = {Answer.YES: "done", Answer.NO: "late", Answer.UNKNOWN: "late", Answer.WAITING: "soon"}


def contract_of(request: HttpRequest, pk: int) -> GrantContract:
    """The contract, if it is the reader's own; else 404, as where there is none."""
    own = GrantContract.objects.visible_to(request.user)
    related = own.select_related("person", "office", "payment", "application").prefetch_related("supplements")
    return get_object_or_404(related, pk=pk)


def supplement_of(request: HttpRequest, pk: int) -> ContractSupplement:
    """The supplement of an own contract; else 404."""
    own = ContractSupplement.objects.visible_to(request.user)
    return get_object_or_404(own.select_related("person", "office", "contract__payment"), pk=pk)


def page_of(case: GrantContract | ContractSupplement) -> str:
    """The page of the contract, also for its supplement."""
    return reverse("grants:contract", args=[case.pk if isinstance(case, GrantContract) else case.contract_id])


# --------------------------------------------------------------------------------------------------------- the page


@require_safe
@citizen_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract as its citizen sees it: what now, the sum, the account, what happened, the papers."""
    contract = contract_of(request, pk)
    card = card_of(contract, terms_of([contract]))
    if card.action is not None and card.action["url"] == card.url:
        card = replace(card, action=None)
    payment = getattr(contract, "payment", None)
    supplements = list(contract.supplements.order_by("pk"))
    papers = [
        *papers_of(request.user, contract),
        *(one for more in supplements for one in papers_of(request.user, more)),
    ]
    return render(
        request,
        "grants/citizen/contract.html",
        {
            "contract": contract,
            "card": card,
            "payment": payment,
            "line": _line(contract, card),
            "papers": papers,
            "declinable": contract.state in CONTRACT_OFFERED and contract.declined_at is None,
            "open_again": contract.declined_at is not None and contract.state in TWO_DOORS,
            "ended": contract.state in {ContractState.LAPSED, ContractState.TERMINATED},
        },
    )


def _line(contract: GrantContract, card: Any) -> list[dict[str, Any]]:
    """The contract's life line with the steps of its payment at their places, then what comes."""
    payment = getattr(contract, "payment", None)
    found = line_of(replace(card, ahead=()))
    if payment is not None:
        roles = dict(Role.choices)
        found += [
            {
                "title": moment.title,
                "state": "done",
                "when": moment.when,
                "who": roles.get(moment.role, ""),
                "note": "",
                "clause": moment.clause,
            }
            for moment in life_line(payment, language=dates.language(), events=PAYMENT_EVENTS)
        ]
    return [*sorted(found, key=lambda one: one["when"]), *map(dict, card.ahead)]


# ------------------------------------------------------------------------------------------- registration and account


@both
@citizen_required
@never_cache
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """Registration as an entrepreneur and the account, each answered by its system (FKA04-3.1, 3.2)."""
    return _data(request, contract_of(request, pk))


@both
@citizen_required
@never_cache
def supplement_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Another account, after the bank returned the payment (FKA04-4.1)."""
    return _data(request, supplement_of(request, pk))


def _data(request: HttpRequest, case: Any) -> HttpResponse:
    if case.state != ContractState.AWAITING_DATA:
        # The last answer came, or the offer ended: what follows stands on the page of the contract.
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": page_of(case)})
        return redirect(page_of(case))
    waiting = Answer.WAITING in {case.account_answer, getattr(case, "business_answer", "")}
    here = request.path
    if request.headers.get("HX-Request") and request.method == "GET":
        if not waiting:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "grants/citizen/contract_progress.html", {"poll_url": here})
    account, scan = AccountForm(initial={"iban": case.iban}), ScanForm()
    if request.method == "POST":
        account, scan, done = _given(request, case)
        if done:
            return redirect(here)
    context = {
        "case": case,
        "contract": case if isinstance(case, GrantContract) else None,
        "payment": None if isinstance(case, GrantContract) else case.contract.payment,
        "back_url": page_of(case),
        "poll_url": here,
        "waiting": waiting,
        "account": account,
        "scan": scan,
        "scans": contracts.scans_of(case) if isinstance(case, GrantContract) else [],
        "account_tone": TONES.get(Answer(case.account_answer), "") if case.account_answer else "",
    }
    refused = bool(account.errors or scan.errors)
    return render(request, "grants/citizen/contract_data.html", context, status=422 if refused else 200)


def _given(request: HttpRequest, case: Any) -> tuple[AccountForm, ScanForm, bool]:
    """What the page was sent with: a question to the register, a scan, or an account. True where it was taken."""
    account, scan = AccountForm(initial={"iban": case.iban}), ScanForm()
    by, what = actor(request), request.POST.get("do", "")
    try:
        if what == "register" and isinstance(case, GrantContract):
            contracts.ask_register(case, by=by)
            return account, scan, True
        if what == "scan" and isinstance(case, GrantContract):
            scan = ScanForm(request.POST, request.FILES)
            if scan.is_valid():
                contracts.add_scan(case, file=scan.cleaned_data["file"], by=by)
                messages.success(request, _("The scan is sent. A specialist of the centre reads it."))
                return account, scan, True
        if what == "account":
            account = AccountForm(request.POST)
            if account.is_valid():
                contracts.give_account(case, by=by, iban=account.cleaned_data["iban"])
                return account, scan, True
    except UploadRefused as refused:
        scan.add_error("file", str(refused))
    except Refused as refused:
        if refused.code == "iban":
            account.add_error("iban", refused)
        else:
            messages.error(request, " ".join(refused.messages))
            return account, scan, True
    return account, scan, False


# -------------------------------------------------------------------------------------------------------- signatures


@both
@ncalayer_allowed
@citizen_required
@never_cache
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract, read and signed after the director (FKA04-3.4)."""
    return _sign(request, contract_of(request, pk), "grants:contract_sign", _("The contract is in force."))


@both
@ncalayer_allowed
@citizen_required
@never_cache
def supplement_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The supplement, read and signed after the director."""
    said = _("The supplement is in force. The payment is formed again.")
    return _sign(request, supplement_of(request, pk), "grants:supplement_sign", said)


def _sign(request: HttpRequest, case: Any, name: str, said: str) -> HttpResponse:
    here, back = reverse(name, args=[case.pk]), page_of(case)
    by = actor(request)
    allowed = verdict(case, "sign", by)
    if not allowed.ok:
        # The second of two clicks finds it signed; before the director's signature there is nothing to read.
        if case.state not in {ContractState.IN_FORCE, ContractState.COMPLETED}:
            messages.error(request, str(allowed.reason))
        return redirect(back)
    versions = contracts.versions(case)
    if not versions or any(paper.state != PaperState.READY for paper in versions):
        messages.error(request, _("The document is not waiting for a signature. Open it again."))
        return redirect(back)
    user = citizen(request)
    files = request.FILES if request.method == "POST" else None
    form = SigningForm(typed(request), files, paper=versions[0], by=user, post=None)
    if request.method == "POST" and form.is_valid():
        try:
            contracts.sign(case, by=by, signatures=form.signatures())
        except SigningRefused as refused:
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, said)
            return redirect(back)
    context = signing_context(versions[0], here, back, user, None, form)
    return render(request, "papers/sign.html", context, status=422 if form.is_bound else 200)


@both
@citizen_required
@never_cache
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then tells the director that the grant is refused."""
    contract = contract_of(request, pk)
    allowed = verdict(contract, "decline", actor(request))
    if request.method == "POST":
        try:
            contracts.decline(contract, by=actor(request))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The director of the centre is told that you refuse the grant."))
        return redirect(page_of(contract))
    go = {
        "label": _("Refuse the grant"),
        "url": reverse("grants:contract_decline", args=[contract.pk]),
        "method": "post",
        "danger": True,
        "enabled": allowed.ok,
        "reason": allowed.reason,
    }
    return render(request, "grants/citizen/contract_decline.html", {"contract": contract, "go": go})
