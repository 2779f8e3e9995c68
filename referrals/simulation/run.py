"""A whole run: who comes when, through which door, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.test.utils import override_settings

from bastau import clock, workdays
from bastau.flow.sweep import sweep
from bastau.gateways.simulators.people import make_iin, synthetic
from bastau.gateways.simulators.server import Simulators
from bastau.people.citizens import Identity
from bastau.people.scope import centre_for
from referrals import sweeps
from referrals.simulation.chapters import chapters
from referrals.simulation.report import report
from referrals.simulation.story import Story, Wishes
from referrals.simulation.world import Team, World, teams
from referrals.states import Channel, State

OFFICES = ["C-35", "C-71", "C-43"]
# The last people of a run, all of the first office, so that its desks hold work in every state.
ENDINGS: tuple[tuple[str, Wishes], ...] = (
    ("days", Wishes(Channel.SC, halt=State.SENT_TO_SC)),
    ("month", Wishes(Channel.SC, collects_after_days=None)),
    ("month", Wishes(Channel.SC, collects_after_days=None)),
    ("days", Wishes(Channel.CENTRE, refused_at_counter=True)),
    ("days", Wishes(Channel.PORTAL, withdraws=True)),
    ("days", Wishes(Channel.CENTRE, halt=State.IN_CHECK)),
    ("hours", Wishes(Channel.PORTAL, halt=State.AWAITING_SIGNATURE)),
    ("hours", Wishes(Channel.CENTRE, halt=State.AWAITING_SIGNATURE)),
    ("hours", Wishes(Channel.PORTAL, halt=State.AWAITING_SIGNATURE, untrue=True)),
    ("hours", Wishes(Channel.PORTAL, halt=State.CHECKED)),
    ("hours", Wishes(Channel.CENTRE, halt=State.CHECKED)),
    ("hours", Wishes(Channel.PORTAL, halt=State.IN_CHECK)),
    ("hours", Wishes(Channel.SC, halt=State.IN_CHECK, register_down=True)),
    ("minutes", Wishes(Channel.PORTAL, halt=State.ACCEPTED)),
    ("minutes", Wishes(Channel.PORTAL, halt=State.ACCEPTED)),
    ("minutes", Wishes(Channel.SC, halt=State.ACCEPTED)),
    ("minutes", Wishes(Channel.PORTAL, halt=State.DRAFT)),
)
# Working hours before the end at which each of these people comes.
LEAD = {"month": 9.5 * 30, "days": 9.5 * 4, "hours": 9.5 * 1.9, "minutes": 4.0}


def simulate(*, people: int, months: int, seed: int, start: datetime | None, all_papers: bool) -> dict[str, Any]:
    """Drive `people` through `months`, beginning at `start` (None: so long ago that the run ends now)."""
    if start is None:
        end = clock.now()
        start = end - timedelta(days=31 * months)
    else:
        end = datetime.combine(_months_later(start.date(), months), time(13), UTC)
    workdays.seed()
    world = World(seed, start, end)
    first, *others = staffed = teams(OFFICES, start)
    iins = _Iins(staffed)
    endings = ENDINGS[-people:] if people < len(ENDINGS) else ENDINGS
    for n in range(people - len(endings)):
        team = world.chance.choices([first, *others], weights=[3, 1, 1])[0]
        _plan(world, team, iins, _drawn(world, team), _instant(world), all_papers or n % 10 == 0)
    for lead, wishes in endings:
        if wishes.channel == Channel.SC and first.counter is None:
            continue
        fresh = Wishes(**vars(wishes))
        _plan(world, first, iins, fresh, _before_end(world, first, LEAD[lead]), True)
    for chapter in chapters():
        chapter.plan(world, staffed)
    _plan_system(world)
    with _registers():
        world.run()
    return {
        "people": people,
        "months": months,
        "seed": seed,
        "from": start.date().isoformat(),
        "till": end.date().isoformat(),
        "told": dict(sorted(world.told.items())),
        **report(),
    }


@contextmanager
def _registers() -> Iterator[None]:
    """The run's own registers on a free port, so that no fault somebody set elsewhere reaches it."""
    server = Simulators("127.0.0.1", 0, {})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        with override_settings(
            PERSON_REGISTRY_URL=f"{server.address}/person_registry",
            TAX_REGISTRY_URL=f"{server.address}/tax_registry",
            BANK_URL=f"{server.address}/bank",
            LABOUR_MARKET_URL=f"{server.address}/labour_market",
            SMS_URL=f"{server.address}/sms",
        ):
            yield
    finally:
        server.shutdown()
        server.server_close()


