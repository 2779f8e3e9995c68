"""The staff's register and case page of grant applications, and what they add to the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates, figures, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from grants.actions import applications as actions
from grants.actions import checks
from grants.cards import ahead
from grants.forms.applications import CommentForm, CriterionForm, RejectionForm
from grants.models import GrantApplication, Rejection
from grants.models.applications import GRANT_READERS
from grants.states import GRANT_CHECKING, GrantState
from grants.views.application_answers import break_even_in_words, project_rows
from grants.views.applications import drawn

TONES: dict[str, str] = {
    GrantState.REJECTED_CRITERIA: "late", GrantState.CLOSED_NO_SHOW: "late", GrantState.REJECTED: "late",
    GrantState.LAPSED: "late", GrantState.WITHDRAWN: "plain", GrantState.POSTPONED: "soon",
    GrantState.RESERVE: "soon", GrantState.APPROVED: "done", GrantState.CONTRACTED: "done",
}  # fmt: skip


def to_check(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """What waits for a specialist: arrived and taken by nobody, or in the own check; not what waits for the head."""
    waiting = Rejection.objects.filter(application=OuterRef("pk"), closed_at=None)
    return rows.filter(Q(assignee=None) | Q(assignee=user.pk), ~Exists(waiting), state__in=GRANT_CHECKING)


def to_confirm(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rejections that wait for the head of unit."""
    waiting = Rejection.objects.filter(application=OuterRef("pk"), closed_at=None)
    return rows.filter(Exists(waiting), state=GrantState.IN_CHECK)


