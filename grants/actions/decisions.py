"""Entering the commission's decisions as the protocol says (FKA04-2.6, 2.7, SPEC 4.10), and the reserve list."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import Actor, Refused, perform, verdict
from bastau.people.models import Office
from grants.actions import applications, budget
from grants.actions.meetings import locked
from grants.models import AgendaItem, CommissionMeeting, Decision, GrantApplication
from grants.notices import meetings as notices
from grants.rules import voting as rules
from grants.states import GrantState, Outcome, Ruling


def enter(decision: Decision, *, ruling: str, amount: int | None, protocol_number: str, by: Actor) -> Decision:
    """Enter one decision. It is compared with the counted votes and with the signed protocol; a mismatch is blocked.

    A granted one gets its money reserved, or a place in the reserve list when the budget does not reach it. Entering
    what is entered changes nothing; what a colleague entered is said to be. Raises Refused.
    """
    with transaction.atomic():
        meeting = locked(CommissionMeeting(pk=decision.item.meeting_id))
        decision = Decision.objects.select_related("item__application__office", "entered_by__person").get(
            pk=decision.pk
        )
        decision.item.meeting = meeting
        _compare(decision, Ruling(ruling), amount, protocol_number)
        if decision.entered_at is not None:
            return _entered_before(decision, by)
        allowed = verdict(meeting, "enter_decision", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason))
        _effect(decision, by)
        decision.entered_at, decision.entered_by = clock.now(), by.user
        notices.tell_decision(decision)
        decision.notified_at = clock.now()
        decision.save()
        meeting = perform(
            meeting,
            "enter_decision",
            by=by,
            decision=decision.pk,
            application=decision.item.application.number,
            ruling=decision.ruling,
            amount=decision.amount,
        )
        if verdict(meeting, "finish_entry", by).ok:
            perform(meeting, "finish_entry", by=by)
    return decision


def finish_entry(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """Where the protocol holds no decision at all, the entry is finished by hand. Raises Refused."""
    return perform(meeting, "finish_entry", by=by)


def award_from_reserve(application: GrantApplication, *, by: Actor) -> GrantApplication:
    """Money was released: the next of the reserve list gets it (SPEC 4.9). Nobody is passed over. Raises Refused."""
    with transaction.atomic():
        application = GrantApplication._base_manager.select_for_update(of=("self",)).get(pk=application.pk)
        if application.state == GrantState.APPROVED:
            return application
        assert application.office is not None
        first = reserve_list(application.office).first()
        if first is None or first.pk != application.pk:
            raise Refused(_("This application is not the next of the reserve list. The list is called in its order."))
        amount = application.awarded_sum or 0
        budget.reserve(application, amount)
        application = applications.from_reserve(application, by)
        decision = Decision.objects.filter(item__application=application, ruling=Ruling.GRANT).latest("pk")
        notices.tell_from_reserve(decision)
    return application


def reserve_list(office: Office) -> QuerySet[GrantApplication]:
    """Granted applications that wait for money, in their order (SPEC 4.9, 4.10)."""
    waiting = GrantApplication.objects.filter(office=office, state=GrantState.RESERVE)
    return waiting.select_related("person", "office").order_by("reserve_place", "pk")


def in_rank(meeting: CommissionMeeting) -> list[Decision]:
    """The granted decisions of a meeting in the order of money: mean score, then the earlier application."""
    granted = {
        one.pk: one
        for one in Decision.objects.filter(item__meeting=meeting, ruling=Ruling.GRANT, corrects=None).select_related(
            "item__application"
        )
    }
    rows = [_row(pk, one.item) for pk, one in granted.items()]
    return [granted[row.key] for row in rules.ranked(rows)]


def _row(key: int, item: AgendaItem) -> rules.Ranked:
    filed_at = item.application.filed_at
    assert filed_at is not None
    return rules.Ranked(key, item.score_sum, item.score_count, filed_at)


def _compare(decision: Decision, ruling: Ruling, amount: int | None, protocol_number: str) -> None:
    item = decision.item
    counted = Ruling(decision.ruling)
    if ruling != counted:
        raise Refused(
            _(
                "The votes were counted as “%(counted)s” (for %(votes)s of %(base)s), and you entered “%(entered)s”."
                " Enter what the protocol says. Nobody can alter the commission's decision here."
            )
            % {"counted": counted.label, "entered": ruling.label, "votes": item.votes_for, "base": item.base},
            code="mismatch",
        )
    if counted == Ruling.GRANT and amount != decision.amount:
        raise Refused(
            _("The protocol grants %(amount)s tenge. Enter this very sum.") % {"amount": decision.amount},
            code="mismatch",
        )
    if protocol_number.strip().upper() != decision.protocol_number:
        raise Refused(
            _("This is not the number of the signed protocol. It stands at the top of the protocol."), code="mismatch"
        )


def _entered_before(decision: Decision, by: Actor) -> Decision:
    if by.user is not None and decision.entered_by_id == by.user.pk:
        return decision
    assert decision.entered_by is not None
    raise Refused(
        _("%(name)s has entered this decision already. Nothing was entered twice.")
        % {"name": decision.entered_by.person.short_name},
        code="entered",
    )


def _effect(decision: Decision, by: Actor) -> None:
    """What the decision does to the application: award, reserve, refusal, next meeting (SPEC 4.9)."""
    application, reason = decision.item.application, decision.reason
    number = decision.protocol_number
    if decision.ruling == Ruling.REFUSE:
        applications.enter_decision(application, Outcome.REJECTED, by, reason=reason, protocol=number)
    elif decision.ruling == Ruling.POSTPONE:
        applications.enter_decision(application, Outcome.POSTPONED, by, reason=reason, protocol=number)
    elif _money_reaches(decision):
        applications.enter_decision(
            application, Outcome.APPROVED, by, awarded_sum=decision.amount, reason=reason, protocol=number
        )
    else:
        decision.reserve_place = _next_place(decision)
        applications.to_reserve(
            application,
            by,
            awarded_sum=decision.amount,
            place=decision.reserve_place,
            reason=reason,
            protocol=number,
        )


def _money_reaches(decision: Decision) -> bool:
    """Reserve the sum in the order of the rank; False where the budget is used up before it (SPEC 4.10).

    Raises Refused while a decision that ranks higher is not entered: the money is given in this order alone.
    """
    above = []
    for other in in_rank(decision.item.meeting):
        if other.pk == decision.pk:
            break
        above.append(other)
    waiting = next((other for other in above if other.entered_at is None), None)
    if waiting is not None:
        raise Refused(
            _("Enter the decision on application %(number)s first: it ranks higher, and the money goes by rank.")
            % {"number": waiting.item.application.number},
            code="rank",
        )
    if any(other.reserve_place is not None for other in above):
        return False
    try:
        budget.reserve(decision.item.application, decision.amount)
    except Refused as refused:
        if refused.code != "budget":
            raise
        return False
    return True


def _next_place(decision: Decision) -> int:
    office = decision.item.application.office
    assert office is not None
    return (reserve_list(office).aggregate(last=Max("reserve_place"))["last"] or 0) + 1
