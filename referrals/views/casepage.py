"""The case page of a referral, as the staff see it: header, protocol, life line, one next step, papers, notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau import law
from bastau.flow import Actor, judging, reading
from bastau.flow.models import Deadline, Step
from bastau.gateways.models import Enquiry, System
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState, Upload
from bastau.people.models import User
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from bastau.portal import dates, figures
from bastau.workplace import desks
from bastau.workplace.admin import SYSTEM_EVENTS, paper_state
from referrals import rights, staff_forms
from referrals.deadlines import EVENTS
from referrals.models import READERS, ReferralApplication
from referrals.rules import REGISTER_SUBJECTS
from referrals.states import DECIDED, UNDECIDED, Channel, CheckResult, Outcome, State
from referrals.views.attachments import listed

#: Events a member of staff may press, in the order of the buttons.
PRESSED = (
    "take",
    "finish_check",
    "propose_issue",
    "propose_refusal",
    "issue",
    "refuse",
    "send_to_sc",
    "hand_over",
    "send_back",
)
#: What an operator of the State Corporation is shown of the life line (SPEC 5: no checks).
COUNTER_EVENTS = ("accept", "refuse_acceptance", "send_to_sc", "hand_over", "mark_uncollected", "withdraw")
TOLD_EVENTS = (*EVENTS, "deadline_breached", "deadline_escalated", "deadline_moved")
TONES = {
    State.ISSUED: "done",
    State.HANDED_OVER: "done",
    State.REFUSED: "late",
    State.ACCEPTANCE_REFUSED: "late",
    State.WITHDRAWN: "plain",
    State.DRAFT: "plain",
    State.UNCOLLECTED: "soon",
}
ANSWERS = {
    "matches": gettext_lazy("the names agree"),
    "differs": gettext_lazy("the register has other names"),
    "not_found": gettext_lazy("the register knows nobody with this IIN"),
    "not_alive": gettext_lazy("the register says that the person has died"),
    "in_area": gettext_lazy("lives in the area of the centre"),
    "outside_area": gettext_lazy("lives outside the area of the centre"),
    "registered": gettext_lazy("unemployed, registered"),
    "in_target_group": gettext_lazy("belongs to the target group"),
    "other_status": gettext_lazy("belongs to the target group, by another status than claimed"),
    "not_in_target_group": gettext_lazy("does not belong to the target group"),
    "by_hand": gettext_lazy("marked by hand"),
}
PAPER_TONES = {PaperState.ISSUED: "done", PaperState.SIGNED: "done", PaperState.VOID: "late"}


class Stale(Exception):
    """The case moved on since the page was opened."""


def find(request: HttpRequest, pk: int) -> ReferralApplication:
    """The case, if the visitor may see it; else 404, as where there is none.

    Its `moved` is the sequence of the last step that changed the state: a reminder makes no page stale.
    """
    rows = ReferralApplication.objects.visible_to(request.user).select_related(
        "person", "office__region", "counter", "assignee__person", "checked_by__person"
    )
    moves = Step.objects.filter(case_kind=ReferralApplication.kind, case_id=OuterRef("pk")).exclude(source=F("target"))
    rows = rows.annotate(moved=Coalesce(Subquery(moves.order_by("-sequence").values("sequence")[:1]), 0))
    return get_object_or_404(rows, pk=pk)


def actor_for(user: User | AnonymousUser, application: ReferralApplication, event: str) -> Actor:
    """The visitor in the post that may do `event` to this case; else in a post of its office, which says why not.

    Raises Http404 for who has no post at all.
    """
    actors = [Actor(user, post) for post in posts_of(user)]  # type: ignore[arg-type]
    if not actors:
        raise Http404
    for actor in actors:
        if rights.may(application, event, actor).ok:
            return actor
    near = {application.office_id, application.counter_id}
    # The reason that helps most is that of the post nearest to the step.

    def far(actor: Actor) -> tuple[bool, bool]:
        here = actor.post is not None and actor.post.office_id in near
        return rights.may(application, event, actor) == judging.NOT_YOUR_ROLE, not here

    return min(actors, key=far)


def reads_file(user: Any, application: ReferralApplication) -> bool:
    """Whether the visitor reads the whole file, not only what a counter needs (SPEC 5)."""
    return any(
        post.role in READERS and (post.role == Role.AUDITOR or post.office_id == application.office_id)
        for post in posts_of(user)
    )


@contextmanager
def unchanged(application: ReferralApplication, seen: str, *, lock: bool = True) -> Iterator[None]:
    """Within the block the case is locked and stands where the person saw it. Raises Stale, and nothing is done.

    Without `lock` it stood there when the block began; enough for what harms no case that has moved on.
    """
    with transaction.atomic() if lock else nullcontext():
        if lock:
            ReferralApplication._base_manager.select_for_update(of=("self",)).get(pk=application.pk)
        moves = Step.objects.filter(case_kind=application.kind, case_id=application.pk).exclude(source=F("target"))
        if str(moves.order_by("-sequence").values_list("sequence", flat=True).first() or 0) != seen:
            raise Stale
        yield


def done_already(application: ReferralApplication, events: tuple[str, ...], user: Any, seen: str) -> bool:
    """Whether the case moved since `seen` only by this very step of this very person: the second of two clicks."""
    if not seen.isdecimal():
        return False
    moves = Step.objects.filter(case_kind=application.kind, case_id=application.pk, sequence__gt=int(seen))
    found = list(moves.exclude(source=F("target")).order_by("sequence")[:2])
    return len(found) == 1 and found[0].event in events and found[0].actor_id == user.pk


def page(
    request: HttpRequest,
    application: ReferralApplication,
    *,
    opened: bool = False,
    typed: Mapping[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The case page. `opened` shows the personal data in full; `typed` are forms that were refused, as sent."""
    forms = dict(typed or {})
    whole = reads_file(request.user, application)
    moments = reading.life_line(application, language=dates.language(), events=TOLD_EVENTS if whole else COUNTER_EVENTS)
    running = reading.running(application)
    context: dict[str, Any] = {
        "case": application,
        "zone": application.office.zone if application.office else dates.DEFAULT_ZONE,
        "whole": whole,
        "opened": opened,
        "seen": str(application.moved),  # type: ignore[attr-defined]
        "state": {"label": application.get_state_display(), "tone": TONES.get(application.state, "info")},
        "papers": _papers(request, application),
        "uploads": listed(Upload.objects.visible_to(request.user).of_case(application.kind, application.pk)),
        "purpose_form": forms.get("purpose") or staff_forms.PurposeForm(),
        "list_url": reverse("workplace:referrals_referralapplication_changelist"),
        "facts": _facts(application, opened=opened, whole=whole),
    }
    step = _Next(request, application, running if whole else [], forms, whole)
    context |= {"step": step.drawn(context["seen"]), "line": _line(application, moments, running if whole else [])}
    if whole:
        context |= {
            "protocol": _protocol(request, application, forms),
            "proposals": list(application.proposals.select_related("by__person", "returned_by__person")),
        }
        context["proposals"] = [_proposal(one) for one in context["proposals"]]
    return render(request, "referrals/staff/case.html", context, status=status)


