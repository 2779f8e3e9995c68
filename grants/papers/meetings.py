"""The papers of the commission (SPEC 2.10): invitation, agenda, score sheet, protocol, correcting protocol.

The facts are frozen with the paper: what differs between languages is a pair {"kk": ..., "ru": ...}. The protocol is
signed by the chair and the members who sat, and last by the secretary; a refusal or a dissent stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import pgettext_lazy

from bastau import clock, papers
from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Language, Post
from bastau.people.roles import Role
from bastau.people.scope import offices_of
from grants import seating
from grants.models import (
    AgendaItem,
    CommissionMeeting,
    CommissionMember,
    Correction,
    Objection,
    Score,
    StandIn,
    Vote,
)
from grants.models.voting import VOTE_READERS
from grants.papers.applications import tenge
from grants.states import Choice, Dissenting, GrantState, ItemEnd, Ruling

INVITATION = "invitation"
AGENDA = "agenda"
SCORE_SHEET = "score_sheet"
#: Score sheets lie apart from the meeting's other papers, because other people read them.
SCORES_KIND = "meeting_scores"
PROTOCOL = "protocol"
CORRECTING_PROTOCOL = "correcting_protocol"

#: SPEC 2.10, row "decision".
DECISIONS = {
    Ruling.GRANT: {"kk": "грант берілсін", "ru": "предоставить грант"},
    Ruling.REFUSE: {"kk": "бас тартылсын", "ru": "отказать"},
    Ruling.POSTPONE: {"kk": "кейінге қалдырылсын", "ru": "отложить"},
}


def signatures_needed(paper: Paper) -> int:
    """All who sat, less those whose refusal is recorded, and the secretary (SPEC 4.10)."""
    case = case_of(paper)
    main = paper.translation_of or paper
    refused = Objection.objects.filter(paper=main, kind=Dissenting.REFUSED).count()
    return len(sat_at(meeting_of(case))) - refused + 1


def scores_seen_by(user: Any) -> QuerySet[CommissionMeeting]:
    """The meetings whose score sheets a user reads: marks by name are not for the members (SPEC 5.1)."""
    return CommissionMeeting.objects.filter(office__in=offices_of(user, VOTE_READERS))


def _series(prefix: str) -> Callable[[Paper], str]:
    def name(paper: Paper) -> str:
        return f"{prefix}-{paper.office.region_id}-{clock.today(paper.office.zone).year}"

    return name


register(PaperKind(INVITATION, pgettext_lazy("paper", "Invitation to the commission"), "papers/invitation"))
register(PaperKind(AGENDA, pgettext_lazy("paper", "Agenda of the meeting"), "papers/agenda"))
register(PaperKind(SCORE_SHEET, pgettext_lazy("paper", "Score sheets of the meeting"), "papers/score_sheet"))
register(
    PaperKind(
        PROTOCOL,
        pgettext_lazy("paper", "Protocol of the commission"),
        "papers/protocol",
        series=_series("ХТ"),
        signer="chair",
        signatures=signatures_needed,
    )
)
register(
    PaperKind(
        CORRECTING_PROTOCOL,
        pgettext_lazy("paper", "Correcting protocol"),
        "papers/correcting_protocol",
        series=_series("ТХ"),
        signer="chair",
        signatures=signatures_needed,
    )
)
register_cases(CommissionMeeting.kind, CommissionMeeting.objects.visible_to, whole=True)
register_cases(SCORES_KIND, scores_seen_by, whole=True)
register_cases(Correction.kind, Correction.objects.visible_to, whole=True)


# ------------------------------------------------------------------------------------------------------ who signs


@dataclass(frozen=True)
class Standing:
    """How far the signing of a protocol is: who sat, who signed, whose refusal is recorded, whose turn it is."""

    sitting: list[CommissionMember]
    signed: list[CommissionMember]
    refused: list[CommissionMember]
    objections: list[Objection]

    @property
    def waiting(self) -> list[CommissionMember]:
        """Those who have neither signed nor refused."""
        done = {member.pk for member in (*self.signed, *self.refused)}
        return [member for member in self.sitting if member.pk not in done]


def meeting_of(case: Any) -> CommissionMeeting:
    """The meeting itself, or that of a correcting protocol."""
    return case.meeting if isinstance(case, Correction) else case


def case_of(paper: Paper) -> Any:
    """The meeting or the correction whose protocol a paper is."""
    model = Correction if paper.case_kind == Correction.kind else CommissionMeeting
    return model._base_manager.get(pk=paper.case_id)


def sat_at(meeting: CommissionMeeting) -> list[CommissionMember]:
    """Whoever sat: present at the end, or heard on an item before leaving, or in a recused member's place."""
    found = {member.pk: member for member in seating.bench_of(meeting).sitting}
    voted = Vote.objects.filter(item__meeting=meeting, item__end=ItemEnd.VOTED).values("member")
    stood_in = StandIn.objects.filter(item__meeting=meeting, item__end=ItemEnd.VOTED).values("substitute")
    appointed = {member.pk: member for member in seating.members_of(meeting)}
    for (pk,) in {*voted.values_list("member"), *stood_in.values_list("substitute")}:
        if pk in appointed:
            found[pk] = appointed[pk]
    return sorted(found.values(), key=lambda one: (one.is_substitute, not one.is_chair, one.pk))


