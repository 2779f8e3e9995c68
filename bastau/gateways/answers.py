"""What an answer of each system must look like. What does not is not an answer: it is asked for again.

Each function takes the IIN asked for and the object received, and returns the known fields alone; it raises
Nonsense when a field is missing, of another type, out of its set, or tells of another person.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from bastau.gateways.models import System

TARGET_STATUSES = ("UNEMPLOYED", "E01", "E02", "E03", "E04", "E05", "E06", "NONE")
#: Why a bank sends a payment order back.
RETURN_REASONS = ("account_closed", "account_blocked", "other_holder", "other")
BIC_LENGTH = 8
_KATO = re.compile(r"[0-9]{9}", re.ASCII)
_EARLIEST = date(1800, 1, 1)


class Nonsense(ValueError):
    """An answer that cannot be used; the message names the field."""


def person_registry(iin: str, received: dict[str, Any]) -> dict[str, Any]:
    """A natural person, or `{"found": False}` when the register knows none with this IIN."""
    if received.get("found") is False and set(received) <= {"found", "iin"}:
        if received.get("iin", iin) != iin:
            raise Nonsense("iin")
        return {"found": False}
    if received.get("found", True) is not True:
        raise Nonsense("found")
    _same_person(iin, received)
    return {
        "iin": iin,
        "surname": _text(received, "surname", 100),
        "given_name": _text(received, "given_name", 100),
        "patronymic": _text(received, "patronymic", 100, empty=True),
        "birth_date": _day(received, "birth_date"),
        "sex": _one_of(received, "sex", ("m", "f")),
        "residence": _residence(received),
        "address_kk": _text(received, "address_kk", 300, empty=True),
        "address_ru": _text(received, "address_ru", 300, empty=True),
        "alive": _flag(received, "alive"),
    }


def labour_market(iin: str, received: dict[str, Any]) -> dict[str, Any]:
    """The standing on the labour market: registration as unemployed, target status, earlier training.

    A person registered as unemployed has the day of registration and the status UNEMPLOYED.
    """
    _same_person(iin, received)
    registered = _flag(received, "registered_unemployed")
    answer = {
        "iin": iin,
        "registered_unemployed": registered,
        "registered_on": _day(received, "registered_on", empty=True),
        "target_status": _one_of(received, "target_status", TARGET_STATUSES),
        "trained_until": _day(received, "trained_until", empty=True),
        "card_number": _text(received, "card_number", 40, empty=True),
    }
    if registered != (answer["registered_on"] is not None):
        raise Nonsense("registered_on")
    if registered and answer["target_status"] != "UNEMPLOYED":
        raise Nonsense("target_status")
    return answer


def tax_registry(iin: str, received: dict[str, Any]) -> dict[str, Any]:
    """Whether the person is an individual entrepreneur, under which number of the notice and since when."""
    _same_person(iin, received)
    registered = _flag(received, "registered")
    answer = {
        "iin": iin,
        "registered": registered,
        "number": _text(received, "number", 40, empty=True),
        "since": _day(received, "since", empty=True),
    }
    if registered != (answer["since"] is not None) or registered != bool(answer["number"]):
        raise Nonsense("registered")
    return answer


def bank(iin: str, asked: dict[str, Any], received: dict[str, Any]) -> dict[str, Any]:
    """The bank's answer to `asked`: whose an account is (`ask` = "account"), or what became of a payment order
    (`ask` = "pay"). It is about the account or the order that was named, or it is Nonsense."""
    return _account(iin, asked, received) if asked.get("ask") == "account" else _execution(asked, received)


def _account(iin: str, asked: dict[str, Any], received: dict[str, Any]) -> dict[str, Any]:
    _same_person(iin, received)
    if received.get("iban") != asked["iban"]:
        raise Nonsense("iban")
    found = _flag(received, "found")
    answer = {
        "iin": iin,
        "iban": asked["iban"],
        "found": found,
        "own": _flag(received, "own"),
        "bank_kk": _text(received, "bank_kk", 200, empty=not found),
        "bank_ru": _text(received, "bank_ru", 200, empty=not found),
        "bic": _text(received, "bic", BIC_LENGTH, empty=not found),
    }
    if answer["own"] and not found:
        raise Nonsense("own")
    if found and len(str(answer["bic"])) != BIC_LENGTH:
        raise Nonsense("bic")
    return answer


def _execution(asked: dict[str, Any], received: dict[str, Any]) -> dict[str, Any]:
    if received.get("key") != asked["key"] or received.get("amount") != asked["amount"]:
        raise Nonsense("key")
    status = _one_of(received, "status", ("executed", "returned"))
    executed = status == "executed"
    return {
        "key": asked["key"],
        "amount": asked["amount"],
        "status": status,
        "date": _day(received, "date"),
        "reference": _text(received, "reference", 40, empty=not executed),
        "reason": "" if executed else _one_of(received, "reason", RETURN_REASONS),
    }


READERS: dict[str, Callable[[str, dict[str, Any]], dict[str, Any]]] = {
    System.PERSON_REGISTRY: person_registry,
    System.LABOUR_MARKET: labour_market,
    System.TAX_REGISTRY: tax_registry,
}
#: Systems that are asked or told more than a person: (IIN, what was sent, what came back) -> the answer.
ORDERED: dict[str, Callable[[str, dict[str, Any], dict[str, Any]], dict[str, Any]]] = {System.BANK: bank}


def _same_person(iin: str, received: dict[str, Any]) -> None:
    if received.get("iin") != iin:
        raise Nonsense("iin")


def _text(received: dict[str, Any], name: str, longest: int, *, empty: bool = False) -> str:
    value = received.get(name)
    if not isinstance(value, str):
        raise Nonsense(name)
    value = " ".join(value.split())
    if len(value) > longest or not value.isprintable() or not (value or empty):
        raise Nonsense(name)
    return value


def _flag(received: dict[str, Any], name: str) -> bool:
    value = received.get(name)
    if not isinstance(value, bool):
        raise Nonsense(name)
    return value


def _one_of(received: dict[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = received.get(name)
    if not isinstance(value, str) or value not in known:
        raise Nonsense(name)
    return value


def _day(received: dict[str, Any], name: str, *, empty: bool = False) -> str | None:
    if name not in received:
        raise Nonsense(name)
    value = received[name]
    if value is None and empty:
        return None
    # Python also reads 20260605 and 2026-W23-5; the systems agree on one form.
    if not isinstance(value, str) or len(value) != 10 or "W" in value:
        raise Nonsense(name)
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise Nonsense(name) from error
    if day < _EARLIEST:
        raise Nonsense(name)
    return value


def _residence(received: dict[str, Any]) -> str:
    value = received.get("residence")
    if not isinstance(value, str) or not _KATO.fullmatch(value):
        raise Nonsense("residence")
    return value
