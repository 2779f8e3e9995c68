"""The system's own seal on papers that nobody signs: PAdES by pyHanko, invisible, over the whole file."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel

from bastau import clock
from bastau.papers import authority
from bastau.people.models import Office

FIELD = "Seal"


class _Sealer(PdfSigner):
    """A signer whose time is the portal's."""

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = clock.now()
        return session


def seal(content: bytes, office: Office) -> bytes:
    """The PDF with the seal; as it is where a live portal was given no key for sealing."""
    signer = _signer(office)
    if signer is None:
        return content
    told = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    made = _Sealer(told, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), in_place=False)
    return bytes(made.getbuffer())


def check(content: bytes) -> bool | None:
    """Whether the seal fits every byte of the file; None where there is none. Its key was judged when it sealed."""
    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_signatures
        if not found:
            return None
        kept = found[0]
        digest = kept.compute_digest()
        whole = kept.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
        intact, valid = validate_sig_integrity(kept.signer_info, kept.signer_cert, "data", digest)
    except (PdfError, SignatureValidationError, ValueError, KeyError):
        return False
    return bool(whole and intact and valid)


def _signer(office: Office) -> SimpleSigner | None:
    if settings.BASTAU_MODE != "live":
        return authority.seal_signer(office)
    return _from_file(settings.SEAL_KEY, settings.SEAL_PASSWORD) if settings.SEAL_KEY else None


@lru_cache(maxsize=1)
def _from_file(path: str, password: str) -> SimpleSigner | None:
    """The key of a PKCS #12 file, parsed once a process."""
    return SimpleSigner.load_pkcs12(path, passphrase=password.encode())