def standing(case: Any, paper: Paper) -> Standing:
    """How far the signing of a live protocol is."""
    sitting = sat_at(meeting_of(case))
    users = set(paper.signatures.values_list("user", flat=True))
    objections = list(paper.objections.select_related("member__user__person"))
    refused = {one.member_id for one in objections if one.kind == Dissenting.REFUSED}
    return Standing(
        sitting,
        [member for member in sitting if member.user_id in users],
        [member for member in sitting if member.pk in refused and member.user_id not in users],
        objections,
    )


def protocol_papers(case: Any) -> list[Paper]:
    """The live language versions of a protocol, Kazakh first."""
    kind = CORRECTING_PROTOCOL if isinstance(case, Correction) else PROTOCOL
    live = Paper.objects.filter(case_kind=case.kind, case_id=case.pk, kind=kind).exclude(state=PaperState.VOID)
    return list(live.order_by("language"))


def live_protocol(case: Any) -> Paper | None:
    """The Kazakh version, to which refusals and dissents belong; None while there is none."""
    return next((paper for paper in protocol_papers(case) if paper.translation_of_id is None), None)


# ---------------------------------------------------------------------------------------------------------- asking


def ask_invitations(meeting: CommissionMeeting) -> None:
    """An invitation for each applicant on the agenda (FKA04-2.2)."""
    for item in _items(meeting):
        application = item.application
        facts = invitation_facts(item)
        languages = ("kk", "ru") if application.language == Language.RU else ("kk",)
        _ask(INVITATION, (application.kind, application.pk), facts, meeting, languages, person=application.person)


def void_invitations(meeting: CommissionMeeting) -> None:
    """Invitations and agenda of a date that is no more."""
    applications = meeting.items.values("application")
    live = Paper.objects.exclude(state=PaperState.VOID).filter(translation_of=None)
    void_all(live.filter(kind=INVITATION, case_kind="grant", case_id__in=applications))
    void_all(live.filter(kind=AGENDA, case_kind=meeting.kind, case_id=meeting.pk))


def void_all(found: Any) -> None:
    """Take the force from papers, in their order."""
    for paper in found.order_by("pk"):
        papers.void(paper)


def ask_agenda(meeting: CommissionMeeting) -> None:
    """The agenda for the members (FKA04-2.1)."""
    _ask(AGENDA, (meeting.kind, meeting.pk), agenda_facts(meeting), meeting, LANGUAGES)


