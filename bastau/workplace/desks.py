"""What lies on a desk: rows, counts and narrowings, all from the shared tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau import clock, workdays
from bastau.flow import machine_of, reading
from bastau.flow.models import DESK_ROLES, OFFICE_ROLES, OWN_ROLES, Deadline
from bastau.people.models import Post, User
from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.portal.strip import strip_from

Text = str | Promise


@dataclass(frozen=True)
class Narrowing:
    """A chip that narrows the desk; an app adds its own with :func:`narrow_by`."""

    code: str
    label: Text
    condition: Callable[[datetime], Q]


_more: list[Narrowing] = []


def narrow_by(narrowing: Narrowing) -> None:
    """Let every desk be narrowed by a condition on its deadlines."""
    if narrowing.code not in {known.code for known in _more}:
        _more.append(narrowing)


@dataclass(frozen=True)
class Desk:
    """The desk of one member of staff: what is his or her turn, and all open cases of the offices."""

    user: User
    posts: Sequence[Post]

    @property
    def offices(self) -> list[int]:
        """The offices whose open cases lie on this desk."""
        return sorted({post.office_id for post in self.posts if post.role in DESK_ROLES})

    @property
    def zone(self) -> str:
        """The zone in which this desk reads its dates: that of the first post."""
        return self.posts[0].office.zone if self.posts else dates.DEFAULT_ZONE

    @property
    def has_turns(self) -> bool:
        """Whether duties ever fall to this desk (a head of unit only looks on)."""
        return any(post.role in DESK_ROLES and post.role != Role.UNIT_HEAD for post in self.posts)

    @property
    def oversees(self) -> bool:
        """Whether this desk also shows what is the turn of others in its office."""
        return any(post.role in OFFICE_ROLES for post in self.posts)

    def mine(self) -> QuerySet[Deadline]:
        """For each case whose turn is mine, the nearest open deadline."""
        return reading.desk(self.user, self.posts)

    def centre(self) -> QuerySet[Deadline]:
        """For each open case of my offices, the nearest open deadline, whosever turn it is."""
        nearer = Deadline.objects.open().filter(
            Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk")),
            case_kind=OuterRef("case_kind"),
            case_id=OuterRef("case_id"),
        )
        return (
            Deadline.objects.visible_to(self.user)
            .open()
            .exclude(person=self.user.person_id)
            .filter(~Exists(nearer))
            .select_related("person", "assignee__person", "office")
        )

    def narrowings(self) -> list[Narrowing]:
        """Today, overdue, and what the apps add."""
        return [
            Narrowing("today", _("Today"), self._due_today),
            Narrowing("overdue", _("Overdue"), lambda now: Q(due_at__lte=now)),
            *_more,
        ]

    def _due_today(self, now: datetime) -> Q:
        start = dates.local(now, self.zone).replace(hour=0, minute=0, second=0, microsecond=0)  # type: ignore[call-arg]
        end = start.replace(hour=23, minute=59, second=59, microsecond=999999)  # type: ignore[call-arg]
        return Q(due_at__gt=now, due_at__range=(start, end))

    def counts(self, scope: str) -> dict[str, int]:
        """How many rows each chip would show, in one query: both scopes, and the narrowings within `scope`."""
        now = clock.now()
        scopes = {"mine": Q(pk__in=_keys(self.mine())), "centre": Q(pk__in=_keys(self.centre()))}
        wanted = {name: Count("pk", filter=condition) for name, condition in scopes.items()}
        for narrowing in self.narrowings():
            wanted[f"only_{narrowing.code}"] = Count("pk", filter=scopes[scope] & narrowing.condition(now))
        return Deadline.objects.open().filter(office__in=self.offices).aggregate(**wanted)


def _keys(rows: QuerySet[Deadline]) -> QuerySet[Any]:
    return rows.order_by().values("pk")


def searched(rows: QuerySet[Deadline], typed: str) -> QuerySet[Deadline]:
    """The rows whose number holds, or whose citizen's name begins with, what was typed (SPEC 6.13)."""
    if any(char.isdigit() for char in typed):
        return rows.filter(case_number__icontains=typed)
    return rows.filter(person__fold__startswith=fold(typed))


def drawn(row: Deadline, user: User) -> dict[str, Any]:
    """One row of the desk as its template draws it."""
    now = clock.now()
    zone = row.office.zone
    today = clock.today(zone)
    left = working_days_left(row.due_at, zone)
    tone = "late" if row.due_at <= now else "soon" if left <= 1 else "ahead"
    return {
        "deadline": row,
        "zone": zone,
        "strip": strip_from(row.reckoning, today=today),
        "left": left,
        "tone": tone,
        "subject": reading.subject_of(row),
        "task": reading.task_of(row),
        "who": responsible(row, user),
        "url": case_url(row.case_kind, row.case_id),
    }


def responsible(row: Deadline, user: User) -> str:
    """Whose turn it is, in words: you, a colleague's name, a role, or nobody yet."""
    if row.duty == "citizen":
        return pgettext("whose turn", "the citizen")
    if row.duty not in (Role.SPECIALIST, *OWN_ROLES):
        return str(Role(row.duty).label)
    if row.assignee_id is None:
        return _("nobody yet")
    if row.assignee_id == user.pk:
        return _("you")
    assert row.assignee is not None
    return row.assignee.person.short_name


def working_days_left(due_at: datetime, zone: str) -> int:
    """How many working days lie after today up to the day of `due_at`; 0 when it is today or past."""
    calendar = workdays.current("centre")
    day, due = clock.today(zone), dates.day_of(due_at, zone)
    count = 0
    while day < due and count < 250:
        day = calendar.next_working(day)
        count += day <= due
    return count


def case_url(kind: str, pk: int) -> str:
    """The case page: the change view of the case's model."""
    meta = machine_of(kind).model._meta
    return reverse(f"workplace:{meta.app_label}_{meta.model_name}_change", args=[pk])
