"""The protocol and the correcting protocol: drafted, signed by who sat, last by the secretary (A-34, SPEC 4.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law
from bastau.flow import Actor, Refused, perform, verdict
from bastau.papers import issue, numbers
from bastau.papers import sign as sign_paper
from bastau.papers.models import PaperState
from grants.actions.meetings import locked
from grants.models import CommissionMeeting, Correction, Decision, Objection
from grants.notices import meetings as notices
from grants.papers import meetings as papers
from grants.states import Dissenting, ItemEnd, MeetingState, Ruling

CORRECTIONS = "КХ"


def draft_protocol(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """Lay the protocol before those who sat (A-34). What was decided is printed as it was counted. Raises Refused."""
    with transaction.atomic():
        meeting = locked(meeting)
        for item in meeting.items.filter(end=ItemEnd.VOTED).exclude(ruling=Ruling.GRANT):
            if not item.reason:
                raise Refused(
                    _("Item %(number)s is not granted and has no reasons yet. Write them; the applicant reads them.")
                    % {"number": item.position}
                )
        meeting = perform(meeting, "draft_protocol", by=by)
        paper = papers.ask_protocol(meeting)
        notices.tell_protocol(meeting, paper, papers.sat_at(meeting))
    return meeting


def rewrite_protocol(meeting: CommissionMeeting, *, by: Actor) -> CommissionMeeting:
    """Take the draft back to mend its words; its signatures are void with it (A-51). Raises Refused."""
    with transaction.atomic():
        meeting = perform(meeting, "rewrite_protocol", by=by)
        papers.void_all(_protocol_rows(meeting))
    return meeting


def _protocol_rows(case: Any) -> Any:
    from bastau.papers.models import Paper

    live = [paper.pk for paper in papers.protocol_papers(case) if paper.translation_of_id is None]
    return Paper.objects.filter(pk__in=live)


def sign_protocol(case: Any, *, by: Actor, signatures: Mapping[int, bytes]) -> Any:
    """The chair or a member who sat signs all versions at once. Raises Refused and papers.SigningRefused."""
    with transaction.atomic():
        versions = _ready(case, "sign_protocol", by, signatures)
        main = versions[0]
        if main.objections.filter(kind=Dissenting.REFUSED, member__user=by.user).exists():
            raise Refused(_("Your refusal to sign is recorded. Ask the secretary to take the protocol back."))
        case = perform(case, "sign_protocol", by=by, paper=main.number, sha256=main.sha256)
        _sign(versions, signatures, by)
        return case


def note_dissent(case: Any, *, member: int, kind: str, text: str, by: Actor) -> Any:
    """Record a refusal to sign or a dissenting opinion (SPEC 2.10). The same twice is recorded once. Raises Refused."""
    what = Dissenting(kind)
    if not text.strip():
        raise Refused(_("Write down the reasons of the member: the record carries them."))
    with transaction.atomic():
        allowed = verdict(case, "note_dissent", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason))
        _lock(case)
        paper = papers.live_protocol(case)
        if paper is None:
            raise Refused(_("There is no protocol to be signed."))
        sat = {one.pk: one for one in papers.sat_at(papers.meeting_of(case))}
        if member not in sat:
            raise Refused(_("This member did not sit at the meeting."))
        found = paper.objections.filter(member=member).first()
        if found is not None:
            if (found.kind, found.text) == (what, text.strip()):
                return case
            raise Refused(_("Something is recorded of this member already. Take the protocol back to change it."))
        if what == Dissenting.REFUSED and paper.signatures.filter(user=sat[member].user_id).exists():
            raise Refused(_("This member has signed already. Record a dissenting opinion instead."))
        assert by.user is not None
        Objection.objects.create(
            paper=paper, member=sat[member], kind=what, text=text.strip(), noted_at=clock.now(), noted_by=by.user
        )
        return perform(case, "note_dissent", by=by, member=member, kind=what.value)


def complete_protocol(case: Any, *, by: Actor, signatures: Mapping[int, bytes]) -> Any:
    """The secretary signs last; the protocol is signed and given out (A-34). Raises Refused, papers.SigningRefused."""
    with transaction.atomic():
        versions = _ready(case, "complete_protocol", by, signatures)
        main = versions[0]
        standing = papers.standing(case, main)
        _sign(versions, signatures, by)
        case = perform(
            case,
            "complete_protocol",
            by=by,
            paper=main.number,
            sha256=main.sha256,
            signed=len(standing.signed),
            refused=len(standing.refused),
        )
        today = clock.now().astimezone(ZoneInfo(case.office.zone)).date()
        for paper in versions:
            issue(paper, today)
        if isinstance(case, CommissionMeeting):
            Decision.objects.filter(item__meeting=case, corrects=None).update(protocol_number=main.number)
    return case


# -------------------------------------------------------------------------------------------------- corrections


def draft_correction(decision: Decision, *, cause: str, reason: str, by: Actor) -> Correction:
    """A correcting protocol for an entered decision: its reasons are worded anew (SPEC 4.10, question 23).

    What the votes came to cannot be corrected: it was counted. Raises Refused.
    """
    if not cause.strip() or not reason.strip():
        raise Refused(_("Write what was wrong and how it must read."))
    with transaction.atomic():
        meeting = locked(decision.item.meeting)
        if meeting.state != MeetingState.DECISIONS_ENTERED:
            raise Refused(_("A correcting protocol mends what is entered. Until then, take the protocol back."))
        decision = Decision.objects.select_related("item__meeting").get(pk=decision.pk)
        if Decision.objects.filter(corrects=decision).exists():
            raise Refused(_("This decision was corrected already. Correct the newest one."))
        found = decision.corrections.filter(entered_at=None).first()
        if found is not None:
            return found
        assert meeting.office is not None
        assert by.user is not None
        correction = Correction(
            office=meeting.office,
            meeting=meeting,
            decision=decision,
            cause=cause.strip(),
            reason=reason.strip(),
            drafted_by=by.user,
            ruleset=law.RULESET,
            created_at=clock.now(),
        )
        allowed = verdict(correction, "lay_before", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason))
        series = f"{CORRECTIONS}-{meeting.office.region_id}-{clock.today(meeting.office.zone).year}"
        correction.number = f"{series}-{numbers.take(series):04d}"
        correction.full_clean(exclude=["state", "office", "meeting", "decision", "drafted_by", "person", "assignee"])
        correction.save(force_insert=True)
        correction = perform(correction, "lay_before", by=by, decision=decision.pk)
        paper = papers.ask_correction(correction)
        notices.tell_protocol(correction, paper, papers.sat_at(meeting))
    return correction


def enter_correction(correction: Correction, *, by: Actor) -> Decision:
    """Enter the corrected decision beside the old one, and tell the applicant anew. Twice is once. Raises Refused."""
    with transaction.atomic():
        correction = Correction._base_manager.select_for_update(of=("self",)).get(pk=correction.pk)
        old = Decision.objects.select_related("item__application").get(pk=correction.decision_id)
        found = Decision.objects.filter(corrects=old).first()
        if found is not None:
            return found
        perform(correction, "enter_correction", by=by, decision=old.pk)
        number = next((paper.number for paper in papers.protocol_papers(correction)), "")
        now = clock.now()
        decision = Decision.objects.create(
            item=old.item,
            corrects=old,
            ruling=old.ruling,
            amount=old.amount,
            reason=correction.reason,
            protocol_number=number,
            counted_at=old.counted_at,
            entered_at=now,
            entered_by=by.user,
            notified_at=now,
            reserve_place=old.reserve_place,
        )
        notices.tell_decision(decision)
    return decision


# ------------------------------------------------------------------------------------------------------- within


def _lock(case: Any) -> None:
    type(case)._base_manager.select_for_update(of=("self",)).get(pk=case.pk)


def _ready(case: Any, event: str, by: Actor, signatures: Mapping[int, bytes]) -> list[Any]:
    """The versions to be signed, the case locked before them. Raises Refused."""
    _lock(case)
    case.refresh_from_db()
    allowed = verdict(case, event, by)
    if not allowed.ok:
        raise Refused(str(allowed.reason), code=event)
    versions = papers.protocol_papers(case)
    if not versions or any(paper.state != PaperState.READY for paper in versions):
        raise Refused(_("The paper is still being prepared. Wait a moment and open it again."), code="not_ready")
    if {paper.pk for paper in versions} != set(signatures):
        raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
    return versions


def _sign(versions: list[Any], signatures: Mapping[int, bytes], by: Actor) -> None:
    assert by.user is not None
    for paper in versions:
        sign_paper(paper, signatures[paper.pk], by=by.user, post=by.post)
