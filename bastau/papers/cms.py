"""Checks a detached CMS signature: form, fit with the bytes, chain, revocation, key usage (SPEC 6.11).

What speaks about people and papers stands in `bastau.papers.signing`. No claim is made for GOST.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, pem, x509
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    StaleRevinfoError,
    ValidationError,
)

from bastau.papers import oids
from bastau.papers.trust import Trust

MOST_BYTES = 256 * 1024
DIGESTS = {"sha256", "sha384", "sha512"}
MECHANISMS = {"rsassa_pkcs1v15", "rsassa_pss", "ecdsa"}

SENTENCES: dict[str, Any] = {
    "not_cms": _("This is not an electronic signature. Choose the .cms or .p7s file that your signing program made."),
    "attached": _(
        "The signature carries a document inside. Sign again without putting the document into the signature."
    ),
    "not_one": _("The file must hold exactly one signature with its certificate. Sign the document again."),
    "algorithm": _("A signature with this kind of key cannot be checked here. Sign with your RSA key."),
    "altered": _("The signature does not fit this document. Open the document here, sign it as it is and send that."),
    "other_paper": _("This is the signature of another document. Sign the document shown on this page."),
    "expired": _("The certificate has expired. Get a new one and sign again."),
    "not_yet_valid": _("The certificate is not in force yet. Sign with the one that is."),
    "revoked": _("The certificate was revoked. Get a new one and sign again."),
    "unknown_root": _("The certificate was not issued by an authority that this portal trusts."),
    "stale_list": _(
        "The list of revoked certificates is out of date, so yours cannot be checked now. Try again later."
    ),
    "no_list": _("There is no list of revoked certificates to check yours against. Try again later."),
    "not_trusted": _("The certificate does not pass the check of its authority. Sign with another key."),
    "not_for_signing": _("This key is for signing in, not for signing documents. Choose your signing key."),
    "other_person": _("The certificate belongs to another person. Sign with your own key."),
    "other_office": _("The certificate is not one of your office. Sign with the key of your post."),
    "no_right": _("This key gives no right to sign for the office. Sign with the key of its head."),
    "signed_already": _("You have signed this document already. Others still have to sign."),
    "not_waiting": _("The document is not waiting for this signature: it is signed already or has no force."),
    "damaged": _("The kept document is damaged and cannot be signed. Tell the administrator of the portal."),
}


class SigningRefused(Exception):
    """A signature is refused and nothing is changed. `code` tells why, `message` says it to the signer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message: Promise = SENTENCES[code]

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Signer:
    """Who signed, by the certificate. `bin` is empty for an individual's certificate."""

    iin: str
    bin: str
    usages: frozenset[str]
    serial: str
    sha256: str


@dataclass(frozen=True)
class _Signed:
    info: cms.SignerInfo
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    content_type: str


def check(data: bytes, signature: bytes, *, trust: Trust, moment: datetime) -> Signer:
    """Who signed `data`, when the signature holds at `moment` in every respect. Raises SigningRefused."""
    signed = _parse(signature)
    _fits(data, signed)
    _chain(signed, trust, moment)
    _usage(signed.certificate)
    return _signer(signed.certificate)


def check_fit(data: bytes, signature: bytes) -> Signer:
    """Who signed `data`, looking at the mathematics alone: for what was checked in full when it was signed.

    Raises SigningRefused.
    """
    signed = _parse(signature)
    _fits(data, signed)
    return _signer(signed.certificate)


