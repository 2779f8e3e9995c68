"""Declared deadlines: started and stopped by events, reckoned once with their explanation, reckoned anew when the
calendar changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Q

from bastau import clock, law, notices, workdays
from bastau.flow import journal
from bastau.flow.actors import SYSTEM
from bastau.flow.models import Case, Deadline
from bastau.flow.registry import DeadlineSpec, Duty, Machine, machine_of


def follow(machine: Machine, event: str, cases: list[Any], at: datetime) -> None:
    """Stop and start the deadlines declared for `event`; record a breach where the duty was done too late."""
    stopping = [spec for spec in machine.deadlines if event in spec.stops]
    starting = [spec for spec in machine.deadlines if event in spec.starts]
    if stopping:
        _stop(machine, stopping, event, cases, at)
    if starting:
        rows = [row for case in cases for spec in starting if (row := _row(spec, case, at)) is not None]
        Deadline.objects.bulk_create(rows)
    for spec in machine.deadlines:
        if event in spec.turns:
            by_role: dict[str, list[Any]] = {}
            for case in cases:
                by_role.setdefault(_role(spec.turns[event], case), []).append(case)
            for role, theirs in by_role.items():
                _of(theirs).filter(name=spec.name).update(duty=role)


def _role(duty: Duty, case: Any) -> str:
    return duty(case) if callable(duty) else duty


def reassign(cases: list[Any]) -> None:
    """Let the open deadlines of `cases` follow the cases' assignee and office."""
    by_place: dict[tuple[int | None, int], list[Any]] = {}
    for case in cases:
        by_place.setdefault((case.assignee_id, case.office_id), []).append(case)
    for (assignee, office), theirs in by_place.items():
        _of(theirs).update(assignee=assignee, office=office)


def _of(cases: list[Any]) -> models.QuerySet[Deadline]:
    return Deadline.objects.open().filter(case_kind=cases[0].kind, case_id__in=[case.pk for case in cases])


def _stop(machine: Machine, specs: list[DeadlineSpec], event: str, cases: list[Any], at: datetime) -> None:
    by_id = {case.pk: case for case in cases}
    running = list(_of(cases).filter(name__in=[spec.name for spec in specs]).order_by("pk"))
    late = []
    for row in running:
        row.closed_at, row.closed_by_event = at, event
        case = by_id[row.case_id]
        if row.breached_at is None and not machine.spec(row.name).met(case, row, at):
            row.breached_at = at
            late.append(row)
    Deadline.objects.bulk_update(running, ["closed_at", "closed_by_event", "breached_at"])
    journal.write([breach_entry(by_id[row.case_id], row) for row in late], at)


def breach_entry(case: Any, row: Deadline) -> journal.Entry:
    """The journal's entry of a missed deadline. Lateness is recorded; it changes no state by itself."""
    facts = {"deadline": row.name, "due_at": row.due_at}
    return journal.Entry(case, "deadline_breached", case.state, case.state, SYSTEM, row.clause, facts)


def _row(spec: DeadlineSpec, case: Case, at: datetime) -> Deadline | None:
    reckoning = spec.reckon(case)
    if reckoning is None:
        return None
    assert case.office is not None
    remind, escalate = alarms(reckoning.due, case.office.zone)
    return Deadline(
        name=spec.name,
        case_kind=case.kind,
        case_id=case.pk,
        case_number=case.number,
        person_id=case.person_id,
        office_id=case.office.pk,
        duty=_role(spec.duty, case),
        assignee_id=case.assignee_id,
        clause=spec.clause,
        started_at=at,
        # A term that is over before it starts (a check finished late) is due at once, and at once overdue.
        due_at=max(reckoning.due, at),
        remind_at=remind,
        escalate_at=escalate,
        reckoning=reckoning.as_json(),
    )


def alarms(due: datetime, zone: str) -> tuple[datetime, datetime]:
    """When to remind and when to escalate: working days before and after the term, at its hour (SPEC 4.0)."""
    calendar = workdays.current("centre")
    local = due.astimezone(ZoneInfo(zone))

    def moved(days: int, way: int) -> datetime:
        day = local.date()
        while days:
            day += timedelta(days=way)
            days -= calendar.is_working(day)
        return local.replace(year=day.year, month=day.month, day=day.day)

    return moved(law.term("T-REMIND").length, -1), moved(law.term("T-ESCALATE").length, 1)


def reckon_anew() -> int:
    """After the calendar changed: reckon every open deadline again; journal those that moved. Returns how many did.

    A deadline already missed stays missed. Reminders that were sent for the former date are sent again.
    """
    moved = 0
    last = 0
    while True:
        with transaction.atomic():
            batch = list(Deadline.objects.open().filter(pk__gt=last, breached_at=None).order_by("pk")[:500])
            if not batch:
                return moved
            last = batch[-1].pk
            moved += _reckon_batch(batch)


def _reckon_batch(batch: list[Deadline]) -> int:
    entries: list[journal.Entry] = []
    changed: list[Deadline] = []
    told: list[Any] = []
    # Cases are locked before their deadlines, as perform does, and the rows are read again behind the lock.
    cases = {(row.case_kind, row.case_id): case for case, row in with_cases(batch)}
    rows = Deadline.objects.open().filter(pk__in=[row.pk for row in batch], breached_at=None).order_by("pk")
    for row in rows:
        case = cases[row.case_kind, row.case_id]
        reckoning = machine_of(row.case_kind).spec(row.name).reckon(case)
        if reckoning is None or reckoning.as_json() == row.reckoning:
            continue
        before, row.reckoning = row.due_at, reckoning.as_json()
        row.due_at = max(reckoning.due, row.started_at)
        row.remind_at, row.escalate_at = alarms(reckoning.due, case.office.zone)
        changed.append(row)
        if row.due_at != before:
            row.reminded_at = None
            facts = {"deadline": row.name, "before": before, "after": row.due_at}
            entries.append(journal.Entry(case, "deadline_moved", case.state, case.state, SYSTEM, row.clause, facts))
            told += machine_of(row.case_kind).alarm(case, row, "moved")
    Deadline.objects.bulk_update(changed, ["due_at", "remind_at", "escalate_at", "reckoning", "reminded_at"])
    journal.write(entries, clock.now())
    if told:
        notices.tell_many(told)
    return len(entries)


def with_cases(rows: Iterable[Deadline], *, skip_locked: bool = False) -> list[tuple[Any, Deadline]]:
    """Each deadline with its case, the cases locked; where `skip_locked`, without those another worker holds."""
    kinds: dict[str, list[Deadline]] = {}
    for row in rows:
        kinds.setdefault(row.case_kind, []).append(row)
    pairs: list[tuple[Any, Deadline]] = []
    for kind, of_kind in kinds.items():
        model = machine_of(kind).model
        cases = {
            case.pk: case
            for case in model._base_manager.filter(Q(pk__in={row.case_id for row in of_kind}))
            .select_related("person", "office")
            .select_for_update(of=("self",), skip_locked=skip_locked)
            .order_by("pk")
        }
        pairs += [(cases[row.case_id], row) for row in of_kind if row.case_id in cases]
    return pairs
