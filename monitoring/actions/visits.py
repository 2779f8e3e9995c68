"""Visits: planned, agreed where they cost something, held or called off (118-p34)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import Actor, Refused, perform
from monitoring.models import AccompanimentCase, Visit
from monitoring.states import CancelReason, VisitMode, VisitState


def plan_visit(
    case: AccompanimentCase,
    *,
    by: Actor,
    planned_on: date,
    mode: str,
    purpose: str,
    cost: int = 0,
    cost_reason: str = "",
) -> Visit:
    """Plan a visit; one with a cost waits for the participant's agreement (118-p34). Twice gives back the first.

    Raises Refused.
    """
    assert case.office is not None
    if planned_on < clock.today(case.office.zone):
        raise Refused(_("A visit is planned for today or a later day."))
    if cost and mode == VisitMode.ONLINE:
        raise Refused(_("A visit online causes no travel, so it costs the participant nothing."))
    if cost and not cost_reason.strip():
        raise Refused(_("Write what the participant would pay for, so that it can be agreed."))
    with transaction.atomic():
        case = perform(case, "plan_visit", by=by, planned_on=planned_on, mode=mode, cost=cost)
        standing = Visit.objects.exclude(state=VisitState.CANCELLED)
        found = standing.filter(accompaniment=case, planned_on=planned_on, mode=mode).first()
        if found is not None:
            if (found.cost, found.purpose) != (cost, purpose.strip()):
                raise Refused(_("A visit on this day is planned already. Cancel it first if it is to be changed."))
            return found
        visit = Visit(
            accompaniment=case,
            person=case.person,
            office=case.office,
            assignee=by.user,
            number=f"{case.number}/{case.visits.count() + 1}",
            planned_on=planned_on,
            mode=mode,
            purpose=purpose.strip(),
            cost=cost,
            cost_reason=cost_reason.strip() if cost else "",
            ruleset=case.ruleset,
            created_at=clock.now(),
        )
        visit.save()
        return perform(visit, "plan", by=by, planned_on=planned_on, cost=cost)


def agree(visit: Visit, *, by: Actor, cost: int) -> Visit:
    """The participant agrees to the cost that was read on the page (118-p34). Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        visit = _locked(visit)
        if visit.state == VisitState.AGREED:
            return visit
        if visit.cost != cost:
            raise Refused(_("The cost of this visit is another one by now. Read it again."))
        return perform(visit, "agree", by=by, cost=cost)


def decline(visit: Visit, *, by: Actor) -> Visit:
    """The participant does not agree: no visit with that cost (118-p34). Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        visit = _locked(visit)
        if visit.declined_at is not None:
            return visit
        return perform(visit, "decline", by=by, cost=visit.cost)


def hold(visit: Visit, *, by: Actor, held_on: date, result: str) -> Visit:
    """What came of a visit (118-p33-2, p34). Raises Refused."""
    assert visit.office is not None
    if held_on > clock.today(visit.office.zone):
        raise Refused(_("The visit lies ahead. Write what came of it when it has taken place."))
    if not result.strip():
        raise Refused(_("Write what came of the visit."))
    with transaction.atomic():
        visit = _locked(visit)
        assert visit.office is not None
        if visit.cost and visit.agreed_at is not None:
            agreed_on = visit.agreed_at.astimezone(ZoneInfo(visit.office.zone)).date()
            if held_on < agreed_on:
                raise Refused(
                    _("The participant agreed to the cost later than this day. A visit is agreed beforehand.")
                )
        return perform(visit, "hold", by=by, set={"held_on": held_on, "result": result.strip()}, held_on=held_on)


def cancel(visit: Visit, *, by: Actor, reason: str) -> Visit:
    """The visit does not take place. Raises Refused."""
    if reason not in {CancelReason.OTHER_DAY, CancelReason.NOT_NEEDED}:
        raise Refused(_("Choose why the visit does not take place."))
    return perform(visit, "cancel", by=by, set={"reason": reason}, reason=reason)


def _locked(visit: Visit) -> Visit:
    # The case before its children.
    AccompanimentCase._base_manager.select_for_update(of=("self",)).get(pk=visit.accompaniment_id)
    return Visit._base_manager.select_for_update(of=("self",)).select_related("person", "office").get(pk=visit.pk)
