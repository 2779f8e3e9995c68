"""The process that owns the engines: starts them, restarts what dies, ends when nobody uses them any more."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bastau.embedded import engines
from bastau.embedded.keeper import Keeper
from bastau.embedded.places import EngineError, Places, places
from bastau.embedded.processes import Identity, alive, end, identity, working_in

LOG_LIMIT = 5_000_000  # bytes


def read_state(place: Places) -> dict[str, Any]:
    """What the supervisor last wrote: its `token`, `supervisor`, `engines`, `ready`, `failed`; empty if none."""
    try:
        return json.loads(place.state.read_text())
    except FileNotFoundError:
        return {}


def supervisor_of(state: dict[str, Any]) -> Identity | None:
    """The live supervisor that wrote this state."""
    pid, started = state.get("supervisor") or (0, 0)
    return (pid, started) if pid and alive((pid, started)) else None


def try_lock(file: IO[bytes]) -> bool:
    """Take the file for oneself alone; False when another process has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Stop:
    """Set by TERM, INT and HUP."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._set)

    def _set(self, *_: object) -> None:
        self.wanted = True


def supervise(token: str) -> int:
    """Own the engines until nobody is attached or a signal says stop. At once 0 when another supervisor owns them."""
    place = places()
    stop = _Stop()
    with place.owner_lock.open("ab") as owner, place.users_lock.open("ab") as users:
        if not try_lock(owner):
            return 0
        earlier = read_state(place)
        state: dict[str, Any] = {
            "token": token,
            "supervisor": identity(os.getpid()),
            "engines": {},
            "ready": False,
            "failed": "",
        }
        keeper = Keeper(say=lambda line: _note(place.log("supervisor"), line))
        try:
            with _noted_failure(place, state):
                _write(place.state, state)
                _end_orphans(place, earlier)
                _start(place, keeper, state, stop)
                while not stop.wanted and not try_lock(users):
                    if keeper.tick():
                        state["engines"] = keeper.identities()
                        _write(place.state, state)
                    time.sleep(0.1)
        finally:
            state["ready"] = False
            _write(place.state, state)
            keeper.stop()
            end(working_in([place.postgres_data, place.redis_data]), signal.SIGKILL)
            if place.run.parent != place.base:
                shutil.rmtree(place.run, ignore_errors=True)
            # in this order: who then gets the users' lock finds the owner's free
            fcntl.flock(owner, fcntl.LOCK_UN)
    return 1 if state["failed"] else 0


@contextlib.contextmanager
def _noted_failure(place: Places, state: dict[str, Any]) -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        state["failed"] = str(error)
        _write(place.state, state)


def _start(place: Places, keeper: Keeper, state: dict[str, Any], stop: _Stop) -> None:
    for log in place.base.glob("*.log"):
        if log.stat().st_size > LOG_LIMIT:
            log.write_bytes(b"")
    programs, redis_server = engines.binaries(place)
    engines.initialise(place, programs)
    for child in engines.children(place, programs, redis_server):
        keeper.start(child)
        state["engines"] = keeper.identities()
        _write(place.state, state)
    engines.wait_until_ready(place, keeper, lambda: stop.wanted)
    state["ready"] = True
    _write(place.state, state)


def _end_orphans(place: Places, earlier: dict[str, Any]) -> None:
    """End what a killed supervisor left: the recorded processes, and whatever still works in the data folders."""
    recorded = [(pid, started) for pid, started in earlier.get("engines", {}).values()]
    end({*recorded, *working_in([place.redis_data])}, signal.SIGQUIT, patience=2)
    engines.clear_away(place)


def _write(path: Path, state: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(state))
    fresh.replace(path)


def _note(log: Path, line: str) -> None:
    with log.open("a") as file:
        file.write(line + "\n")
