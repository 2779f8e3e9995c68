"""The accompaniment: opened by the payment, 12 or 18 months from the launch, visits by agreement (SPEC 4.14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from bastau import clock
from bastau.flow import SYSTEM, Refused, verdict
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep as sweep_deadlines
from bastau.notices.models import Notice
from bastau.people.citizens import account_of
from bastau.people.roles import Role
from grants.signals import payment_executed
from monitoring.actions import accompaniment as actions
from monitoring.actions import visits
from monitoring.models import AccompanimentCase, MonitoringCard, Visit
from monitoring.rules import accompaniment as rules
from monitoring.states import AccompanimentState, CancelReason, FamilyCategory, FinancingSource, VisitMode, VisitState
from monitoring.sweeps import accompaniment as sweeps
from tests.conftest import ALMATY
from tests.factories import OfficeFactory, PersonFactory
from tests.monitoring import accompaniment_cases as cases
from tests.monitoring.accompaniment_cases import Chamber, picture
from tests.monitoring.payments import executed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are looked at as they stand in the code."""
    with override("en"):
        yield


@pytest.fixture
def chamber() -> Chamber:
    return Chamber.open()


def fresh(case: Any) -> Any:
    return type(case)._base_manager.get(pk=case.pk)


def due(case: AccompanimentCase, name: str) -> date:
    return Deadline.objects.open().get(case_kind=case.kind, case_id=case.pk, name=name).due_at.astimezone(ALMATY).date()


def at(*day: int) -> Any:
    return clock.at(datetime(*day, 10, 0, tzinfo=ALMATY))  # type: ignore[arg-type,misc]


# ------------------------------------------------------------------------------------------------------- the terms


@pytest.mark.clause("118-p33-1", "A-28")
@pytest.mark.parametrize(
    ("category", "end"),
    [
        (FamilyCategory.NONE, date(2027, 8, 31)),
        (FamilyCategory.LOW_INCOME, date(2028, 2, 29)),
        (FamilyCategory.LARGE, date(2028, 2, 29)),
        (FamilyCategory.BOTH, date(2028, 2, 29)),
    ],
)
def test_twelve_months_from_the_launch_and_eighteen_for_low_income_and_large_families(category: str, end: date) -> None:
    assert rules.ends_on(date(2026, 8, 31), category) == end


@pytest.mark.clause("118-p33-1", "A-28")
def test_both_terms_are_declared_and_run_from_the_launch(chamber: Chamber) -> None:
    usual = cases.active(chamber)
    family = cases.active(chamber, category=FamilyCategory.LARGE)
    assert due(usual, "T-ACCOMP-12") == usual.ends_on == date(2027, 6, 1)
    assert due(family, "T-ACCOMP-18") == family.ends_on == date(2027, 12, 1)


@pytest.mark.clause("118-p33-1")
@pytest.mark.parametrize(
    ("category", "name", "day"),
    [(FamilyCategory.NONE, "T-ACCOMP-12", (2027, 6, 2)), (FamilyCategory.LARGE, "T-ACCOMP-18", (2027, 12, 2))],
)
def test_a_term_that_ends_without_its_report_is_missed(
    chamber: Chamber, category: str, name: str, day: tuple[int, int, int]
) -> None:
    case = cases.active(chamber, category=category)
    with at(*day):
        sweep_deadlines()
    row = Deadline.objects.get(case_kind=case.kind, case_id=case.pk, name=name)
    assert row.breached_at is not None
    assert Notice.objects.filter(code="N-DEADLINE-BREACHED", user=chamber.consultant.user).exists()


