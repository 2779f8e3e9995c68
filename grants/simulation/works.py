"""A day of grants in a centre: each desk does what lies on it."""

from __future__ import annotations

from grants.simulation.applicants import Applicants
from grants.simulation.commission import CommissionWork
from grants.simulation.money import MoneyWork
from grants.simulation.staff import GrantTeam
from referrals.simulation.world import World


class GrantDays:
    """The mornings at the desks, the afternoons in the commission's room."""

    def __init__(self, world: World, staff: GrantTeam) -> None:
        self.applicants = Applicants(world, staff)
        self.commission = CommissionWork(world, staff)
        self.money = MoneyWork(world, staff)

    def morning(self) -> None:
        """What comes last in a case's way is done first: so each case goes one step a day."""
        self.money.payments()
        self.money.contracts()
        self.money.budget()
        self.commission.after_the_meeting()
        self.commission.before_the_meeting()
        self.applicants.checks()
        self.applicants.sign()
        self.applicants.apply()

    def afternoon(self) -> None:
        """The commission sits."""
        self.commission.sit()
