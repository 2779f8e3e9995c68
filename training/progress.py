"""A participant's course as one page shows it: what is passed, what is next, whose turn, by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau import clock, law
from bastau.portal import dates
from training.models import BusinessPlan, Enrolment, FinalTest, ModuleProgress
from training.rules import business_plans as plan_rules
from training.rules import course as rules
from training.states import (
    ENROLMENT_LEARNING,
    PLAN_WRITABLE,
    BusinessPlanState,
    EnrolmentState,
    FinalState,
    GroupState,
    ModuleState,
)

MODULE_TONES = {
    ModuleState.LOCKED: "plain",
    ModuleState.OPEN: "info",
    ModuleState.IN_TEST: "soon",
    ModuleState.FAILED: "late",
    ModuleState.PASSED: "done",
}
FINAL_TONES = {
    FinalState.CLOSED: "plain",
    FinalState.OPEN: "info",
    FinalState.IN_TEST: "soon",
    FinalState.PASSED: "done",
    FinalState.LOW: "late",
}
PLAN_TONES = {
    BusinessPlanState.DRAFT: "info",
    BusinessPlanState.RETURNED: "soon",
    BusinessPlanState.ASSESSED_POSITIVE: "done",
    BusinessPlanState.ASSESSED_NEGATIVE: "late",
    BusinessPlanState.ABSENT: "late",
}


def window_of(enrolment: Enrolment) -> datetime | None:
    """The end of the ten working days, where the group is known (118-p28)."""
    return rules.window(enrolment.group).due if enrolment.group is not None else None


def of(enrolment: Enrolment) -> dict[str, Any]:
    """The context of the course page; four statements whatever the number of modules."""
    modules = list(enrolment.modules.select_related("module").order_by("module__order"))
    final = FinalTest.objects.filter(enrolment=enrolment).first()
    plan = BusinessPlan.objects.filter(enrolment=enrolment).first()
    group = enrolment.group
    began = enrolment.state in ENROLMENT_LEARNING
    return {
        "enrolment": enrolment,
        "zone": enrolment.office.zone if enrolment.office else dates.DEFAULT_ZONE,
        "next": next_of(enrolment, modules, final, plan),
        "modules": [_module(one) for one in modules],
        "final": final,
        "final_tone": FINAL_TONES[FinalState(final.state)] if final else "plain",
        "plan": plan,
        "plan_tone": PLAN_TONES.get(BusinessPlanState(plan.state), "info") if plan else "plain",
        "began": began,
        "begin": _may_begin(enrolment),
        "offline": group is not None and group.is_offline,
        "hand_in_by": rules.last_day_over(group) if group is not None else None,
        "window": window_of(enrolment),
        "needed": law.value("118-p24"),
    }


def _may_begin(enrolment: Enrolment) -> bool:
    group = enrolment.group
    return enrolment.state == EnrolmentState.ENROLLED and group is not None and group.state == GroupState.RUNNING


def _module(case: ModuleProgress) -> dict[str, Any]:
    best = case.best_correct * 100 // case.best_total if case.best_total else None
    return {
        "case": case,
        "title": case.module.title(),
        "hours": case.module.hours,
        "tone": MODULE_TONES[ModuleState(case.state)],
        "label": case.get_state_display(),
        "locked": case.state == ModuleState.LOCKED,
        "best": best,
    }


def next_of(
    enrolment: Enrolment, modules: list[ModuleProgress], final: FinalTest | None, plan: BusinessPlan | None
) -> dict[str, Any]:
    """The one next step of the participant: title, sentence, whose turn, by when, and the button."""
    you = pgettext("whose turn", "You")
    if _may_begin(enrolment):
        sentence = _("Your group has begun. Open the course: the first module is ready for you.")
        return _step(_("Begin the course"), sentence, you)
    if enrolment.state not in ENROLMENT_LEARNING:
        return _step(enrolment.get_state_display(), _("There is nothing to do in the course now."))
    if plan is not None and plan.state == BusinessPlanState.RETURNED:
        url = reverse("training:plan", args=[plan.pk])
        return _step(
            _("Correct the business plan"),
            _("It was returned for formal faults. Correct it and hand it in again: this is possible once."),
            you,
            plan_rules.correction(plan).due,
            {"label": _("Open the plan"), "url": url},
        )
    module = next((one for one in modules if one.state not in {ModuleState.PASSED, ModuleState.LOCKED}), None)
    if module is not None:
        return _module_step(enrolment, module, you)
    if final is not None and final.state in {FinalState.OPEN, FinalState.IN_TEST}:
        url = reverse("training:final", args=[final.pk])
        sentence = _("All modules are passed. The final test may be taken once, so choose a quiet hour.")
        return _step(
            _("Take the final test"), sentence, you, window_of(enrolment), {"label": _("To the final test"), "url": url}
        )
    return _waiting(enrolment, plan, final, you)


def _module_step(enrolment: Enrolment, module: ModuleProgress, you: str) -> dict[str, Any]:
    url = reverse("training:module", args=[module.pk])
    title = _("Module %(number)s: %(title)s") % {"number": module.module.order, "title": module.module.title()}
    sentences = {
        ModuleState.OPEN: _("Look through the materials, then take the test. You may take it any number of times."),
        ModuleState.IN_TEST: _("You have begun the test. Your answers are kept: go on where you stopped."),
        ModuleState.FAILED: _("The test is not passed yet. You may try again at once, any number of times."),
    }
    label = _("Go on with the test") if module.state == ModuleState.IN_TEST else _("Open the module")
    return _step(title, sentences[ModuleState(module.state)], you, window_of(enrolment), {"label": label, "url": url})


def _waiting(enrolment: Enrolment, plan: BusinessPlan | None, final: FinalTest | None, you: str) -> dict[str, Any]:
    group = enrolment.group
    if plan is not None and plan.state in PLAN_WRITABLE and group is not None:
        by = rules.last_day_over(group)
        if clock.now() <= by:
            url = reverse("training:plan", args=[plan.pk])
            sentence = _("All modules are passed. Write the business plan and hand it in by the last training day.")
            return _step(_("Hand in the business plan"), sentence, you, by, {"label": _("Open the plan"), "url": url})
    if final is not None and final.state == FinalState.CLOSED:
        return _step(
            _("Wait for the final test"),
            _("It opens on the day after the last class. You will be told."),
        )
    if final is not None and final.state == FinalState.LOW:
        return _step(
            _("The final test is not passed"),
            _("The coordinator looks at the result. If there was a technical fault, tell the coordinator at once."),
        )
    return _step(_("Wait for the result"), _("Your business plan is being assessed. You need not do anything."))


def _step(
    title: Any,
    sentence: str,
    turn: str = "",
    due_at: datetime | None = None,
    action: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {"title": title, "sentence": sentence, "turn": turn, "due_at": due_at, "action": action}
