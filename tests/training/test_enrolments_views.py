"""The screens of enrolment: the citizen's pages, the coordinator's counter and case page, the trainer's journal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from bastau import clock, papers
from bastau.flow import Actor
from bastau.papers.models import Paper, PaperState
from bastau.people import codes
from bastau.people.citizens import account_of
from tests.factories import PersonFactory
from tests.referrals import cases as referral_cases
from tests.referrals.walk import signed_in, text
from tests.training import course_cases as cases
from tests.training.groups_cases import Chamber, enrolling, hired
from training.actions import enrolments
from training.models import Attendance, Enrolment, IndividualConsultation, PitchTraining
from training.rules import enrolments as rules
from training.states import EnrolmentState

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 4, 10, tzinfo=cases.ALMATY)
PROJECT = {"sector": "Наубайхана", "description": "", "collateral": "no", "collateral_text": ""}
STUDY = {"study_form": "online", "phone": "8 701 234 56 78", "email": "", "language": "kk"}
PROMISES = {"promises": "on", "consent_data": "on", "consent_secrets": "on"}


@pytest.fixture
def chamber() -> Iterator[Chamber]:
    with clock.at(MAY):
        yield Chamber.open()


@pytest.fixture
def group(chamber: Chamber) -> Any:
    return enrolling(chamber, mode="online")


@pytest.fixture
def person(chamber: Chamber) -> Any:
    found = PersonFactory(phone="+77012345678", email="")
    referral_cases.decided(chamber.centre, person=found)
    return found


@pytest.fixture
def web(person: Any) -> Client:
    return signed_in(account_of(person))


def said(words: str) -> str:
    """As the staff's pages say it: in the language of the member of staff."""
    with translation.override("kk"):
        return gettext(words)


def desk(actor: Actor) -> Client:
    assert actor.user is not None
    return signed_in(actor.user)


def url(case: Any, page: str) -> str:
    return reverse(f"training:enrolment_{page}", args=[case.pk])


def filled_in(web: Client, group: Any) -> Enrolment:
    """All question pages answered."""
    web.post("/training/apply/")
    case = Enrolment.objects.latest("pk")
    web.post(url(case, "group"), {"group": str(group.pk)})
    web.post(url(case, "project"), PROJECT)
    web.post(url(case, "study"), STUDY)
    web.post(url(case, "promises"), PROMISES)
    case.refresh_from_db()
    return case


def sent(web: Client, group: Any) -> Enrolment:
    """Annex 4 printed, signed and sent."""
    case = filled_in(web, group)
    web.post(url(case, "check"))
    sign(web, url(case, "sign"), case)
    case.refresh_from_db()
    assert case.state == EnrolmentState.SUBMITTED
    return case


def sign(web: Client, address: str, case: Enrolment) -> Any:
    paper = papers.render(Paper.objects.get(case_kind="enrolment", case_id=case.pk, state=PaperState.ASKED).pk)
    return web.post(address, {"sign_with": "demo", "paper_sha256": paper.sha256})


def test_a_citizen_walks_from_the_cabinet_to_an_enrolment(web: Client, group: Any) -> None:
    assert "Apply for the training" in text(web.get("/cabinet/"))
    assert web.get("/training/apply/").status_code == 200
    case = sent(web, group)
    page = text(web.get(url(case, "case")))
    assert case.number in page
    assert "accept the contract" in page
    assert "ЖЛ-35-2026-000001" in text(web.get(url(case, "offer")))
    web.post(url(case, "offer"), {"offer": "on", "consent": "on", "means": "eds"})
    sign(web, url(case, "offer_sign"), case)
    case.refresh_from_db()
    assert case.state == EnrolmentState.ENROLLED
    assert "You are enrolled" in text(web.get("/cabinet/"))
    assert web.get(url(case, "case")).status_code == 200


@pytest.mark.parametrize("page", ["group", "project", "study", "promises", "check"])
def test_each_question_page_opens_and_keeps_what_was_answered(web: Client, group: Any, page: str) -> None:
    case = filled_in(web, group)
    response = web.get(url(case, page))
    assert response.status_code == 200
    assert case.group_id == group.pk
    assert case.questionnaire["sector"] == "Наубайхана"


def test_a_promise_not_given_is_asked_for(web: Client, group: Any) -> None:
    web.post("/training/apply/")
    case = Enrolment.objects.latest("pk")
    response = web.post(url(case, "promises"), {"consent_data": "on", "consent_secrets": "on"})
    assert response.status_code == 422
    assert "Read the seven points" in text(response)


def test_a_code_from_the_phone_accepts_the_contract(web: Client, group: Any, sent_tasks: Any) -> None:
    case = sent(web, group)
    response = web.post(url(case, "offer"), {"offer": "on", "consent": "on", "means": "code"})
    assert response.status_code == 302
    token = next(args[0] for name, args, _kw in sent_tasks if name.endswith("send_offer_code"))
    issued = codes.issue(token)
    assert issued is not None
    wrong = web.post(url(case, "offer_code"), {"code": "000000" if issued[1] != "000000" else "111111"})
    assert wrong.status_code == 422
    web.post(url(case, "offer_code"), {"code": issued[1]})
    case.refresh_from_db()
    assert (case.state, case.offer_means) == (EnrolmentState.ENROLLED, "code")
    cache.clear()


