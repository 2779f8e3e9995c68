"""The business plan and the stipend on the citizen's page; the course itself is on the card of the training."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau.flow.models import Deadline
from bastau.portal import dates
from bastau.portal.cabinet import Card, register_cards
from training.models import BusinessPlan, StipendLine
from training.states import PLAN_WRITABLE, BusinessPlanState, LineReason, LineState

#: Of one person there are few.
SHOWN = 5
TERMS = {BusinessPlanState.DRAFT: "T-PLAN", BusinessPlanState.RETURNED: "T-PLAN-FIX"}


@register_cards
def plan_cards(request: HttpRequest) -> list[Card]:
    """Plans that their writer works on, with the term of handing in; two statements whatever their number."""
    own = BusinessPlan.objects.visible_to(request.user).filter(state__in=PLAN_WRITABLE, opened_at__isnull=False)
    plans = list(own.select_related("person", "office").order_by("-pk")[:SHOWN])
    if not plans:
        return []
    rows = Deadline.objects.open().filter(case_kind=BusinessPlan.kind, case_id__in=[plan.pk for plan in plans])
    terms = {(row.case_id, row.name): row for row in rows.order_by("pk")}
    found = []
    for plan in plans:
        term = terms.get((plan.pk, TERMS[BusinessPlanState(plan.state)]))
        # A plan whose training has ended waits for nobody.
        if term is not None:
            found.append(_plan_card(plan, term))
    return found


def _plan_card(plan: BusinessPlan, term: Deadline) -> Card:
    url = reverse("training:plan", args=[plan.pk])
    returned = plan.state == BusinessPlanState.RETURNED
    sentence = (
        _("It was returned for formal faults. Correct it and hand it in again: this is possible once.")
        if returned
        else _("Without a plan you get only the certificate of participation, which is not enough for the grant.")
    )
    return Card(
        case=plan,
        stage="training",
        state=plan.get_state_display(),
        title=_("Correct the business plan") if returned else _("Hand in the business plan"),
        sentence=sentence,
        turn=pgettext("whose turn", "You"),
        mine=True,
        url=url,
        action={"label": _("Open the plan"), "url": url},
        deadline=term,
        zone=plan.office.zone if plan.office else dates.DEFAULT_ZONE,
    )


@register_cards
def stipend_cards(request: HttpRequest) -> list[Card]:
    """What becomes of the stipend; where an account is missing, it is the citizen's turn."""
    own = StipendLine.objects.visible_to(request.user).select_related("person", "office", "sheet")
    return [_stipend_card(line) for line in own.order_by("-pk")[:SHOWN]]


def _stipend_card(line: StipendLine) -> Card:
    url = reverse("training:stipend")
    no_account = line.state == LineState.HELD and line.reason == LineReason.NO_ACCOUNT
    mine = no_account or line.state == LineState.BANK_RETURNED
    sentences: dict[str, Any] = {
        LineState.PAYABLE: _("The centre pays it to the account you gave."),
        LineState.HELD: _("The director of the centre decides in writing."),
        LineState.EXCLUDED: _("The reason stands on the page of the stipend."),
        LineState.PAID: _("It was paid to the account you gave."),
        LineState.BANK_RETURNED: _("The bank returned it. Give the right account."),
    }
    sentence = _("Give your bank account, and it is paid.") if no_account else sentences[LineState(line.state)]
    return Card(
        case=line,
        stage="training",
        state=line.get_state_display(),
        title=_("Stipend: %(state)s") % {"state": str(line.get_state_display()).lower()},
        sentence=sentence,
        turn=pgettext("whose turn", "You") if mine else "",
        mine=mine,
        url=url,
        action={"label": _("Give the account") if mine else _("See the stipend"), "url": url},
        zone=line.office.zone if line.office else dates.DEFAULT_ZONE,
    )
