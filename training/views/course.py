"""The citizen's course: modules with their topics, tests answered one by one, results with what comes next.

A GET never writes. An answer is one UPDATE; whoever comes back finds the test as it was left.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bastau import clock, law
from bastau.flow import Actor, Refused, verdict
from bastau.people.models import User
from bastau.portal import dates
from bastau.portal.access import citizen_required
from training import progress
from training.actions import course, results
from training.models import Enrolment, FinalTest, ModuleProgress, Question, TestAttempt
from training.rules import course as rules
from training.states import EnrolmentState, FinalState, ModuleState

both = require_http_methods(["GET", "HEAD", "POST"])


def actor(request: HttpRequest) -> Actor:
    """A citizen acts in no post."""
    assert isinstance(request.user, User)
    return Actor(user=request.user)


def refused(request: HttpRequest, reason: Refused) -> None:
    """Say why nothing was done."""
    for sentence in reason.messages:
        messages.error(request, sentence)


@both
@citizen_required
@never_cache
def course_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole course of one enrolment; the POST is the first sign-in to it (SPEC 4.4)."""
    own = Enrolment.objects.visible_to(request.user).select_related("group__office", "person", "office")
    enrolment = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        try:
            results.begin(enrolment, by=actor(request))
            course.open_course(enrolment)
        except Refused as reason:
            refused(request, reason)
        return redirect("training:course", pk=pk)
    return render(request, "training/course/course.html", progress.of(enrolment))


@both
@citizen_required
@never_cache
def module_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One module: its topics, then its test."""
    own = ModuleProgress.objects.visible_to(request.user)
    case = get_object_or_404(own.select_related("module", "enrolment__group__office", "person", "office"), pk=pk)
    if request.method == "POST":
        return _module_step(request, case)
    return render(
        request,
        "training/course/module.html",
        {
            "case": case,
            "title": case.module.title(),
            "topics": [{"name": topic[dates.language()], "hours": topic["hours"]} for topic in case.module.topics],
            "locked": case.state == ModuleState.LOCKED,
            "passed": case.state == ModuleState.PASSED,
            "running": case.state == ModuleState.IN_TEST,
            "best": rules_percent(case),
            "minutes": law.value("T-TEST:module"),
            "needed": law.value("118-p24"),
            "begin": _begin_button(case, actor(request)),
            "window": progress.window_of(case.enrolment),
        },
    )


def rules_percent(case: ModuleProgress) -> int | None:
    """The best score in whole per cent, for showing."""
    return case.best_correct * 100 // case.best_total if case.best_total else None


def _begin_button(case: ModuleProgress | FinalTest, by: Actor) -> dict[str, Any]:
    if case.state in {ModuleState.IN_TEST, FinalState.IN_TEST}:
        return {"label": _("Go on with the test"), "enabled": True, "reason": "", "primary": True}
    allowed = verdict(case, "begin", by)
    label = _("Try again") if case.state == ModuleState.FAILED else _("Begin the test")
    return {"label": label, "enabled": allowed.ok, "reason": allowed.reason, "primary": True}


def _module_step(request: HttpRequest, case: ModuleProgress) -> HttpResponse:
    try:
        if request.POST.get("step") == "seen":
            course.see_materials(case, by=actor(request))
            return redirect("training:module", pk=case.pk)
        attempt = course.begin_test(case, by=actor(request))
    except Refused as reason:
        refused(request, reason)
        return redirect("training:module", pk=case.pk)
    return redirect(_next_place(attempt))


@both
@citizen_required
@never_cache
def final_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the final test is, and its beginning: once (A-20)."""
    own = FinalTest.objects.visible_to(request.user).select_related("enrolment__group__office", "person", "office")
    case = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        try:
            return redirect(_next_place(course.begin_test(case, by=actor(request))))
        except Refused as reason:
            refused(request, reason)
            return redirect("training:final", pk=pk)
    done = case.attempts.counted().exclude(handed_in_at=None).first()
    return render(
        request,
        "training/course/final.html",
        {
            "case": case,
            "attempt": done,
            "minutes": law.value("T-TEST:final"),
            "needed": law.value("A-20:pass"),
            "begin": _begin_button(case, actor(request)),
            "window": progress.window_of(case.enrolment),
        },
    )


def _mine(request: HttpRequest, pk: int) -> TestAttempt:
    assert isinstance(request.user, User)
    found = TestAttempt.objects.of(request.user).select_related("progress__module", "final")
    return get_object_or_404(found, pk=pk)


