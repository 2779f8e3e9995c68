"""The only writers of enrolments: the questionnaire, the place in a group, the ends that people decide.

Each verb is atomic; what changes a status ends in `perform`. What results and time do stands in `results`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law, papers
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.papers import numbers
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Language, Office, Person
from bastau.portal import dates
from referrals.models import ReferralApplication
from referrals.states import DECIDED, Outcome
from training.actions.results import begin, note_final, note_plan, open_final, void_final
from training.models import Enrolment, TrainingGroup
from training.offices import chamber_of
from training.papers import enrolments as kinds
from training.rights import enrolments as rights
from training.rules import enrolments as rules
from training.states import (
    ENROLMENT_LEARNING,
    ENROLMENT_MEMBER,
    EnrolmentChannel,
    EnrolmentState,
    RejectionReason,
    WithdrawalReason,
)

__all__ = [
    "EnrolmentExists",
    "answer",
    "begin",
    "choose_group",
    "enrol",
    "expel",
    "expel_by_act",
    "join_waiting_list",
    "mark_no_show",
    "move_members",
    "note_final",
    "note_plan",
    "offer_paper",
    "open_final",
    "prepare",
    "prepare_offer",
    "questionnaire_paper",
    "referral_of",
    "reject",
    "start",
    "submit",
    "submit_at_counter",
    "void_final",
    "withdraw",
]

OWN_FIELDS = frozenset({"language", "phone", "email"})
ANSWERS = frozenset({"sector", "description", "collateral", "collateral_text", "study_form", "promises", "consents"})
GROUP_TAKES = ("announced", "enrolling")


class EnrolmentExists(ValidationError):
    """The person has an application for training, or a training, under way; `enrolment` is it."""

    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__(_("There is an application for training under way already. A second one is not needed."))
        self.enrolment = enrolment


def referral_of(person: Person) -> ReferralApplication | None:
    """The newest issued referral of a person (118-p18); it has no expiry."""
    issued = ReferralApplication._base_manager.filter(person=person, outcome=Outcome.ISSUE, state__in=DECIDED)
    return issued.select_related("office", "person").order_by("-issued_on", "-pk").first()


def start(*, by: Actor, person: Person, channel: str = EnrolmentChannel.PORTAL) -> Enrolment:
    """Open a draft of annex 4, or go on with the one there is, also from home to the counter and back.

    Raises Refused without an issued referral, EnrolmentExists where one is sent already.
    """
    if by.user is None:
        raise Refused(_("An application is opened by a person."))
    referral = referral_of(person)
    if referral is None:
        raise Refused(_("There is no issued referral. Without a referral nobody is accepted for training."))
    for attempt in (1, 2):
        known = Enrolment._base_manager.filter(person=person).exclude(state__in=_ENDED).first()
        if known is not None:
            if known.state != EnrolmentState.DRAFT:
                raise EnrolmentExists(known)
            _allowed(rights.own_or_coordinator(known, by))
            return _same_door(known, channel)
        _allowed(rights.own_or_coordinator(Enrolment(person=person, office=_chamber(referral)), by))
        try:
            with transaction.atomic():
                return Enrolment.objects.create(
                    person=person,
                    office=_chamber(referral),
                    referral=referral,
                    channel=channel,
                    started_by=by.user,
                    language=referral.language,
                    phone=referral.phone or person.phone,
                    email=referral.email or person.email,
                    questionnaire={"study_form": referral.study_form},
                    ruleset=law.RULESET,
                    created_at=clock.now(),
                )
        except IntegrityError as error:
            # Two clicks at once: the second finds the first one's draft.
            if attempt == 2 or "enrolment_one_open" not in str(error):
                raise
    raise AssertionError("unreachable")


_ENDED = [
    EnrolmentState.REJECTED,
    EnrolmentState.NOT_ADMITTED,
    EnrolmentState.EXPELLED,
    EnrolmentState.COMPLETED_COMPLETION,
    EnrolmentState.COMPLETED_PARTICIPATION,
    EnrolmentState.NOT_PASSED,
    EnrolmentState.NO_SHOW,
    EnrolmentState.WITHDRAWN,
]


def _same_door(draft: Enrolment, channel: str) -> Enrolment:
    if draft.channel != channel:
        with transaction.atomic():
            draft = locked(draft)
            draft.channel = channel
            draft.save(update_fields=["channel"])
    return draft


def _chamber(referral: ReferralApplication) -> Office:
    """The regional chamber of the centre that issued the referral. Raises Refused."""
    assert referral.office is not None
    chamber = chamber_of(referral.office)
    if chamber is None:
        raise Refused(_("There is no chamber of entrepreneurs for this region in the system yet. Call 1414."))
    return chamber


def answer(enrolment: Enrolment, *, by: Actor, **answers: Any) -> Enrolment:
    """Keep answers of a draft. A questionnaire printed before is void: it no longer says what was answered.

    Raises Refused where it is sent already or not the actor's, ValueError on a field that is no answer.
    """
    if unknown := set(answers) - OWN_FIELDS - ANSWERS:
        raise ValueError(f"Not an answer of the questionnaire: {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        draft = _own_draft(enrolment, by)
        before = (draft.language, draft.phone, draft.email, dict(draft.questionnaire))
        for name in OWN_FIELDS & set(answers):
            setattr(draft, name, answers[name])
        draft.questionnaire = {**draft.questionnaire, **{k: v for k, v in answers.items() if k in ANSWERS}}
        if before != (draft.language, draft.phone, draft.email, draft.questionnaire):
            draft.check_fields()
            draft.save(update_fields=["language", "phone", "email", "questionnaire"])
            void_questionnaire(draft)
    return draft


def choose_group(enrolment: Enrolment, group: TrainingGroup | None, *, by: Actor) -> Enrolment:
    """Choose an announced group, or none: then the person waits in the pool of candidates (118-p12-2, p18).

    Raises Refused for a group that does not take people, is another region's, or starts before the three years are
    over (118-p29).
    """
    with transaction.atomic():
        case = locked(enrolment)
        _allowed(rights.own_or_coordinator(case, by))
        if case.state not in {EnrolmentState.DRAFT, EnrolmentState.SUBMITTED}:
            raise Refused(_("The group cannot be changed any more here. Leave the training first."), code="not_draft")
        if group is not None:
            _takes(case, group)
        if case.group_id != (group.pk if group else None):
            case.group = group
            case.save(update_fields=["group"])
    return case


def _takes(case: Enrolment, group: TrainingGroup) -> None:
    serves = group.centre_id is None or group.centre_id == case.referral.office_id
    if group.state not in GROUP_TAKES or group.office_id != case.office_id or not serves:
        raise Refused(_("This group does not take people now. Choose another one."))
    check_three_years(case, group.start_on)


def check_three_years(case: Enrolment, start_on: date) -> None:
    """The hard stop of 118-p29, A-23. Raises Refused with the earliest date."""
    earliest = rules.earliest_start(case)
    if earliest is not None and start_on < earliest:
        raise Refused(
            _("New training may start three years after the end of the previous one. The earliest day: %(date)s.")
            % {"date": dates.long_date(earliest)},
            code="three_years",
        )


def prepare(enrolment: Enrolment, *, by: Actor) -> Paper:
    """Ask for annex 4 as a paper to be signed, or give back the one that says the same."""
    with transaction.atomic():
        draft = _own_draft(enrolment, by)
        live = questionnaire_paper(draft)
        if live is not None:
            return live
        assert draft.office is not None
        return papers.ask(
            kinds.QUESTIONNAIRE_A4,
            case=(draft.kind, draft.pk),
            language=draft.language,
            facts=kinds.questionnaire_facts(draft),
            office=draft.office,
            person=draft.person,
            shown=True,
        )


def questionnaire_paper(enrolment: Enrolment) -> Paper | None:
    """Annex 4 as it was last prepared; None when it has to be prepared."""
    return _papers(enrolment, kinds.QUESTIONNAIRE_A4).filter(language=enrolment.language).first()


def _papers(enrolment: Enrolment, kind: str) -> Any:
    found = Paper.objects.filter(case_kind=enrolment.kind, case_id=enrolment.pk, kind=kind)
    return found.exclude(state=PaperState.VOID).order_by("pk")


def void_questionnaire(enrolment: Enrolment) -> None:
    """Take the force from an annex 4 that no longer says what was answered."""
    for paper in _papers(enrolment, kinds.QUESTIONNAIRE_A4):
        papers.void(paper)


def submit(enrolment: Enrolment, *, by: Actor, cms: bytes, paper: Paper) -> Enrolment:
    """The citizen signs annex 4 and sends it (118-p18). Sending twice gives back what was sent.

    Raises papers.SigningRefused and Refused.
    """
    assert by.user is not None
    if (paper.kind, paper.case_kind, paper.case_id) != (kinds.QUESTIONNAIRE_A4, enrolment.kind, enrolment.pk):
        raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
    with transaction.atomic():
        try:
            with transaction.atomic():
                case = _submitted(enrolment, by, paper=paper.sha256)
        except Refused:
            case = locked(enrolment)
            if case.state == EnrolmentState.DRAFT or case.person_id != by.user.person_id:
                raise
            return case
        papers.sign(paper, cms, by=by.user, post=None)
    return case


def submit_at_counter(enrolment: Enrolment, *, by: Actor, signed: bool) -> Enrolment:
    """The coordinator takes annex 4 signed by hand at the chamber's counter (118-p18). Twice gives back what was
    taken. Raises Refused."""
    if not signed:
        raise Refused(_("Print the questionnaire, let the person sign it, and tick the box."))
    with transaction.atomic():
        case = locked(enrolment)
        if case.state == EnrolmentState.SUBMITTED:
            return case
        case = _submitted(case, by)
    return case


def _submitted(enrolment: Enrolment, by: Actor, **facts: Any) -> Enrolment:
    office = enrolment.office
    assert office is not None
    series = rules.series(office.region_id, clock.today(office.zone))
    number = f"{series}-{numbers.take(series):06d}"
    return perform(
        enrolment, "submit", by=by, set={"number": number}, number=number, channel=enrolment.channel,
        referral=enrolment.referral_id, group=enrolment.group_id, **facts,
    )  # fmt: skip


def reject(enrolment: Enrolment, *, by: Actor, reason: str, text: str) -> Enrolment:
    """The coordinator does not accept the application, with the reason (118-p18, p29). Raises Refused."""
    if reason not in RejectionReason.values or not text.strip():
        raise Refused(_("Choose the reason and write in a sentence what the person can do."))
    with transaction.atomic():
        case = locked(enrolment)
        if reason == RejectionReason.THREE_YEARS and rules.earliest_start(case) is None:
            raise Refused(_("No former training of this person is known, so the three years do not stop anything."))
        return perform(case, "reject", by=by, set={"reason": reason, "text": text.strip()}, reason=reason)


def prepare_offer(enrolment: Enrolment, *, by: Actor) -> Paper:
    """Ask for the contract as a paper to be signed electronically, or give back the one that says the same.

    Raises Refused where the person may not be enrolled in the group now.
    """
    with transaction.atomic():
        case = locked(enrolment)
        allowed = verdict(case, "enrol", by)
        _allowed(allowed)
        facts = kinds.offer_facts(case)
        live = offer_paper(case)
        if live is not None and live.facts == facts:
            return live
        if live is not None:
            papers.void(live)
        assert case.office is not None
        return papers.ask(
            kinds.OFFER_SIGNED,
            case=(case.kind, case.pk),
            language=case.language,
            facts=facts,
            office=case.office,
            person=case.person,
            shown=True,
        )


def offer_paper(enrolment: Enrolment) -> Paper | None:
    """The contract prepared for the electronic signature and not signed yet."""
    return _papers(enrolment, kinds.OFFER_SIGNED).exclude(state=PaperState.SIGNED).first()


def join_waiting_list(enrolment: Enrolment, *, by: Actor) -> Enrolment:
    """Wait for a place in a full group (118-p22-3). Twice gives back what is. Raises Refused."""
    with transaction.atomic():
        _locked_group(enrolment.group_id)
        case = locked(enrolment)
        if case.state == EnrolmentState.WAITLISTED:
            return case
        _allowed(rights.may(case, "enrol", by))
        return perform(case, "waitlist", by=SYSTEM, group=case.group_id)


def enrol(
    enrolment: Enrolment,
    *,
    by: Actor,
    offer: bool,
    consent: bool,
    means: str,
    address: str | None = None,
    paper: Paper | None = None,
    cms: bytes = b"",
) -> Enrolment:
    """The offer is accepted and the consent given: enrolled, or on the waiting list where the group is full
    (118-p19, p22-3). `means`: code, eds (then with `paper` and `cms`) or hand.

    Twice gives back what is. Raises Refused, with the earliest date where 118-p29 stops it, and SigningRefused.
    """
    if not offer or not consent:
        raise Refused(
            _("Both boxes must be ticked: the offer and the consent. Without the consent nobody is enrolled.")
        )
    with transaction.atomic():
        group = _locked_group(enrolment.group_id)
        case = locked(enrolment)
        if case.state in ENROLMENT_MEMBER:
            return case
        if group is None or case.group_id != group.pk:
            raise Refused(_("No group is chosen yet, or the group does not take people now."))
        case.group = group
        _allowed(rights.may(case, "enrol", by))
        check_three_years(case, group.start_on)
        if case.state == EnrolmentState.SUBMITTED and group.state in GROUP_TAKES and not rules.place_for(case):
            return perform(case, "waitlist", by=SYSTEM, group=group.pk)
        facts = {} if paper is None else {"paper": paper.sha256}
        case = perform(
            case, "enrol", by=by, set={"version": kinds.OFFER_VERSION, "means": means, "address": address},
            group=group.pk, version=kinds.OFFER_VERSION, means=means, **facts,
        )  # fmt: skip
        if paper is None:
            _ask_offer(case)
        else:
            _sign_offer(case, paper, cms, by)
    return case


def _sign_offer(case: Enrolment, paper: Paper, cms: bytes, by: Actor) -> None:
    live = offer_paper(case)
    if live is None or live.pk != paper.pk or by.user is None:
        raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
    papers.sign(paper, cms, by=by.user, post=None)


def _ask_offer(case: Enrolment) -> None:
    """The contract of 2.6 as it was accepted, in Kazakh and, on the citizen's choice, in Russian."""
    assert case.office is not None
    for old in _papers(case, kinds.OFFER).filter(translation_of=None):
        papers.void(old)
    facts = kinds.offer_facts(case)
    asked: dict[str, Any] = {
        "case": (case.kind, case.pk), "facts": facts, "office": case.office, "person": case.person, "shown": True,
    }  # fmt: skip
    original = papers.ask(kinds.OFFER, language="kk", **asked)
    if case.language == Language.RU:
        papers.ask(kinds.OFFER, language="ru", translation_of=original, **asked)


