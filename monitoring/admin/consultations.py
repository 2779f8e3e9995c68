"""The register of enquiries and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates, figures, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from monitoring.actions import consultations as actions
from monitoring.forms import consultations as forms
from monitoring.models import ConsultationRequest
from monitoring.models.consultations import READERS
from monitoring.rights.consultations import RECEPTION
from monitoring.states import ConsultationKind, ConsultationState, MessageKind, Redirection

TONES = {
    ConsultationState.NEW: "soon", ConsultationState.REOPENED: "soon", ConsultationState.REDIRECTED: "soon",
    ConsultationState.ANSWERED: "done", ConsultationState.CLOSED: "done",
}  # fmt: skip
MESSAGE_TONES = {MessageKind.ANSWER: "done", MessageKind.NOTE: "info"}


@admin.register(ConsultationRequest, site=site)
class ConsultationRoom(CaseRoom):
    heading = gettext_lazy("Enquiries")
    about = gettext_lazy("Questions on training and on accompanied businesses, the newest first.")
    readers = (*READERS, Role.TRAINER)
    listed = True
    search_label = gettext_lazy("Number or surname")
    list_display = ("case_number", "asker", "standing", "sort", "topic_name", "asked", "answers")
    filters = (
        Filter("state", gettext_lazy("State"), lambda request: ConsultationState.choices),
        Filter("kind", gettext_lazy("Kind"), lambda request: ConsultationKind.choices, "consultation_kind"),
    )
    related = ("person", "office", "assignee__person", "accompaniment")
    tones = TONES
    does = {
        "take": Does(actions.take, gettext_lazy("The enquiry is yours now.")),
        "answer": Does(actions.answer, gettext_lazy("The answer is sent; the person has been told."), forms.AnswerForm),
        "assign": Does(
            actions.assign, gettext_lazy("The colleague has been told of the enquiry."), forms.ColleagueForm
        ),
        "redirect": Does(
            actions.redirect, gettext_lazy("The enquiry is passed on; the person has been told."), forms.RedirectForm
        ),
        "refer_out": Does(
            actions.refer_out, gettext_lazy("The person has been told where to ask."), forms.ReferOutForm
        ),
    }

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the whole number, or by the beginning of the name."""
        if any(char.isdigit() for char in text):
            return rows.filter(number=text.upper())
        return rows.filter(Q(person__fold__startswith=fold(text)) | Q(asker_name__istartswith=text))

    def title(self, case: ConsultationRequest) -> str:
        return case.person.full_name if case.person else case.asker_name

    def stop(self, case: ConsultationRequest) -> str:
        # A question alone leads nobody along the way.
        return case.stage if case.accompaniment_id else ""

    def sentence(self, case: ConsultationRequest) -> str:
        if case.state == ConsultationState.NEW:
            return _("Take the enquiry, or give it to a colleague; who took it answers.")
        if actions.may_be_settled(case):
            return _("The person may confirm the answer or ask again; without a word it is closed by itself.")
        return ""

    def facts(self, request: HttpRequest, case: ConsultationRequest) -> list[tuple[Any, Any]]:
        zone = case.office.zone if case.office else dates.DEFAULT_ZONE
        found: list[tuple[Any, Any]] = [
            (_("Kind"), case.get_consultation_kind_display()),  # type: ignore[attr-defined]
            (_("Topic"), case.get_topic_display()),  # type: ignore[attr-defined]
            (_("Asked"), dates.long_datetime(case.asked_at, zone)),
            (_("How it was asked"), case.get_asked_by_display()),  # type: ignore[attr-defined]
            (_("Office that answers"), case.office.name() if case.office else ""),
            (_("Answers"), case.assignee.person.full_name if case.assignee else _("nobody yet")),
        ]
        if case.person is not None and case.person.phone:
            found.append((_("Telephone"), figures.phone(case.person.phone)))
        if case.passed_to:
            found.append((pgettext("enquiry", "Passed on to"), Redirection(case.passed_to).label))
        return found

    def sections(self, request: HttpRequest, case: ConsultationRequest) -> list[Section]:
        thread = [
            {"message": one, "tone": MESSAGE_TONES.get(MessageKind(one.message_kind), "soon")}
            for one in case.messages.select_related("by__person")
        ]
        return [Section(_("Question and answers"), "monitoring/staff/thread.html", {"rows": thread, "case": case})]

    def links(self, request: HttpRequest, case: ConsultationRequest) -> list[dict[str, Any]]:
        if case.accompaniment_id is None:
            return []
        url = reverse("workplace:monitoring_accompanimentcase_change", args=[case.accompaniment_id])
        return [{"label": _("To the business"), "url": url, "method": "get"}]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: ConsultationRequest) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Who asked"))
    def asker(self, row: ConsultationRequest) -> str:
        return row.person.short_name if row.person else row.asker_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: ConsultationRequest) -> str:
        return badge(row.get_state_display(), self.tones.get(ConsultationState(row.state), "info"))  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Kind"))
    def sort(self, row: ConsultationRequest) -> str:
        return row.get_consultation_kind_display()  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Topic"))
    def topic_name(self, row: ConsultationRequest) -> str:
        return row.get_topic_display()  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Asked"))
    def asked(self, row: ConsultationRequest) -> str:
        zone = row.office.zone if row.office else dates.DEFAULT_ZONE
        return f"{dates.day_of(row.asked_at, zone):%d.%m.%Y}"

    @admin.display(description=gettext_lazy("Answers"))
    def answers(self, row: ConsultationRequest) -> str:
        return row.assignee.person.short_name if row.assignee else "–"


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """Enquiries that wait for an answer, for those who answer them at the chamber; oral ones are registered there."""
    held = {post.role for post in rooms.staff_posts(request)}
    if not held & {Role.COORDINATOR, Role.PROJECT_CONSULTANT, Role.TRAINER}:
        return []
    waiting = ConsultationRequest.objects.visible_to(request.user).unanswered()
    return [
        nav.Entry(
            label=pgettext("room", "Enquiries"),
            url=reverse("workplace:monitoring_consultationrequest_changelist"),
            count=waiting.count(),
        )
    ]


@nav.register_rooms
def register_entry(request: HttpRequest) -> list[nav.Entry]:
    """Where an oral enquiry is registered: for those whose office answers."""
    held = {post.role for post in rooms.staff_posts(request)}
    if not held & set(RECEPTION):
        return []
    return [nav.Entry(label=pgettext("room", "Oral enquiry"), url=reverse("monitoring_office:enquiry_new"))]
