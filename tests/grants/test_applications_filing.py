"""The draft, its criteria, its sending and its acknowledgment (FKA04-1.1…1.5, SPEC 4.9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from bastau import clock, law, papers
from bastau.flow import Actor, Refused
from bastau.flow.models import Step
from bastau.gateways import outbox
from bastau.gateways.models import Enquiry
from bastau.notices.models import Notice
from bastau.people.citizens import account_of
from grants.actions import applications, drafts, intake
from grants.models import GrantApplication
from grants.states import Criterion, GrantState, Met
from tests.factories import PersonFactory
from tests.grants import applications_cases as cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def centre() -> cases.GrantCentre:
    return cases.GrantCentre.open()


def answers(application: GrantApplication) -> dict[str, str]:
    return dict(application.checks.values_list("criterion", "result"))


# ------------------------------------------------------------------------------------------------------- the start


@pytest.mark.clause("FKA04-1.1")
def test_without_a_certificate_no_draft_is_opened() -> None:
    person = PersonFactory()
    with pytest.raises(Refused) as refusal:
        cases.started(person=person, skills=False)
    assert refusal.value.code == "no_certificate"
    assert not GrantApplication.objects.filter(person=person).exists()


def test_starting_twice_gives_the_same_draft() -> None:
    person = PersonFactory()
    assert cases.started(person=person).pk == cases.started(person=person).pk


def test_beside_a_filed_application_no_second_one_is_opened(centre: cases.GrantCentre) -> None:
    filed = cases.submitted(centre)
    with pytest.raises(drafts.OpenApplicationExists) as known:
        cases.started(person=filed.person)
    assert known.value.application.pk == filed.pk


@pytest.mark.engine
def test_the_database_keeps_one_open_application_a_person() -> None:
    draft = cases.started()
    with pytest.raises(IntegrityError, match="grant_one_open"), transaction.atomic():
        GrantApplication.objects.create(
            person=draft.person, started_by=draft.started_by, ruleset=law.RULESET, created_at=clock.now()
        )


def test_nobody_starts_an_application_for_another_person() -> None:
    with pytest.raises(Refused):
        drafts.start(by=Actor(account_of(PersonFactory())), person=PersonFactory())


def test_the_start_asks_both_registers_once() -> None:
    draft = cases.started()
    asked = Enquiry.objects.of_case(draft.kind, draft.pk)
    assert sorted(asked.values_list("system", flat=True)) == ["labour_market", "person_registry"]


# --------------------------------------------------------------------------------------------------- the protocol


@pytest.mark.clause("FKA04-1.2")
def test_the_protocol_answers_every_criterion_with_its_source(centre: cases.GrantCentre) -> None:
    draft = cases.routed(centre)
    assert set(answers(draft)) == set(law.value("A-30:criteria"))
    assert draft.checks.get(criterion=Criterion.STANDING).source == "labour_market"


@pytest.mark.clause("FKA04-1.2")
def test_while_the_register_is_silent_the_answer_is_unknown() -> None:
    assert answers(cases.started())[Criterion.STANDING] == Met.UNKNOWN


def test_the_register_answer_turns_the_unknown_into_yes_and_keeps_its_question(centre: cases.GrantCentre) -> None:
    line = cases.routed(centre).checks.get(criterion=Criterion.STANDING)
    assert (line.result, line.code) == (Met.YES, "registered_unemployed")
    assert line.enquiry is not None


def test_a_number_of_skills_waits_for_the_specialist(centre: cases.GrantCentre) -> None:
    line = cases.routed(centre).checks.get(criterion=Criterion.CERTIFICATE)
    assert (line.result, line.code) == (Met.UNKNOWN, "skills_to_check")


def test_a_person_who_owes_grant_money_is_told_so(centre: cases.GrantCentre, monkeypatch: Any) -> None:
    monkeypatch.setattr("grants.debts._readers", [lambda person_id: True])
    assert answers(cases.routed(centre))[Criterion.NO_RECOVERY] == Met.NO


def test_a_grant_received_before_stops_the_next_one(centre: cases.GrantCentre) -> None:
    first = applications.mark_contracted(cases.approved(centre))
    second = cases.filled(centre, person=first.person)
    assert answers(second)[Criterion.NO_EARLIER_GRANT] == Met.NO
    drafts.prepare(second, by=cases.applicant(second))
    for paper in drafts.prepared(second):
        papers.render(paper.pk)
    with pytest.raises(Refused, match="criterion"):
        applications.submit(second, by=cases.applicant(second), signatures=cases.signatures(second))


# ------------------------------------------------------------------------------------------------------- the project


@pytest.mark.clause("FKA04-1.3")
def test_the_sums_of_the_estimate_are_computed(centre: cases.GrantCentre) -> None:
    draft = cases.filled(centre)
    assert (draft.grant_sum, draft.own_sum, draft.total_sum) == (1_500_000, 200_000, 1_700_000)


def test_the_grant_cannot_pay_more_than_the_line(centre: cases.GrantCentre) -> None:
    draft = cases.routed(centre)
    with pytest.raises(Refused, match="whole sum"):
        drafts.keep_line(draft, by=cases.applicant(draft), name="Пеш", quantity=1, price=100, grant_part=101)


def test_a_line_taken_out_twice_is_out_once(centre: cases.GrantCentre) -> None:
    draft = cases.filled(centre)
    line = draft.lines.first()
    assert line is not None
    for _ in range(2):
        drafts.drop_line(draft, line.pk, by=cases.applicant(draft))
    draft.refresh_from_db()
    assert draft.grant_sum == 300_000


@pytest.mark.clause("FKA04-1.3")
def test_an_incomplete_project_is_not_sent_and_says_which_page_lacks(centre: cases.GrantCentre) -> None:
    draft = cases.printed(centre, project={"risks": ""})
    assert draft.missing() == ["risks"]
    with pytest.raises(Refused, match="not complete"):
        applications.submit(draft, by=cases.applicant(draft), signatures=cases.signatures(draft))


def test_a_changed_answer_voids_the_prepared_paper(centre: cases.GrantCentre) -> None:
    draft = cases.printed(centre)
    drafts.answer_project(draft, by=cases.applicant(draft), risks="Басқа тәуекел.")
    assert drafts.prepared(draft) == []


def test_with_a_russian_wish_both_versions_carry_one_number(centre: cases.GrantCentre) -> None:
    draft = cases.printed(centre, language="ru")
    kazakh, russian = drafts.prepared(draft)
    assert (kazakh.language, russian.language) == ("kk", "ru")
    assert kazakh.number == russian.number


# ------------------------------------------------------------------------------------------------------- the limit


@pytest.mark.clause("A-41")
@pytest.mark.parametrize(("asked", "sent"), [(1_730_000, True), (1_730_001, False)])
def test_a_sum_over_the_limit_of_the_day_is_not_sent(centre: cases.GrantCentre, asked: int, sent: bool) -> None:
    draft = cases.printed(centre, lines=(("Пеш", 1, 2_000_000, asked),))
    if sent:
        done = applications.submit(draft, by=cases.applicant(draft), signatures=cases.signatures(draft))
        assert done.state == GrantState.SUBMITTED
    else:
        with pytest.raises(Refused, match="over the limit"):
            applications.submit(draft, by=cases.applicant(draft), signatures=cases.signatures(draft))


@pytest.mark.clause("A-41")
def test_the_limit_is_that_of_the_day_of_the_decision(centre: cases.GrantCentre) -> None:
    with clock.at(datetime(2024, 12, 27, 10, tzinfo=ALMATY)):
        application = cases.heard(centre, lines=(("Пеш", 1, 1_476_800, 1_476_800),))
    with clock.at(datetime(2023, 12, 28, 10, tzinfo=ALMATY)), pytest.raises(Refused, match="limit"):
        applications.enter_decision(application, "approved", centre.secretary)
    with clock.at(datetime(2025, 1, 9, 10, tzinfo=ALMATY)):
        done = applications.enter_decision(application, "approved", centre.secretary)
    assert done.awarded_sum == 1_476_800


# ------------------------------------------------------------------------------------------------------- the sending


@pytest.mark.clause("FKA04-1.4")
def test_sent_with_a_signature_it_takes_the_number_of_its_paper(centre: cases.GrantCentre) -> None:
    done = cases.submitted(centre)
    assert done.state == GrantState.SUBMITTED
    assert done.number == "ГӨ-35-2026-000001"
    assert drafts.prepared(done)[0].state == "signed"


@pytest.mark.clause("FKA04-1.4")
def test_without_the_employment_card_it_is_not_sent_and_the_draft_stays(centre: cases.GrantCentre) -> None:
    draft = cases.printed(centre, labour={"card_number": ""})
    with pytest.raises(Refused, match="individual employment card"):
        applications.submit(draft, by=cases.applicant(draft), signatures=cases.signatures(draft))
    draft.refresh_from_db()
    assert draft.state == GrantState.DRAFT


def test_sent_twice_it_is_sent_once(centre: cases.GrantCentre) -> None:
    draft = cases.printed(centre)
    signatures = cases.signatures(draft)
    first = applications.submit(draft, by=cases.applicant(draft), signatures=signatures)
    second = applications.submit(draft, by=cases.applicant(draft), signatures=signatures)
    assert first.number == second.number
    assert Step.objects.filter(case_kind="grant", case_id=draft.pk, event="submit").count() == 1


def test_nothing_is_changed_after_sending(centre: cases.GrantCentre) -> None:
    done = cases.submitted(centre)
    with pytest.raises(Refused, match="sent already"):
        drafts.answer_project(done, by=cases.applicant(done), risks="")


def test_the_notice_of_sending_has_the_words_of_the_specification(centre: cases.GrantCentre) -> None:
    done = cases.submitted(centre)
    notice = Notice.objects.get(case_kind="grant", case_id=done.pk, code="N-GR-SUBMITTED")
    assert notice.words("text", "kk") == f"Грантқа өтінішіңіз қабылданды, № {done.number}."
    assert notice.words("text", "ru") == f"Ваше заявление на грант принято, № {done.number}."


@pytest.mark.clause("FKA04-1.4")
def test_outside_the_announced_intake_it_waits_and_inside_it_goes(centre: cases.GrantCentre) -> None:
    intake.announce(by=centre.director, opens_on=date(2026, 6, 9), closes_on=date(2026, 6, 20))
    draft = cases.printed(centre)
    with pytest.raises(Refused, match="not taken now"):
        applications.submit(draft, by=cases.applicant(draft), signatures=cases.signatures(draft))
    with clock.at(datetime(2026, 6, 20, 23, 0, tzinfo=ALMATY)):
        done = applications.submit(draft, by=cases.applicant(draft), signatures=cases.signatures(draft))
    assert done.state == GrantState.SUBMITTED


def test_an_intake_announced_twice_is_one_and_none_runs_into_another(centre: cases.GrantCentre) -> None:
    days = {"opens_on": date(2026, 6, 9), "closes_on": date(2026, 6, 20)}
    assert intake.announce(by=centre.director, **days).pk == intake.announce(by=centre.director, **days).pk
    with pytest.raises(Refused, match="run into"):
        intake.announce(by=centre.director, opens_on=date(2026, 6, 20), closes_on=date(2026, 6, 30))
    with pytest.raises(Refused, match="over"):
        intake.announce(by=centre.director, opens_on=date(2026, 5, 1), closes_on=date(2026, 5, 2))


def test_an_intake_is_announced_by_a_director_alone(centre: cases.GrantCentre) -> None:
    with pytest.raises(Refused):
        intake.announce(by=centre.specialist, opens_on=date(2026, 6, 9), closes_on=date(2026, 6, 20))


# ------------------------------------------------------------------------------------------------- the acknowledgment


@pytest.mark.clause("FKA04-1.5")
def test_the_answer_to_the_transfer_is_the_acknowledgment(centre: cases.GrantCentre, monkeypatch: Any) -> None:
    done = cases.submitted(centre)
    transfer = applications.transfer_of(done)
    assert transfer is not None
    monkeypatch.setattr("bastau.gateways.adapters.fetch", lambda *args, **kwargs: cases.LABOUR)
    assert outbox.send(transfer.pk) == "answered"
    done.refresh_from_db()
    assert done.state == GrantState.ACCEPTED


@pytest.mark.clause("FKA04-1.5")
def test_a_failed_transfer_is_tried_again_and_the_filing_time_stays(
    centre: cases.GrantCentre, monkeypatch: Any
) -> None:
    from bastau.gateways.exchange import Fault

    done = cases.submitted(centre)
    transfer = applications.transfer_of(done)
    assert transfer is not None
    filed_at = done.filed_at

    def down(*args: Any, **kwargs: Any) -> Any:
        raise Fault("down")

    monkeypatch.setattr("bastau.gateways.adapters.fetch", down)
    assert outbox.send(transfer.pk) == "down"
    done.refresh_from_db()
    assert (done.state, done.filed_at) == (GrantState.SUBMITTED, filed_at)
    transfer.refresh_from_db()
    assert transfer.is_open


def test_a_second_acknowledgment_changes_nothing(centre: cases.GrantCentre) -> None:
    done = applications.arrive(cases.accepted(centre))
    assert Step.objects.filter(case_kind="grant", case_id=done.pk, event="arrive").count() == 1


# ------------------------------------------------------------------------------------------------------- withdrawal


@pytest.mark.parametrize("stage", ["filled", "submitted", "accepted", "in_check", "scheduled", "postponed"])
def test_it_may_be_withdrawn_until_it_is_heard(centre: cases.GrantCentre, stage: str) -> None:
    application = getattr(cases, stage)(centre)
    done = applications.withdraw(application, by=cases.applicant(application))
    assert done.state == GrantState.WITHDRAWN
    assert not Enquiry.objects.of_case(done.kind, done.pk).open().exists()


def test_after_the_hearing_it_cannot_be_withdrawn(centre: cases.GrantCentre) -> None:
    application = cases.heard(centre)
    with pytest.raises(Refused):
        applications.withdraw(application, by=cases.applicant(application))


def test_after_a_withdrawal_a_new_application_may_be_opened(centre: cases.GrantCentre) -> None:
    application = cases.submitted(centre)
    applications.withdraw(application, by=cases.applicant(application))
    assert cases.started(person=application.person).pk != application.pk