# ------------------------------------------------------------------------------------------------------- the next step


@dataclass
class _Next:
    """What now, whose turn, by when, why; the buttons with their reasons."""

    request: HttpRequest
    case: ReferralApplication
    running: list[Deadline]
    forms: Mapping[str, Form]
    whole: bool

    def drawn(self, seen: str) -> dict[str, Any]:
        buttons, forms = self._buttons(seen)
        deadline = self._deadline()
        zone = self.case.office.zone if self.case.office else dates.DEFAULT_ZONE
        title, sentence = self._said(deadline)
        return {
            "title": title,
            "sentence": sentence,
            "deadline": deadline,
            "due_at": deadline.due_at if deadline else None,
            "left": desks.working_days_left(deadline.due_at, zone) if deadline else None,
            "turn": desks.responsible(deadline, self.request.user) if deadline else self._whose(),  # type: ignore[arg-type]
            "filed_on": self.case.filed_at and dates.day_of(self.case.filed_at, zone),
            "buttons": buttons,
            **forms,
        }

    def _whose(self) -> Any:
        # A result that still has to leave the centre runs under no term of its own: it is the specialist's to give out.
        waits = self.case.state in {State.ISSUED, State.REFUSED} and self.case.channel != Channel.PORTAL
        return Role.SPECIALIST.label if waits and self.whole else ""

    def _deadline(self) -> Deadline | None:
        # The nearest term of whoever's turn it is; a term that waits for another's step is not the next one.
        turn = Role.DIRECTOR if self.case.state == State.AWAITING_SIGNATURE else Role.SPECIALIST
        mine = [one for one in self.running if one.duty == turn]
        return next(iter(mine or self.running), None)

    def _said(self, deadline: Deadline | None) -> tuple[Any, Any]:
        case = self.case
        if case.state == State.ACCEPTED:
            return _("Take the case and check it"), _("The registers are asked as soon as somebody takes the case.")
        if case.state == State.AWAITING_SIGNATURE and deadline is not None:
            return reading.task_of(deadline), _("Proposed: %(outcome)s") % {"outcome": case.get_outcome_display()}
        if deadline is not None:
            return reading.task_of(deadline), ""
        if case.state in {State.ISSUED, State.REFUSED} and case.channel == Channel.CENTRE:
            return _("Hand over the result"), _("The person comes for it with the identity card; a notice was sent.")
        if case.state in {State.ISSUED, State.REFUSED} and case.channel == Channel.SC and not self.whole:
            return _("The result is on its way from the centre"), _(
                "It is handed over here as soon as the centre has sent it."
            )
        if case.state in {State.ISSUED, State.REFUSED} and case.channel == Channel.SC:
            return _("Send the result to the State Corporation"), _(
                "The person collects it where the papers were handed in."
            )
        if case.state == State.SENT_TO_SC:
            return _("The result waits at the State Corporation"), _(
                "The person collects it there with the identity card."
            )
        if case.state == State.UNCOLLECTED:
            return _("The result was not collected"), _("It is back at the centre; the person may still come for it.")
        if case.state == State.DRAFT:
            return _("The documents are at the counter"), _("Nothing is accepted yet.")
        if case.state in {State.ACCEPTED, State.IN_CHECK, State.CHECKED, State.AWAITING_SIGNATURE}:
            return _("The centre works on the application"), _("The person is told when the result is ready.")
        return _("Nothing is to be done"), _("The case is closed.") if case.state != State.ISSUED else _(
            "The result is in the person's cabinet."
        )

    def _buttons(self, seen: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        drawn: list[dict[str, Any]] = []
        forms: dict[str, Any] = {"comment_form": None, "hand_over_form": None}
        decision = "issue" if self.case.outcome == Outcome.ISSUE else "refuse"
        for event in PRESSED:
            if event in {"issue", "refuse"} and event != decision:
                continue
            if event == "send_to_sc" and self.case.channel != Channel.SC:
                continue
            by = actor_for(self.request.user, self.case, event)
            for button in reading.buttons(self.case, by, [event]):
                if not button.enabled and button.reason in _HIDDEN:
                    continue
                if event == "send_back" and button.enabled:
                    forms["comment_form"] = self.forms.get("comment") or staff_forms.CommentForm()
                elif event == "hand_over" and button.enabled:
                    forms["hand_over_form"] = self.forms.get("hand_over") or staff_forms.HandOverForm()
                else:
                    drawn.append(self._button(button, seen))
        primary = next((one for one in drawn if one["enabled"]), None)
        if primary is not None:
            primary["primary"] = True
        return drawn, forms

    def _button(self, button: reading.Button, seen: str) -> dict[str, Any]:
        pk, shape = self.case.pk, {"method": "post", "fields": {"seen": seen}}
        label: Any = button.label
        url = reverse("centre:do", args=[pk, button.event])
        if button.event == "propose_refusal":
            url, shape = reverse("centre:refusal", args=[pk]), {"method": "get"}
        if button.event in {"issue", "refuse"}:
            url, shape = reverse("centre:sign", args=[pk]), {"method": "get"}
            label = _("Read and sign") if button.enabled else label
        return {"label": label, "url": url, "enabled": button.enabled, "reason": button.reason, **shape}


#: A button that can never be this person's is not drawn; one that waits for something is drawn with its reason.
_HIDDEN = (
    judging.NOT_YOUR_ROLE.reason,
    judging.NOT_YOUR_OFFICE.reason,
)


# ------------------------------------------------------------------------------------------------------- the sections


def _protocol(
    request: HttpRequest, application: ReferralApplication, forms: Mapping[str, Form]
) -> list[dict[str, Any]]:
    checks = application.checks.select_related("by__person")
    asked: dict[str, Enquiry] = {}
    for enquiry in Enquiry.objects.of_case(application.kind, application.pk):
        asked[enquiry.system] = enquiry
    by = actor_for(request.user, application, "finish_check")
    open_to_me = application.state == State.IN_CHECK and rights.may(application, "finish_check", by).ok
    systems: dict[str, str] = {
        subject: system for system, subjects in REGISTER_SUBJECTS.items() for subject in subjects
    }
    tones = {CheckResult.YES: "done", CheckResult.NO: "late", CheckResult.WAITING: "soon"}
    rows = []
    for check in checks:
        system = systems.get(check.subject, "")
        latest = asked.get(system)
        waiting = check.result == CheckResult.WAITING
        form = forms.get(f"mark_{check.subject}")
        rows.append(
            {
                "check": check,
                "source": System(system).label if system else _("the specialist's look at the documents"),
                "tone": tones[CheckResult(check.result)],
                "words": ANSWERS.get(check.answer, ""),
                "enquiry": latest if waiting and system else None,
                "trouble": latest.get_last_error_display() if latest and waiting and latest.last_error else "",
                "system": system if waiting and open_to_me and latest is not None else "",
                "form": (form or staff_forms.MarkForm(prefix=check.subject)) if open_to_me else None,
                "form_open": form is not None,
            }
        )
    return rows


def _line(
    application: ReferralApplication, moments: list[reading.Moment], running: list[Deadline]
) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [
        {
            "title": SYSTEM_EVENTS.get(one.event, one.title),
            "state": "late" if one.event in {"deadline_breached", "deadline_escalated"} else "done",
            "when": one.when,
            "note": _who(one),
            "clause": one.clause,
        }
        for one in moments
    ]
    if application.state in UNDECIDED:
        title = reading.task_of(running[0]) if running else _("The centre checks and decides")
        items.append({"title": title, "state": "now", "when": pgettext("life line", "now"), "clause": ""})
        items.append({"title": _("Referral or reasoned refusal"), "state": "later"})
    elif (
        application.state in DECIDED
        and application.state != State.HANDED_OVER
        and application.channel != Channel.PORTAL
    ):
        items.append({"title": _("The result is handed over"), "state": "later"})
    return items


def _who(moment: reading.Moment) -> str:
    if not moment.who:
        return _("the system")
    role = Role(moment.role).label if moment.role in Role.values else pgettext("life line", "the applicant")
    return f"{moment.who}, {role}"


def _papers(request: HttpRequest, application: ReferralApplication) -> list[dict[str, Any]]:
    found = Paper.objects.visible_to(request.user).filter(case_kind=application.kind, case_id=application.pk)
    return [
        {
            "paper": paper,
            "title": kind_of(paper.kind).title,
            "tone": PAPER_TONES.get(PaperState(paper.state), "info"),
            "state": paper_state(paper),
            "readable": bool(paper.sha256),
        }
        for paper in found.order_by("pk")
    ]


def _proposal(proposal: Any) -> dict[str, Any]:
    rule = law.clause(proposal.rule) if proposal.rule else None
    lang = dates.language()
    return {
        "row": proposal,
        "refusal": proposal.outcome == Outcome.REFUSE,
        "rule": rule.label(lang) if rule else "",
        "rule_text": rule.text(lang) if rule else "",
    }


def _facts(application: ReferralApplication, *, opened: bool, whole: bool) -> list[dict[str, Any]]:
    zone = application.office.zone if application.office else dates.DEFAULT_ZONE
    person = application.person
    rows: list[tuple[Any, Any]] = [
        (_("Centre"), application.office),
        (_("Channel"), application.get_channel_display()),
    ]
    if application.counter_id and application.counter_id != application.office_id:
        rows.append((_("Accepted at"), application.counter))
    if application.filed_at:
        rows.append((_("Filed"), dates.day_and_time(application.filed_at, zone)))
    if application.accepted_on:
        rows.append((_("Accepted on"), dates.day_with_weekday(application.accepted_on)))
    if application.acceptance_refusal:
        rows.append((_("Not accepted because"), application.get_acceptance_refusal_display()))
        rows.append((_("What was missing"), application.acceptance_refusal_text))
    rows.append((_("Language of the result"), application.get_language_display()))
    if whole:
        rows += [
            (_("Status claimed"), application.get_target_status_display()),
            (_("Wished form of training"), application.get_study_form_display()),
            (_("Special conditions"), application.access_needs),
            (_("Works on it"), application.assignee),
            (_("Checked by"), application.checked_by),
        ]
        if application.trained_until:
            rows.append((_("Trained before, until"), dates.long_date(application.trained_until)))
    if application.issued_on:
        rows.append((_("Date of issue"), dates.day_with_weekday(application.issued_on)))
    if application.transfer_list:
        rows.append((_("Transfer list"), application.transfer_list))
    if opened:
        rows += [
            (_("IIN"), figures.iin_grouped(person.iin)),
            (_("Date of birth"), dates.long_date(person.birth_date)),
            (_("Telephone"), figures.phone(application.phone)),
            (_("E-mail"), application.email),
            (_("Address in the register"), application.address(dates.language())),
        ]
    return [{"label": label, "value": value} for label, value in rows if value or opened]
