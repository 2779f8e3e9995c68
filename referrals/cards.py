"""The referral on the citizen's page: in plain words what now, whose turn, by when, why, and what comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau import clock
from bastau.flow.models import Deadline
from bastau.portal import dates, nav
from bastau.portal.cabinet import Card, register_cards
from bastau.workdays import repeat_from
from referrals import drafts
from referrals.models import ReferralApplication
from referrals.states import DECIDED, PUBLIC_LABELS, UNDECIDED, Channel, Outcome, State

#: What a citizen is shown of the journal; proposals, returns and reminders are the office's own.
PUBLIC_EVENTS = frozenset(
    {
        "submit", "accept", "refuse_acceptance", "take", "issue", "refuse", "send_to_sc", "hand_over",
        "mark_uncollected", "withdraw",
    }
)  # fmt: skip
#: Shown only while it stands: a case that went back to the specialist is in check again.
CHECKED = frozenset({"finish_check"})
#: Of one person there are few; older ones are found by their papers.
SHOWN = 10
TOTAL, CHECK = "T-REF-TOTAL", "T-REF-CHECK"


@register_cards
def cards(request: HttpRequest) -> list[Card]:
    """The cards of the person's applications, newest first; two statements whatever their number."""
    own = ReferralApplication.objects.visible_to(request.user).select_related("person", "office", "counter")
    applications = list(own.order_by("-pk")[:SHOWN])
    terms = terms_of(applications)
    return [card_of(application, terms.get(application.pk, {})) for application in applications]


def terms_of(applications: list[ReferralApplication]) -> dict[int, dict[str, Deadline]]:
    """The deadlines of applications found through `visible_to`, open and closed: case id -> name -> deadline."""
    rows = Deadline.objects.filter(
        case_kind=ReferralApplication.kind,
        case_id__in=[application.pk for application in applications],
        name__in=[TOTAL, CHECK],
    )
    found: dict[int, dict[str, Deadline]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.case_id, {})[row.name] = row
    return found


def card_of(application: ReferralApplication, terms: Mapping[str, Deadline]) -> Card:
    """One application as its citizen needs it."""
    zone = application.office.zone if application.office else dates.DEFAULT_ZONE
    state = State(application.state)
    words = _words(application, terms.get(TOTAL))
    checked = state in {State.CHECKED, State.AWAITING_SIGNATURE, *DECIDED}
    return Card(
        case=application,
        stage="training" if state in DECIDED and application.outcome == Outcome.ISSUE else "referral",
        state=PUBLIC_LABELS[state],
        url=reverse("referrals:case", args=[application.pk]),
        deadline=terms.get(TOTAL),
        filed_on=filed_on(application),
        accepted_on=application.accepted_on,
        zone=zone,
        events=frozenset() if state == State.DRAFT else PUBLIC_EVENTS | (CHECKED if checked else frozenset()),
        ahead=tuple(ahead(application, terms)),
        **words,
    )


def filed_on(application: ReferralApplication) -> date | None:
    """The local day of filing, in the zone of the centre."""
    if application.filed_at is None or application.office is None:
        return None
    return application.filed_at.astimezone(ZoneInfo(application.office.zone)).date()


def ahead(application: ReferralApplication, terms: Mapping[str, Deadline]) -> list[dict[str, Any]]:
    """What is still to come, the present first: by whom and until when."""
    state = State(application.state)
    office = application.office.name() if application.office else ""
    if state == State.DRAFT:
        steps = [(_("Your application"), _("You fill it in, sign it and send it."), "")]
        steps += [(pgettext("what comes", "Check"), "", office), (_("The director's decision"), "", "")]
    elif state in UNDECIDED:
        steps = [(_("The director's decision"), _until(terms.get(TOTAL)), office)]
        if state in {State.ACCEPTED, State.IN_CHECK}:
            steps.insert(0, (pgettext("what comes", "Check"), _until(terms.get(CHECK)), office))
        steps.append((_result(application), "", ""))
    elif state in DECIDED and application.outcome == Outcome.ISSUE:
        steps = [
            (
                pgettext("what comes", "Training"),
                _("You will be told the day and the place when a group is formed."),
                "",
            )
        ]
    else:
        return []
    return [
        {"title": title, "note": note, "who": who, "state": "later" if place else "now"}
        for place, (title, note, who) in enumerate(steps)
    ]