class _Iins:
    """Synthetic IINs of residents of each office, in a fixed order."""

    def __init__(self, staffed: list[Team]) -> None:
        self._waiting: dict[int, list[dict[str, Any]]] = {team.centre.pk: [] for team in staffed}
        self._next = 0

    def resident(self, team: Team, *, registered: bool | None) -> dict[str, Any]:
        """The next synthetic person who lives in the centre's area; `registered` as unemployed where it matters."""
        waiting = self._waiting[team.centre.pk]
        for known in waiting:
            if registered is None or known["labour"]["registered_unemployed"] == registered:
                waiting.remove(known)
                return known
        while True:
            person = synthetic(make_iin(self._next))
            self._next += 1
            if person is None or not person["alive"]:
                continue
            known = person
            centre = centre_for(known["residence"])
            if centre is None or centre.pk not in self._waiting:
                continue
            if centre.pk == team.centre.pk and registered in {None, known["labour"]["registered_unemployed"]}:
                return known
            self._waiting[centre.pk].append(known)


def _plan(world: World, team: Team, iins: _Iins, wishes: Wishes, at: datetime, printed: bool) -> None:
    registered = True if wishes.halt and wishes.channel == Channel.PORTAL else None
    known = iins.resident(team, registered=registered)
    Story(
        world=world,
        team=team,
        iin=known["iin"],
        names=Identity(known["iin"], known["surname"], known["given_name"], known["patronymic"]),
        wishes=wishes,
        language=world.chance.choices(["kk", "ru"], weights=[65, 35])[0],
        papers_sampled=printed,
    ).begin(at)


def _drawn(world: World, team: Team) -> Wishes:
    chance = world.chance.random
    doors = [Channel.PORTAL, Channel.CENTRE, Channel.SC if team.counter else Channel.CENTRE]
    return Wishes(
        channel=world.chance.choices(doors, weights=[55, 28, 17])[0],
        refused_at_counter=chance() < 0.06,
        register_down=chance() < 0.05,
        untrue=chance() < 0.05,
        sent_back=chance() < 0.07,
        withdraws=chance() < 0.04,
        late_hours=world.chance.uniform(15, 40) if chance() < 0.05 else 0.0,
        collects_after_days=world.chance.randrange(1, 9) if chance() < 0.93 else None,
    )


def _instant(world: World) -> datetime:
    return world.start + (world.end - world.start) * world.chance.random() * 0.95


def _before_end(world: World, team: Team, hours: float) -> datetime:
    """An instant so many working hours of the centre before the end, a little spread."""
    step = timedelta(minutes=30)
    calendar = workdays.current("centre")
    moment, left = world.end, hours * world.chance.uniform(0.9, 1.1)
    while left > 0:
        moment -= step
        if calendar.is_open(moment, team.centre.zone):
            left -= 0.5
    return moment


def _plan_system(world: World) -> None:
    """The sweeps of beat, a few times a day."""
    moment = world.start
    while moment < world.end:
        world.at(moment, _sweeps)
        moment += timedelta(hours=6)


def _sweeps() -> None:
    sweep()
    sweeps.give_out_untaken()
    sweeps.mark_uncollected()
    for chapter in chapters():
        for one in chapter.sweeps:
            one()


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))
