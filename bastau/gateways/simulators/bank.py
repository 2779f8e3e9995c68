"""A bank that does not exist: whose an account is follows from its number, and an order is executed once.

The bank's code is 999, which no bank has. After it stands the letter A and the holder's IIN for an account in order,
C for a closed one, B for a blocked one; any other number of this bank is somebody else's. It knows no other bank.
"""

import threading
from collections import OrderedDict
from typing import Any

CODE = "999"
NAME_KK, NAME_RU, BIC = "Үлгі банкі (сынақ)", "Банк-образец (тестовый)", "ULGIKZKX"
_RETURNS = {"B": "account_blocked", "C": "account_closed"}
_KEPT_ORDERS = 20_000


def account(iin: str, letter: str = "A") -> str:
    """The number of an account of the person with `iin`, with its check digits (ISO 13616)."""
    body = f"{CODE}{letter}{iin}"
    moved = "".join(str(int(char, 36)) for char in f"{body}KZ00")
    return f"KZ{98 - int(moved) % 97:02}{body}"


def holder(iban: str, iin: str) -> dict[str, Any]:
    """What the bank tells of an account to who asks whether it belongs to the person with `iin`."""
    found = iban[4:7] == CODE
    return {
        "iin": iin,
        "iban": iban,
        "found": found,
        "own": found and iban[7:8] in "ABC" and iban[8:] == iin,
        "bank_kk": NAME_KK if found else "",
        "bank_ru": NAME_RU if found else "",
        "bic": BIC if found else "",
    }


class Orders:
    """The payment orders the bank took, each key once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._repeats = 0
        self._count = 0

    def take(self, order: dict[str, Any]) -> dict[str, Any]:
        """Execute or return an order; the answer of the first time where its key was seen before."""
        key, iban, iin = order["key"], order["iban"], order["iin"]
        with self._lock:
            if key in self._taken:
                self._repeats += 1
                return self._taken[key]
            self._count += 1
            own = holder(iban, iin)["own"]
            reason = _RETURNS.get(iban[7:8], "") if own else "other_holder"
            answer = {
                "key": key,
                "amount": order["amount"],
                "status": "returned" if reason else "executed",
                "date": order["date"],
                "reference": "" if reason else f"ULGI-{self._count:08}",
                "reason": reason,
            }
            self._taken[key] = answer
            if len(self._taken) > _KEPT_ORDERS:
                self._taken.popitem(last=False)
            return answer

    def log(self) -> dict[str, Any]:
        """What became of each order, and how many repetitions changed nothing."""
        with self._lock:
            return {"payments": list(self._taken.values()), "payments_repeated": self._repeats}

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._taken.clear()
            self._repeats = 0


def understood(body: dict[str, Any]) -> bool:
    """Whether the bank can read a request."""
    texts = ("iban",) if body.get("ask") == "account" else ("iban", "key", "date")
    if body.get("ask") not in {"account", "pay"} or not all(isinstance(body.get(name), str) for name in texts):
        return False
    return body["ask"] == "account" or (type(body.get("amount")) is int and body["amount"] > 0)