def test_the_code_page_is_closed_to_who_did_not_tick(web: Client, group: Any) -> None:
    case = sent(web, group)
    response = web.get(url(case, "offer_code"))
    assert response.headers["Location"] == url(case, "offer")


def test_a_full_group_offers_its_waiting_list(web: Client, group: Any, monkeypatch: Any) -> None:
    case = sent(web, group)
    monkeypatch.setattr(rules, "places_left", lambda found: 0)
    assert "waiting list" in text(web.get(url(case, "offer")))
    web.post(url(case, "offer"))
    case.refresh_from_db()
    assert case.state == EnrolmentState.WAITLISTED
    assert "You are on the waiting list" in text(web.get(url(case, "offer")))


def test_a_citizen_leaves_with_a_reason(web: Client, group: Any) -> None:
    case = sent(web, group)
    assert web.get(url(case, "leave")).status_code == 200
    web.post(url(case, "leave"), {"reason": "OWN_REQUEST"})
    case.refresh_from_db()
    assert case.state == EnrolmentState.WITHDRAWN


def test_the_earliest_day_stands_on_the_page_of_groups(web: Client, person: Any, group: Any) -> None:
    referral = enrolments.referral_of(person)
    assert referral is not None
    referral.trained_until = group.start_on.replace(year=group.start_on.year - 2)
    referral.save(update_fields=["trained_until"])
    web.post("/training/apply/")
    case = Enrolment.objects.latest("pk")
    page = text(web.get(url(case, "group")))
    assert "three years" in page
    assert f"{group.start_on.year + 1}" in page
    assert web.post(url(case, "group"), {"group": str(group.pk)}).status_code == 422


def test_what_is_another_persons_does_not_exist(web: Client, group: Any) -> None:
    case = sent(web, group)
    other = signed_in(account_of(PersonFactory()))
    for page in ("case", "offer", "leave", "choose", "sign"):
        assert other.get(url(case, page)).status_code == 404


# ------------------------------------------------------------------------------------------------- the coordinator


def test_the_counter_takes_a_questionnaire_signed_by_hand(chamber: Chamber, person: Any, group: Any) -> None:
    staff = desk(chamber.coordinator)
    assert staff.get("/office/training/counter/").status_code == 200
    response = staff.post("/office/training/counter/", {"iin": person.iin})
    case = Enrolment.objects.get(person=person)
    assert response.headers["Location"].endswith(f"/counter/{case.pk}/")
    assert staff.get(f"/office/training/counter/{case.pk}/").status_code == 200
    staff.post(f"/office/training/counter/{case.pk}/", {"group": str(group.pk), **PROJECT, **STUDY, **PROMISES})
    assert said("Take the application") in text(staff.get(f"/office/training/counter/{case.pk}/"))
    refused = staff.post(f"/office/training/counter/{case.pk}/", {"take": "1"})
    assert refused.status_code == 422
    staff.post(f"/office/training/counter/{case.pk}/", {"take": "1", "signed": "on"})
    case.refresh_from_db()
    assert (case.state, case.group_id) == (EnrolmentState.SUBMITTED, group.pk)


def test_without_a_referral_the_counter_says_so(chamber: Chamber, group: Any) -> None:
    stranger = PersonFactory()
    response = desk(chamber.coordinator).post("/office/training/counter/", {"iin": stranger.iin})
    assert response.status_code == 422
    assert said("There is no issued referral. Without a referral nobody is accepted for training.") in text(response)


def page_of(staff: Client, case: Any) -> Any:
    return staff.get(f"/office/training/{case._meta.model_name}/{case.pk}/change/")


def press(staff: Client, case: Any, event: str, **data: str) -> Any:
    seen = page_of(staff, case).context["seen"]
    given = {"seen": seen, **{f"{event}-{name}": value for name, value in data.items()}}
    response = staff.post(f"/office/training/{case._meta.model_name}/{case.pk}/do/{event}/", given, follow=True)
    case.refresh_from_db()
    return response


def test_the_coordinator_enrols_at_the_counter(chamber: Chamber, web: Client, group: Any) -> None:
    case = sent(web, group)
    staff = desk(chamber.coordinator)
    press(staff, case, "enrol", offer="on", consent="on")
    assert (case.state, case.offer_means) == (EnrolmentState.ENROLLED, "hand")


def test_the_coordinator_rejects_with_a_reason(chamber: Chamber, web: Client, group: Any) -> None:
    case = sent(web, group)
    press(desk(chamber.coordinator), case, "reject", reason="NOT_OF_POOL", text="Өз өңіріңізге барыңыз.")
    assert case.state == EnrolmentState.REJECTED
    assert "Өз өңіріңізге барыңыз." in text(web.get(url(case, "case")))


