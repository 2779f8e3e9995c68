"""Each refusal of a signature, with real certificates of an authority made in the test, on a live portal."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from bastau import clock, papers
from bastau.papers import authority, oids
from bastau.papers.models import Paper, PaperState, Signature
from bastau.papers.signing import check_kept
from bastau.people.models import Office, User
from tests.papers.chains import Chain
from tests.papers.pki import PEM, Authority


@pytest.fixture
def nca(settings: Any, tmp_path: Path) -> Authority:
    """The portal is live and trusts this authority alone."""
    settings.BASTAU_MODE = "live"
    settings.SIGNATURE_ROOTS = str(tmp_path / "roots")
    made = Authority(now=clock.now().replace(microsecond=0))
    made.publish(tmp_path / "roots")
    return made


@pytest.fixture
def paper(ready: Callable[..., Paper]) -> Paper:
    return ready("application_a1")


def refusal_of(paper: Paper, cms: bytes, by: User, post: Any = None) -> str:
    """The code of the refusal; nothing may have changed."""
    with pytest.raises(papers.SigningRefused) as refused:
        papers.sign(paper, cms, by=by, post=post)
    paper.refresh_from_db()
    assert paper.state == PaperState.READY
    assert not Signature.objects.exists()
    return refused.value.code


def test_a_sound_signature_makes_the_paper_signed(nca: Authority, paper: Paper, citizen: User) -> None:
    signature = papers.sign(
        paper, nca.sign(paper.content(), nca.certificate(citizen.person.iin)), by=citizen, post=None
    )
    paper.refresh_from_db()
    assert paper.state == PaperState.SIGNED
    assert signature.signer_iin == citizen.person.iin
    assert check_kept(signature, paper.content())
    assert not check_kept(signature, paper.content() + b" ")


@pytest.mark.parametrize("form", ["pem", "base64"])
def test_pem_and_bare_base64_are_read_too(nca: Authority, paper: Paper, citizen: User, form: str) -> None:
    der = nca.sign(paper.content(), nca.certificate(citizen.person.iin))
    text = base64.encodebytes(der)
    cms = b"-----BEGIN CMS-----\n" + text + b"-----END CMS-----\n" if form == "pem" else text
    papers.sign(paper, cms, by=citizen, post=None)
    paper.refresh_from_db()
    assert paper.state == PaperState.SIGNED


@pytest.mark.parametrize(
    ("certificate", "code"),
    [
        ({"since": -400, "until": -1}, "expired"),
        ({"since": 1}, "not_yet_valid"),
        ({"usage": {"key_encipherment": True}}, "not_for_signing"),
        ({"extended": (oids.AUTHENTICATION, oids.INDIVIDUAL)}, "not_for_signing"),
    ],
)
def test_a_certificate_that_may_not_sign_now_is_refused(
    nca: Authority, paper: Paper, citizen: User, certificate: dict[str, Any], code: str
) -> None:
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin, **certificate))
    assert refusal_of(paper, cms, citizen) == code


def test_a_key_for_signing_and_signing_in_may_sign(nca: Authority, paper: Paper, citizen: User) -> None:
    certificate = nca.certificate(citizen.person.iin, extended=(oids.AUTHENTICATION, oids.SIGNING))
    assert papers.sign(paper, nca.sign(paper.content(), certificate), by=citizen, post=None).pk


def test_a_revoked_certificate_is_refused(nca: Authority, paper: Paper, citizen: User, tmp_path: Path) -> None:
    certificate = nca.certificate(citizen.person.iin)
    nca.revoked.append(certificate.serial_number)
    nca.publish(tmp_path / "roots")
    assert refusal_of(paper, nca.sign(paper.content(), certificate), citizen) == "revoked"


def test_a_stale_list_refuses(nca: Authority, paper: Paper, citizen: User, tmp_path: Path) -> None:
    nca.publish(tmp_path / "roots", crl_days=-1)
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin))
    assert refusal_of(paper, cms, citizen) == "stale_list"


def test_a_missing_list_refuses(nca: Authority, paper: Paper, citizen: User, tmp_path: Path) -> None:
    (tmp_path / "roots" / "list.crl").unlink()
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin))
    assert refusal_of(paper, cms, citizen) == "no_list"


def test_an_authority_the_portal_does_not_know_is_refused(nca: Authority, paper: Paper, citizen: User) -> None:
    false = Authority(now=nca.now, name="False root")
    cms = false.sign(paper.content(), false.certificate(citizen.person.iin))
    assert refusal_of(paper, cms, citizen) == "unknown_root"


def test_a_live_portal_refuses_the_demo_authority(paper: Paper, citizen: User, settings: Any, nca: Authority) -> None:
    settings.BASTAU_MODE = "test"
    cms = authority.demo_sign(citizen, paper.content())
    settings.BASTAU_MODE = "live"
    assert refusal_of(paper, cms, citizen) == "unknown_root"
    with pytest.raises(authority.DemoOnly):
        authority.demo_sign(citizen, b"anything")


def test_a_live_portal_without_roots_trusts_nobody(nca: Authority, paper: Paper, citizen: User, settings: Any) -> None:
    settings.SIGNATURE_ROOTS = ""
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin))
    assert refusal_of(paper, cms, citizen) == "unknown_root"


def test_another_persons_key_is_refused(nca: Authority, paper: Paper, citizen: User, director: User) -> None:
    cms = nca.sign(paper.content(), nca.certificate(director.person.iin))
    assert refusal_of(paper, cms, citizen) == "other_person"


def test_the_key_of_another_office_is_refused(
    nca: Authority, ready: Callable[..., Paper], director: User, office: Office
) -> None:
    paper, post = ready(), director.posts.get()
    for bin in ("", "110240001235"):
        certificate = nca.certificate(director.person.iin, bin=bin, extended=(oids.SIGNING, oids.FIRST_HEAD))
        assert refusal_of(paper, nca.sign(paper.content(), certificate), director, post) == "other_office"


def test_an_employees_key_does_not_sign_for_the_office(
    nca: Authority, ready: Callable[..., Paper], director: User, office: Office
) -> None:
    paper, post = ready(), director.posts.get()
    certificate = nca.certificate(
        director.person.iin, bin=office.bin, extended=(oids.SIGNING, oids.LEGAL_ENTITY, oids.EMPLOYEE)
    )
    assert refusal_of(paper, nca.sign(paper.content(), certificate), director, post) == "no_right"


@pytest.mark.parametrize("right", [oids.FIRST_HEAD, oids.RIGHT_TO_SIGN])
def test_the_key_of_the_head_signs(
    nca: Authority, ready: Callable[..., Paper], director: User, office: Office, right: str
) -> None:
    paper = ready()
    certificate = nca.certificate(director.person.iin, bin=office.bin, extended=(oids.SIGNING, right))
    signature = papers.sign(paper, nca.sign(paper.content(), certificate), by=director, post=director.posts.get())
    assert signature.signer_bin == office.bin


def test_a_signature_under_other_bytes_is_refused(nca: Authority, paper: Paper, citizen: User) -> None:
    cms = nca.sign(paper.content() + b" ", nca.certificate(citizen.person.iin))
    assert refusal_of(paper, cms, citizen) == "altered"


def test_a_signature_whose_certificate_was_exchanged_is_refused(nca: Authority, paper: Paper, citizen: User) -> None:
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin))
    at = cms.index(citizen.person.iin.encode())
    other = cms[:at] + b"850312400128" + cms[at + 12 :]
    assert refusal_of(paper, other, citizen) == "altered"


def test_another_papers_signature_is_named_as_such(
    nca: Authority, paper: Paper, ready: Callable[..., Paper], citizen: User
) -> None:
    other = ready("application_a1", case=2)
    cms = nca.sign(other.content(), nca.certificate(citizen.person.iin))
    assert refusal_of(paper, cms, citizen) == "other_paper"


def test_cut_off_signatures_are_refused_wherever_they_are_cut(nca: Authority, paper: Paper, citizen: User) -> None:
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin))
    for length in (0, 1, 2, 10, 60, len(cms) // 2, len(cms) - 1):
        assert refusal_of(paper, cms[:length], citizen) == "not_cms"


def test_what_is_no_signature_is_refused(nca: Authority, paper: Paper, citizen: User) -> None:
    certificate = nca.certificate(citizen.person.iin)
    for content in (paper.content(), b"hello", b"\xff" * 40, certificate.public_bytes(PEM), b"0" * 300_000):
        assert refusal_of(paper, content, citizen) == "not_cms"


def test_a_signature_that_carries_the_document_is_refused(nca: Authority, paper: Paper, citizen: User) -> None:
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin), detached=False)
    assert refusal_of(paper, cms, citizen) == "attached"


def test_a_weak_digest_is_refused(nca: Authority, paper: Paper, citizen: User) -> None:
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin), digest="sha1")
    assert refusal_of(paper, cms, citizen) == "algorithm"


def test_damaged_bytes_in_the_storage_are_not_signed(
    nca: Authority, paper: Paper, citizen: User, kept_files: Path
) -> None:
    cms = nca.sign(paper.content(), nca.certificate(citizen.person.iin))
    (kept_files / paper.file.name).write_bytes(b"%PDF-1.7 something else")
    assert refusal_of(paper, cms, citizen) == "damaged"


def test_a_second_signature_finds_the_paper_signed(frozen: Any, ready: Callable[..., Paper], director: User) -> None:
    paper, post = ready(), director.posts.get()
    papers.sign(paper, authority.demo_sign(director, paper.content(), post), by=director, post=post)
    with pytest.raises(papers.SigningRefused) as refused:
        papers.sign(paper, authority.demo_sign(director, paper.content(), post), by=director, post=post)
    assert refused.value.code == "not_waiting"
    assert Signature.objects.count() == 1


def test_a_refusal_says_a_sentence_in_the_readers_language(nca: Authority, paper: Paper, citizen: User) -> None:
    with pytest.raises(papers.SigningRefused) as refused:
        papers.sign(paper, b"", by=citizen, post=None)
    assert str(refused.value.message).endswith(".")


@pytest.mark.parametrize("days", [-700, 0, 90, 366, 3650])
def test_the_demo_key_signs_wherever_the_clock_stands(ready: Callable[..., Paper], director: User, days: int) -> None:
    with clock.at(datetime(2026, 6, 8, 5, tzinfo=UTC) + timedelta(days=days)):
        paper, post = ready(), director.posts.get()
        signature = papers.sign(paper, authority.demo_sign(director, paper.content(), post), by=director, post=post)
        assert signature.signed_at == clock.now()
    assert check_kept(signature, paper.content())


def test_a_demo_signature_of_last_year_does_not_sign_today(ready: Callable[..., Paper], citizen: User) -> None:
    paper = ready("application_a1")
    with clock.at(datetime(2025, 1, 8, 5, tzinfo=UTC)):
        cms = authority.demo_sign(citizen, paper.content())
    with clock.at(datetime(2026, 6, 8, 5, tzinfo=UTC)), pytest.raises(papers.SigningRefused) as refused:
        papers.sign(paper, cms, by=citizen, post=None)
    assert refused.value.code == "expired"


def test_a_refused_signature_leaves_the_callers_transaction_usable(
    frozen: Any, ready: Callable[..., Paper], citizen: User
) -> None:
    paper = ready("application_a1")
    with transaction.atomic():
        with pytest.raises(papers.SigningRefused):
            papers.sign(paper, b"nonsense", by=citizen, post=None)
        assert Paper.objects.filter(pk=paper.pk, state=PaperState.READY).exists()


def test_an_intermediate_authority_of_the_folder_is_used(
    settings: Any, tmp_path: Path, paper: Paper, citizen: User
) -> None:
    settings.BASTAU_MODE, settings.SIGNATURE_ROOTS = "live", str(tmp_path / "roots")
    chain = Chain(clock.now().replace(microsecond=0))
    chain.publish(tmp_path / "roots")
    certificate = chain.issuer.certificate(citizen.person.iin)
    assert papers.sign(paper, chain.issuer.sign(paper.content(), certificate), by=citizen, post=None).pk
