"""Who works in the chamber of a simulated centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bastau.flow import Actor
from bastau.people.models import Office, OfficeKind
from bastau.people.roles import Role
from referrals.simulation.world import Team, staff

# Simulated staff of the chamber are counted apart from those of the centres.
_FROM = 500
ACCOUNTANT = 601


@dataclass(frozen=True)
class ChamberTeam:
    """One chamber with its people, the officer of the local employment body, and who pays stipends in the centre."""

    office: Office
    coordinator: Actor
    trainers: tuple[Actor, ...]
    consultant: Actor
    officer: Actor
    accountant: Actor


def chamber_team(team: Team, since: datetime) -> ChamberTeam | None:
    """The chamber of the centre's region with sample staff hired where there is none; None without a chamber."""
    region = team.centre.region_id
    office = Office.objects.filter(kind=OfficeKind.CHAMBER, region=region).order_by("code").first()
    body = Office.objects.filter(kind=OfficeKind.LEB, region=region).order_by("code").first()
    if office is None or body is None:
        return None
    return ChamberTeam(
        office=office,
        coordinator=staff(office, Role.COORDINATOR, 1, _FROM, since)[0],
        trainers=staff(office, Role.TRAINER, 2, _FROM + 1, since),
        consultant=staff(office, Role.PROJECT_CONSULTANT, 1, _FROM + 3, since)[0],
        officer=staff(body, Role.LEB_OFFICER, 1, _FROM + 4, since)[0],
        # The same person as in the grants, where one has to be hired.
        accountant=staff(team.centre, Role.ACCOUNTANT, 1, ACCOUNTANT, since)[0],
    )
