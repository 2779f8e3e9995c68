"""One item of the agenda, for everybody in the room: the package, the score, the vote, the chair's and the
secretary's steps. It works on a phone: one column, the step that is due first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bastau.flow import Actor
from bastau.people.roles import Role
from grants import seating
from grants.actions import voting
from grants.forms import meetings as forms
from grants.models import AgendaItem, CommissionMeeting, Score, Vote
from grants.rights import meetings as rights
from grants.states import MEETING_ROOM, Choice, GrantState, MeetingState, Ruling
from grants.views.application_answers import project_rows
from grants.views.commission_posts import actor_in, done_with
from grants.views.meetings import case_url

#: From these states on, the members read the packages (FKA04-2.3).
READ = (
    MeetingState.MATERIALS_SENT,
    *MEETING_ROOM,
    MeetingState.CLOSED,
    MeetingState.PROTOCOL_DRAFT,
    MeetingState.PROTOCOL_SIGNED,
    MeetingState.DECISIONS_ENTERED,
)


@dataclass(frozen=True)
class Step:
    """What somebody may post on an item: the form, the action, what is said; `may` gives the actor, or None."""

    form: type[forms.ItemForm]
    run: Callable[..., Any]
    said: Any
    label: Any
    may: Callable[[Sight], Actor | None]
    danger: bool = False


@dataclass(frozen=True)
class Sight:
    """One item as one visitor sees it: with the visitor's posts in this commission."""

    item: AgendaItem
    member: Actor | None
    secretary: Actor | None

    @property
    def meeting(self) -> CommissionMeeting:
        return self.item.meeting

    @property
    def is_open(self) -> bool:
        """Whether the item is open in the room now."""
        return self.meeting.state == MeetingState.VOTING and self.meeting.current_id == self.item.pk

    @property
    def recused(self) -> bool:
        """Whether the visitor is recused on this item."""
        assert self.member is not None
        return self.item.votes.filter(member__user=self.member.user, choice=Choice.RECUSED).exists()

    @property
    def chair(self) -> Actor | None:
        """The visitor as the chair of the day."""
        if self.member is None or not rights.may(self.meeting, "open_item", self.member).ok:
            return None
        return self.member

    @property
    def voice(self) -> Actor | None:
        """The visitor as a member who takes part in this item."""
        if self.member is None or not rights.may_take_part(self.item, self.member).ok:
            return None
        return self.member


def _scores(sight: Sight) -> Actor | None:
    ready = not sight.item.end and sight.meeting.state in READ
    return sight.voice if ready and sight.voice and not sight.recused else None


def _votes(sight: Sight) -> Actor | None:
    ready = sight.is_open and sight.item.presented_at is not None
    if not ready or sight.voice is None or sight.voice.user is None:
        return None
    here = seating.bench_of(sight.meeting).seat_of(sight.voice.user.pk)
    stands_in = sight.item.stand_ins.filter(substitute__user=sight.voice.user).exists()
    return sight.voice if here or stands_in else None


def _recuses(sight: Sight) -> Actor | None:
    told = sight.meeting.state in (MeetingState.NOTIFIED, MeetingState.MATERIALS_SENT, *MEETING_ROOM)
    return sight.voice if told and not sight.item.end and sight.voice and not sight.recused else None


def _presents(sight: Sight) -> Actor | None:
    return sight.secretary if sight.is_open and sight.item.presented_at is None else None


def _words(sight: Sight) -> Actor | None:
    return sight.secretary if sight.meeting.state in (*MEETING_ROOM, MeetingState.CLOSED) else None


def _seats(sight: Sight) -> Actor | None:
    if sight.item.end or sight.secretary is None or sight.meeting.state not in (*READ[:1], *MEETING_ROOM):
        return None
    return sight.secretary if seating.recused_on(sight.item, seating.bench_of(sight.meeting)) else None


def _free_to_deal(sight: Sight) -> bool:
    return not sight.item.end and (sight.meeting.state == MeetingState.OPENED or sight.is_open)