def withdraw(enrolment: Enrolment, *, by: Actor, reason: str, text: str = "") -> Enrolment:
    """Leave: own request, the consent taken back (118-p19), or absence by the coordinator with a written reason.

    The three years start only where the training had begun (A-23). Raises Refused.
    """
    if reason not in WithdrawalReason.values:
        raise Refused(_("Choose the reason."))
    own = by.role == "citizen"
    if (own and reason == WithdrawalReason.ABSENCE) or (not own and not text.strip()):
        raise Refused(_("Choose the reason and write it in a sentence."))
    with transaction.atomic():
        case = locked(enrolment)
        if case.state == EnrolmentState.WITHDRAWN:
            return case
        assert case.office is not None
        ended_on = None
        if case.state in ENROLMENT_LEARNING and case.group is not None:
            ended_on = min(clock.today(case.office.zone), case.group.end_on)
        return perform(
            case, "withdraw", by=by, set={"reason": reason, "text": text.strip(), "ended_on": ended_on},
            reason=reason, ended_on=ended_on,
        )  # fmt: skip


def mark_no_show(enrolment: Enrolment, *, by: Actor) -> Enrolment:
    """Did not begin: the place is free, the three years do not start (A-23). Raises Refused."""
    return perform(enrolment, "mark_no_show", by=by)


