"""The citizen's own page: the way, one next step, the life line, papers, notices.

It reads the shared tables alone. What a kind of case means for its citizen is said by the app that owns it: a
source registered here gives a :class:`Card` for each of the person's cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from bastau import clock
from bastau.flow.models import Case, Deadline
from bastau.flow.reading import Moment, life_line
from bastau.notices.models import Notice
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState
from bastau.people.roles import Role
from bastau.portal import dates, nav
from bastau.portal.access import citizen_required

Text = str | Promise

#: So many notices stand on the page itself; the list has so many on one page.
LATEST, A_PAGE = 4, 20


@dataclass(frozen=True)
class Card:
    """One case as its citizen needs it: what now, whose turn, by when, why, what happened and what comes.

    `stage` is the stop of the way where the person stands. `turn` names whose turn it is; `mine` is true where the
    citizen must do something. `deadline` explains the date; `events` are those of the journal that the citizen is
    shown; `ahead` are the items of the life line still to come.
    """

    case: Case
    stage: str
    state: Text
    title: Text
    url: str
    sentence: Text = ""
    turn: Text = ""
    mine: bool = False
    action: Mapping[str, Any] | None = None
    deadline: Deadline | None = None
    filed_on: date | None = None
    accepted_on: date | None = None
    zone: str = dates.DEFAULT_ZONE
    events: frozenset[str] = frozenset()
    ahead: tuple[Mapping[str, Any], ...] = ()

    @property
    def due_at(self) -> Any:
        """The open term's end; None where nothing runs."""
        return self.deadline.due_at if self.deadline is not None and self.deadline.closed_at is None else None

    @property
    def days_left(self) -> int | None:
        """Working days left of the open term, today not counted; derived, never stored."""
        if self.deadline is None or self.deadline.closed_at is not None:
            return None
        today = clock.today(self.zone).isoformat()
        return sum(1 for day in self.deadline.reckoning["days"] if day["counted"] and day["date"] > today)


Source = Callable[[HttpRequest], Iterable[Card]]

_sources: list[Source] = []


def register_cards(source: Source) -> Source:
    """Let `source(request)` give the cards of the signed-in citizen's cases, newest first."""
    if source not in _sources:
        _sources.append(source)
    return source


def cards_of(request: HttpRequest) -> list[Card]:
    """All cards: first where the person must do something, then what runs, then the rest; newest first in each."""
    found = [card for source in _sources for card in source(request)]
    return sorted(found, key=lambda card: (not card.mine, card.due_at is None, -card.case.created_at.timestamp()))


def line_of(card: Card) -> list[dict[str, Any]]:
    """The life line of a case for its citizen: what happened (each event once, the last time), then what comes."""
    roles = dict(Role.choices)
    past: dict[str, dict[str, Any]] = {}
    if card.events:
        for moment in life_line(card.case, language=dates.language(), events=card.events):
            past.pop(moment.event, None)
            past[moment.event] = {
                "title": moment.title,
                "state": "done",
                "when": moment.when,
                "who": roles.get(moment.role, ""),
                "note": _accepted_later(card, moment),
                "clause": moment.clause,
            }
    return [*past.values(), *map(dict, card.ahead)]


def _accepted_later(card: Card, moment: Moment) -> str:
    # What is sent after hours counts from the next working day: the step alone would say another date than the term.
    day = card.accepted_on
    if moment.event != "submit" or day is None or day == card.filed_on:
        return ""
    return _("Counts as accepted on: %(date)s") % {"date": dates.day_with_weekday(day)}


def papers_of(user: Any, case: Case | None = None) -> list[dict[str, Any]]:
    """The papers in force that the citizen may read, newest first; of one case where `case` is given."""
    found = Paper.objects.visible_to(user).exclude(state__in=[PaperState.VOID, PaperState.ASKED])
    if case is not None:
        found = found.filter(case_kind=case.kind, case_id=case.pk)
    return [
        {
            "paper": paper,
            "title": kind_of(paper.kind).title,
            "number": paper.shown_number,
            "language": paper.get_language_display(),
            "state": _paper_state(paper),
        }
        for paper in found.order_by("-asked_at", "language")[:A_PAGE]
        # One that waits for a signature is met on the signing page, not here.
        if paper.state != PaperState.READY or kind_of(paper.kind).signer is None
    ]


def _paper_state(paper: Paper) -> Text:
    if paper.state == PaperState.READY:
        return pgettext("state of a paper", "valid")
    return paper.get_state_display()


@require_safe
@citizen_required
def cabinet(request: HttpRequest) -> HttpResponse:
    """The citizen's page."""
    cards = cards_of(request)
    first = cards[0] if cards else None
    return render(
        request,
        "portal/cabinet.html",
        {
            "given_name": request.user.person.given_name,  # type: ignore[union-attr]
            "first": first,
            "line": line_of(first) if first else [],
            "others": cards[1:],
            "papers": papers_of(request.user),
            "notices": told(Notice.objects.visible_to(request.user)[:LATEST]),
            "start": next((entry for entry in nav.main_entries(request) if entry["start"]), None),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def notices(request: HttpRequest) -> HttpResponse:
    """All notices, newest first. A POST marks as read those that the page showed."""
    own = Notice.objects.visible_to(request.user)
    if request.method == "POST":
        last = _number(request.POST.get("until"))
        if last is not None:
            own.filter(pk__lte=last).mark_read()
        return redirect("notices")
    before = _number(request.GET.get("before"))
    rows = own.order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows[: A_PAGE + 1])
    more, shown = len(shown) > A_PAGE, shown[:A_PAGE]
    return render(
        request,
        "portal/notices.html",
        {
            "notices": told(shown),
            "unread": any(notice.read_at is None for notice in shown),
            "until": str(shown[0].pk) if shown else "",
            "next_url": f"?before={shown[-1].pk}" if more else "",
            "newest_url": reverse("notices") if before is not None else "",
        },
    )


def told(found: Iterable[Notice]) -> list[dict[str, Any]]:
    """Notices as the page shows them, in the reader's language."""
    lang = dates.language()
    return [
        {
            "title": notice.words("title", lang),
            "text": notice.words("text", lang),
            "more": notice.words("more", lang),
            "at": notice.created_at,
            "read": notice.read_at is not None,
        }
        for notice in found
    ]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


@nav.register
def own_pages(request: HttpRequest) -> list[nav.Entry]:
    """What the header offers a citizen."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_citizen:
        return []
    return [
        nav.Entry(label=_("My cabinet"), url=reverse("cabinet")),
    ]
