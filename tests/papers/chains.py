"""Root and intermediate authority, as the national one has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from bastau.papers import oids
from tests.papers.pki import DER, Authority, rsa_key


class Chain:
    """`issuer` is certified by `root`; both publish lists."""

    def __init__(self, now: datetime) -> None:
        self.root, self.issuer = Authority(now=now, name="Upper root"), Authority(now=now, name="Issuer")

    def publish(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        between = (
            x509.CertificateBuilder()
            .subject_name(self.issuer.subject)
            .issuer_name(self.root.subject)
            .public_key(rsa_key(self.issuer.name).public_key())
            .serial_number(7)
            .not_valid_before(self.root.now - timedelta(days=100))
            .not_valid_after(self.root.now + timedelta(days=100))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(oids.key_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(rsa_key(self.root.name), hashes.SHA256())
        )
        (folder / "root.der").write_bytes(self.root.root().public_bytes(DER))
        (folder / "issuer.cer").write_bytes(between.public_bytes(DER))
        (folder / "root.crl").write_bytes(self.root.revocations().public_bytes(DER))
        (folder / "issuer.crl").write_bytes(self.issuer.revocations().public_bytes(DER))
