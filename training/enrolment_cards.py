"""Training on the citizen's page: what now, whose turn, by when, and what comes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau.flow.models import Deadline
from bastau.portal import dates
from bastau.portal.cabinet import Card, register_cards
from training.actions.enrolments import referral_of
from training.deadlines.enrolments import ASSESS
from training.models import Enrolment
from training.rules.enrolments import earliest_for, earliest_start, place_for
from training.states import (
    ENROLMENT_COMPLETED,
    ENROLMENT_LEARNING,
    ENROLMENT_OPEN,
    ENROLMENT_PUBLIC_LABELS,
    EnrolmentState,
)

#: What a citizen is shown of the journal.
PUBLIC_EVENTS = frozenset(
    {
        "submit", "reject", "waitlist", "enrol", "begin", "open_final", "enter_final", "void_final", "enter_plan",
        "not_admit", "expel", "complete", "complete_without_plan", "close_without_result", "expel_by_act",
        "mark_no_show", "withdraw", "return_to_pool",
    }
)  # fmt: skip
#: Of one person there are few; older ones are found by their papers.
SHOWN = 10


@register_cards
def cards(request: HttpRequest) -> list[Card]:
    """The cards of the person's trainings, newest first; before them the way in, where a referral waits for it."""
    own = Enrolment.objects.visible_to(request.user)
    found = list(own.select_related("person", "office", "group__office", "referral__office").order_by("-pk")[:SHOWN])
    terms = terms_of(found)
    drawn = [card_of(enrolment, terms.get(enrolment.pk)) for enrolment in found]
    return [*_way_in(request, found), *drawn]


def terms_of(enrolments: list[Enrolment]) -> dict[int, Deadline]:
    """The assessment window of enrolments found through `visible_to`, by case."""
    rows = Deadline.objects.filter(
        case_kind=Enrolment.kind, case_id__in=[enrolment.pk for enrolment in enrolments], name=ASSESS
    )
    return {row.case_id: row for row in rows.order_by("pk")}


def _way_in(request: HttpRequest, found: list[Enrolment]) -> list[Card]:
    """The card of an issued referral whose holder has not applied for training yet, or may apply again."""
    if any(one.state in ENROLMENT_OPEN or one.state in ENROLMENT_COMPLETED for one in found):
        return []
    person = request.user.person  # type: ignore[union-attr]
    referral = referral_of(person)
    if referral is None:
        return []
    earliest = earliest_for(person, referral.trained_until)
    sentence = _("You have a referral. Choose an announced group and fill in the questionnaire of the chamber.")
    if earliest is not None:
        sentence = _(
            "New training may start three years after the end of the previous one. The earliest day: %(date)s."
        )
        sentence %= {"date": dates.long_date(earliest)}
    return [
        Card(
            case=referral,
            stage="training",
            state=_("Choose a group"),
            title=_("Apply for the training"),
            sentence=sentence,
            turn=pgettext("whose turn", "You"),
            mine=True,
            url=reverse("training:enrolment_start"),
            action={"label": _("Choose a group"), "url": reverse("training:enrolment_start")},
            zone=referral.office.zone if referral.office else dates.DEFAULT_ZONE,
        )
    ]


def card_of(enrolment: Enrolment, term: Deadline | None) -> Card:
    """One training as its citizen needs it."""
    state = EnrolmentState(enrolment.state)
    return Card(
        case=enrolment,
        stage="grant" if state == EnrolmentState.COMPLETED_COMPLETION else "training",
        state=ENROLMENT_PUBLIC_LABELS[state],
        url=reverse("training:enrolment_case", args=[enrolment.pk]),
        deadline=term if term is not None and term.duty == "citizen" else None,
        zone=enrolment.office.zone if enrolment.office else dates.DEFAULT_ZONE,
        events=frozenset() if state == EnrolmentState.DRAFT else PUBLIC_EVENTS,
        ahead=tuple(_ahead(enrolment)),
        **{"title": ENROLMENT_PUBLIC_LABELS[state], **_words(enrolment, state)},
    )


