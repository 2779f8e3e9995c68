"""The account of a grantee: an IBAN of Kazakhstan with its check digits (SPEC 6.3). Clause: FKA04-3.2."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: KZ, two check digits, three digits of the bank, thirteen letters or digits.
LENGTH = 20
_FORM = re.compile(r"KZ\d{2}\d{3}[A-Z0-9]{13}", re.ASCII)
_LETTERS = re.compile(r"[A-Z]{2}", re.ASCII)

FOREIGN = _("This account is not in Kazakhstan. Its number begins with KZ. Give your account in a bank of Kazakhstan.")
LONG_OR_SHORT = _(
    "The number of an account has 20 characters: KZ, 18 letters and digits. Copy it from your bank's application."
)
ODD = _("The number of an account has only Latin letters and digits: KZ, five digits, then 13 letters or digits.")
WRONG_CHECK = _(
    "The number of the account is not right: its check digits do not fit. Look for a mistyped or swapped character."
)


def tidy(typed: str) -> str:
    """The number without spaces and hyphens, in capitals, as it is kept."""
    return re.sub(r"[\s-]", "", typed).upper()


def fault(iban: str) -> Promise | None:
    """What is wrong with a tidied number, in a sentence that says what to do; None where it is right."""
    if _LETTERS.match(iban) and not iban.startswith("KZ"):
        return FOREIGN
    if len(iban) != LENGTH:
        return LONG_OR_SHORT
    if not _FORM.fullmatch(iban):
        return ODD
    return None if remainder(iban) == 1 else WRONG_CHECK


def remainder(iban: str) -> int:
    """The number modulo 97 after ISO 13616; a right one leaves 1."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97
