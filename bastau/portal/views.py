"""Pages anyone may read."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bastau import clock, law
from bastau.people import personas
from bastau.people.models import Office, OfficeKind
from bastau.portal import dates, nav


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The way and the start button. The button leads to the first registered entry marked `start`, if any."""
    start = next((entry for entry in nav.main_entries(request) if entry["start"]), None)
    days = law.term("118-p06").length
    cards = personas.cards() if clock.movable() else []
    return render(request, "portal/home.html", {"start": start, "days": days, "personas": cards})


@require_safe
def standard(request: HttpRequest) -> HttpResponse:
    """The official wording of annex 2, in Kazakh or Russian whatever the language of the page (118-a2)."""
    asked = request.GET.get("text", "")
    text = asked if asked in {"kk", "ru"} else "kk" if dates.language() == "kk" else "ru"
    return render(request, "portal/standard.html", {"text": text, "rows": f"portal/standard/rows.{text}.html"})


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Hours (the official row of the standard) and the centres, by region."""
    text = "kk" if dates.language() == "kk" else "ru"
    offices = Office.objects.filter(kind=OfficeKind.CENTRE).select_related("region").order_by("region_id", "code")
    regions = [
        {"name": region.name(), "offices": [_shown(office) for office in found]}
        for region, found in groupby(offices, key=lambda office: office.region)
    ]
    return render(
        request,
        "portal/contacts.html",
        {"hours": f"portal/standard/hours.{text}.html", "text": text, "regions": regions},
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we did so that everybody can use the portal, and what to do when something is in the way."""
    return render(request, "portal/accessibility.html", {})


def _shown(office: Office) -> dict[str, str | bool]:
    return {
        "name": office.name(),
        "address": office.address(),
        "phone": office.phone,
        "sample": office.is_sample,
    }
