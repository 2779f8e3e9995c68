"""Contract and payment on the citizen's page: one card from the award to the money on the account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau.flow.models import Deadline
from bastau.portal import dates, figures
from bastau.portal.cabinet import Card, register_cards
from grants.models import ContractSupplement, GrantContract, Payment
from grants.states import CONTRACT_LABELS, CONTRACT_OFFERED, ContractState, PaymentState

#: What a citizen is shown of the journal; the questions to the systems are the page's own.
PUBLIC_EVENTS = frozenset(
    {"open", "extend", "complete_data", "sign_by_head", "sign", "decline", "lapse", "terminate", "complete"}
)
PAYMENT_EVENTS = frozenset({"send", "execute", "note_return"})
SHOWN = 10


@register_cards
def cards(request: HttpRequest) -> list[Card]:
    """The cards of the person's contracts, newest first; four statements whatever their number."""
    own = list(
        GrantContract.objects.visible_to(request.user)
        .select_related("person", "office", "payment", "application")
        .prefetch_related("supplements")
        .order_by("-pk")[:SHOWN]
    )
    terms = terms_of(own) if own else {}
    return [card_of(contract, terms) for contract in own]


def terms_of(contracts: list[GrantContract]) -> dict[tuple[str, int], Deadline]:
    """The nearest open term of each contract, supplement and payment, by kind and id."""
    ids = [contract.pk for contract in contracts]
    paid = [contract.payment.pk for contract in contracts if _payment(contract) is not None]
    more = [supplement.pk for contract in contracts for supplement in contract.supplements.all()]
    rows = Deadline.objects.open().filter(case_kind=GrantContract.kind, case_id__in=ids)
    rows |= Deadline.objects.open().filter(case_kind=Payment.kind, case_id__in=paid)
    rows |= Deadline.objects.open().filter(case_kind=ContractSupplement.kind, case_id__in=more)
    found: dict[tuple[str, int], Deadline] = {}
    for row in rows.order_by("due_at", "pk"):
        found.setdefault((row.case_kind, row.case_id), row)
    return found


def card_of(contract: GrantContract, terms: dict[tuple[str, int], Deadline]) -> Card:
    """One contract as its citizen needs it: what now, whose turn, by when."""
    case, words = standing(contract), _words(contract)
    return Card(
        case=contract,
        stage="grant",
        state=words["title"],
        url=reverse("grants:contract", args=[contract.pk]),
        deadline=terms.get((case.kind, case.pk)) or terms.get((contract.kind, contract.pk)),
        zone=contract.office.zone if contract.office else dates.DEFAULT_ZONE,
        events=PUBLIC_EVENTS,
        ahead=tuple(ahead(contract)),
        **words,
    )


def standing(contract: GrantContract) -> GrantContract | ContractSupplement | Payment:
    """The case that moves now: the contract, its open supplement, or its payment."""
    supplement = open_supplement(contract)
    return supplement or _payment(contract) or contract


def open_supplement(contract: GrantContract) -> ContractSupplement | None:
    """The supplement under way, if the bank asked for another account."""
    return next((one for one in contract.supplements.all() if one.state in CONTRACT_OFFERED), None)


def _payment(contract: GrantContract) -> Payment | None:
    return getattr(contract, "payment", None)


def ahead(contract: GrantContract) -> list[dict[str, Any]]:
    """What is still to come, the present first."""
    office = contract.office.name() if contract.office else ""
    steps = [
        (ContractState.AWAITING_DATA, _("Your registration and your account"), ""),
        (ContractState.DRAFT, _("The director signs the contract"), office),
        (ContractState.SIGNED_BY_HEAD, _("You sign the contract"), ""),
        (ContractState.IN_FORCE, _("The grant is transferred to your account"), office),
    ]
    names = [name for name, _title, _who in steps]
    payment = _payment(contract)
    if contract.state not in names or (payment is not None and payment.state == PaymentState.EXECUTED):
        return []
    return [
        {"title": title, "note": "", "who": who, "state": "later" if place else "now"}
        for place, (_name, title, who) in enumerate(steps[names.index(ContractState(contract.state)) :])
    ]


def _words(contract: GrantContract) -> dict[str, Any]:
    state = ContractState(contract.state)
    title = CONTRACT_LABELS[state]
    office = contract.office.name() if contract.office else ""
    see = {"label": _("Open the contract"), "url": reverse("grants:contract", args=[contract.pk])}
    if state == ContractState.IN_FORCE:
        return _in_force(contract, office, see)
    if contract.declined_at is not None and state in CONTRACT_OFFERED:
        return {
            "title": _("You refused the grant"),
            "sentence": _("The director of the centre decides on it. Until then you may still change your mind."),
            "turn": office,
            "action": see,
        }
    if state == ContractState.AWAITING_DATA:
        return _yours(
            title,
            _("Be registered as an individual entrepreneur and give an account of your own in a bank of Kazakhstan."),
            _("Give registration and account"),
            reverse("grants:contract_data", args=[contract.pk]),
        )
    if state == ContractState.SIGNED_BY_HEAD:
        return _yours(
            title,
            _("The director has signed. Read the contract; with your signature it is in force."),
            _("Read and sign"),
            reverse("grants:contract_sign", args=[contract.pk]),
        )
    sentences = {
        ContractState.DRAFT: _("You need not do anything. You are told when the contract waits for your signature."),
        ContractState.COMPLETED: _("All reports are accepted. Nothing more is owed."),
        ContractState.TERMINATED: _("The reasons stand on the page of the contract. You may complain."),
        ContractState.LAPSED: _("The reasons stand on the page of the contract. You may complain, or apply again."),
    }
    return {
        "title": title,
        "sentence": sentences[state],
        "turn": office if state == ContractState.DRAFT else "",
        "action": see,
    }


def _in_force(contract: GrantContract, office: str, see: dict[str, Any]) -> dict[str, Any]:
    payment, supplement = _payment(contract), open_supplement(contract)
    if payment is not None and payment.executed_on is not None:
        return {
            "title": _("The grant is on your account"),
            "sentence": _("Transferred: %(sum)s, %(date)s. Keep every document of your spending for the reports.")
            % {"sum": figures.money(payment.amount), "date": dates.long_date(payment.executed_on)},
            "action": see,
        }
    if supplement is not None and supplement.state == ContractState.AWAITING_DATA:
        return _yours(
            _("The bank returned the payment: give another account"),
            _("The reason of the bank: %(reason)s.")
            % {"reason": payment.get_return_reason_display() if payment else ""},
            _("Give another account"),
            reverse("grants:supplement_data", args=[supplement.pk]),
        )
    if supplement is not None and supplement.state == ContractState.SIGNED_BY_HEAD:
        return _yours(
            _("Read and sign the supplement of the contract"),
            _("It names your new account. With your signature the payment is formed again."),
            _("Read and sign"),
            reverse("grants:supplement_sign", args=[supplement.pk]),
        )
    waits = _("The director signs the supplement first.") if supplement is not None else _payment_words(payment)
    return {"title": CONTRACT_LABELS[ContractState.IN_FORCE], "sentence": waits, "turn": office, "action": see}


def _payment_words(payment: Payment | None) -> str:
    if payment is not None and payment.state == PaymentState.SENT_TO_BANK:
        return _("The payment is at the bank. We write to you when the money is transferred.")
    return _("You need not do anything: the centre prepares the payment.")


def _yours(title: Any, sentence: str, label: str, url: str) -> dict[str, Any]:
    return {
        "title": title,
        "sentence": sentence,
        "turn": pgettext("whose turn", "You"),
        "mine": True,
        "action": {"label": label, "url": url},
    }
