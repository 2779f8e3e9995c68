"""What people hand in: type by content, size, damage, tricks, twice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from bastau import papers
from bastau.papers.models import Upload
from bastau.people.models import Office, User

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    held = io.BytesIO()
    Image.effect_noise(size, 60).save(held, kind)
    return held.getvalue()


def pdf(*, password: str = "", pages: int = 1, action: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if action:
        started = DictionaryObject({NameObject("/S"): NameObject(action)})
        if action == "/JavaScript":
            started[NameObject("/JS")] = TextStringObject("app.alert(1)")
        writer._root_object[NameObject("/OpenAction")] = started
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return held.getvalue()


@pytest.fixture
def hand_in(citizen: User, office: Office) -> Any:
    def send(content: bytes, name: str = "file.pdf", **more: Any) -> Upload:
        return papers.accept_upload(
            more.pop("file", SimpleUploadedFile(name, content)),
            case=("referral", 1),
            kind="identity",
            person=citizen.person,
            office=office,
            by=citizen,
            **more,
        )

    return send


def refused(hand_in: Any, content: bytes, name: str = "file.pdf", **more: Any) -> str:
    """The sentence of the refusal; nothing is kept."""
    with pytest.raises(papers.UploadRefused) as refusal:
        hand_in(content, name, **more)
    assert not Upload.objects.exists()
    return str(refusal.value)


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [(pdf(), "application/pdf", ".pdf"), (picture("JPEG"), "image/jpeg", ".jpg"), (picture(), "image/png", ".png")],
)
def test_pdf_jpeg_and_png_are_kept_byte_for_byte(
    hand_in: Any, content: bytes, media_type: str, ending: str, kept_files: Path
) -> None:
    upload = hand_in(content, "Куәлік.bin")
    assert (upload.media_type, upload.name, upload.size) == (media_type, "Куәлік" + ending, len(content))
    assert (kept_files / upload.file.name).read_bytes() == content


def test_the_kept_name_tells_nothing(hand_in: Any) -> None:
    upload = hand_in(pdf(), "Сәрсенова Айгүл.pdf")
    assert upload.file.name.startswith("uploads/")
    assert "рсенова" not in upload.file.name


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "C:\\Users\\x\\passwd.pdf", "\x00passwd\x1b.pdf"])
def test_folders_and_control_characters_leave_the_name(hand_in: Any, name: str) -> None:
    file = SimpleUploadedFile("x.pdf", pdf())
    file._name = name
    assert hand_in(b"", file=file).name == "passwd.pdf"


@pytest.mark.parametrize("content", [b"MZ\x90\x00 program", b"<html><script>1</script></html>", b"hello", zipped()])
def test_what_is_not_what_its_name_says_is_refused(hand_in: Any, content: bytes) -> None:
    assert "PDF" in refused(hand_in, content, "scan.pdf")


def test_an_empty_file_is_refused(hand_in: Any) -> None:
    assert refused(hand_in, b"")


def test_a_100_mb_file_is_refused_unread(hand_in: Any) -> None:
    class Unreadable(SimpleUploadedFile):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("It was read.")

    file = Unreadable("big.pdf", b"")
    file.size = 100 * 1024 * 1024
    assert "100" in refused(hand_in, b"", file=file)


def test_the_largest_allowed_size_is_the_settings(hand_in: Any, settings: Any) -> None:
    content = pdf()
    settings.UPLOAD_MAX_BYTES = len(content) - 1
    assert refused(hand_in, content)
    settings.UPLOAD_MAX_BYTES = len(content)
    assert hand_in(content).pk


@pytest.mark.parametrize("first", [pdf(), picture(), picture("JPEG")])
def test_a_file_that_is_an_archive_too_is_refused(hand_in: Any, first: bytes) -> None:
    assert refused(hand_in, first + zipped())


def test_a_picture_that_is_a_pdf_too_is_refused(hand_in: Any) -> None:
    assert refused(hand_in, picture("JPEG") + pdf(), "photo.jpg")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_cut_off_picture_is_refused(hand_in: Any, kind: str) -> None:
    content = picture(kind, (200, 200))
    assert refused(hand_in, content[: len(content) // 2], "photo")


def test_a_picture_that_unpacks_to_a_flood_is_refused(hand_in: Any) -> None:
    held = io.BytesIO()
    Image.new("1", (10_000, 8_000)).save(held, "PNG")
    assert len(held.getvalue()) < 100_000
    assert refused(hand_in, held.getvalue(), "photo.png")


def test_a_locked_pdf_is_refused_with_what_to_do(hand_in: Any) -> None:
    locked = refused(hand_in, pdf(password="secret"))
    assert locked != refused(hand_in, b"%PDF-1.7\nnothing in it")


def test_a_cut_off_pdf_is_refused(hand_in: Any) -> None:
    content = pdf(pages=30)
    assert refused(hand_in, content[:200])


@pytest.mark.parametrize("action", ["/JavaScript", "/Launch"])
def test_a_pdf_that_starts_something_is_refused(hand_in: Any, action: str) -> None:
    assert refused(hand_in, pdf(action=action))


def test_a_pdf_that_carries_files_is_refused(hand_in: Any) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("run.exe", b"MZ")
    held = io.BytesIO()
    writer.write(held)
    assert refused(hand_in, held.getvalue())


def test_a_pdf_of_a_thousand_pages_is_refused(hand_in: Any) -> None:
    assert refused(hand_in, pdf(pages=201))


def test_the_same_file_sent_twice_is_kept_once(hand_in: Any, kept_files: Path) -> None:
    content = pdf()
    assert hand_in(content).pk == hand_in(content).pk
    assert len(list(kept_files.glob("uploads/*"))) == 1


def test_a_removed_file_may_be_sent_again(hand_in: Any) -> None:
    content = pdf()
    first = papers.remove_upload(hand_in(content))
    assert first.removed_at is not None
    assert hand_in(content).pk != first.pk
