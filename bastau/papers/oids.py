"""Object identifiers and key usages of the national authority's certificates (SPEC 6.11)."""

from cryptography import x509

AUTHENTICATION = "1.3.6.1.5.5.7.3.2"
SIGNING = "1.3.6.1.5.5.7.3.4"
INDIVIDUAL = "1.2.398.3.3.4.1.1"
LEGAL_ENTITY = "1.2.398.3.3.4.1.2"
FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2"
EMPLOYEE = "1.2.398.3.3.4.1.2.5"

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def key_usage(**granted: bool) -> x509.KeyUsage:
    """The key usage extension with what is granted and nothing else."""
    return x509.KeyUsage(**{usage: granted.get(usage, False) for usage in _USAGES})
