"""Keeps child processes running: what dies is started again after a growing pause, with a plain line about it."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bastau.embedded.processes import Identity, identity, send

LONGEST_PAUSE = 30.0  # seconds between two tries
STEADY = 60.0  # seconds after which a process counts as healthy again


@dataclass
class Child:
    """One process to keep running. `start` makes it; `after_death` is told its pid and clears away what it left."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    after_death: Callable[[int], None] | None = None
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    known: Identity | None = None
    pause: float = 0.5
    due: float = 0.0
    since: float = 0.0


@dataclass
class Keeper:
    """Keeps children running: `tick()` restarts those that died, after a growing pause; `stop()` ends them all."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        self.children.append(child)
        self._start(child)

    def _start(self, child: Child) -> None:
        child.process = child.start()
        child.known = identity(child.process.pid)
        child.since = time.monotonic()

    def tick(self) -> bool:
        """Look at each child once. True when one was started anew."""
        restarted = False
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.due:
                    self._start(child)
                    restarted = True
            elif child.process.poll() is not None:
                if now - child.since > STEADY:
                    child.pause = 0.5
                self.say(
                    f"{child.name} {_how_ended(child.process.returncode)}; starting it again in {child.pause:g} s."
                )
                if child.after_death:
                    child.after_death(child.process.pid)
                child.process, child.known = None, None
                child.due = now + child.pause
                child.pause = min(child.pause * 2, LONGEST_PAUSE)
        return restarted

    def identities(self) -> dict[str, Identity]:
        return {child.name: child.known for child in self.children if child.known}

    def stop(self, patience: float = 10.0) -> None:
        """Ask all children to end at once, kill those that have not within `patience` seconds."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            if child.known:
                send(child.known, child.stop_signal)
        deadline = time.monotonic() + patience
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} did not end within {patience:g} s and was killed.")
                child.process.kill()
                child.process.wait()
            child.process, child.known = None, None


def _how_ended(code: int) -> str:
    if code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    return f"ended with code {code}"
