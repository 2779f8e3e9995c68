"""How a process gets the engines: start them or join those that run, and let go of them at the end."""

import fcntl
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from bastau.embedded import engines
from bastau.embedded.places import ROOT, EngineError, Places, places
from bastau.embedded.processes import end, send, working_in
from bastau.embedded.supervisor import read_state, supervisor_of, try_lock

PATIENCE = 90.0  # seconds for the engines to come up or to go down


@contextmanager
def attached() -> Iterator[Callable[[], None]]:
    """PostgreSQL and Redis answer inside this block, whatever ends it.

    Gives a function for those that run long: it returns at once, or starts the engines again when their supervisor
    was killed. Does nothing when DATABASE_URL and REDIS_URL are both set. Raises EngineError (also from that
    function) when the engines cannot be had.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield lambda: None
        return
    place = places()
    engines.make_folders(place)
    with place.users_lock.open("ab") as users:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a supervisor that had no users is stopping
        try:
            _have_engines(place)
            yield lambda: _have_engines(place)
        finally:
            _leave(place, users)


def _have_engines(place: Places) -> None:
    """Return when a supervisor says that its engines are ready; start one when there is none."""
    mine: set[str] = set()
    next_try = 0.0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        state = read_state(place)
        if state.get("failed") and state["token"] in mine:
            raise EngineError(state["failed"])
        if supervisor_of(state):
            if state["ready"]:
                return
        elif time.monotonic() > next_try:
            next_try = time.monotonic() + 3  # a second supervisor would find the lock taken and end
            mine.add(token := secrets.token_hex(8))
            _start_supervisor(place, token)
        time.sleep(0.02)
    raise EngineError(f"The engines were not ready within {PATIENCE:g} s; the logs in {place.base} say why.")


def _start_supervisor(place: Places, token: str) -> None:
    with place.log("supervisor").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "bastau.embedded", "supervise", token],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"BASTAU_VAR": str(place.var)},
            check=True,
        )


def _leave(place: Places, users: IO[bytes]) -> None:
    """Let go; the last one out waits until the engines have ended, so that nothing is left running behind it."""
    if not try_lock(users):
        return  # others use them
    supervisor = supervisor_of(read_state(place))
    deadline = time.monotonic() + PATIENCE
    if supervisor:
        send(supervisor, signal.SIGTERM)
    while supervisor_of(read_state(place)) and time.monotonic() < deadline:
        time.sleep(0.02)
    end(working_in([place.postgres_data, place.redis_data]), signal.SIGQUIT)  # if their supervisor was killed