def expel(enrolment: Enrolment, *, by: Actor) -> Enrolment:
    """The coordinator confirms the expulsion for a low final mark (118-p25). Raises Refused."""
    with transaction.atomic():
        case = locked(enrolment)
        assert case.group is not None
        return perform(
            case, "expel", by=by, set={"ended_on": case.group.end_on}, final_percent=case.final_percent or 0,
            ended_on=case.group.end_on,
        )  # fmt: skip


def expel_by_act(enrolment: Enrolment, *, by: Actor, reason: str) -> Enrolment:
    """Expelled by the coordinator's act after no final test was taken, with the reason (118-p25). Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write the reason: it goes to the person."))
    return perform(enrolment, "expel_by_act", by=by, set={"reason": reason.strip()})


def move_members(source: TrainingGroup, target: TrainingGroup) -> int:
    """Members and waiting people of a merged group belong to the other one from now on (A-16). Returns how many."""
    moving = Enrolment._base_manager.filter(
        group=source,
        state__in=[*ENROLMENT_MEMBER, EnrolmentState.WAITLISTED, EnrolmentState.SUBMITTED, EnrolmentState.DRAFT],
    )
    return moving.update(group=target)


def _locked_group(pk: int | None) -> TrainingGroup | None:
    """The group, locked before its enrolments: nobody else counts its places meanwhile."""
    if pk is None:
        return None
    return TrainingGroup._base_manager.select_for_update(of=("self",)).select_related("office").get(pk=pk)


def locked(enrolment: Enrolment) -> Enrolment:
    """The enrolment, locked."""
    return (
        Enrolment._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "group__office", "referral__office")
        .get(pk=enrolment.pk)
    )


def _own_draft(enrolment: Enrolment, by: Actor) -> Enrolment:
    draft = locked(enrolment)
    if draft.state != EnrolmentState.DRAFT:
        raise Refused(_("This application was sent already and cannot be changed here."), code="not_draft")
    _allowed(rights.may(draft, "submit", by))
    return draft


def _allowed(answer: Any) -> None:
    if not answer.ok:
        raise Refused(str(answer.reason))
