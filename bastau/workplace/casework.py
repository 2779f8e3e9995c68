"""The page of a case as the staff see it, for every kind of case: what now, whose turn, by when, why; buttons with
their reasons; facts, papers, life line. An app says what is its own with a :class:`CaseRoom`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau.flow import Actor, judging, machine_of, reading, verdict
from bastau.flow.models import Case, Deadline, Step
from bastau.papers import SigningRefused
from bastau.papers.forms import SigningForm
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState, Upload
from bastau.papers.pages import ncalayer_allowed, signing_context
from bastau.people.models import User
from bastau.people.posts import posts_of
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.workplace import desks
from bastau.workplace.admin import SYSTEM_EVENTS, paper_state
from bastau.workplace.registers import Register

Text = str | Promise

MOVED_ON = gettext_lazy(
    "The case has moved on since you opened this page, so nothing was done. Look at what stands here now."
)
PAPER_TONES = {PaperState.ISSUED: "done", PaperState.SIGNED: "done", PaperState.VOID: "late"}


class CaseForm(Form):
    """A form of a step: it knows the case and who fills it in."""

    def __init__(self, *args: Any, case: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.by = case, by


@dataclass(frozen=True)
class Does:
    """How the case page offers one event: `run(case, by=actor, **cleaned)` and what is said when it is done.

    With `form` its fields stand on the page; with `papers` the person reads and signs those papers first and `run`
    gets `signatures`; with `page` (a URL name taking the key) the button leads to a page of its own. `when` hides it.
    """

    run: Callable[..., Any]
    said: Text
    form: type[CaseForm] | None = None
    papers: Callable[[Any], Sequence[Paper]] | None = None
    page: str = ""
    danger: bool = False
    when: Callable[[Any], bool] = field(default=lambda case: True)


@dataclass(frozen=True)
class Section:
    """A card of the page: its title, the template of its body and what that draws."""

    title: Text
    template: str
    context: Mapping[str, Any]


class Stale(Exception):
    """The case moved on since the page was opened."""


def actor_for(user: User | AnonymousUser, case: Case, event: str) -> Actor:
    """The visitor in the post that may do `event` to this case; else in the post whose reason helps most.

    Raises Http404 for who has no post at all.
    """
    actors = [Actor(user, post) for post in posts_of(user)]  # type: ignore[arg-type]
    if not actors:
        raise Http404
    may = machine_of(case.kind).may
    return min(actors, key=lambda actor: _distance(may(case, event, actor)))


def _distance(answer: Any) -> int:
    return 0 if answer.ok else 2 if answer.reason in judging.NEVER else 1


def moves_of(case: Case) -> Any:
    """The journal's steps that changed the state; a reminder makes no page stale."""
    return Step.objects.filter(case_kind=case.kind, case_id=case.pk).exclude(source=F("target"))


@contextmanager
def unchanged(case: Case, seen: str) -> Iterator[None]:
    """Within the block the case is locked and stands where the person saw it. Raises Stale, and nothing is done."""
    with transaction.atomic():
        type(case)._base_manager.select_for_update(of=("self",)).get(pk=case.pk)
        if str(moves_of(case).order_by("-sequence").values_list("sequence", flat=True).first() or 0) != seen:
            raise Stale
        yield


def done_already(case: Case, event: str, user: Any, seen: str) -> bool:
    """Whether the case moved since `seen` only by this very step of this very person: the second of two clicks."""
    if not seen.isdecimal():
        return False
    found = list(moves_of(case).filter(sequence__gt=int(seen)).order_by("sequence")[:2])
    return len(found) == 1 and found[0].event == event and found[0].actor_id == user.pk


