"""Numbers of certificates (A-44)."""

from __future__ import annotations

import re
from datetime import date

from bastau import law
from training.states import CertificateKind

LETTERS = {CertificateKind.COMPLETION: "A", CertificateKind.PARTICIPATION: "Q"}
#: What a letter stands for where the check digit is reckoned.
_DIGIT = {"A": "1", "Q": "2"}


def series(kind: str, day: date) -> str:
    """The series of certificates of a kind and year: `BB-2026-A`."""
    return f"BB-{day.year}-{LETTERS[CertificateKind(kind)]}"


def number(series: str, n: int) -> str:
    """Number `n` of a series with its check digit: `BB-2026-A-0000001-5` (A-44)."""
    bare = f"{series}-{n:0{law.value('A-44:certificate_digits')}d}"
    return f"{bare}-{check_digit(bare)}"


def check_digit(bare: str) -> str:
    """The digit that makes one wrong sign or two swapped neighbours in a number visible (Luhn's sum)."""
    digits = "".join(_DIGIT.get(sign, sign) for sign in bare.removeprefix("BB") if sign.isdigit() or sign in _DIGIT)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_whole(written: str) -> bool:
    """Whether a number has the shape of a certificate's and its check digit fits."""
    found = re.fullmatch(r"(BB-\d{4}-[AQ]-\d{7})-(\d)", written)
    return found is not None and check_digit(found[1]) == found[2]
