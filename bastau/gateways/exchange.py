"""One HTTP exchange with another system: bounded in time and size, every failure told as one of few codes."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import ReadTimeoutError

from bastau.gateways.models import Trouble

_MAX_BYTES = 64 * 1024
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Fault(Exception):
    """The exchange brought nothing. `code` is a :class:`~bastau.gateways.models.Trouble`.

    `final` means that the other side will never take this message (a number that does not exist).
    """

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = str(code)
        self.final = final


def post(url: str, body: dict[str, Any], *, key: str) -> dict[str, Any]:
    """Send `body` as JSON and return the JSON object that came back.

    `key` goes as `Idempotency-Key`, so that the other side knows a repetition. The whole exchange lasts at most
    about twice `GATEWAY_TIMEOUT_SECONDS`: a server that drips its answer is a slow one.
    Raises Fault: timeout, down (no connection, 5xx), refused (3xx, 4xx; final for 422), nonsense (not a JSON object).
    """
    limit = settings.GATEWAY_TIMEOUT_SECONDS
    deadline = time.monotonic() + limit
    with requests.Session() as session:
        # A proxy of the environment cannot reach a simulator on this machine.
        session.trust_env = urlsplit(url).hostname not in _LOOPBACK
        try:
            with session.post(
                url,
                json=body,
                headers={"Idempotency-Key": key, "Accept": "application/json"},
                timeout=limit,
                stream=True,
                allow_redirects=False,
            ) as response:
                _judge_status(response.status_code)
                return _object(_read(response, deadline))
        except requests.Timeout as error:
            raise Fault(Trouble.TIMEOUT) from error
        except requests.RequestException as error:
            # While a body is read, requests reports a timeout as a lost connection.
            slow = any(isinstance(cause, ReadTimeoutError) for cause in error.args)
            raise Fault(Trouble.TIMEOUT if slow else Trouble.DOWN) from error


def _judge_status(status: int) -> None:
    if status >= 500 or status in {408, 429}:
        raise Fault(Trouble.DOWN)
    if not 200 <= status < 300:
        raise Fault(Trouble.REFUSED, final=status == 422)


def _read(response: requests.Response, deadline: float) -> bytes:
    read = bytearray()
    for chunk in response.iter_content(8192):
        read += chunk
        if len(read) > _MAX_BYTES:
            raise Fault(Trouble.NONSENSE)
        if time.monotonic() > deadline:
            raise Fault(Trouble.TIMEOUT)
    return bytes(read)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Fault(Trouble.NONSENSE) from error
    if not isinstance(found, dict):
        raise Fault(Trouble.NONSENSE)
    return found
