"""Registers of the shared tables: papers, the journal, regions, offices, exceptions of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau import law
from bastau.flow.models import Step
from bastau.flow.registry import machine_of, machines
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Office, OfficeKind, Region
from bastau.people.roles import Role
from bastau.portal import dates, figures
from bastau.portal.templatetags.bastau_ui import url_or_nothing
from bastau.workdays.models import DayException
from bastau.workplace import desks
from bastau.workplace.registers import Filter, Register
from bastau.workplace.site import site

READERS_OF_FILES = (Role.SPECIALIST, Role.UNIT_HEAD, Role.DIRECTOR, Role.AUDITOR)
READERS_OF_REFERENCE = tuple(Role.values)

#: What the system itself writes into the journal, beside the events of the machines.
SYSTEM_EVENTS = {
    "deadline_reminded": _("Reminder of a term"),
    "deadline_breached": _("Term missed"),
    "deadline_escalated": _("Missed term reported to the director"),
    "deadline_moved": _("Term reckoned anew"),
    "profile_opened": _("Personal data opened"),
}


def paper_state(paper: Paper) -> Any:
    """The state of a paper in words: one that nobody signs electronically is made, not "ready to be signed"."""
    if paper.state == PaperState.READY and kind_of(paper.kind).signer is None:
        return pgettext_lazy("state of a paper", "made")
    return paper.get_state_display()


def event_title(kind: str, event: str) -> Any:
    """What happened, in words: of the machine's event, or of the system's own entry."""
    known = machine_of(kind).events.get(event)
    return known.done if known else SYSTEM_EVENTS.get(event, event)


@admin.register(Paper, site=site)
class PaperRegister(Register):
    readers = READERS_OF_FILES
    heading = _("Register of papers")
    about = _("Every number of every series, the void ones too.")
    list_display = ("what", "shown_number", "words", "name", "standing", "day")
    related = ("person", "office")
    search_label = _("Number")
    filters = (Filter("state", _("State"), lambda request: PaperState.choices),)

    def searched(self, rows: QuerySet[Paper], text: str) -> QuerySet[Paper]:
        return rows.filter(number=text.upper())

    def row_url(self, row: Any) -> str:
        return url_or_nothing("paper_pdf", row.pk) if row.sha256 else ""

    @admin.display(description=_("Paper"))
    def what(self, row: Paper) -> Any:
        return kind_of(row.kind).title

    @admin.display(description=_("Number"))
    def shown_number(self, row: Paper) -> str:
        return row.shown_number or "–"

    @admin.display(description=_("Language"))
    def words(self, row: Paper) -> str:
        return row.get_language_display()

    @admin.display(description=_("Citizen"))
    def name(self, row: Paper) -> str:
        return row.person.short_name if row.person else "–"

    @admin.display(description=_("State"))
    def standing(self, row: Paper) -> Any:
        return paper_state(row)

    @admin.display(description=pgettext_lazy("of a paper", "Made"))
    def day(self, row: Paper) -> str:
        return dates.long_date(row.rendered_at or row.asked_at, row.office.zone)


def _event_options(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    found: dict[str, Any] = dict(SYSTEM_EVENTS)
    for machine in machines():
        found |= {code: event.done for code, event in machine.events.items()}
    return list(found.items())


@admin.register(Step, site=site)
class Journal(Register):
    readers = (Role.DIRECTOR, Role.AUDITOR)
    heading = _("Journal")
    about = _("What happened to every case: who, in which post, by which clause. Entries are never changed or removed.")
    list_display = ("when", "case", "title", "who", "clause_label", "chain")
    related = ("actor__person", "post")
    filters = (Filter("event", _("Event"), _event_options),)

    def rows(self, request: HttpRequest) -> QuerySet[Step]:
        """The entries of the cases the visitor may see."""
        seen, numbers = Q(pk__in=[]), []
        for machine in machines():
            cases = machine.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
            seen |= Q(case_kind=machine.model.kind, case_id__in=cases.values("pk"))
            of_case = machine.model._default_manager.filter(pk=OuterRef("case_id")).values("number")
            numbers.append(When(case_kind=machine.model.kind, then=Subquery(of_case)))
        return Step.objects.filter(seen).annotate(number=Case(*numbers, default=Value("")))

    @admin.display(description=_("Time"))
    def when(self, row: Step) -> str:
        return dates.long_datetime(row.at)

    @admin.display(description=_("Case"))
    def case(self, row: Step) -> SafeString:
        number = row.number or _("draft")  # type: ignore[attr-defined]
        return format_html('<a href="{}">{}</a>', desks.case_url(row.case_kind, row.case_id), number)

    @admin.display(description=_("Event"))
    def title(self, row: Step) -> Any:
        return event_title(row.case_kind, row.event)

    @admin.display(description=_("Who"))
    def who(self, row: Step) -> str:
        if row.actor is None:
            return str(_("the system"))
        role = f", {row.post.get_role_display()}" if row.post else ""
        return f"{row.actor.person.short_name}{role}"

    @admin.display(description=_("Clause"))
    def clause_label(self, row: Step) -> str:
        return law.clause(row.clause).label(dates.language())

    @admin.display(description=pgettext_lazy("of a journal entry", "Seal"))
    def chain(self, row: Step) -> str:
        return row.hash[:8]


@admin.register(Office, site=site)
class Offices(Register):
    readers = READERS_OF_REFERENCE
    # No display method is named as a field: the list would take the field's own English name.
    heading = _("Offices")
    about = _("Employment centres, offices of the State Corporation and others, with the areas they serve.")
    order = ("code",)
    list_display = ("office_code", "title", "sort", "region_name", "contact")
    details = (
        "office_code",
        "title",
        "sort",
        "region_name",
        "where",
        "contact",
        "bin_number",
        "zone_name",
        "areas",
        "sample",
    )
    related = ("region",)
    filters = (
        Filter("kind", _("Kind"), lambda request: OfficeKind.choices),
        Filter("region", _("Region"), lambda request: [(one.code, one.name()) for one in Region.objects.all()]),
    )

    @admin.display(description=_("Code"))
    def office_code(self, row: Office) -> str:
        return row.code

    @admin.display(description=_("Name"))
    def title(self, row: Office) -> str:
        return row.name()

    @admin.display(description=_("Kind"))
    def sort(self, row: Office) -> str:
        return row.get_kind_display()

    @admin.display(description=_("Region"))
    def region_name(self, row: Office) -> str:
        return row.region.name()

    @admin.display(description=_("Telephone"))
    def contact(self, row: Office) -> str:
        return figures.phone(row.phone)

    @admin.display(description=_("Address"))
    def where(self, row: Office) -> str:
        return row.address()

    @admin.display(description=_("BIN"))
    def bin_number(self, row: Office) -> str:
        return row.bin

    @admin.display(description=_("Time zone"))
    def zone_name(self, row: Office) -> str:
        return row.zone

    @admin.display(description=_("Serves (KATO)"))
    def areas(self, row: Office) -> str:
        return ", ".join(row.serves) or "–"

    @admin.display(description=_("Sample office"), boolean=True)
    def sample(self, row: Office) -> bool:
        return row.is_sample


@admin.register(Region, site=site)
class Regions(Register):
    readers = READERS_OF_REFERENCE
    heading = _("Regions")
    about = _("Regions and cities of republican significance with their time zones.")
    order = ("pk",)
    list_display = ("prefix", "title", "zone_name")

    @admin.display(description=_("KATO"))
    def prefix(self, row: Region) -> str:
        return row.code

    @admin.display(description=_("Name"))
    def title(self, row: Region) -> str:
        return row.name()

    @admin.display(description=_("Time zone"))
    def zone_name(self, row: Region) -> str:
        return row.zone


@admin.register(DayException, site=site)
class DayExceptions(Register):
    readers = READERS_OF_REFERENCE
    heading = _("Working calendar")
    about = _("Moved days off and working weekends, each with its decree. Other days follow the week and the holidays.")
    order = ("-day", "-pk")
    list_display = ("date", "sort", "why", "decree_name")

    @admin.display(description=_("Day"))
    def date(self, row: DayException) -> str:
        return f"{dates.long_date(row.day)}, {dates.WEEKDAYS[dates.language()][row.day.weekday()]}"

    @admin.display(description=_("Kind"))
    def sort(self, row: DayException) -> str:
        return row.get_kind_display()

    @admin.display(description=_("Reason"))
    def why(self, row: DayException) -> str:
        return {"kk": row.name_kk, "ru": row.name_ru}.get(dates.language()) or row.name_en or row.name_ru

    @admin.display(description=_("Decree"))
    def decree_name(self, row: DayException) -> str:
        return row.decree
