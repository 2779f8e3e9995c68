"""Documents on work and education: attached, counted, taken out; bad files; who may open them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from bastau import papers
from bastau.flow import Actor, Refused
from bastau.papers import UploadRefused
from bastau.papers.models import Paper, PaperState, Upload
from bastau.people.models import User
from bastau.people.roles import Role
from referrals import actions
from referrals.actions import attachments
from referrals.models import ReferralApplication
from referrals.states import Channel, State
from tests.factories import CitizenFactory, OfficeFactory, StaffFactory
from tests.papers.test_uploads import pdf, picture, zipped
from tests.referrals import cases
from tests.referrals.cases import Centre
from tests.referrals.screens import Screen
from tests.referrals.test_counter_views import ANSWERS, opened
from tests.referrals.walk import CONTACTS, begun, filled_in, printed, send, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(frozen: Any) -> Centre:
    return Centre.open()


@pytest.fixture
def aigul() -> User:
    return CitizenFactory()


@pytest.fixture
def web(aigul: User) -> Client:
    return signed_in(aigul)


@pytest.fixture
def draft(web: Client, centre: Centre) -> ReferralApplication:
    return filled_in(web, centre)


def scan(content: bytes | None = None, name: str = "diploma.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def post(web: Client, case: ReferralApplication, query: str = "", **data: Any) -> Any:
    return web.post(f"/referral/{case.pk}/documents/{query}", data)


def shown(web: Client, case: ReferralApplication) -> str:
    return text(web.get(f"/referral/{case.pk}/documents/"))


def sheets(case: ReferralApplication) -> int:
    return ReferralApplication.objects.get(pk=case.pk).sheets


# ------------------------------------------------------------------------------------------- the citizen's page


def test_the_contacts_lead_to_a_page_of_documents_that_may_simply_be_passed(
    web: Client, draft: ReferralApplication
) -> None:
    assert web.post(f"/referral/{draft.pk}/contacts/", CONTACTS).url == f"/referral/{draft.pk}/documents/"
    assert "Go on without documents" in shown(web, draft)
    assert post(web, draft).url == f"/referral/{draft.pk}/check/"
    assert not Upload.objects.exists()


def test_a_draft_without_documents_lacks_nothing(web: Client, draft: ReferralApplication) -> None:
    assert web.get(f"/referral/{draft.pk}/").url == f"/referral/{draft.pk}/check/"


def test_the_page_says_the_largest_size_of_the_settings(web: Client, draft: ReferralApplication, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 7 * 2**20
    assert "at most 7 MB" in shown(web, draft)


def test_chosen_files_are_attached_and_listed_each_with_a_button(web: Client, draft: ReferralApplication) -> None:
    files = {"work": [scan(name="a.pdf"), scan(picture(), "b.png")], "education": scan(pdf(pages=3), "Диплом.pdf")}
    assert post(web, draft, go="attach", **files).url == f"/referral/{draft.pk}/documents/"
    kept = [(upload.kind, upload.name, upload.pages) for upload in actions.attached(draft)]
    assert kept == [("work", "a.pdf", 1), ("work", "b.png", 1), ("education", "Диплом.pdf", 3)]
    page = shown(web, draft)
    assert page.count('name="remove"') == 3
    assert all(name in page for name in ("a.pdf", "b.png", "Диплом.pdf", "3 pages"))


def test_a_chosen_file_is_attached_also_by_the_button_to_go_on(web: Client, draft: ReferralApplication) -> None:
    assert post(web, draft, work=scan()).url == f"/referral/{draft.pk}/documents/"
    assert actions.attached(draft).count() == 1


@pytest.mark.clause("118-a1")
def test_the_sheets_of_annex_1_are_the_pages_attached(web: Client, draft: ReferralApplication) -> None:
    post(web, draft, work=[scan(pdf(pages=4)), scan(picture("JPEG"), "photo.jpg")])
    assert sheets(draft) == 5
    assert printed(web, draft).facts["sheets"] == 5
    post(web, draft, remove=str(actions.attached(draft)[0].pk))
    assert sheets(draft) == 1


def test_the_check_page_names_the_documents_and_leads_back(web: Client, draft: ReferralApplication) -> None:
    assert "none; they are not needed" in text(web.get(f"/referral/{draft.pk}/check/"))
    post(web, draft, work=scan())
    page = text(web.get(f"/referral/{draft.pk}/check/"))
    assert "diploma.pdf" in page
    assert f"/referral/{draft.pk}/documents/?from=check" in page
    assert post(web, draft, "?from=check").url == f"/referral/{draft.pk}/check/"


def test_a_file_is_taken_out_once_though_the_button_is_pressed_twice(web: Client, draft: ReferralApplication) -> None:
    post(web, draft, work=scan())
    upload = Upload.objects.get()
    for _ in range(2):
        assert post(web, draft, remove=str(upload.pk)).status_code == 302
    assert not actions.attached(draft).exists()
    assert sheets(draft) == 0
    assert web.get(reverse("upload_file", args=[upload.pk])).status_code == 404


@pytest.mark.parametrize("number", ["x", "0", "99999999999999999999999"])
def test_a_number_of_no_file_takes_nothing_out(web: Client, draft: ReferralApplication, number: str) -> None:
    post(web, draft, work=scan())
    post(web, draft, remove=number)
    assert actions.attached(draft).count() == 1


@pytest.mark.parametrize("change", ["attach", "detach"])
def test_a_changed_attachment_voids_the_prepared_annex_1(web: Client, draft: ReferralApplication, change: str) -> None:
    post(web, draft, work=scan())
    paper = printed(web, draft)
    if change == "attach":
        post(web, draft, work=scan(picture(), "b.png"))
    else:
        post(web, draft, remove=str(Upload.objects.get().pk))
    paper.refresh_from_db()
    assert paper.state == PaperState.VOID
    assert send(web, draft, paper).url == f"/referral/{draft.pk}/check/"


def test_passing_the_page_leaves_the_prepared_annex_1(web: Client, draft: ReferralApplication) -> None:
    paper = printed(web, draft)
    post(web, draft)
    assert Paper.objects.get(pk=paper.pk).state == PaperState.READY


# ---------------------------------------------------------------------------------------------------- bad files

BAD = {
    "a program": (b"MZ\x90\x00 program", "This is not a PDF, JPEG or PNG file."),
    "text": ("Диплом".encode(), "This is not a PDF, JPEG or PNG file."),
    "an archive": (zipped(), "This is not a PDF, JPEG or PNG file."),
    "locked": (pdf(password="secret"), "The PDF is locked with a password."),
    "cut off": (pdf(pages=30)[:200], "The PDF is damaged and cannot be opened."),
    "cut picture": (picture(size=(200, 200))[:4000], "The picture is damaged and cannot be opened."),
    "two in one": (pdf() + zipped(), "The file is of two kinds at once"),
    "script": (pdf(action="/JavaScript"), "The PDF holds a program or other files."),
    "empty": (b"", "The file is empty."),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_has_its_sentence_beside_the_field(web: Client, draft: ReferralApplication, case: str) -> None:
    content, sentence = BAD[case]
    response = post(web, draft, education=scan(content), go="attach")
    assert f"diploma.pdf: {sentence}" in str(response.context["form"].errors["education"])
    assert not Upload.objects.exists()


def test_a_file_too_big_is_told_with_the_limit(web: Client, draft: ReferralApplication, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2**20
    page = text(post(web, draft, work=scan(b"%PDF-1.7" + b"0" * (3 * 2**20))))
    assert "The file is too big: 3.0\xa0MB. The most is 1.0\xa0MB." in page.replace(" MB", "\xa0MB")
    assert not Upload.objects.exists()


def test_beside_a_bad_file_the_good_one_is_kept(web: Client, draft: ReferralApplication) -> None:
    response = post(web, draft, work=[scan(b"hello", "bad.pdf"), scan(name="good.pdf")])
    assert "bad.pdf: This is not a PDF" in text(response)
    assert [upload.name for upload in actions.attached(draft)] == ["good.pdf"]
    assert 'name="remove"' in text(response)


def test_the_same_file_twice_is_kept_once_and_told(web: Client, draft: ReferralApplication) -> None:
    post(web, draft, work=scan())
    assert "diploma.pdf: This file is attached already" in text(post(web, draft, education=scan()))
    assert (Upload.objects.count(), sheets(draft)) == (1, 1)


def test_attaching_nothing_says_what_to_do(web: Client, draft: ReferralApplication) -> None:
    assert "Choose a file first" in text(post(web, draft, go="attach"))


def test_there_is_a_most_of_files(web: Client, draft: ReferralApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    page = text(post(web, draft, work=[scan(), scan(picture(), "b.png")]))
    assert "b.png: 1 files are attached already, more are not possible." in page


def test_beyond_the_most_of_sheets_nothing_is_kept(
    draft: ReferralApplication, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(attachments, "MOST_SHEETS", 2)
    with pytest.raises(UploadRefused, match="more than 2 pages"):
        actions.attach(draft, scan(pdf(pages=3)), by=cases.citizen(draft), kind="work")
    assert not Upload.objects.exists()
    kept = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / "uploads"
    assert not list(kept.glob("*"))


# -------------------------------------------------------------------------------------------- whose, and until when


def test_another_persons_documents_look_like_none(web: Client, centre: Centre) -> None:
    other = begun(signed_in(CitizenFactory()))
    assert web.get(f"/referral/{other.pk}/documents/").status_code == 404
    assert post(web, other, work=scan()).status_code == 404
    assert not Upload.objects.exists()


def test_nothing_of_another_application_can_be_taken_out(web: Client, draft: ReferralApplication) -> None:
    stranger = signed_in(CitizenFactory())
    other = begun(stranger)
    post(stranger, other, work=scan())
    post(web, draft, remove=str(Upload.objects.get().pk))
    assert actions.attached(other).count() == 1


def test_what_was_sent_keeps_its_documents(web: Client, draft: ReferralApplication) -> None:
    post(web, draft, work=scan())
    send(web, draft, printed(web, draft))
    assert post(web, draft, remove=str(Upload.objects.get().pk)).status_code == 409
    assert post(web, draft, work=scan(picture(), "b.png")).status_code == 409
    assert actions.attached(draft).count() == 1
    assert "diploma.pdf" in text(web.get(f"/referral/{draft.pk}/"))


@pytest.mark.parametrize("channel", Channel.values)
def test_a_draft_is_changed_by_whom_it_belongs_to_alone(centre: Centre, channel: str) -> None:
    draft = cases.draft(centre, channel=channel)
    actors = {
        "citizen": cases.citizen(draft),
        "stranger": Actor(CitizenFactory()),
        "specialist": centre.specialist,
        "director": centre.director,
        "operator": centre.operator,
    }
    own = {"portal": {"citizen"}, "centre": {"specialist"}, "sc": {"operator"}}[channel]
    for name, by in actors.items():
        if name in own:
            actions.attach(draft, scan(), by=by, kind="work")
            continue
        with pytest.raises(Refused):
            actions.attach(draft, scan(picture(), "b.png"), by=by, kind="work")
    for name, by in actors.items():
        if name not in own:
            with pytest.raises(Refused):
                actions.detach(draft, Upload.objects.get(), by=by)
    assert [upload.removed_at for upload in Upload.objects.all()] == [None]


# ---------------------------------------------------------------------------------------------------- the counter


@pytest.fixture
def desk(client: Client, centre: Centre) -> Screen:
    return Screen(client)


def in_kazakh(sentence: str) -> str:
    """The staff of the tests read Kazakh."""
    with translation.override("kk"):
        return gettext(sentence)


@pytest.mark.clause("118-a2-r08-1", "118-a2-r08-2")
@pytest.mark.parametrize("where", ["centre", "sc"])
def test_a_counter_attaches_scans_and_accepts_with_them(desk: Screen, centre: Centre, where: str) -> None:
    clerk = centre.specialist if where == "centre" else centre.operator
    draft = opened(desk, centre, clerk)
    page = text(desk.post("documents", draft, {**ANSWERS, "work": scan(pdf(pages=2)), "phone": "8 701 234 56 78"}))
    assert in_kazakh("Attached: %(name)s") % {"name": "diploma.pdf"} in page
    assert "8 701 234 56 78" in page
    draft.refresh_from_db()
    assert (draft.state, draft.sheets) == (State.DRAFT, 2)
    desk.post("documents", draft, {**ANSWERS, "sheets": "2"})
    draft.refresh_from_db()
    assert (draft.state, draft.sheets, actions.attached(draft).count()) == (State.ACCEPTED, 2, 1)


def test_a_scan_of_the_identity_card_is_not_asked_for(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.operator)
    page = text(desk.client.get(reverse("centre:documents", args=[draft.pk])))
    assert in_kazakh("The identity card is shown, never kept: do not scan it.") in page
    assert page.count('type="file"') == 2


def test_the_counters_answers_stay_typed_beside_a_bad_scan(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    response = desk.post("documents", draft, {**ANSWERS, "access_needs": "пандус", "work": scan(b"hello")})
    assert response.status_code == 422
    mistake = in_kazakh("This is not a PDF, JPEG or PNG file. Scan or photograph the document and send that.")
    assert response.context["documents_form"].errors == {"work": [f"diploma.pdf: {mistake}"]}
    assert "пандус" in text(response)
    assert not Upload.objects.exists()


def test_sheets_counted_on_the_table_outnumber_the_scans(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    response = desk.post("documents", draft, {**ANSWERS, "sheets": "5", "work": scan()})
    assert response.context["form"]["sheets"].value() == 5


def test_fewer_sheets_than_scanned_is_a_mistake_and_none_written_means_the_scans(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    desk.post("documents", draft, {**ANSWERS, "work": scan(pdf(pages=2))})
    response = desk.post("documents", draft, {**ANSWERS, "sheets": "1"})
    assert set(response.context["form"].errors) == {"sheets"}
    desk.post("documents", draft, {**ANSWERS, "sheets": ""})
    draft.refresh_from_db()
    assert (draft.state, draft.sheets) == (State.ACCEPTED, 2)


def test_a_counter_takes_a_scan_out(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.specialist)
    desk.post("documents", draft, {**ANSWERS, "work": scan()})
    response = desk.post("documents", draft, {**ANSWERS, "sheets": "1", "remove": str(Upload.objects.get().pk)})
    assert response.context["form"]["sheets"].value() == 0
    assert not actions.attached(draft).exists()


def test_another_counter_attaches_nothing(desk: Screen, centre: Centre) -> None:
    draft = opened(desk, centre, centre.operator)
    assert desk.of(centre.specialist).post("documents", draft, {"work": scan()}).status_code == 404
    assert not Upload.objects.exists()


# --------------------------------------------------------------------------------------------------- who opens them

#: Where the application was filed and how far it is, and who opens its documents.
OPENS = [
    ("portal", False, {"citizen"}),
    ("portal", True, {"citizen", "specialist", "colleague", "director", "head"}),
    ("centre", False, {"citizen", "specialist", "colleague"}),
    ("centre", True, {"citizen", "specialist", "colleague", "director", "head"}),
    ("sc", False, {"citizen", "operator"}),
    ("sc", True, {"citizen", "specialist", "colleague", "director", "head", "operator"}),
]


def _accepted_with_scan(centre: Centre, channel: str, accepted: bool) -> ReferralApplication:
    draft = cases.draft(centre, channel=channel)
    clerk = {"portal": cases.citizen(draft), "centre": centre.specialist, "sc": centre.operator}[channel]
    actions.attach(draft, scan(), by=clerk, kind="education")
    if accepted and channel == Channel.PORTAL:
        web = signed_in(cases.citizen(draft).user)  # type: ignore[arg-type]
        actions.answer(draft, by=clerk, phone="+77012345678")
        assert send(web, draft, printed_of(draft, clerk)).status_code == 302
    elif accepted:
        actions.accept(draft, by=clerk, originals_returned=True)
    return ReferralApplication.objects.get(pk=draft.pk)


def printed_of(draft: ReferralApplication, by: Actor) -> Paper:
    return papers.render(actions.prepare_application(draft, by=by).pk)


@pytest.mark.parametrize(("channel", "accepted", "opens"), OPENS)
def test_a_document_is_opened_by_who_may_see_its_case(
    centre: Centre, channel: str, accepted: bool, opens: set[str]
) -> None:
    case = _accepted_with_scan(centre, channel, accepted)
    elsewhere = OfficeFactory(region=centre.office.region, code="T-other")
    people = {
        "citizen": cases.citizen(case).user,
        "stranger": CitizenFactory(),
        "specialist": centre.specialist.user,
        "colleague": centre.colleague.user,
        "director": centre.director.user,
        "head": centre.head.user,
        "operator": centre.operator.user,
        "far specialist": StaffFactory(role=Role.SPECIALIST, office=elsewhere),
        "far director": StaffFactory(role=Role.DIRECTOR, office=elsewhere),
        "far operator": StaffFactory(role=Role.SC_OPERATOR, office=OfficeFactory(sc=True, region=centre.office.region)),
        "sysadmin": StaffFactory(role=Role.SYSADMIN, office=centre.office),
    }
    address = reverse("upload_file", args=[Upload.objects.get().pk])
    answers = {name: signed_in(user).get(address).status_code for name, user in people.items()}  # type: ignore[arg-type]
    assert answers == {name: 200 if name in opens else 404 for name in people}


@pytest.mark.parametrize("who", ["specialist", "director", "operator"])
def test_the_case_page_leads_to_the_documents(desk: Screen, centre: Centre, who: str) -> None:
    case = _accepted_with_scan(centre, Channel.SC, True)
    page = text(desk.of(getattr(centre, who)).case(case))
    assert reverse("upload_file", args=[Upload.objects.get().pk]) in page
    assert "diploma.pdf" in page
