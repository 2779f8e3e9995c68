"""The staff's screens of a referral: case page, steps, signing, counter; each bad input has its sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bastau import clock
from bastau.flow import Actor
from bastau.flow.models import Step
from bastau.gateways.models import Enquiry
from bastau.people.roles import Role
from referrals import actions
from referrals.models import ReferralApplication
from referrals.states import Channel, CheckResult, CheckSubject, State
from tests.conftest import MONDAY
from tests.factories import OfficeFactory, PersonFactory, PostFactory, StaffFactory
from tests.referrals import cases
from tests.referrals.cases import Centre
from tests.referrals.screens import Screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(frozen: Any) -> Centre:
    return Centre.open()


@pytest.fixture
def desk(client: Client, centre: Centre) -> Screen:
    return Screen(client)


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def errors(response: Any, form: str = "form") -> str:
    return str(response.context[form].errors)


def fresh(case: ReferralApplication) -> ReferralApplication:
    return ReferralApplication.objects.get(pk=case.pk)


# ------------------------------------------------------------------------------------------------------ the case page


def test_the_case_page_masks_the_iin(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    page = desk.of(centre.specialist).case(case).content.decode()
    assert case.person.iin not in page
    assert f"{case.person.iin[:4]}••••" in page


def test_personal_data_open_only_with_a_purpose(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    response = desk.of(centre.specialist).post("open_profile", case, {})
    assert response.status_code == 422
    assert not Step.objects.filter(event="profile_opened").exists()


def test_opening_personal_data_is_journalled_with_its_purpose(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    response = desk.of(centre.specialist).post("open_profile", case, {"purpose": "contact"})
    assert f"{case.person.iin[:6]} {case.person.iin[6:]}" in response.content.decode()
    step = Step.objects.get(event="profile_opened")
    assert (step.actor, step.facts) == (centre.specialist.user, {"purpose": "contact"})


def test_an_opened_profile_makes_no_page_stale(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    seen = desk.of(centre.specialist).seen(case)
    desk.post("open_profile", case, {"purpose": "check"})
    desk.press(case, "take", seen)
    assert fresh(case).state == State.IN_CHECK


@pytest.mark.parametrize("many", [3, 30])
def test_the_case_page_costs_fifteen_queries_at_most(desk: Screen, centre: Centre, many: int) -> None:
    for _ in range(many - 1):
        cases.accepted(centre, person=PersonFactory())
    case = cases.in_check(centre)
    desk.of(centre.specialist).case(case)
    with CaptureQueriesContext(connection) as found:
        assert desk.case(case).status_code == 200
    assert len(found) <= 15, "\n".join(one["sql"][:160] for one in found)


@pytest.mark.parametrize("state", ["accepted", "in_check", "checked", "awaiting", "decided"])
def test_a_page_has_one_filled_button_at_most(desk: Screen, centre: Centre, state: str) -> None:
    case = getattr(cases, state)(centre)
    for actor in (centre.specialist, centre.colleague, centre.director, centre.head):
        page = desk.of(actor).case(case).content.decode()
        assert page[page.index("<main") : page.index("</main>")].count("button--primary") <= 1


def test_another_centres_case_is_not_found(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    stranger = StaffFactory(role=Role.SPECIALIST, office=OfficeFactory(serves=["99"]))
    assert desk.of(Actor(stranger)).case(case).status_code == 404


def test_the_operator_sees_no_checks(desk: Screen, centre: Centre) -> None:
    case = cases.in_check(centre, channel=Channel.SC)
    response = desk.of(centre.operator).case(case)
    assert response.status_code == 200
    assert "protocol" not in response.context


def test_an_operator_sees_nothing_of_cases_filed_elsewhere(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    assert desk.of(centre.operator).case(case).status_code == 404


def test_the_own_case_of_a_specialist_is_not_found(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre, channel=Channel.PORTAL, person=centre.colleague.user.person)  # type: ignore[union-attr]
    assert desk.of(centre.colleague).case(case).status_code == 404


def test_the_head_of_unit_sees_the_case_and_no_button(desk: Screen, centre: Centre) -> None:
    case = cases.in_check(centre)
    assert desk.of(centre.head).case(case).context["step"]["buttons"] == []


# ------------------------------------------------------------------------------------------------------- the check


def test_take_opens_the_protocol(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    response = desk.of(centre.specialist).press(case, "take")
    assert len(response.context["protocol"]) == len(CheckSubject.values)


def test_a_second_click_on_take_changes_nothing_and_says_nothing_wrong(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    seen = desk.of(centre.specialist).seen(case)
    desk.press(case, "take", seen)
    response = desk.press(case, "take", seen)
    assert response.status_code == 200
    assert Step.objects.filter(event="take", case_id=case.pk).count() == 1


def test_a_case_taken_meanwhile_is_not_taken_again(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    seen = desk.of(centre.colleague).seen(case)
    actions.take(case, by=centre.specialist)
    response = desk.press(case, "take", seen)
    assert response.status_code == 409
    assert said(response)
    assert fresh(case).assignee == centre.specialist.user


@pytest.mark.parametrize("seen", ["", "abc", "999"])
def test_a_form_without_its_mark_does_nothing(desk: Screen, centre: Centre, seen: str) -> None:
    case = cases.accepted(centre)
    assert desk.of(centre.specialist).press(case, "take", seen).status_code == 409
    assert fresh(case).state == State.ACCEPTED


@pytest.mark.parametrize("role", ["director", "head"])
def test_only_a_specialist_takes(desk: Screen, centre: Centre, role: str) -> None:
    case = cases.accepted(centre)
    response = desk.of(getattr(centre, role)).press(case, "take")
    assert response.status_code == 422
    assert fresh(case).state == State.ACCEPTED


def test_a_step_that_does_not_exist_is_no_page(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    assert desk.of(centre.specialist).press(case, "issue").status_code == 404


def test_an_unfinished_check_shows_its_button_with_the_reason(desk: Screen, centre: Centre) -> None:
    case = cases.in_check(centre)
    (button,) = desk.of(centre.specialist).case(case).context["step"]["buttons"]
    assert (button["enabled"], bool(str(button["reason"]))) == (False, True)


def test_a_mark_by_hand_needs_its_reason_and_keeps_what_was_chosen(desk: Screen, centre: Centre) -> None:
    case = cases.in_check(centre)
    data = {"seen": desk.of(centre.specialist).seen(case), "documents-result": "no", "documents-reason": " "}
    response = desk.post("mark", case, data, "documents")
    assert response.status_code == 422
    (row,) = [row for row in response.context["protocol"] if row["check"].subject == "documents"]
    assert row["form"].errors["reason"]
    assert row["form"]["result"].value() == "no"


def test_a_mark_by_hand_is_kept_with_who_made_it(desk: Screen, centre: Centre) -> None:
    case = cases.in_check(centre)
    data = {
        "seen": desk.of(centre.specialist).seen(case),
        "identity-result": "yes",
        "identity-reason": "Жеке куәлік қаралды.",
    }
    desk.post("mark", case, data, "identity")
    check = case.checks.get(subject="identity")
    assert (check.result, check.manual, check.by) == (CheckResult.YES, True, centre.specialist.user)


def test_a_colleague_marks_nothing_in_a_case_that_is_not_his(desk: Screen, centre: Centre) -> None:
    case = cases.in_check(centre)
    data = {"seen": desk.of(centre.colleague).seen(case), "identity-result": "yes", "identity-reason": "Көрдім."}
    assert desk.post("mark", case, data, "identity").status_code == 422
    assert case.checks.get(subject="identity").result == CheckResult.WAITING


def test_a_register_that_is_silent_may_be_asked_again(desk: Screen, centre: Centre) -> None:
    case = cases.in_check(centre)
    later = clock.now() + timedelta(minutes=9)
    Enquiry.objects.filter(case_id=case.pk).update(next_at=later, attempts=3, last_error="timeout")
    response = desk.of(centre.specialist).post("ask_again", case, {"seen": desk.seen(case)}, "labour_market")
    assert response.status_code == 200
    waiting = Enquiry.objects.of_case(case.kind, case.pk).filter(system="labour_market").last()
    assert waiting is not None
    assert waiting.next_at <= clock.now()


def test_no_register_is_asked_again_before_the_case_is_taken(desk: Screen, centre: Centre) -> None:
    case = cases.accepted(centre)
    response = desk.of(centre.specialist).post("ask_again", case, {"seen": desk.seen(case)}, "labour_market")
    assert (response.status_code, bool(said(response))) == (422, True)


# ---------------------------------------------------------------------------------------------------- the decision

REFUSAL = {"rule": "2:118-p03", "reasons": "Сіз нысаналы топқа жатпайсыз.", "evidence": "Тізілімнің жауабы."}


def test_the_refusal_form_names_each_missing_part(desk: Screen, centre: Centre) -> None:
    case = cases.checked(centre)
    response = desk.of(centre.specialist).post("refusal", case, {"seen": desk.seen(case)})
    assert set(response.context["form"].errors) == {"rule", "reasons", "evidence"}


def test_a_rule_of_the_other_ground_is_refused(desk: Screen, centre: Centre) -> None:
    case = cases.checked(centre)
    data = {**REFUSAL, "seen": desk.of(centre.specialist).seen(case), "rule": "1:118-p03"}
    response = desk.post("refusal", case, data)
    assert "rule" in response.context["form"].errors
    assert fresh(case).state == State.CHECKED


def test_a_refusal_goes_before_the_director(desk: Screen, centre: Centre) -> None:
    case = cases.checked(centre)
    desk.post("refusal", case, {**REFUSAL, "seen": desk.of(centre.specialist).seen(case)})
    assert fresh(case).state == State.AWAITING_SIGNATURE
    assert case.proposals.get().reasons == REFUSAL["reasons"]


def test_a_stale_refusal_keeps_its_text_and_does_nothing(desk: Screen, centre: Centre) -> None:
    case = cases.checked(centre)
    seen = desk.of(centre.specialist).seen(case)
    actions.propose_issue(case, by=centre.specialist)
    response = desk.post("refusal", case, {**REFUSAL, "seen": seen})
    assert response.status_code == 409
    assert case.proposals.get().outcome == "issue"


def test_a_case_that_is_not_confirmed_shows_why_no_referral_is_proposed(desk: Screen, centre: Centre) -> None:
    case = cases.checked(centre, results={CheckSubject.TARGET_GROUP: CheckResult.NO})
    buttons = {one["label"]: one for one in desk.of(centre.specialist).case(case).context["step"]["buttons"]}
    assert [one["enabled"] for one in buttons.values()] == [False, True]


def test_the_director_signs_what_was_read(desk: Screen, centre: Centre) -> None:
    case = cases.awaiting(centre)
    desk.of(centre.director).post("sign", case, signing(case))
    assert (fresh(case).state, fresh(case).decided_by) == (State.ISSUED, centre.director.user)


def test_both_language_versions_are_signed_at_once(desk: Screen, centre: Centre) -> None:
    case = cases.awaiting(centre, language="ru")
    desk.of(centre.director).post("sign", case, signing(case))
    assert {paper.signatures.count() for paper in actions.decision_papers(case)} == {1}
    assert fresh(case).state == State.ISSUED


def test_the_second_of_two_directors_gets_a_sentence(desk: Screen, centre: Centre) -> None:
    case = cases.awaiting(centre)
    data = signing(case)
    second = Actor(StaffFactory(role=Role.DIRECTOR, office=centre.office))
    actions.decide(case, by=centre.director, signatures=cases.signatures(case, centre.director))
    response = desk.of(second).post("sign", case, data)
    assert said(response)
    assert fresh(case).decided_by == centre.director.user


def test_a_paper_that_changed_meanwhile_is_not_signed(desk: Screen, centre: Centre) -> None:
    case = cases.awaiting(centre)
    response = desk.of(centre.director).post("sign", case, {**signing(case), "paper_sha256": "0" * 64})
    assert response.context["form"].non_field_errors()
    assert fresh(case).state == State.AWAITING_SIGNATURE


def test_the_checker_finds_the_signature_closed_with_its_reason(desk: Screen, centre: Centre) -> None:
    PostFactory(user=centre.specialist.user, office=centre.office, role=Role.DIRECTOR)
    case = cases.awaiting(centre)
    (button,) = [
        one for one in desk.of(centre.specialist).case(case).context["step"]["buttons"] if "sign" in one["url"]
    ]
    assert (button["enabled"], bool(str(button["reason"]))) == (False, True)


def test_the_checker_cannot_sign_by_posting(desk: Screen, centre: Centre) -> None:
    PostFactory(user=centre.specialist.user, office=centre.office, role=Role.DIRECTOR)
    case = cases.awaiting(centre)
    desk.of(centre.specialist).post("sign", case, signing(case))
    assert fresh(case).state == State.AWAITING_SIGNATURE


def test_a_decision_that_is_still_printed_says_so(desk: Screen, centre: Centre) -> None:
    case = actions.propose_issue(cases.checked(centre), by=centre.specialist)
    response = desk.of(centre.director).client.get(reverse("centre:sign", args=[case.pk]))
    assert "workplace/preparing.html" in [one.name for one in response.templates]


def test_sending_back_needs_a_comment(desk: Screen, centre: Centre) -> None:
    case = cases.awaiting(centre)
    response = desk.of(centre.director).post("send_back", case, {"seen": desk.seen(case), "comment": ""})
    assert response.status_code == 422
    assert fresh(case).state == State.AWAITING_SIGNATURE


def test_a_case_sent_back_shows_the_comment_to_the_specialist(desk: Screen, centre: Centre) -> None:
    case = cases.awaiting(centre)
    comment = "Мекенжайды нақтылаңыз."
    desk.of(centre.director).post("send_back", case, {"seen": desk.seen(case), "comment": comment})
    assert fresh(case).state == State.IN_CHECK
    assert comment in desk.of(centre.specialist).case(case).content.decode()


def test_the_directors_header_counts_what_waits_for_a_signature(desk: Screen, centre: Centre) -> None:
    cases.awaiting(centre)
    desk.of(centre.director)
    counts = [entry["count"] for entry in desk.client.get("/office/").context["main_nav"] if entry["count"]]
    assert counts == [1]


def test_handing_over_needs_the_identity_card(desk: Screen, centre: Centre) -> None:
    case = cases.decided(centre)
    response = desk.of(centre.specialist).post("hand_over", case, {"seen": desk.seen(case), "signed": "on"})
    assert response.status_code == 422
    assert fresh(case).state == State.ISSUED


def test_the_state_corporation_hands_over_what_was_sent_there(desk: Screen, centre: Centre) -> None:
    case = cases.decided(centre, channel=Channel.SC)
    desk.of(centre.specialist).press(case, "send_to_sc")
    ticks = {"seen": desk.of(centre.operator).seen(case), "identity": "on", "signed": "on"}
    desk.post("hand_over", case, ticks)
    assert fresh(case).state == State.HANDED_OVER


def signing(case: ReferralApplication) -> dict[str, str]:
    """What the signing page posts with the demo key."""
    first, *more = actions.decision_papers(case)
    marks = {f"paper_sha256_{paper.language}": paper.sha256 for paper in more}
    return {"sign_with": "demo", "paper_sha256": first.sha256, **marks}


def test_a_day_later_the_page_of_the_case_still_opens(desk: Screen, centre: Centre) -> None:
    case = cases.decided(centre)
    with clock.at(MONDAY + timedelta(days=1)):
        assert desk.of(centre.director).case(case).status_code == 200
