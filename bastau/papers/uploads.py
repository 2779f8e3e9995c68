"""Files people hand in: checked by their content, kept under random names, given back as attachments."""

from __future__ import annotations

import hashlib
import io
import secrets
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import magic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bastau import clock
from bastau.papers.models import Upload
from bastau.people.models import Office, Person, User

ALLOWED = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
# A scan of A4 at 600 dpi has 35 million points; beyond twice that a picture is a trap, not a scan.
MOST_POINTS = 70_000_000
MOST_PAGES = 200
ACTIVE = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/RichMedia", "/XFA")


class UploadRefused(Exception):
    """A file is refused and nothing is kept; `str()` is the sentence for who sent it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def accept_upload(
    file: UploadedFile,
    *,
    case: tuple[str, int],
    kind: str,
    person: Person,
    office: Office | None,
    by: User,
) -> Upload:
    """Check and keep a file of a case (case_kind, case_id). The same bytes sent twice are kept once.

    PDF, JPEG and PNG by content, at most settings.UPLOAD_MAX_BYTES. Raises UploadRefused.
    """
    content, media_type, pages = checked(file)
    sha256 = hashlib.sha256(content).hexdigest()
    case_kind, case_id = case
    same = {"case_kind": case_kind, "case_id": case_id, "sha256": sha256, "removed_at": None}
    found = Upload.objects.filter(**same).first()
    if found:
        return found
    name = default_storage.save(f"uploads/{secrets.token_hex(16)}{ALLOWED[media_type]}", ContentFile(content))
    try:
        with transaction.atomic():
            return Upload.objects.create(
                **same,
                kind=kind,
                person=person,
                office=office,
                by=by,
                at=clock.now(),
                name=_plain_name(file.name or "", ALLOWED[media_type]),
                media_type=media_type,
                size=len(content),
                pages=pages,
                file=name,
            )
    except IntegrityError:
        # The second of two clicks came through at the same instant.
        default_storage.delete(name)
        return Upload.objects.get(**same)
    except BaseException:
        default_storage.delete(name)
        raise


def remove_upload(upload: Upload) -> Upload:
    """Take a file out of its case; row and bytes stay for the record. Twice changes nothing."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if upload.removed_at is None:
            upload.removed_at = clock.now()
            upload.save(update_fields=["removed_at"])
    return upload


def checked(file: UploadedFile) -> tuple[bytes, str, int]:
    """The content, its media type and how many pages it has, once it passed. Raises UploadRefused."""
    # The size is known before a byte is read.
    size = file.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        raise UploadRefused(
            _("The file is too big: %(size)s. The most is %(most)s. Scan it in black and white or send it in parts.")
            % {"size": filesizeformat(size), "most": filesizeformat(settings.UPLOAD_MAX_BYTES)}
        )
    content = file.read()
    if not content:
        raise UploadRefused(_("The file is empty. Choose another."))
    media_type = magic.from_buffer(content, mime=True)
    if media_type not in ALLOWED:
        raise UploadRefused(_("This is not a PDF, JPEG or PNG file. Scan or photograph the document and send that."))
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise UploadRefused(_two_in_one())
    if media_type == "application/pdf":
        return content, media_type, _checked_pages(content)
    _check_picture(content, media_type)
    return content, media_type, 1


def _check_picture(content: bytes, media_type: str) -> None:
    if b"%PDF-" in content:
        raise UploadRefused(_two_in_one())
    try:
        with _whole_pictures_only(), warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
                if picture.width * picture.height > MOST_POINTS:
                    raise UploadRefused(_("The picture is too large. Photograph the document at a lower setting."))
                picture.load()
                said = Image.MIME.get(picture.format or "")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning):
        raise UploadRefused(_("The picture is damaged and cannot be opened. Photograph the document again."))
    if said != media_type:
        raise UploadRefused(_two_in_one())


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """A process that prints papers has told Pillow to put up with cut-off pictures; an upload is not to be one."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _checked_pages(content: bytes) -> int:
    if not content.startswith(b"%PDF-"):
        raise UploadRefused(_two_in_one())
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise UploadRefused(_("The PDF is locked with a password. Save it without one and send it again."))
        pages = len(reader.pages)
        active = _is_active(reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        raise UploadRefused(_("The PDF is damaged and cannot be opened. Save it anew or scan the document again."))
    if not 0 < pages <= MOST_PAGES:
        raise UploadRefused(_("The PDF has too many pages or none. Send the document in parts."))
    if active:
        raise UploadRefused(_("The PDF holds a program or other files. Print it to a new PDF and send that."))
    return pages


def _is_active(reader: PdfReader) -> bool:
    """Whether any object of the file starts something or carries files."""
    known = {number for numbers in reader.xref.values() for number in numbers} | set(reader.xref_objStm)
    return any(_holds_active(reader.get_object(number)) for number in known)


def _holds_active(thing: Any) -> bool:
    if isinstance(thing, dict):
        if thing.get("/S") in {"/JavaScript", "/Launch"} or any(key in ACTIVE for key in thing):
            return True
        return any(_holds_active(value) for value in thing.values())
    if isinstance(thing, list):
        return any(_holds_active(value) for value in thing)
    return False


def _two_in_one() -> str:
    return _("The file is of two kinds at once and is not accepted. Scan or photograph the document anew.")


def _plain_name(name: str, ending: str) -> str:
    """The sender's name of the file without folders, control characters and a false ending."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip(" .")
    stem = name.rsplit(".", 1)[0] or "file"
    return stem[: 200 - len(ending)] + ending
