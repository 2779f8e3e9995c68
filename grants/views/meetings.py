"""The secretary's pages of a meeting: calling it, its agenda, attendance, entering decisions, the reserve list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bastau.flow import Actor
from bastau.people.roles import Role
from grants.actions import budget, decisions, meetings, protocols, voting
from grants.forms.meetings import AttendanceForm, CorrectionForm, EntryForm, WhenForm
from grants.models import CommissionMeeting, Decision, GrantApplication
from grants.states import MEETING_ROOM, GrantState, MeetingState
from grants.views.commission_posts import done, done_with, office_of, required_actor

SECRETARY = (Role.COMMISSION_SECRETARY,)
OPEN_AGENDA = (MeetingState.PLANNED, MeetingState.POSTPONED)
ATTENDED = (MeetingState.NOTIFIED, MeetingState.MATERIALS_SENT, *MEETING_ROOM)


def case_url(meeting: CommissionMeeting) -> str:
    """The page of a meeting."""
    return reverse("workplace:grants_commissionmeeting_change", args=[meeting.pk])


def found(request: HttpRequest, pk: int) -> tuple[CommissionMeeting, Actor]:
    """The meeting and its secretary. Raises Http404 for whoever is not that."""
    rows = CommissionMeeting.objects.visible_to(request.user).select_related("office", "commission")
    meeting = get_object_or_404(rows, pk=pk)
    return meeting, required_actor(request, SECRETARY, meeting.office_id)


def call(request: HttpRequest) -> HttpResponse:
    """Fix date, time and place of a new meeting (FKA04-2.1)."""
    by = required_actor(request, SECRETARY)
    office = office_of(by)
    form = WhenForm(request.POST or None, case=None, by=by, office=office)
    if request.method == "POST":
        made: list[CommissionMeeting] = []

        def act(**when: Any) -> None:
            made.append(meetings.call_meeting(office=office, by=by, **when))

        if done_with(request, form, act, _("The meeting is planned. Choose the applications now.")):
            return redirect("grants_office:agenda", made[0].pk)
    context = {"form": form, "office": office, "waiting": meetings.candidates(office).count()}
    return render(request, "grants/staff/meeting_call.html", context, status=422 if form.is_bound else 200)


def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose applications for a meeting nobody is told of yet."""
    meeting, by = found(request, pk)
    assert meeting.office is not None
    waiting = list(meetings.candidates(meeting.office))
    if request.method == "POST":
        chosen = [one for one in waiting if str(one.pk) in request.POST.getlist("application")]
        said = _("The agenda is fixed. Tell members and applicants next.")
        if done(request, lambda: meetings.put_on_agenda(meeting, chosen, by=by), said):
            return redirect(case_url(meeting))
        return redirect("grants_office:agenda", pk)
    context = {
        "meeting": meeting,
        "case_url": case_url(meeting),
        "waiting": waiting,
        "items": list(meetings.heard_by(meeting)),
        "open": meeting.state in OPEN_AGENDA,
    }
    return render(request, "grants/staff/agenda.html", context)


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Note who is present, and who sits in whose place."""
    meeting, by = found(request, pk)
    if meeting.state not in ATTENDED:
        raise Http404
    form = AttendanceForm(request.POST or None, meeting=meeting)
    if request.method == "POST":

        def act(**_ignored: Any) -> None:
            voting.note_attendance(meeting, form.rows(), by=by)

        if done_with(request, form, act, _("The attendance is noted.")):
            return redirect(case_url(meeting))
    context = {"meeting": meeting, "case_url": case_url(meeting), "form": form}
    return render(request, "grants/staff/attendance.html", context, status=422 if form.is_bound else 200)


def enter(request: HttpRequest, pk: int, typed: dict[int, Any] | None = None) -> HttpResponse:
    """The decisions of a signed protocol, in the order of the money, each with its form (FKA04-2.6)."""
    meeting, _by = found(request, pk)
    if meeting.state not in (MeetingState.PROTOCOL_SIGNED, MeetingState.DECISIONS_ENTERED):
        raise Http404
    assert meeting.office is not None
    granted = decisions.in_rank(meeting)
    others = Decision.objects.filter(item__meeting=meeting, corrects=None).exclude(pk__in=[one.pk for one in granted])
    rows = []
    for decision in [*granted, *others.order_by("item__position")]:
        form = (typed or {}).get(decision.pk)
        if form is None and decision.entered_at is None:
            form = EntryForm(prefix=f"d{decision.pk}")
        rows.append({"decision": decision, "form": form, "item": decision.item})
    context = {
        "meeting": meeting,
        "case_url": case_url(meeting),
        "rows": rows,
        "free": budget.free_in(meeting.office),
        "finished": meeting.state == MeetingState.DECISIONS_ENTERED,
    }
    return render(request, "grants/staff/decisions.html", context, status=422 if typed else 200)


def enter_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision is posted; a mismatch comes back with what was typed."""
    decision = get_object_or_404(Decision.objects.select_related("item__meeting", "item__application"), pk=pk)
    meeting, by = found(request, decision.item.meeting_id)
    if request.method == "POST":
        form = EntryForm(request.POST, prefix=f"d{decision.pk}")

        def act(**entered: Any) -> None:
            decisions.enter(decision, by=by, **entered)

        if not done_with(request, form, act, _("The decision is entered, and the applicant is told.")):
            return enter(request, meeting.pk, {decision.pk: form})
    return redirect("grants_office:decisions", meeting.pk)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up a correcting protocol for an entered decision (SPEC 4.10)."""
    rows = Decision.objects.filter(entered_at__isnull=False)
    decision = get_object_or_404(rows.select_related("item__meeting", "item__application__person"), pk=pk)
    meeting, by = found(request, decision.item.meeting_id)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST":
        made = []

        def act(**entered: Any) -> None:
            made.append(protocols.draft_correction(decision, by=by, **entered))

        if done_with(request, form, act, _("The correcting protocol is before the members.")):
            return redirect("workplace:grants_correction_change", made[0].pk)
    context = {"decision": decision, "meeting": meeting, "case_url": case_url(meeting), "form": form}
    return render(request, "grants/staff/correct.html", context, status=422 if form.is_bound else 200)


def reserve(request: HttpRequest) -> HttpResponse:
    """The reserve list in its order, and what money is free (SPEC 4.9)."""
    by = required_actor(request, (Role.COMMISSION_SECRETARY, Role.DIRECTOR))
    office = office_of(by)
    rows = list(decisions.reserve_list(office))
    free = budget.free_in(office)
    context = {"office": office, "rows": rows, "free": free}
    return render(request, "grants/staff/reserve.html", context)


def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Released money goes to the next of the reserve list."""
    by = required_actor(request, (Role.COMMISSION_SECRETARY, Role.DIRECTOR))
    rows = GrantApplication.objects.filter(office=office_of(by))
    application = get_object_or_404(rows.filter(state__in=[GrantState.RESERVE, GrantState.APPROVED]), pk=pk)
    if request.method == "POST":
        said = _("The grant is awarded, and the applicant is told.")
        done(request, lambda: decisions.award_from_reserve(application, by=by), said)
    return redirect("grants_office:reserve")
