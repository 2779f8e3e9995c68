"""The actions: what each does, what it refuses and in which words, and that doing it twice does it once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from bastau import clock, gateways, law, papers
from bastau.flow import SYSTEM, Actor, Refused
from bastau.flow.models import Deadline, Step
from bastau.gateways.models import Enquiry
from bastau.gateways.signals import answered
from bastau.notices.models import Notice
from bastau.papers import actions as printer
from bastau.papers.models import Paper, PaperState
from referrals import actions, sweeps
from referrals.actions import counter
from referrals.models import ReferralApplication
from referrals.states import Channel, CheckResult, CheckSubject, State
from tests.conftest import ALMATY
from tests.factories import OfficeFactory, PersonFactory
from tests.referrals import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


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
    return ReferralApplication._base_manager.select_related("person", "office", "counter").get(pk=case.pk)


def steps(case: ReferralApplication, event: str) -> int:
    return Step.objects.filter(case_id=case.pk, event=event).count()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ALMATY)


def hear(case: ReferralApplication, system: str, **said: Any) -> None:
    """The register answers the question of the check, though it may be asked no more."""
    enquiry = Enquiry.objects.get(key=f"referral:{case.pk}:check:{system}")
    enquiry.answer, enquiry.answered_at, enquiry.given_up_at = said, clock.now(), None
    enquiry.save()
    answered.send(sender=Enquiry, enquiry=enquiry)


# ------------------------------------------------------------------------------------------------------------- start


def test_two_tabs_find_the_same_draft(centre: cases.Centre) -> None:
    person = PersonFactory()
    by = cases.citizen(ReferralApplication(person=person))
    first, second = (actions.start(by=by, person=person, channel=Channel.PORTAL) for _ in range(2))
    assert first.pk == second.pk


@pytest.mark.clause("118-p04")
@pytest.mark.parametrize("channel", Channel.values)
def test_a_second_application_is_not_opened_beside_the_one_under_way(centre: cases.Centre, channel: str) -> None:
    case = cases.accepted(centre)
    with pytest.raises(actions.OpenApplicationExists) as refused:
        actions.start(by=cases.citizen(case), person=case.person, channel=channel)
    assert refused.value.application == case


def test_after_a_decision_a_new_application_may_be_opened(centre: cases.Centre) -> None:
    case = cases.decided(centre, refusal=True)
    assert actions.start(by=cases.citizen(case), person=case.person, channel=Channel.PORTAL).pk != case.pk


def test_a_draft_follows_its_person_to_a_counter_with_its_answers(centre: cases.Centre) -> None:
    at_home = cases.draft(centre, channel=Channel.PORTAL, study_form="online")
    there = actions.start(by=centre.operator, person=at_home.person, channel=Channel.SC, counter=centre.counter)
    assert (there.pk, there.channel, there.counter, there.study_form) == (at_home.pk, "sc", centre.counter, "online")


def test_a_draft_left_at_a_counter_goes_home_again(centre: cases.Centre) -> None:
    left = counter.leave(cases.draft(centre), by=centre.specialist)
    assert (left.channel, left.counter) == (Channel.PORTAL, None)


def test_the_system_opens_no_application(centre: cases.Centre) -> None:
    assert "opened by a person" in told(
        lambda: actions.start(by=SYSTEM, person=PersonFactory(), channel=Channel.PORTAL)
    )


# ----------------------------------------------------------------------------------------------------- draft, answers


def test_a_changed_answer_makes_the_prepared_application_void(centre: cases.Centre) -> None:
    case = cases.draft(centre, channel=Channel.PORTAL)
    paper = actions.prepare_application(case, by=cases.citizen(case))
    actions.answer(case, by=cases.citizen(case), study_form="online")
    paper.refresh_from_db()
    assert (paper.state, actions.application_paper(case)) == (PaperState.VOID, None)


def test_the_same_answer_again_leaves_the_prepared_application(centre: cases.Centre) -> None:
    case = cases.draft(centre, channel=Channel.PORTAL)
    paper = actions.prepare_application(case, by=cases.citizen(case))
    actions.answer(case, by=cases.citizen(case), study_form="offline")
    assert actions.prepare_application(case, by=cases.citizen(case)) == paper


def test_what_is_no_answer_of_the_form_is_a_programming_error(centre: cases.Centre) -> None:
    with pytest.raises(ValueError, match="state"):
        actions.answer(cases.draft(centre), by=centre.specialist, state="issued")


@pytest.mark.parametrize(
    "act",
    [
        lambda case, by: actions.answer(case, by=by, study_form="online"),
        lambda case, by: actions.consent(case, by=by),
        lambda case, by: actions.prepare_application(case, by=by),
        lambda case, by: actions.ask_anew(case, by=by),
        lambda case, by: counter.leave(case, by=by),
    ],
)
def test_a_page_left_open_changes_nothing_after_acceptance(centre: cases.Centre, act: Callable[..., Any]) -> None:
    case = cases.accepted(centre)
    assert told(lambda: act(case, centre.specialist)).startswith("This application was sent already")


def test_without_a_centre_there_is_nothing_to_sign(centre: cases.Centre) -> None:
    person = PersonFactory()
    case = actions.start(by=cases.citizen(ReferralApplication(person=person)), person=person, channel=Channel.PORTAL)
    assert "has not answered" in told(lambda: actions.prepare_application(case, by=cases.citizen(case)))


# ------------------------------------------------------------------------------------------------------------- submit


LACKS = [
    ({"consent_data_at": None}, "Both consents"),
    ({"office": None}, "The centre of residence is not known yet"),
    ({"target_status": ""}, "Choose the status"),
    ({"registered_unemployed": False}, "registered unemployed"),
    ({"registered_unemployed": None}, "registered unemployed"),
]


def submitted(case: ReferralApplication) -> ReferralApplication:
    by = cases.citizen(case)
    paper = papers.render(actions.prepare_application(case, by=by).pk)
    return actions.submit(case, by=by, cms=cases.signed(paper, by), paper=paper)


@pytest.mark.parametrize(("lack", "sentence"), LACKS)
def test_what_is_missing_is_said_and_nothing_is_filed(
    centre: cases.Centre, lack: dict[str, Any], sentence: str
) -> None:
    case = cases.draft(centre, channel=Channel.PORTAL)
    by = cases.citizen(case)
    paper = papers.render(actions.prepare_application(case, by=by).pk)
    ReferralApplication._base_manager.filter(pk=case.pk).update(**lack)
    case = fresh(case)
    assert sentence in told(lambda: actions.submit(case, by=by, cms=cases.signed(paper, by), paper=paper))
    assert (fresh(case).state, fresh(case).number) == (State.DRAFT, "")


@pytest.mark.clause("A-10")
def test_where_the_owner_lifts_the_rule_the_portal_takes_the_unregistered_too(
    centre: cases.Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = law.value
    monkeypatch.setattr(law, "value", lambda id, on=None: id != "A-10" and value(id, on))
    case = cases.draft(centre, channel=Channel.PORTAL)
    ReferralApplication._base_manager.filter(pk=case.pk).update(registered_unemployed=False)
    assert submitted(fresh(case)).state == State.ACCEPTED


def test_an_application_is_sent_with_its_own_paper_only(centre: cases.Centre) -> None:
    case, other = cases.draft(centre, channel=Channel.PORTAL), cases.draft(centre, channel=Channel.PORTAL)
    by = cases.citizen(case)
    paper = papers.render(actions.prepare_application(other, by=cases.citizen(other)).pk)
    assert "Read it again" in told(lambda: actions.submit(case, by=by, cms=cases.signed(paper, by), paper=paper))


def test_a_draft_taken_over_by_a_counter_cannot_be_sent_from_home(centre: cases.Centre) -> None:
    case = cases.draft(centre, channel=Channel.PORTAL)
    by = cases.citizen(case)
    paper = papers.render(actions.prepare_application(case, by=by).pk)
    actions.start(by=centre.operator, person=case.person, channel=Channel.SC, counter=centre.counter)
    assert "sent through the Portal" in told(
        lambda: actions.submit(fresh(case), by=by, cms=cases.signed(paper, by), paper=paper)
    )


@pytest.mark.parametrize("step", ["answer", "consent", "prepare"])
def test_nobody_else_works_on_a_draft(centre: cases.Centre, step: str) -> None:
    case, stranger = cases.draft(centre, channel=Channel.PORTAL), cases.citizen(cases.draft(centre))
    steps = {
        "answer": lambda: actions.answer(case, by=stranger, phone="+77000000001"),
        "consent": lambda: actions.consent(case, by=stranger),
        "prepare": lambda: actions.prepare_application(case, by=stranger),
    }
    assert told(steps[step]) == "This is another person's application."


def test_sending_twice_takes_one_number(centre: cases.Centre) -> None:
    case = cases.accepted(centre, channel=Channel.PORTAL)
    paper = Paper.objects.get(case_id=case.pk, kind="application_a1")
    by = cases.citizen(case)
    assert actions.submit(case, by=by, cms=cases.signed(paper, by), paper=paper).number == case.number
    assert steps(case, "submit") == 1


# ------------------------------------------------------------------------------------------------ acceptance, refusal


def test_accepting_twice_gives_one_number_and_one_receipt(centre: cases.Centre) -> None:
    case = cases.draft(centre)
    first, second = (actions.accept(case, by=centre.specialist, originals_returned=True) for _ in range(2))
    assert first.number == second.number
    assert Paper.objects.filter(case_id=case.pk, kind="acceptance_receipt").count() == 1


@pytest.mark.parametrize(("language", "versions"), [("kk", ["kk"]), ("ru", ["kk", "ru"])])
def test_a_receipt_is_kazakh_and_on_choice_russian_too(
    centre: cases.Centre, language: str, versions: list[str]
) -> None:
    case = cases.accepted(centre, language=language)
    made = Paper.objects.filter(case_id=case.pk, kind="acceptance_receipt").order_by("language")
    assert list(made.values_list("language", flat=True)) == versions


def test_a_centre_gives_the_originals_back_before_it_accepts(centre: cases.Centre) -> None:
    case = cases.draft(centre, sheets=2)
    assert "originals" in told(lambda: actions.accept(case, by=centre.specialist, originals_returned=False))


def test_a_refused_acceptance_is_not_accepted_afterwards(centre: cases.Centre) -> None:
    case = cases.draft(centre)
    actions.refuse_acceptance(case, by=centre.specialist, reason="ACCEPT_EXPIRED", text="Жеке куәлік.")
    with pytest.raises(Refused):
        actions.accept(case, by=centre.specialist, originals_returned=True)
    assert fresh(case).state == State.ACCEPTANCE_REFUSED


def not_accepted(case: ReferralApplication, by: Actor, **said: str) -> ReferralApplication:
    return actions.refuse_acceptance(case, by=by, **{"reason": "ACCEPT_INCOMPLETE", "text": "Өтініш.", **said})


def test_a_refusal_to_accept_says_what_is_missing(centre: cases.Centre) -> None:
    assert "Write what is missing" in told(lambda: not_accepted(cases.draft(centre), centre.specialist, text=" "))


def test_documents_are_refused_for_two_reasons_only(centre: cases.Centre) -> None:
    case = cases.draft(centre)
    with pytest.raises(ValidationError):
        not_accepted(case, centre.specialist, reason="NO_PLACES")
    assert fresh(case).state == State.DRAFT


@pytest.mark.clause("118-p07-1")
def test_a_refusal_to_accept_starts_no_term_and_is_registered_by_a_number(centre: cases.Centre) -> None:
    case = not_accepted(cases.draft(centre, channel=Channel.SC), centre.operator)
    assert not Deadline.objects.filter(case_id=case.pk).exists()
    assert case.number == "БҚ-35-2026-000001"


def test_refusing_to_accept_twice_takes_one_number(centre: cases.Centre) -> None:
    case = cases.draft(centre)
    assert not_accepted(case, centre.specialist).number == not_accepted(case, centre.specialist).number


@pytest.mark.clause("118-p07-1")
def test_who_was_sent_away_may_come_back_at_once(centre: cases.Centre) -> None:
    case = not_accepted(cases.draft(centre), centre.specialist)
    assert cases.accepted(centre, person=case.person).state == State.ACCEPTED


def test_nothing_is_refused_acceptance_on_the_portal(centre: cases.Centre) -> None:
    case = cases.draft(centre, channel=Channel.PORTAL)
    assert "belongs to a counter" in told(lambda: not_accepted(case, centre.specialist))


# -------------------------------------------------------------------------------------------------------------- check


def test_taking_opens_the_protocol_and_asks_both_registers(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    assert set(case.checks.values_list("subject", "result")) == {(one, "waiting") for one in CheckSubject.values}
    asked = Enquiry.objects.filter(key__contains=":check:").values_list("system", flat=True)
    assert sorted(asked) == ["labour_market", "person_registry"]


def test_a_case_taken_by_a_colleague_is_not_taken_again(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    assert "This step is not possible" in told(lambda: actions.take(case, by=centre.colleague))


def test_untaken_cases_go_to_who_has_the_least_work_once(centre: cases.Centre) -> None:
    cases.in_check(centre)
    case = cases.accepted(centre)
    with clock.at(at(9, 18, 31)):
        assert (sweeps.give_out_untaken(), sweeps.give_out_untaken()) == (1, 0)
    assert fresh(case).assignee == centre.colleague.user


def test_a_register_answers_its_lines_of_the_protocol(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    hear(case, "person_registry", **cases.register(case.person, centre.office))
    hear(case, "labour_market", **cases.LABOUR)
    assert set(case.checks.exclude(subject="documents").values_list("result", flat=True)) == {CheckResult.YES}


def test_who_moved_to_another_centres_area_is_shown_as_living_outside(centre: cases.Centre) -> None:
    OfficeFactory(serves=["351012"])
    case = cases.in_check(centre)
    hear(case, "person_registry", **{**cases.register(case.person, centre.office), "residence": "351012000"})
    assert case.checks.get(subject="residence").answer == "outside_area"


def marked(case: ReferralApplication, by: Actor, reason: str = "Куәлік қаралды.") -> ReferralApplication:
    return actions.mark_by_hand(case, by=by, subject="identity", result="yes", reason=reason)


def test_a_mark_by_hand_outlives_a_late_answer_of_the_register(centre: cases.Centre) -> None:
    case = marked(cases.in_check(centre), centre.specialist)
    hear(case, "person_registry", found=False)
    assert case.checks.get(subject="identity").result == CheckResult.YES


def test_a_mark_by_hand_has_its_reason(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    assert "Write what you looked at" in told(lambda: marked(case, centre.specialist, " "))


@pytest.mark.parametrize(("who", "sentence"), [("colleague", "A colleague works"), ("director", "Your post")])
def test_only_who_has_the_case_marks_its_protocol(centre: cases.Centre, who: str, sentence: str) -> None:
    case = cases.in_check(centre)
    assert sentence in told(lambda: marked(case, getattr(centre, who)))


def test_a_closed_protocol_takes_no_marks(centre: cases.Centre) -> None:
    assert "The protocol is closed" in told(lambda: marked(cases.checked(centre), centre.specialist))


def test_an_answer_after_the_check_changes_no_line(centre: cases.Centre) -> None:
    case = cases.checked(centre)
    hear(case, "labour_market", **{**cases.LABOUR, "target_status": "NONE"})
    assert case.checks.get(subject="target_group").answer == "by_hand"


def test_a_check_with_an_unanswered_line_is_not_finished(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    assert "has no answer yet" in told(lambda: actions.finish_check(case, by=centre.specialist))


@pytest.mark.clause("118-p09-1")
def test_while_a_register_is_silent_the_term_runs_on(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    due = Deadline.objects.get(case_id=case.pk, name="T-REF-CHECK").due_at
    with clock.at(at(9, 10)):
        actions.ask_again(case, by=centre.specialist, system="labour_market")
    term = Deadline.objects.get(case_id=case.pk, name="T-REF-CHECK")
    assert (term.due_at, term.closed_at) == (due, None)


def test_a_finished_check_asks_no_register_any_more(centre: cases.Centre) -> None:
    case = cases.checked(centre)
    assert not Enquiry.objects.open().filter(case_id=case.pk).exists()


# --------------------------------------------------------------------------------------- after the decision, sundries


def test_a_result_is_sent_and_handed_over_at_the_state_corporation(centre: cases.Centre) -> None:
    case = actions.send_to_sc(cases.decided(centre, channel=Channel.SC), by=centre.specialist)
    assert case.transfer_list == "ТТ-35-2026-000001"
    assert actions.hand_over(case, by=centre.operator).state == State.HANDED_OVER


def test_only_the_state_corporations_results_are_sent_there(centre: cases.Centre) -> None:
    case = cases.decided(centre)
    assert "filed through the State Corporation" in told(lambda: actions.send_to_sc(case, by=centre.specialist))


@pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.SC])
def test_a_centre_hands_over_only_what_was_filed_with_it(centre: cases.Centre, channel: str) -> None:
    case = cases.decided(centre, channel=channel)
    assert "not handed over at this counter" in told(lambda: actions.hand_over(case, by=centre.specialist))


@pytest.mark.clause("T-UNCOLLECTED")
def test_a_result_waits_a_month_at_the_state_corporation(centre: cases.Centre) -> None:
    case = actions.send_to_sc(cases.decided(centre, channel=Channel.SC), by=centre.specialist)
    with clock.at(datetime(2026, 7, 8, 20, tzinfo=ALMATY)):
        assert sweeps.mark_uncollected() == 0
    with clock.at(datetime(2026, 7, 9, 0, 1, tzinfo=ALMATY)):
        assert (sweeps.mark_uncollected(), sweeps.mark_uncollected()) == (1, 0)
        assert actions.hand_over(fresh(case), by=centre.specialist).state == State.HANDED_OVER


def test_one_result_collected_at_the_last_moment_holds_up_no_other(
    centre: cases.Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        actions.send_to_sc(cases.decided(centre, channel=Channel.SC), by=centre.specialist) for _ in range(2)
    )
    mark = actions.mark_uncollected

    def collected_meanwhile(case: ReferralApplication) -> ReferralApplication:
        if case.pk == first.pk:
            actions.hand_over(first, by=centre.operator)
        return mark(case)

    monkeypatch.setattr(actions, "mark_uncollected", collected_meanwhile)
    with clock.at(datetime(2026, 7, 9, 10, tzinfo=ALMATY)):
        assert sweeps.mark_uncollected() == 1
    assert (fresh(first).state, fresh(second).state) == (State.HANDED_OVER, State.UNCOLLECTED)


@pytest.mark.clause("118-p29", "A-23")
def test_who_was_trained_lately_gets_the_referral_and_the_earliest_date(centre: cases.Centre) -> None:
    draft = cases.draft(centre)
    actions.note_register_answer(draft, "labour_market", {**cases.LABOUR, "trained_until": "2024-02-29"})
    case = actions.accept(draft, by=centre.specialist, originals_returned=True)
    assert fresh(case).trained_until == date(2024, 2, 29)
    assert Notice.objects.get(code="N-REF-REPEAT").facts["date"] == {"date": "2027-02-28"}
    actions.take(case, by=centre.specialist)
    for subject in CheckSubject.values:
        actions.mark_by_hand(case, by=centre.specialist, subject=subject, result="yes", reason="Қаралды.")
    actions.finish_check(case, by=centre.specialist)
    assert actions.propose_issue(case, by=centre.specialist).outcome == "issue"


def test_the_journal_of_a_long_way_holds_no_personal_data(centre: cases.Centre) -> None:
    case = cases.awaiting(centre, refusal=True, language="ru", phone="+77011234567", email="aigul@demo.example")
    actions.send_back(case, by=centre.director, comment="Мекенжайды нақтылаңыз.")
    actions.withdraw(case, by=cases.citizen(case))
    away = not_accepted(cases.draft(centre), centre.specialist, text="Куәліктің мерзімі өткен.")
    facts = Step.objects.filter(case_id__in=[case.pk, away.pk]).values_list("facts", flat=True)
    written = json.dumps(list(facts), ensure_ascii=False)
    secrets = [
        case.person.iin, away.person.iin, case.person.surname, case.person.given_name, "701123", "aigul@",
        fresh(case).address_kk, "Мекенжайды", "нысаналы топқа", "Куәліктің", "Құжаттар қаралды",
    ]  # fmt: skip
    assert [secret for secret in secrets if secret in written] == []


def test_stopping_the_questions_of_a_case_leaves_the_others_alone(centre: cases.Centre) -> None:
    one, other = cases.in_check(centre), cases.in_check(centre)
    gateways.stop_asking(case_kind="referral", case_id=one.pk)
    assert Enquiry.objects.open().filter(case_id=other.pk).exists()
