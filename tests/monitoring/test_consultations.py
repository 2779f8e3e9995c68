"""Enquiries: who is asked, who answers, the terms, and their ends (SPEC 4.15; 118-p17, p33-3; A-29)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import override

from bastau import clock
from bastau.flow import Actor, Refused, verdict
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep as sweep_deadlines
from bastau.notices.models import Notice
from bastau.people.citizens import account_of
from bastau.people.roles import Role
from monitoring.actions import accompaniment, consultations
from monitoring.models import ConsultationRequest
from monitoring.states import ConsultationKind, ConsultationState, MessageKind, Redirection, Topic
from monitoring.sweeps import accompaniment as sweeps
from tests.conftest import ALMATY
from tests.factories import OfficeFactory, PersonFactory
from tests.monitoring import accompaniment_cases as cases
from tests.monitoring.accompaniment_cases import Chamber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are looked at as they stand in the code."""
    with override("en"):
        yield


@pytest.fixture
def chamber() -> Chamber:
    return Chamber.open()


def due(request: ConsultationRequest, name: str) -> str:
    row = Deadline.objects.open().get(case_kind=request.kind, case_id=request.pk, name=name)
    return row.due_at.astimezone(ALMATY).strftime("%m-%d %H:%M")


def duty(request: ConsultationRequest) -> str:
    return Deadline.objects.open().get(case_kind=request.kind, case_id=request.pk, name="T-CONSULT-15").duty


# ------------------------------------------------------------------------------------------------------------- asking


@pytest.mark.clause("118-p17")
@pytest.mark.parametrize("body", ["office", "centre"])
def test_anybody_asks_the_chamber_or_the_centre_about_training(chamber: Chamber, body: str) -> None:
    by = Actor(account_of(PersonFactory()))
    request = consultations.ask(
        by=by, key=uuid4(), consultation_kind=ConsultationKind.TRAINING_INFO, topic=Topic.TRAINING,
        text="Қашан?", office=getattr(chamber, body),
    )  # fmt: skip
    answering = chamber.coordinator if body == "office" else chamber.specialist
    request = consultations.answer(consultations.take(request, by=answering), by=answering, text="Ертең.")
    assert request.state == ConsultationState.ANSWERED


@pytest.mark.clause("118-p17")
def test_other_offices_are_not_asked_about_training(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="chamber"):
        consultations.ask(
            by=Actor(account_of(PersonFactory())), key=uuid4(), consultation_kind=ConsultationKind.TRAINING_INFO,
            topic=Topic.TRAINING, text="?", office=OfficeFactory(sc=True),
        )  # fmt: skip


@pytest.mark.clause("118-p33-3")
def test_an_enquiry_about_a_business_is_taken_before_the_launch_too(chamber: Chamber) -> None:
    request = cases.asked_on_business(cases.waiting(chamber))
    assert (request.office, request.assignee) == (chamber.office, chamber.consultant.user)


@pytest.mark.clause("118-p33-3")
def test_after_the_last_day_of_accompaniment_no_enquiry_is_taken(chamber: Chamber) -> None:
    case = cases.active(chamber)
    with clock.at(datetime(2027, 6, 2, 10, 0, tzinfo=ALMATY)), pytest.raises(Refused, match="1414"):
        cases.asked_on_business(case)


@pytest.mark.clause("118-p33-3")
def test_on_the_last_day_of_accompaniment_an_enquiry_is_taken(chamber: Chamber) -> None:
    case = cases.active(chamber)
    with clock.at(datetime(2027, 6, 1, 23, 0, tzinfo=ALMATY)):
        assert cases.asked_on_business(case).number


def test_nobody_asks_about_a_business_that_is_not_accompanied(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="1414"):
        consultations.ask(
            by=Actor(account_of(PersonFactory())), key=uuid4(), consultation_kind=ConsultationKind.ACCOMPANIMENT,
            topic=Topic.TAX, text="?",
        )  # fmt: skip


