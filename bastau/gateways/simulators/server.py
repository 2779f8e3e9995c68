"""The HTTP server of the simulators: three registers, a bank, an SMS gateway, and the switches for their faults.

* POST /person_registry, /labour_market, /tax_registry  {"iin": ...}: the record of the person
* POST /bank  {"ask": "account", "iin", "iban"}: whose it is; {"ask": "pay", "key", "amount", ...}: an order
* POST /sms  {"to": ..., "text": ...}: one message for one Idempotency-Key
* POST /_faults  {"system": ..., "mode": ok|slow|down|nonsense|empty|wrong_person, "times": n, "seconds": s}
* POST /_reset: no faults, empty logs
* GET /_log: messages sent, payment orders taken, repetitions ignored, questions counted
* GET /_health
"""

import json
import threading
from collections import Counter, OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from bastau.gateways.simulators import bank, people

SYSTEMS = ("person_registry", "labour_market", "tax_registry", "bank", "sms")
MODES = ("ok", "slow", "down", "nonsense", "empty", "wrong_person")
_MAX_BODY = 64 * 1024
_KEPT_MESSAGES = 20_000
_SLOW_SECONDS = 10.0

Reply = tuple[int, bytes]


class Faults:
    """What is wrong with each system, and for how many requests more (None: until it is mended)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: dict[str, dict[str, Any]] = {}
        self._shown: Counter[str] = Counter()

    def set(self, system: str, mode: str, times: int | None, seconds: float) -> None:
        """Break (or with `ok` mend) a system."""
        with self._lock:
            self._set[system] = {"mode": mode, "times": times, "seconds": seconds}

    def clear(self) -> None:
        """Mend all."""
        with self._lock:
            self._set.clear()

    def take(self, system: str) -> tuple[str, float, int]:
        """The mode of this request, how long it lasts, and how many of its kind came before."""
        with self._lock:
            fault = self._set.get(system)
            if fault is None or fault["mode"] == "ok" or fault["times"] == 0:
                return "ok", 0.0, 0
            if fault["times"] is not None:
                fault["times"] -= 1
            self._shown[system] += 1
            return fault["mode"], fault["seconds"], self._shown[system] - 1


class Messages:
    """The SMS that left, each key once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._repeats = 0
        self._count = 0

    def accept(self, key: str, to: str, text: str) -> str:
        """Send a message unless one left with this key; its number either way."""
        with self._lock:
            if key in self._sent:
                self._repeats += 1
                return self._sent[key]["id"]
            self._count += 1
            number = f"sms-{self._count}"
            self._sent[key] = {"id": number, "key": key, "to": to, "text": text}
            if len(self._sent) > _KEPT_MESSAGES:
                self._sent.popitem(last=False)
            return number

    def log(self) -> dict[str, Any]:
        """Messages in the order they left, and how many repetitions were ignored."""
        with self._lock:
            return {"sms": list(self._sent.values()), "repeats": self._repeats}

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._sent.clear()
            self._repeats = 0


