"""Applications for training and enrolments, as the staff see them."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau import clock
from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates, figures, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from referrals.states import StudyForm
from training.actions import enrolments as actions
from training.forms.enrolments import AbsenceForm, EnrolForm, ReasonForm, RejectForm, group_label
from training.models import Enrolment, TrainingGroup
from training.models.enrolments import CENTRE_READERS, CHAMBER_READERS
from training.papers.enrolments import referral_number
from training.rules.enrolments import earliest_start, referral_is_old
from training.states import GROUP_OPEN, EnrolmentState

TONES = {
    EnrolmentState.REJECTED: "late",
    EnrolmentState.WAITLISTED: "soon",
    EnrolmentState.NOT_ADMITTED: "late",
    EnrolmentState.EXPELLED: "late",
    EnrolmentState.NOT_PASSED: "late",
    EnrolmentState.NO_SHOW: "plain",
    EnrolmentState.WITHDRAWN: "plain",
    EnrolmentState.DRAFT: "plain",
    EnrolmentState.COMPLETED_COMPLETION: "done",
    EnrolmentState.COMPLETED_PARTICIPATION: "done",
}


def enrol_at_counter(case: Enrolment, *, by: Any, offer: bool, consent: bool) -> Enrolment:
    """Both papers signed by hand at the chamber's counter (118-p19)."""
    return actions.enrol(case, by=by, offer=offer, consent=consent, means="hand")


def _groups(request: HttpRequest) -> list[tuple[str, Any]]:
    found = TrainingGroup.objects.visible_to(request.user).filter(state__in=GROUP_OPEN).order_by("start_on", "pk")
    return [(str(group.pk), f"{group.start_on:%d.%m.%Y}, {group.place()}") for group in found[:60]]