def digest_of(signature: bytes) -> bytes:
    """The digest of what was signed, as the signature says. Raises SigningRefused."""
    info = _parse(signature).info
    for attribute in info["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            return attribute["values"][0].native
    raise SigningRefused("not_cms")


def as_der(signature: bytes) -> bytes:
    """Signing programs give DER, PEM or bare base64; all become DER. Raises SigningRefused."""
    if not signature or len(signature) > MOST_BYTES:
        raise SigningRefused("not_cms")
    if signature[:1] == b"\x30":
        return signature
    try:
        if pem.detect(signature):
            return pem.unarmor(signature)[2]
        return base64.b64decode(b"".join(signature.split()), validate=True)
    except (ValueError, binascii.Error):
        raise SigningRefused("not_cms")


def _parse(signature: bytes) -> _Signed:
    try:
        content = cms.ContentInfo.load(as_der(signature), strict=True)
        if content["content_type"].native != "signed_data":
            raise SigningRefused("not_cms")
        signed = content["content"]
        # asn1crypto parses late: going through everything now finds what is cut off or made up.
        signed.native  # noqa: B018
        inside = signed["encap_content_info"]
        signers = signed["signer_infos"]
        if inside["content"] is not core.VOID and inside["content"].native is not None:
            raise SigningRefused("attached")
        if len(signers) != 1 or signers[0]["signed_attrs"] is core.VOID:
            raise SigningRefused("not_one")
        info = signers[0]
        if not _known(info):
            raise SigningRefused("algorithm")
        certificates = extract_certs_for_validation(signed)
    except (CMSExtractionError, CMSStructuralError):
        raise SigningRefused("not_one")
    except SignatureValidationError:
        # The signed attributes name another certificate than the one that came along.
        raise SigningRefused("altered")
    except (ValueError, TypeError, KeyError, IndexError):
        raise SigningRefused("not_cms")
    return _Signed(info, certificates.signer_cert, tuple(certificates.other_certs), inside["content_type"].native)


def _known(info: cms.SignerInfo) -> bool:
    try:
        return (
            info["digest_algorithm"]["algorithm"].native in DIGESTS
            and info["signature_algorithm"].signature_algo in MECHANISMS
        )
    except ValueError:
        # asn1crypto does not know the identifier, as those of GOST.
        return False


def _fits(data: bytes, signed: _Signed) -> None:
    digest = hashlib.new(signed.info["digest_algorithm"]["algorithm"].native, data).digest()
    try:
        intact, valid = validate_sig_integrity(signed.info, signed.certificate, signed.content_type, digest)
    except (SignatureValidationError, CMSStructuralError, ValueError):
        raise SigningRefused("altered")
    if not (intact and valid):
        raise SigningRefused("altered")


def _chain(signed: _Signed, trust: Trust, moment: datetime) -> None:
    if not trust.roots:
        raise SigningRefused("unknown_root")
    context = ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=[*trust.between, *signed.others],
        crls=list(trust.lists),
        moment=moment,
        allow_fetching=False,
        revocation_mode="require",
    )
    validator = CertificateValidator(signed.certificate, validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except ExpiredError:
        raise SigningRefused("expired")
    except NotYetValidError:
        raise SigningRefused("not_yet_valid")
    except RevokedError:
        raise SigningRefused("revoked")
    except StaleRevinfoError:
        raise SigningRefused("stale_list")
    except InsufficientRevinfoError:
        raise SigningRefused("no_list")
    except PathBuildingError:
        raise SigningRefused("unknown_root")
    except ValidationError:
        raise SigningRefused("not_trusted")


def _usage(certificate: x509.Certificate) -> None:
    """Signature or non-repudiation, and not a key for signing in alone."""
    usage = certificate.key_usage_value
    if usage is None or not usage.native & {"digital_signature", "non_repudiation"}:
        raise SigningRefused("not_for_signing")
    extended = _extended(certificate)
    if oids.AUTHENTICATION in extended and oids.SIGNING not in extended:
        raise SigningRefused("not_for_signing")


def _extended(certificate: x509.Certificate) -> frozenset[str]:
    value = certificate.extended_key_usage_value
    return frozenset(usage.dotted for usage in value) if value is not None else frozenset()


def _signer(certificate: x509.Certificate) -> Signer:
    return Signer(
        iin=_marked(certificate, "serial_number", "IIN"),
        bin=_marked(certificate, "organizational_unit_name", "BIN"),
        usages=_extended(certificate),
        serial=f"{certificate.serial_number:x}"[:64],
        sha256=certificate.sha256.hex(),
    )


def _marked(certificate: x509.Certificate, attribute: str, mark: str) -> str:
    """The twelve digits behind `mark` in an attribute of the subject, or empty."""
    for value in _values(certificate.subject.native.get(attribute)):
        digits = value.removeprefix(mark)
        if value.startswith(mark) and len(digits) == 12 and digits.isdecimal():
            return digits
    return ""


def _values(value: Any) -> Iterable[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