def ask_score_sheets(meeting: CommissionMeeting) -> None:
    """The score sheets of all members, when the meeting is closed (FKA04-2.4)."""
    _ask(SCORE_SHEET, (SCORES_KIND, meeting.pk), score_facts(meeting), meeting, LANGUAGES)


def ask_protocol(meeting: CommissionMeeting) -> Paper:
    """The protocol, to be signed (A-34)."""
    return _ask(PROTOCOL, (meeting.kind, meeting.pk), protocol_facts(meeting), meeting, LANGUAGES)


def ask_correction(correction: Correction) -> Paper:
    """The correcting protocol, to be signed."""
    case = (correction.kind, correction.pk)
    return _ask(CORRECTING_PROTOCOL, case, correction_facts(correction), correction.meeting, LANGUAGES)


def _ask(
    kind: str,
    case: tuple[str, int],
    facts: dict[str, Any],
    meeting: CommissionMeeting,
    languages: tuple[str, ...],
    person: Any = None,
) -> Paper:
    assert meeting.office is not None
    original: Paper | None = None
    for language in languages:
        asked = papers.ask(
            kind,
            case=case,
            language=language,
            facts=facts,
            office=meeting.office,
            person=person,
            translation_of=original,
            shown=person is not None,
        )
        original = original or asked
    assert original is not None
    return original


# ----------------------------------------------------------------------------------------------------------- facts


def invitation_facts(item: AgendaItem) -> dict[str, Any]:
    """SPEC 2.10, invitation."""
    return _when(item.meeting) | {
        "name": item.application.person.full_name,
        "number": item.application.number,
        "title": item.application.title,
        "minutes": item.meeting.minutes,
    }


def agenda_facts(meeting: CommissionMeeting) -> dict[str, Any]:
    """The agenda: who is heard, on what, for how much."""
    return _when(meeting) | {"number": meeting.number, "items": [_item_facts(item) for item in _items(meeting)]}


def score_facts(meeting: CommissionMeeting) -> dict[str, Any]:
    """A sheet a member: the marks by criterion for each item (SPEC 2.10)."""
    sheets: dict[int, dict[str, Any]] = {}
    scores = Score.objects.filter(item__meeting=meeting, item__end=ItemEnd.VOTED)
    rows = scores.select_related("member__user__person", "item__application__person")
    for score in rows.order_by("member__is_substitute", "-member__is_chair", "member", "item__position"):
        sheet = sheets.setdefault(score.member_id, {"name": _name(score.member), "rows": []})
        marks = [getattr(score, criterion) for criterion in Score.CRITERIA]
        sheet["rows"].append(
            {"who": score.item.application.person.full_name, "number": score.item.application.number}
            | {"marks": marks, "total": score.total}
        )
    return _when(meeting) | {"number": meeting.number, "sheets": list(sheets.values())}


def protocol_facts(meeting: CommissionMeeting) -> dict[str, Any]:
    """The protocol as SPEC 2.10 lists it. What was decided is what was counted; nobody types it."""
    bench = seating.bench_of(meeting)
    appointed = seating.members_of(meeting)
    sat = {member.pk for member in sat_at(meeting)}
    seats = {seat.member_id: seat for seat in meeting.seats.select_related("in_place_of__user__person")}
    absent = [member for member in appointed if not member.is_substitute and member.pk not in sat]
    items = list(meeting.items.select_related("application__person").order_by("position", "pk"))
    return _when(meeting) | {
        "meeting": meeting.number,
        "chair": next((_name(member) for member in appointed if member.is_chair and member.pk in sat), ""),
        "members": [_name(one) for one in appointed if one.pk in sat and not one.is_chair and not one.is_substitute],
        "absent": [{"name": _name(one), "reason": seats[one.pk].reason if one.pk in seats else ""} for one in absent],
        "substitutes": _substitutes(meeting),
        "secretary": _secretary(meeting),
        "appointed": bench.appointed,
        "needed": bench.needed,
        "present": len(sat),
        "quorum": any(item.end == ItemEnd.VOTED for item in items) or bench.has_quorum,
        "items": [_item_facts(item) | _outcome_facts(item) for item in items],
        "signers": [_name(one) for one in sat_at(meeting)],
    }


