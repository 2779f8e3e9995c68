"""Delivery: each message leaves once, late rather than never, and is given up with its reason."""

import smtplib
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from bastau import clock, notices
from bastau.notices import Message, delivery, tasks
from bastau.notices.models import Delivery


@pytest.fixture
def told(citizen, morning, sms_gateway):
    """`told(**person)` tells one citizen something at ten in the morning."""

    def tell(**fields):
        user = citizen(**fields)
        facts = {"no": "1", "date": date(2026, 6, 10)}
        with clock.at(morning), transaction.atomic():
            notices.tell_many([Message("N-SAMPLE", user, "referral", 1, "accepted", facts)])
        return user

    return tell


def way(channel: str) -> Delivery:
    return Delivery.objects.get(channel=channel)


class Refusing(EmailBackend):
    """A mail server that takes nothing; the test says why."""

    error: OSError

    def send_messages(self, messages):
        raise self.error


@pytest.fixture
def mail_fails(settings, monkeypatch):
    """`mail_fails(error)` lets every sending of mail raise it."""

    def fail(error: OSError) -> None:
        monkeypatch.setattr(Refusing, "error", error, raising=False)
        settings.EMAIL_BACKEND = f"{__name__}.Refusing"

    return fail


def test_mail_and_sms_leave_once_however_often_we_deliver(told, sent_sms, mailoutbox, morning):
    told()
    for hour in range(3):
        with clock.at(morning + timedelta(hours=hour)):
            tasks.deliver_due()
    assert [message.to for message in mailoutbox] == [["aigul@example.kz"]]
    assert [(sms["to"], sms["text"]) for sms in sent_sms()] == [("+77010000001", "Қысқаша 1")]
    assert way("sms").sent_at == way("email").sent_at == morning


def test_a_repeated_mail_is_the_same_mail(told, mailoutbox, morning):
    told(phone="")
    with clock.at(morning):
        first = delivery._claim(["email"])
        delivery._send_mail(delivery.mail.message(first))  # and here the worker dies
    with clock.at(morning + timedelta(minutes=2)):
        tasks.deliver_due()
    ids = [message.message()["Message-ID"] for message in mailoutbox]
    assert len(ids) == 2
    assert ids[0] == ids[1] == f"<delivery-{way('email').pk}@127.0.0.1>"


def test_an_sms_whose_worker_died_before_noting_it_does_not_leave_again(told, sent_sms, morning):
    told(email="")
    with clock.at(morning):
        delivery._send_sms(delivery._claim(["sms"]))  # and here the worker dies
        tasks.deliver_due()
        assert way("sms").last_error == "unfinished"
    with clock.at(morning + timedelta(minutes=2)):
        tasks.deliver_due()
    assert len(sent_sms()) == 1
    assert way("sms").sent_at is not None


def test_an_sms_that_left_but_was_confirmed_too_late_does_not_leave_again(told, sent_sms, broken, morning):
    told(email="")
    broken("slow", times=1)
    with clock.at(morning):
        tasks.deliver_due()
        assert way("sms").last_error == "timeout"
    with clock.at(morning + timedelta(minutes=1)):
        tasks.deliver_due()
    assert (len(sent_sms()), way("sms").last_error) == (1, "")


@pytest.mark.parametrize(("mode", "error"), [("down", "down"), ("nonsense", "nonsense"), ("empty", "nonsense")])
def test_a_fault_of_the_sms_gateway_is_noted_and_outlived(told, sent_sms, broken, morning, mode, error):
    told(email="")
    broken(mode, times=1)
    with clock.at(morning):
        tasks.deliver_due()
        assert (way("sms").last_error, way("sms").sent_at) == (error, None)
    with clock.at(morning + timedelta(minutes=1)):
        tasks.deliver_due()
    assert (len(sent_sms()), way("sms").last_error) == (1, "")


def test_a_number_that_does_not_exist_is_given_up_at_once(told, sent_sms, morning):
    told(email="", phone="+71112223344")
    with clock.at(morning):
        tasks.deliver_due()
    assert (way("sms").given_up_at, way("sms").last_error) == (morning, "address")


def test_pauses_grow_and_after_a_week_the_notice_is_given_up_with_its_reason(told, broken, morning):
    told(email="")
    broken("down")
    at, waits = morning, []
    while way("sms").given_up_at is None:
        with clock.at(at):
            tasks.deliver_due()
        waits.append(way("sms").next_at - at)
        at = way("sms").next_at
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes[:6] == [1, 5, 15, 60, 360, 360]
    assert timedelta(days=7) <= way("sms").given_up_at - morning < timedelta(days=7, hours=6)
    assert (way("sms").last_error, way("sms").sent_at) == ("down", None)


def test_what_waited_a_month_for_a_worker_is_tried_more_than_once(told, broken, sent_sms, morning):
    told(email="")
    broken("down", times=2)
    for days in (30, 31, 32):
        with clock.at(morning + timedelta(days=days)):
            tasks.deliver_due()
    assert len(sent_sms()) == 1


@pytest.mark.parametrize(
    ("error", "code", "given_up"),
    [
        (ConnectionRefusedError(), "down", False),
        (TimeoutError(), "timeout", False),
        (smtplib.SMTPServerDisconnected(), "down", False),
        (smtplib.SMTPAuthenticationError(535, b"no"), "refused", False),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"later")}), "refused", False),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), "address", True),
    ],
)
def test_what_the_mail_server_says_decides_whether_we_try_again(told, mail_fails, morning, error, code, given_up):
    told(phone="")
    mail_fails(error)
    with clock.at(morning):
        tasks.deliver_due()
    assert (way("email").last_error, way("email").given_up_at is not None) == (code, given_up)


def test_a_gateway_that_is_down_does_not_hold_up_the_mail(told, broken, sms_gateway, mailoutbox, morning):
    broken("down")
    for _ in range(6):
        told()
    with clock.at(morning):
        tasks.deliver_due()
    assert len(mailoutbox) == 6
    assert sms_gateway.asked["sms"] == 3


def test_a_long_queue_is_left_to_the_next_task(told, queued, monkeypatch, morning):
    monkeypatch.setattr(tasks, "RUN", 2)
    for _ in range(3):
        told(phone="")
    with clock.at(morning):
        tasks.deliver_due()
        assert (len(mail.outbox), queued()) == (2, ["deliver_due"])
        tasks.deliver_due()
    assert (len(mail.outbox), queued()) == (3, ["deliver_due"])


@pytest.mark.django_db(transaction=True)
def test_four_workers_deliver_each_message_once(told, sent_sms, sms_gateway, mailoutbox):
    for _ in range(8):
        told()
    together = Barrier(4)

    def work():
        try:
            together.wait(5)
            tasks.deliver_due()
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(mailoutbox), sms_gateway.asked["sms"], len(sent_sms())) == (8, 8, 8)