class CaseRoom(Register):
    """A register of cases whose entries open the case page.

    Subclasses set `does` (event -> Does, in the order of the buttons), `tones` (state -> tone) and override `title`,
    `subtitle`, `facts`, `sections`, `ahead`, `sentence`, `links` where they have something to say.
    """

    does: ClassVar[Mapping[str, Does]] = {}
    tones: ClassVar[Mapping[Any, str]] = {}
    details: ClassVar[tuple[str, ...]] = ("__str__",)
    listed: ClassVar[bool] = False
    related: ClassVar[tuple[str, ...]] = ("person", "office", "assignee__person")

    # ------------------------------------------------------------------------------- what an app says of its own kind

    def title(self, case: Any) -> Text:
        """The heading of the page."""
        return case.person.full_name if case.person else case.number

    def subtitle(self, case: Any) -> Text:
        """The line under the heading."""
        return case.number

    def facts(self, request: HttpRequest, case: Any) -> list[tuple[Text, Any]]:
        """Rows of the summary: label and value."""
        return []

    def sections(self, request: HttpRequest, case: Any) -> list[Section]:
        """The cards of the page, before its life line."""
        return []

    def sentence(self, case: Any) -> Text:
        """What the next step means, in a sentence, where the title of the term does not say it all."""
        return ""

    def links(self, request: HttpRequest, case: Any) -> list[dict[str, Any]]:
        """Further buttons under the next step, as `action_button` takes them: pages beside the machine's events."""
        return []

    def ahead(self, case: Any) -> list[dict[str, Any]]:
        """Items of the life line still to come: title, state (`now`, `later`), when."""
        return []

    def stop(self, case: Any) -> str:
        """The stop of the way where the case stands; empty draws no way."""
        return case.stage

    # ------------------------------------------------------------------------------------------------------- addresses

    def get_urls(self) -> list[URLPattern]:  # type: ignore[override]
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        guarded = self.admin_site.admin_view
        signing = ncalayer_allowed(self.sign_view)  # type: ignore[arg-type]
        return [
            *super().get_urls(),
            path("<int:pk>/do/<slug:event>/", guarded(self.do_view), name=f"{name}_do"),
            path("<int:pk>/sign/<slug:event>/", guarded(signing), name=f"{name}_sign"),
        ]

    def url(self, case: Any, what: str = "change", *args: Any) -> str:
        """The address of one of the pages of a case: `change`, `do`, `sign`."""
        return reverse(f"workplace:{self.opts.app_label}_{self.opts.model_name}_{what}", args=[case.pk, *args])

    def find(self, request: HttpRequest, pk: int) -> Any:
        """The case, if the visitor may see it; else 404. Its `moved` is the sequence of its last change of state."""
        if not self.has_view_permission(request):
            raise Http404
        moves = Step.objects.filter(case_kind=self.model.kind, case_id=OuterRef("pk")).exclude(source=F("target"))
        rows = self.rows(request).select_related(*self.related)
        rows = rows.annotate(moved=Coalesce(Subquery(moves.order_by("-sequence").values("sequence")[:1]), 0))
        return get_object_or_404(rows, pk=pk)

    # ----------------------------------------------------------------------------------------------------------- pages

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: int, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The case page."""
        return self.page(request, self.find(request, object_id))

    def page(
        self, request: HttpRequest, case: Any, *, typed: Mapping[str, Form] | None = None, status: int = 200
    ) -> HttpResponse:
        """The case page; `typed` are forms that were refused, as sent, by their event."""
        running = reading.running(case)
        context = {
            "case": case,
            "zone": case.office.zone if case.office else dates.DEFAULT_ZONE,
            "seen": str(case.moved),
            "heading": self.title(case),
            "under": self.subtitle(case),
            "state": {"label": case.get_state_display(), "tone": self.tones.get(case.state, "info")},
            "stop": self.stop(case),
            "step": self._step(request, case, running, typed or {}),
            "sections": self.sections(request, case),
            "facts": [{"label": label, "value": value} for label, value in self.facts(request, case)],
            "line": self._line(case),
            "papers": self._papers(request, case),
            "uploads": Upload.objects.visible_to(request.user).of_case(case.kind, case.pk).filter(removed_at=None),
            "list_url": reverse(f"workplace:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "list_label": self.heading or self.opts.verbose_name_plural,
        }
        return render(request, "workplace/case.html", context, status=status)

    def do_view(self, request: HttpRequest, pk: int, event: str) -> HttpResponse:
        """A posted step: done once, or the same page with the reason and with what was typed."""
        does = self.does.get(event)
        if does is None or does.papers is not None or does.page:
            raise Http404
        case = self.find(request, pk)
        if request.method != "POST":
            return redirect(self.url(case))
        by = actor_for(request.user, case, event)
        form = does.form(request.POST, request.FILES, case=case, by=by, prefix=event) if does.form else None
        typed = {event: form} if form else {}
        if form is not None and not form.is_valid():
            return self.page(request, case, typed=typed, status=422)
        seen = request.POST.get("seen", "")
        try:
            with unchanged(case, seen):
                does.run(case, by=by, **(form.cleaned_data if form else {}))
        except Stale:
            if not done_already(case, event, request.user, seen):
                messages.error(request, str(MOVED_ON))
                return self.page(request, self.find(request, pk), typed=typed, status=409)
            return redirect(self.url(case))
        except ValidationError as refused:
            for sentence in refused.messages:
                messages.error(request, sentence)
            return self.page(request, self.find(request, pk), typed=typed, status=422)
        messages.success(request, str(does.said))
        return redirect(self.url(case))

    def sign_view(self, request: HttpRequest, pk: int, event: str) -> HttpResponse:
        """The person reads the papers of a step and signs them all at once."""
        does = self.does.get(event)
        if does is None or does.papers is None:
            raise Http404
        case = self.find(request, pk)
        by = actor_for(request.user, case, event)
        if done_already(case, event, request.user, str(case.moved - 1)):
            return redirect(self.url(case))
        allowed = verdict(case, event, by)
        if not allowed.ok:
            messages.error(request, str(allowed.reason))
            return redirect(self.url(case))
        papers = list(does.papers(case))
        if not papers or any(paper.state == PaperState.ASKED for paper in papers):
            return self._preparing(request, case, event)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Refresh": "true"})
        assert by.user is not None
        form = SigningForm(request.POST or None, request.FILES or None, paper=papers[0], by=by.user, post=by.post)
        if request.method == "POST" and form.is_valid():
            try:
                does.run(case, by=by, signatures=form.signatures())
            except SigningRefused as refused:
                form.add_error(None, str(refused.message))
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, str(does.said))
                return redirect(self.url(case))
        context = signing_context(papers[0], self.url(case, "sign", event), self.url(case), by.user, by.post, form)
        return render(request, "papers/sign.html", context, status=422 if form.is_bound else 200)

    def _preparing(self, request: HttpRequest, case: Any, event: str) -> HttpResponse:
        sentence = _("The document is being printed. It takes a few seconds; you may leave the page.")
        context = {
            "sentence": sentence, "poll_url": self.url(case, "sign", event), "case_url": self.url(case), "case": case,
        }  # fmt: skip
        partial = bool(request.headers.get("HX-Request"))
        return render(request, "workplace/progress.html" if partial else "workplace/preparing.html", context)

    # -------------------------------------------------------------------------------------------------------- sections

    def _step(
        self, request: HttpRequest, case: Any, running: list[Deadline], typed: Mapping[str, Form]
    ) -> dict[str, Any]:
        buttons, forms = self._buttons(request, case, typed)
        held = {post.role for post in posts_of(request.user)}
        deadline = next((one for one in running if one.duty in held), next(iter(running), None))
        zone = case.office.zone if case.office else dates.DEFAULT_ZONE
        nothing = _("Nothing is to be done") if not (buttons or forms) else _("What can be done now")
        return {
            "title": reading.task_of(deadline) if deadline else nothing,
            "sentence": self.sentence(case),
            "deadline": deadline,
            "due_at": deadline.due_at if deadline else None,
            "left": desks.working_days_left(deadline.due_at, zone) if deadline else None,
            "turn": desks.responsible(deadline, request.user) if deadline else "",  # type: ignore[arg-type]
            "buttons": [*buttons, *self.links(request, case)],
            "forms": forms,
        }

    def _buttons(
        self, request: HttpRequest, case: Any, typed: Mapping[str, Form]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        drawn: list[dict[str, Any]] = []
        forms: list[dict[str, Any]] = []
        for event, does in self.does.items():
            if not does.when(case):
                continue
            by = actor_for(request.user, case, event)
            for button in reading.buttons(case, by, [event]):
                if not button.enabled and button.reason in judging.NEVER:
                    continue
                if button.enabled and does.form is not None:
                    form = typed.get(event) or does.form(case=case, by=by, prefix=event)
                    forms.append(
                        {"label": button.label, "form": form, "url": self.url(case, "do", event), "danger": does.danger}
                    )
                else:
                    drawn.append(self._button(case, event, does, button))
        for one in [*drawn, *forms]:
            if one.get("enabled", True) and not one["danger"]:
                one["primary"] = True
                break
        return drawn, forms

    def _button(self, case: Any, event: str, does: Does, button: reading.Button) -> dict[str, Any]:
        drawn = {"label": button.label, "enabled": button.enabled, "reason": button.reason, "danger": does.danger}
        if does.page:
            return drawn | {"url": reverse(does.page, args=[case.pk]), "method": "get"}
        if does.papers is not None:
            label = _("Read and sign") if button.enabled else button.label
            return drawn | {"label": label, "url": self.url(case, "sign", event), "method": "get"}
        return drawn | {"url": self.url(case, "do", event), "method": "post", "fields": {"seen": str(case.moved)}}

    def _line(self, case: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = [
            {
                "title": SYSTEM_EVENTS.get(one.event, one.title),
                "state": "late" if one.event in {"deadline_breached", "deadline_escalated"} else "done",
                "when": one.when,
                "note": _who(one),
                "clause": one.clause,
            }
            for one in reading.life_line(case, language=dates.language())
            if one.event != "deadline_reminded"
        ]
        return [*items, *self.ahead(case)]

    def _papers(self, request: HttpRequest, case: Any) -> list[dict[str, Any]]:
        found = Paper.objects.visible_to(request.user).filter(case_kind=case.kind, case_id=case.pk)
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


def _who(moment: reading.Moment) -> str:
    if not moment.who:
        return _("the system")
    role = Role(moment.role).label if moment.role in Role.values else pgettext("life line", "the applicant")
    return f"{moment.who}, {role}"
