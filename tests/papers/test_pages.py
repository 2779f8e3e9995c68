"""Papers and uploads behind their right check, the public check page, the signing page."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from csp.middleware import CSPMiddleware
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisDown

from bastau import papers
from bastau.papers import views
from bastau.papers.authority import demo_sign
from bastau.papers.forms import SigningForm
from bastau.papers.models import Paper
from bastau.papers.pages import ncalayer_allowed, signing_context
from bastau.people.models import Office, User
from bastau.people.roles import Role
from tests.factories import CitizenFactory, OfficeFactory, StaffFactory
from tests.papers.test_uploads import pdf

pytestmark = pytest.mark.django_db

Made = Callable[..., Paper]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def signed_referral(ready: Made, director: User) -> Paper:
    paper, post = ready(), director.posts.get()
    papers.sign(paper, demo_sign(director, paper.content(), post), by=director, post=post)
    paper.refresh_from_db()
    return paper


# ------------------------------------------------------------------------------------------------ paper, upload


def test_the_holder_reads_the_paper_in_the_browser(ready: Made, citizen: User) -> None:
    paper = ready("application_a1", shown=True)
    response = of(citizen).get(reverse("paper_pdf", args=[paper.pk]))
    assert response.content == paper.content()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")


def test_the_number_of_a_paper_is_the_name_of_its_file(ready: Made, citizen: User) -> None:
    response = of(citizen).get(reverse("paper_pdf", args=[ready(shown=True).pk]))
    assert "%D0%96%D0%9B-35-" in response["Content-Disposition"]


def test_not_mine_and_not_there_look_the_same(ready: Made, citizen: User, office: Office) -> None:
    hidden, shown = ready(), ready("application_a1", shown=True)
    strangers = [
        (citizen, hidden),
        (CitizenFactory(), shown),
        (StaffFactory(role=Role.SPECIALIST, office=OfficeFactory()), shown),
    ]
    for user, paper in strangers:
        client = of(user)
        mine, nothing = (client.get(reverse("paper_pdf", args=[pk])) for pk in (paper.pk, 10**9))
        assert (mine.status_code, nothing.status_code) == (404, 404)


def test_who_is_not_signed_in_is_asked_to_sign_in(ready: Made) -> None:
    for pk in (ready().pk, 10**9):
        response = Client().get(reverse("paper_pdf", args=[pk]))
        assert response.status_code == 302
        assert reverse("sign_in") in response["Location"]


def test_a_paper_not_printed_yet_says_so_and_looks_again(asked: Made, citizen: User) -> None:
    response = of(citizen).get(reverse("paper_pdf", args=[asked("application_a1", shown=True).pk]))
    assert response.status_code == 202
    assert response["Refresh"] == "3"


def test_an_upload_is_given_back_as_an_attachment_to_whose_it_is_alone(
    citizen: User, office: Office, director: User
) -> None:
    upload = papers.accept_upload(
        SimpleUploadedFile("Куәлік.pdf", pdf()),
        case=("referral", 1),
        kind="identity",
        person=citizen.person,
        office=office,
        by=citizen,
    )
    address = reverse("upload_file", args=[upload.pk])
    response = of(citizen).get(address)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    # The director's office is the upload's, but there is no such case that the director may see.
    for user in (CitizenFactory(), director):
        assert of(user).get(address).status_code == 404
    papers.remove_upload(upload)
    assert of(citizen).get(address).status_code == 404


# ------------------------------------------------------------------------------------------------ check page


def test_the_check_page_shows_what_the_law_lets_it_and_no_name(
    frozen: Any, ready: Made, director: User, citizen: User, office: Office
) -> None:
    paper = papers.issue(signed_referral(ready, director), frozen.date())
    page = Client().get(reverse("verify", args=[paper.code])).content.decode()
    person = citizen.person
    for shown in (paper.number, office.name("kk"), "С. А. Б."):
        assert shown in page
    for hidden in (person.iin, person.surname, person.given_name, director.person.surname, "Бейбітшілік"):
        assert hidden not in page


def test_the_check_page_says_whether_the_paper_has_force(frozen: Any, ready: Made, asked: Made, director: User) -> None:
    def tone(paper: Paper) -> str:
        return Client().get(reverse("verify", args=[paper.code])).context["tone"]

    paper = ready()
    assert tone(paper) == "soon"
    signed = papers.issue(signed_referral(lambda: paper, director), frozen.date())
    assert tone(signed) == "done"
    assert tone(papers.void(ready("service_refusal"))) == "late"
    assert tone(ready("acceptance_receipt")) == "done"
    assert tone(asked("application_a1")) == "soon"


def test_the_check_page_finds_bytes_changed_in_the_storage(
    frozen: Any, ready: Made, director: User, kept_files: Any
) -> None:
    paper = signed_referral(ready, director)
    address = reverse("verify", args=[paper.code])
    assert Client().get(address).context["signature"]["tone"] == "done"
    (kept_files / paper.file.name).write_bytes(b"%PDF-1.7 false")
    assert Client().get(address).context["signature"]["tone"] == "late"


@pytest.mark.parametrize(("more", "same"), [(b"", True), (b" ", False)])
def test_a_file_is_compared_to_the_last_byte(ready: Made, more: bytes, same: bool) -> None:
    paper = ready()
    file = SimpleUploadedFile("x.pdf", paper.content() + more)
    response = Client().post(reverse("verify", args=[paper.code]), {"file": file})
    assert response.context["same"] is same


def test_an_unknown_code_is_a_404_with_a_sentence() -> None:
    response = Client().get(reverse("verify", args=["A" * 27]))
    assert response.status_code == 404
    assert response.context["unknown"] is True


def test_a_typed_code_or_the_whole_address_leads_to_the_page() -> None:
    for typed in ("abc-DEF_1", "http://127.0.0.1:8000/verify/abc-DEF_1/"):
        response = Client().get(reverse("verify"), {"code": typed})
        assert response["Location"] == reverse("verify", args=["abc-DEF_1"])


def test_after_many_checks_an_address_waits(ready: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "CHECKS", views.Limit("verify", free=3))
    address = reverse("verify", args=[ready().code])
    codes = [Client().get(address, REMOTE_ADDR="10.0.0.9").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert Client().get(address, REMOTE_ADDR="10.0.0.10").status_code == 200


def test_without_redis_checks_go_on(ready: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any) -> None:
        raise RedisDown

    monkeypatch.setattr(views.Limit, "pause", down)
    assert Client().get(reverse("verify", args=[ready().code])).status_code == 200


def test_a_code_has_160_random_bits(asked: Made) -> None:
    code = asked().code
    assert len(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))) == 20


# ------------------------------------------------------------------------------------------------ signing page


def page_of(paper: Paper, by: User, **more: Any) -> str:
    request = RequestFactory().get("/")
    request.user = by
    context = signing_context(paper, action_url="/sign/", back_url="/back/", by=by, **more)
    return render_to_string("papers/sign.html", context, request)


def sent(paper: Paper, how: str, **more: Any) -> dict[str, Any]:
    return {"sign_with": how, "paper_sha256": paper.sha256, **more}


def test_the_page_shows_the_paper_and_each_way_to_sign(ready: Made, citizen: User) -> None:
    paper = ready("application_a1", shown=True)
    page = page_of(paper, citizen)
    for part in (
        reverse("paper_pdf", args=[paper.pk]),
        paper.sha256,
        'value="demo"',
        'value="file"',
        "papers/signing",
        'action="/sign/"',
        "wss://127.0.0.1:13579",
    ):
        assert part in page


def test_a_live_portal_offers_no_demo_key(ready: Made, citizen: User, settings: Any) -> None:
    paper = ready("application_a1", shown=True)
    settings.BASTAU_MODE = "live"
    assert 'value="demo"' not in page_of(paper, citizen)
    form = SigningForm(sent(paper, "demo"), paper=paper, by=citizen)
    assert form.has_error("__all__", "demo")


def test_the_page_of_a_paper_being_printed_says_so(asked: Made, citizen: User) -> None:
    page = page_of(asked("application_a1", shown=True), citizen)
    assert "data-preparing" in page
    assert "<form" not in page.split("data-preparing")[1].split("</main>")[0]


def test_the_signing_page_alone_may_talk_to_ncalayer() -> None:
    def view(request: Any) -> HttpResponse:
        return HttpResponse("x")

    request = RequestFactory().get("/")
    policies = [CSPMiddleware(one)(request)["Content-Security-Policy"] for one in (ncalayer_allowed(view), view)]
    assert "connect-src 'self' wss://127.0.0.1:13579" in policies[0]
    assert "wss:" not in policies[1]


def test_the_demo_key_signs(frozen: Any, ready: Made, director: User) -> None:
    paper, post = ready(), director.posts.get()
    form = SigningForm(sent(paper, "demo"), paper=paper, by=director, post=post)
    assert form.is_valid(), form.errors
    assert papers.sign(paper, form.cms(), by=director, post=post).signer_bin == post.office.bin


def test_a_signature_file_is_read(frozen: Any, ready: Made, citizen: User) -> None:
    paper = ready("application_a1")
    cms = demo_sign(citizen, paper.content())
    files = {"cms_file": SimpleUploadedFile("sign.cms", cms)}
    form = SigningForm(sent(paper, "file"), files, paper=paper, by=citizen)
    assert form.is_valid(), form.errors
    assert form.cms() == cms


def test_ncalayers_answer_is_read(frozen: Any, ready: Made, citizen: User) -> None:
    paper = ready("application_a1")
    cms = base64.b64encode(demo_sign(citizen, paper.content())).decode()
    form = SigningForm(sent(paper, "ncalayer", cms=cms), paper=paper, by=citizen)
    assert form.is_valid(), form.errors
    assert papers.sign(paper, form.cms(), by=citizen, post=None).pk


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({"sign_with": "file"}, "cms_file", "empty"),
        ({"sign_with": "ncalayer"}, "__all__", "empty"),
        ({"sign_with": "demo", "paper_sha256": "0" * 64}, "__all__", "stale"),
        ({"sign_with": "other"}, "sign_with", "invalid_choice"),
        ({"sign_with": ""}, "sign_with", "required"),
    ],
)
def test_what_is_missing_or_stale_is_said(
    ready: Made, citizen: User, data: dict[str, str], field: str, code: str
) -> None:
    paper = ready("application_a1")
    form = SigningForm({"paper_sha256": paper.sha256} | data, paper=paper, by=citizen)
    assert form.has_error(field, code), form.errors.as_data()


def test_a_big_file_is_no_signature(ready: Made, citizen: User) -> None:
    paper = ready("application_a1")
    files = {"cms_file": SimpleUploadedFile("sign.cms", b"0" * 300_000)}
    assert SigningForm(sent(paper, "file"), files, paper=paper, by=citizen).has_error("cms_file", "size")


def test_both_versions_are_signed_together(frozen: Any, asked: Made, director: User) -> None:
    original = asked()
    russian = papers.render(asked(language="ru", translation_of=original).pk)
    original = papers.render(original.pk)
    post = director.posts.get()
    data = {**sent(original, "demo"), "paper_sha256_ru": russian.sha256}
    form = SigningForm(data, paper=original, by=director, post=post)
    assert form.is_valid(), form.errors
    signatures = form.signatures()
    assert set(signatures) == {original.pk, russian.pk}
    for paper in (original, russian):
        papers.sign(paper, signatures[paper.pk], by=director, post=post)
    page = page_of(original, director, post=post)
    assert "paper_sha256_ru" not in page


def test_the_page_of_both_versions_has_a_place_for_each_signature(asked: Made, director: User) -> None:
    original = asked()
    papers.render(asked(language="ru", translation_of=original).pk)
    page = page_of(papers.render(original.pk), director, post=director.posts.get())
    assert 'name="cms"' in page
    assert 'name="cms_ru"' in page


def test_a_refused_form_is_shown_with_its_sentence(ready: Made, citizen: User) -> None:
    paper = ready("application_a1", shown=True)
    form = SigningForm({"sign_with": "file", "paper_sha256": paper.sha256}, paper=paper, by=citizen)
    form.is_valid()
    request = RequestFactory().get("/")
    request.user = citizen
    context = signing_context(paper, action_url="/", back_url="/", by=citizen, form=form)
    page = render(request, "papers/sign.html", context).content.decode()
    assert str(form.errors["cms_file"][0]) in page
