"""The decision: proposed with its ground, sent back, signed by another than the checker, dated, withdrawn in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from bastau import clock, papers
from bastau.flow import Actor
from bastau.flow.models import Deadline, Step
from bastau.papers import actions as printer
from bastau.papers.models import Paper, PaperState, Series, Signature
from bastau.people.roles import Role
from referrals import actions
from referrals.models import ReferralApplication
from referrals.states import Channel, CheckSubject, State
from tests.conftest import ALMATY
from tests.factories import PostFactory, StaffFactory
from tests.referrals import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

REFUSAL: dict[str, Any] = {
    "ground": 2,
    "rule": "118-p03",
    "reasons": "Сіз нысаналы топқа жатпайсыз.",
    "evidence": "",
    "remedy": "",
}


@pytest.fixture(autouse=True)
def _plain_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed is tested elsewhere; here a paper only has bytes of its own."""
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())


@pytest.fixture
def centre() -> cases.Centre:
    return cases.Centre.open()


def told(act: Callable[[], Any]) -> str:
    """The sentence with which `act` is refused."""
    with override("en"), pytest.raises(ValidationError) as refused:
        act()
    with override("en"):
        return " ".join(refused.value.messages)


def fresh(case: ReferralApplication) -> ReferralApplication:
    return ReferralApplication._base_manager.get(pk=case.pk)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ALMATY)


def signed(case: ReferralApplication, by: Actor) -> ReferralApplication:
    return actions.decide(case, by=by, signatures=cases.signatures(case, by))


def second_director(centre: cases.Centre) -> Actor:
    user = StaffFactory()
    return Actor(user, PostFactory(user=user, office=centre.office, role=Role.DIRECTOR))


# ----------------------------------------------------------------------------------------------------------- proposal


@pytest.mark.parametrize("subject", CheckSubject.values)
def test_no_referral_is_proposed_over_a_line_that_is_not_confirmed(centre: cases.Centre, subject: str) -> None:
    case = cases.checked(centre, results={subject: "no"})
    assert "is not confirmed" in told(lambda: actions.propose_issue(case, by=centre.specialist))


@pytest.mark.clause("118-a2-r09-1", "118-a2-r09-2")
@pytest.mark.parametrize(
    ("ground", "rule"), [(3, "118-a2-r09-2"), (0, ""), (2, ""), (1, "118-p03"), (2, "118-a2-r09-1"), (2, "118-p29")]
)
def test_a_refusal_outside_the_closed_list_is_not_proposed(centre: cases.Centre, ground: int, rule: str) -> None:
    case = cases.checked(centre)
    refusal = {**REFUSAL, "ground": ground, "rule": rule}
    assert "There is no third ground" in told(lambda: actions.propose_refusal(case, by=centre.specialist, **refusal))
    assert fresh(case).state == State.CHECKED


@pytest.mark.clause("118-p09-2")
def test_a_refusal_has_written_reasons(centre: cases.Centre) -> None:
    case = cases.checked(centre)
    refusal = {**REFUSAL, "reasons": "  "}
    assert "written reasons" in told(lambda: actions.propose_refusal(case, by=centre.specialist, **refusal))
    assert fresh(case).state == State.CHECKED


@pytest.mark.clause("118-a2-r09-1")
def test_untrue_data_are_refused_by_the_first_ground(centre: cases.Centre) -> None:
    case = cases.checked(centre, results={"documents": "no"})
    actions.propose_refusal(case, by=centre.specialist, **{**REFUSAL, "ground": 1, "rule": "118-a2-r09-1"})
    (paper,) = actions.decision_papers(case)
    assert (paper.kind, paper.facts["ground"]) == ("service_refusal", 1)


@pytest.mark.clause("118-a2-r09-2")
def test_who_is_outside_the_target_group_is_refused_by_the_second_ground(centre: cases.Centre) -> None:
    case = cases.awaiting(centre, refusal=True)
    (paper,) = actions.decision_papers(case)
    assert (paper.facts["ground"], paper.facts["reasons"]) == (2, REFUSAL["reasons"])


def test_proposing_twice_makes_one_proposal(centre: cases.Centre) -> None:
    case = actions.propose_issue(cases.checked(centre), by=centre.specialist)
    assert "This step is not possible" in told(lambda: actions.propose_issue(case, by=centre.specialist))
    assert case.proposals.count() == 1


