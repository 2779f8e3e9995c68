"""What a run tells: counts by state, terms kept and missed, papers, notices, and the invariants that were checked."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q

from bastau.flow import journal
from bastau.flow.models import Deadline
from bastau.notices.models import Notice
from bastau.papers.models import Paper
from referrals.models import ReferralApplication
from referrals.simulation.chapters import Check, chapters
from referrals.states import CLOSED, DECIDED, CheckResult, Outcome


def report() -> dict[str, Any]:
    """The figures of all that is in the database."""
    deadlines = Deadline.objects.values("name").annotate(
        met=Count("pk", filter=Q(closed_at__isnull=False, breached_at=None)),
        breached=Count("pk", filter=Q(breached_at__isnull=False)),
        open=Count("pk", filter=Q(closed_at=None, breached_at=None)),
    )
    return {
        "states": _counted(ReferralApplication._base_manager.all(), "state"),
        "channels": _counted(ReferralApplication._base_manager.all(), "channel"),
        "deadlines": {
            row["name"]: {key: row[key] for key in ("met", "breached", "open")} for row in deadlines.order_by("name")
        },
        "papers": {
            kind: _counted(Paper.objects.filter(kind=kind), "state")
            for kind in Paper.objects.order_by("kind").values_list("kind", flat=True).distinct()
        },
        "notices": _counted(Notice.objects.all(), "code"),
        **{chapter.name: chapter.counts() for chapter in chapters()},
        "invariants": {name: check() for name, check in _invariants().items()},
    }


def _invariants() -> dict[str, Check]:
    found = dict(INVARIANTS)
    for chapter in chapters():
        found |= chapter.invariants
    return found


def _counted(rows: Any, field: str) -> dict[str, int]:
    return dict(rows.order_by(field).values_list(field).annotate(n=Count("pk")))


def _undecided_protocol() -> int:
    decided = ReferralApplication._base_manager.filter(state__in=DECIDED)
    return (
        decided.filter(Q(checks=None) | Q(checks__result=CheckResult.WAITING) | Q(checked_at=None)).distinct().count()
    )


def _refusals_without_ground() -> int:
    refused = ReferralApplication._base_manager.filter(state__in=DECIDED, outcome=Outcome.REFUSE)
    grounded = Q(proposals__returned_at=None, proposals__ground__in=[1, 2]) & ~Q(proposals__reasons="")
    return refused.exclude(pk__in=refused.filter(grounded).values("pk")).count()


def _same_eyes() -> int:
    return ReferralApplication._base_manager.filter(checked_by=F("decided_by")).count()


def _open_on_closed_cases() -> int:
    ended = ReferralApplication._base_manager.filter(state__in=CLOSED).values("pk")
    return Deadline.objects.open().filter(case_kind=ReferralApplication.kind, case_id__in=ended).count()


def _without_case() -> int:
    known = ReferralApplication._base_manager.values("pk")
    return Deadline.objects.filter(case_kind=ReferralApplication.kind).exclude(case_id__in=known).count()


def _unsigned_results() -> int:
    return Paper.objects.filter(state="issued", kind__in=["referral_a5", "service_refusal"], signatures=None).count()


# Each gives the number of offences; a sound run has 0 everywhere.
INVARIANTS = {
    "decisions without a finished protocol": _undecided_protocol,
    "refusals without ground and reasons": _refusals_without_ground,
    "decisions signed by who checked": _same_eyes,
    "broken journal chains": lambda: sum(1 for _fault in journal.faults()),
    "open deadlines of ended cases": _open_on_closed_cases,
    "deadlines without their case": _without_case,
    "results given out unsigned": _unsigned_results,
}
