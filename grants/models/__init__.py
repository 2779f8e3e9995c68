"""The models of grants, by topic."""

from grants.models.applications import (
    CriterionCheck,
    GrantApplication,
    GrantApplicationQuerySet,
    IntakeWindow,
    ProjectLine,
    Rejection,
)
from grants.models.budget import Budget, BudgetChange, Reservation
from grants.models.commission import Commission, CommissionMember
from grants.models.contracts import ContractSupplement, GrantContract
from grants.models.meetings import AgendaItem, CommissionMeeting, Correction, Objection, Seat
from grants.models.payments import Payment
from grants.models.voting import Decision, Score, StandIn, Vote

__all__ = [
    "AgendaItem",
    "Budget",
    "BudgetChange",
    "Commission",
    "CommissionMeeting",
    "CommissionMember",
    "ContractSupplement",
    "Correction",
    "CriterionCheck",
    "Decision",
    "GrantApplication",
    "GrantApplicationQuerySet",
    "GrantContract",
    "IntakeWindow",
    "Objection",
    "Payment",
    "ProjectLine",
    "Rejection",
    "Reservation",
    "Score",
    "Seat",
    "StandIn",
    "Vote",
]
