"""The summary of the project by region and period (118-p35): counts alone, from one card per accompanied business."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from bastau.people.models import Office
from bastau.workdays import end_of
from monitoring.models import AccompanimentCase, ConsultationRequest, MonitoringCard, ProblemIssue
from monitoring.states import PROBLEM_OVER, ProblemState

#: Fewer people than this are not shown to who does not work on their cases (SPEC 5).
FEWEST = 5
NUMBERS = (
    "accompanied", "launched", "working", "jobs", "income", "enquiries", "problems", "resolved", "open_problems",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One district of a region, or a whole region where `office` is None: its numbers by name."""

    chamber: Office
    office: Office | None
    numbers: dict[str, int]


def lines(chambers: Iterable[Office], since: date, until: date) -> list[Line]:
    """For each chamber its districts by employment centre, then the whole region; six statements in all."""
    offices = sorted(chambers, key=lambda office: office.code)
    counted = _counted(offices, since, until)
    centres = Office.objects.in_bulk({centre for _chamber, centre in counted if centre is not None})
    found = []
    for chamber in offices:
        own = {centre: numbers for (of, centre), numbers in counted.items() if of == chamber.pk}
        named = sorted((centres[centre] for centre in own if centre is not None), key=lambda office: office.code)
        found += [Line(chamber, centre, own[centre.pk]) for centre in named]
        whole = {name: sum(numbers[name] for numbers in own.values()) for name in NUMBERS}
        found.append(Line(chamber, None, whole))
    return found


def _counted(offices: list[Office], since: date, until: date) -> dict[tuple[int, int | None], dict[str, int]]:
    found: dict[tuple[int, int | None], dict[str, int]] = {}

    def add(rows: Iterable[tuple[Any, ...]], *names: str) -> None:
        for chamber, centre, *values in rows:
            numbers = found.setdefault((chamber, centre), dict.fromkeys(NUMBERS, 0))
            numbers.update(zip(names, (value or 0 for value in values), strict=True))

    cases = AccompanimentCase.objects.filter(office__in=offices, financed_on__lte=until)
    ended = max((end_of(until, office.zone) for office in offices), default=None)
    still = Q(closed_at=None) | Q(closed_at__gt=ended) if ended else Q(closed_at=None)
    counts = (Count("pk", filter=still), Count("pk", filter=Q(launched_on__range=(since, until))))
    add(_by(cases, "", *counts), "accompanied", "launched")
    cards = MonitoringCard.objects.filter(case__office__in=offices, quarter_end__range=(since, until))
    latest = cards.order_by("case", "-quarter_end").distinct("case").values("pk")
    last = MonitoringCard.objects.filter(pk__in=latest)
    add(_by(last, "case__", Count("pk", filter=Q(working=True)), Sum("jobs")), "working", "jobs")
    add(_by(cards, "case__", Sum("income")), "income")
    issues = ProblemIssue.objects.filter(office__in=offices, found_on__range=(since, until))
    resolved = Count("pk", filter=Q(state__in=[ProblemState.CONFIRMED, ProblemState.CLOSED]))
    pending = Count("pk", filter=~Q(state__in=PROBLEM_OVER))
    add(_by(issues, "accompaniment__", Count("pk"), resolved, pending), "problems", "resolved", "open_problems")
    begins, ends = (datetime.combine(day, time.min, tzinfo=UTC) for day in (since, until + timedelta(days=1)))
    asked = ConsultationRequest.objects.filter(accompaniment__office__in=offices)
    asked = asked.filter(asked_at__gte=begins, asked_at__lt=ends)
    add(_by(asked, "accompaniment__", Count("pk")), "enquiries")
    return found


def _by(rows: QuerySet[Any], way: str, *counts: Any) -> Iterable[tuple[Any, ...]]:
    """The counts of each chamber and centre, found along `way` from the rows to the case."""
    place = (f"{way}office", f"{way}centre")
    named = {f"n{number}": count for number, count in enumerate(counts)}
    return rows.order_by(*place).values(*place).annotate(**named).values_list(*place, *named)


def shown(line: Line, *, outside: bool) -> dict[str, str]:
    """The numbers as words; who does not work on the cases is not shown fewer than five people, nor their income."""
    few = outside and 0 < line.numbers["accompanied"] < FEWEST
    found = {}
    for name in NUMBERS:
        number = line.numbers[name]
        hidden = outside and number and (few or (name not in {"income", "jobs"} and number < FEWEST))
        found[name] = f"<{FEWEST}" if hidden and name not in {"income", "jobs"} else "–" if hidden else str(number)
    return found


def csv_safe(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
