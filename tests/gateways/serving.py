"""The simulators as tests run them: a real server on a free port, broken and read by HTTP as from outside."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from bastau.gateways.simulators.server import Simulators


@contextmanager
def running(personas: dict[str, dict[str, Any]]) -> Iterator[Simulators]:
    """The server, serving from a thread until the block ends."""
    with Simulators("127.0.0.1", 0, personas) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join()


def pointed_at(server: Simulators, settings: Any) -> Simulators:
    """Let the portal of one test ask `server`, in order and with empty logs, and wait half a second for it."""
    requests.post(f"{server.address}/_reset", json={}, timeout=5).raise_for_status()
    settings.PERSON_REGISTRY_URL = f"{server.address}/person_registry"
    settings.LABOUR_MARKET_URL = f"{server.address}/labour_market"
    settings.TAX_REGISTRY_URL = f"{server.address}/tax_registry"
    settings.BANK_URL = f"{server.address}/bank"
    settings.SMS_URL = f"{server.address}/sms"
    settings.GATEWAY_TIMEOUT_SECONDS = 0.5
    return server


def broken(server: Simulators, system: str, mode: str, times: int | None = None) -> None:
    """Break one system for so many requests (None: until it is mended); a slow one takes a second."""
    fault = {"system": system, "mode": mode, "times": times, "seconds": 1.0}
    requests.post(f"{server.address}/_faults", json=fault, timeout=5).raise_for_status()


def log(server: Simulators) -> dict[str, Any]:
    """What left the SMS gateway, and how often each system was asked."""
    return requests.get(f"{server.address}/_log", timeout=5).json()
