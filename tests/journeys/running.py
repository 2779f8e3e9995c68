"""The portal as it really runs: engines, simulators, web server, worker and beat, each a process of its own.

Nothing of the portal's own code is called in the tests' process but the supervisor's: journeys see what a browser sees.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bastau.embedded.attachment import attached
from bastau.embedded.places import ROOT, database_url, places, redis_url
from bastau.embedded.processes import descendants, end, identity, send, spawn
from bastau.embedded.supervisor import read_state

READY_WITHIN = 90.0  # seconds


def wait_for(fact: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Return when `fact()` is true. Raises AssertionError when it does not become so in time."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} s"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


class Portal:
    """One running portal. Its processes are known by name: `simulators`, `web`, `worker`, `beat`."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port, self.simulators_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.simulators = f"http://127.0.0.1:{self.simulators_port}"
        self.place = places()
        self.logs = var / "log"
        self.logs.mkdir()
        self.environment = os.environ | {
            "BASTAU_MODE": "demo",
            "BASTAU_VAR": str(var),
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url(),
            "SITE_URL": self.url,
            "SIMULATORS_URL": self.simulators,
            "GATEWAY_TIMEOUT_SECONDS": "2",
            "BASTAU_SWEEP_SECONDS": "3",
            "PYTHONUNBUFFERED": "1",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    # ------------------------------------------------------------------------------------------------ processes

    def _command(self, name: str) -> list[str]:
        address = f"127.0.0.1:{self.port}"
        celery = [sys.executable, "-m", "celery", "-A", "bastau.celery"]
        gunicorn = [sys.executable, "-m", "gunicorn", "bastau.wsgi", "--graceful-timeout", "2"]
        return {
            "simulators": [sys.executable, "manage.py", "simulators", "--port", str(self.simulators_port)],
            "web": [*gunicorn, "--bind", address, "--workers", "2", "--threads", "4"],
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"],
            "beat": [*celery, "beat", "--schedule", str(self.var / "beat"), "--pidfile=", "--loglevel", "WARNING"],
        }[name]

    def start(self, name: str) -> None:
        """Start one of the processes; its output goes to its log."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = spawn(self._command(name), output=log.fileno(), cwd=ROOT, env=self.environment)

    def kill(self, name: str) -> None:
        """End a process as a power cut would, and with it whatever it had started."""
        process = self.running.pop(name)
        below = descendants(process.pid)
        process.kill()
        process.wait()
        end(below, signal.SIGKILL)

    def restart_engine(self, name: str) -> None:
        """Kill `PostgreSQL` or `Redis`; returns when their supervisor has started it anew."""
        known = read_state(self.place)["engines"][name]
        send(tuple(known), signal.SIGKILL)
        wait_for(lambda: read_state(self.place)["engines"].get(name) not in (None, known), f"{name} is back")

    def revive(self) -> None:
        """Start what has ended by itself, as the demo's supervisor and the restart policy of a deployment do."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def stop(self) -> None:
        """Ask all processes to end; what does not end within a few seconds is killed."""
        known = [one for name in list(self.running) for one in self._tree(name)]
        end(known, patience=8)
        for process in self.running.values():
            process.wait()
        self.running.clear()

    def _tree(self, name: str) -> list[tuple[int, int]]:
        process = self.running[name]
        own = identity(process.pid)
        return [*([own] if own else []), *descendants(process.pid)]

    # ------------------------------------------------------------------------------------------------ commands, logs

    def manage(self, *words: str) -> str:
        """The output of one management command. Raises AssertionError with its words when it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"manage.py {words[0]}: {done.stdout}{done.stderr}"
        return done.stdout

    def said(self) -> dict[str, int]:
        """How much every log holds by now."""
        return {log.name: log.stat().st_size for log in self.logs.glob("*.log")}

    def mishaps(self, since: dict[str, int]) -> list[str]:
        """Errors that the processes logged since."""
        found = []
        for log in sorted(self.logs.glob("*.log")):
            text = log.read_bytes()[since.get(log.name, 0) :].decode(errors="replace")
            if re.search(r"Traceback|Internal Server Error|\bERROR\b", text):
                found.append(f"{log.name}: {text[-3000:]}")
        return found

    def prepare(self) -> None:
        """Schema, fixtures, static files, then the processes; returns when the first page answers."""
        static = spawn(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            output=subprocess.DEVNULL,
            cwd=ROOT,
            env=self.environment,
        )
        self.start("simulators")
        self.manage("migrate", "--noinput", "--verbosity", "0")
        self.start("worker")
        self.start("beat")
        self.manage("seed")
        assert static.wait() == 0
        self.start("web")
        wait_for(self._first_page, "the first page", READY_WITHIN)

    def _first_page(self) -> bool:
        assert self.running["web"].poll() is None, (self.logs / "web.log").read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/", timeout=10):
                return True
        except urllib.error.HTTPError:
            raise
        except OSError:
            return False


@contextmanager
def running_portal(patch: Callable[..., None]) -> Iterator[Portal]:
    """A portal with engines of its own in a temporary folder; nothing of it is left afterwards.

    `patch(name, value)` sets (None: removes) an environment variable while the engines' places are read.
    """
    var = Path(tempfile.mkdtemp(prefix="bst-"))
    var.chmod(0o755)  # the engines' own user must come through
    patch("BASTAU_VAR", str(var))
    patch("DATABASE_URL", None)
    patch("REDIS_URL", None)
    place = places()  # now: the environment may be another by the end, and its engines are others' too
    try:
        with attached():
            portal = Portal(var)
            try:
                portal.prepare()
                yield portal
            finally:
                portal.stop()
    finally:
        for folder in (place.run, place.base, var):
            shutil.rmtree(folder, ignore_errors=True)
