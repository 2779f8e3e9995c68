"""What stands in a mail, and the staff's one mail a day."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from bastau import clock, notices
from bastau.notices import Message, digest, tasks
from bastau.notices.models import Delivery, Notice
from bastau.people.models import Post

FACTS = {"no": "1", "date": date(2026, 6, 10)}


def tell(user, at, key="accepted") -> None:
    with clock.at(at):
        notices.tell_many([Message("N-SAMPLE", user, "referral", 1, key, FACTS)])


def run_digest(at) -> None:
    with clock.at(at):
        tasks.staff_digest()
        tasks.deliver_due()


def test_a_mail_says_the_notice_what_follows_and_where_to_read_more(citizen, mailoutbox, morning, settings):
    tell(citizen("kk", phone=""), morning)
    with clock.at(morning):
        tasks.deliver_due()
    (mail,) = mailoutbox
    assert mail.subject == "Үлгі 1"
    assert mail.body.splitlines() == [
        "Сәлеметсіз бе!",
        "",
        "Үлгі, № 1. Күні: 10.06.2026.",
        "Толығырақ.",
        "",
        "Толығырақ жеке кабинетіңізде:",
        settings.SITE_URL + reverse("cabinet"),
        "",
        "Бұл хат автоматты түрде жіберілді, оған жауап жазудың қажеті жоқ.",
    ]


def test_a_russian_reader_gets_a_russian_mail(citizen, mailoutbox, morning):
    tell(citizen("ru", phone=""), morning)
    with clock.at(morning):
        tasks.deliver_due()
    (mail,) = mailoutbox
    assert mail.subject == "Образец 1"
    assert mail.body.startswith("Здравствуйте!\n\nОбразец, № 1. Дата: 10.06.2026.\nПодробнее.\n")
    assert mail.message()["Content-Language"] == "ru"
    assert mail.message()["Auto-Submitted"] == "auto-generated"


def test_a_fact_with_a_line_break_cannot_add_a_header(citizen, mailoutbox, morning):
    with clock.at(morning):
        facts = {"no": "1\r\nBcc: all@example.kz", "date": date(2026, 6, 10)}
        notices.tell_many([Message("N-SAMPLE", citizen("kk", phone=""), "referral", 1, "a", facts)])
        tasks.deliver_due()
    (mail,) = mailoutbox
    assert mail.subject == "Үлгі 1 Bcc: all@example.kz"
    assert mail.message()["Bcc"] is None


def test_staff_get_one_mail_a_day_with_all_that_came(staff, mailoutbox, morning):
    user = staff("specialist")
    for key in ("a", "b", "c"):
        tell(user, morning - timedelta(hours=2), key)
    for hour in range(5):
        run_digest(morning + timedelta(hours=hour))
    (mail,) = mailoutbox
    assert mail.to == [user.email]
    assert mail.subject == "Новые уведомления: 3"
    assert mail.body.count("— Образец, № 1. Дата: 10.06.2026.") == 3
    assert reverse("workplace:index") in mail.body


def test_what_comes_after_the_mail_waits_for_the_next_days(staff, mailoutbox, morning):
    user = staff("specialist")
    tell(user, morning, "a")
    run_digest(morning)
    tell(user, morning, "b")
    run_digest(morning + timedelta(hours=3))
    assert len(mailoutbox) == 1
    run_digest(morning + timedelta(days=1))
    assert [mail.body.count("— ") for mail in mailoutbox] == [1, 1]


def test_nothing_is_sent_before_five_past_nine_of_the_office(staff, mailoutbox, morning):
    tell(staff("specialist"), morning - timedelta(hours=3))
    run_digest(morning.replace(hour=4, minute=4))
    assert mailoutbox == []
    run_digest(morning.replace(hour=4, minute=5))
    assert len(mailoutbox) == 1


def test_the_offices_own_zone_decides_when_it_is_morning(staff, office, mailoutbox, morning):
    office.zone = "Europe/London"
    office.save()
    tell(staff("specialist"), morning - timedelta(hours=3))
    run_digest(morning)
    assert mailoutbox == []
    run_digest(morning + timedelta(hours=5))
    assert len(mailoutbox) == 1


def test_what_was_read_on_the_desk_is_not_mailed(staff, mailoutbox, morning):
    user = staff("specialist")
    tell(user, morning)
    Notice.objects.visible_to(user).mark_read()
    run_digest(morning + timedelta(minutes=1))
    assert mailoutbox == []
    assert Delivery.objects.get(channel="digest").last_error == "read"


def test_somebody_without_a_post_still_gets_what_came(staff, mailoutbox, morning):
    user = staff("specialist")
    tell(user, morning)
    Post.objects.all().delete()
    run_digest(morning)
    assert len(mailoutbox) == 1


def test_the_digest_is_a_mail_and_no_line_of_the_desk(staff, morning):
    user = staff("specialist")
    tell(user, morning)
    run_digest(morning)
    assert [notice.code for notice in Notice.objects.visible_to(user)] == ["N-SAMPLE"]


def test_two_workers_at_once_write_one_digest_and_lose_nothing(staff, mailoutbox, morning):
    user = staff("specialist")
    tell(user, morning, "a")
    run_digest(morning)
    tell(user, morning, "b")
    with clock.at(morning):
        # The second worker looked for today's digest before the first one wrote it.
        assert digest._send(user, morning.date()) == 0
    assert Delivery.objects.filter(channel="digest", sent_at=None, given_up_at=None).count() == 1


@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_statements_does_not_grow_with_the_notices(staff, morning, number, django_assert_num_queries):
    user = staff("specialist")
    for n in range(number):
        tell(user, morning, str(n))
    with clock.at(morning), django_assert_num_queries(10):
        digest.send_digests()