def test_the_coordinator_chooses_a_group_for_an_applicant_of_the_pool(
    chamber: Chamber, web: Client, person: Any, group: Any
) -> None:
    web.post("/training/apply/")
    case = Enrolment.objects.get(person=person)
    web.post(url(case, "group"), {"group": "none"})
    for name, given in (("project", PROJECT), ("study", STUDY), ("promises", PROMISES)):
        web.post(url(case, name), given)
    web.post(url(case, "check"))
    sign(web, url(case, "sign"), case)
    assert "Choose a group" in text(web.get("/cabinet/"))
    staff = desk(chamber.coordinator)
    address = f"/office/training/counter/{case.pk}/group/"
    assert staff.get(address).status_code == 200
    staff.post(address, {"group": str(group.pk)})
    case.refresh_from_db()
    assert (case.state, case.group_id) == (EnrolmentState.SUBMITTED, group.pk)


def test_the_specialist_of_the_referring_centre_reads_and_the_director_of_another_does_not(
    chamber: Chamber, web: Client, group: Any
) -> None:
    case = sent(web, group)
    assert page_of(desk(chamber.centre.specialist), case).status_code == 200
    assert page_of(desk(referral_cases.Centre.open().director), case).status_code == 404


def test_a_consultant_reads_but_has_no_button(chamber: Chamber, web: Client, group: Any) -> None:
    case = sent(web, group)
    page = page_of(desk(chamber.consultant), case)
    assert page.status_code == 200
    assert said("Reject the application for training") not in text(page)
    assert case.person.iin not in text(page).replace(" ", "")


def test_a_trainer_of_another_group_does_not_find_it(chamber: Chamber, web: Client, group: Any) -> None:
    case = sent(web, group)
    assert page_of(desk(hired(chamber.office, chamber.trainer.post.role)), case).status_code == 404  # type: ignore[union-attr, arg-type]


def test_the_list_of_applicants_asks_as_often_for_three_as_for_thirty(chamber: Chamber, group: Any) -> None:
    staff = desk(chamber.coordinator)
    made = [cases.enrolled(chamber, group) for _ in range(3)]
    address = "/office/training/enrolment/"
    staff.get(address)
    with CaptureQueriesContext(connection) as few:
        assert staff.get(address).status_code == 200
    first = made[0]
    for n in range(27):
        copied = PersonFactory()
        Enrolment.objects.create(
            person=copied, office=first.office, channel="counter", started_by=first.started_by, number=f"T-{n}",
            referral=first.referral, group=group, ruleset=first.ruleset, created_at=first.created_at,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        assert staff.get(address).status_code == 200
    assert len(many) == len(few)


# ----------------------------------------------------------------------------------------------------- the trainer


def test_the_trainer_keeps_the_journal() -> None:
    made = cases.running()
    staff = desk(made.chamber.trainer)
    day = made.group.class_days.order_by("day").first()
    assert day is not None
    base = f"/office/training/journal/{made.group.pk}/"
    with clock.at(made.at(0, 18)):
        assert made.people[0].person.surname in text(staff.get(base))
        assert staff.get("/office/training/journal/").status_code == 200
        assert staff.get(f"{base}day/{day.pk}/").status_code == 200
        staff.post(f"{base}day/{day.pk}/", {"people": [str(made.people[0].pk)]})
        assert Attendance.objects.get(class_day=day).present
        staff.post(f"{base}day/{day.pk}/", {"people": []})
        assert not Attendance.objects.get(class_day=day).present
        assert staff.post(f"{base}consultation/", {}).status_code == 422
        fields = staff.get(f"{base}consultation/")
        assert staff.get(f"{base}pitch/").status_code == 200
        one = {"person": str(made.people[0].pk), "topic": "Қаржы", **_day(fields, day.day)}
        staff.post(f"{base}consultation/", one)
        staff.post(f"{base}consultation/", one)
        assert IndividualConsultation.objects.count() == 1
        staff.post(f"{base}pitch/", {"people": [str(made.people[0].pk)], **_day(fields, day.day)})
        assert PitchTraining.objects.get().participants.count() == 1
        assert page_of(staff, made.people[0]).status_code == 200


def _day(response: Any, day: Any, field: str = "held_on") -> dict[str, str]:
    """The three inputs of the date, as the widget names them."""
    found = re.findall(rf'name="({field}[^"]*)"', response.content.decode())
    return dict(zip(found, (str(day.day), str(day.month), str(day.year)), strict=False))


def test_the_journal_is_the_trainers_own(chamber: Chamber, group: Any) -> None:
    assert desk(chamber.consultant).get("/office/training/journal/").status_code == 404
    other = hired(chamber.office, chamber.trainer.post.role)  # type: ignore[union-attr, arg-type]
    assert desk(other).get(f"/office/training/journal/{group.pk}/").status_code == 404