def _opens(sight: Sight) -> Actor | None:
    waits = not sight.item.end and sight.item.application.state in (GrantState.SCHEDULED, GrantState.HEARD)
    return sight.chair if waits and sight.meeting.state == MeetingState.OPENED else None


def _closes(sight: Sight) -> Actor | None:
    return sight.chair if sight.is_open and sight.item.presented_at is not None else None


def _puts_off(sight: Sight) -> Actor | None:
    return sight.chair if _free_to_deal(sight) else None


def _strikes(sight: Sight) -> Actor | None:
    absent_before = sight.item.application.absences > 0 and sight.item.application.state == GrantState.SCHEDULED
    return sight.secretary if _free_to_deal(sight) and absent_before else None


STEPS: dict[str, Step] = {
    "open": Step(
        forms.ItemForm, voting.open_item, gettext_lazy("The item is open."), gettext_lazy("Open the item"), _opens
    ),
    "presented": Step(
        forms.PresentedForm,
        voting.mark_presented,
        gettext_lazy("Noted: the project is presented. The members may vote."),
        gettext_lazy("The applicant presents the project"),
        _presents,
    ),
    "vote": Step(forms.VoteForm, voting.cast_vote, gettext_lazy("Your vote is counted."), gettext_lazy("Vote"), _votes),
    "close": Step(
        forms.CloseForm,
        voting.close_item,
        gettext_lazy("The vote is closed and counted."),
        gettext_lazy("Close the vote"),
        _closes,
    ),
    "score": Step(
        forms.ScoreForm, voting.give_score, gettext_lazy("Your scores are kept."), gettext_lazy("Score"), _scores
    ),
    "words": Step(
        forms.WordsForm,
        voting.word_item,
        gettext_lazy("The words for the protocol are kept."),
        gettext_lazy("Words for the protocol"),
        _words,
    ),
    "stand-in": Step(
        forms.StandInForm,
        voting.seat_stand_in,
        gettext_lazy("The seat is noted."),
        gettext_lazy("Substitute for a recused member"),
        _seats,
    ),
    "put-off": Step(
        forms.PutOffForm,
        voting.put_off_item,
        gettext_lazy("The item goes to the next meeting."),
        gettext_lazy("Put the item off"),
        _puts_off,
        danger=True,
    ),
    "strike": Step(
        forms.ItemForm,
        voting.strike_item,
        gettext_lazy("The application is closed without consideration."),
        gettext_lazy("Close: did not come a second time"),
        _strikes,
        danger=True,
    ),
    "recuse": Step(
        forms.RecuseForm,
        voting.cast_vote,
        gettext_lazy("You are recused on this item. The protocol records it."),
        gettext_lazy("Recuse: I have an interest"),
        _recuses,
        danger=True,
    ),
}


def page(request: HttpRequest, pk: int, typed: dict[str, Any] | None = None) -> HttpResponse:
    """The item as the visitor may see it, with the forms of the steps that are the visitor's now."""
    sight = _sight(request, pk)
    item, meeting = sight.item, sight.meeting
    steps = []
    for name, step in STEPS.items():
        by = step.may(sight)
        form = (typed or {}).get(name)
        if form is None and by is not None:
            form = step.form(item=item, by=by, prefix=name)
        if form is not None:
            steps.append({"name": name, "form": form, "label": step.label, "danger": step.danger})
    for one in steps:
        if not one["danger"]:
            one["primary"] = True
            break
    context = {
        "item": item,
        "meeting": meeting,
        "case_url": case_url(meeting),
        "zone": meeting.office.zone if meeting.office else None,
        "steps": steps,
        "standing": standing(sight),
        "own": _own(sight),
        **_counted(request, sight),
        **_package(sight),
    }
    return render(request, "grants/staff/item.html", context, status=422 if typed else 200)