def correction_facts(correction: Correction) -> dict[str, Any]:
    """The correcting protocol: which decision of which protocol, what it said, what it says now and why."""
    meeting, decision = correction.meeting, correction.decision
    return _when(meeting) | {
        "protocol": decision.protocol_number,
        "meeting": meeting.number,
        "items": [_item_facts(decision.item)],
        "decision": DECISIONS[Ruling(decision.ruling)],
        "before": decision.reason,
        "after": correction.reason,
        "cause": correction.cause,
        "secretary": _secretary(meeting),
        "signers": [_name(one) for one in sat_at(meeting)],
    }


def _when(meeting: CommissionMeeting) -> dict[str, Any]:
    assert meeting.office is not None
    start = meeting.starts_local
    return {
        "office": _both(meeting.office.name),
        "day": meeting.held_on.isoformat(),
        "time": f"{start:%H:%M}",
        "place": {"kk": meeting.place_kk, "ru": meeting.place_ru},
    }


def _items(meeting: CommissionMeeting) -> list[AgendaItem]:
    items = meeting.items.exclude(application__state=GrantState.WITHDRAWN)
    return list(items.select_related("application__person").order_by("position", "pk"))


def _item_facts(item: AgendaItem) -> dict[str, Any]:
    application = item.application
    return {
        "position": item.position,
        "who": application.person.full_name,
        "number": application.number,
        "title": application.title,
        "asked": tenge(application.grant_sum),
    }


def _outcome_facts(item: AgendaItem) -> dict[str, Any]:
    voted = item.end == ItemEnd.VOTED
    mean = f"{item.score_sum / item.score_count:.1f}".replace(".", ",") if item.score_count else ""
    recused = item.votes.filter(choice=Choice.RECUSED).select_related("member__user__person")
    return {
        "withdrawn": item.application.state == GrantState.WITHDRAWN,
        "presented": item.presented_at is not None,
        "absent": item.absent,
        "no_show": item.end == ItemEnd.NO_SHOW,
        "voted": voted,
        "questions": item.questions,
        "score": mean,
        "recused": [{"name": _name(vote.member), "reason": vote.reason} for vote in recused],
        "base": item.base,
        "votes": [item.votes_for, item.votes_against, item.votes_abstained] if voted else [],
        "by_chair": item.by_chair,
        "decision": DECISIONS[Ruling(item.ruling)] if item.ruling else DECISIONS[Ruling.POSTPONE],
        "reason": item.reason,
        "amount": tenge(item.amount) if item.ruling == Ruling.GRANT else "",
    }


def _substitutes(meeting: CommissionMeeting) -> list[dict[str, str]]:
    rows = [
        {"name": _name(seat.member), "for": _name(seat.in_place_of)}
        for seat in meeting.seats.select_related("member__user__person", "in_place_of__user__person")
        if seat.present and seat.in_place_of is not None
    ]
    stand_ins = StandIn.objects.filter(item__meeting=meeting, item__end=ItemEnd.VOTED)
    for one in stand_ins.select_related("substitute__user__person", "member__user__person").order_by("pk"):
        row = {"name": _name(one.substitute), "for": _name(one.member)}
        if row not in rows:
            rows.append(row)
    return rows


def _name(member: CommissionMember) -> str:
    return member.user.person.full_name


def _secretary(meeting: CommissionMeeting) -> str:
    posts = Post.objects.in_force().filter(office=meeting.office_id, role=Role.COMMISSION_SECRETARY)
    post = posts.select_related("user__person").order_by("pk").first()
    return post.user.person.full_name if post else ""


def _both(text: Callable[[str], str]) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = text(language)
    return said
