"""Which chamber works with a centre, and which local employment body agrees what a chamber plans."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from bastau.people.models import Office, OfficeKind


def chamber_of(centre: Office) -> Office | None:
    """The chamber in whose area the centre lies: the longest of the served prefixes its KATO begins with."""
    return _closest(Office.objects.filter(kind=OfficeKind.CHAMBER, region=centre.region_id).order_by("pk"), centre.kato)


def leb_of(chamber: Office) -> Office | None:
    """The local employment body of the chamber's district or region (118-p13, p14)."""
    return _closest(Office.objects.filter(kind=OfficeKind.LEB, region=chamber.region_id).order_by("pk"), chamber.kato)


def centres_of(chamber: Office) -> Q:
    """The centres in the area of a chamber, as a filter of offices."""
    inside = Q(pk__in=[])
    for prefix in chamber.serves or [chamber.region_id]:
        inside |= Q(kato__startswith=prefix)
    return Q(kind=OfficeKind.CENTRE) & inside


def _closest(offices: Iterable[Office], kato: str) -> Office | None:
    best, longest = None, -1
    for office in offices:
        length = max((len(prefix) for prefix in office.serves if kato.startswith(prefix)), default=-1)
        if not office.serves:
            length = 0
        if length > longest:
            best, longest = office, length
    return best
