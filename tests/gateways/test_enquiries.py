"""Questions to other systems: asked until answered, answered once."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from bastau import clock, gateways
from bastau.gateways import outbox, signals, tasks
from bastau.gateways.models import Enquiry, System
from bastau.gateways.simulators.people import make_iin, synthetic

MORNING = datetime(2026, 6, 5, 4, 0, tzinfo=UTC)
REGISTERS = [System.PERSON_REGISTRY, System.LABOUR_MARKET]
IIN = make_iin(0)


@pytest.fixture
def told():
    """The enquiries whose answers were told, in order."""
    heard: list[str] = []

    def hear(sender, enquiry, **_):
        assert connection.in_atomic_block
        heard.append(enquiry.key)

    signals.answered.connect(hear)
    yield heard
    signals.answered.disconnect(hear)


def ask(key="q", system=System.PERSON_REGISTRY, iin=IIN) -> Enquiry:
    with transaction.atomic():
        return gateways.ask(system, subject_iin=iin, case_kind="sample", case_id=1, key=key)


def fresh(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


@pytest.mark.django_db(transaction=True)
def test_asking_outside_a_transaction_raises():
    with pytest.raises(gateways.NotInTransaction):
        gateways.ask(System.PERSON_REGISTRY, subject_iin=IIN, case_kind="sample", case_id=1, key="q")


@pytest.mark.django_db
def test_the_same_key_is_the_same_question():
    assert ask().pk == ask().pk
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db
def test_an_unknown_system_is_refused():
    with pytest.raises(ValueError):
        ask(system="horoscope")


@pytest.mark.django_db
def test_asking_both_registers_takes_two_statements(django_assert_num_queries):
    with clock.at(MORNING), django_assert_num_queries(2):
        asked = gateways.ask_all(REGISTERS, subject_iin=IIN, case_kind="sample", case_id=1, key="draft")
    assert {enquiry.key for enquiry in asked.values()} == {"draft:person_registry", "draft:labour_market"}


@pytest.mark.django_db
def test_a_question_is_queued_on_commit_and_an_answered_one_is_not(
    sent_tasks, simulators, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        enquiry = ask()
    assert sent_tasks == [(tasks.send.name, (enquiry.pk,), {})]
    tasks.send(enquiry.pk)
    with django_capture_on_commit_callbacks(execute=True):
        ask()
    assert len(sent_tasks) == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_no_question(monkeypatch, simulators, told):
    def away(pk):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.send, "delay", away)
    enquiry = ask()
    tasks.send_due()
    assert told == [enquiry.key]


@pytest.mark.django_db
def test_the_answer_of_the_register_is_kept_and_told_once(simulators, told):
    enquiry = ask()
    tasks.send(enquiry.pk)
    tasks.send(enquiry.pk)
    tasks.send_due()
    person = synthetic(IIN)
    assert person is not None
    assert fresh(enquiry).answer["surname"] == person["surname"]
    assert (fresh(enquiry).attempts, fresh(enquiry).last_error) == (1, "")
    assert told == [enquiry.key]


@pytest.mark.django_db
def test_somebody_the_register_does_not_know_is_an_answer(simulators, told):
    enquiry = ask(iin="000000000000")
    tasks.send(enquiry.pk)
    assert fresh(enquiry).answer == {"found": False}


# The bank is asked with what is to be asked of it: tests/gateways/test_bank_and_tax.py.
@pytest.mark.parametrize("system", [*REGISTERS, System.TAX_REGISTRY])
@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("slow", "timeout"),
        ("down", "down"),
        ("nonsense", "nonsense"),
        ("empty", "nonsense"),
        ("wrong_person", "nonsense"),
    ],
)
@pytest.mark.django_db
def test_a_fault_is_noted_and_the_question_is_asked_again(system, mode, error, broken, told):
    broken(system, mode, times=1)
    with clock.at(MORNING):
        enquiry = ask(system=system)
        tasks.send_due()
        assert (fresh(enquiry).last_error, fresh(enquiry).answered_at, told) == (error, None, [])
        tasks.send_due()
        assert fresh(enquiry).attempts == 1
    with clock.at(MORNING + outbox.PAUSES[0]):
        tasks.send_due()
    assert (fresh(enquiry).last_error, told) == ("", [enquiry.key])
    assert fresh(enquiry).answer["iin"] == IIN


@pytest.mark.django_db
def test_no_way_of_talking_nonsense_is_taken_for_an_answer(broken, told):
    broken("labour_market", "nonsense", times=3)
    with clock.at(MORNING):
        enquiry = ask(system=System.LABOUR_MARKET)
    for hour in range(3):
        with clock.at(MORNING + timedelta(hours=hour)):
            tasks.send_due()
        assert fresh(enquiry).last_error == "nonsense"
    with clock.at(MORNING + timedelta(hours=3)):
        tasks.send_due()
    assert told == [enquiry.key]


@pytest.mark.django_db
def test_nobody_listening_at_the_address_is_down(settings, simulators):
    settings.PERSON_REGISTRY_URL = "http://127.0.0.1:1/person_registry"
    enquiry = ask()
    tasks.send(enquiry.pk)
    assert fresh(enquiry).last_error == "down"


@pytest.mark.django_db
def test_pauses_grow_to_a_quarter_of_an_hour_and_the_question_is_never_given_up(broken):
    broken("person_registry", "down")
    at, waits = MORNING, []
    with clock.at(at):
        enquiry = ask()
    for _ in range(20):
        with clock.at(at):
            tasks.send_due()
        waits.append(fresh(enquiry).next_at - at)
        at = fresh(enquiry).next_at
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=1)
    assert waits[-1] == timedelta(minutes=15)
    assert fresh(enquiry).given_up_at is None


@pytest.mark.django_db
def test_a_question_whose_worker_was_killed_is_asked_again_after_a_while(simulators, told):
    with clock.at(MORNING):
        enquiry = ask()
        assert outbox._claim(outbox.Q(pk=enquiry.pk)) is not None  # and here the worker dies
        tasks.send_due()
        assert (told, fresh(enquiry).last_error) == ([], "unfinished")
    with clock.at(MORNING + timedelta(minutes=1)):
        tasks.send_due()
    assert told == [enquiry.key]


@pytest.mark.django_db
def test_two_answers_to_one_question_are_told_once(simulators, told):
    with clock.at(MORNING):
        enquiry = ask()
        first = outbox._claim(outbox.Q(pk=enquiry.pk))
        gateways.ask_again(enquiry)
        second = outbox._claim(outbox.Q(pk=enquiry.pk))
        assert first is not None
        assert second is not None
        outbox._attempt(second)
        outbox._attempt(first)
    assert told == [enquiry.key]


@pytest.mark.django_db(transaction=True)
def test_four_workers_ask_each_question_once(simulators, told):
    with transaction.atomic():
        for n in range(12):
            gateways.ask("person_registry", subject_iin=make_iin(n), case_kind="sample", case_id=n, key=f"q{n}")
    together = Barrier(4)

    def work():
        try:
            together.wait(5)
            tasks.send_due()
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(told) == sorted(f"q{n}" for n in range(12))
    assert simulators.asked["person_registry"] == 12


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_takes_the_answer_back(simulators):
    def fail(sender, **_):
        raise LookupError("no such case")

    with clock.at(MORNING):
        enquiry = ask()
        signals.answered.connect(fail)
        try:
            with pytest.raises(LookupError):
                tasks.send(enquiry.pk)
        finally:
            signals.answered.disconnect(fail)
    assert fresh(enquiry).is_open
    with clock.at(MORNING + timedelta(minutes=1)):
        tasks.send_due()
    assert not fresh(enquiry).is_open


@pytest.mark.django_db
def test_asking_again_does_not_wait_for_the_pause(broken, told):
    broken("person_registry", "down", times=1)
    with clock.at(MORNING):
        enquiry = ask()
        tasks.send_due()
        assert gateways.ask_again(enquiry)
        tasks.send_due()
    assert told == [enquiry.key]


@pytest.mark.django_db
def test_asking_again_by_the_same_key_does_not_wait_either(broken, told):
    broken("person_registry", "down", times=1)
    with clock.at(MORNING):
        ask()
        tasks.send_due()
        gateways.ask("person_registry", subject_iin=IIN, case_kind="sample", case_id=1, key="q", again=True)
        tasks.send_due()
    assert told == ["q"]


@pytest.mark.django_db
def test_an_answered_question_is_not_asked_again(simulators, told):
    enquiry = ask()
    tasks.send_due()
    assert not gateways.ask_again(enquiry)
    tasks.send_due()
    assert simulators.asked["person_registry"] == 1


@pytest.mark.django_db
def test_a_closed_case_stops_asking(simulators, told):
    with clock.at(MORNING):
        ask()
        assert gateways.stop_asking(case_kind="sample", case_id=1) == 1
        tasks.send_due()
    assert (told, simulators.asked["person_registry"]) == ([], 0)


@pytest.mark.django_db
def test_a_register_that_is_down_does_not_hold_up_the_other(simulators, broken, told):
    broken("person_registry", "down")
    for n in range(10):
        ask(key=f"p{n}")
    ask(key="labour", system=System.LABOUR_MARKET)
    tasks.send_due()
    assert told == ["labour"]
    assert simulators.asked["person_registry"] == 3