@pytest.mark.clause("T-LAUNCH")
def test_a_launch_not_entered_in_sixty_days_is_missed(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    assert due(case, "T-LAUNCH") == date(2026, 7, 31)
    with at(2026, 8, 1):
        sweep_deadlines()
    assert Deadline.objects.get(case_kind=case.kind, name="T-LAUNCH").breached_at is not None


def test_before_a_consultant_is_named_the_coordinator_has_the_turn(chamber: Chamber) -> None:
    payment = executed(chamber.centre, PersonFactory(), date(2026, 6, 1))
    assert Deadline.objects.get(name="T-LAUNCH").duty == Role.COORDINATOR
    assert chamber.consultant.user is not None
    case = AccompanimentCase.objects.get(payment=payment)
    actions.name_consultant(case, by=chamber.coordinator, consultant=chamber.consultant.user)
    row = Deadline.objects.get(name="T-LAUNCH")
    assert (row.duty, row.assignee) == (Role.PROJECT_CONSULTANT, chamber.consultant.user)


# ----------------------------------------------------------------------------------------------------------- opening


@pytest.mark.clause("118-p33-1")
def test_an_executed_payment_opens_one_accompaniment_in_the_chamber_of_the_region(chamber: Chamber) -> None:
    payment = executed(chamber.centre, PersonFactory(), date(2026, 6, 1))
    with transaction.atomic():
        payment_executed.send(sender=type(payment), case=payment, by=SYSTEM, at=clock.now())
    case = AccompanimentCase.objects.get(payment=payment)
    assert (case.state, case.office, case.centre) == ("waiting_launch", chamber.office, chamber.centre)
    assert Step.objects.filter(case_kind=case.kind, case_id=case.pk, event="open").count() == 1
    assert Notice.objects.filter(code="N-ACC-OPENED", case_id=case.pk).count() == 1


def test_where_no_chamber_is_known_the_payment_goes_through_and_the_sweep_opens_later() -> None:
    centre = OfficeFactory()
    payment = executed(centre, PersonFactory(), date(2026, 6, 1))
    assert not AccompanimentCase.objects.exists()
    OfficeFactory(kind="chamber", region=centre.region, serves=[])
    assert [sweeps.open_missing(), sweeps.open_missing()] == [1, 0]
    assert AccompanimentCase.objects.filter(payment=payment).count() == 1


def test_other_financing_needs_a_certificate_of_completed_training(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="certificate"):
        actions.open_other(
            by=chamber.consultant, person=PersonFactory(), source=FinancingSource.MICROCREDIT,
            financed_on=date(2026, 6, 1), project_name="Наубайхана", evidence=picture(),
        )  # fmt: skip


def test_a_grant_is_not_entered_as_other_financing(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="by itself"):
        actions.open_other(
            by=chamber.consultant, person=PersonFactory(), source=FinancingSource.GRANT,
            financed_on=date(2026, 6, 1), project_name="Наубайхана", evidence=picture(),
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ people


@pytest.mark.clause("118-p33-2")
def test_a_trainer_who_leaves_is_replaced_and_the_history_stays(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    other = cases.hired(chamber.office, Role.TRAINER)
    assert other.user is not None
    case = actions.name_trainer(case, by=chamber.consultant, trainer=other.user)
    history = list(case.responsible.filter(role=Role.TRAINER).values_list("user", "until"))
    assert case.trainer == other.user
    assert [user for user, _until in history] == [chamber.trainer.user.pk, other.user.pk]  # type: ignore[union-attr]
    assert [until is None for _user, until in history] == [False, True]


@pytest.mark.clause("118-p33-2")
def test_only_the_chambers_own_people_accompany(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    stranger = cases.hired(OfficeFactory(kind="chamber"), Role.TRAINER)
    assert stranger.user is not None
    with pytest.raises(Refused, match="no such post"):
        actions.name_trainer(case, by=chamber.coordinator, trainer=stranger.user)


def test_only_the_coordinator_names_the_consultant(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    assert not verdict(case, "name_consultant", chamber.consultant).ok
    assert verdict(case, "name_consultant", chamber.coordinator).ok


def test_another_consultant_does_not_work_on_the_case(chamber: Chamber) -> None:
    case = cases.active(chamber)
    other = cases.hired(chamber.office, Role.PROJECT_CONSULTANT)
    for event in ("extend", "report", "keep_card", "stop"):
        assert not verdict(case, event, other).ok


@pytest.mark.parametrize(
    ("role", "sees"),
    [("coordinator", True), ("consultant", True), ("trainer", True), ("specialist", True), ("director", True)],
)
def test_chamber_and_centre_read_the_case(chamber: Chamber, role: str, sees: bool) -> None:
    case = cases.waiting(chamber)
    seen = AccompanimentCase.objects.visible_to(getattr(chamber, role).user)
    assert seen.filter(pk=case.pk).exists() is sees


def test_another_trainer_and_another_region_do_not_see_the_case(chamber: Chamber) -> None:
    cases.waiting(chamber)
    for actor in (
        cases.hired(chamber.office, Role.TRAINER),
        cases.hired(OfficeFactory(kind="chamber"), Role.PROJECT_CONSULTANT),
        cases.hired(OfficeFactory(), Role.SPECIALIST),
    ):
        assert not AccompanimentCase.objects.visible_to(actor.user).exists()


def test_another_citizen_does_not_see_the_case(chamber: Chamber) -> None:
    cases.waiting(chamber)
    assert not AccompanimentCase.objects.visible_to(account_of(PersonFactory())).exists()


# ------------------------------------------------------------------------------------------------- launch and extension


@pytest.mark.clause("A-28")
@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 6, 9)])
def test_the_launch_lies_between_the_financing_and_today(chamber: Chamber, day: date) -> None:
    with pytest.raises(Refused, match="launch date"):
        cases.active(chamber, launched_on=day)


def test_a_launch_has_its_evidence_or_is_refused_whole(chamber: Chamber) -> None:
    case = cases.waiting(chamber)
    wrong = picture()
    wrong.file.truncate(0)
    wrong.size = 0
    with pytest.raises(Refused, match="empty"):
        actions.launch(
            case, by=chamber.consultant, launched_on=cases.LAUNCH, category=FamilyCategory.NONE, evidence=wrong
        )
    assert fresh(case).state == AccompanimentState.WAITING_LAUNCH


@pytest.mark.clause("118-p33-1")
def test_a_category_gained_later_extends_to_eighteen_months_from_the_launch(chamber: Chamber) -> None:
    case = cases.active(chamber)
    with at(2027, 3, 1):
        case = actions.extend(case, by=chamber.consultant, category=FamilyCategory.LARGE, document=picture())
    assert (case.state, case.ends_on, due(case, "T-ACCOMP-18")) == ("extended", date(2027, 12, 1), date(2027, 12, 1))
    assert not Deadline.objects.open().filter(case_id=case.pk, case_kind=case.kind, name="T-ACCOMP-12").exists()


def test_an_extension_needs_a_category(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="category"):
        actions.extend(cases.active(chamber), by=chamber.consultant, category=FamilyCategory.NONE, document=picture())


def test_eighteen_months_are_not_extended_again(chamber: Chamber) -> None:
    case = cases.active(chamber, category=FamilyCategory.LARGE)
    with pytest.raises(Refused, match="eighteen months already"):
        actions.extend(case, by=chamber.consultant, category=FamilyCategory.LARGE, document=picture())


def test_twelve_months_that_are_over_are_not_extended(chamber: Chamber) -> None:
    case = cases.active(chamber)
    with at(2027, 6, 2), pytest.raises(Refused, match="over"):
        actions.extend(case, by=chamber.consultant, category=FamilyCategory.LARGE, document=picture())


# ------------------------------------------------------------------------------------------------------------ the end


def test_before_the_end_date_nothing_finishes(chamber: Chamber) -> None:
    case = actions.report(cases.active(chamber), by=chamber.consultant, text="Бизнес жұмыс істейді.")
    assert not verdict(case, "finish", chamber.consultant).ok
    with at(2027, 6, 1):
        assert sweeps.finish() == 0


def test_after_the_end_date_the_sweep_finishes_what_has_its_report_once(chamber: Chamber) -> None:
    case = actions.report(cases.active(chamber), by=chamber.consultant, text="Бизнес жұмыс істейді.")
    with at(2027, 6, 2):
        assert [sweeps.finish(), sweeps.finish()] == [1, 0]
        sweep_deadlines()
    assert fresh(case).state == AccompanimentState.FINISHED
    assert not Deadline.objects.filter(case_kind=case.kind, case_id=case.pk, breached_at__isnull=False).exists()
    assert Notice.objects.filter(code="N-ACC-FINISHED").count() == 1


def test_a_worker_away_for_a_month_finishes_once(chamber: Chamber) -> None:
    actions.report(cases.active(chamber), by=chamber.consultant, text="Бизнес жұмыс істейді.")
    with at(2027, 7, 15):
        assert [sweeps.finish(), sweeps.finish()] == [1, 0]


def test_without_a_report_the_end_date_waits_and_a_late_report_finishes(chamber: Chamber) -> None:
    case = cases.active(chamber)
    with at(2027, 6, 10):
        assert sweeps.finish() == 0
        case = actions.report(case, by=chamber.consultant, text="Кеш жазылды.")
    assert case.state == AccompanimentState.FINISHED


@pytest.mark.parametrize("build", [cases.waiting, cases.active])
def test_an_accompaniment_is_stopped_with_a_reason_from_every_open_state(chamber: Chamber, build: Any) -> None:
    case = actions.stop(build(chamber), by=chamber.consultant, reason="business_closed", text="Тіркеуден алынды.")
    assert (case.state, case.stop_reason) == (AccompanimentState.STOPPED, "business_closed")
    assert not Deadline.objects.open().filter(case_kind=case.kind, case_id=case.pk).exists()


def test_an_extended_accompaniment_is_stopped_too(chamber: Chamber) -> None:
    case = actions.extend(
        cases.active(chamber), by=chamber.consultant, category=FamilyCategory.LARGE, document=picture()
    )
    assert actions.stop(case, by=chamber.consultant, reason="refusal", text="Өтініші бар.").state == "stopped"


def test_after_a_death_nobody_is_written_to(chamber: Chamber) -> None:
    actions.stop(cases.active(chamber), by=chamber.consultant, reason="death", text="Куәлік.")
    assert not Notice.objects.filter(code="N-ACC-STOPPED").exists()


def test_a_stop_needs_its_words(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="known"):
        actions.stop(cases.active(chamber), by=chamber.consultant, reason="refusal", text=" ")


# ------------------------------------------------------------------------------------------------------------- visits


@pytest.mark.clause("118-p34")
def test_a_visit_with_a_cost_is_not_held_without_the_participants_agreement(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    with at(2026, 6, 16), pytest.raises(Refused, match="not agreed"):
        visits.hold(visit, by=chamber.trainer, held_on=date(2026, 6, 15), result="Болды.")


@pytest.mark.clause("118-p34")
def test_the_database_knows_no_held_visit_with_a_cost_nobody_agreed_to(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    rows = Visit.objects.filter(pk=visit.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=VisitState.HELD, held_on=date(2026, 6, 15), result="Болды.")


@pytest.mark.clause("118-p34")
def test_agreed_beforehand_the_visit_is_held(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    visit = visits.agree(visit, by=cases.citizen(visit), cost=20_000)
    assert visits.agree(visit, by=cases.citizen(visit), cost=20_000).state == VisitState.AGREED
    with at(2026, 6, 16):
        visit = visits.hold(visit, by=chamber.trainer, held_on=date(2026, 6, 15), result="Болды.")
    assert visit.state == VisitState.HELD


@pytest.mark.clause("118-p34")
def test_a_visit_before_the_agreement_is_not_entered_as_held(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    with at(2026, 6, 12):
        visit = visits.agree(visit, by=cases.citizen(visit), cost=20_000)
    with at(2026, 6, 16), pytest.raises(Refused, match="beforehand"):
        visits.hold(visit, by=chamber.trainer, held_on=date(2026, 6, 11), result="Болды.")


@pytest.mark.clause("118-p34")
def test_after_the_day_of_the_visit_nothing_is_agreed_any_more(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    with at(2026, 6, 16), pytest.raises(Refused, match="passed"):
        visits.agree(visit, by=cases.citizen(visit), cost=20_000)


@pytest.mark.clause("118-p34")
def test_declined_the_visit_is_off(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    visit = visits.decline(visit, by=cases.citizen(visit))
    assert visits.decline(visit, by=cases.citizen(visit)).cancel_reason == CancelReason.COST_DECLINED
    assert Notice.objects.filter(code="N-ACC-COST-ANSWERED", user=chamber.trainer.user).count() == 1


@pytest.mark.clause("118-p34")
def test_nobody_else_agrees_for_the_participant(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    for actor in (chamber.trainer, chamber.consultant):
        assert not verdict(visit, "agree", actor).ok


def test_a_cost_that_was_not_on_the_page_is_not_agreed_to(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), cost=20_000)
    with pytest.raises(Refused, match="another one"):
        visits.agree(visit, by=cases.citizen(visit), cost=10_000)


@pytest.mark.clause("118-p34")
def test_a_free_visit_needs_no_agreement(chamber: Chamber) -> None:
    visit = cases.planned(chamber, cases.active(chamber), on=date(2026, 6, 8))
    assert visits.hold(visit, by=chamber.trainer, held_on=date(2026, 6, 8), result="Болды.").state == VisitState.HELD


@pytest.mark.clause("118-p34")
def test_a_visit_online_costs_nothing(chamber: Chamber) -> None:
    with pytest.raises(Refused, match="online"):
        visits.plan_visit(
            cases.active(chamber), by=chamber.trainer, planned_on=date(2026, 6, 15), mode=VisitMode.ONLINE,
            purpose="Кеңес", cost=100, cost_reason="Байланыс",
        )  # fmt: skip


def test_two_clicks_plan_one_visit(chamber: Chamber) -> None:
    case = cases.active(chamber)
    assert cases.planned(chamber, case) == cases.planned(chamber, case)
    assert Visit.objects.count() == 1


def test_another_visit_on_the_same_day_is_said_and_not_swallowed(chamber: Chamber) -> None:
    case = cases.active(chamber)
    cases.planned(chamber, case)
    with pytest.raises(Refused, match="planned already"):
        cases.planned(chamber, case, cost=5_000)


def test_when_the_accompaniment_ends_planned_visits_are_called_off(chamber: Chamber) -> None:
    case = cases.active(chamber)
    visit = cases.planned(chamber, case)
    actions.stop(case, by=chamber.consultant, reason="refusal", text="Өтініші бар.")
    assert fresh(visit).cancel_reason == CancelReason.ENDED


# -------------------------------------------------------------------------------------------------------------- cards


@pytest.mark.clause("118-p35")
def test_a_card_of_a_quarter_is_mended_and_not_doubled(chamber: Chamber) -> None:
    case = cases.active(chamber)
    for jobs in (2, 3):
        actions.keep_card(
            case, by=chamber.consultant, quarter_end=date(2026, 6, 30), working=True, jobs=jobs, income=500_000
        )
    assert list(MonitoringCard.objects.values_list("jobs", flat=True)) == [3]


@pytest.mark.clause("118-p35")
@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 5, 31)])
def test_a_card_is_of_a_quarter_that_has_begun(chamber: Chamber, day: date) -> None:
    with pytest.raises(Refused, match="quarter"):
        actions.keep_card(cases.active(chamber), by=chamber.consultant, quarter_end=day, working=True, jobs=1, income=0)


@pytest.mark.clause("118-p35")
def test_the_trainer_keeps_no_cards(chamber: Chamber) -> None:
    assert not verdict(cases.active(chamber), "keep_card", chamber.trainer).ok
