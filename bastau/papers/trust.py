"""Whom signatures are checked against: the demo authority, in live mode the roots of a folder and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from asn1crypto import crl, pem, x509
from django.conf import settings

from bastau.papers import authority

CERTIFICATES, LISTS = {".pem", ".crt", ".cer", ".der"}, {".crl"}


@dataclass(frozen=True)
class Trust:
    """Roots, the certificates between them and a signer's, and lists of revoked certificates."""

    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...] = ()
    lists: tuple[crl.CertificateList, ...] = ()


def current() -> Trust:
    """The trust of this portal now.

    In live mode the files of settings.SIGNATURE_ROOTS, PEM or DER: self-signed certificates are roots, others stand
    between; `.crl` are the lists. Changed files are read again. Raises ValueError on a file that is neither.
    """
    if settings.BASTAU_MODE != "live":
        return Trust(roots=(authority.root(),), lists=(authority.revocation_list(),))
    if not settings.SIGNATURE_ROOTS:
        return Trust(roots=())
    files = sorted(path for path in Path(settings.SIGNATURE_ROOTS).iterdir() if path.suffix in CERTIFICATES | LISTS)
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _read(files: tuple[tuple[Path, int], ...]) -> Trust:
    roots: list[x509.Certificate] = []
    between: list[x509.Certificate] = []
    lists: list[crl.CertificateList] = []
    for path, _changed in files:
        for der in _ders(path.read_bytes()):
            if path.suffix in LISTS:
                lists.append(crl.CertificateList.load(der, strict=True))
                continue
            certificate = x509.Certificate.load(der, strict=True)
            is_root = certificate.issuer == certificate.subject
            (roots if is_root else between).append(certificate)
    return Trust(tuple(roots), tuple(between), tuple(lists))


def _ders(content: bytes) -> list[bytes]:
    if not pem.detect(content):
        return [content]
    return [der for _name, _headers, der in pem.unarmor(content, multiple=True)]
