"""The decision: proposed, sent back, signed, sent, handed over; and the withdrawal."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, gateways, papers, workdays
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.papers import numbers
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Office
from referrals import dates, rules
from referrals import papers as kinds
from referrals.actions.within import ask_paper, locked, void_papers
from referrals.models import Proposal, ReferralApplication
from referrals.states import DECIDED, Ground, Outcome, State


def propose_issue(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """Put the referral before the director; annex 5 is prepared with its number (A-51). Raises Refused."""
    with transaction.atomic():
        application = perform(application, "propose_issue", by=by)
        assert by.user is not None
        Proposal.objects.create(application=application, outcome=Outcome.ISSUE, by=by.user, at=clock.now())
        ask_paper(application, kinds.REFERRAL_A5, kinds.referral_facts(application), office=_centre(application))
    return application


def propose_refusal(
    application: ReferralApplication, *, by: Actor, ground: int, rule: str, reasons: str, evidence: str, remedy: str
) -> ReferralApplication:
    """Put a reasoned refusal before the director (118-a2-r09): ground, rule, reasons, evidence, what can be mended.

    Raises Refused where a part is missing or the rule does not belong to the ground: the list is closed.
    """
    if rule not in rules.REFUSAL_RULES.get(ground, ()):
        raise Refused(_("Choose the ground and a rule that belongs to it. There is no third ground."))
    with transaction.atomic():
        application = perform(application, "propose_refusal", by=by, ground=ground, rule=rule)
        proposal = Proposal(
            application=application,
            outcome=Outcome.REFUSE,
            ground=Ground(ground),
            rule=rule,
            reasons=reasons.strip(),
            evidence=evidence.strip(),
            remedy=remedy.strip(),
            by=by.user,
            at=clock.now(),
        )
        proposal.full_clean(validate_unique=False, validate_constraints=False)
        proposal.save()
        facts = kinds.service_refusal_facts(application, proposal)
        ask_paper(application, kinds.SERVICE_REFUSAL, facts, office=_centre(application))
    return application


def send_back(application: ReferralApplication, *, by: Actor, comment: str) -> ReferralApplication:
    """The director returns the case; the prepared paper is void, its number stays void (A-51). Raises Refused."""
    if not comment.strip():
        raise Refused(_("Write what is to be done, so that the specialist knows."))
    with transaction.atomic():
        application = perform(application, "send_back", by=by)
        application.proposals.filter(returned_at=None).update(
            returned_at=clock.now(), returned_by=by.user, comment=comment.strip()
        )
        void_papers(application, [kinds.REFERRAL_A5, kinds.SERVICE_REFUSAL])
    return application


def decide(application: ReferralApplication, *, by: Actor, signatures: Mapping[int, bytes]) -> ReferralApplication:
    """The director signs what was proposed: paper id -> CMS for each language version (118-p09-2, A-45).

    A second director, or a second click, finds the case decided and changes nothing. Raises Refused and
    papers.SigningRefused, both without any change.
    """
    assert by.user is not None
    with transaction.atomic():
        application = locked(application)
        if application.state in DECIDED:
            raise Refused(_("This case is decided already."), code="decided")
        event = "issue" if application.outcome == Outcome.ISSUE else "refuse"
        allowed = verdict(application, event, by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code=event)
        versions = decision_papers(application)
        if not versions or any(paper.state != PaperState.READY for paper in versions):
            raise Refused(_("The paper is still being prepared. Wait a moment and open it again."), code="not_ready")
        if {paper.pk for paper in versions} != set(signatures):
            raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
        office = _centre(application)
        issued_on = dates.issued_on(clock.now(), office.zone, workdays.current("centre"))
        for paper in versions:
            papers.sign(paper, signatures[paper.pk], by=by.user, post=by.post)
        main = versions[0]
        application = perform(
            application,
            event,
            by=by,
            set={"issued_on": issued_on},
            paper=main.number,
            sha256=main.sha256,
            issued_on=issued_on,
        )
        for paper in versions:
            papers.issue(paper, issued_on)
    return application


def decision_papers(application: ReferralApplication) -> list[Paper]:
    """The live papers of the decision, Kazakh first."""
    return list(
        Paper.objects.filter(
            case_kind=application.kind,
            case_id=application.pk,
            kind__in=[kinds.REFERRAL_A5, kinds.SERVICE_REFUSAL],
        )
        .exclude(state=PaperState.VOID)
        .order_by("language")
    )


def send_to_sc(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """Send the result to the State Corporation on a numbered transfer list (118-p07-2). Raises Refused."""
    with transaction.atomic():
        application = locked(application)
        office = _centre(application)
        series = f"ТТ-{office.region_id}-{clock.today(office.zone).year}"
        transfer_list = f"{series}-{numbers.take(series):06d}"
        return perform(
            application, "send_to_sc", by=by, set={"transfer_list": transfer_list}, transfer_list=transfer_list
        )


def hand_over(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """Give the result to the citizen at a counter after looking at the identity card. Raises Refused."""
    return perform(application, "hand_over", by=by)


def mark_uncollected(application: ReferralApplication) -> ReferralApplication:
    """The result was not collected within the month (SPEC 4.1): the paper goes back to the centre. Raises Refused."""
    return perform(application, "mark_uncollected", by=SYSTEM)


def withdraw(application: ReferralApplication, *, by: Actor) -> ReferralApplication:
    """The citizen withdraws before the decision; a numbered draft becomes void (A-51). Raises Refused."""
    with transaction.atomic():
        application = locked(application)
        if application.state == State.WITHDRAWN:
            return application
        application = perform(application, "withdraw", by=by)
        void_papers(application, [kinds.REFERRAL_A5, kinds.SERVICE_REFUSAL])
        gateways.stop_asking(case_kind=application.kind, case_id=application.pk)
    return application


def _centre(application: ReferralApplication) -> Office:
    assert application.office is not None
    return application.office
