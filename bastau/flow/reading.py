"""What every shell shows of a case, from the shared tables alone: its buttons, its life line, its running terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bastau import law
from bastau.flow.actors import Actor
from bastau.flow.door import verdict
from bastau.flow.models import DESK_ROLES, OWN_ROLES, Case, Deadline, Step
from bastau.flow.registry import Text, machine_of
from bastau.people.models import Post
from bastau.people.roles import Role


@dataclass(frozen=True)
class Button:
    """One event of the machine as a button: what perform would refuse is shown disabled with its reason."""

    event: str
    label: Text
    enabled: bool
    reason: Text


def buttons(case: Case, by: Actor, events: Iterable[str]) -> list[Button]:
    """The buttons for those of `events` that this actor's role could ever press in the present state."""
    machine = machine_of(case.kind)
    found = []
    for event in events:
        if getattr(type(case), event)._django_fsm.get_transition(case.state) is None:  # type: ignore[attr-defined]
            continue
        answer = verdict(case, event, by)
        found.append(Button(event, machine.events[event].label, answer.ok, answer.reason))
    return found


@dataclass(frozen=True)
class Moment:
    """One point of the life line. `state` is done, now or later; `who` is empty for the system."""

    when: datetime | None
    title: Text
    who: str
    role: str
    clause: str
    clause_label: str
    state: str
    event: str
    facts: dict[str, Any]


def life_line(case: Case, *, language: str, events: Iterable[str] | None = None) -> list[Moment]:
    """What happened to a case, oldest first. `events` limits it (a citizen is not shown every reminder)."""
    machine = machine_of(case.kind)
    steps = Step.objects.filter(case_kind=case.kind, case_id=case.pk).select_related("actor__person", "post__office")
    if events is not None:
        steps = steps.filter(event__in=list(events))
    return [
        Moment(
            when=step.at,
            title=machine.events[step.event].done if step.event in machine.events else step.event,
            who=step.actor.person.short_name if step.actor else "",
            role=step.role,
            clause=step.clause,
            clause_label=law.clause(step.clause).label(language),
            state="done",
            event=step.event,
            facts=step.facts,
        )
        for step in steps.order_by("sequence")
    ]


def running(case: Case) -> list[Deadline]:
    """The open deadlines of a case, nearest first."""
    return list(Deadline.objects.open().filter(case_kind=case.kind, case_id=case.pk).order_by("due_at", "pk"))


def desk(user: Any, posts: Sequence[Post]) -> QuerySet[Deadline]:
    """The desk of `user`: for each case the nearest open deadline whose turn is that of one of the posts.

    A specialist's desk leaves out what a colleague works on; the whole centre is the unfiltered list.
    """
    turns = Q(pk__in=[])
    for post in posts:
        if post.role in DESK_ROLES:
            turn = Q(office=post.office_id, duty=post.role)
            if post.role == Role.SPECIALIST:
                turn &= Q(assignee=None) | Q(assignee=user.pk)
            elif post.role in OWN_ROLES:
                turn &= Q(assignee=user.pk)
            turns |= turn
    nearer = Deadline.objects.open().filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk")),
        case_kind=OuterRef("case_kind"),
        case_id=OuterRef("case_id"),
        duty=OuterRef("duty"),
    )
    return (
        Deadline.objects.visible_to(user)
        .open()
        .filter(turns)
        .exclude(person=user.person_id)
        .filter(~Exists(nearer))
        .select_related("person", "assignee__person", "office")
        .order_by("due_at", "pk")
    )


def subject_of(deadline: Deadline) -> Text:
    """Whom or what a term is about, in a few words: the person, or what the case is called."""
    return deadline.person.short_name if deadline.person else machine_of(deadline.case_kind).label


def task_of(deadline: Deadline) -> Text:
    """What whoever's turn it is has to do."""
    titles = machine_of(deadline.case_kind).spec(deadline.name).titles
    return titles.get(deadline.duty) or next(iter(titles.values()))
