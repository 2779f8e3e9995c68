"""The staff's registers and case pages of contracts, their supplements and payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bastau import clock
from bastau.flow.models import Deadline
from bastau.papers.models import Upload
from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates, figures, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from grants.actions import contracts as actions
from grants.actions import payments
from grants.contract_cards import ahead
from grants.forms.contracts import LapseForm, OrderForm, RegistrationForm, TerminationForm
from grants.models import ContractSupplement, GrantContract, Payment
from grants.models.contracts import PAYERS, READERS
from grants.models.payments import READERS as PAYMENT_READERS
from grants.rules.contracts import CITIZENS_TERMS
from grants.states import CONTRACT_OFFERED, ContractState, PaymentState

TONES: dict[str, str] = {
    ContractState.IN_FORCE: "done", ContractState.COMPLETED: "done", ContractState.TERMINATED: "late",
    ContractState.LAPSED: "late",
}  # fmt: skip
PAYMENT_TONES: dict[str, str] = {PaymentState.EXECUTED: "done", PaymentState.BANK_RETURNED: "late"}


def to_confirm(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Contracts with a scan of the registration that a specialist has to read."""
    scans = Upload.objects.filter(
        case_kind=GrantContract.kind, case_id=OuterRef("pk"), kind=actions.SCAN, removed_at=None
    )
    return rows.filter(Exists(scans), state=ContractState.AWAITING_DATA, business_source="")


def may_lapse(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Offers whose applicant missed the term or refused: the head decides."""
    missed = Q(pk__in=[])
    for state, name in CITIZENS_TERMS.items():
        terms = Deadline.objects.open().filter(
            case_kind=GrantContract.kind, case_id=OuterRef("pk"), name=name, due_at__lt=clock.now()
        )
        missed |= Q(Exists(terms), state=state)
    return rows.filter(missed | Q(declined_at__isnull=False, state__in=CONTRACT_OFFERED))


@dataclass(frozen=True)
class Waits(Filter):
    """Whose turn it is, as a filter."""

    def applied(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """The rows that wait so."""
        chosen = request.GET.get(self.name, "")
        if chosen == "scan":
            return to_confirm(rows)
        return may_lapse(rows) if chosen == "lapse" else rows


def _waits(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return [("scan", _("scan to be read")), ("lapse", _("term missed or refused"))]


class _Room(CaseRoom):
    """What the three registers share: search by number or name."""

    search_label = gettext_lazy("Number or surname")

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the whole number, or by the beginning of the name."""
        if any(char.isdigit() for char in text):
            return rows.filter(number=text.upper())
        return rows.filter(person__fold__startswith=fold(text))

    def title(self, case: Any) -> str:
        return case.person.full_name

    def subtitle(self, case: Any) -> str:
        return f"{case.number} · {_('IIN')} {figures.iin_masked(case.person.iin)}"

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: Any) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: Any) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("Sum"))
    def sum(self, row: Any) -> str:
        return figures.money(row.amount)

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: Any) -> str:
        return badge(row.get_state_display(), self.tones.get(row.state, "info"))


