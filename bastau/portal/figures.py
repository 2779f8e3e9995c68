"""Numbers as people read them: IIN, phone, money."""

import re
from decimal import Decimal, InvalidOperation

NARROW = "\u202f"  # narrow and unbreakable: a sum never falls apart at the end of a line
UNBREAKABLE = "\u00a0"
MASK = "•"


def iin_masked(iin: str) -> str:
    """8503••••0128: enough to tell two people apart, not enough to misuse. Anything but 12 digits is hidden whole."""
    return f"{iin[:4]}{MASK * 4}{iin[8:]}" if re.fullmatch(r"\d{12}", iin) else MASK * len(iin)


def iin_grouped(iin: str) -> str:
    """850312 400128: the birth date, then the rest. What is not 12 digits stays as it is."""
    return f"{iin[:6]} {iin[6:]}" if re.fullmatch(r"\d{12}", iin) else iin


def iban_grouped(iban: str) -> str:
    """The number of an account in groups of four, as people read it."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def phone(number: str) -> str:
    """+7 (701) 234-56-78 for a Kazakhstan number in E.164 (SPEC 6.4). Other text stays as it is."""
    found = re.fullmatch(r"\+7(\d{3})(\d{3})(\d{2})(\d{2})", number)
    return f"+7{UNBREAKABLE}({found[1]}){UNBREAKABLE}{found[2]}-{found[3]}-{found[4]}" if found else number


def number(value: int | Decimal) -> str:
    """1 730 000 or 1 730 000,50 with narrow spaces."""
    whole, _, rest = f"{value:,}".partition(".")
    return whole.replace(",", NARROW) + (f",{rest}" if rest else "")


def money(value: int | Decimal | str) -> str:
    """1 730 000 ₸; tiyn only when there are some. Raises ValueError for what is not a number."""
    try:
        amount = Decimal(value)
    except InvalidOperation as error:
        raise ValueError("A sum of money is a number.") from error
    tiyn = amount != amount.to_integral_value()
    return f"{number(amount.quantize(Decimal('0.01')) if tiyn else int(amount))}{UNBREAKABLE}₸"
