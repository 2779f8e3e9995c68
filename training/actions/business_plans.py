"""The business plan: written in sections, handed in, returned once, assessed. The only writers of plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bastau import clock, papers
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Language, User
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from training.actions import results
from training.models import BusinessPlan, Enrolment, PlanLine, PlanScore
from training.papers import business_plans as kinds
from training.rights import business_plans as rights
from training.rules import business_plans as rules
from training.states import ENROLMENT_LEARNING, PLAN_WRITABLE, BusinessPlanState

#: More lines than any estimate of such a project needs.
MOST_LINES = 60
BATCH = 200


def save_section(plan: BusinessPlan, *, by: Actor, values: Mapping[str, Any]) -> BusinessPlan:
    """Keep what was written on one page of the draft; the other sections stay. Raises Refused."""
    with transaction.atomic():
        plan = _writable(plan, by)
        plan.content = {**plan.content, **values}
        plan.save(update_fields=["content"])
    return plan


def save_line(plan: BusinessPlan, *, by: Actor, line: int | None = None, **values: Any) -> PlanLine:
    """Add a line to the estimate, or change one. The same line sent twice stands once. Raises Refused."""
    with transaction.atomic():
        plan = _writable(plan, by)
        if line is not None:
            known = plan.lines.filter(pk=line).first()
            if known is None:
                raise Refused(_("This line is no longer in the estimate."))
            for name, value in values.items():
                setattr(known, name, value)
            known.save(update_fields=list(values))
            return known
        if plan.lines.count() >= MOST_LINES:
            raise Refused(_("The estimate is full. Join small purchases into one line."))
        made, _new = PlanLine.objects.get_or_create(plan=plan, **values)
        return made


def remove_line(plan: BusinessPlan, *, by: Actor, line: int) -> None:
    """Take a line out of the estimate. Again changes nothing. Raises Refused."""
    with transaction.atomic():
        _writable(plan, by).lines.filter(pk=line).delete()


def submit(plan: BusinessPlan, *, by: Actor) -> BusinessPlan:
    """Hand the plan in, first or after its correction; the paper is printed (118-p27, A-22).

    Handing in twice gives back what was handed in. Raises Refused.
    """
    with transaction.atomic():
        plan = locked(plan)
        if plan.state == BusinessPlanState.SUBMITTED and by.user and by.user.person_id == plan.person_id:
            return plan
        if plan.state == BusinessPlanState.RETURNED:
            plan = perform(plan, "resubmit", by=by)
        else:
            plan = perform(plan, "submit", by=by, set={"first_text": _snapshot(plan)})
        _print(plan)
    return plan


def _snapshot(plan: BusinessPlan) -> dict[str, Any]:
    lines = plan.lines.order_by("pk").values("name", "quantity", "price", "source")
    return {"content": plan.content, "lines": list(lines)}


def _print(plan: BusinessPlan) -> None:
    live = Paper.objects.filter(case_kind=plan.kind, case_id=plan.pk, kind=kinds.BUSINESS_PLAN, translation_of=None)
    for paper in live.exclude(state=PaperState.VOID).order_by("pk"):
        papers.void(paper)
    assert plan.office is not None
    language = Language.RU if plan.enrolment.language == Language.RU else Language.KK
    papers.ask(
        kinds.BUSINESS_PLAN,
        case=(plan.kind, plan.pk),
        language=language,
        facts=kinds.plan_facts(plan),
        office=plan.office,
        person=plan.person,
        shown=True,
    )


def assessors(plan: BusinessPlan) -> list[User]:
    """The trainers of the chamber who did not help to write this plan, by name."""
    users = User.objects.filter(posts__role=Role.TRAINER, posts__office=plan.office_id, is_active=True)
    found = users.select_related("person").distinct().order_by("person__sort_key", "pk")
    return [
        user
        for user in found
        if user.person_id != plan.person_id
        and any(post.role == Role.TRAINER and post.office_id == plan.office_id for post in posts_of(user))
        and not rights.helped(plan, user)
    ]


def appoint(plan: BusinessPlan, *, by: Actor, assessor: User) -> BusinessPlan:
    """The coordinator names who assesses: a trainer who did not help (SPEC 4.6). Raises Refused."""
    with transaction.atomic():
        plan = locked(plan)
        if assessor not in assessors(plan):
            raise Refused(_("This person helped to write the plan or is no trainer here. Choose another one."))
        return perform(plan, "appoint", by=by, set={"assessor": assessor}, assessor=assessor.pk)


def send_back(plan: BusinessPlan, *, by: Actor, reason: str) -> BusinessPlan:
    """Return the plan for formal faults, once (SPEC 4.6). Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write what is to be corrected."))
    return perform(locked(plan), "send_back", by=by, set={"reason": reason.strip()})


