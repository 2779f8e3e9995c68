"""Stipends: drawn up by the specialist, approved by the director, paid by the accountant; held lines decided on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bastau import clock, papers
from bastau.flow import Actor, Refused
from bastau.notices.models import Notice
from bastau.papers.models import Paper, PaperState
from bastau.people.roles import Role
from tests.referrals.cases import signed
from tests.training import course_cases as cases
from tests.training.groups_cases import hired
from training import tasks
from training.actions import enrolments, following, group_life
from training.actions import stipends as actions
from training.models import StipendLine, StipendSheet
from training.states import LineReason, LineState, SheetState

pytestmark = pytest.mark.django_db

IBANS = ("KZ86125KZT5004100100", "KZ75125KZT2069100100")


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """An offline group of fifteen, completed: one withdrew, one was expelled, one never took the final test, two took
    part to the end and one of them gave an account; the others passed no module and were not admitted."""
    with cases.rolled_back(django_db_blocker):
        made = cases.running(15, mode="offline")
        left, expelled, _not_admitted, absent, *others = made.people[:6]
        with clock.at(made.at(1)):
            actions.give_account(others[0].person, by=cases.citizen(others[0]), iban=IBANS[0])
            for person in (expelled, absent, *others):
                cases.all_passed(person)
            enrolments.withdraw(left, by=cases.citizen(left), reason="OWN_REQUEST")
        staying = cases.Class(made.chamber, made.group, made.people[1:])
        cases.taught(staying)
        with clock.at(made.after):
            cases.tested(cases.final(expelled), 3)
            enrolments.expel(expelled, by=made.chamber.coordinator)
            for person in others:
                cases.tested(cases.final(person), 12)
            tasks.sweep_course()
            with pytest.raises(Refused) as early:
                actions.draw_up(made.group, made.chamber.centre.office, by=made.chamber.centre.specialist)
        with clock.at(made.after_window):
            following.follow_all()
            group_life.complete(made.group, by=made.chamber.coordinator)
        accountant = hired(made.chamber.centre.office, Role.ACCOUNTANT)
        yield {"made": made, "accountant": accountant, "early": early.value}


@pytest.fixture
def made(worlds: dict[str, Any], db: None) -> Iterator[cases.Class]:
    found = worlds["made"].again()
    with clock.at(found.after_window):
        yield found


@pytest.fixture
def sheet(made: cases.Class) -> StipendSheet:
    centre = made.chamber.centre
    return actions.draw_up(made.group, centre.office, by=centre.specialist)


@pytest.fixture
def accountant(worlds: dict[str, Any], made: cases.Class) -> Actor:
    return worlds["accountant"]


def line_of(enrolment: Any) -> StipendLine:
    return StipendLine.objects.get(enrolment=enrolment)


def in_check(sheet: StipendSheet, made: cases.Class) -> StipendSheet:
    sheet = actions.send_to_check(sheet, by=made.chamber.centre.specialist)
    for paper in actions.sheet_papers(sheet):
        papers.render(paper.pk)
    return sheet


def approved(sheet: StipendSheet, made: cases.Class) -> StipendSheet:
    sheet, director = in_check(sheet, made), made.chamber.centre.director
    signatures = {paper.pk: signed(paper, director) for paper in actions.sheet_papers(sheet)}
    return actions.approve(sheet, by=director, signatures=signatures)


@pytest.mark.clause("118-p31", "A-27")
def test_the_sheet_has_a_line_for_each_who_learned_with_a_referral_of_the_centre(
    sheet: StipendSheet, made: cases.Class
) -> None:
    assert sheet.lines.count() == 15
    assert sheet.rate == 41896
    assert sheet.office == made.chamber.centre.office


@pytest.mark.clause("118-p32", "118-p31", "A-25")
def test_each_line_stands_where_the_rules_put_it(sheet: StipendSheet, made: cases.Class) -> None:
    left, expelled, not_admitted, absent, first, *others = made.people
    found = {one.enrolment_id: (one.state, one.reason, one.ground) for one in sheet.lines.all()}
    assert found[left.pk] == (LineState.HELD, LineReason.DECISION_NEEDED, "A-25")
    assert found[expelled.pk] == (LineState.EXCLUDED, LineReason.EXPELLED, "118-p32")
    assert found[not_admitted.pk] == (LineState.EXCLUDED, LineReason.NOT_ADMITTED, "118-p32")
    assert found[absent.pk] == (LineState.HELD, LineReason.NO_ACCOUNT, "118-p31")
    assert found[first.pk] == (LineState.PAYABLE, "", "118-p31")
    assert found[others[0].pk][1] == LineReason.NO_ACCOUNT
    assert {found[one.pk][1] for one in others[1:]} == {LineReason.NOT_ADMITTED}
    assert line_of(first).accrued == 41896


def test_drawing_up_twice_gives_the_same_sheet(sheet: StipendSheet, made: cases.Class) -> None:
    centre = made.chamber.centre
    assert actions.draw_up(made.group, centre.office, by=centre.colleague).pk == sheet.pk
    assert StipendLine.objects.count() == 15


def test_the_sheet_is_the_specialists_of_the_centre(made: cases.Class) -> None:
    for stranger in (made.chamber.coordinator, made.chamber.centre.director):
        with pytest.raises(Refused):
            actions.draw_up(made.group, made.chamber.centre.office, by=stranger)


@pytest.mark.clause("118-p31")
def test_an_account_given_later_makes_the_line_payable(sheet: StipendSheet, made: cases.Class) -> None:
    person = made.people[5]
    actions.give_account(person.person, by=cases.citizen(person), iban="KZ75 125K ZT20 6910 0100")
    line = line_of(person)
    assert (line.state, line.iban, line.accrued) == (LineState.PAYABLE, IBANS[1], 41896)


@pytest.mark.parametrize("wrong", ["KZ86125KZT5004100101", "12345", "DE89370400440532013000"])
def test_a_wrong_account_number_is_refused(made: cases.Class, wrong: str) -> None:
    person = made.people[5]
    with pytest.raises(Refused):
        actions.give_account(person.person, by=cases.citizen(person), iban=wrong)


def test_nobody_gives_an_account_for_another(made: cases.Class) -> None:
    with pytest.raises(Refused):
        actions.give_account(made.people[5].person, by=cases.citizen(made.people[6]), iban=IBANS[1])


def test_the_director_signs_the_printed_sheet(sheet: StipendSheet, made: cases.Class) -> None:
    sheet = approved(sheet, made)
    assert sheet.state == SheetState.APPROVED
    assert {paper.state for paper in actions.sheet_papers(sheet)} == {PaperState.ISSUED}
    assert Notice.objects.filter(code="N-STP-EXCLUDED").count() == 11
    assert Notice.objects.filter(code="N-STP-PAYABLE").count() == 1


def test_the_paper_names_the_paragraphs_that_are_meant(sheet: StipendSheet, made: cases.Class) -> None:
    sheet = in_check(sheet, made)
    facts = Paper.objects.filter(case_kind="stipend_sheet", case_id=sheet.pk, language="ru").get().facts
    said = {line["excluded"]["ru"] for line in facts["lines"]} - {""}
    assert said == {"исключен из проекта (пункты 24, 25)", "не допущен к следующему этапу (пункты 24, 25)"}


def test_who_drew_it_up_does_not_approve_it(sheet: StipendSheet, made: cases.Class) -> None:
    sheet = in_check(sheet, made)
    centre = made.chamber.centre
    from tests.factories import PostFactory

    both = Actor(
        centre.specialist.user, PostFactory(user=centre.specialist.user, office=centre.office, role=Role.DIRECTOR)
    )
    with pytest.raises(Refused):
        actions.approve(sheet, by=both, signatures={})


@pytest.mark.clause("A-26")
def test_no_sheet_is_drawn_up_before_the_results_are_in(worlds: dict[str, Any], made: cases.Class) -> None:
    assert isinstance(worlds["early"], Refused)
    assert actions.groups_to_pay().filter(pk=made.group.pk).exists()


def test_a_returned_sheet_is_drawn_up_anew_with_the_accounts_given_since(
    sheet: StipendSheet, made: cases.Class
) -> None:
    centre, person = made.chamber.centre, made.people[5]
    sheet = actions.send_back(in_check(sheet, made), by=centre.director, reason="Бір шот қате")
    assert Paper.objects.filter(case_kind="stipend_sheet", state=PaperState.VOID).count() == 2
    actions.give_account(person.person, by=cases.citizen(person), iban=IBANS[1])
    assert line_of(person).state == LineState.HELD
    sheet = actions.draw_anew(sheet, by=centre.specialist)
    assert (sheet.state, line_of(person).state) == (SheetState.DRAFT, LineState.PAYABLE)
    assert Notice.objects.filter(code="N-STP-SHEET-RETURNED").exists()


@pytest.mark.clause("A-25")
def test_the_director_decides_in_writing_on_who_withdrew(sheet: StipendSheet, made: cases.Class) -> None:
    left, director = made.people[0], made.chamber.centre.director
    with pytest.raises(Refused):
        actions.decide(line_of(left), by=director, pay=False, decision=" ")
    line = actions.decide(line_of(left), by=director, pay=False, decision="Екі күн ғана қатысты.")
    assert (line.state, line.reason, line.decided_by) == (LineState.EXCLUDED, LineReason.BY_DECISION, director.user)


@pytest.mark.clause("A-25")
def test_the_director_lets_a_held_line_be_paid(sheet: StipendSheet, made: cases.Class) -> None:
    left, director = made.people[0], made.chamber.centre.director
    with pytest.raises(Refused):
        actions.decide(line_of(left), by=director, pay=True, decision="Дәлелді себеп.")
    actions.give_account(left.person, by=cases.citizen(left), iban=IBANS[1])
    line = actions.decide(line_of(left), by=director, pay=True, decision="Дәлелді себеп.")
    assert (line.state, line.accrued) == (LineState.PAYABLE, 41896)


def test_only_the_director_decides(sheet: StipendSheet, made: cases.Class) -> None:
    with pytest.raises(Refused):
        actions.decide(line_of(made.people[0]), by=made.chamber.centre.specialist, pay=False, decision="Жоқ.")


def test_a_decision_outlives_the_drawing_up_anew(sheet: StipendSheet, made: cases.Class) -> None:
    centre, left = made.chamber.centre, made.people[0]
    actions.decide(line_of(left), by=centre.director, pay=False, decision="Екі күн ғана қатысты.")
    sheet = actions.send_back(sheet, by=centre.director, reason="Тағы бір рет")
    actions.draw_anew(sheet, by=centre.specialist)
    assert line_of(left).reason == LineReason.BY_DECISION


def test_the_bank_executes_a_part_and_the_rest_follows(
    sheet: StipendSheet, made: cases.Class, accountant: Actor
) -> None:
    first, second = made.people[4], made.people[5]
    actions.give_account(second.person, by=cases.citizen(second), iban=IBANS[1])
    sheet = actions.send_to_bank(approved(sheet, made), by=accountant, reference="ТТ-15")
    returned = line_of(second).pk
    sheet = actions.execute(sheet, by=accountant, executed_on=made.after_window.date(), returned=[returned])
    assert sheet.state == SheetState.PARTLY_EXECUTED
    assert (line_of(first).state, line_of(second).state) == (LineState.PAID, LineState.BANK_RETURNED)
    assert Notice.objects.filter(code__in=["N-STP-PAID", "N-STP-BANK-RETURNED"]).count() == 2
    actions.give_account(second.person, by=cases.citizen(second), iban=IBANS[0])
    assert (line_of(second).state, line_of(second).iban) == (LineState.PAYABLE, IBANS[0])
    sheet = actions.send_to_bank(sheet, by=accountant, reference="ТТ-16")
    actions.execute(sheet, by=accountant, executed_on=made.after_window.date())
    assert line_of(second).state == LineState.PAID


def test_a_sheet_whose_lines_are_all_settled_is_executed(
    sheet: StipendSheet, made: cases.Class, accountant: Actor
) -> None:
    actions.decide(line_of(made.people[0]), by=made.chamber.centre.director, pay=False, decision="Екі күн қатысты.")
    for person in [made.people[3], made.people[5]]:
        actions.give_account(person.person, by=cases.citizen(person), iban=IBANS[1])
    sheet = actions.send_to_bank(approved(sheet, made), by=accountant, reference="ТТ-15")
    sheet = actions.execute(sheet, by=accountant, executed_on=made.after_window.date())
    assert sheet.state == SheetState.EXECUTED
    assert sheet.lines.filter(state=LineState.PAID).count() == 3


def test_the_director_is_not_the_one_who_sends_it_to_the_bank(sheet: StipendSheet, made: cases.Class) -> None:
    from tests.factories import PostFactory

    sheet, centre = approved(sheet, made), made.chamber.centre
    both = Actor(
        centre.director.user, PostFactory(user=centre.director.user, office=centre.office, role=Role.ACCOUNTANT)
    )
    with pytest.raises(Refused):
        actions.send_to_bank(sheet, by=both, reference="ТТ-15")


def test_the_banks_day_does_not_lie_ahead(sheet: StipendSheet, made: cases.Class, accountant: Actor) -> None:
    sheet = actions.send_to_bank(approved(sheet, made), by=accountant, reference="ТТ-15")
    with pytest.raises(Refused):
        actions.execute(sheet, by=accountant, executed_on=date(2030, 1, 1))


def test_a_citizen_sees_the_own_line_once_the_sheet_is_approved(sheet: StipendSheet, made: cases.Class) -> None:
    user = cases.citizen(made.people[4]).user
    assert not StipendLine.objects.visible_to(user).exists()
    approved(sheet, made)
    assert [line.enrolment_id for line in StipendLine.objects.visible_to(user)] == [made.people[4].pk]
    assert not StipendSheet.objects.visible_to(user).exists()


def test_the_lines_of_a_sheet_cost_the_same_for_three_and_for_fifteen(
    sheet: StipendSheet, made: cases.Class, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        actions._reckon(sheet)


# ------------------------------------------------------------------------------------------------------- the screens


def page(client: Client, actor: Actor, model: str, case: Any) -> Any:
    client.force_login(actor.user)  # type: ignore[arg-type]
    return client.get(reverse(f"workplace:training_{model}_change", args=[case.pk]))


def press(client: Client, actor: Actor, model: str, case: Any, event: str, **data: Any) -> Any:
    seen = page(client, actor, model, case).context["seen"]
    fields = {f"{event}-{name}": value for name, value in data.items()}
    url = reverse(f"workplace:training_{model}_do", args=[case.pk, event])
    return client.post(url, {"seen": seen, **fields}, follow=True)


def test_the_specialist_draws_the_sheet_up_from_the_list_and_twice_finds_it(client: Client, made: cases.Class) -> None:
    centre = made.chamber.centre
    client.force_login(centre.specialist.user)  # type: ignore[arg-type]
    url = reverse("training_office:stipends")
    assert [one[0] for one in client.get(url).context["waiting"]] == [made.group]
    sent = {"group": made.group.pk, "office": centre.office.pk}
    first, second = client.post(url, sent), client.post(url, sent)
    assert first.url == second.url
    assert client.get(url).context["waiting"] == []
    assert client.get(first.url).status_code == 200


@pytest.mark.parametrize("sent", [{}, {"group": "x", "office": "1"}, {"group": "999999", "office": "999999"}])
def test_a_group_that_is_not_there_gives_404(client: Client, made: cases.Class, sent: dict[str, str]) -> None:
    client.force_login(made.chamber.centre.specialist.user)  # type: ignore[arg-type]
    assert client.post(reverse("training_office:stipends"), sent).status_code == 404


def test_the_stipends_of_a_centre_are_no_page_of_the_chamber(
    client: Client, sheet: StipendSheet, made: cases.Class
) -> None:
    client.force_login(made.chamber.coordinator.user)  # type: ignore[arg-type]
    assert client.get(reverse("training_office:stipends")).status_code == 404
    assert page(client, made.chamber.coordinator, "stipendsheet", sheet).status_code == 404


def test_a_sheet_goes_through_the_screens_of_three_people(
    client: Client, sheet: StipendSheet, made: cases.Class, accountant: Actor
) -> None:
    centre = made.chamber.centre
    press(client, centre.specialist, "stipendsheet", sheet, "send_to_check")
    for paper in actions.sheet_papers(sheet):
        papers.render(paper.pk)
    signing = reverse("workplace:training_stipendsheet_sign", args=[sheet.pk, "approve"])
    client.force_login(centre.director.user)  # type: ignore[arg-type]
    assert client.get(signing).status_code == 200
    sheet.refresh_from_db()
    signatures = {paper.pk: signed(paper, centre.director) for paper in actions.sheet_papers(sheet)}
    actions.approve(sheet, by=centre.director, signatures=signatures)
    press(client, accountant, "stipendsheet", sheet, "send_to_bank", reference="ТТ-15")
    day = made.after_window
    press(
        client, accountant, "stipendsheet", sheet, "execute",
        executed_on_day=day.day, executed_on_month=day.month, executed_on_year=day.year,
    )  # fmt: skip
    sheet.refresh_from_db()
    assert sheet.state == SheetState.PARTLY_EXECUTED
    client.force_login(cases.citizen(made.people[4]).user)  # type: ignore[arg-type]
    assert client.get(reverse("training:stipend")).context["lines"][0]["line"].state == LineState.PAID
    assert client.get(reverse("cabinet")).status_code == 200


def test_the_director_decides_on_the_page_of_the_line(client: Client, sheet: StipendSheet, made: cases.Class) -> None:
    line, director = line_of(made.people[0]), made.chamber.centre.director
    press(client, director, "stipendline", line, "exclude", decision="Екі күн ғана қатысты.")
    line.refresh_from_db()
    assert (line.state, line.decision) == (LineState.EXCLUDED, "Екі күн ғана қатысты.")


def test_a_line_that_waits_for_an_account_is_not_decided_on(
    client: Client, sheet: StipendSheet, made: cases.Class
) -> None:
    drawn = page(client, made.chamber.centre.director, "stipendline", line_of(made.people[5]))
    assert drawn.context["step"]["forms"] == []


def test_the_page_of_a_sheet_costs_a_constant_number_of_statements(
    client: Client, sheet: StipendSheet, made: cases.Class, django_assert_max_num_queries: Any
) -> None:
    page(client, made.chamber.centre.specialist, "stipendsheet", sheet)
    with django_assert_max_num_queries(22):
        assert client.get(reverse("workplace:training_stipendsheet_change", args=[sheet.pk])).status_code == 200


def test_registers_of_three_and_of_fifteen_lines_cost_the_same(
    client: Client, sheet: StipendSheet, made: cases.Class
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(made.chamber.centre.director.user)  # type: ignore[arg-type]
    url = reverse("workplace:training_stipendline_changelist")
    client.get(url)
    counted = []
    for chosen in ("EXPELLED", ""):
        with CaptureQueriesContext(connection) as asked:
            client.get(url, {"reason": chosen} if chosen else {})
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_the_citizen_gives_the_account_and_a_wrong_one_is_explained(client: Client, made: cases.Class) -> None:
    client.force_login(cases.citizen(made.people[5]).user)  # type: ignore[arg-type]
    url = reverse("training:stipend")
    assert client.post(url, {"iban": "KZ86125KZT5004100101"}).status_code == 422
    assert client.post(url, {"iban": "kz75 125k zt20 6910 0100"}).status_code == 302
    assert client.get(url).context["account"].iban == IBANS[1]
