"""The budget of a centre, and an order that is sent to the bank once more under its own key."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.people.models import Post
from bastau.people.roles import Role
from bastau.workplace import rooms
from grants.actions import budget as actions
from grants.actions import payments
from grants.forms.contracts import PayerForm, TotalForm
from grants.models import Budget, Payment
from grants.models.budget import KEEPERS, READERS

#: So many of the latest reservations stand on the page.
LATEST = 30


def _post(request: HttpRequest) -> Post:
    """The post in which the visitor keeps or reads the money. Raises Http404."""
    held = [post for post in rooms.staff_posts(request) if post.role in READERS]
    if not held:
        raise Http404
    return min(held, key=lambda post: (post.role not in KEEPERS, post.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest) -> HttpResponse:
    """Total, reserved, paid and free money of the year; the director enters the sum, the accountant the account."""
    post = _post(request)
    by, office = Actor(request.user, post), post.office  # type: ignore[arg-type]
    year = clock.today(office.zone).year
    row = Budget.objects.visible_to(request.user).filter(office=office, year=year).first()
    total = TotalForm(initial={"total": row.total if row else None})
    payer = PayerForm(initial={name: getattr(row, name) for name in actions.ACCOUNT_FIELDS} if row else None)
    if request.method == "POST":
        what = request.POST.get("do")
        form: Form = TotalForm(request.POST) if what == "total" else PayerForm(request.POST)
        if what == "total":
            total = form  # type: ignore[assignment]
        else:
            payer = form  # type: ignore[assignment]
        if form.is_valid():
            try:
                if what == "total":
                    actions.set_total(office, year, by=by, **form.cleaned_data)
                else:
                    actions.set_account(office, year, by=by, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("Entered."))
                return redirect("grants_office:budget")
    refused_form = total if total.errors else payer if payer.errors else None
    context = {
        "office": office,
        "year": str(year),
        "budget": row,
        "figures": _figures(row),
        "total": total if post.role == Role.DIRECTOR else None,
        "payer": payer if post.role == Role.ACCOUNTANT else None,
        "refused": refused_form,
        "reservations": _reservations(row, request),
        "changes": list(row.changes.select_related("by__person").order_by("-pk")[:LATEST]) if row else [],
        "earlier": list(Budget.objects.visible_to(request.user).filter(office=office).exclude(year=year)),
    }
    return render(request, "grants/staff/budget.html", context, status=422 if refused_form else 200)


def _figures(row: Budget | None) -> list[dict[str, Any]]:
    return [
        {"label": _("Sum of the year"), "value": row.total if row else 0},
        {"label": _("Reserved"), "value": row.reserved if row else 0},
        {"label": _("Paid"), "value": row.paid if row else 0},
        {"label": _("Free"), "value": row.free if row else 0},
    ]


def _reservations(row: Budget | None, request: HttpRequest) -> list[Any]:
    if row is None:
        return []
    found = row.reservations.select_related("application__person", "application__contract").order_by("-pk")[:LATEST]
    return [{"row": one, "url": _url(one)} for one in found]


def _url(reservation: Any) -> str:
    contract = getattr(reservation.application, "contract", None)
    return reverse("workplace:grants_grantcontract_change", args=[contract.pk]) if contract is not None else ""


@require_POST
def ask_bank(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an order the bank has not answered go out again at once; the key of the order makes it one payment."""
    payment = get_object_or_404(Payment.objects.visible_to(request.user), pk=pk)
    held = [post for post in rooms.staff_posts(request) if post.role == Role.ACCOUNTANT]
    post = next((one for one in held if one.office_id == payment.office_id), None)
    if post is None:
        raise Http404
    try:
        asked = payments.ask_bank_again(payment, by=Actor(request.user, post))  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The bank is asked again.") if asked else _("The bank has answered already."))
    return redirect("workplace:grants_payment_change", object_id=pk)
