"""The chamber's counter: annex 4 for a citizen who came, a group for an applicant; certificates by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bastau.flow import Actor, Refused
from bastau.papers.models import PaperState
from bastau.people.models import Post
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from bastau.workplace.casework import actor_for
from training.actions import certificates
from training.actions import enrolments as actions
from training.forms.enrolments import (
    CounterForm,
    CounterQuestionnaire,
    DuplicateForm,
    ExternalForm,
    GroupForm,
    TakenForm,
)
from training.models import Certificate, Enrolment
from training.papers.enrolments import referral_number
from training.queries import groups_for, too_early_for
from training.states import EnrolmentChannel, EnrolmentState


def coordinator_post(request: HttpRequest) -> Post:
    """The visitor's post as coordinator; for others these pages do not exist."""
    for post in posts_of(request.user):
        if post.role == Role.COORDINATOR:
            return post
    raise Http404


def case_url(case: Any) -> str:
    """The case page of an enrolment or a certificate."""
    return reverse(f"workplace:training_{case._meta.model_name}_change", args=[case.pk])


def _find(request: HttpRequest, pk: int) -> Enrolment:
    coordinator_post(request)
    seen = Enrolment.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("person", "office", "group__office", "referral__office"), pk=pk)


@never_cache
def counter(request: HttpRequest) -> HttpResponse:
    """Who has come? With an issued referral annex 4 is opened, or the application under way is found."""
    post = coordinator_post(request)
    form = CounterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = Actor(request.user, post)  # type: ignore[arg-type]
        try:
            draft = actions.start(by=by, person=form.cleaned_data["person"], channel=EnrolmentChannel.COUNTER)
        except actions.EnrolmentExists as known:
            if Enrolment.objects.visible_to(request.user).filter(pk=known.enrolment.pk).exists():
                return redirect(case_url(known.enrolment))
            form.add_error("iin", known)
        except Refused as refusal:
            form.add_error("iin", refusal)
        else:
            return redirect("training_office:counter_form", pk=draft.pk)
    status = 422 if form.is_bound else 200
    return render(request, "training/staff/counter.html", {"form": form, "office": post.office}, status=status)


@never_cache
def counter_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Annex 4 on one page, printed for the person's hand, then taken."""
    case = _find(request, pk)
    if case.state != EnrolmentState.DRAFT:
        return redirect(case_url(case))
    by = actor_for(request.user, case, "submit")
    taking = request.method == "POST" and "take" in request.POST
    form = CounterQuestionnaire(
        request.POST if request.method == "POST" and not taking else None, groups=groups_for(case), initial=_known(case)
    )
    taken = TakenForm(request.POST if taking else None)
    try:
        if taking and taken.is_valid():
            actions.submit_at_counter(case, by=by, signed=True)
            messages.success(request, _("The application is taken."))
            return redirect(case_url(case))
        if form.is_bound and form.is_valid():
            _keep(case, form, by)
            return redirect("training_office:counter_form", pk=case.pk)
    except Refused as refusal:
        (taken if taking else form).add_error(None, refusal)
    earliest, early = too_early_for(case)
    context = {
        "case": case,
        "form": form,
        "taken": taken,
        "referral_number": referral_number(case.referral),
        "paper": actions.questionnaire_paper(case),
        "asked": PaperState.ASKED,
        "earliest": earliest,
        "early": [f"{one.start_on:%d.%m.%Y}, {one.place()}" for one in early],
    }
    status = 422 if form.is_bound or taken.is_bound else 200
    return render(request, "training/staff/counter_form.html", context, status=status)


def _known(case: Enrolment) -> dict[str, Any]:
    answers = case.questionnaire
    given = bool(answers.get("consents"))
    return {
        **answers,
        "collateral": "yes" if answers.get("collateral") else "no",
        "consent_data": given,
        "consent_secrets": given,
        "group": str(case.group_id or "none"),
        "phone": case.phone,
        "email": case.email,
        "language": case.language,
    }


def _keep(case: Enrolment, form: CounterQuestionnaire, by: Actor) -> None:
    given = form.cleaned_data
    names = ("sector", "description", "collateral_text", "study_form", "phone", "email", "language")
    with transaction.atomic():
        actions.choose_group(case, form.chosen(), by=by)
        answers: dict[str, Any] = {name: given[name] for name in names}
        actions.answer(case, by=by, collateral=given["collateral"] == "yes", promises=True, consents=True, **answers)
        actions.prepare(case, by=by)


@never_cache
def counter_group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group for an applicant of the pool."""
    case = _find(request, pk)
    if case.state != EnrolmentState.SUBMITTED:
        return redirect(case_url(case))
    initial = {"group": str(case.group_id or "none")}
    form = GroupForm(request.POST if request.method == "POST" else None, groups=groups_for(case), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.choose_group(case, form.chosen(), by=actor_for(request.user, case, "enrol"))
        except Refused as refusal:
            form.add_error("group", refusal)
        else:
            messages.success(request, _("The group is kept."))
            return redirect(case_url(case))
    earliest, early = too_early_for(case)
    context = {
        "case": case, "form": form, "earliest": earliest,
        "early": [f"{one.start_on:%d.%m.%Y}, {one.place()}" for one in early],
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "training/staff/counter_group.html", context, status=status)


@never_cache
def external_certificate(request: HttpRequest) -> HttpResponse:
    """Enter a certificate of skills.enbek.kz that a person showed (A-31)."""
    post = coordinator_post(request)
    form = ExternalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            certificate = certificates.record_external(
                by=Actor(request.user, post),  # type: ignore[arg-type]
                person=given["person"],
                office=post.office,
                number=given["number"],
                issued_on=given["issued_on"],
            )
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The certificate is entered."))
            return redirect(case_url(certificate))
    status = 422 if form.is_bound else 200
    return render(request, "training/staff/external.html", {"form": form, "office": post.office}, status=status)


@never_cache
def certificate_duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """A duplicate with the corrected data; the former certificate is annulled."""
    coordinator_post(request)
    seen = Certificate.objects.visible_to(request.user).select_related("person", "office")
    case = get_object_or_404(seen, pk=pk)
    form = DuplicateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = certificates.duplicate(
                case, by=actor_for(request.user, case, "annul"), reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The duplicate is being printed; the former certificate is annulled."))
            return redirect(case_url(made))
    status = 422 if form.is_bound else 200
    return render(request, "training/staff/duplicate.html", {"form": form, "case": case}, status=status)
