"""Clauses of the Rules that only the whole path keeps: what breaks one of these breaks the law, not a screen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bastau import clock, law, papers
from bastau.flow import SYSTEM, Refused, deadlines, verdict
from bastau.gateways.models import Enquiry
from bastau.gateways.signals import answered
from bastau.papers import actions as printer
from bastau.papers import printing
from bastau.papers.models import Paper, PaperState
from bastau.people.models import OfficeKind
from bastau.people.roles import Role
from bastau.people.scope import centre_for
from referrals import actions
from referrals.models import ReferralApplication
from referrals.staff_forms import AcceptanceForm
from referrals.states import Channel, State
from tests.conftest import ALMATY, MONDAY
from tests.factories import CitizenFactory, OfficeFactory, PersonFactory, StaffFactory
from tests.papers.facts import FACTS
from tests.referrals import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PACKAGE = {
    "target_status": "UNEMPLOYED", "study_form": "offline", "language": "kk", "phone": "", "email": "",
    "access_needs": "", "application_signed": "on", "identity_valid": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed is tested elsewhere; here a paper only has bytes of its own."""
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())


@pytest.fixture
def centre() -> cases.Centre:
    return cases.Centre.open()


def hear(case: ReferralApplication, system: str, said: dict[str, Any]) -> None:
    """The register answers the question of the check."""
    enquiry = Enquiry.objects.get(key=f"referral:{case.pk}:check:{system}")
    enquiry.answer, enquiry.answered_at = said, clock.now()
    enquiry.save()
    answered.send(sender=Enquiry, enquiry=enquiry)


# ---------------------------------------------------------------------------------------------- the order, paragraph 1


@pytest.mark.clause("118-o1")
def test_every_application_keeps_the_rules_it_is_filed_under(centre: cases.Centre) -> None:
    rules = law.ruleset(cases.accepted(centre).ruleset)
    assert "№ 118" in rules.acts[0].title("ru")


@pytest.mark.clause("118-p01")
@pytest.mark.parametrize("kind", ["application_a1", "acceptance_receipt", "referral_a5"])
@pytest.mark.parametrize(
    ("language", "basis"),
    [
        ("kk", ["2018 жылғы 13 қарашадағы № 746 қаулысымен", "2021", '"Еңбек"']),
        ("ru", ["от 13 ноября 2018 года № 746", "2021 годы", "«Еңбек»"]),
    ],
)
def test_the_forms_name_the_programme_they_rest_on(kind: str, language: str, basis: list[str]) -> None:
    paper = Paper(kind=kind, language=language, facts=FACTS[kind], code="c" * 20, asked_at=MONDAY)
    words = " ".join(unescape(re.sub(r"<[^>]+>", "", printing.html_of(paper))).split())
    assert [part for part in basis if part not in words] == []


# ------------------------------------------------------------------------------------------------ who gives the service


@pytest.mark.clause("118-a2-r01", "118-p02-s10")
def test_the_service_is_given_by_an_employment_centre_and_no_other_office() -> None:
    for kind in (OfficeKind.SC, OfficeKind.LEB, OfficeKind.CHAMBER, OfficeKind.MINISTRY):
        OfficeFactory(kind=kind, serves=["351012"])
    provider = OfficeFactory(serves=["35"])
    assert centre_for("351012000") == provider


@pytest.mark.clause("118-p02-s09")
def test_the_local_body_sees_the_figures_of_its_district_and_no_case(client: Client) -> None:
    near, far = OfficeFactory(kato="351200000", serves=["3512"]), OfficeFactory(kato="353200000", serves=["3532"])
    officer = StaffFactory(role=Role.LEB_OFFICER, office=OfficeFactory(leb=True, serves=["3512"]))
    client.force_login(officer)
    page = client.get(reverse("workplace:figures")).content.decode()
    assert near.name("kk") in page
    assert far.name("kk") not in page
    assert not ReferralApplication.objects.visible_to(officer).exists()


