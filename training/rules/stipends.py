"""Whether a stipend is due, to whom and how much; each answer names its clause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bastau import law
from training.states import EnrolmentState, LineReason, LineState

#: Weights of the digits of an account number by ISO 13616: letters become two digits, the rest of 97 must be one.
_MODULUS, _REMAINDER = 97, 1
_COUNTRY, _LENGTH = "KZ", 20


@dataclass(frozen=True)
class Due:
    """What becomes of one person's line: its state, why, and the clause that says so."""

    state: str
    reason: str
    clause: str


def rate(on: date) -> int:
    """The monthly stipend in force on a day, in whole tenge. Clause: 118-p31, A-25."""
    return int(law.value("118-p31:rate", on))


def accrued(monthly: int, planned: int, attended: int, on: date) -> int:
    """What a course earns: one full monthly stipend; by attendance only where the owner chose it. Clause: A-25."""
    if law.value("A-25", on) != "attendance":
        return monthly
    return (2 * monthly * attended + planned) // (2 * planned) if planned else 0


def due(*, outcome: str, online: bool, programme: bool, broken_off: bool, account: bool) -> Due:
    """The line of a person by the `outcome` of the enrolment.

    Not paid: who learned online (118-p31), was expelled or not admitted (118-p32 with p24 and p25, A-24), came without
    a centre's referral (A-27). Where the Rules are silent the director decides (A-25).
    """
    if not programme:
        return Due(LineState.EXCLUDED, LineReason.NOT_PROGRAMME, "A-27")
    if online:
        return Due(LineState.EXCLUDED, LineReason.ONLINE, "118-p31")
    if outcome == EnrolmentState.EXPELLED:
        return Due(LineState.EXCLUDED, LineReason.EXPELLED, "118-p32")
    if outcome == EnrolmentState.NOT_ADMITTED:
        return Due(LineState.EXCLUDED, LineReason.NOT_ADMITTED, "118-p32")
    if broken_off or outcome == EnrolmentState.WITHDRAWN:
        return Due(LineState.HELD, LineReason.DECISION_NEEDED, "A-25")
    if not account:
        return Due(LineState.HELD, LineReason.NO_ACCOUNT, "118-p31")
    return Due(LineState.PAYABLE, "", "118-p31")


def valid_account(text: str) -> bool:
    """Whether `text` is an account number of a bank of Kazakhstan with a right check number (SPEC 6.3)."""
    if len(text) != _LENGTH or not text.startswith(_COUNTRY) or not text.isascii() or not text.isalnum():
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % _MODULUS == _REMAINDER
