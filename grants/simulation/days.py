"""The working days of an office in a simulated run, and how its people sign and ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bastau import clock, papers, workdays
from bastau.flow import Actor
from bastau.gateways import outbox
from bastau.gateways.models import Enquiry
from bastau.papers.authority import demo_sign
from bastau.papers.models import Paper, PaperState
from bastau.people.citizens import account_of
from bastau.people.models import Office, Person
from referrals.simulation.world import World

MORNING, AFTERNOON = time(10, 30), time(15)
#: In the last days of a run one case of each kind is left where it lies, so that every desk holds work.
LAST_DAYS = timedelta(days=4)


def plan_days(
    world: World, office: Office, *, morning: Callable[[], None], afternoon: Callable[[], None] | None = None
) -> None:
    """Plan the mornings and afternoons of an office's working days; what lies beyond the end stays undone."""
    zone, calendar = ZoneInfo(office.zone), workdays.current("centre")
    day, last = world.start.astimezone(zone).date(), world.end.astimezone(zone).date()
    while day <= last:
        if calendar.is_working(day):
            for hour, what in ((MORNING, morning), (AFTERNOON, afternoon)):
                at = datetime.combine(day, hour, zone).astimezone(UTC)
                if what is not None and at >= world.start:
                    world.at(at, what)
        day += timedelta(days=1)


def today(office: Office) -> date:
    """The local day of an office."""
    return clock.today(office.zone)


def on_desk(world: World, cases: Iterable[Any]) -> list[Any]:
    """What is done today: all of it, but for one case in the last days of the run."""
    found = list(cases)
    return found[:-1] if world.end - clock.now() < LAST_DAYS else found


def lot(person: Person, sides: int, salt: int = 0) -> int:
    """What kind of person this is, 0 to `sides` - 1; always the same for one person."""
    return (int(person.iin[6:11]) * 7 + int(person.iin[:6]) + salt * 13) % sides


def citizen(case: Any) -> Actor:
    """The citizen whose case it is."""
    return Actor(account_of(case.person))


def signatures(found: Iterable[Paper], by: Actor) -> dict[int, bytes]:
    """Papers printed where they are not yet, and signed with the demonstration's key."""
    assert by.user is not None
    made = [papers.render(one.pk) if one.state == PaperState.ASKED else one for one in found]
    return {one.pk: demo_sign(by.user, one.content(), by.post) for one in made}


def systems_answer(case: Any) -> None:
    """The other systems answer what is open of a case."""
    waiting = Enquiry.objects.of_case(case.kind, case.pk).open()
    for enquiry in waiting.order_by("pk"):
        outbox.send(enquiry.pk)


def in_working_days(office: Office, number: int, hour: time) -> datetime:
    """The `number`-th working day after today, at an hour of the office."""
    return datetime.combine(
        workdays.current("centre").shift(today(office), number), hour, ZoneInfo(office.zone)
    ).astimezone(UTC)