@pytest.mark.clause("118-p02-s04", "118-p09-1")
def test_the_target_group_is_what_the_labour_market_system_answers(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    hear(case, "labour_market", {**cases.LABOUR, "registered_unemployed": False, "target_status": "NONE"})
    line = case.checks.get(subject="target_group")
    assert (line.result, line.enquiry.system if line.enquiry else "") == ("no", "labour_market")


@pytest.mark.clause("118-a2-r08-4")
def test_identity_is_what_the_gateway_of_the_register_answers(centre: cases.Centre) -> None:
    case = cases.in_check(centre)
    hear(case, "person_registry", {**cases.register(case.person, centre.office), "surname": "Басқа"})
    line = case.checks.get(subject="identity")
    assert (line.answer, line.enquiry.system if line.enquiry else "") == ("differs", "person_registry")


# ------------------------------------------------------------------------------------------------------- three channels


@pytest.mark.clause("118-p04", "118-a2-r02")
@pytest.mark.parametrize("channel", ["sc", "centre", "portal"])
def test_each_of_the_three_channels_ends_with_the_centre_of_residence(centre: cases.Centre, channel: str) -> None:
    case = cases.accepted(centre, channel=channel)
    assert (case.state, case.channel, case.office) == (State.ACCEPTED, channel, centre.office)
    assert verdict(case, "take", centre.specialist).ok


@pytest.mark.clause("118-p04", "118-a2-r02")
def test_there_is_no_fourth_channel() -> None:
    assert set(Channel.values) == {"sc", "centre", "portal"}


@pytest.mark.clause("118-p03")
@pytest.mark.parametrize("channel", ["sc", "centre"])
def test_no_counter_asks_the_unemployed_for_a_registration(centre: cases.Centre, channel: str) -> None:
    draft = cases.draft(centre, channel=channel)
    actions.note_register_answer(draft, "labour_market", {**cases.LABOUR, "registered_unemployed": False})
    by = centre.operator if channel == "sc" else centre.specialist
    assert actions.accept(draft, by=by, originals_returned=True).state == State.ACCEPTED


@pytest.mark.clause("A-46", "118-a2-r08-1")
def test_a_centres_counter_accepts_its_own_residents_only(centre: cases.Centre) -> None:
    other = OfficeFactory(serves=["351012"])
    draft = cases.draft(centre)
    said = {**cases.register(draft.person, centre.office), "residence": "351012000"}
    actions.note_register_answer(draft, "person_registry", said)
    with override("en"), pytest.raises(Refused, match="in the area of another centre"):
        actions.accept(draft, by=centre.specialist, originals_returned=True)
    assert ReferralApplication._base_manager.get(pk=draft.pk).office == other


@pytest.mark.clause("A-46")
def test_any_office_of_the_state_corporation_accepts_for_the_centre_of_residence(centre: cases.Centre) -> None:
    far = cases.Centre.open(serves=["71"], region__code="71", kato="711000000")
    draft = cases.draft(far, channel=Channel.SC)
    said = {**cases.register(draft.person, centre.office), "residence": centre.office.kato}
    actions.note_register_answer(draft, "person_registry", said)
    case = actions.accept(draft, by=far.operator, originals_returned=False)
    assert (case.office, case.counter) == (centre.office, far.counter)


def switched_off(monkeypatch: pytest.MonkeyPatch, clause: str) -> None:
    said = law.value
    monkeypatch.setattr(law, "value", lambda asked, *day: False if asked == clause else said(asked, *day))


@pytest.mark.clause("A-46")
def test_the_owner_may_keep_each_office_of_the_state_corporation_to_its_region(
    centre: cases.Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = cases.Centre.open(serves=["71"], region__code="71", kato="711000000")
    draft = cases.draft(far, channel=Channel.SC)
    said = {**cases.register(draft.person, centre.office), "residence": centre.office.kato}
    actions.note_register_answer(draft, "person_registry", said)
    switched_off(monkeypatch, "A-46")
    with override("en"), pytest.raises(Refused, match="serves another region"):
        actions.accept(draft, by=far.operator, originals_returned=False)


# ------------------------------------------------------------------------------------------------------------- packages


@pytest.mark.clause("118-a2-r08-1", "118-a2-r08-2")
def test_documents_on_work_and_education_are_never_missing() -> None:
    assert AcceptanceForm(PACKAGE).is_valid()


@pytest.mark.clause("118-a2-r08-1", "118-a2-r08-2")
@pytest.mark.parametrize("missing", ["application_signed", "identity_valid"])
def test_the_application_and_the_identity_document_are_always_needed(missing: str) -> None:
    form = AcceptanceForm({**PACKAGE, missing: ""})
    assert set(form.errors) == {missing}


@pytest.mark.clause("118-a2-r08-2")
def test_the_state_corporation_takes_copies_so_nothing_is_given_back(centre: cases.Centre) -> None:
    draft = cases.draft(centre, channel=Channel.SC, sheets=3)
    assert actions.accept(draft, by=centre.operator, originals_returned=False).state == State.ACCEPTED


@pytest.mark.clause("A-09")
@pytest.mark.parametrize("channel", ["sc", "centre", "portal"])
def test_no_copy_of_the_identity_document_is_demanded(centre: cases.Centre, channel: str) -> None:
    case = cases.accepted(centre, channel=channel, sheets=0)
    assert (case.state, case.sheets) == (State.ACCEPTED, 0)


@pytest.mark.clause("A-06")
def test_the_centres_own_counter_also_gives_annex_3(centre: cases.Centre) -> None:
    case = actions.refuse_acceptance(
        cases.draft(centre), by=centre.specialist, reason="ACCEPT_INCOMPLETE", text="Өтінішке қол қойылмаған."
    )
    assert Paper.objects.get(case_id=case.pk).kind == "refusal_a3"


@pytest.mark.clause("A-06")
def test_the_owner_may_leave_annex_3_to_the_state_corporation(
    centre: cases.Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_off(monkeypatch, "A-06")
    with override("en"), pytest.raises(Refused, match="gives no receipt of refusal"):
        actions.refuse_acceptance(cases.draft(centre), by=centre.specialist, reason="ACCEPT_INCOMPLETE", text="Жоқ.")


# ------------------------------------------------------------------------------------------------------ form, signature


@pytest.mark.clause("118-a2-r04")
@pytest.mark.parametrize("event", ["issue", "refuse"])
def test_the_service_is_automated_in_part_only_the_decision_is_a_persons(centre: cases.Centre, event: str) -> None:
    case = cases.awaiting(centre, refusal=event == "refuse")
    assert not verdict(case, event, SYSTEM).ok


@pytest.mark.clause("118-a2-r04")
def test_the_service_is_also_given_on_paper(centre: cases.Centre) -> None:
    case = cases.accepted(centre)
    assert not Paper.objects.filter(case_id=case.pk, signatures__isnull=False).exists()
    assert Paper.objects.get(case_id=case.pk).kind == "acceptance_receipt"


def sent(centre: cases.Centre, by: Any = None) -> ReferralApplication:
    """An application from the Portal, signed by its citizen or, where given, by somebody else."""
    case = cases.draft(centre, channel=Channel.PORTAL)
    citizen = cases.citizen(case)
    paper = papers.render(actions.prepare_application(case, by=citizen).pk)
    return actions.submit(case, by=citizen, cms=cases.signed(paper, by or citizen), paper=paper)


@pytest.mark.clause("118-a2-r08-3")
def test_an_application_on_the_portal_bears_its_citizens_signature(centre: cases.Centre) -> None:
    case = sent(centre)
    paper = Paper.objects.get(case_id=case.pk, kind="application_a1")
    assert (paper.state, paper.signatures.get().signer_iin) == (PaperState.SIGNED, case.person.iin)


@pytest.mark.clause("118-a2-r08-3")
def test_an_application_signed_by_somebody_else_is_not_accepted(centre: cases.Centre) -> None:
    stranger = cases.citizen(ReferralApplication(person=PersonFactory()))
    with pytest.raises(papers.SigningRefused) as refused:
        sent(centre, by=stranger)
    assert refused.value.code == "other_person"
    assert not ReferralApplication.objects.exclude(state=State.DRAFT).exists()


@pytest.mark.clause("118-p08-3")
def test_the_result_on_the_portal_is_a_document_signed_by_the_director(centre: cases.Centre) -> None:
    case = cases.decided(centre, channel=Channel.PORTAL)
    signature = Paper.objects.get(case_id=case.pk, kind="referral_a5").signatures.get()
    assert centre.director.user is not None
    assert (signature.signer_iin, signature.signer_bin) == (centre.director.user.person.iin, centre.office.bin)


@pytest.mark.clause("118-p08-3")
def test_the_result_is_in_the_cabinet_at_once_and_not_before(centre: cases.Centre) -> None:
    case = cases.awaiting(centre, channel=Channel.PORTAL)
    citizen = cases.citizen(case).user
    own = Paper.objects.visible_to(citizen).filter(kind="referral_a5")
    assert not own.exists()
    actions.decide(case, by=centre.director, signatures=cases.signatures(case, centre.director))
    assert own.exists()


@pytest.mark.clause("118-a2-r08-5")
@pytest.mark.parametrize("refusal", [False, True], ids=["referral", "refusal"])
def test_the_result_is_kept_in_the_cabinet(centre: cases.Centre, client: Client, refusal: bool) -> None:
    citizen = CitizenFactory()
    case = cases.decided(centre, channel=Channel.PORTAL, person=citizen.person, refusal=refusal)
    paper = Paper.objects.get(case_id=case.pk, state=PaperState.ISSUED)
    with clock.at(MONDAY + timedelta(days=4 * 365)):
        client.force_login(citizen)
        assert paper.number in client.get(reverse("cabinet")).content.decode()
        assert client.get(reverse("paper_pdf", args=[paper.pk])).status_code == 200


# ------------------------------------------------------------------------------------------------------------- standard


#: The ten requirements of annex 2 by the words they begin with.
REQUIREMENTS = {
    "kk": [
        "Қызмет көрсетуші атауы", "Мемлекеттік қызметті ұсыну тәсілдері", "Мемлекеттік қызмет көрсету мерзімі",
        "Мемлекеттік қызмет көрсету нысаны", "Мемлекеттік қызметті көрсету нәтижесі",
        "Мемлекеттік қызметті көрсету кезінде", "Жұмыс кестесі",
        "Мемлекеттік қызметті көрсету үшін қажетті құжаттар", "Қазақстан Республикасының заңнамасында",
        "Мемлекеттік, оның ішінде электрондық нысанда",
    ],
    "ru": [
        "Наименование услугодателя", "Способы предоставления", "Срок оказания", "Форма оказания", "Результат оказания",
        "Размер оплаты", "График работы", "Перечень документов", "Основания для отказа", "Иные требования",
    ],
}  # fmt: skip


@pytest.mark.clause("118-p05")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_everybody_may_read_the_ten_requirements_of_the_standard(client: Client, language: str) -> None:
    page = client.get(reverse("standard"), {"text": language}).content.decode()
    rows = re.findall(r"<dt>(\d+)\. (.+?)</dt>\s*<dd>\s*\S", page)
    assert [number for number, _title in rows] == [str(number) for number in range(1, 11)]
    titles = [title[: len(start)] for (_number, title), start in zip(rows, REQUIREMENTS[language], strict=True)]
    assert titles == REQUIREMENTS[language]


# -------------------------------------------------------------------------------------------------------------- alarms


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour, 30, tzinfo=ALMATY)


@pytest.mark.clause("T-REMIND")
@pytest.mark.parametrize(
    ("due", "remind"), [(at(10, 18), at(9, 18)), (at(8, 18), at(5, 18))], ids=["", "over a weekend"]
)
def test_the_reminder_goes_a_working_day_before_the_term(due: datetime, remind: datetime) -> None:
    assert deadlines.alarms(due, "Asia/Almaty")[0] == remind


@pytest.mark.clause("T-ESCALATE")
@pytest.mark.parametrize(
    ("due", "told"), [(at(10, 18), at(11, 18)), (at(12, 18), at(15, 18))], ids=["", "over a weekend"]
)
def test_the_director_hears_a_working_day_after_the_term(due: datetime, told: datetime) -> None:
    assert deadlines.alarms(due, "Asia/Almaty")[1] == told
