"""Accompaniment and enquiries on the citizen's page: what now, whose turn, by when, why, and what comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau import clock
from bastau.flow.models import Deadline
from bastau.portal import dates, figures, nav
from bastau.portal.cabinet import Card, register_cards
from monitoring.models import AccompanimentCase, ConsultationRequest, Visit
from monitoring.states import (
    ACCOMPANIED,
    AccompanimentState,
    ConsultationKind,
    ConsultationState,
    Redirection,
    VisitState,
)
from referrals.models import ReferralApplication
from referrals.states import DECIDED, Outcome

#: What a citizen is shown of the journals.
EVENTS = frozenset({"open", "launch", "extend", "finish", "stop"})
ENQUIRY_EVENTS = frozenset({"ask", "answer", "redirect", "refer_out", "reopen", "confirm", "close"})
#: Of enquiries that need nothing any more none stands on the first page; of accompaniments there are few.
SHOWN = 5
LIMIT = "T-CONSULT-15"


@register_cards
def cards(request: HttpRequest) -> list[Card]:
    """The accompaniments of the person, and the enquiries that are open; a constant number of statements."""
    own = AccompanimentCase.objects.visible_to(request.user).select_related("person", "office", "assignee__person")
    cases = list(own.order_by("-pk")[:SHOWN])
    found = []
    if cases:
        asked: dict[int, list[Visit]] = {}
        waiting = Visit.objects.filter(accompaniment__in=cases, state=VisitState.PLANNED, cost__gt=0)
        for visit in waiting.order_by("planned_on", "pk"):
            asked.setdefault(visit.accompaniment_id, []).append(visit)
        found = [card_of(case, asked.get(case.pk, [])) for case in cases]
    enquiries = ConsultationRequest.objects.visible_to(request.user).exclude(state=ConsultationState.CLOSED)
    rows = list(enquiries.select_related("person", "office").order_by("-pk")[:SHOWN])
    if rows:
        terms = terms_of(ConsultationRequest.kind, [row.pk for row in rows])
        found += [enquiry_card(row, terms.get(row.pk, {})) for row in rows]
    return found


def terms_of(kind: str, ids: list[int]) -> dict[int, dict[str, Deadline]]:
    """The deadlines of cases found through `visible_to`, open and closed: case id -> name -> the newest deadline."""
    found: dict[int, dict[str, Deadline]] = {}
    for row in Deadline.objects.filter(case_kind=kind, case_id__in=ids).order_by("pk"):
        found.setdefault(row.case_id, {})[row.name] = row
    return found


def over(case: AccompanimentCase) -> bool:
    """Whether the participant may not ask the chamber about the business any more (118-p33-3)."""
    assert case.office is not None
    if case.state not in ACCOMPANIED:
        return True
    return case.ends_on is not None and clock.today(case.office.zone) > case.ends_on


def card_of(case: AccompanimentCase, asked: list[Visit]) -> Card:
    """One accompaniment as its participant needs it; `asked` are visits whose cost waits for an answer."""
    assert case.office is not None
    url = reverse("monitoring:accompaniment", args=[case.pk])
    return Card(
        case=case,
        stage="monitoring",
        # Where the card stands among others, its state alone is read.
        state=_("A visit waits for your answer") if asked and not over(case) else case.get_state_display(),  # type: ignore[attr-defined]
        url=url,
        # The end of accompaniment is no duty of the participant: the title names it, the page explains it.
        zone=case.office.zone,
        events=EVENTS,
        ahead=tuple(_ahead(case)),
        **_words(case, asked, url),
    )


def _words(case: AccompanimentCase, asked: list[Visit], url: str) -> dict[str, Any]:
    assert case.office is not None
    see = {"label": _("See the accompaniment"), "url": url}
    if asked and not over(case):
        visit = asked[0]
        words = {"sum": figures.money(visit.cost), "day": dates.long_date(visit.planned_on)}
        return {
            "title": _("Do you agree to the cost of a visit?"),
            "sentence": _("A visit on %(day)s would cost you %(sum)s. Without your agreement it does not take place.")
            % words,
            "turn": pgettext("whose turn", "You"),
            "mine": True,
            "action": {"label": _("Read and answer"), "url": url},
        }
    if case.state == AccompanimentState.STOPPED:
        return {
            "title": _("The accompaniment of your business is stopped"),
            "sentence": _("With questions call the single contact centre 1414."),
            "action": see,
        }
    if over(case):
        return {
            "title": _("The accompaniment of your business is over"),
            "sentence": _("With questions call the single contact centre 1414."),
            "action": see,
        }
    if case.launched_on is None or case.ends_on is None:
        return {
            "title": _("Tell the consultant when your business is launched"),
            "sentence": _("The term of accompaniment runs from the launch. You may ask questions already now."),
            "turn": case.office.name(),
            "action": see,
        }
    return {
        "title": _("Your business is accompanied until %(day)s") % {"day": dates.long_date(case.ends_on)},
        "sentence": _("Consultations on marketing, sales, taxes and all the rest are free. Ask whenever you need to."),
        "turn": case.assignee.person.full_name if case.assignee else case.office.name(),
        "action": see,
    }


def _ahead(case: AccompanimentCase) -> list[dict[str, Any]]:
    if over(case):
        return []
    steps: list[tuple[str, str]] = []
    if case.launched_on is None:
        steps.append((_("Launch of the business"), ""))
    note = dates.long_date(case.ends_on) if case.ends_on else ""
    steps.append((_("End of the accompaniment"), note))
    return [
        {"title": title, "note": note, "state": "later" if place else "now"}
        for place, (title, note) in enumerate(steps)
    ]


def enquiry_card(request: ConsultationRequest, terms: Mapping[str, Deadline]) -> Card:
    """One enquiry as the person who asked needs it."""
    assert request.office is not None
    url = reverse("monitoring:enquiry", args=[request.pk])
    answered = request.state == ConsultationState.ANSWERED or request.passed_to == Redirection.TAX_OFFICE
    words: dict[str, Any]
    if request.state == ConsultationState.CLOSED:
        words = {
            "title": _("Your question is closed"),
            "sentence": _("You may ask a new one at any time."),
            "action": {"label": _("See the question"), "url": url},
        }
    elif answered:
        words = {
            "title": _("Your question is answered"),
            "sentence": _("Read the answer. If it helps, say so; if not, ask again. Without a word it is closed."),
            "turn": pgettext("whose turn", "You"),
            "mine": True,
            "action": {"label": _("Read the answer"), "url": url},
        }
    else:
        words = {
            "title": _("Your question is being answered"),
            "sentence": _("You need not do anything. We write to you when the answer is here."),
            "turn": request.office.name(),
            "action": {"label": _("See the question"), "url": url},
        }
    return Card(
        case=request,
        stage=_stage(request),
        state=request.get_state_display(),  # type: ignore[attr-defined]
        url=url,
        deadline=terms.get(LIMIT),
        zone=request.office.zone,
        events=ENQUIRY_EVENTS,
        **words,
    )


def _stage(request: ConsultationRequest) -> str:
    """Where on the way the person stands who asks: a question alone leads nobody further."""
    if request.consultation_kind != ConsultationKind.TRAINING_INFO:
        return "monitoring" if request.accompaniment_id else "training"
    issued = ReferralApplication.objects.filter(person=request.person_id, state__in=DECIDED, outcome=Outcome.ISSUE)
    return "training" if issued.exists() else "referral"


@nav.register
def question_entry(request: HttpRequest) -> list[nav.Entry]:
    """Where a citizen or a stranger asks (118-p17)."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and not user.is_citizen:
        return []
    return [nav.Entry(label=_("Questions"), url=reverse("monitoring:enquiries"))]
