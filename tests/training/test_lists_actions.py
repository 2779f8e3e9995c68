"""The monthly list (118-p12, SPEC 2.7, 4.17; vectors V12, V28): drawn up, signed, sent, received, supplemented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bastau import clock, flow, papers
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.notices.models import Notice
from bastau.papers.models import Paper, PaperState
from tests.factories import OfficeFactory
from tests.referrals import cases as referral_cases
from tests.referrals.cases import signed
from tests.training.groups_cases import Chamber, english  # noqa: F401  (every sentence in English)
from training import sweeps
from training.actions import lists
from training.models import MonthlyList
from training.states import ListState

pytestmark = pytest.mark.django_db
ALMATY = ZoneInfo("Asia/Almaty")
JUNE = datetime(2026, 6, 15, 11, 0, tzinfo=ALMATY)
JULY_1 = datetime(2026, 7, 1, 0, 5, tzinfo=ALMATY)


def referred(chamber: Chamber, at: datetime = JUNE):  # type: ignore[no-untyped-def]
    with clock.at(at):
        return referral_cases.decided(chamber.centre)


def drawn(chamber: Chamber, at: datetime = JULY_1) -> MonthlyList:
    with clock.at(at):
        sweeps.draw_up_lists()
    return MonthlyList.objects.get(office=chamber.centre.office, part=1)


def signatures(case: MonthlyList, chamber: Chamber) -> dict[int, bytes]:
    found = lists.sign_papers(case)
    for paper in found:
        papers.render(paper.pk)
    return {paper.pk: signed(paper, chamber.centre.director) for paper in lists.sign_papers(case)}


def sent(chamber: Chamber) -> MonthlyList:
    case = drawn(chamber)
    case = lists.sign(case, by=chamber.centre.director, signatures=signatures(case, chamber))
    return lists.send(case, by=chamber.centre.specialist)


def due(case: MonthlyList) -> datetime:
    row = Deadline.objects.get(case_kind=case.kind, case_id=case.pk, name="T-MONTHLY-LIST")
    return row.due_at.astimezone(ALMATY)


@pytest.mark.clause("118-p12-1")
def test_on_the_first_the_system_draws_up_the_list_of_the_month_before() -> None:
    chamber = Chamber.open()
    application = referred(chamber)
    case = drawn(chamber)
    assert (case.state, case.month, case.chamber) == (ListState.DRAFT, date(2026, 6, 1), chamber.office)
    assert [line.referral for line in case.lines.all()] == [application]
    assert case.lines.get().referral_number.startswith("ЖЛ-35-2026-")


def test_the_number_is_of_the_region_and_year() -> None:
    assert drawn(Chamber.open()).number == "АТ-35-2026-000001"


def test_a_second_run_of_the_worker_draws_nothing_up_twice() -> None:
    chamber = Chamber.open()
    drawn(chamber)
    with clock.at(JULY_1):
        assert sweeps.draw_up_lists() == 0
    assert MonthlyList.objects.filter(office=chamber.centre.office).count() == 1


def test_months_missed_while_no_worker_ran_are_caught_up_with() -> None:
    chamber = Chamber.open()
    drawn(chamber)
    with clock.at(datetime(2026, 9, 20, 10, 0, tzinfo=ALMATY)):
        sweeps.draw_up_lists()
    months = MonthlyList.objects.filter(office=chamber.centre.office).order_by("month").values_list("month", flat=True)
    assert list(months) == [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)]


def test_a_month_without_candidates_has_its_list_too() -> None:
    assert not drawn(Chamber.open()).lines.exists()


def test_refusals_and_other_months_are_not_on_the_list() -> None:
    chamber = Chamber.open()
    referred(chamber, datetime(2026, 5, 20, 11, 0, tzinfo=ALMATY))
    with clock.at(JUNE):
        referral_cases.decided(chamber.centre, refusal=True)
    assert not drawn(chamber).lines.exists()


def test_a_centre_without_a_chamber_has_no_list() -> None:
    centre = OfficeFactory(region__code="71", region__name_kk="Астана")
    with clock.at(JULY_1):
        assert lists.draw_up(centre, date(2026, 6, 1)) is None


@pytest.mark.clause("118-p12-1", "A-13")
def test_v12_the_list_of_june_2026_is_due_on_friday_the_3rd_of_july() -> None:
    assert due(drawn(Chamber.open())) == datetime(2026, 7, 3, 18, 30, tzinfo=ALMATY)


@pytest.mark.clause("118-p12-1")
def test_v28_a_fifth_that_is_a_working_sunday_stays() -> None:
    assert due(drawn(Chamber.open(), datetime(2025, 1, 1, 1, 0, tzinfo=ALMATY))) == datetime(
        2025, 1, 5, 18, 30, tzinfo=ALMATY
    )


def test_a_list_not_sent_by_the_fifth_is_breached_and_told() -> None:
    chamber = Chamber.open()
    case = drawn(chamber)
    with clock.at(datetime(2026, 7, 3, 18, 31, tzinfo=ALMATY)):
        sweep()
    row = Deadline.objects.get(case_kind=case.kind, case_id=case.pk)
    assert row.breached_at is not None
    heads = Notice.objects.filter(code="N-DEADLINE-BREACHED", user=chamber.centre.head.user)
    assert heads.filter(case_kind=case.kind).exists()


def test_sent_in_time_the_term_is_kept() -> None:
    chamber = Chamber.open()
    case = drawn(chamber)
    with clock.at(datetime(2026, 7, 2, 12, 0, tzinfo=ALMATY)):
        case = lists.sign(case, by=chamber.centre.director, signatures=signatures(case, chamber))
        lists.send(case, by=chamber.centre.specialist)
    row = Deadline.objects.get(case_kind=case.kind, case_id=case.pk)
    assert (row.closed_by_event, row.breached_at) == ("send", None)


def test_the_turn_passes_from_the_director_to_the_specialist() -> None:
    chamber = Chamber.open()
    case = drawn(chamber)
    row = Deadline.objects.get(case_kind=case.kind, case_id=case.pk)
    assert row.duty == "director"
    with clock.at(JULY_1):
        lists.sign(case, by=chamber.centre.director, signatures=signatures(case, chamber))
    row.refresh_from_db()
    assert row.duty == "specialist"


def test_the_director_signs_both_versions() -> None:
    chamber = Chamber.open()
    referred(chamber)
    case = drawn(chamber)
    with clock.at(JULY_1):
        case = lists.sign(case, by=chamber.centre.director, signatures=signatures(case, chamber))
    assert (case.state, case.signed_by) == (ListState.SIGNED, chamber.centre.director.user)
    states = Paper.objects.filter(case_kind=case.kind, case_id=case.pk).values_list("language", "state")
    assert sorted(states) == [("kk", PaperState.ISSUED), ("ru", PaperState.ISSUED)]


def test_nobody_but_the_director_signs() -> None:
    chamber = Chamber.open()
    case = drawn(chamber)
    with pytest.raises(flow.Refused), clock.at(JULY_1):
        lists.sign(case, by=chamber.centre.specialist, signatures=signatures(case, chamber))


def test_a_draft_cannot_be_sent() -> None:
    chamber = Chamber.open()
    with pytest.raises(flow.Refused):
        lists.send(drawn(chamber), by=chamber.centre.specialist)


def test_drawing_up_anew_takes_in_what_came_late_and_voids_the_paper() -> None:
    chamber = Chamber.open()
    case = drawn(chamber)
    before = [paper.pk for paper in lists.sign_papers(case)]
    application = referred(chamber)
    with clock.at(JULY_1):
        case = lists.redraw(case, by=chamber.centre.specialist)
    assert [line.referral for line in case.lines.all()] == [application]
    assert set(Paper.objects.filter(pk__in=before).values_list("state", flat=True)) == {PaperState.VOID}
    assert len(lists.sign_papers(case)) == 2


def test_the_chamber_acknowledges_the_receipt_and_the_centre_is_told() -> None:
    chamber = Chamber.open()
    case = lists.acknowledge(sent(chamber), by=chamber.coordinator)
    assert (case.state, case.received_by) == (ListState.RECEIVED, chamber.coordinator.user)
    assert Notice.objects.filter(code="N-TRN-STAFF", user=chamber.centre.specialist.user, case_kind=case.kind).exists()


def test_the_coordinator_of_another_chamber_does_not_acknowledge() -> None:
    case = sent(Chamber.open())
    other = Chamber.open()
    with pytest.raises(flow.Refused):
        lists.acknowledge(case, by=other.coordinator)


def test_a_late_referral_goes_on_a_supplement_of_its_own() -> None:
    chamber = Chamber.open()
    case = sent(chamber)
    application = referred(chamber)
    further = lists.supplement(case, by=chamber.centre.specialist)
    case.refresh_from_db()
    assert case.state == ListState.SUPPLEMENTED
    assert (further.part, further.supplements_id, further.state) == (2, case.pk, ListState.DRAFT)
    assert [line.referral for line in further.lines.all()] == [application]


def test_the_receipt_of_a_supplement_covers_the_list_before_it() -> None:
    chamber = Chamber.open()
    case = sent(chamber)
    referred(chamber)
    further = lists.supplement(case, by=chamber.centre.specialist)
    further = lists.sign(further, by=chamber.centre.director, signatures=signatures(further, chamber))
    lists.acknowledge(lists.send(further, by=chamber.centre.specialist), by=chamber.coordinator)
    case.refresh_from_db()
    assert case.received_at is not None


def test_nothing_missing_nothing_to_supplement() -> None:
    chamber = Chamber.open()
    referred(chamber)
    with pytest.raises(flow.Refused, match="nothing to supplement"):
        lists.supplement(sent(chamber), by=chamber.centre.specialist)


def test_the_paper_masks_the_iin() -> None:
    chamber = Chamber.open()
    application = referred(chamber)
    case = drawn(chamber)
    facts = Paper.objects.filter(case_kind=case.kind, case_id=case.pk, language="kk").get().facts
    assert application.person.iin not in str(facts)
    assert facts["title"]["kk"] == "2026 жылғы маусым айында оқуға жолдама алған үміткерлердің тізімі"
    assert facts["title"]["ru"] == "Список претендентов, получивших направление на обучение в июне 2026 года"


def test_the_journal_holds_numbers_only() -> None:
    chamber = Chamber.open()
    application = referred(chamber)
    case = drawn(chamber)
    facts = str(list(Step.objects.filter(case_kind=case.kind, case_id=case.pk).values_list("facts", flat=True)))
    assert application.person.surname not in facts
    assert "candidates" in facts


def test_the_chamber_sees_a_list_only_when_it_is_sent() -> None:
    chamber = Chamber.open()
    case = drawn(chamber)
    assert not MonthlyList.objects.visible_to(chamber.coordinator.user).exists()
    case = lists.sign(case, by=chamber.centre.director, signatures=signatures(case, chamber))
    lists.send(case, by=chamber.centre.specialist)
    assert MonthlyList.objects.visible_to(chamber.coordinator.user).exists()


def test_the_local_body_sees_that_a_list_went_but_not_who_is_on_it() -> None:
    chamber = Chamber.open()
    drawn(chamber)
    assert MonthlyList.objects.visible_to(chamber.officer.user).exists()
    assert not MonthlyList.objects.with_people_for(chamber.officer.user).exists()


def test_the_first_of_the_month_is_that_of_the_centre() -> None:
    chamber = Chamber.open()
    with clock.at(datetime(2026, 6, 30, 18, 30, tzinfo=UTC)):
        sweeps.draw_up_lists()
    assert MonthlyList.objects.get(office=chamber.centre.office).month == date(2026, 5, 1)
    with clock.at(datetime(2026, 6, 30, 19, 30, tzinfo=UTC)):
        sweeps.draw_up_lists()
    assert MonthlyList.objects.filter(office=chamber.centre.office, month=date(2026, 6, 1)).exists()
