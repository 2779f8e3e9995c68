"""The machines of the contract and of its supplement, and the terms of A-36 to A-38 (SPEC 4.0)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import flow, law, workdays
from bastau.flow import Event
from bastau.flow.alarms import alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from grants import signals
from grants.models import ContractSupplement, GrantContract
from grants.rights import contracts as rights

Agreement = GrantContract | ContractSupplement


def _local(case: Agreement, at: datetime | None) -> datetime:
    assert at is not None
    assert case.office is not None
    return at.astimezone(ZoneInfo(case.office.zone))


def _term(case: Agreement, clause: str, start: datetime) -> Reckoning:
    assert case.office is not None
    day = start.date()
    return workdays.working_term(day, law.term(clause, day), workdays.current("centre"), case.office.zone)


def _docs(case: Agreement) -> Reckoning:
    """A-36: from the notice of the award, or from the day on which the head extended the term."""
    assert case.office is not None
    day = case.offered_on
    return workdays.working_term(day, law.term("A-36", day), workdays.current("centre"), case.office.zone)


def _head(case: Agreement) -> Reckoning:
    return _term(case, "A-37:head", _local(case, case.data_complete_at))


def _applicant(case: Agreement) -> Reckoning:
    return _term(case, "A-37:applicant", _local(case, case.head_signed_at))


def _pay(case: Agreement) -> Reckoning:
    """A-38: from the second signature."""
    return _term(case, "A-38", _local(case, case.signed_at))


SPECS = (
    flow.DeadlineSpec(
        "T-CTR-DOCS", "A-36", "citizen", {"citizen": _("Give your registration and your account")},
        frozenset({"open", "extend"}), frozenset({"complete_data", "lapse", "extend"}), _docs,
    ),
    flow.DeadlineSpec(
        "T-CTR-HEAD", "A-37", Role.DIRECTOR, {Role.DIRECTOR: _("Sign the contract and send it to the applicant")},
        frozenset({"complete_data"}), frozenset({"sign_by_head", "lapse"}), _head,
    ),
    flow.DeadlineSpec(
        "T-CTR-APPL", "A-37", "citizen", {"citizen": _("Read and sign the contract")},
        frozenset({"sign_by_head"}), frozenset({"sign", "lapse"}), _applicant,
    ),
    flow.DeadlineSpec(
        "T-PAY", "A-38", Role.ACCOUNTANT, {Role.ACCOUNTANT: _("Form the payment order")},
        frozenset({"sign"}), frozenset({"start_payment", "terminate", "complete"}), _pay,
    ),
)  # fmt: skip

SUPPLEMENT_SPECS = (
    flow.DeadlineSpec(
        "T-CTR-DOCS", "A-36", "citizen", {"citizen": _("Give another account")},
        frozenset({"open"}), frozenset({"complete_data", "lapse"}), _docs,
    ),
    flow.DeadlineSpec(
        "T-CTR-HEAD", "A-37", Role.DIRECTOR, {Role.DIRECTOR: _("Sign the supplement and send it to the grantee")},
        frozenset({"complete_data"}), frozenset({"sign_by_head", "lapse"}), _head,
    ),
    flow.DeadlineSpec(
        "T-CTR-APPL", "A-37", "citizen", {"citizen": _("Read and sign the supplement")},
        frozenset({"sign_by_head"}), frozenset({"sign", "lapse"}), _applicant,
    ),
    flow.DeadlineSpec(
        "T-PAY", "A-38", Role.ACCOUNTANT, {Role.ACCOUNTANT: _("Form the payment order again")},
        frozenset({"sign"}), frozenset({"start_payment"}), _pay,
    ),
)  # fmt: skip

EVENTS = {
    "open": Event(_("Offer the contract"), _("Registration and account awaited"), "A-36", signals.contract_offered),
    "give": Event(_("Give the data"), _("Data given, being asked about"), "FKA04-3.2"),
    "confirm_registration": Event(_("Confirm the registration"), _("Registration confirmed"), "FKA04-3.1"),
    "extend": Event(_("Extend the term"), _("Term extended"), "A-36", signals.contract_term_extended),
    "complete_data": Event(
        _("Draw up the contract"), _("Contract drawn up"), "FKA04-3.3", signals.contract_data_complete
    ),
    "sign_by_head": Event(
        pgettext_lazy("contract", "Sign the contract"),
        _("Signed by the director and sent"),
        "FKA04-3.3",
        signals.contract_signed_by_head,
    ),
    "sign": Event(
        pgettext_lazy("applicant", "Sign the contract"),
        _("Signed by the applicant, in force"),
        "FKA04-3.4",
        signals.contract_in_force,
    ),
    "decline": Event(_("Refuse the offer"), _("The applicant refused the offer"), "A-37", signals.contract_declined),
    "lapse": Event(_("Let the offer lapse"), _("The offer lapsed"), "A-37", signals.contract_lapsed),
    "start_payment": Event(_("Form the payment order"), _("Payment order formed"), "FKA04-4.1"),
    "complete": Event(_("Mark as fulfilled"), _("Contract fulfilled"), "A-39", signals.contract_completed),
    "terminate": Event(_("Terminate the contract"), _("Contract terminated"), "A-40", signals.contract_terminated),
}

SUPPLEMENT_EVENTS = {
    "open": Event(_("Ask for another account"), _("Another account awaited"), "FKA04-4.1", signals.supplement_opened),
    "give": EVENTS["give"],
    "complete_data": Event(
        _("Draw up the supplement"), _("Supplement drawn up"), "FKA04-3.3", signals.contract_data_complete
    ),
    "sign_by_head": Event(
        pgettext_lazy("contract", "Sign the supplement"),
        _("Signed by the director and sent"),
        "FKA04-3.3",
        signals.supplement_signed_by_head,
    ),
    "sign": Event(
        pgettext_lazy("applicant", "Sign the supplement"),
        _("Signed by the grantee, in force"),
        "FKA04-3.4",
        signals.supplement_in_force,
    ),
    "start_payment": Event(_("Form the payment order"), _("Payment order formed again"), "FKA04-4.1"),
    "lapse": Event(_("End the supplement"), _("Supplement ended with the contract"), "A-37"),
}

flow.register(flow.Machine(GrantContract, rights.may, EVENTS, SPECS, alarm=alarms, label=_("Grant contract")))
flow.register(
    flow.Machine(
        ContractSupplement,
        rights.may_supplement,
        SUPPLEMENT_EVENTS,
        SUPPLEMENT_SPECS,
        alarm=alarms,
        label=_("Supplement of a contract"),
    )
)
