"""Kazakh order and search folding of names (SPEC 6.13), in the database and in Python alike.

The embedded PostgreSQL has neither ICU nor unaccent, so both are computed with `translate`, which is immutable.
"""

from django.db.models import CharField, F, Func, Value
from django.db.models.expressions import Combinable

_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
# Each letter becomes a character whose code point keeps the Kazakh order; CJK is used by no name of ours.
_ORDER = "".join(chr(0x4E00 + index) for index in range(len(_ALPHABET)))
_SORT_FROM, _SORT_TO = _ALPHABET + _ALPHABET.upper(), _ORDER + _ORDER

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_PLAIN = {"ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и", "ы": "и", "ё": "е"}
_FOLD_TO_LOWER = "".join(_PLAIN.get(letter, letter) for letter in _ALPHABET)
_FOLD_FROM = _ALPHABET + _ALPHABET.upper() + _LATIN.upper()
_FOLD_TO = _FOLD_TO_LOWER + _FOLD_TO_LOWER + _LATIN

_fold_table = str.maketrans(_FOLD_FROM, _FOLD_TO)
_sort_table = str.maketrans(_SORT_FROM, _SORT_TO)


def tidy(text: str) -> str:
    """A name part as it is stored: without blanks at its ends or doubled ones inside."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """`text` as staff's search compares it: small letters, Kazakh letters as their Russian neighbours."""
    return " ".join(text.translate(_fold_table).split())


def sort_key(text: str) -> str:
    """A key whose code-point order is the Kazakh order of `text`."""
    return text.translate(_sort_table).strip(" ")


def _joined(fields: tuple[str, ...]) -> Combinable:
    expression: Combinable = F(fields[0])
    for field in fields[1:]:
        expression = Func(
            Func(expression, Value(" "), template="%(expressions)s", arg_joiner=" || "),
            F(field),
            template="%(expressions)s",
            arg_joiner=" || ",
        )
    return expression


def _translated(fields: tuple[str, ...], source: str, target: str) -> Func:
    # A missing patronymic leaves a blank at the end of the join; it must not differ from what Python reckons.
    return Func(
        Func(_joined(fields), Value(source), Value(target), function="translate"),
        function="btrim",
        output_field=CharField(max_length=310),
    )


def sort_expression(*fields: str) -> Func:
    """The database expression of :func:`sort_key` over `fields` joined by spaces."""
    return _translated(fields, _SORT_FROM, _SORT_TO)


def fold_expression(*fields: str) -> Func:
    """The database expression of :func:`fold` over `fields` joined by spaces."""
    # Python's fold also joins inner blanks; names are stored without doubled ones (:func:`tidy`).
    return _translated(fields, _FOLD_FROM, _FOLD_TO)
