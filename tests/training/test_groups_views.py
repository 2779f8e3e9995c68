"""The screens of lists, plans and groups: each step by its own role; bad input has its sentence; 404 for strangers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bastau import clock
from bastau.flow import Actor
from tests.factories import CitizenFactory
from tests.training import groups_cases as cases
from tests.training.course_cases import citizen, enrolled
from tests.training.groups_cases import Chamber
from tests.training.test_lists_actions import signatures
from training import sweeps
from training.actions import group_life, lists
from training.models import MemberAnswer, MonthlyList, Room, TrainingGroup, TrainingPlan
from training.states import GroupState, ListState, PlanState

pytestmark = pytest.mark.django_db
ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2027, 1, 11, 10, 0, tzinfo=ALMATY)
FEB = date(2027, 2, 1)


@pytest.fixture
def chamber() -> Iterator[Chamber]:
    with clock.at(NOW):
        yield Chamber.open()


class Screen:
    """Somebody's browser before the case pages of training."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def of(self, actor: Actor) -> Screen:
        self.client.force_login(actor.user)  # type: ignore[arg-type]
        return self

    def page(self, case: Any) -> Any:
        return self.client.get(self.address(case, "change"))

    def do(self, case: Any, event: str, **fields: Any) -> Any:
        seen = self.page(case).context["seen"]
        data = {"seen": seen} | {f"{event}-{name}": value for name, value in fields.items()}
        return self.client.post(self.address(case, "do", event), data, follow=True)

    def address(self, case: Any, what: str, *args: Any) -> str:
        return reverse(f"workplace:training_{type(case)._meta.model_name}_{what}", args=[case.pk, *args])


