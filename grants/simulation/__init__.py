"""Grants in a simulated run: the first centre's people apply, its commission sits, its accountant pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q

from grants.models import (
    Budget,
    CommissionMeeting,
    ContractSupplement,
    CriterionCheck,
    GrantApplication,
    GrantContract,
    Payment,
    Reservation,
)
from grants.simulation.days import plan_days
from grants.simulation.staff import grant_team
from grants.simulation.works import GrantDays
from grants.states import CONTRACT_CONCLUDED, GRANT_AWARDED, Criterion, GrantState, Met, PaymentState
from referrals.simulation.chapters import Chapter, register
from referrals.simulation.world import Team, World

#: Before these the certificate is not looked at yet, or the application went no further.
BEFORE_CHECK = (
    GrantState.DRAFT,
    GrantState.SUBMITTED,
    GrantState.ACCEPTED,
    GrantState.IN_CHECK,
    GrantState.REJECTED_CRITERIA,
    GrantState.WITHDRAWN,
)
PAID_FROM = (PaymentState.SENT_TO_BANK, PaymentState.EXECUTED)


def plan(world: World, teams: Sequence[Team]) -> None:
    """Every working day of the first centre: its desks in the morning, its commission in the afternoon."""
    staff = grant_team(teams[0], world.start)
    days = GrantDays(world, staff)
    plan_days(world, staff.centre, morning=days.morning, afternoon=days.afternoon)


def counts() -> dict[str, Any]:
    """Cases by state, and the money by year."""
    kinds = (GrantApplication, CommissionMeeting, GrantContract, ContractSupplement, Payment)
    money = {
        f"{one.office.code} {one.year}": {"total": one.total, "reserved": one.reserved, "paid": one.paid}
        for one in Budget.objects.select_related("office").order_by("office__code", "year")
    }
    return {**{model.kind: by_state(model) for model in kinds}, "money": money}


def by_state(model: Any) -> dict[str, int]:
    """How many cases of a kind are in each state."""
    return dict(model._base_manager.order_by("state").values_list("state").annotate(n=Count("pk")))


def _awards_without_certificate() -> int:
    """A-30, A-31: whoever was heard has a certificate of the own register, or one the specialist confirmed."""
    looked_at = GrantApplication._base_manager.exclude(state__in=BEFORE_CHECK)
    return looked_at.exclude(checks__in=_certificates_met()).count()


def _certificates_met() -> Any:
    return CriterionCheck.objects.filter(criterion=Criterion.CERTIFICATE, result=Met.YES)


def _payments_without_two_signatures() -> int:
    """FKA04-3.3, 3.4, 4.1: paid is only what the head and then the applicant signed."""
    in_order = Q(contract__head_signed_at__isnull=False, contract__signed_at__gte=F("contract__head_signed_at"))
    return Payment._base_manager.filter(~Q(in_order) | ~Q(contract__state__in=CONTRACT_CONCLUDED)).count()


def _contracts_signed_by_other_hands() -> int:
    """The head signed who is not the applicant."""
    return GrantContract._base_manager.filter(head_signed_by__person=F("person")).count()


def _payments_approved_by_their_maker() -> int:
    return Payment._base_manager.filter(Q(formed_by=F("approved_by")) | Q(approved_by=F("sent_by"))).count()


def _payments_sent_unapproved() -> int:
    return Payment._base_manager.filter(state__in=PAID_FROM).filter(Q(approved_by=None) | Q(sent_by=None)).count()


def _budgets_overdrawn() -> int:
    """The row itself, and the reservations behind it."""
    wrong = 0
    for budget in Budget.objects.order_by("pk"):
        held = Reservation.objects.filter(budget=budget, released_at=None)
        paid = sum(held.exclude(paid_at=None).values_list("amount", flat=True))
        reserved = sum(held.filter(paid_at=None).values_list("amount", flat=True))
        wrong += reserved + paid > budget.total or (reserved, paid) != (budget.reserved, budget.paid)
    return wrong


def _awards_without_money() -> int:
    held = Reservation.objects.filter(released_at=None).values("application")
    return GrantApplication._base_manager.filter(state__in=GRANT_AWARDED).exclude(pk__in=held).count()


def _awards_without_decision() -> int:
    """FKA04-2.6: an award, a place in the reserve and a refusal stand on an entered decision with its protocol."""
    decided = GrantApplication._base_manager.filter(
        state__in=[*GRANT_AWARDED, GrantState.RESERVE, GrantState.REJECTED, GrantState.LAPSED]
    )
    entered = Q(agenda_items__decisions__entered_at__isnull=False) & ~Q(agenda_items__decisions__protocol_number="")
    return decided.exclude(pk__in=GrantApplication._base_manager.filter(entered).values("pk")).count()


register(
    Chapter(
        "grants",
        plan,
        counts=counts,
        invariants={
            "grants without a certificate": _awards_without_certificate,
            "grants without an entered decision": _awards_without_decision,
            "grants without money of the budget": _awards_without_money,
            "payments without two signatures in order": _payments_without_two_signatures,
            "contracts signed by one hand": _contracts_signed_by_other_hands,
            "payments approved by their maker": _payments_approved_by_their_maker,
            "payments sent without approval": _payments_sent_unapproved,
            "budgets overdrawn": _budgets_overdrawn,
        },
    )
)
