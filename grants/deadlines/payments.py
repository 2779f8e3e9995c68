"""The machine of the payment and its term (SPEC 4.0, 4.12): ten working days from the second signature."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow, law, workdays
from bastau.flow import Event
from bastau.flow.alarms import alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from grants import signals
from grants.models import Payment
from grants.rights import payments as rights
from grants.states import ContractState


def _pay(case: Payment) -> Reckoning:
    """A-38: from the second signature of the contract; of the supplement where the account was changed by one."""
    assert case.office is not None
    supplement = case.contract.supplements.filter(state=ContractState.IN_FORCE).order_by("-pk").first()
    signed_at = supplement.signed_at if supplement else case.contract.signed_at
    assert signed_at is not None
    day = signed_at.astimezone(ZoneInfo(case.office.zone)).date()
    return workdays.working_term(day, law.term("A-38", day), workdays.current("centre"), case.office.zone)


SPECS = (
    flow.DeadlineSpec(
        "T-PAY", "A-38", Role.DIRECTOR,
        {
            Role.DIRECTOR: _("Approve the payment order"),
            Role.ACCOUNTANT: _("Sign the payment order, send it to the bank, follow its answer"),
        },
        frozenset({"form"}), frozenset({"execute", "note_return"}), _pay,
        turns={"approve": Role.ACCOUNTANT},
    ),
)  # fmt: skip

EVENTS = {
    "form": Event(
        _("Form the payment order again"), pgettext_lazy("payment", "Order formed"), "FKA04-4.1", signals.payment_formed
    ),
    "approve": Event(
        _("Approve the payment"), pgettext_lazy("payment", "Approved by the director"), "FKA04-4.1",
        signals.payment_approved,
    ),
    "send": Event(
        _("Sign and send to the bank"), pgettext_lazy("payment", "Sent to the bank"), "FKA04-4.1", signals.payment_sent
    ),
    "execute": Event(
        _("Take in the bank's answer"), pgettext_lazy("payment", "Executed by the bank"), "FKA04-4.1",
        signals.payment_executed,
    ),
    "note_return": Event(
        _("Take in the bank's return"), pgettext_lazy("payment", "Returned by the bank"), "FKA04-4.1",
        signals.payment_returned,
    ),
}  # fmt: skip

flow.register(flow.Machine(Payment, rights.may, EVENTS, SPECS, alarm=alarms, label=_("Payment of a grant")))
