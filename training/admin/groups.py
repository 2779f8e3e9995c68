"""Training plans and groups as the chamber, the local employment body, the centres and trainers see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from bastau.flow import Actor
from bastau.people.roles import Role
from bastau.portal import dates
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from training.actions import group_life, groups, plans, reasons
from training.actions.groups import Schedule
from training.conditions.groups import members_of, open_change
from training.forms.groups import (
    AnnounceForm,
    ChangeForm,
    MoveDayForm,
    PeopleAndRoomForm,
    PlanChangeForm,
    ReasonForm,
    ScheduleForm,
    SubstituteForm,
    change_is,
    change_waits,
)
from training.models import CourseModule, TrainingGroup, TrainingPlan
from training.rules import timetable
from training.states import ENROLMENT_MEMBER, AnnouncementState, GroupChange, GroupState, PlanState
from training.views import planning  # noqa: F401  (its entries stand among the rooms of the header)

CENTRE = (Role.SPECIALIST, Role.DIRECTOR, Role.AUDITOR)
CHAMBER = (Role.COORDINATOR, Role.PROJECT_CONSULTANT, Role.TRAINER)
PLAN_TONES = {
    PlanState.DRAFT: "plain",
    PlanState.SENT_FOR_AGREEMENT: "soon",
    PlanState.RETURNED: "late",
    PlanState.APPROVED: "done",
    PlanState.ARCHIVED: "plain",
}
GROUP_TONES = {
    GroupState.PLANNED: "soon",
    GroupState.POSTPONED: "late",
    GroupState.RUNNING: "done",
    GroupState.COMPLETED: "done",
    GroupState.CANCELLED: "plain",
    GroupState.MERGED: "plain",
}


@admin.register(TrainingPlan, site=site)
class PlanRoom(CaseRoom):
    """The register of training plans; an entry is the page of the plan."""

    readers = (*CHAMBER, *CENTRE, Role.LEB_OFFICER)
    heading = gettext_lazy("Training plans")
    about = gettext_lazy("Plans by district and city, agreed with the local employment body.")
    listed = True
    list_display = ("case_number", "place", "of_year", "standing")
    related = ("office", "assignee__person", "replaces")
    filters = (Filter("state", gettext_lazy("State"), lambda request: list(PlanState.choices)),)
    tones = PLAN_TONES
    does = {
        "send_for_agreement": Does(
            plans.send_for_agreement, gettext_lazy("The plan is with the local employment body.")
        ),
        "agree": Does(plans.agree, gettext_lazy("The territory and the plan are agreed.")),
        "approve": Does(plans.approve, gettext_lazy("The plan is approved. Groups can be planned on it.")),
        "change": Does(plans.change, gettext_lazy("The plan is changed."), form=PlanChangeForm),
        "send_back": Does(
            plans.send_back, gettext_lazy("The plan is returned with your remarks."), form=ReasonForm, danger=True
        ),
        "archive": Does(plans.archive, gettext_lazy("The plan is out of force."), danger=True),
    }

    def title(self, case: TrainingPlan) -> str:
        """Territory and year."""
        return _("Training plan: %(place)s, %(year)s") % {"place": case.territory(), "year": case.year}

    def subtitle(self, case: TrainingPlan) -> str:
        """Number, version, chamber."""
        version = _("version %(n)d") % {"n": case.version}
        return f"{case.number} · {version} · {case.office.name() if case.office else ''}"

    def facts(self, request: HttpRequest, case: TrainingPlan) -> list[tuple[Any, Any]]:
        """Place, size, hours."""
        return [
            (_("District or city"), f"{case.territory()} ({case.kato})"),
            (_("Planned number of participants"), case.places),
            (_("Academic hours"), case.hours),
            (pgettext("of a plan", "Groups"), str(case.groups.count())),
        ]

    def sections(self, request: HttpRequest, case: TrainingPlan) -> list[Section]:
        """Modules and written remarks."""
        language = "ru" if dates.language() == "ru" else "kk"
        modules = [{"name": one.get(language, one["code"]), "hours": one["hours"]} for one in case.modules]
        shown = [Section(_("Modules"), "training/staff/plan_modules.html", {"modules": modules})]
        return [*shown, *_reasons(case)]

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: TrainingPlan) -> str:
        return row.number

    @admin.display(description=gettext_lazy("District or city"))
    def place(self, row: TrainingPlan) -> str:
        return row.territory()

    @admin.display(description=gettext_lazy("Year"))
    def of_year(self, row: TrainingPlan) -> str:
        return str(row.year)

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: TrainingPlan) -> str:
        return badge(row.get_state_display(), PLAN_TONES.get(PlanState(row.state), "info"))


def change_schedule(case: TrainingGroup, *, by: Actor, schedule: Schedule) -> TrainingGroup:
    """Another schedule before the approval."""
    return groups.change(case, by=by, schedule=schedule)


def ask_change(case: TrainingGroup, *, by: Actor, change: str, into: TrainingGroup | None, reason: str) -> Any:
    """A merger or turning online is put before the local body."""
    return group_life.ask_change(case, by=by, change=change, into=into, reason=reason)


@admin.register(TrainingGroup, site=site)
class GroupRoom(CaseRoom):
    """The register of groups; an entry is the page of the group with all its steps."""

    readers = (*CHAMBER, *CENTRE, Role.LEB_OFFICER)
    heading = gettext_lazy("Training groups")
    about = gettext_lazy("Groups with their dates and places, the newest first.")
    listed = True
    list_display = ("case_number", "days", "where", "people", "standing")
    related = (
        "office",
        "assignee__person",
        "plan",
        "centre",
        "room",
        "trainer__person",
        "consultant__person",
        "merged_into",
    )
    filters = (Filter("state", gettext_lazy("State"), lambda request: list(GroupState.choices)),)
    tones = GROUP_TONES
    does = {
        "agree": Does(groups.agree, gettext_lazy("Schedule, date and place are agreed.")),
        "approve": Does(groups.approve, gettext_lazy("The schedule is approved; the announcement is drafted.")),
        "announce": Does(
            groups.announce, gettext_lazy("The start is announced in Kazakh and Russian."), form=AnnounceForm
        ),
        "agree_change": Does(
            group_life.agree_change, gettext_lazy("The change is agreed; the coordinator is told."), when=change_waits
        ),
        "merge": Does(
            group_life.merge,
            gettext_lazy("The groups are merged; the members are asked to confirm."),
            when=change_is(GroupChange.MERGE),
        ),
        "turn_online": Does(
            group_life.turn_online,
            gettext_lazy("The group learns online. Fix the roster anew."),
            when=change_is(GroupChange.ONLINE),
        ),
        "fix_roster": Does(group_life.fix_roster, gettext_lazy("The roster is fixed.")),
        "finish": Does(group_life.finish, gettext_lazy("The last class day is closed; results are being assessed.")),
        "complete": Does(group_life.complete, gettext_lazy("The group is closed.")),
        "replan": Does(
            group_life.replan, gettext_lazy("The new date waits for the local employment body."), form=ScheduleForm
        ),
        "assign": Does(groups.assign, gettext_lazy("People and room are assigned."), form=PeopleAndRoomForm),
        "change": Does(
            change_schedule, gettext_lazy("The schedule is changed and waits for agreement."), form=ScheduleForm
        ),
        "substitute": Does(
            group_life.substitute,
            gettext_lazy("Changed from today on; the local employment body is told."),
            form=SubstituteForm,
        ),
        "move_day": Does(group_life.move_day, gettext_lazy("The class day is moved."), form=MoveDayForm),
        "object": Does(
            groups.object_to, gettext_lazy("The coordinator reads your reasons."), form=ReasonForm, danger=True
        ),
        "decline_change": Does(
            group_life.decline_change,
            gettext_lazy("The coordinator reads your reasons."),
            form=ReasonForm,
            danger=True,
            when=change_waits,
        ),
        "ask_change": Does(
            ask_change,
            gettext_lazy("The local employment body is asked."),
            form=ChangeForm,
            danger=True,
            when=lambda case: open_change(case) is None,
        ),
        "drop_change": Does(
            group_life.drop_change,
            gettext_lazy("The question is taken back."),
            danger=True,
            when=lambda case: open_change(case) is not None,
        ),
        "postpone": Does(
            group_life.postpone,
            gettext_lazy("Postponed; members keep their places and are told."),
            form=ReasonForm,
            danger=True,
        ),
        "cancel": Does(
            group_life.cancel, gettext_lazy("The group is cancelled; members are told."), form=ReasonForm, danger=True
        ),
        "break_off": Does(
            group_life.break_off,
            gettext_lazy("The training is broken off; members are told."),
            form=ReasonForm,
            danger=True,
        ),
    }

    def rows(self, request: HttpRequest) -> Any:
        """With the number of members, in the same statement."""
        members = Count("enrolments", filter=Q(enrolments__state__in=ENROLMENT_MEMBER), distinct=True)
        return super().rows(request).annotate(members=members)

    def title(self, case: TrainingGroup) -> str:
        """First day and place."""
        return _("Group from %(date)s, %(place)s") % {"date": dates.long_date(case.start_on), "place": case.place()}

    def subtitle(self, case: TrainingGroup) -> str:
        """Number, form, language."""
        return f"{case.number} · {case.get_mode_display()} · {case.get_language_display()}"

    def sentence(self, case: TrainingGroup) -> str:
        """What the state means for whose turn it is."""
        if case.state == GroupState.PLANNED and case.objected_at is not None:
            return _("The local employment body did not agree. Read its reasons and change the schedule.")
        return {
            GroupState.PLANNED: _("The local employment body looks at the schedule, the date and the place."),
            GroupState.AGREED: _("The local employment body agreed. Approve the schedule."),
            GroupState.APPROVED: _("Read the announcement in both languages and publish it."),
            GroupState.ANNOUNCED: _("The candidates of the lists are being invited."),
            GroupState.ENROLLING: _("Candidates enrol. Fix the roster when the group is full enough."),
            GroupState.READY: _("The training begins by itself on its first day."),
            GroupState.POSTPONED: _("Set a new date; it is agreed and approved anew."),
            GroupState.MERGED: _("The members are in the other group."),
        }.get(GroupState(case.state), "")

    def facts(self, request: HttpRequest, case: TrainingGroup) -> list[tuple[Any, Any]]:
        """Dates, place, people."""
        span = timetable.span(case.start_on, case.end_on)
        counted = ngettext("%(n)d calendar day", "%(n)d calendar days", span) % {"n": span}
        rows: list[tuple[Any, Any]] = [
            (
                _("From and to"),
                f"{dates.long_date(case.start_on)} – {dates.long_date(case.end_on)} ({counted})",
            ),
            (pgettext("where", "Place"), case.place()),
            (_("Training plan"), f"{case.plan.number}, {case.plan.territory()}"),
            (_("Employment centre"), case.centre.name() if case.centre else _("all centres of the region")),
            (_("Last day of applications"), dates.long_date(case.apply_until)),
            (_("Contacts"), case.contact),
            (_("Members"), str(members_of(case))),
            (_("Business trainer"), case.trainer.person.full_name if case.trainer else "–"),
            (_("Project consultant"), case.consultant.person.full_name if case.consultant else "–"),
        ]
        if case.is_offline:
            means = _("the technical means are there") if case.equipment_ready else _("no mark of the technical means")
            rows.append((_("Room"), f"{case.room or '–'}, {means}"))
        if case.merged_into is not None:
            rows.append((_("Merged with"), case.merged_into.number))
        return rows

    def sections(self, request: HttpRequest, case: TrainingGroup) -> list[Section]:
        """What is asked, announcement, timetable, members by name for who may read them, written reasons."""
        shown = [*_change(case), *_announcement(case)]
        if TrainingGroup.objects.with_people_for(request.user).filter(pk=case.pk).exists():
            members = case.enrolments.select_related("person").order_by("person__sort_key", "pk")
            shown.append(Section(_("Participants"), "training/staff/group_members.html", {"members": list(members)}))
        return [*shown, *_reasons(case), _timetable(case)]

    def ahead(self, case: TrainingGroup) -> list[dict[str, Any]]:
        """The first and the last day, when they lie ahead."""
        coming = []
        if case.began_at is None and case.closed_at is None:
            coming.append({"title": _("First training day"), "state": "later", "note": dates.long_date(case.start_on)})
        if case.ended_at is None and case.closed_at is None:
            coming.append({"title": _("Last training day"), "state": "later", "note": dates.long_date(case.end_on)})
        return coming

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: TrainingGroup) -> str:
        return row.number

    @admin.display(description=gettext_lazy("From and to"))
    def days(self, row: TrainingGroup) -> str:
        return f"{row.start_on:%d.%m.%Y} – {row.end_on:%d.%m.%Y}"

    @admin.display(description=gettext_lazy("Place"))
    def where(self, row: TrainingGroup) -> str:
        return row.place()

    @admin.display(description=gettext_lazy("Members"))
    def people(self, row: Any) -> str:
        return str(row.members)

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: TrainingGroup) -> str:
        return badge(row.get_state_display(), GROUP_TONES.get(GroupState(row.state), "info"))


def _reasons(case: Any) -> list[Section]:
    written = reasons.of(case)
    return [Section(_("Written reasons"), "training/staff/reasons.html", {"reasons": written})] if written else []


def _change(case: TrainingGroup) -> list[Section]:
    change = open_change(case)
    if change is None:
        return []
    answers = list(change.answers.values_list("confirmed", flat=True))
    context = {
        "change": change,
        "asked": len(answers),
        "confirmed": answers.count(True),
        "declined": answers.count(False),
    }
    return [Section(_("A change of the group is asked"), "training/staff/group_change.html", context)]


def _announcement(case: TrainingGroup) -> list[Section]:
    shown = case.announcements.filter(state=AnnouncementState.PUBLISHED).order_by("-pk").first()
    return [Section(_("Announcement"), "training/staff/announcement.html", {"shown": shown})] if shown else []


def _timetable(case: TrainingGroup) -> Section:
    names = {one.code: one.title() for one in CourseModule.objects.all()}
    days = list(case.class_days.select_related("trainer__person", "room").order_by("day"))
    for one in days:
        one.module_name = names.get(one.module_code, one.module_code)  # type: ignore[attr-defined]
    context = {
        "days": days,
        "hours": sum(one.hours for one in days if one.booked),
        "warnings": timetable.warnings(timetable.lessons_of(case)),
    }
    return Section(_("Timetable"), "training/staff/timetable.html", context)