def _words(enrolment: Enrolment, state: EnrolmentState) -> dict[str, Any]:
    """Sentence, turn and action of the card."""
    you = {"turn": pgettext("whose turn", "You"), "mine": True}
    chamber = enrolment.office.name() if enrolment.office else ""
    group = enrolment.group
    if state == EnrolmentState.DRAFT:
        return {
            "sentence": _("Your answers are kept. Nothing is sent until you sign."),
            "action": _go(enrolment, "case", _("Go on with the questionnaire")),
            **you,
        }
    if state == EnrolmentState.SUBMITTED and group is None:
        return {
            "sentence": _("Choose a group when one suits you. The chamber also tells you when a group begins."),
            "action": _go(enrolment, "choose", _("Choose a group")),
            **you,
        }
    if state == EnrolmentState.SUBMITTED or (state == EnrolmentState.WAITLISTED and place_for(enrolment)):
        return {
            "sentence": _("A place is kept only when you accept the contract and give your consent."),
            "action": _go(enrolment, "offer", _("Read and accept the contract")),
            **you,
        }
    if state == EnrolmentState.ENROLLED and group is not None:
        said = _("The training begins: %(date)s. Place: %(place)s.")
        return {"sentence": said % {"date": dates.long_date(group.start_on), "place": group.place()}, "turn": chamber}
    sentence = _SENTENCES.get(state)
    if sentence is None:
        return {"sentence": _after(enrolment)}
    if state == EnrolmentState.ASSESSING and enrolment.final_percent is not None:
        words = _("Your final test is in. We write to you as soon as the business plan is assessed.")
        return {"sentence": words, "turn": chamber}
    if state in ENROLMENT_LEARNING:
        course = {"label": _("To the course"), "url": reverse("training:course", args=[enrolment.pk])}
        return {"sentence": sentence(), "action": course, **you}
    return {"sentence": sentence()}


_SENTENCES: dict[EnrolmentState, Any] = {
    EnrolmentState.WAITLISTED: lambda: _("The group is full. We write to you as soon as a place is free for you."),
    EnrolmentState.STUDYING: lambda: _(
        "Pass the test of each module and hand in the business plan not later than on the last training day."
    ),
    EnrolmentState.ASSESSING: lambda: _("Take the final test before the date below. It has one attempt."),
    EnrolmentState.COMPLETED_COMPLETION: lambda: _(
        "Your certificate is among your papers. With it you may apply for the grant."
    ),
    EnrolmentState.COMPLETED_PARTICIPATION: lambda: _(
        "Your certificate of participation is among your papers. It is not enough for the grant."
    ),
    EnrolmentState.REJECTED: lambda: _("The reason stands on the page of the application."),
    EnrolmentState.NO_SHOW: lambda: _("You may choose another group with the same referral."),
}


def _after(enrolment: Enrolment) -> str:
    earliest = earliest_start(enrolment)
    if earliest is None:
        return _("You may choose a group again with the same referral.")
    return _("New training may start three years after the end of the previous one. The earliest day: %(date)s.") % {
        "date": dates.long_date(earliest)
    }


def _ahead(enrolment: Enrolment) -> list[dict[str, Any]]:
    """What is still to come, the present first."""
    steps = [
        (pgettext("what comes", "Questionnaire"), EnrolmentState.DRAFT),
        (pgettext("what comes", "Contract and consent"), EnrolmentState.SUBMITTED),
        (pgettext("what comes", "Classes and module tests"), EnrolmentState.ENROLLED),
        (pgettext("what comes", "Final test and the plan's assessment"), EnrolmentState.ASSESSING),
        (pgettext("what comes", "Certificate"), None),
    ]
    at = {EnrolmentState.WAITLISTED: EnrolmentState.SUBMITTED, EnrolmentState.STUDYING: EnrolmentState.ENROLLED}
    now = at.get(EnrolmentState(enrolment.state), EnrolmentState(enrolment.state))
    places = [place for place, (_title, state) in enumerate(steps) if state == now]
    if not places:
        return []
    left = steps[places[0] :]
    return [{"title": title, "state": "later" if place else "now"} for place, (title, _state) in enumerate(left)]


def _go(enrolment: Enrolment, page: str, label: str) -> dict[str, Any]:
    return {"label": label, "url": reverse(f"training:enrolment_{page}", args=[enrolment.pk])}
