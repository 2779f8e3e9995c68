"""Writing notices: with the change, once, to the right people, in two statements."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from bastau import clock, notices
from bastau.notices import Citizen, Holders, Message
from bastau.notices.models import Delivery, Notice
from bastau.people.models import Post, User

FACTS = {"no": "БО-35-2026-000001", "date": date(2026, 6, 10)}


def message(to, key="accepted", case_id=1, **other) -> Message:
    return Message("N-SAMPLE", to, "referral", case_id, key, FACTS, **other)


def ways(user) -> dict[str, str]:
    return dict(Delivery.objects.filter(notice__user=user).values_list("channel", "address"))


@pytest.mark.django_db(transaction=True)
def test_telling_outside_a_transaction_raises(citizen):
    with pytest.raises(notices.NotInTransaction):
        notices.tell("N-SAMPLE", user=citizen(), case_kind="referral", case_id=1, key="a", facts=FACTS)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_is_not_told(citizen, queued):
    user = citizen()

    def change() -> None:
        with transaction.atomic():
            notices.tell("N-SAMPLE", user=user, case_kind="referral", case_id=1, key="a", facts=FACTS)
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert (Notice.objects.count(), queued()) == (0, [])


def test_telling_the_same_again_changes_nothing(citizen, django_capture_on_commit_callbacks, queued):
    user = citizen()
    with django_capture_on_commit_callbacks(execute=True):
        assert notices.tell_many([message(user)]) == 1
    user.person.email = "other@example.kz"
    with django_capture_on_commit_callbacks(execute=True):
        assert notices.tell_many([message(user)]) == 0
    assert ways(user)["email"] == "aigul@example.kz"
    assert (Notice.objects.count(), queued()) == (1, ["deliver_due"])


def test_the_same_twice_in_one_list_is_one_notice(citizen):
    user = citizen()
    assert notices.tell_many([message(user), message(user)]) == 1
    assert Delivery.objects.count() == 3


def test_another_event_case_or_user_is_another_notice(citizen):
    one, other = citizen(), citizen()
    told = [message(one), message(one, key="issued"), message(one, case_id=2), message(other)]
    assert notices.tell_many(told) == 4


@pytest.mark.parametrize("number", [3, 30])
def test_two_statements_whatever_the_number(citizen, number, django_assert_num_queries, morning):
    users = [citizen() for _ in range(number)]
    with clock.at(morning), django_assert_num_queries(2):
        notices.tell_many([message(user) for user in users])
    assert Delivery.objects.count() == 3 * number


@pytest.mark.parametrize("number", [3, 30])
def test_one_statement_more_finds_the_holders_of_posts(
    staff, citizen, office, number, django_assert_num_queries, morning
):
    staff("specialist")
    with clock.at(morning), django_assert_num_queries(3):
        told = notices.tell_many([message(Holders(office.pk, ("specialist",)), case_id=n) for n in range(number)])
    assert told == number


def test_a_citizen_reads_it_in_the_cabinet_by_mail_and_by_sms(citizen):
    user = citizen()
    notices.tell_many([message(user)])
    assert ways(user) == {"cabinet": "", "email": "aigul@example.kz", "sms": "+77010000001"}


def test_a_citizen_without_addresses_reads_it_in_the_cabinet(citizen):
    user = citizen(phone="", email="")
    notices.tell_many([message(user)])
    assert ways(user) == {"cabinet": ""}


def test_the_addresses_given_for_the_case_come_first(citizen):
    user = citizen()
    notices.tell_many([message(user, email="", phone="+77770000000")])
    assert ways(user) == {"cabinet": "", "sms": "+77770000000"}


def test_staff_read_it_on_the_desk_and_in_the_digest(staff, django_capture_on_commit_callbacks, queued):
    user = staff("specialist")
    with django_capture_on_commit_callbacks(execute=True):
        notices.tell_many([message(user)])
    assert ways(user) == {"cabinet": "", "digest": user.email}
    assert queued() == []


def test_a_line_in_the_cabinet_is_there_at_once(citizen, morning):
    with clock.at(morning):
        notices.tell_many([message(citizen())])
    assert Delivery.objects.get(channel="cabinet").sent_at == morning


def test_holders_are_those_whose_post_is_in_force(staff, office, morning):
    now, gone, closed = staff("specialist"), staff("specialist"), staff("specialist", is_active=False)
    other = staff("director")
    Post.objects.filter(user=gone).update(until=morning - timedelta(days=1))
    with clock.at(morning):
        notices.tell_many([message(Holders(office.pk, ("specialist", "unit_head")))])
    assert [notice.user for notice in Notice.objects.all()] == [now]
    assert {gone, closed, other} & {notice.user for notice in Notice.objects.all()} == set()


def test_who_holds_two_roles_is_told_once(staff, office, morning):
    user = staff("specialist")
    post = Post.objects.get()
    post.pk, post.role = None, "unit_head"
    post.save()
    with clock.at(morning):
        assert notices.tell_many([message(Holders(office.pk, ("specialist", "unit_head"))), message(user.pk)]) == 1


def test_a_citizen_of_a_counter_gets_an_account_whose_cabinet_holds_the_notice(person):
    told = person()
    notices.tell_many([message(Citizen(told.pk))])
    user = User.objects.get(person=told, kind="citizen")
    assert Notice.objects.visible_to(user).count() == 1


def test_a_fact_left_out_is_refused(citizen):
    with pytest.raises(ValueError, match="date"):
        notices.tell("N-SAMPLE", user=citizen(), case_kind="referral", case_id=1, key="a", facts={"no": "1"})
    assert not Notice.objects.exists()


def test_a_notice_speaks_the_language_of_its_reader(citizen):
    for language in ("kk", "ru"):
        notices.tell_many([message(citizen(language))])
    texts = {notice.language: notice.text for notice in Notice.objects.all()}
    assert texts["kk"] == "Үлгі, № БО-35-2026-000001. Күні: 10.06.2026."
    assert texts["ru"] == "Образец, № БО-35-2026-000001. Дата: 10.06.2026."


def test_a_notice_is_seen_by_its_addressee_alone(citizen):
    mine, other = citizen(), citizen()
    notices.tell_many([message(mine)])
    seen = [Notice.objects.visible_to(user).count() for user in (mine, other, AnonymousUser())]
    assert seen == [1, 0, 0]


def test_reading_is_noted_once_and_for_the_reader_only(citizen, morning):
    mine, other = citizen(), citizen()
    notices.tell_many([message(mine), message(other)])
    with clock.at(morning):
        assert Notice.objects.visible_to(mine).mark_read() == 1
        assert Notice.objects.visible_to(mine).mark_read() == 0
    assert Notice.objects.unread().get().user == other
