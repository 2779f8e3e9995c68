"""An authority of a test's own, with RSA keys and the certificates of the national one (SPEC 6.11)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bastau.papers import oids

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One key a name: what a certificate says matters here, not its key."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Authority:
    """Issues at `now`; what is written by :meth:`publish` is what a live portal trusts."""

    now: datetime
    name: str = "Test root"
    revoked: list[int] = field(default_factory=list)
    serial: int = 100

    @property
    def subject(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    def root(self) -> x509.Certificate:
        key = rsa_key(self.name)
        return (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(self.subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(self.now - timedelta(days=900))
            .not_valid_after(self.now + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(oids.key_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(key, hashes.SHA256())
        )

    def revocations(self, *, days: int = 2) -> x509.CertificateRevocationList:
        built = x509.CertificateRevocationListBuilder().issuer_name(self.subject)
        built = built.last_update(self.now + timedelta(days=min(0, days) - 2)).next_update(
            self.now + timedelta(days=days)
        )
        for serial in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            built = built.add_revoked_certificate(entry.revocation_date(self.now - timedelta(hours=1)).build())
        return built.sign(rsa_key(self.name), hashes.SHA256())

    def publish(self, folder: Path, *, crl_days: int | None = 2) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "root.pem").write_bytes(self.root().public_bytes(PEM))
        if crl_days is not None:
            (folder / "list.crl").write_bytes(self.revocations(days=crl_days).public_bytes(DER))

    def certificate(
        self,
        iin: str,
        *,
        bin: str = "",
        since: int = -10,
        until: int = 300,
        usage: dict[str, bool] | None = None,
        extended: tuple[str, ...] = (oids.SIGNING, oids.INDIVIDUAL),
    ) -> x509.Certificate:
        """`since` and `until` in days from now."""
        self.serial += 1
        subject = [
            x509.NameAttribute(NameOID.COMMON_NAME, "ТЕСТОВ ТЕСТ"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{iin}"),
        ]
        if bin:
            subject.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{bin}"))
        built = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(subject))
            .issuer_name(self.subject)
            .public_key(rsa_key("signer").public_key())
            .serial_number(self.serial)
            .not_valid_before(self.now + timedelta(days=since))
            .not_valid_after(self.now + timedelta(days=until))
            .add_extension(
                oids.key_usage(**(usage or {"digital_signature": True, "content_commitment": True})), critical=True
            )
        )
        if extended:
            named = x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in extended])
            built = built.add_extension(named, critical=False)
        return built.sign(rsa_key(self.name), hashes.SHA256())

    def sign(self, data: bytes, certificate: x509.Certificate, **more: Any) -> bytes:
        key = rsa_key("signer").private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        signer = SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(DER)),
            signing_key=asn1_keys.PrivateKeyInfo.load(key),
            cert_registry=SimpleCertificateStore(),
        )
        return asyncio.run(signer.async_sign_general_data(data, more.pop("digest", "sha256"), **more)).dump()
