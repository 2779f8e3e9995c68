"""Who is told what on the path of a referral. The texts are those of SPEC 2.19, word for word."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from bastau import clock, notices, workdays
from bastau.flow.models import Deadline
from bastau.notices import kinds
from bastau.notices.models import Delivery, Notice
from bastau.papers.models import Paper
from bastau.people.roles import Role
from referrals import actions, papers
from referrals import notices as told
from referrals.states import Channel
from tests.factories import PersonFactory, PostFactory
from tests.referrals import cases

OFFICIAL = {
    "N-REF-ACCEPTED": (
        "Өтінішіңіз қабылданды, № {no}. Нәтижені алу күні: {date}.",
        "Ваше заявление принято, № {no}. Дата получения результата: {date}.",
    ),
    "N-REF-NEXTDAY": (
        "Өтінішіңіз жұмыс уақытынан тыс түсті, ол {date} күні қабылданған болып есептеледі.",
        "Заявление поступило в нерабочее время и считается принятым {date}.",
    ),
    "N-REF-ISSUED": ("Оқуға жолдама дайын, № {no}.", "Направление на обучение готово, № {no}."),
    "N-REF-REFUSED": (
        "Жолдама беруден бас тартылды. Негізі: {ground}. Келіспесеңіз, шағым беруге немесе сотқа жүгінуге құқылысыз.",
        "В выдаче направления отказано. Основание: {ground}. При несогласии Вы вправе подать жалобу или обратиться"
        " в суд.",
    ),
    "N-REF-REPEAT": (
        "Сіз бұрын осы жоба бойынша оқуға қатысқансыз. Қайта оқуды бастауға болатын ең ерте күн: {date}.",
        "Вы уже участвовали в обучении по этому проекту. Самая ранняя дата нового обучения: {date}.",
    ),
    "N-DEADLINE-STAFF": ("{case} бойынша мерзім {date} аяқталады.", "Срок по {case} истекает {date}."),
}


@pytest.fixture
def centre(db, morning):
    with clock.at(morning):
        yield cases.Centre.open()


def texts(user, code: str) -> list[str]:
    return [notice.text for notice in Notice.objects.visible_to(user).filter(code=code)]


def readers(code: str) -> set:
    return {notice.user for notice in Notice.objects.filter(code=code)}


def alarm(case, name: str, stage: str) -> None:
    deadline = Deadline.objects.get(case_id=case.pk, name=name)
    with transaction.atomic():
        notices.tell_many(told.alarms(case, deadline, stage))


@pytest.mark.parametrize("code", OFFICIAL)
def test_the_official_wording_is_kept_word_for_word(code):
    kk, ru = OFFICIAL[code]
    assert (kinds.kind(code).text["kk"], kinds.kind(code).text["ru"]) == (kk, ru)


@pytest.mark.parametrize("code", [*OFFICIAL, "N-REF-WITHDRAWN", "N-REF-UNCOLLECTED", "N-REF-MOVED"])
def test_an_sms_fits_two_parts(code):
    facts = {"no": "БО-35-2026-001487", "date": "05.06.2026", "result": "10.06.2026", "case": "", "ground": ""}
    for language in kinds.LANGUAGES:
        assert len(kinds.kind(code).words("sms", language, facts)) <= 134


@pytest.mark.clause("118-p08-1")
def test_acceptance_tells_the_number_and_the_date_of_the_result(centre):
    case = cases.accepted(centre)
    assert texts(cases.citizen(case).user, "N-REF-ACCEPTED") == [
        f"Өтінішіңіз қабылданды, № {case.number}. Нәтижені алу күні: 10.06.2026."
    ]


@pytest.mark.clause("118-a2-r07")
def test_a_filing_after_hours_is_told_the_next_working_day_number_and_result(centre):
    case = cases.accepted(centre)
    case.channel, case.filed_at = Channel.PORTAL, datetime(2026, 6, 5, 14, 10, tzinfo=UTC)
    told.tell_accepted(case)
    notice = Notice.objects.get(code="N-REF-NEXTDAY")
    assert "08.06.2026" in notice.text
    assert notice.more == f"Өтініштің нөмірі: {case.number}. Нәтижені алу күні: 11.06.2026."


@pytest.mark.clause("118-p29")
def test_who_was_trained_is_told_the_earliest_day_and_is_not_refused(centre):
    case = cases.accepted(centre)
    case.trained_until = date(2024, 2, 29)
    told.tell_accepted(case)
    assert texts(cases.citizen(case).user, "N-REF-REPEAT")[0].endswith("ең ерте күн: 28.02.2027.")
    assert case.state == "accepted"


def test_who_was_trained_long_ago_is_not_told_of_a_day_gone_by(centre):
    case = cases.accepted(centre)
    case.trained_until = date(2023, 6, 5)
    told.tell_accepted(case)
    assert not readers("N-REF-REPEAT")


def test_the_addresses_of_the_application_are_used(centre):
    person = PersonFactory(phone="+77010000001", email="old@example.kz")
    cases.accepted(centre, person=person, phone="+77010000002", email="")
    ways = dict(Delivery.objects.filter(notice__code="N-REF-ACCEPTED").values_list("channel", "address"))
    assert ways == {"cabinet": "", "sms": "+77010000002"}


def test_filing_writes_its_notices_with_three_statements(centre, monkeypatch, django_assert_num_queries):
    case = cases.accepted(centre)
    Delivery.objects.all().delete()
    Notice.objects.all().delete()
    case.trained_until = date(2024, 2, 29)
    calendar = workdays.current("centre")  # a request reads it once, and filing has read it
    monkeypatch.setattr(workdays, "current", lambda kind: calendar)
    with django_assert_num_queries(3):
        told.tell_accepted(case)
    assert Notice.objects.count() == 2


def test_the_issued_referral_is_told_with_its_number_and_place(centre):
    case = cases.decided(centre)
    number = Paper.objects.get(kind=papers.REFERRAL_A5, case_id=case.pk, language="kk").number
    notice = Notice.objects.get(code="N-REF-ISSUED")
    assert number
    assert notice.text == f"Оқуға жолдама дайын, № {number}."
    assert centre.office.name_kk in notice.more


def test_the_refusal_is_told_with_its_ground_and_the_right_to_complain_or_sue(centre):
    case = cases.decided(centre, refusal=True)
    (text,) = texts(cases.citizen(case).user, "N-REF-REFUSED")
    assert "Негізі: көрсетілетін қызметті алушы" in text
    assert text.endswith("Келіспесеңіз, шағым беруге немесе сотқа жүгінуге құқылысыз.")


def test_a_withdrawal_is_confirmed_once(centre):
    case = cases.in_check(centre)
    for _ in range(2):
        actions.withdraw(case, by=cases.citizen(case))
    assert len(texts(cases.citizen(case).user, "N-REF-WITHDRAWN")) == 1


def test_each_return_by_the_director_is_told_to_the_specialist(centre):
    case = cases.awaiting(centre)
    actions.send_back(case, by=centre.director, comment="Құжаттарды қайта қараңыз.")
    assert readers("N-REF-SENT-BACK") == {centre.specialist.user}
    assert Notice.objects.filter(code="N-REF-SENT-BACK").count() == 1


def test_before_the_term_the_responsible_is_told_what_to_do_by_when(centre):
    case = cases.in_check(centre)
    alarm(case, "T-REF-CHECK", "remind")
    (text,) = texts(centre.specialist.user, "N-DEADLINE-STAFF")
    assert text == f"{case.number} бойынша мерзім 09.06.2026, 18:30 аяқталады."
    assert readers("N-DEADLINE-STAFF") == {centre.specialist.user}


def test_while_nobody_has_taken_the_case_all_specialists_are_told(centre):
    case = cases.accepted(centre)
    alarm(case, "T-REF-CHECK", "remind")
    assert readers("N-DEADLINE-STAFF") == {centre.specialist.user, centre.colleague.user}


def test_a_missed_term_is_told_to_the_responsible_and_the_head_of_unit(centre):
    case = cases.in_check(centre)
    alarm(case, "T-REF-CHECK", "breach")
    assert readers("N-DEADLINE-BREACHED") == {centre.specialist.user, centre.head.user}


def test_a_term_long_missed_is_told_to_the_director(centre):
    case = cases.in_check(centre)
    alarm(case, "T-REF-CHECK", "escalate")
    assert readers("N-DEADLINE-ESCALATED") == {centre.director.user}


def test_a_deputy_in_office_is_told_too(centre, morning):
    deputy = PostFactory(
        office=centre.office, role=Role.DIRECTOR, substitutes=centre.director.post, until=morning + timedelta(days=9)
    )
    alarm(cases.in_check(centre), "T-REF-CHECK", "escalate")
    assert readers("N-DEADLINE-ESCALATED") == {centre.director.user, deputy.user}


def test_the_same_alarm_again_tells_nobody(centre):
    case = cases.in_check(centre)
    alarm(case, "T-REF-CHECK", "breach")
    before = Notice.objects.count()
    alarm(case, "T-REF-CHECK", "breach")
    assert Notice.objects.count() == before


def test_a_moved_term_is_told_to_staff_and_the_new_date_of_the_result_to_the_citizen(centre):
    case = cases.in_check(centre)
    Deadline.objects.update(due_at=datetime(2026, 6, 11, 13, 30, tzinfo=UTC))
    for name in ("T-REF-CHECK", "T-REF-TOTAL"):
        alarm(case, name, "moved")
    assert readers("N-DEADLINE-MOVED") == {centre.specialist.user}
    assert texts(cases.citizen(case).user, "N-REF-MOVED") == [
        f"Жұмыс күндерінің күнтізбесі өзгерді. Өтініш № {case.number}. Нәтижені алудың жаңа күні: 11.06.2026."
    ]