@dataclass(frozen=True)
class Waits(Filter):
    """Whose turn it is, as a filter."""

    def applied(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        chosen = request.GET.get(self.name, "")
        if chosen == "check":
            return to_check(rows, request.user)
        if chosen == "confirm":
            return to_confirm(rows)
        if chosen == "transfer":
            return rows.filter(state=GrantState.SUBMITTED)
        return rows


def _waits(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return [
        ("check", _("to be checked by me")),
        ("confirm", _("rejection to be confirmed")),
        ("transfer", _("on its way to the labour market system")),
    ]


@admin.register(GrantApplication, site=site)
class GrantRoom(CaseRoom):
    readers = GRANT_READERS
    heading = gettext_lazy("Grant applications")
    about = gettext_lazy("Applications for a grant sent to the centre, the newest first.")
    list_display = ("case_number", "citizen", "project_title", "asked", "standing", "works")
    search_label = gettext_lazy("Number or surname")
    filters = (
        Waits("waits", gettext_lazy("Waits for"), _waits),
        Filter("state", gettext_lazy("State"), lambda request: GrantState.choices[1:]),
    )
    tones: ClassVar[Mapping[str, str]] = TONES
    does: ClassVar[Mapping[str, Does]] = {
        "take": Does(checks.take, gettext_lazy("The case is yours. Decide what no register answered.")),
        "answer_criterion": Does(
            checks.answer_criterion,
            gettext_lazy("The answer stands in the protocol."),
            form=CriterionForm,
            when=lambda case: bool(CriterionForm(case=case, by=None).fields["criterion"].choices),  # type: ignore[attr-defined, arg-type]
        ),
        "propose_rejection": Does(
            checks.propose_rejection,
            gettext_lazy("The rejection is before the head of unit."),
            form=RejectionForm,
            danger=True,
        ),
        "reject_criteria": Does(
            checks.reject_criteria, gettext_lazy("Rejected. The applicant is told the reason."), danger=True
        ),
        "return_rejection": Does(
            checks.return_rejection, gettext_lazy("Returned. The specialist is told."), form=CommentForm
        ),
        "lapse": Does(
            lambda case, *, by: actions.lapse(case, by),
            gettext_lazy("The place in the reserve has lapsed. The applicant is told."),
            danger=True,
            when=lambda case: case.state == GrantState.RESERVE,
        ),
    }

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the whole number, or by the beginning of the name."""
        if any(char.isdigit() for char in text):
            return rows.filter(number=text.upper())
        return rows.filter(person__fold__startswith=fold(text))

    # --------------------------------------------------------------------------------------------------- the case page

    def title(self, case: GrantApplication) -> str:
        return case.person.full_name

    def subtitle(self, case: GrantApplication) -> str:
        return f"{case.number} · {_('IIN')} {figures.iin_masked(case.person.iin)}"

    def sentence(self, case: GrantApplication) -> Any:
        said = {
            GrantState.SUBMITTED: _("Signed and sent. The labour market system has not confirmed its arrival yet; the"
                                    " portal tries again by itself."),
            GrantState.ACCEPTED: _("Take the case to decide what no register answered; or the secretary puts it on an"
                                   " agenda, where every criterion is met."),
            GrantState.IN_CHECK: _("Every criterion needs an answer. When all are met, the secretary puts the case on"
                                   " an agenda; when one is not, propose the rejection to the head of unit."),
            GrantState.SCHEDULED: _("On the agenda of the commission."),
            GrantState.POSTPONED: _("Waits for the agenda of the next meeting."),
            GrantState.HEARD: _("Heard; the secretary enters the decision as the protocol says."),
            GrantState.RESERVE: _("Waits in the reserve until money is released; at the end of the year it lapses."),
        }  # fmt: skip
        return said.get(GrantState(case.state), "")

    def facts(self, request: HttpRequest, case: GrantApplication) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("Filed"), dates.long_datetime(case.filed_at, case.office.zone) if case.filed_at and case.office else ""),
            (_("Project name"), case.title),
            (_("Asked from the grant"), figures.money(case.grant_sum)),
            (_("Own money"), figures.money(case.own_sum)),
            (_("Category"), case.get_category_display()),
            (_("Individual employment card"), case.card_number),
            (_("Telephone"), figures.phone(case.phone)),
            (_("E-mail"), case.email),
            (_("Works on it"), case.assignee.person.short_name if case.assignee else ""),
        ]
        if case.skills_number:
            found.append((_("Certificate of skills.enbek.kz"), case.skills_number))
        if case.awarded_sum:
            found.append((_("Awarded"), figures.money(case.awarded_sum)))
        if case.reserve_place:
            found.append((_("Place in the reserve"), case.reserve_place))
        if case.absences:
            found.append((_("Absences from the commission"), case.absences))
        return found

    def sections(self, request: HttpRequest, case: GrantApplication) -> list[Section]:
        protocol = [
            {**drawn(line), "by": line.by.person.short_name if line.by else ""}
            for line in case.checks.select_related("by__person")
        ]
        rejections = list(case.rejections.select_related("proposed_by__person", "closed_by__person"))
        found = [Section(_("Check of the criteria"), "grants/staff/protocol.html", {"protocol": protocol})]
        if rejections:
            found.append(Section(_("Rejection"), "grants/staff/rejections.html", {"rejections": rejections}))
        if case.state == GrantState.SUBMITTED:
            transfer = {"transfer": actions.transfer_of(case)}
            found.append(Section(_("Transfer to the labour market system"), "grants/staff/transfer.html", transfer))
        rows = project_rows(case, lambda label, value, name="": {"label": label, "value": value})
        found.append(Section(_("Project"), "grants/staff/project.html", {"rows": rows}))
        estimate = {"lines": list(case.lines.all()), "case": case, "break_even": break_even_in_words(case.project)}
        found.append(Section(_("Estimate"), "grants/staff/estimate.html", estimate))
        return found

    def ahead(self, case: GrantApplication) -> list[dict[str, Any]]:
        return ahead(case)

    # -------------------------------------------------------------------------------------------------------- the list

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: GrantApplication) -> str:
        return row.number or "–"

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: GrantApplication) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("Project"))
    def project_title(self, row: GrantApplication) -> str:
        return row.title

    @admin.display(description=pgettext_lazy("sum", "Asked"))
    def asked(self, row: GrantApplication) -> str:
        return figures.money(row.grant_sum)

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: GrantApplication) -> str:
        return badge(row.get_state_display(), TONES.get(GrantState(row.state), "info"))

    @admin.display(description=gettext_lazy("Works on it"))
    def works(self, row: GrantApplication) -> str:
        return row.assignee.person.short_name if row.assignee else "–"


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """Grant applications, with the number of those that wait for the visitor."""
    held = {post.role for post in rooms.staff_posts(request)}
    if not held & set(GRANT_READERS):
        return []
    url = reverse("workplace:grants_grantapplication_changelist")
    seen = GrantApplication.objects.visible_to(request.user)
    label = pgettext("room", "Grants")
    if Role.SPECIALIST in held:
        return [nav.Entry(label=label, url=f"{url}?waits=check", count=to_check(seen, request.user).count())]
    if Role.UNIT_HEAD in held:
        return [nav.Entry(label=label, url=f"{url}?waits=confirm", count=to_confirm(seen).count())]
    found = [nav.Entry(label=label, url=url)]
    if Role.DIRECTOR in held:
        found.append(nav.Entry(label=pgettext("room", "Grant intake"), url=reverse("grants_office:intake")))
    return found