@admin.register(Enrolment, site=site)
class EnrolmentRoom(CaseRoom):
    """The register of applications for training; an entry is the case page."""

    readers = (*CHAMBER_READERS, Role.TRAINER, *CENTRE_READERS, Role.AUDITOR)
    heading = gettext_lazy("Applicants and participants")
    about = gettext_lazy("Applications for training and what became of them, the newest first.")
    listed = True
    list_display = ("case_number", "citizen", "standing", "in_group")
    related = ("person", "office", "assignee__person", "group__office", "referral__office")
    search_label = gettext_lazy("Number or surname")
    filters = (
        Filter("state", gettext_lazy("State"), lambda request: list(EnrolmentState.choices)),
        Filter("group", gettext_lazy("Group"), _groups),
    )
    tones = TONES
    does = {
        "enrol": Does(
            enrol_at_counter,
            gettext_lazy("Done. Where the group is full the person stands on the waiting list."),
            form=EnrolForm,
        ),
        "reject": Does(actions.reject, gettext_lazy("The application is rejected."), form=RejectForm, danger=True),
        "mark_no_show": Does(actions.mark_no_show, gettext_lazy("Marked as not begun."), danger=True),
        "withdraw": Does(
            actions.withdraw, gettext_lazy("The training of this person is ended."), form=AbsenceForm, danger=True
        ),
        "expel": Does(actions.expel, gettext_lazy("The expulsion is confirmed."), danger=True),
        "expel_by_act": Does(
            actions.expel_by_act, gettext_lazy("The person is expelled by your act."), form=ReasonForm, danger=True
        ),
    }

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the number, or by the beginning of the name."""
        if re.search(r"\d", text):
            return rows.filter(number__iendswith=text)
        return rows.filter(person__fold__startswith=fold(text))

    def subtitle(self, case: Enrolment) -> str:
        """Number and group."""
        group = f"{_('Group')}: {group_label(case.group, None)}" if case.group else _("no group yet")
        return f"{case.number or _('draft')} · {group}"

    def sentence(self, case: Enrolment) -> str:
        """What hinders, in words."""
        if case.state not in {EnrolmentState.SUBMITTED, EnrolmentState.WAITLISTED}:
            return ""
        said = []
        earliest = earliest_start(case)
        if earliest is not None:
            words = _(
                "New training may start three years after the end of the previous one. The earliest day: %(date)s."
            )
            said.append(words % {"date": dates.long_date(earliest)})
        assert case.office is not None
        if referral_is_old(case.referral.issued_on, clock.today(case.office.zone)):
            said.append(_("The referral is more than a year old. Ask whether the person's status has changed."))
        return " ".join(said)

    def facts(self, request: HttpRequest, case: Enrolment) -> list[tuple[Any, Any]]:
        """Person, referral, answers, results. Who does not need the IIN in full sees it masked (SPEC 5)."""
        held = {post.role for post in rooms.staff_posts(request)}
        whole = Role.COORDINATOR in held
        answers = case.questionnaire
        rows: list[tuple[Any, Any]] = [
            (_("IIN"), figures.iin_grouped(case.person.iin) if whole else figures.iin_masked(case.person.iin)),
            (_("Telephone"), figures.phone(case.phone)),
            (_("E-mail"), case.email),
            (_("Referral"), referral_number(case.referral)),
            (pgettext("application", "Channel"), case.get_channel_display()),
        ]
        if answers.get("study_form"):
            rows.append((_("How the person studies"), StudyForm(answers["study_form"]).label))
        if answers.get("sector"):
            rows.append((_("Sector"), answers["sector"]))
        rows += self._results(case)
        if case.reason_text:
            rows.append((pgettext("of a decision", "Reason"), case.reason_text))
        return [(label, value) for label, value in rows if value]

    def _results(self, case: Enrolment) -> list[tuple[Any, Any]]:
        rows: list[tuple[Any, Any]] = []
        if case.final_percent is not None:
            rows.append((_("Final test"), f"{case.final_percent} %"))
        if case.plan_at is not None:
            rows.append((_("Business plan"), _("none") if case.plan_percent is None else f"{case.plan_percent} %"))
        if case.ended_on is not None:
            rows.append((_("Training ended on"), dates.long_date(case.ended_on)))
        return rows

    def sections(self, request: HttpRequest, case: Enrolment) -> list[Section]:
        """Attendance and consultations of who began."""
        if case.began_at is None:
            return []
        context = {
            "attended": case.attendance.filter(present=True).count(),
            "missed": case.attendance.filter(present=False).count(),
            "consultations": list(case.consultations.order_by("held_on", "pk")),
            "pitch": case.pitch_trainings.count(),
            "certificates": list(case.certificates.order_by("pk")),
        }
        return [Section(_("Attendance and consultations"), "training/staff/attendance_section.html", context)]

    def links(self, request: HttpRequest, case: Enrolment) -> list[dict[str, Any]]:
        """A draft at the counter is filled in on its own page; so is the choice of a group."""
        held = {post.role for post in rooms.staff_posts(request)}
        if Role.COORDINATOR not in held or case.state not in {EnrolmentState.DRAFT, EnrolmentState.SUBMITTED}:
            return []
        draft = case.state == EnrolmentState.DRAFT
        label = _("Fill in the questionnaire") if draft else _("Choose a group")
        name = "counter_form" if draft else "counter_group"
        return [{"label": label, "url": reverse(f"training_office:{name}", args=[case.pk]), "method": "get"}]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: Enrolment) -> str:
        return row.number or _("draft")

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: Enrolment) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: Enrolment) -> str:
        return badge(row.get_state_display(), TONES.get(EnrolmentState(row.state), "info"))

    @admin.display(description=gettext_lazy("Group"))
    def in_group(self, row: Enrolment) -> str:
        return f"{row.group.start_on:%d.%m.%Y}, {row.group.place()}" if row.group else "–"


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """The counter and the applicants for the coordinator, the journal for the trainer."""
    held = {post.role for post in rooms.staff_posts(request)}
    found = []
    if Role.COORDINATOR in held:
        waiting = Enrolment.objects.visible_to(request.user).filter(state=EnrolmentState.SUBMITTED).count()
        url = reverse("workplace:training_enrolment_changelist")
        found.append(nav.Entry(label=pgettext("room", "Applicants"), url=url, count=waiting))
        found.append(
            nav.Entry(label=pgettext("room", "Counter of the chamber"), url=reverse("training_office:counter"))
        )
    if held & {Role.TRAINER, Role.COORDINATOR}:
        found.append(nav.Entry(label=pgettext("room", "Journal"), url=reverse("training_office:journal")))
    return found
