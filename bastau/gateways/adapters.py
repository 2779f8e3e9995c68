"""The other systems as functions: one question, one answer, no memory."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from bastau.gateways import answers
from bastau.gateways.exchange import Fault, post
from bastau.gateways.models import System, Trouble


def fetch(system: str, iin: str, *, key: str, payload: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Ask `system` about the person with `iin` and return the answer in the form of :mod:`.answers`.

    `payload` is what is asked or ordered beside the person; the answer must be about that very thing.
    The IIN travels in the body, never in an address that servers write into their logs. Raises Fault.
    """
    asked = dict(payload or {})
    received = post(_url(system), {"iin": iin, **asked}, key=key)
    try:
        if system in answers.ORDERED:
            return answers.ORDERED[system](iin, asked, received)
        return answers.READERS[system](iin, received)
    except answers.Nonsense as error:
        raise Fault(Trouble.NONSENSE) from error


def send_sms(to: str, text: str, *, key: str) -> str:
    """Hand one message to the SMS gateway and return its number there.

    The gateway sends a message once for a `key`, however often it is handed over. Raises Fault (final when the
    gateway says that there is no such number).
    """
    received = post(settings.SMS_URL, {"to": to, "text": text}, key=key)
    number = received.get("id")
    if not isinstance(number, str) or not number:
        raise Fault(Trouble.NONSENSE)
    return number


def _url(system: str) -> str:
    return {
        System.PERSON_REGISTRY: settings.PERSON_REGISTRY_URL,
        System.LABOUR_MARKET: settings.LABOUR_MARKET_URL,
        System.TAX_REGISTRY: settings.TAX_REGISTRY_URL,
        System.BANK: settings.BANK_URL,
    }[System(system)]
