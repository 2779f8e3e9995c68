"""Individual (IIN) and business (BIN) identification numbers: SPEC 6.1 and 6.2."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURY = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit for the first eleven; None where both passes give 10 and the number is never used."""
    for weights in (_FIRST, _SECOND):
        remainder = sum(int(digit) * weight for digit, weight in zip(first_eleven, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def validate_iin(value: str) -> None:
    """Hard errors only: length, digits, check digit. Raises ValidationError with a sentence that says what to do."""
    if len(value) != 12 or not value.isascii() or not value.isdigit():
        raise ValidationError(_("An IIN has 12 digits. Type it as it stands on the identity card."), code="iin_length")
    digit = check_digit(value[:11])
    if digit is None or digit != int(value[11]):
        raise ValidationError(
            _("This IIN has a slip: its last digit does not fit the others. Compare it with the identity card."),
            code="iin_check",
        )


def validate_bin(value: str) -> None:
    """As :func:`validate_iin`, for organisations. Raises ValidationError."""
    if len(value) != 12 or not value.isascii() or not value.isdigit() or check_digit(value[:11]) != int(value[11]):
        raise ValidationError(_("This BIN is not valid. Compare it with the registration certificate."), code="bin")


def birth_date(iin: str) -> date | None:
    """The date of birth that the first seven digits tell; None where they tell none (month 13, digit 7 = 0)."""
    century = _CENTURY.get(iin[6])
    if century is None:
        return None
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None


def sex(iin: str) -> str | None:
    """`m` or `f` by digit 7; None where it is 0 or beyond 6."""
    return None if iin[6] not in _CENTURY else ("m" if int(iin[6]) % 2 else "f")
