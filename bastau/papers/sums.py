"""Sums of whole tenge as papers write them: in figures with spaces, and in words (SPEC 6.13)."""

from __future__ import annotations

_KK_ONES = ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
_KK_TENS = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")
_KK_GROUPS = ("", "мың", "миллион", "миллиард")

_RU_ONES = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_RU_TEENS = (
    "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
    "восемнадцать", "девятнадцать",
)  # fmt: skip
_RU_TENS = (
    "", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто",
)  # fmt: skip
_RU_HUNDREDS = (
    "", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
)  # fmt: skip
_RU_GROUPS = (
    ("", "", ""), ("тысяча", "тысячи", "тысяч"), ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
)  # fmt: skip
#: Words are known below a thousand billions; no budget comes near.
MOST = 10**12 - 1


def in_figures(amount: int) -> str:
    """`1 730 000`, the spaces such that no line breaks in it."""
    return f"{amount:,}".replace(",", "\N{NO-BREAK SPACE}")


def in_words(amount: int, language: str) -> str:
    """The sum in words with its currency: «бір миллион жеті жүз отыз мың теңге». kk or ru.

    Raises ValueError for a negative sum or one beyond `MOST`.
    """
    if not 0 <= amount <= MOST:
        raise ValueError("Only sums from nothing to a thousand billions are written in words.")
    if language == "kk":
        return " ".join([*(_kazakh(amount) or ["нөл"]), "теңге"])
    return " ".join([*(_russian(amount) or ["ноль"]), "тенге"])


def _groups(amount: int) -> list[tuple[int, int]]:
    """Groups of three digits with their rank, the highest first, without empty ones."""
    found = []
    rank = 0
    while amount:
        amount, three = divmod(amount, 1000)
        if three:
            found.append((rank, three))
        rank += 1
    return found[::-1]


def _kazakh(amount: int) -> list[str]:
    words: list[str] = []
    for rank, three in _groups(amount):
        hundreds, rest = divmod(three, 100)
        if hundreds:
            words += [_KK_ONES[hundreds] if hundreds > 1 else "", "жүз"]

        words += [_KK_TENS[rest // 10], _KK_ONES[rest % 10], _KK_GROUPS[rank]]
    return [word for word in words if word]


def _russian(amount: int) -> list[str]:
    words: list[str] = []
    for rank, three in _groups(amount):
        hundreds, rest = divmod(three, 100)
        tens, ones = divmod(rest, 10)
        words.append(_RU_HUNDREDS[hundreds])
        if tens == 1:
            words.append(_RU_TEENS[ones])
        else:
            one = {1: "одна", 2: "две"}.get(ones, _RU_ONES[ones]) if rank == 1 else _RU_ONES[ones]
            words += [_RU_TENS[tens], one]
        words.append(_RU_GROUPS[rank][_form(tens, ones)])
    return [word for word in words if word]


def _form(tens: int, ones: int) -> int:
    if tens == 1 or ones == 0 or ones > 4:
        return 2
    return 0 if ones == 1 else 1