def test_individual_consultations_are_asked_for_while_the_training_runs(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="training runs"):
        consultations.ask(
            by=Actor(account_of(PersonFactory())), key=uuid4(),
            consultation_kind=ConsultationKind.INDIVIDUAL_TRAINING, topic=Topic.TRAINING, text="?",
        )  # fmt: skip


def test_two_clicks_make_one_enquiry(chamber: Chamber) -> None:
    by, key = Actor(account_of(PersonFactory())), uuid4()
    said: dict[str, Any] = {
        "by": by, "key": key, "consultation_kind": ConsultationKind.TRAINING_INFO, "topic": Topic.TRAINING,
        "text": "Қашан?", "office": chamber.office,
    }  # fmt: skip
    first, second = consultations.ask(**said), consultations.ask(**said)
    assert first == second
    assert ConsultationRequest.objects.count() == 1
    assert first.messages.count() == 1


@pytest.mark.clause("118-p33-3")
def test_an_oral_enquiry_is_registered_by_the_staff(chamber: Chamber) -> None:
    request = consultations.ask(
        by=chamber.coordinator, key=uuid4(), consultation_kind=ConsultationKind.TRAINING_INFO,
        topic=Topic.TRAINING, text="Телефонмен сұрады.", office=chamber.office, asker_name="Ерлан О.",
    )  # fmt: skip
    assert (request.asked_by, request.person, request.asker_name) == ("oral", None, "Ерлан О.")


def test_a_trainer_registers_no_enquiry(chamber: Chamber) -> None:
    with pytest.raises(Refused):
        consultations.ask(
            by=chamber.trainer, key=uuid4(), consultation_kind=ConsultationKind.TRAINING_INFO,
            topic=Topic.TRAINING, text="?", office=chamber.office, asker_name="Ерлан О.",
        )  # fmt: skip


def test_an_empty_question_is_refused(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="question"):
        cases.asked_on_training(chamber, text="  ")


# ---------------------------------------------------------------------------------------------------------- the terms


@pytest.mark.clause("A-29")
def test_an_answer_is_due_in_five_working_days_and_at_the_latest_in_fifteen(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber)
    assert (due(request, "T-CONSULT-5"), due(request, "T-CONSULT-15")) == ("06-15 18:30", "06-29 18:30")


@pytest.mark.clause("A-29")
def test_a_term_of_an_enquiry_is_missed_and_the_head_hears_of_it(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber)
    with clock.at(datetime(2026, 6, 29, 18, 31, tzinfo=ALMATY)):
        sweep_deadlines()
    assert set(
        Deadline.objects.filter(case_kind=request.kind, breached_at__isnull=False).values_list("name", flat=True)
    ) == {"T-CONSULT-5", "T-CONSULT-15"}
    assert Notice.objects.filter(code="N-DEADLINE-BREACHED", user=chamber.coordinator.user).count() == 2


