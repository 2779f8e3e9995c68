"""The simulated world: its time, its chance, its offices and their staff."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bastau import clock, workdays
from bastau.flow import Actor
from bastau.gateways.simulators.people import make_iin, synthetic
from bastau.people.citizens import Identity
from bastau.people.invitations import Order, invite
from bastau.people.models import Office, Post
from bastau.people.roles import Role

# IINs of the simulated staff are counted from here, those of the citizens from 0.
_STAFF_FROM = 900_000


@dataclass(frozen=True)
class Team:
    """One centre with the State Corporation's counter of its region and the people who work there."""

    centre: Office
    counter: Office | None
    specialists: tuple[Actor, ...]
    directors: tuple[Actor, ...]
    operators: tuple[Actor, ...]


class World:
    """Runs what is planned in the order of its instants, each under its own frozen clock."""

    def __init__(self, seed: int, start: datetime, end: datetime) -> None:
        self.chance = random.Random(seed)
        self.start, self.end = start, end
        self.told: Counter[str] = Counter()
        self._plan: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, instant: datetime, what: Callable[[], None]) -> None:
        """Plan `what`; what lies beyond the end stays undone, as in life."""
        self._count += 1
        heapq.heappush(self._plan, (instant, self._count, what))

    def run(self) -> None:
        """Live until the end."""
        while self._plan and self._plan[0][0] <= self.end:
            instant, _turn, what = heapq.heappop(self._plan)
            with clock.at(instant):
                what()

    def working(self, office: Office, after: datetime, hours: float, kind: str = "centre") -> datetime:
        """An instant in the office's working time, `hours` of it after `after`."""
        calendar, zone = workdays.current(kind), ZoneInfo(office.zone)
        moment, left = after, timedelta(hours=hours)
        while True:
            local = moment.astimezone(zone)
            day = local.date()
            if calendar.is_working(day):
                opens, closes = (_at(day, hour, zone) for hour in (calendar.opens(day), calendar.closes(day)))
                moment = max(moment, opens)
                # The last minute of the day is left free: what begins at closing time belongs to the next day.
                if moment + left < closes - timedelta(minutes=1):
                    return moment + left
                left -= max(timedelta(), min(left, closes - moment))
            moment = _at(day + timedelta(days=1), time(0), zone)

    def chosen(self, actors: tuple[Actor, ...]) -> Actor:
        """One of several colleagues."""
        return self.chance.choice(actors)


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)


def teams(codes: list[str], since: datetime) -> list[Team]:
    """The offices by code, with sample staff hired where there is none. Repeating it hires nobody twice."""
    return [_team(Office.objects.select_related("region").get(code=code), n, since) for n, code in enumerate(codes)]


def _team(centre: Office, n: int, since: datetime) -> Team:
    counter = Office.objects.filter(kind="sc", region=centre.region_id).order_by("code").first()
    return Team(
        centre=centre,
        counter=counter,
        specialists=staff(centre, Role.SPECIALIST, 2, n * 10, since),
        directors=staff(centre, Role.DIRECTOR, 1, n * 10 + 2, since),
        operators=staff(counter, Role.SC_OPERATOR, 1, n * 10 + 3, since) if counter else (),
    )


def staff(office: Office, role: Role, wanted: int, n: int, since: datetime) -> tuple[Actor, ...]:
    """Those who hold `role` in `office`; where they are fewer than `wanted`, sample people are hired, the `n`-th on."""

    def in_post() -> list[Post]:
        posts = Post.objects.filter(office=office, role=role, since__lte=since).select_related("user__person", "office")
        return list(posts.order_by("pk"))

    for offset in range(max(0, wanted - len(in_post()))):
        known = synthetic(make_iin(_STAFF_FROM + n + offset))
        assert known is not None
        identity = Identity(known["iin"], known["surname"], known["given_name"], known["patronymic"])
        order = Order(office, role, f"{n + offset + 1}-ж/қ", since.date(), since - timedelta(days=1))
        invite(identity, f"{office.code.lower()}.{role}.{offset + 1}@example.kz", order, "kk")
    return tuple(Actor(post.user, post) for post in in_post())