def do(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """A posted step on an item; what is refused comes back with its reason and with what was typed."""
    step = STEPS.get(what)
    if step is None:
        raise Http404
    if request.method != "POST":
        return redirect("grants_office:item", pk)
    sight = _sight(request, pk)
    by = step.may(sight) or sight.member or sight.secretary
    if by is None:
        raise Http404
    form = step.form(request.POST, item=sight.item, by=by, prefix=what)

    def act(**entered: Any) -> None:
        if what == "recuse":
            entered["choice"] = Choice.RECUSED
        step.run(sight.item, by=by, **entered)

    if not done_with(request, form, act, step.said):
        return page(request, pk, {what: form})
    return redirect("grants_office:item", pk)


def _sight(request: HttpRequest, pk: int) -> Sight:
    meetings = CommissionMeeting.objects.visible_to(request.user).values("pk")
    rows = AgendaItem.objects.filter(meeting__in=meetings).select_related(
        "meeting__office", "meeting__commission", "application__person", "application__office"
    )
    item = get_object_or_404(rows, pk=pk)
    office = item.meeting.office_id
    member = actor_in(request, rights.SITTING, office)
    if item.application.person_id == request.user.person_id:  # type: ignore[union-attr]
        # Nobody works on a case of the own IIN (SPEC 5).
        raise Http404
    if member is not None and rights.appointment(item.meeting, member.user) is None:
        member = None
    return Sight(item, member, actor_in(request, [Role.COMMISSION_SECRETARY], office))


def standing(sight: Sight) -> dict[str, Any]:
    """Where the item stands: who takes part, the quorum, how many have voted. No vote is told before the closing."""
    item = sight.item
    bench = seating.bench_on(item, seating.bench_of(sight.meeting))
    sitting = {member.pk for member in bench.sitting}
    voted = sum(member in sitting for member in item.votes.values_list("member_id", flat=True))
    return {
        "present": len(bench.sitting),
        "needed": bench.needed,
        "quorum": bench.has_quorum,
        "voted": voted,
        "is_open": sight.is_open,
        "recused": [str(one) for one in seating.recused_on(item, seating.bench_of(sight.meeting))],
        "stand_ins": list(item.stand_ins.select_related("member__user__person", "substitute__user__person")),
    }


def _own(sight: Sight) -> dict[str, Any]:
    if sight.member is None:
        return {}
    votes = sight.item.votes.filter(member__user=sight.member.user)
    scores = sight.item.scores.filter(member__user=sight.member.user)
    return {"vote": votes.first(), "score": scores.first()}


def _counted(request: HttpRequest, sight: Sight) -> dict[str, Any]:
    """The result, once the chair has closed; votes by name for those who read them (SPEC 5.1)."""
    if not sight.item.end:
        return {"counted": None, "votes": [], "marks": []}
    item = sight.item
    mean = item.score_sum / item.score_count if item.score_count else None
    reads = sight.secretary is not None or sight.member is None
    votes, scores = Vote.objects.visible_to(request.user), Score.objects.visible_to(request.user)
    return {
        "counted": {"mean": mean, "ruling": Ruling(item.ruling).label if item.ruling else ""},
        "votes": list(votes.filter(item=item).select_related("member__user__person")) if reads else [],
        "marks": list(scores.filter(item=item).select_related("member__user__person")) if reads else [],
    }


def _package(sight: Sight) -> dict[str, Any]:
    """Project, estimate and the mark of the category, without personal documents (SPEC 5)."""
    application = sight.item.application
    if sight.meeting.state not in READ and sight.secretary is None and sight.member is not None:
        return {"package": None}
    rows = project_rows(application, lambda label, value, name="": {"label": label, "value": value})
    category = application.checks.filter(criterion="category", result="yes").exists()
    marks = [
        {"label": _("Applicant"), "value": application.person.full_name},
        {"label": _("Application"), "value": application.number},
        {"label": _("Belongs to a category of the grant"), "value": _("yes") if category else _("no")},
    ]
    return {
        "package": {"rows": rows, "marks": marks},
        "estimate": {"lines": list(application.lines.all()), "case": application, "break_even": ""},
    }