@pytest.mark.parametrize(("language", "versions"), [("kk", ["kk"]), ("ru", ["kk", "ru"])])
def test_the_result_is_kazakh_and_on_choice_russian_under_one_number(
    centre: cases.Centre, language: str, versions: list[str]
) -> None:
    made = actions.decision_papers(cases.awaiting(centre, language=language))
    assert [paper.language for paper in made] == versions
    assert {paper.number for paper in made} == {"ЖЛ-35-2026-000001"}


# ---------------------------------------------------------------------------------------------------------- sent back


def test_the_director_says_what_is_to_be_done(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    assert "Write what is to be done" in told(lambda: actions.send_back(case, by=centre.director, comment=" "))


def test_the_comment_stays_with_the_proposal(centre: cases.Centre) -> None:
    case = actions.send_back(cases.awaiting(centre), by=centre.director, comment="Мекенжайды нақтылаңыз.")
    proposal = case.proposals.get()
    assert (proposal.comment, proposal.returned_by) == ("Мекенжайды нақтылаңыз.", centre.director.user)


def again(case: ReferralApplication, centre: cases.Centre) -> Paper:
    """The paper proposed anew after the case came back."""
    actions.finish_check(case, by=centre.specialist)
    actions.propose_issue(case, by=centre.specialist)
    return papers.render(actions.decision_papers(case)[0].pk)


def test_the_number_of_a_paper_sent_back_stays_void_in_its_register(centre: cases.Centre) -> None:
    case = actions.send_back(cases.awaiting(centre), by=centre.director, comment="Нақтылаңыз.")
    assert again(case, centre).number == "ЖЛ-35-2026-000002"
    kept = Paper.objects.filter(case_id=case.pk, kind="referral_a5").order_by("number")
    assert list(kept.values_list("number", "state")) == [
        ("ЖЛ-35-2026-000001", "void"),
        ("ЖЛ-35-2026-000002", "ready"),
    ]


def test_both_versions_sent_back_are_void(centre: cases.Centre) -> None:
    case = actions.send_back(cases.awaiting(centre, language="ru"), by=centre.director, comment="Нақтылаңыз.")
    states = Paper.objects.filter(case_id=case.pk, kind="referral_a5").values_list("state", flat=True)
    assert list(states) == [PaperState.VOID, PaperState.VOID]


def test_while_the_case_is_back_the_whole_term_runs_on(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    due = Deadline.objects.get(case_id=case.pk, name="T-REF-TOTAL").due_at
    actions.send_back(case, by=centre.director, comment="Нақтылаңыз.")
    total = Deadline.objects.get(case_id=case.pk, name="T-REF-TOTAL")
    assert (total.due_at, total.closed_at, total.duty) == (due, None, Role.SPECIALIST)


def test_a_paper_sent_back_meanwhile_is_not_signed(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    stale = cases.signatures(case, centre.director)
    actions.send_back(case, by=centre.director, comment="Нақтылаңыз.")
    again(case, centre)
    assert "Read it again" in told(lambda: actions.decide(case, by=centre.director, signatures=stale))
    assert not Signature.objects.filter(paper__kind="referral_a5").exists()


# ------------------------------------------------------------------------------------------------------------- signed


def test_who_finished_the_check_does_not_sign(centre: cases.Centre) -> None:
    post = PostFactory(user=centre.specialist.user, office=centre.office, role=Role.DIRECTOR)
    case = cases.awaiting(centre)
    assert "another person must sign" in told(lambda: signed(case, Actor(centre.specialist.user, post)))
    assert not Signature.objects.filter(paper__kind="referral_a5").exists()


def test_a_paper_that_is_still_printed_is_not_signed(centre: cases.Centre) -> None:
    case = actions.propose_issue(cases.checked(centre), by=centre.specialist)
    assert "still being prepared" in told(lambda: actions.decide(case, by=centre.director, signatures={}))


def test_all_versions_are_signed_or_none(centre: cases.Centre) -> None:
    case = cases.awaiting(centre, language="ru")
    one = dict([cases.signatures(case, centre.director).popitem()])
    assert "Read it again" in told(lambda: actions.decide(case, by=centre.director, signatures=one))
    assert not Signature.objects.filter(paper__kind="referral_a5").exists()


def test_a_signature_of_somebody_else_decides_nothing(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    with pytest.raises(papers.SigningRefused):
        actions.decide(case, by=centre.director, signatures=cases.signatures(case, second_director(centre)))
    assert (fresh(case).state, fresh(case).decided_by) == (State.AWAITING_SIGNATURE, None)


@pytest.mark.parametrize(
    "way",
    [
        lambda case, centre: case,
        lambda case, centre: actions.send_to_sc(case, by=centre.specialist),
        lambda case, centre: actions.hand_over(actions.send_to_sc(case, by=centre.specialist), by=centre.operator),
    ],
)
def test_a_second_click_finds_the_case_decided(centre: cases.Centre, way: Callable[..., Any]) -> None:
    case = way(cases.decided(centre, channel=Channel.SC), centre)
    signatures = cases.signatures(case, centre.director)
    assert "decided already" in told(lambda: actions.decide(case, by=centre.director, signatures=signatures))
    assert Signature.objects.filter(paper__case_id=case.pk, paper__kind="referral_a5").count() == 1


def test_a_case_withdrawn_meanwhile_says_so_to_the_director(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    signatures = cases.signatures(case, centre.director)
    actions.withdraw(case, by=cases.citizen(case))
    assert "“Withdrawn”" in told(lambda: actions.decide(case, by=centre.director, signatures=signatures))


@pytest.mark.clause("A-45")
@pytest.mark.parametrize(
    ("signed_at", "issued"),
    [(at(10, 18, 29), date(2026, 6, 10)), (at(10, 18, 30), date(2026, 6, 11)), (at(13, 11), date(2026, 6, 15))],
    ids=["a minute before the close", "at the close", "on a Saturday"],
)
@pytest.mark.parametrize("channel", Channel.values)
def test_a_result_signed_after_hours_is_issued_the_next_working_day(
    centre: cases.Centre, channel: str, signed_at: datetime, issued: date
) -> None:
    case = cases.awaiting(centre, channel=channel)
    with clock.at(signed_at):
        case = signed(case, centre.director)
    assert case.issued_on == issued
    assert {paper.issued_on for paper in actions.decision_papers(case)} == {issued}


@pytest.mark.clause("118-p06")
@pytest.mark.parametrize(("refusal", "state"), [(False, State.ISSUED), (True, State.REFUSED)])
def test_lateness_is_recorded_and_changes_no_result(centre: cases.Centre, refusal: bool, state: str) -> None:
    case = cases.awaiting(centre, refusal=refusal)
    with clock.at(at(12, 10)):
        case = signed(case, centre.director)
    assert case.state == state
    assert Deadline.objects.get(case_id=case.pk, name="T-REF-TOTAL").breached_at == at(12, 10)


@pytest.mark.clause("118-a2-r05")
@pytest.mark.parametrize(("refusal", "kind"), [(False, "referral_a5"), (True, "service_refusal")])
def test_the_result_is_a_referral_or_a_reasoned_refusal(centre: cases.Centre, refusal: bool, kind: str) -> None:
    case = cases.decided(centre, refusal=refusal)
    shown = Paper.objects.filter(case_id=case.pk, state=PaperState.ISSUED).values_list("kind", flat=True)
    assert list(shown) == [kind]


def test_a_decision_names_the_paper_and_its_bytes_in_the_journal(centre: cases.Centre) -> None:
    case = cases.decided(centre)
    (paper,) = actions.decision_papers(case)
    facts = Step.objects.get(case_id=case.pk, event="issue").facts
    assert (facts["paper"], facts["sha256"]) == (paper.number, paper.sha256)


# ---------------------------------------------------------------------------------------------------------- withdrawn


@pytest.mark.parametrize("state", ["accepted", "in_check", "checked", "awaiting"])
def test_before_the_decision_the_citizen_may_withdraw(centre: cases.Centre, state: str) -> None:
    case = getattr(cases, state)(centre)
    assert actions.withdraw(case, by=cases.citizen(case)).state == State.WITHDRAWN


def test_withdrawing_twice_is_journalled_once(centre: cases.Centre) -> None:
    case = cases.accepted(centre)
    for _ in range(2):
        actions.withdraw(case, by=cases.citizen(case))
    assert Step.objects.filter(case_id=case.pk, event="withdraw").count() == 1


def test_after_the_decision_there_is_nothing_to_withdraw(centre: cases.Centre) -> None:
    case = cases.decided(centre)
    assert "This step is not possible" in told(lambda: actions.withdraw(case, by=cases.citizen(case)))


def test_a_withdrawal_makes_the_numbered_draft_void(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    (paper,) = actions.decision_papers(case)
    actions.withdraw(case, by=cases.citizen(case))
    paper.refresh_from_db()
    assert (paper.state, paper.number) == (PaperState.VOID, "ЖЛ-35-2026-000001")
    assert Series.objects.get(name="ЖЛ-35-2026").last == 1


def test_another_citizen_withdraws_nothing(centre: cases.Centre) -> None:
    case, other = cases.accepted(centre), cases.accepted(centre)
    assert "another person" in told(lambda: actions.withdraw(case, by=cases.citizen(other)))
