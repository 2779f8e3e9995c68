"""Who gives grants in a simulated centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bastau.flow import Actor
from bastau.people.models import Office
from bastau.people.roles import Role
from referrals.simulation.world import Team, staff

# Simulated people of the grants are counted apart from those of the centres and of the chamber.
_FROM = 600
#: Voting members besides the chair, and one who sits for the absent.
MEMBERS, SUBSTITUTES = 4, 1


@dataclass(frozen=True)
class GrantTeam:
    """One centre with the people of its grants; `members` are voting members first, then the substitute."""

    centre: Office
    specialists: tuple[Actor, ...]
    head: Actor
    director: Actor
    accountant: Actor
    secretary: Actor
    chair: Actor
    members: tuple[Actor, ...]


def grant_team(team: Team, since: datetime) -> GrantTeam:
    """The people of a centre's grants, with sample staff hired where there is none."""
    centre = team.centre
    return GrantTeam(
        centre=centre,
        specialists=team.specialists,
        director=team.directors[0],
        head=staff(centre, Role.UNIT_HEAD, 1, _FROM, since)[0],
        accountant=staff(centre, Role.ACCOUNTANT, 1, _FROM + 1, since)[0],
        secretary=staff(centre, Role.COMMISSION_SECRETARY, 1, _FROM + 2, since)[0],
        chair=staff(centre, Role.COMMISSION_CHAIR, 1, _FROM + 3, since)[0],
        members=staff(centre, Role.COMMISSION_MEMBER, MEMBERS + SUBSTITUTES, _FROM + 4, since)[: MEMBERS + SUBSTITUTES],
    )