@admin.register(GrantContract, site=site)
class ContractRoom(_Room):
    readers = (*READERS, *PAYERS)
    heading = gettext_lazy("Grant contracts")
    about = gettext_lazy("Contracts of the centre on awarded grants, the newest first.")
    list_display = ("case_number", "citizen", "sum", "standing", "in_force")
    related = ("person", "office", "assignee__person", "application", "payment")
    filters = (
        Waits("waits", gettext_lazy("Waits for"), _waits),
        Filter("state", gettext_lazy("State"), lambda request: ContractState.choices),
    )
    tones: ClassVar[dict[str, str]] = TONES
    does: ClassVar[dict[str, Does]] = {
        "confirm_registration": Does(
            actions.confirm_registration,
            gettext_lazy("The registration is confirmed."),
            form=RegistrationForm,
            when=lambda case: bool(actions.scans_of(case)),
        ),
        "sign_by_head": Does(
            actions.sign_by_head,
            gettext_lazy("Signed. The contract is sent to the applicant."),
            papers=actions.versions,
        ),
        "start_payment": Does(
            payments.form, gettext_lazy("The payment order is formed. The director approves it."), form=OrderForm
        ),
        "extend": Does(actions.extend, gettext_lazy("The term runs anew. The applicant is told.")),
        "lapse": Does(
            actions.lapse,
            gettext_lazy("The offer has lapsed, the money is free again. The applicant is told."),
            form=LapseForm,
            danger=True,
        ),
        "terminate": Does(
            actions.terminate,
            gettext_lazy("The contract is terminated. The grantee is told."),
            form=TerminationForm,
            danger=True,
        ),
    }

    def sentence(self, case: GrantContract) -> Any:
        if case.declined_at is not None and case.state in CONTRACT_OFFERED:
            return _("The applicant refused the grant. The director decides on the lapse of the offer.")
        said = {
            ContractState.AWAITING_DATA: _("The applicant gives the registration as an entrepreneur and an own account."
                                           " When both are confirmed, the contract is drawn up by itself."),
            ContractState.DRAFT: _("The director signs first; then the contract goes to the applicant."),
            ContractState.SIGNED_BY_HEAD: _("The applicant reads and signs. The day of this signature is"
                                            " the contract's."),
        }  # fmt: skip
        if case.state == ContractState.IN_FORCE and _payment(case) is None:
            return _("Form the payment order. Who forms it does not approve it.")
        return said.get(ContractState(case.state), "")

    def links(self, request: HttpRequest, case: GrantContract) -> list[dict[str, Any]]:
        found = []
        payment = _payment(case)
        if payment is not None and rooms.holds_any(request, PAYMENT_READERS):
            found.append(_link(_("Open the payment"), "payment", payment.pk))
        for supplement in case.supplements.filter(state__in=CONTRACT_OFFERED):
            found.append(_link(_("Open the supplement"), "contractsupplement", supplement.pk))
        return found

    def facts(self, request: HttpRequest, case: GrantContract) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("Sum of the grant"), figures.money(case.amount)),
            (_("Application"), case.application.number),
            (_("Protocol of the commission"), case.protocol_number),
            (_("Registration as an entrepreneur"), _registration(case)),
            (_("Account"), _account(case)),
        ]
        if case.in_force_on:
            found.append((_("In force since"), dates.long_date(case.in_force_on)))
        if case.end_reason:
            found.append((_("Reasons of the decision"), case.end_reason))
        return found

    def sections(self, request: HttpRequest, case: GrantContract) -> list[Section]:
        # An accountant needs no case content (SPEC 5).
        if not rooms.holds_any(request, READERS):
            return []
        estimate = {"lines": list(case.application.lines.all()), "case": case.application, "break_even": ""}
        return [Section(_("Estimate (annex 1)"), "grants/staff/estimate.html", estimate)]

    def ahead(self, case: GrantContract) -> list[dict[str, Any]]:
        return ahead(case)

    @admin.display(description=gettext_lazy("In force since"))
    def in_force(self, row: GrantContract) -> str:
        return f"{row.in_force_on:%d.%m.%Y}" if row.in_force_on else "–"


@admin.register(ContractSupplement, site=site)
class SupplementRoom(_Room):
    readers = (*READERS, *PAYERS)
    heading = gettext_lazy("Supplements of contracts")
    about = gettext_lazy("Supplementary agreements that name another account after the bank returned a payment.")
    list_display = ("case_number", "citizen", "standing")
    related = ("person", "office", "assignee__person", "contract__payment", "contract__application")
    tones: ClassVar[dict[str, str]] = TONES
    does: ClassVar[dict[str, Does]] = {
        "sign_by_head": Does(
            actions.sign_by_head,
            gettext_lazy("Signed. The supplement is sent to the grantee."),
            papers=actions.versions,
        ),
    }

    def sentence(self, case: ContractSupplement) -> Any:
        said = {
            ContractState.AWAITING_DATA: _("The grantee gives another own account; the bank is asked whose it is."),
            ContractState.DRAFT: _("The director signs first; then the supplement goes to the grantee."),
            ContractState.SIGNED_BY_HEAD: _("The grantee reads and signs; then the payment is formed again."),
        }
        return said.get(ContractState(case.state), "")

    def links(self, request: HttpRequest, case: ContractSupplement) -> list[dict[str, Any]]:
        found = [_link(_("Open the contract"), "grantcontract", case.contract_id)]
        if rooms.holds_any(request, PAYMENT_READERS):
            found.append(_link(_("Open the payment"), "payment", case.contract.payment.pk))
        return found

    def facts(self, request: HttpRequest, case: ContractSupplement) -> list[tuple[Any, Any]]:
        payment = case.contract.payment
        return [
            (_("Contract"), case.contract.number),
            (_("Account of the returned payment"), figures.iban_grouped(payment.iban)),
            (_("Reason of the bank"), payment.get_return_reason_display()),
            (_("New account"), _account(case)),
        ]


