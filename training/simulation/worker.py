"""What a worker takes from the queue in real life; a simulated run has none, so it is done with the sweeps."""

from __future__ import annotations

from bastau import papers
from bastau.papers.models import Paper, PaperState
from training.actions import business_plans, course
from training.models import BusinessPlan, Certificate, Enrolment
from training.states import ENROLMENT_LEARNING, PLAN_CLOSED, BusinessPlanState, EnrolmentState, FinalState


def queued() -> None:
    """Courses of beginners opened, final tests opened, plans of who ended stopped, certificates printed."""
    begun = BusinessPlan._base_manager.filter(
        state=BusinessPlanState.DRAFT, opened_at=None, enrolment__state=EnrolmentState.STUDYING
    )
    for plan in begun.select_related("enrolment").order_by("pk"):
        course.open_course(plan.enrolment)
    assessed = Enrolment._base_manager.filter(state=EnrolmentState.ASSESSING, final_test__state=FinalState.CLOSED)
    for enrolment in assessed.order_by("pk"):
        course.open_final(enrolment)
    ended = BusinessPlan._base_manager.exclude(state__in=PLAN_CLOSED).exclude(
        enrolment__state__in=[EnrolmentState.ENROLLED, *ENROLMENT_LEARNING]
    )
    for plan in ended.select_related("enrolment").order_by("pk"):
        business_plans.stop(plan.enrolment)
    waiting = Paper.objects.filter(case_kind=Certificate.kind, state=PaperState.ASKED)
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        papers.render(pk)
