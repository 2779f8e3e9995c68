"""The grant application on the citizen's page: in plain words what now, whose turn, and what comes."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau.portal import dates, figures, nav
from bastau.portal.cabinet import Card, register_cards
from grants.models import GrantApplication
from grants.states import GRANT_CHECKING, GRANT_PUBLIC_LABELS, GrantState

#: What a citizen is shown of the journal; the specialist's and the head's own steps are the office's.
PUBLIC_EVENTS = frozenset(
    {
        "submit", "arrive", "take", "reject_criteria", "schedule", "hear", "postpone", "close_no_show", "approve",
        "reserve", "reject", "lapse", "mark_contracted", "withdraw",
    }
)  # fmt: skip
#: Of one person there are few; older ones are found by their papers.
SHOWN = 10
ENDED = (GrantState.REJECTED_CRITERIA, GrantState.CLOSED_NO_SHOW, GrantState.REJECTED, GrantState.LAPSED)


@register_cards
def cards(request: HttpRequest) -> list[Card]:
    """The cards of the person's applications, newest first; two statements whatever their number."""
    own = GrantApplication.objects.visible_to(request.user).select_related("person", "office")
    return [card_of(one) for one in own.prefetch_related("agenda_items__meeting").order_by("-pk")[:SHOWN]]


def card_of(application: GrantApplication) -> Card:
    """One application as its citizen needs it."""
    state = GrantState(application.state)
    zone = application.office.zone if application.office else dates.DEFAULT_ZONE
    return Card(
        case=application,
        stage="grant",
        state=GRANT_PUBLIC_LABELS[state],
        url=reverse("grants:case", args=[application.pk]),
        filed_on=application.filed_at.astimezone(ZoneInfo(zone)).date() if application.filed_at else None,
        zone=zone,
        events=frozenset() if state == GrantState.DRAFT else PUBLIC_EVENTS,
        ahead=tuple(ahead(application)),
        **_words(application, state),
    )


def ahead(application: GrantApplication) -> list[dict[str, Any]]:
    """What is still to come, the present first."""
    office = application.office.name() if application.office else ""
    steps = [
        ("draft", _("Your application"), _("You fill it in, sign it and send it."), ""),
        ("submitted", _("Arrival in the labour market system"), "", ""),
        ("accepted", _("Check of the criteria"), "", office),
        ("scheduled", _("Meeting of the commission"), _("You are told the day and the place beforehand."), ""),
        ("heard", _("Decision of the commission"), "", ""),
        ("approved", _("Contract and payment"), "", ""),
    ]
    at = {"in_check": "accepted", "postponed": "scheduled", "reserve": "approved"}
    names = [name for name, *_rest in steps]
    state = at.get(application.state, application.state)
    if state not in names:
        return []
    return [
        {"title": title, "note": note, "who": who, "state": "later" if place else "now"}
        for place, (_name, title, note, who) in enumerate(steps[names.index(state) :])
    ]


def _words(application: GrantApplication, state: GrantState) -> dict[str, Any]:
    """Title, sentence, turn and action of the card."""
    label = GRANT_PUBLIC_LABELS[state]
    see = {"label": _("Open the application"), "url": reverse("grants:case", args=[application.pk])}
    if state == GrantState.DRAFT:
        return {
            "title": _("Finish your application for a grant"),
            "sentence": _("Your answers are kept. Nothing is sent until you sign."),
            "turn": pgettext("whose turn", "You"),
            "mine": True,
            "action": {"label": _("Go on with the application"), "url": see["url"]},
        }
    if state in ENDED:
        return {"title": label, "sentence": _ending(state), "action": see}
    sentences = {
        GrantState.SUBMITTED: _("The time of your filing is kept. You need not do anything."),
        GrantState.ACCEPTED: _("You need not do anything. The centre checks what no register could answer."),
        GrantState.IN_CHECK: _("You need not do anything. The specialist may ask you for a document."),
        GrantState.SCHEDULED: _meeting(application),
        GrantState.POSTPONED: _("You need not do anything. You are told the day of the next meeting."),
        GrantState.HEARD: _("You need not do anything. We write to you when the decision is entered."),
        GrantState.APPROVED: _("Next comes the contract: its card says what you have to bring and until when."),
        GrantState.RESERVE: _reserve(application),
        GrantState.CONTRACTED: _("The payment and your reports stand on cards of their own."),
        GrantState.WITHDRAWN: _("You may apply again at any time."),
    }
    title = _awarded(application) if state == GrantState.APPROVED else label
    checking = application.office is not None and state in GRANT_CHECKING
    turn = application.office.name() if application.office and checking else ""
    return {"title": title, "sentence": sentences[state], "turn": turn}


def _ending(state: GrantState) -> str:
    if state in {GrantState.REJECTED_CRITERIA, GrantState.REJECTED}:
        return _("The reasons stand on the page of the application. You may complain, and you may apply again.")
    return _("You may apply again.")


def _meeting(application: GrantApplication) -> str:
    items = sorted(application.agenda_items.all(), key=lambda item: item.pk)
    meeting = items[-1].meeting if items else None
    if meeting is None or meeting.notified_at is None:
        return _("The day and the place are being fixed. You are told beforehand.")
    return _("Come and present your project: %(when)s, %(place)s.") % {
        "when": dates.day_and_time(meeting.starts_at, application.office.zone if application.office else None),
        "place": meeting.place(dates.language()),
    }


def _awarded(application: GrantApplication) -> str:
    return _("The grant is awarded: %(sum)s") % {"sum": figures.money(application.awarded_sum or 0)}


def _reserve(application: GrantApplication) -> str:
    return _("The commission granted it, and the money of this year is used up. Your place in the list: %(n)s.") % {
        "n": application.reserve_place
    }


@nav.register
def grant_entry(request: HttpRequest) -> list[nav.Entry]:
    """The header's way to the grant, for a citizen who is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_citizen:
        return []
    return [nav.Entry(label=pgettext("header", "Grant"), url=reverse("grants:start"))]