@pytest.fixture
def desk(client: Client) -> Screen:
    return Screen(client)


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def group_form(plan: TrainingPlan, **other: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {
        "plan": plan.pk,
        "mode": "offline",
        "language": "kk",
        "starts_at": "09:30",
        "hours_a_day": 4,
        "weekdays": [1, 2, 3, 4, 5, 6],
        "place_kk": "Үлгі көшесі, 3-үй",
        "place_ru": "улица Образцовая, дом 3",
        "contact": "+7 700 000 00 00",
        **day("start_on", FEB),
        **day("apply_until", date(2027, 1, 28)),
    }
    return typed | other


# -------------------------------------------------------------------------------- lists


def test_a_list_goes_from_the_director_to_the_chamber(desk: Screen, chamber: Chamber) -> None:
    sweeps.draw_up_lists()
    case = MonthlyList.objects.get(office=chamber.centre.office)
    lists.sign(case, by=chamber.centre.director, signatures=signatures(case, chamber))
    desk.of(chamber.centre.specialist).do(case, "send")
    desk.of(chamber.coordinator).do(case, "acknowledge")
    case.refresh_from_db()
    assert case.state == ListState.RECEIVED


def test_the_director_is_led_to_the_signature(desk: Screen, chamber: Chamber) -> None:
    sweeps.draw_up_lists()
    case = MonthlyList.objects.get(office=chamber.centre.office)
    signatures(case, chamber)
    page = desk.of(chamber.centre.director).page(case)
    assert desk.address(case, "sign", "sign") in page.content.decode()
    assert desk.client.get(desk.address(case, "sign", "sign")).status_code == 200


def test_a_draft_does_not_exist_for_the_chamber(desk: Screen, chamber: Chamber) -> None:
    sweeps.draw_up_lists()
    case = MonthlyList.objects.get(office=chamber.centre.office)
    assert desk.of(chamber.coordinator).page(case).status_code == 404


# -------------------------------------------------------------------------------- plans and groups


def test_a_plan_is_begun_sent_agreed_and_approved_on_its_screens(desk: Screen, chamber: Chamber) -> None:
    typed = {"year": 2027, "kato": "351000000", "territory_kk": "Қарағанды", "territory_ru": "Караганда", "places": 90}
    desk.of(chamber.coordinator).client.post(reverse("training_office:new_plan"), typed)
    plan = TrainingPlan.objects.get()
    desk.do(plan, "send_for_agreement")
    desk.of(chamber.officer).do(plan, "agree")
    desk.of(chamber.coordinator).do(plan, "approve")
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED


def test_a_group_is_planned_agreed_approved_and_announced_on_its_screens(desk: Screen, chamber: Chamber) -> None:
    plan = cases.plan_approved(chamber)
    desk.of(chamber.coordinator).client.post(reverse("training_office:new_group"), group_form(plan))
    group = TrainingGroup.objects.get()
    desk.of(chamber.officer).do(group, "agree")
    desk.of(chamber.coordinator).do(group, "approve")
    draft = group.announcements.get()
    desk.do(group, "announce", text_kk=draft.text_kk, text_ru=draft.text_ru)
    group.refresh_from_db()
    assert group.state == GroupState.ANNOUNCED


def test_a_timetable_against_the_rules_comes_back_with_the_sentence_and_what_was_typed(
    desk: Screen, chamber: Chamber
) -> None:
    plan = cases.plan_approved(chamber)
    typed = group_form(plan, weekdays=[1, 2, 3, 4, 5])
    page = desk.of(chamber.coordinator).client.post(reverse("training_office:new_group"), typed)
    assert page.status_code == 422
    assert "26" in str(page.context["form"].non_field_errors())
    assert "улица Образцовая, дом 3" in page.content.decode()
    assert not TrainingGroup.objects.exists()


def test_an_announcement_without_russian_comes_back_with_its_sentence(desk: Screen, chamber: Chamber) -> None:
    group = cases.approved(chamber, FEB)
    page = desk.of(chamber.coordinator).do(group, "announce", text_kk="Хабарландыру", text_ru="")
    assert page.status_code == 422
    group.refresh_from_db()
    assert group.state == GroupState.APPROVED


def test_people_and_room_are_assigned_on_the_page(desk: Screen, chamber: Chamber) -> None:
    group = cases.announced(chamber, FEB)
    desk.of(chamber.coordinator).do(
        group,
        "assign",
        trainer=chamber.trainer.user.pk,  # type: ignore[union-attr]
        consultant=chamber.consultant.user.pk,  # type: ignore[union-attr]
        room=chamber.room.pk,
        equipment_ready="on",
    )
    group.refresh_from_db()
    assert (group.trainer, group.room, group.equipment_ready) == (chamber.trainer.user, chamber.room, True)


def test_a_cancellation_needs_its_reason(desk: Screen, chamber: Chamber) -> None:
    group = cases.planned(chamber, FEB)
    assert desk.of(chamber.coordinator).do(group, "cancel", reason="").status_code == 422
    desk.do(group, "cancel", reason="Адам жоқ.")
    group.refresh_from_db()
    assert group.state == GroupState.CANCELLED


def test_a_room_is_entered_once(desk: Screen, chamber: Chamber) -> None:
    typed = {"name": "202", "address_kk": "Көше, 1", "address_ru": "улица, 1", "seats": 40}
    address = reverse("training_office:rooms")
    desk.of(chamber.coordinator).client.post(address, typed)
    assert desk.client.post(address, typed).status_code == 422
    assert Room.objects.filter(name="202").count() == 1


def test_the_officer_sees_what_waits_and_no_names(desk: Screen, chamber: Chamber) -> None:
    group = cases.planned(chamber, FEB)
    page = desk.of(chamber.officer).client.get(reverse("training_office:planning")).content.decode()
    assert group.number in page
    filling = cases.enrolling(chamber, FEB)
    member = enrolled(chamber, filling)
    page = desk.page(filling).content.decode()
    assert member.person.surname not in page


def test_the_trainer_reads_own_groups_only(desk: Screen, chamber: Chamber) -> None:
    own, other = cases.enrolling(chamber, FEB), cases.planned(chamber, FEB)
    assert desk.of(chamber.trainer).page(own).status_code == 200
    assert desk.page(other).status_code == 404


@pytest.mark.parametrize("name", ["planning", "new_plan", "new_group", "rooms"])
def test_planning_does_not_exist_for_the_centre(desk: Screen, chamber: Chamber, name: str) -> None:
    assert desk.of(chamber.centre.specialist).client.get(reverse(f"training_office:{name}")).status_code == 404


def test_a_group_of_another_chamber_does_not_exist(desk: Screen, chamber: Chamber) -> None:
    group = cases.planned(chamber, FEB)
    stranger = cases.hired(
        cases.OfficeFactory(kind="chamber", region__code="71", region__name_kk="Астана"), "coordinator"
    )
    assert desk.of(stranger).page(group).status_code == 404


# -------------------------------------------------------------------------------- public


@pytest.mark.clause("118-p15")
@pytest.mark.parametrize(("language", "words"), [("kk", "басталады"), ("ru", "начинается")])
def test_announced_groups_are_read_without_signing_in(
    client: Client, chamber: Chamber, language: str, words: str
) -> None:
    cases.announced(chamber, FEB)
    client.post(reverse("set_language"), {"language": language})
    page = client.get(reverse("training:groups"))
    assert words in page.content.decode()


def test_what_is_not_announced_is_not_on_the_public_page(client: Client, chamber: Chamber) -> None:
    group = cases.approved(chamber, FEB)
    assert group.place_kk not in client.get(reverse("training:groups")).content.decode()


def test_a_member_answers_a_change_once(client: Client, chamber: Chamber) -> None:
    group = cases.enrolling(chamber, FEB)
    member = enrolled(chamber, group)
    group_life.ask_change(group, by=chamber.coordinator, change="online", reason="Аз адам.")
    group_life.agree_change(group, by=chamber.officer)
    answer = MemberAnswer.objects.get()
    client.force_login(citizen(member).user)  # type: ignore[arg-type]
    address = reverse("training:group_change", args=[answer.pk])
    assert address in client.get(reverse("cabinet"), follow=True).content.decode()
    client.post(address, {"stays": "yes"})
    client.post(address, {"stays": "no"})
    answer.refresh_from_db()
    assert answer.confirmed is True
    client.force_login(CitizenFactory())
    assert client.get(address).status_code == 404


# -------------------------------------------------------------------------------- queries


def test_the_register_of_groups_asks_as_much_for_many_as_for_few(desk: Screen, chamber: Chamber) -> None:
    address = reverse("workplace:training_traininggroup_changelist")
    desk.of(chamber.coordinator)
    counted = []
    for more in (3, 7):
        for _ in range(more):
            cases.planned(chamber, FEB)
        desk.client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.client.get(address)
        counted.append(len(asked))
    assert counted[0] == counted[1]
