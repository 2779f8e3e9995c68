"""The register and case page of meetings (the commission room), of correcting protocols, and the header's entries."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bastau.papers.models import Paper
from bastau.people.roles import Role
from bastau.portal import dates, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import rooms
from bastau.workplace.casework import CaseRoom, Does, Section
from bastau.workplace.registers import Filter
from bastau.workplace.site import site
from grants import seating
from grants.actions import decisions, meetings, protocols, voting
from grants.forms.meetings import DissentForm, PostponeForm, WhenForm
from grants.models import CommissionMeeting, Correction, Decision
from grants.models.commission import MEETING_READERS, SITTING
from grants.papers import meetings as papers
from grants.states import MEETING_BEFORE, MEETING_ROOM, CorrectionState, MeetingState
from grants.views.commission_posts import actor_in
from grants.views.meetings import ATTENDED, OPEN_AGENDA

READERS = (*MEETING_READERS, *SITTING)
TONES: dict[str, str] = {
    MeetingState.PLANNED: "plain", MeetingState.POSTPONED: "soon", MeetingState.SUSPENDED: "late",
    MeetingState.VOTING: "soon", MeetingState.PROTOCOL_SIGNED: "done", MeetingState.DECISIONS_ENTERED: "done",
}  # fmt: skip
SIGNED = gettext_lazy("Signed.")


def to_sign(rows: QuerySet[CommissionMeeting], user: Any) -> QuerySet[CommissionMeeting]:
    """Meetings where a member is expected: in the room now, or with a protocol the member has not signed."""
    signed = Paper.objects.filter(
        kind=papers.PROTOCOL, case_kind=CommissionMeeting.kind, signatures__user=user.pk
    ).exclude(state="void")
    drafts = Q(state=MeetingState.PROTOCOL_DRAFT) & ~Q(pk__in=signed.values("case_id"))
    return rows.filter(Q(state__in=(MeetingState.MATERIALS_SENT, *MEETING_ROOM)) | drafts)


@admin.register(CommissionMeeting, site=site)
class MeetingRoom(CaseRoom):
    readers = READERS
    heading = gettext_lazy("Meetings of the commission")
    about = gettext_lazy("The newest first. The page of a meeting is the commission room.")
    list_display = ("meeting_number", "when", "where", "how_many", "standing")
    related = ("office", "commission", "current__application__person")
    filters = (Filter("state", gettext_lazy("State"), lambda request: MeetingState.choices),)
    tones: ClassVar[dict[str, str]] = TONES
    does: ClassVar[dict[str, Does]] = {
        "notify": Does(meetings.notify, gettext_lazy("Members and applicants are told.")),
        "send_materials": Does(meetings.send_materials, gettext_lazy("The packages are open to the members.")),
        "open": Does(voting.open_meeting, gettext_lazy("The meeting is open.")),
        "resume": Does(voting.resume, gettext_lazy("The meeting goes on.")),
        "close": Does(voting.close_meeting, gettext_lazy("The meeting is closed. The secretary writes the protocol.")),
        "draft_protocol": Does(
            protocols.draft_protocol, gettext_lazy("The protocol is before the members. They are told.")
        ),
        "sign_protocol": Does(protocols.sign_protocol, SIGNED, papers=papers.protocol_papers),
        "complete_protocol": Does(
            protocols.complete_protocol,
            gettext_lazy("The protocol is signed. Enter the decisions."),
            papers=papers.protocol_papers,
        ),
        "enter_decision": Does(
            decisions.enter,
            "",
            page="grants_office:decisions",
            when=lambda case: Decision.objects.filter(item__meeting=case, entered_at=None).exists(),
        ),
        "finish_entry": Does(
            decisions.finish_entry,
            gettext_lazy("Finished."),
            when=lambda case: not Decision.objects.filter(item__meeting=case).exists(),
        ),
        "call": Does(meetings.move, gettext_lazy("The new date and place are fixed."), form=WhenForm),
        "call_again": Does(
            meetings.call_again, gettext_lazy("The new date is fixed. Everybody is told."), form=WhenForm
        ),
        "note_dissent": Does(protocols.note_dissent, gettext_lazy("Recorded."), form=DissentForm),
        "suspend": Does(voting.suspend, gettext_lazy("The meeting is suspended."), danger=True),
        "rewrite_protocol": Does(
            protocols.rewrite_protocol, gettext_lazy("The protocol is taken back. Mend its words."), danger=True
        ),
        "postpone": Does(
            meetings.postpone,
            gettext_lazy("The meeting is postponed. Whoever was told is told of it."),
            form=PostponeForm,
            danger=True,
        ),
    }

    # --------------------------------------------------------------------------------------------------- the case page

    def title(self, case: CommissionMeeting) -> Any:
        return f"{_('Meeting of the commission')} {case.number}"

    def subtitle(self, case: CommissionMeeting) -> Any:
        assert case.office is not None
        return f"{dates.long_datetime(case.starts_at, case.office.zone)} · {case.place(dates.language())}"

    def sentence(self, case: CommissionMeeting) -> Any:
        said = {
            MeetingState.PLANNED: _("Choose the applications, then tell members and applicants."),
            MeetingState.NOTIFIED: _("Everybody is told. Send the members the materials."),
            MeetingState.MATERIALS_SENT: _(
                "On the day, the secretary notes who is present and the chair opens with a quorum."
            ),
            MeetingState.OPENED: _("The chair opens the items of the agenda one by one."),
            MeetingState.VOTING: _("An item is open: the applicant presents, the members vote, the chair closes."),
            MeetingState.SUSPENDED: _(
                "Nothing is decided without a quorum. The chair goes on when it is back, or closes the meeting."
            ),
            MeetingState.CLOSED: _("The secretary words questions and reasons on each item and lays the protocol out."),
            MeetingState.PROTOCOL_DRAFT: _(
                "The chair and the members who sat sign. The secretary signs last; a refusal to sign is recorded."
            ),
            MeetingState.PROTOCOL_SIGNED: _("The secretary enters the decisions as the protocol says."),
            MeetingState.POSTPONED: _("A new date is needed. Members and applicants will be told again."),
        }
        return said.get(MeetingState(case.state), "")

    def facts(self, request: HttpRequest, case: CommissionMeeting) -> list[tuple[Any, Any]]:
        assert case.office is not None
        found: list[tuple[Any, Any]] = [
            (_("Minutes for one presentation"), case.minutes),
            (_("Place, in Kazakh"), case.place_kk),
            (_("Place, in Russian"), case.place_ru),
        ]
        if case.reason:
            found.append((_("Why it was postponed"), case.reason))
        return found

    def sections(self, request: HttpRequest, case: CommissionMeeting) -> list[Section]:
        items = list(case.items.select_related("application__person").order_by("position", "pk"))
        agenda = {"items": items, "current": case.current_id}
        found = [Section(_("Agenda"), "grants/staff/meeting_agenda.html", agenda)]
        seats = {seat.member_id: seat for seat in case.seats.select_related("in_place_of__user__person")}
        rows = [{"member": one, "seat": seats.get(one.pk)} for one in seating.members_of(case)]
        bench = {"rows": rows, "bench": seating.bench_of(case)}
        found.append(Section(_("Attendance"), "grants/staff/meeting_bench.html", bench))
        paper = papers.live_protocol(case) if case.state not in (*MEETING_BEFORE, *MEETING_ROOM) else None
        if paper is not None:
            standing = {"standing": papers.standing(case, paper)}
            found.append(Section(_("Signatures under the protocol"), "grants/staff/meeting_signing.html", standing))
        sheets = Paper.objects.visible_to(request.user).filter(case_kind=papers.SCORES_KIND, case_id=case.pk)
        if listed := list(sheets.order_by("pk")):
            found.append(Section(_("Score sheets"), "grants/staff/meeting_scores.html", {"papers": listed}))
        if corrections := list(case.corrections.order_by("pk")):
            listed_ones = {"corrections": corrections}
            found.append(Section(_("Correcting protocols"), "grants/staff/meeting_corrections.html", listed_ones))
        return found

    def links(self, request: HttpRequest, case: CommissionMeeting) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if case.current is not None:
            label = _("To the open item: %(who)s") % {"who": case.current.application.person.short_name}
            found.append(_link(label, "item", case.current.pk, primary=True))
        if actor_in(request, [Role.COMMISSION_SECRETARY], case.office_id) is None:
            return found
        if case.state in OPEN_AGENDA:
            found.append(_link(_("Choose the applications"), "agenda", case.pk))
        if case.state in ATTENDED:
            found.append(_link(_("Note the attendance"), "attendance", case.pk))
        if case.state == MeetingState.DECISIONS_ENTERED:
            found.append(_link(_("Decisions and corrections"), "decisions", case.pk))
        return found

    def ahead(self, case: CommissionMeeting) -> list[dict[str, Any]]:
        if case.state not in MEETING_BEFORE:
            return []
        return [{"title": _("The meeting"), "state": "later", "when": case.starts_at}]

    # -------------------------------------------------------------------------------------------------------- the list

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).annotate(on_agenda=Count("items"))

    @admin.display(description=gettext_lazy("Number"))
    def meeting_number(self, row: CommissionMeeting) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Date and time"))
    def when(self, row: CommissionMeeting) -> str:
        assert row.office is not None
        return dates.long_datetime(row.starts_at, row.office.zone)

    @admin.display(description=gettext_lazy("Place"))
    def where(self, row: CommissionMeeting) -> str:
        return row.place(dates.language())

    @admin.display(description=gettext_lazy("Applications"))
    def how_many(self, row: Any) -> int:
        return row.on_agenda

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: CommissionMeeting) -> str:
        return badge(row.get_state_display(), TONES.get(MeetingState(row.state), "info"))


@admin.register(Correction, site=site)
class CorrectionRoom(CaseRoom):
    readers = READERS
    listed = True
    heading = gettext_lazy("Correcting protocols")
    about = gettext_lazy("Each mends one entered decision; the old record stays.")
    list_display = ("correction_number", "of_meeting", "standing")
    related = ("office", "meeting", "decision__item__application__person")
    tones: ClassVar[dict[str, str]] = {CorrectionState.ENTERED: "done"}
    does: ClassVar[dict[str, Does]] = {
        "sign_protocol": Does(protocols.sign_protocol, SIGNED, papers=papers.protocol_papers),
        "complete_protocol": Does(
            protocols.complete_protocol, gettext_lazy("Signed. Enter the correction."), papers=papers.protocol_papers
        ),
        "enter_correction": Does(
            protocols.enter_correction, gettext_lazy("The correction is entered, and the applicant is told.")
        ),
        "note_dissent": Does(protocols.note_dissent, gettext_lazy("Recorded."), form=DissentForm),
    }

    def title(self, case: Correction) -> Any:
        return f"{_('Correcting protocol')} {case.number}"

    def subtitle(self, case: Correction) -> Any:
        application = case.decision.item.application
        return f"{application.person.short_name} · {application.number}"

    def facts(self, request: HttpRequest, case: Correction) -> list[tuple[Any, Any]]:
        return [
            (_("Meeting of the commission"), case.meeting.number),
            (_("Protocol that is corrected"), case.decision.protocol_number),
            (_("Decision"), case.decision.get_ruling_display()),
            (_("What was wrong"), case.cause),
            (_("Reasons before"), case.decision.reason),
            (_("Reasons now"), case.reason),
        ]

    def sections(self, request: HttpRequest, case: Correction) -> list[Section]:
        paper = papers.live_protocol(case)
        standing = {"standing": papers.standing(case, paper) if paper else None}
        return [Section(_("Signatures under the protocol"), "grants/staff/meeting_signing.html", standing)]

    @admin.display(description=gettext_lazy("Number"))
    def correction_number(self, row: Correction) -> str:
        return row.number

    @admin.display(description=gettext_lazy("Meeting"))
    def of_meeting(self, row: Correction) -> str:
        return row.meeting.number

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: Correction) -> str:
        return badge(row.get_state_display(), "done" if row.state == CorrectionState.ENTERED else "info")


def _link(label: Any, name: str, pk: int, *, primary: bool = False) -> dict[str, Any]:
    url = reverse(f"grants_office:{name}", args=[pk])
    return {"label": label, "url": url, "enabled": True, "method": "get", "danger": False, "primary": primary}


@nav.register_rooms
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """Meetings, for members with the number of those that wait for them; the commission; the reserve list."""
    held = {post.role for post in rooms.staff_posts(request)}
    found: list[nav.Entry] = []
    meetings_url = reverse("workplace:grants_commissionmeeting_changelist")
    if held & set(SITTING):
        waiting = to_sign(CommissionMeeting.objects.of_member(request.user), request.user).count()
        found.append(nav.Entry(label=pgettext("room", "Meetings"), url=meetings_url, count=waiting))
    elif held & {Role.COMMISSION_SECRETARY, Role.DIRECTOR}:
        found.append(nav.Entry(label=pgettext("room", "Meetings"), url=meetings_url))
    if Role.COMMISSION_SECRETARY in held:
        found.append(nav.Entry(label=pgettext("room", "Call a meeting"), url=reverse("grants_office:call")))
    if held & {Role.COMMISSION_SECRETARY, Role.DIRECTOR}:
        found.append(nav.Entry(label=pgettext("room", "Reserve list"), url=reverse("grants_office:reserve")))
        found.append(nav.Entry(label=pgettext("room", "Commission"), url=reverse("grants_office:commission")))
    return found
