"""Windows in which a region takes grant applications (FKA04-1.4). The only writer of them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import Actor, Refused
from bastau.people.models import Region
from bastau.people.roles import Role
from grants.models import IntakeWindow


def announce(*, by: Actor, opens_on: date, closes_on: date) -> IntakeWindow:
    """The director announces a window of intake for the region of the own centre. The same one twice is one.

    Raises Refused where it is over before it begins, lies in the past or runs into another one.
    """
    if by.user is None or by.post is None or by.post.role != Role.DIRECTOR:
        raise Refused(_("Your post does not include this step."))
    if closes_on < opens_on:
        raise Refused(_("The last day of the intake cannot be before the first."))
    office = by.post.office
    if closes_on < clock.today(office.zone):
        raise Refused(_("These days are over. Choose days to come."))
    with transaction.atomic():
        # The region's row keeps two directors from announcing at once.
        region = Region.objects.select_for_update(of=("self",)).get(pk=office.region_id)
        known = IntakeWindow.objects.filter(region=region, opens_on__lte=closes_on, closes_on__gte=opens_on)
        same = known.filter(opens_on=opens_on, closes_on=closes_on).first()
        if same is not None:
            return same
        if known.exists():
            raise Refused(_("These days run into a window that is announced already."))
        return IntakeWindow.objects.create(
            region=region, opens_on=opens_on, closes_on=closes_on, announced_by=by.user, announced_at=clock.now()
        )


def next_window(region_id: str, day: date) -> IntakeWindow | None:
    """The window of that day, else the next one to come; None where none is announced."""
    return IntakeWindow.objects.filter(region=region_id, closes_on__gte=day).order_by("opens_on").first()
