"""The register of certificates; an entry is its page: annul, duplicate."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from training.actions import certificates as actions
from training.forms.enrolments import ReasonForm
from training.models import Certificate
from training.models.certificates import COMMISSION_READERS
from training.models.enrolments import CENTRE_READERS, CHAMBER_READERS
from training.states import CertificateKind, CertificateState

TONES = {
    CertificateState.ISSUED: "done",
    CertificateState.DUPLICATE_ISSUED: "done",
    CertificateState.ANNULLED: "late",
}


@admin.register(Certificate, site=site)
class CertificateRoom(CaseRoom):
    """Certificates by number, kind and state."""

    readers = (*CHAMBER_READERS, Role.TRAINER, *CENTRE_READERS, *COMMISSION_READERS, Role.AUDITOR)
    heading = gettext_lazy("Certificates")
    about = gettext_lazy("Certificates of completion and participation, and external ones, the newest first.")
    listed = True
    list_display = ("case_number", "citizen", "kind_name", "standing", "issued")
    related = ("person", "office", "assignee__person", "enrolment__group")
    search_label = gettext_lazy("Number or surname")
    filters = (
        Filter("state", gettext_lazy("State"), lambda request: list(CertificateState.choices)),
        Filter("certificate_kind", gettext_lazy("Kind"), lambda request: list(CertificateKind.choices)),
    )
    tones = TONES
    does = {"annul": Does(actions.annul, gettext_lazy("The certificate is annulled."), form=ReasonForm, danger=True)}

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the whole number, or by the beginning of the name."""
        if any(char.isdigit() for char in text):
            return rows.filter(number=text.upper())
        return rows.filter(person__fold__startswith=fold(text))

    def facts(self, request: HttpRequest, case: Certificate) -> list[tuple[Any, Any]]:
        """What the certificate says, and why it lost its force."""
        rows: list[tuple[Any, Any]] = [
            (pgettext("certificate", "Kind"), case.get_certificate_kind_display()),
            (_("Date of issue"), dates.long_date(case.issued_on)),
            (_("Academic hours"), case.hours),
        ]
        if case.started_on and case.ended_on:
            rows.append((_("Period"), f"{dates.long_date(case.started_on)} – {dates.long_date(case.ended_on)}"))
        if case.annul_reason:
            rows.append((pgettext("of a decision", "Reason"), case.annul_reason))
        return [(label, value) for label, value in rows if value]

    def links(self, request: HttpRequest, case: Certificate) -> list[dict[str, Any]]:
        """A duplicate is made on its own page."""
        held = {post.role for post in rooms.staff_posts(request)}
        if Role.COORDINATOR not in held or not case.in_force or case.enrolment_id is None:
            return []
        url = reverse("training_office:certificate_duplicate", args=[case.pk])
        return [{"label": _("Issue a duplicate"), "url": url, "method": "get"}]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: Certificate) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: Certificate) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("Kind"))
    def kind_name(self, row: Certificate) -> str:
        return row.get_certificate_kind_display()

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: Certificate) -> str:
        return badge(row.get_state_display(), TONES.get(CertificateState(row.state), "info"))

    @admin.display(description=gettext_lazy("Date of issue"))
    def issued(self, row: Certificate) -> str:
        return f"{row.issued_on:%d.%m.%Y}"
