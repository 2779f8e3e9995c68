"""Who sits on the commission: the director appoints and releases by order (A-32)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bastau.flow import Actor, Refused
from bastau.people.models import Office, Post, User
from bastau.people.roles import Role
from grants.models import Commission, CommissionMember
from grants.rights import meetings as rights

NOT_DIRECTOR = _("The commission is formed and its members are appointed by the director of the centre.")


def form(*, office: Office, order_number: str, order_date: date, by: Actor) -> Commission:
    """Form the centre's commission by an order. A second call changes nothing. Raises Refused."""
    _director(office.pk, by)
    if not order_number.strip():
        raise Refused(_("Give the number of the order."))
    with transaction.atomic():
        commission, _made = Commission.objects.get_or_create(
            office=office, defaults={"order_number": order_number.strip(), "order_date": order_date}
        )
    return commission


def appoint(
    commission: Commission,
    *,
    user: User,
    is_chair: bool,
    is_substitute: bool,
    order_number: str,
    order_date: date,
    since: date,
    until: date | None = None,
    by: Actor,
) -> CommissionMember:
    """Appoint a member, the chair or a substitute member for a period. The same order twice changes nothing.

    Raises Refused: nobody sits in two places at a time, there is one chair, and the secretary never votes.
    """
    _director(commission.office_id, by)
    with transaction.atomic():
        commission = Commission.objects.select_for_update(of=("self",)).get(pk=commission.pk)
        found = commission.members.filter(user=user, order_number=order_number.strip(), since=since).first()
        if found is not None:
            return found
        barred = rights.barred_from_voting(user, commission.office_id)
        if barred is not None:
            raise Refused(str(barred.reason))
        wanted = [Role.COMMISSION_CHAIR] if is_chair else rights.SITTING
        if not Post.objects.in_force().filter(user=user, office=commission.office_id, role__in=wanted).exists():
            raise Refused(_("This person holds no such post in the commission of the centre. Give the post first."))
        overlapping = commission.members.filter(Q(until=None) | Q(until__gte=since))
        if until is not None:
            overlapping = overlapping.filter(since__lte=until)
        if overlapping.filter(user=user).exists():
            raise Refused(_("This person already sits on the commission in that period. Release them first."))
        if is_chair and overlapping.filter(is_chair=True).exists():
            raise Refused(_("The commission has a chair in that period. Release the chair first."))
        member = CommissionMember(
            commission=commission,
            user=user,
            is_chair=is_chair,
            is_substitute=is_substitute,
            order_number=order_number.strip(),
            order_date=order_date,
            since=since,
            until=until,
        )
        member.full_clean(validate_constraints=False)
        member.save(force_insert=True)
    return member


def release(member: CommissionMember, *, last_day: date, order_number: str, by: Actor) -> CommissionMember:
    """End an appointment by an order; the last day still belongs to it. Twice the same changes nothing.

    Raises Refused.
    """
    _director(member.commission.office_id, by)
    if not order_number.strip():
        raise Refused(_("Give the number of the order."))
    with transaction.atomic():
        member = CommissionMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if member.until == last_day:
            return member
        if last_day < member.since:
            raise Refused(_("The last day lies before the first. Give a later day."))
        if member.until is not None and last_day > member.until:
            raise Refused(_("The appointment ends earlier already. Appoint the person anew by another order."))
        member.until, member.release_order = last_day, order_number.strip()
        member.save(update_fields=["until", "release_order"])
    return member


def _director(office_id: int, by: Actor) -> None:
    if by.post is None or by.post.role != Role.DIRECTOR or by.post.office_id != office_id:
        raise Refused(str(NOT_DIRECTOR))