def _next_place(attempt: TestAttempt) -> str:
    """The first question without an answer, or the check page."""
    for place in range(attempt.total):
        if str(place) not in attempt.answers:
            return reverse("training:question", args=[attempt.pk, place + 1])
    return reverse("training:test", args=[attempt.pk])


@both
@citizen_required
@never_cache
def question_page(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """One question. What is chosen is kept at once; a form sent twice, or from an old page, loses nothing."""
    if request.method == "POST":
        return _answered(request, pk, place)
    return _question(request, _mine(request, pk), place)


def _answered(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    chosen = request.POST.get("choice", "")
    if chosen.isdecimal() and len(chosen) < 3 and place:
        kept = course.save_answer(pk, by=actor(request), place=place - 1, choice=int(chosen))
        if kept:
            # Where the way leads is reckoned when the next page is drawn: an answer costs one statement.
            return redirect("training:question", pk=pk, place=place + 1)
    attempt = _mine(request, pk)
    if attempt.handed_in_at is None and attempt.voided_at is None and clock.now() < attempt.ends_at:
        return _question(request, attempt, place, wrong=_("Choose one of the answers."))
    if attempt.handed_in_at is None and attempt.voided_at is None:
        messages.error(request, _("The time of this test is over. It is handed in with the answers given till then."))
        return redirect("training:test", pk=pk)
    return redirect("training:result", pk=pk)


def _question(request: HttpRequest, attempt: TestAttempt, place: int, *, wrong: str = "") -> HttpResponse:
    if attempt.handed_in_at is not None or attempt.voided_at is not None:
        return redirect("training:result", pk=attempt.pk)
    if place == attempt.total + 1:
        return redirect("training:test", pk=attempt.pk)
    if not 1 <= place <= attempt.total:
        raise Http404
    drawn = attempt.questions[place - 1]
    said = get_object_or_404(Question, pk=drawn["q"]).said(dates.language())
    chosen = attempt.answers.get(str(place - 1))
    options = [
        {"value": shown, "text": said["options"][one], "chosen": shown == chosen}
        for shown, one in enumerate(drawn["order"])
    ]
    context = {
        "attempt": attempt,
        "title": title_of(attempt),
        "place": place,
        "total": attempt.total,
        "text": said["q"],
        "options": options,
        "wrong": wrong,
        "answered": len(attempt.answers),
        "ends_at": attempt.ends_at,
    }
    return render(request, "training/course/question.html", context, status=422 if wrong else 200)


def title_of(attempt: TestAttempt) -> str:
    """Which test it is."""
    if attempt.progress is not None:
        return _("Test of the module “%(module)s”") % {"module": attempt.progress.module.title()}
    return _("Final test")


@both
@citizen_required
@never_cache
def test_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions with their marks; the POST hands the test in, once, from however many windows."""
    attempt = _mine(request, pk)
    if attempt.handed_in_at is not None or attempt.voided_at is not None:
        return redirect("training:result", pk=pk)
    if request.method == "POST":
        try:
            course.hand_in(attempt, by=actor(request))
        except Refused as reason:
            refused(request, reason)
        return redirect("training:result", pk=pk)
    places = [
        {
            "number": place + 1,
            "answered": str(place) in attempt.answers,
            "url": reverse("training:question", args=[pk, place + 1]),
        }
        for place in range(attempt.total)
    ]
    context = {
        "attempt": attempt,
        "title": title_of(attempt),
        "places": places,
        "open": sum(not one["answered"] for one in places),
        "over": clock.now() >= attempt.ends_at,
    }
    return render(request, "training/course/test.html", context)


@require_safe
@citizen_required
@never_cache
def result_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The result at once, and what to do next."""
    attempt = _mine(request, pk)
    if attempt.handed_in_at is None and attempt.voided_at is None:
        return redirect("training:test", pk=pk)
    final = attempt.final
    case: Any = final or attempt.progress
    passed = attempt.correct is not None and (rules.final_passed if final else rules.module_passed)(
        attempt.correct, attempt.total
    )
    ahead = None
    if passed and not final:
        following = case.enrolment.modules.exclude(state=ModuleState.PASSED).select_related("module")
        ahead = following.order_by("module__order").first()
    return render(
        request,
        "training/course/result.html",
        {
            "attempt": attempt,
            "case": case,
            "final": final,
            "title": title_of(attempt),
            "void": attempt.voided_at is not None,
            "passed": passed,
            "ahead": ahead,
            "again": not passed and not final and _begin_button(case, actor(request)),
            "needed": law.value("A-20:pass" if final else "118-p24"),
            "course_url": reverse("training:course", args=[case.enrolment_id]),
            "expelled": bool(final) and not passed and case.enrolment.state == EnrolmentState.ASSESSING,
        },
    )
