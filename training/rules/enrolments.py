"""Rules of an enrolment; each names the clause it applies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from bastau import law, workdays
from training.states import EnrolmentState, ModuleKind, ModuleState

if TYPE_CHECKING:
    from bastau.people.models import Person
    from bastau.workdays import Reckoning
    from training.models import Enrolment


def earliest_start(case: Enrolment) -> date | None:
    """The first day on which this person may start new training; None when there was none (118-p29, A-23)."""
    return earliest_for(case.person, case.referral.trained_until)


def earliest_for(person: Person, told: date | None = None) -> date | None:
    """As `earliest_start`, from the trainings kept here and what the labour market system `told`.

    Any training actually begun counts, however it ended; a group broken off and a place never taken do not.
    """
    from training.models import Enrolment

    kept = Enrolment._base_manager.filter(person=person).aggregate(last=Max("ended_on"))["last"]
    ends = [day for day in (kept, told) if day is not None]
    return workdays.repeat_from(max(ends)) if ends else None


def places_left(group: Any) -> int | None:
    """Places of an offline group still free, those before whom the waiting list stands not counted; None online
    (118-p22-3)."""
    if group.mode != "offline":
        return None
    return max(law.value("118-p22-3:max") - group.enrolments.members().count(), 0)


def place_for(case: Enrolment) -> bool:
    """Whether there is a place for this person: who waits comes in the order of the list, before any newcomer."""
    if case.group is None:
        return False
    left = places_left(case.group)
    if left is None:
        return True
    waiting = list(
        case.group.enrolments.filter(state=EnrolmentState.WAITLISTED)
        .order_by("waitlisted_at", "pk")
        .values_list("pk", flat=True)
    )
    if case.pk in waiting:
        return waiting.index(case.pk) < left
    return len(waiting) < left


def modules_passed(case: Enrolment) -> bool:
    """Whether the tests of all modules of the course are passed (118-p24)."""
    from training.models import CourseModule, ModuleProgress

    wanted = set(CourseModule.objects.filter(kind=ModuleKind.MODULE).values_list("pk", flat=True))
    passed = ModuleProgress._base_manager.filter(enrolment=case, state=ModuleState.PASSED)
    return bool(wanted) and wanted <= set(passed.values_list("module", flat=True))


def assessment(group: Any) -> Reckoning:
    """The window for tests and the assessment of plans: ten working days after the last training day (118-p28, A-22).

    `.due` is its end.
    """
    calendar = workdays.current("centre")
    return workdays.working_term(group.end_on, law.term("118-p28", group.end_on), calendar, group.office.zone)


def referral_is_old(issued_on: date | None, today: date) -> bool:
    """Whether a referral is so old that the status may have changed; it does not expire (118-p18, T-REFERRAL-OLD)."""
    return issued_on is not None and workdays.add(issued_on, law.term("T-REFERRAL-OLD")) < today


def outcome(final_percent: int | None, plan_percent: int | None, *, plan_known: bool) -> str | None:
    """What the results make of an enrolment being assessed; None while one is missing (118-p25, p27, A-20, A-21).

    The final test decides first: with a low mark the plan does not replace it. Percents are whole numbers.
    """
    if final_percent is None:
        return None
    if final_percent < law.value("A-20:pass"):
        return EnrolmentState.EXPELLED
    if not plan_known:
        return None
    if plan_percent is not None and plan_percent >= law.value("118-p27-1"):
        return EnrolmentState.COMPLETED_COMPLETION
    return EnrolmentState.COMPLETED_PARTICIPATION


def series(region: str, day: date) -> str:
    """The series of application-questionnaires of a region and year."""
    return f"СА-{region}-{day.year}"