@admin.register(Payment, site=site)
class PaymentRoom(_Room):
    readers = PAYMENT_READERS
    heading = gettext_lazy("Payments of grants")
    about = gettext_lazy("Register of payments of grants: who formed and approved, what the bank answered.")
    list_display = ("case_number", "citizen", "sum", "standing", "executed", "reference")
    related = ("person", "office", "assignee__person", "contract", "formed_by__person", "approved_by__person")
    filters = (Filter("state", gettext_lazy("State"), lambda request: PaymentState.choices),)
    tones: ClassVar[dict[str, str]] = PAYMENT_TONES
    does: ClassVar[dict[str, Does]] = {
        "approve": Does(
            payments.approve,
            gettext_lazy("Approved. The accountant signs the order and sends it to the bank."),
            papers=payments.orders,
        ),
        "send": Does(payments.send, gettext_lazy("The order is on its way to the bank."), papers=payments.orders),
        "form": Does(
            payments.form_again,
            gettext_lazy("The payment order is formed again. The director approves it."),
            form=OrderForm,
            when=lambda case: case.state == PaymentState.BANK_RETURNED,
        ),
    }

    def sentence(self, case: Payment) -> Any:
        if case.state == PaymentState.SENT_TO_BANK:
            return _at_bank(case)
        said = {
            PaymentState.FORMED: _("The director approves the order with the first signature. Who formed it cannot."),
            PaymentState.APPROVED: _("The accountant signs second; with it the order goes to the bank, once."),
            PaymentState.BANK_RETURNED: _("The grantee gives another account by a supplement of the contract; then form"
                                          " the order again."),
            PaymentState.EXECUTED: _("The money is on the grantee's account. The reports run from here."),
        }  # fmt: skip
        return said[PaymentState(case.state)]

    def links(self, request: HttpRequest, case: Payment) -> list[dict[str, Any]]:
        found = []
        if case.state == PaymentState.SENT_TO_BANK and rooms.holds_any(request, (Role.ACCOUNTANT,)):
            again = reverse("grants_office:ask_bank", args=[case.pk])
            found.append(
                {"label": _("Ask the bank again"), "url": again, "method": "post", "enabled": True, "reason": ""}
            )
        found.append(_link(_("Open the contract"), "grantcontract", case.contract_id))
        for supplement in case.contract.supplements.filter(state__in=CONTRACT_OFFERED):
            found.append(_link(_("Open the supplement"), "contractsupplement", supplement.pk))
        return found

    def facts(self, request: HttpRequest, case: Payment) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("Sum"), figures.money(case.amount)),
            (_("Contract"), case.contract.number),
            (_("Account"), f"{figures.iban_grouped(case.iban)} {case.bank}"),
            (_("Formed by"), case.formed_by.person.short_name if case.formed_by else ""),
            (_("Approved by"), case.approved_by.person.short_name if case.approved_by else ""),
        ]
        if case.executed_on:
            found.append((_("Executed on"), dates.long_date(case.executed_on)))
            found.append((_("Reference of the bank"), case.bank_reference))
        if case.return_reason and case.state == PaymentState.BANK_RETURNED and case.returned_on:
            found.append((_("Returned on"), dates.long_date(case.returned_on)))
            found.append((_("Reason of the bank"), case.get_return_reason_display()))
        return found

    @admin.display(description=pgettext_lazy("payment", "Executed"))
    def executed(self, row: Payment) -> str:
        return f"{row.executed_on:%d.%m.%Y}" if row.executed_on else "–"

    @admin.display(description=gettext_lazy("Reference of the bank"))
    def reference(self, row: Payment) -> str:
        return row.bank_reference or "–"


def _payment(contract: GrantContract) -> Payment | None:
    return getattr(contract, "payment", None)


def _link(label: str, model: str, pk: int) -> dict[str, Any]:
    url = reverse(f"workplace:grants_{model}_change", args=[pk])
    return {"label": label, "url": url, "method": "get", "enabled": True, "reason": ""}


def _registration(case: GrantContract) -> str:
    if not case.registered:
        return case.get_business_answer_display() if case.business_answer else _("not given yet")
    since = dates.long_date(case.business_since) if case.business_since else ""
    return f"{case.business_number}, {since} ({case.get_business_source_display()})"


def _account(case: GrantContract | ContractSupplement) -> Any:
    if not case.iban:
        return _("not given yet")
    answer = case.get_account_answer_display()
    return format_html(
        "{} {} {}", figures.iban_grouped(case.iban), case.bank, badge(answer, "done" if case.account_own else "soon")
    )


def _at_bank(case: Payment) -> str:
    enquiry = payments.order_at_bank(case)
    if enquiry is None or not enquiry.attempts or not enquiry.last_error:
        return _("The order is at the bank. Its answer comes by itself.")
    return _("The bank %(trouble)s; the order goes out again by itself, under the same key. Attempts: %(number)d.") % {
        "trouble": enquiry.get_last_error_display(),
        "number": enquiry.attempts,
    }


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """Contracts with the number of those that wait for the visitor, payments, the budget."""
    held = {post.role for post in rooms.staff_posts(request)}
    found = []
    if held & {*READERS, *PAYERS}:
        url = reverse("workplace:grants_grantcontract_changelist")
        seen = GrantContract.objects.visible_to(request.user)
        label = pgettext("room", "Contracts")
        if Role.SPECIALIST in held:
            found.append(nav.Entry(label=label, url=f"{url}?waits=scan", count=to_confirm(seen).count()))
        elif Role.DIRECTOR in held:
            found.append(nav.Entry(label=label, url=f"{url}?waits=lapse", count=may_lapse(seen).count()))
        else:
            found.append(nav.Entry(label=label, url=url))
    if held & {Role.ACCOUNTANT, Role.DIRECTOR}:
        found.append(nav.Entry(label=pgettext("room", "Payments"), url=reverse("workplace:grants_payment_changelist")))
        found.append(nav.Entry(label=pgettext("room", "Budget"), url=reverse("grants_office:budget")))
    return found