@pytest.mark.clause("A-29")
def test_an_answer_in_time_stops_both_terms(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    rows = Deadline.objects.filter(case_kind=request.kind, case_id=request.pk)
    assert {(row.closed_by_event, row.breached_at) for row in rows} == {("answer", None)}


def test_the_turn_is_of_the_role_that_was_asked(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    assert duty(cases.asked_on_training(chamber)) == Role.COORDINATOR
    assert duty(cases.asked_on_business(case)) == Role.PROJECT_CONSULTANT


def test_the_turn_follows_to_whom_the_enquiry_is_given(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber)
    assert chamber.trainer.user is not None
    request = consultations.assign(request, by=chamber.coordinator, to=chamber.trainer.user)
    row = Deadline.objects.open().get(case_kind=request.kind, name="T-CONSULT-15")
    assert (row.duty, row.assignee) == (Role.TRAINER, chamber.trainer.user)


def test_passed_on_to_the_centre_the_term_goes_there_and_keeps_running(chamber: Chamber) -> None:
    request = consultations.take(cases.asked_on_training(chamber), by=chamber.coordinator)
    before = due(request, "T-CONSULT-15")
    request = consultations.redirect(
        request, by=chamber.coordinator, passed_to=Redirection.CENTRE, text="Орталық біледі."
    )
    row = Deadline.objects.open().get(case_kind=request.kind, name="T-CONSULT-15")
    assert (row.office, row.duty, row.assignee) == (chamber.centre, Role.SPECIALIST, None)
    assert due(request, "T-CONSULT-15") == before


def test_the_office_that_passed_an_enquiry_on_still_reads_it(chamber: Chamber) -> None:
    request = consultations.take(cases.asked_on_training(chamber), by=chamber.coordinator)
    consultations.redirect(request, by=chamber.coordinator, passed_to=Redirection.CENTRE, text="Орталық біледі.")
    for actor in (chamber.coordinator, chamber.specialist):
        assert ConsultationRequest.objects.visible_to(actor.user).filter(pk=request.pk).exists()


def test_told_of_the_tax_office_the_person_has_an_answer(chamber: Chamber) -> None:
    request = cases.asked_on_business(cases.active(chamber))
    request = consultations.take(request, by=chamber.consultant)
    request = consultations.refer_out(request, by=chamber.consultant, text="Мемлекеттік кірістер басқармасы.")
    assert request.state == ConsultationState.REDIRECTED
    assert not Deadline.objects.open().filter(case_kind=request.kind, case_id=request.pk).exists()
    assert request.messages.filter(message_kind=MessageKind.ANSWER).exists()


def test_a_trainer_answers_what_was_passed_on_to_him(chamber: Chamber) -> None:
    assert chamber.trainer.user is not None
    request = consultations.take(cases.asked_on_training(chamber), by=chamber.coordinator)
    request = consultations.redirect(
        request, by=chamber.coordinator, passed_to=Redirection.TRAINER, to=chamber.trainer.user, text="Ол біледі."
    )
    request = consultations.take(request, by=chamber.trainer)
    assert consultations.answer(request, by=chamber.trainer, text="Иә.").state == ConsultationState.ANSWERED


# ------------------------------------------------------------------------------------------------------------- rights


def test_only_who_took_an_enquiry_answers_it(chamber: Chamber) -> None:
    request = consultations.take(cases.asked_on_training(chamber), by=chamber.coordinator)
    with pytest.raises(Refused, match="colleague"):
        consultations.answer(request, by=chamber.consultant, text="Иә.")


def test_another_chamber_neither_sees_nor_takes_an_enquiry(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber)
    other = cases.hired(OfficeFactory(kind="chamber"), Role.COORDINATOR)
    assert not ConsultationRequest.objects.visible_to(other.user).exists()
    assert not verdict(request, "take", other).ok


def test_another_citizen_does_not_see_an_enquiry(chamber: Chamber) -> None:
    cases.asked_on_training(chamber)
    assert not ConsultationRequest.objects.visible_to(account_of(PersonFactory())).exists()


def test_a_trainer_sees_given_enquiries_alone(chamber: Chamber) -> None:
    cases.asked_on_training(chamber)
    assert not ConsultationRequest.objects.visible_to(chamber.trainer.user).exists()


def test_nobody_is_given_an_enquiry_of_their_own(chamber: Chamber) -> None:
    assert chamber.trainer.user is not None
    request = cases.asked_on_training(chamber, person=chamber.trainer.user.person)
    with pytest.raises(Refused, match="own"):
        consultations.assign(request, by=chamber.coordinator, to=chamber.trainer.user)


# --------------------------------------------------------------------------------------------------- what comes after


def test_the_person_confirms_and_the_enquiry_is_closed(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    request = consultations.confirm(request, by=cases.citizen(request))
    assert consultations.confirm(request, by=cases.citizen(request)).state == ConsultationState.CLOSED


def test_asked_again_the_terms_run_anew(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    with clock.at(datetime(2026, 6, 10, 9, 0, tzinfo=ALMATY)):
        request = consultations.reopen(request, by=cases.citizen(request), text="Қай жерде?")
    assert (request.state, due(request, "T-CONSULT-5")) == (ConsultationState.REOPENED, "06-17 18:30")


def test_the_second_click_of_asking_again_changes_nothing(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    for _ in range(2):
        request = consultations.reopen(request, by=cases.citizen(request), text="Қай жерде?")
    assert request.messages.filter(message_kind=MessageKind.AGAIN).count() == 1


def test_what_was_passed_on_cannot_be_confirmed_before_it_is_answered(chamber: Chamber) -> None:
    request = consultations.take(cases.asked_on_training(chamber), by=chamber.coordinator)
    request = consultations.redirect(request, by=chamber.coordinator, passed_to=Redirection.CENTRE, text="Сонда.")
    with pytest.raises(Refused, match="passed on"):
        consultations.confirm(request, by=cases.citizen(request))


@pytest.mark.clause("T-CONSULT-CLOSE")
def test_an_answered_enquiry_is_closed_after_five_working_days_and_once(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    with clock.at(datetime(2026, 6, 15, 18, 29, tzinfo=ALMATY)):
        assert sweeps.close_answered() == 0
    with clock.at(datetime(2026, 6, 15, 18, 31, tzinfo=ALMATY)):
        assert sweeps.close_answered() == 1
        assert sweeps.close_answered() == 0
    request.refresh_from_db()
    assert (request.state, request.closed_by) == (ConsultationState.CLOSED, "time")
    assert Step.objects.filter(case_kind=request.kind, case_id=request.pk, event="close").count() == 1


def test_a_worker_away_for_weeks_closes_once(chamber: Chamber) -> None:
    cases.answered(chamber, cases.asked_on_training(chamber))
    with clock.at(datetime(2026, 6, 8, 10, 0, tzinfo=ALMATY) + timedelta(days=90)):
        assert [sweeps.close_answered(), sweeps.close_answered()] == [1, 0]


def test_an_enquiry_asked_again_is_not_closed_by_time(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    consultations.reopen(request, by=cases.citizen(request), text="Қай жерде?")
    with clock.at(datetime(2026, 7, 15, 10, 0, tzinfo=ALMATY)):
        assert sweeps.close_answered() == 0


# ------------------------------------------------------------------------------------------------------------ notices


def test_the_person_is_told_number_and_day_and_then_of_the_answer(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber)
    told = Notice.objects.get(code="N-CON-RECEIVED")
    assert told.words("text", "ru").endswith("Срок ответа: 29.06.2026.")
    cases.answered(chamber, request)
    assert Notice.objects.filter(code="N-CON-ANSWERED", user=told.user).count() == 1


def test_the_second_answer_is_told_too(chamber: Chamber) -> None:
    request = cases.answered(chamber, cases.asked_on_training(chamber))
    request = consultations.reopen(request, by=cases.citizen(request), text="Қай жерде?")
    consultations.answer(request, by=chamber.coordinator, text="Қарағандыда.")
    assert Notice.objects.filter(code="N-CON-ANSWERED").count() == 2


def test_the_journal_keeps_no_words_of_the_question(chamber: Chamber) -> None:
    request = cases.asked_on_training(chamber, text="Құпия сұрақ")
    assert not [step for step in Step.objects.filter(case_id=request.pk) if "Құпия" in str(step.facts)]


def test_stopping_the_accompaniment_leaves_asked_enquiries_to_be_answered(chamber: Chamber) -> None:
    case = cases.active(chamber)
    request = cases.asked_on_business(case)
    accompaniment.stop(case, by=chamber.consultant, reason="business_closed", text="Жабылды.")
    request = consultations.take(request, by=chamber.consultant)
    assert consultations.answer(request, by=chamber.consultant, text="Иә.").state == ConsultationState.ANSWERED
