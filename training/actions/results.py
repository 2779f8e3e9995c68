"""What results do to an enrolment: the final test, the plan's assessment, the end of the window (118-p24 to p28)."""

from __future__ import annotations

from django.db import transaction

from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from training.models import Enrolment
from training.rules import enrolments as rules
from training.states import ENROLMENT_LEARNING, EnrolmentState


@transaction.atomic
def begin(enrolment: Enrolment, *, by: Actor = SYSTEM) -> Enrolment:
    """The first class attended or the first sign-in to the course (SPEC 4.4). Again changes nothing. Raises Refused."""
    case = _locked(enrolment)
    if case.state != EnrolmentState.ENROLLED:
        return case
    return perform(case, "begin", by=by, group=case.group_id)


@transaction.atomic
def open_final(enrolment: Enrolment) -> bool:
    """Open the final test where all modules are passed and the classes are over (118-p24, p25). Whether it opened."""
    case = _locked(enrolment)
    if case.state != EnrolmentState.STUDYING or not verdict(case, "open_final", SYSTEM).ok:
        return False
    perform(case, "open_final", by=SYSTEM)
    return True


@transaction.atomic
def note_final(enrolment: Enrolment, percent: int) -> Enrolment:
    """The result of the final test is in: completion, participation, or an expulsion to be confirmed (118-p25, p27).

    The same result again changes nothing. Raises Refused where no final test is open.
    """
    case = _locked(enrolment)
    if case.final_percent == percent:
        return case
    case = perform(case, "enter_final", by=SYSTEM, set={"percent": percent}, percent=percent)
    if rules.outcome(percent, None, plan_known=False) == EnrolmentState.EXPELLED:
        return perform(case, "propose_expulsion", by=SYSTEM, percent=percent)
    return conclude(case)


@transaction.atomic
def void_final(enrolment: Enrolment, *, by: Actor) -> Enrolment:
    """The attempt was void for a technical fault (A-20): its result goes. Without one nothing changes.

    Raises Refused.
    """
    case = _locked(enrolment)
    return case if case.final_percent is None else perform(case, "void_final", by=by)


@transaction.atomic
def note_plan(enrolment: Enrolment, percent: int | None) -> Enrolment:
    """The plan's assessment is in; None: there was no plan by the end of the last training day (118-p27, A-22).

    A second result, or one of an enrolment that has ended, changes nothing. Raises Refused.
    """
    case = _locked(enrolment)
    if case.plan_at is not None or case.state not in ENROLMENT_LEARNING:
        return case
    facts = {} if percent is None else {"percent": percent}
    return conclude(perform(case, "enter_plan", by=SYSTEM, set={"percent": percent}, **facts))


def conclude(case: Enrolment) -> Enrolment:
    """Complete what has both results (118-p27); the system decides, by integers alone."""
    if case.state != EnrolmentState.ASSESSING or case.group is None:
        return case
    outcome = rules.outcome(case.final_percent, case.plan_percent, plan_known=case.plan_at is not None)
    event = {
        EnrolmentState.COMPLETED_COMPLETION: "complete",
        EnrolmentState.COMPLETED_PARTICIPATION: "complete_without_plan",
    }.get(EnrolmentState(outcome)) if outcome else None  # fmt: skip
    if event is None:
        return case
    ended_on = case.group.end_on
    return perform(case, event, by=SYSTEM, set={"ended_on": ended_on}, ended_on=ended_on)


@transaction.atomic
def close_at_window_end(enrolment: Enrolment) -> str:
    """What the end of the window makes of one enrolment: the event that happened, or nothing (118-p24, p25, p28).

    Whose final test is passed and whose plan is not assessed yet keeps waiting: a late assessor must not harm him.
    """
    case = _locked(enrolment)
    if case.group is None:
        return ""
    event = {EnrolmentState.STUDYING: "not_admit", EnrolmentState.ASSESSING: "close_without_result"}.get(
        EnrolmentState(case.state)
    )
    if event is None or not verdict(case, event, SYSTEM).ok:
        return ""
    try:
        perform(case, event, by=SYSTEM, set={"ended_on": case.group.end_on}, ended_on=case.group.end_on)
    except Refused:
        # A result came in at this very moment.
        return ""
    return event


def _locked(enrolment: Enrolment) -> Enrolment:
    return (
        Enrolment._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "group__office", "referral__office")
        .get(pk=enrolment.pk)
    )
