"""Modules and final tests as the chamber sees them: attempts with their scores, and the void of a technical fault."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from training.actions import course as actions
from training.forms.course import VoidForm
from training.models import FinalTest, ModuleProgress
from training.progress import FINAL_TONES, MODULE_TONES
from training.states import FinalState, ModuleState


class TestRoom(CaseRoom):
    """What modules and final tests share: who reads them, the attempts, the void."""

    __test__ = False

    readers = (Role.COORDINATOR, Role.TRAINER, Role.AUDITOR)
    related: ClassVar[tuple[str, ...]] = ("person", "office", "assignee__person", "enrolment__group")
    search_label = gettext_lazy("Number or surname")
    listed = True
    does = {
        "void_attempt": Does(actions.void, gettext_lazy("The attempt does not count."), form=VoidForm, danger=True),
    }

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the number of the enrolment, or by the beginning of the name."""
        if any(char.isdigit() for char in text):
            return rows.filter(number__iendswith=text)
        return rows.filter(person__fold__startswith=fold(text))

    def sections(self, request: HttpRequest, case: Any) -> list[Section]:
        """The attempts, newest first; a void one with its reason."""
        attempts = list(case.attempts.select_related("voided_by__person").order_by("-pk")[:50])
        context = {"attempts": attempts}
        return [Section(pgettext_lazy("test", "Attempts"), "training/staff/attempts_section.html", context)]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: Any) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: Any) -> str:
        return row.person.short_name


@admin.register(ModuleProgress, site=site)
class ModuleRoom(TestRoom):
    """The register of modules; an entry is the case page."""

    heading = pgettext_lazy("register", "Modules")
    about = gettext_lazy("How far each participant is in the course; attempts and their results.")
    list_display = ("case_number", "citizen", "of_module", "standing")
    related = (*TestRoom.related, "module")
    tones = MODULE_TONES  # type: ignore[assignment]
    filters = (Filter("state", gettext_lazy("State"), lambda request: list(ModuleState.choices)),)

    def subtitle(self, case: ModuleProgress) -> str:
        """The module and the number."""
        return f"{case.module.title()} · {case.number}"

    def facts(self, request: HttpRequest, case: ModuleProgress) -> list[tuple[Any, Any]]:
        """The best score."""
        if not case.best_total:
            return []
        return [(_("Best result"), f"{case.best_correct} / {case.best_total}")]

    @admin.display(description=pgettext_lazy("register", "Module"))
    def of_module(self, row: ModuleProgress) -> str:
        return row.module.title()

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: ModuleProgress) -> str:
        return badge(row.get_state_display(), MODULE_TONES[ModuleState(row.state)])


@admin.register(FinalTest, site=site)
class FinalRoom(TestRoom):
    """The register of final tests; an entry is the case page."""

    heading = pgettext_lazy("register", "Final tests")
    about = gettext_lazy("Final tests with their results. A technical fault can be voided once.")
    list_display = ("case_number", "citizen", "standing", "result")
    tones = FINAL_TONES  # type: ignore[assignment]
    filters = (Filter("state", gettext_lazy("State"), lambda request: list(FinalState.choices)),)

    def facts(self, request: HttpRequest, case: FinalTest) -> list[tuple[Any, Any]]:
        """The result."""
        return [(_("Result"), f"{case.percent} %")] if case.percent is not None else []

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: FinalTest) -> str:
        return badge(row.get_state_display(), FINAL_TONES[FinalState(row.state)])

    @admin.display(description=gettext_lazy("Result"))
    def result(self, row: FinalTest) -> str:
        return f"{row.percent} %" if row.percent is not None else "–"
