"""The demo authority: root, certificates and revocation list for demo and tests, refused in live mode.

All is issued by bastau.clock, so that signing works wherever the clock stands. The keys are derived from
SECRET_KEY: every process has the same ones without asking anybody, and a new one costs no time. They guard
nothing; who signs is told by the certificate. The shape of the certificates is that of the national authority
(SPEC 6.11), but for the key: elliptic curve instead of RSA or GOST.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bastau import clock
from bastau.papers import oids
from bastau.people.models import Office, Post, User
from bastau.people.roles import Role

CURVE = ec.SECP256R1()
CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ROOT_NAME = x509.Name(
    [x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"), x509.NameAttribute(NameOID.COMMON_NAME, "Bastau demo root")]
)
# The demo's clock may stand at any time; the root is valid at all of them.
ROOT_FROM, ROOT_UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class DemoOnly(RuntimeError):
    """The demo authority signs nothing on a live portal."""


def demo_sign(user: User, data: bytes, post: Post | None = None) -> bytes:
    """Detached CMS over `data` with a demo certificate of `user`, in `post` one of its office. Raises DemoOnly."""
    _demo_only()
    now = clock.now()
    certificate = _certificate_of(user, post, now)
    signer = SimpleSigner(signing_cert=certificate, signing_key=_signing_key(), cert_registry=SimpleCertificateStore())
    made = signer.async_sign_general_data(
        data, "sha256", detached=True, signed_attr_settings=PdfCMSSignedAttributes(signing_time=now)
    )
    return asyncio.run(made).dump()


def seal_signer(office: Office) -> SimpleSigner:
    """The demo seal of the portal for papers of `office`: a certificate of the office, not of a person.

    Raises DemoOnly.
    """
    _demo_only()
    certificate = _seal(office.name("kk"), office.bin, _day(clock.now()))
    store = SimpleCertificateStore.from_certs([root()])
    return SimpleSigner(signing_cert=certificate, signing_key=_signing_key(), cert_registry=store)


@lru_cache(maxsize=1)
def root() -> asn1_x509.Certificate:
    """The self-signed root of the demo authority. Raises DemoOnly."""
    _demo_only()
    key = _key("root")
    built = (
        x509.CertificateBuilder()
        .subject_name(ROOT_NAME)
        .issuer_name(ROOT_NAME)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ROOT_FROM)
        .not_valid_after(ROOT_UNTIL)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(oids.key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return asn1_x509.Certificate.load(built.public_bytes(serialization.Encoding.DER))


def revocation_list() -> asn1_crl.CertificateList:
    """The list of revoked demo certificates (none) in force now. Raises DemoOnly."""
    _demo_only()
    return _revocation_list(_day(clock.now()))


@lru_cache(maxsize=4)
def _revocation_list(day: datetime) -> asn1_crl.CertificateList:
    key = _key("root")
    built = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ROOT_NAME)
        .last_update(day)
        .next_update(day + timedelta(days=2))
        .add_extension(x509.CRLNumber(int(day.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return asn1_crl.CertificateList.load(built.public_bytes(serialization.Encoding.DER))


@lru_cache(maxsize=64)
def _seal(organisation: str, bin: str, day: datetime) -> asn1_x509.Certificate:
    subject = [
        x509.NameAttribute(NameOID.COMMON_NAME, _short(organisation)),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _short(organisation)),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{bin}"),
        x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
    ]
    return _issued(subject, [oids.SIGNING, oids.LEGAL_ENTITY], day)


def _certificate_of(user: User, post: Post | None, now: datetime) -> asn1_x509.Certificate:
    person = user.person
    office = (post.office.name("kk"), post.office.bin) if post else ("", "")
    director = post is not None and post.role == Role.DIRECTOR
    return _certificate(
        person.iin, person.surname, person.given_name, person.patronymic, *office, director=director, day=_day(now)
    )


@lru_cache(maxsize=256)
def _certificate(
    iin: str,
    surname: str,
    given_name: str,
    patronymic: str,
    organisation: str,
    bin: str,
    *,
    director: bool,
    day: datetime,
) -> asn1_x509.Certificate:
    subject = [
        x509.NameAttribute(NameOID.COMMON_NAME, _short(f"{surname} {given_name}")),
        x509.NameAttribute(NameOID.SURNAME, _short(surname)),
        x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{iin}"),
        x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
    ]
    if patronymic:
        subject.append(x509.NameAttribute(NameOID.GIVEN_NAME, _short(patronymic)))
    usages = [oids.SIGNING, oids.INDIVIDUAL]
    if bin:
        subject.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, _short(organisation)))
        subject.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{bin}"))
        usages = [oids.SIGNING, oids.LEGAL_ENTITY, oids.FIRST_HEAD if director else oids.EMPLOYEE]
    return _issued(subject, usages, day)


def _short(name: str) -> str:
    """A name as a certificate takes it: at most 64 bytes, and a Cyrillic letter has two of them."""
    return name.encode()[:64].decode(errors="ignore").strip()


def _issued(subject: list[x509.NameAttribute], usages: list[str], day: datetime) -> asn1_x509.Certificate:
    issuer, key = _key("root"), _key("signer")
    serial = hashlib.sha256(f"{subject}{day}".encode()).digest()[:16]
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(ROOT_NAME)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(serial) >> 1 | 1)
        .not_valid_before(day)
        .not_valid_after(day + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(oids.key_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(usage) for usage in usages]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)
        .sign(issuer, hashes.SHA256())
    )
    return asn1_x509.Certificate.load(built.public_bytes(serialization.Encoding.DER))


@lru_cache(maxsize=2)
def _key(purpose: str) -> ec.EllipticCurvePrivateKey:
    seed = hmac.digest(settings.SECRET_KEY.encode(), f"bastau demo {purpose}".encode(), "sha512")
    return ec.derive_private_key(int.from_bytes(seed) % (CURVE_ORDER - 1) + 1, CURVE)


@lru_cache(maxsize=1)
def _signing_key() -> asn1_keys.PrivateKeyInfo:
    plain = _key("signer").private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return asn1_keys.PrivateKeyInfo.load(plain)


def _day(now: datetime) -> datetime:
    """The UTC midnight before `now`: one certificate and one list serve a day."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _demo_only() -> None:
    if settings.BASTAU_MODE not in {"demo", "test"}:
        raise DemoOnly("The demo authority works in demo and test mode only.")