class Simulators(ThreadingHTTPServer):
    """The server. `personas` (by IIN) come before the synthetic people. Port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, host: str, port: int, personas: dict[str, dict[str, Any]]) -> None:
        super().__init__((host, port), _Handler)
        self.personas = personas
        self.faults = Faults()
        self.messages = Messages()
        self.orders = bank.Orders()
        self.asked: Counter[str] = Counter()
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        """`http://host:port`"""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def stop(self) -> None:
        """End the serving loop of another thread, and with it the slow answers under way."""
        self.closing.set()
        self.shutdown()

    def person(self, iin: str) -> dict[str, Any] | None:
        """A persona, else a synthetic person, else None."""
        return self.personas.get(iin) or people.synthetic(iin)

    def record(self, system: str, iin: str) -> dict[str, Any] | None:
        """What `system` tells of `iin`; None when it refuses the question."""
        person = self.person(iin)
        if system == "person_registry":
            return {"found": False} if person is None else _identity(person)
        if system == "tax_registry":
            return {"iin": iin, **((person or {}).get("tax") or people.entrepreneur(iin))}
        return _standing(iin, (person or {}).get("labour") or {})


def _identity(person: dict[str, Any]) -> dict[str, Any]:
    names = ("iin", "surname", "given_name", "patronymic", "birth_date", "sex", "residence", "address_kk", "address_ru")
    return {**{name: person.get(name, "") for name in names}, "alive": person.get("alive", True)}


def _standing(iin: str, labour: dict[str, Any]) -> dict[str, Any]:
    unknown = {
        "registered_unemployed": False,
        "registered_on": None,
        "target_status": "NONE",
        "trained_until": None,
        "card_number": "",
    }
    return {"iin": iin, **unknown, **labour}


class _Handler(BaseHTTPRequestHandler):
    server_version = "simulators"
    timeout = 30

    @property
    def simulators(self) -> Simulators:
        return cast(Simulators, self.server)

    def do_GET(self) -> None:
        if self.path == "/_log":
            messages = self.simulators.messages
            self._reply(200, {**messages.log(), **self.simulators.orders.log(), "asked": dict(self.simulators.asked)})
        elif self.path == "/_health":
            self._reply(200, {"ok": True})
        else:
            self._reply(404, {"error": "no such address"})

    def do_POST(self) -> None:
        body = self._body()
        system = self.path.strip("/")
        if body is None:
            self._reply(400, {"error": "a JSON object, please"})
        elif system in SYSTEMS:
            self._system(system, body)
        elif self.path == "/_faults":
            self._break(body)
        elif self.path == "/_reset":
            self.simulators.faults.clear()
            self.simulators.messages.clear()
            self.simulators.orders.clear()
            self.simulators.asked.clear()
            self._reply(200, {"ok": True})
        else:
            self._reply(404, {"error": "no such address"})

    def _system(self, system: str, body: dict[str, Any]) -> None:
        mode, seconds, before = self.simulators.faults.take(system)
        self.simulators.asked[system] += 1
        if mode == "down":
            self._reply(503, {"error": "out of order"})
            return
        status, answer = self._sms(body) if system == "sms" else self._register(system, body, mode)
        if mode == "slow":
            self.simulators.closing.wait(seconds)
        if mode == "empty":
            self._write(200, b"")
        elif mode == "nonsense":
            self._write(200, _nonsense(answer, before))
        else:
            self._reply(status, answer)

    def _register(self, system: str, body: dict[str, Any], mode: str) -> tuple[int, dict[str, Any]]:
        iin = body.get("iin")
        if not isinstance(iin, str) or len(iin) != 12:
            return 400, {"error": "an IIN, please"}
        if mode == "wrong_person":
            iin = next(other for other in map(people.make_iin, (7, 8)) if other != iin)
        if system == "bank":
            return self._bank({**body, "iin": iin})
        return 200, self.simulators.record(system, iin) or {}

    def _bank(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if not bank.understood(body):
            return 400, {"error": "ask: account or pay, with iban; to pay also key, amount, date"}
        if body["ask"] == "account":
            return 200, bank.holder(body["iban"], body["iin"])
        return 200, self.simulators.orders.take(body)

    def _sms(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        to, text, key = body.get("to"), body.get("text"), self.headers.get("Idempotency-Key", "")
        if not isinstance(to, str) or not isinstance(text, str) or not text or not key:
            return 400, {"error": "to, text and an Idempotency-Key, please"}
        if len(to) != 12 or not to.startswith("+77"):
            return 422, {"error": "no such number"}
        return 202, {"id": self.simulators.messages.accept(key, to, text)}

    def _break(self, body: dict[str, Any]) -> None:
        system, mode, times = body.get("system"), body.get("mode"), body.get("times")
        seconds = body.get("seconds", _SLOW_SECONDS)
        good_times = times is None or (isinstance(times, int) and times >= 0)
        if system not in SYSTEMS or mode not in MODES or not good_times or not isinstance(seconds, int | float):
            self._reply(400, {"error": f"system: {SYSTEMS}, mode: {MODES}, times: a number or null"})
            return
        self.simulators.faults.set(str(system), str(mode), times, float(seconds))
        self._reply(200, {"ok": True})

    def _body(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MAX_BODY:
            return None
        try:
            found = json.loads(self.rfile.read(int(length)) or b"{}")
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def _reply(self, status: int, answer: dict[str, Any]) -> None:
        self._write(status, json.dumps(answer, ensure_ascii=False).encode())

    def _write(self, status: int, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # Who asked did not wait for a slow answer.

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses and codes of a simulator are noise on the demo's console."""


def _nonsense(answer: dict[str, Any], before: int) -> bytes:
    """Three ways to be wrong, one after another: a page instead of data, a list, fields of other types."""
    ways: tuple[Any, ...] = (
        "<html><body>500</body></html>",
        json.dumps([answer]),
        json.dumps({**{name: [value] for name, value in answer.items()}, "iin": answer.get("iin")}),
    )
    return str(ways[before % len(ways)]).encode()