def review(plan: BusinessPlan, *, by: Actor) -> BusinessPlan:
    """The assessor begins. Raises Refused."""
    return perform(plan, "review", by=by)


def assess(plan: BusinessPlan, *, by: Actor, points: Mapping[str, int], conclusion: str) -> BusinessPlan:
    """Enter the points by criteria; their sum is the percent, sixty make it positive (118-p27-1, A-21).

    The enrolment is told. Raises Refused.
    """
    for criterion in rules.CRITERIA:
        if not 0 <= points.get(criterion, -1) <= rules.most_points(criterion):
            raise Refused(_("Give points to each criterion, from 0 to the most it can bring."))
    with transaction.atomic():
        plan = locked(plan)
        percent = rules.total(points)
        outcome = {"percent": percent, "passed": rules.positive(percent), "conclusion": conclusion.strip()}
        plan = perform(plan, "assess", by=by, set=outcome, percent=percent)
        PlanScore.objects.bulk_create(
            PlanScore(plan=plan, criterion=one, points=points[one], most=rules.most_points(one))
            for one in rules.CRITERIA
        )
        results.note_plan(plan.enrolment, percent=percent)
    return plan


def take_first(plan: BusinessPlan) -> BusinessPlan:
    """The correction did not come in time: the text handed in first is assessed (SPEC 4.6). Raises Refused."""
    with transaction.atomic():
        plan = perform(locked(plan), "take_first", by=SYSTEM)
        plan.lines.all().delete()
        PlanLine.objects.bulk_create(PlanLine(plan=plan, **line) for line in (plan.first_text or {}).get("lines", []))
        _print(plan)
    return plan


def mark_absent(plan: BusinessPlan) -> BusinessPlan:
    """The last training day is over and no plan came (118-p27-2, A-22). Raises Refused."""
    with transaction.atomic():
        plan = perform(locked(plan), "mark_absent", by=SYSTEM)
        results.note_plan(plan.enrolment, percent=None)
    return plan


def stop(enrolment: Enrolment) -> None:
    """The training of the writer ended: terms of the plan run no longer. Again changes nothing."""
    with transaction.atomic():
        plan = BusinessPlan._base_manager.filter(enrolment=enrolment).first()
        if plan is not None:
            plan = locked(plan)
            if verdict(plan, "stop", SYSTEM).ok:
                perform(plan, "stop", by=SYSTEM)


def sweep() -> int:
    """What time does to plans: none handed in by the last training day, none corrected in time. Returns how many."""
    done = 0
    over = Q(state=BusinessPlanState.DRAFT, enrolment__group__end_on__lte=clock.now().date())
    waiting = BusinessPlan._base_manager.filter(
        over | Q(state=BusinessPlanState.RETURNED),
        enrolment__group__isnull=False,
        enrolment__state__in=ENROLMENT_LEARNING,
        opened_at__isnull=False,
    )
    for plan in waiting.select_related("enrolment__group__office", "office", "person").order_by("pk"):
        event = "mark_absent" if plan.state == BusinessPlanState.DRAFT else "take_first"
        if done < BATCH and verdict(plan, event, SYSTEM).ok:
            (mark_absent if event == "mark_absent" else take_first)(plan)
            done += 1
    return done


def locked(plan: BusinessPlan) -> BusinessPlan:
    """The plan, locked, with all its transitions look at."""
    return (
        BusinessPlan._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "enrolment__group__office", "enrolment__person", "enrolment__office")
        .get(pk=plan.pk)
    )


def _writable(plan: BusinessPlan, by: Actor) -> BusinessPlan:
    plan = locked(plan)
    allowed = verdict(plan, "resubmit" if plan.state == BusinessPlanState.RETURNED else "submit", by)
    if by.user is None or by.user.person_id != plan.person_id:
        raise Refused(str(allowed.reason), code="not_own")
    if plan.state not in PLAN_WRITABLE or plan.opened_at is None:
        raise Refused(_("The plan is handed in and cannot be changed now."), code="not_writable")
    return plan