def _result(application: ReferralApplication) -> str:
    if application.channel == Channel.PORTAL:
        return _("The referral or a reasoned refusal comes to your cabinet")
    return _("The referral or a reasoned refusal is given to you where you applied")


def _until(term: Deadline | None) -> str:
    if term is None or term.closed_at is not None:
        return ""
    return _("Until: %(date)s") % {"date": dates.day_and_time(term.due_at, term.reckoning.get("zone"))}


def _words(application: ReferralApplication, total: Deadline | None) -> dict[str, Any]:
    """Title, sentence, turn and action of the card."""
    state = State(application.state)
    label = PUBLIC_LABELS[state]
    if state == State.DRAFT:
        return _draft(application)
    if state in UNDECIDED:
        return {"title": label, "sentence": _waiting(application, total), "turn": _office(application)}
    if state in DECIDED and application.outcome == Outcome.ISSUE:
        return {
            "title": _given(application, label),
            "sentence": _after_referral(application),
            "action": _open(application, _("See the referral")),
        }
    if state in DECIDED:
        return {
            "title": _given(application, label),
            "sentence": _("The reasons, and what can be mended, stand on the page of the application."),
            "action": _open(application, _("See the reasons")),
        }
    if state == State.ACCEPTANCE_REFUSED:
        return {"title": label, "sentence": _("Bring what was missing, and the documents are accepted at once.")}
    return {"title": label, "sentence": _("You may apply again at any time.")}


def _draft(application: ReferralApplication) -> dict[str, Any]:
    if application.channel != Channel.PORTAL:
        return {
            "title": _("Your application is being filled in at a counter"),
            "sentence": _("The member of staff at the counter goes on with it while you are there."),
            "turn": application.counter.name() if application.counter else "",
        }
    return {
        "title": _("Finish your application"),
        "sentence": _("Your answers are kept. Nothing is sent until you sign."),
        "turn": pgettext("whose turn", "You"),
        "mine": True,
        "action": {
            "label": _("Go on with the application"),
            "url": reverse(f"referrals:{drafts.next_page(application)}", args=[application.pk]),
        },
    }


def _waiting(application: ReferralApplication, total: Deadline | None) -> str:
    if total is not None and total.closed_at is None and clock.now() > total.due_at:
        return _(
            "The term is over and the answer is late. The heads of the centre have been told of it. You may complain"
            " to the director of the centre, or call 1414."
        )
    if application.channel == Channel.PORTAL:
        return _("You need not do anything. We write to you when the answer is here.")
    return _("You need not do anything. We write to you when the answer is ready to be collected.")


def _after_referral(application: ReferralApplication) -> str:
    if application.channel != Channel.PORTAL and application.state != State.HANDED_OVER:
        return _("Collect it where you applied; bring your identity document.")
    trained = application.trained_until
    if trained is not None and repeat_from(trained) > clock.today(dates.DEFAULT_ZONE):
        return _("You took part in this training before. The earliest day of new training: %(date)s.") % {
            "date": dates.long_date(repeat_from(trained))
        }
    return _(
        "Keep the referral. The regional chamber of entrepreneurs forms the groups and invites you to the training."
    )


def _given(application: ReferralApplication, label: Any) -> Any:
    # A result that waits at a counter says so; one that was handed over says what it was.
    if application.state != State.HANDED_OVER:
        return label
    return PUBLIC_LABELS[State.ISSUED if application.outcome == Outcome.ISSUE else State.REFUSED]


def _office(application: ReferralApplication) -> str:
    return application.office.name() if application.office else ""


def _open(application: ReferralApplication, label: str) -> dict[str, Any]:
    return {"label": label, "url": reverse("referrals:case", args=[application.pk])}


@nav.register
def apply_entry(request: HttpRequest) -> list[nav.Entry]:
    """The button of the first page, and the header's way to it for all but staff."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and not user.is_citizen:
        return []
    return [nav.Entry(label=_("Apply for a referral"), url=reverse("referrals:start"), start=True)]
