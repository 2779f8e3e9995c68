"""The demo: engines, sample data made by the real actions, then web server, worker, beat and the simulators."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from bastau.embedded.attachment import attached
from bastau.embedded.engines import last_words
from bastau.embedded.keeper import Child, Keeper
from bastau.embedded.places import DATABASE, ROOT, EngineError, database_url, places, redis_url
from bastau.embedded.processes import adopt_orphans, descendants, end, spawn
from bastau.embedded.supervisor import read_state, supervisor_of, try_lock

MANAGE = [sys.executable, str(ROOT / "manage.py")]
PEOPLE = os.environ.get("BASTAU_DEMO_PEOPLE", "110")  # fewer make a quicker start, without every state to see
SIMULATE = ["simulate", "--people", PEOPLE, "--months", "3", "--seed", "1", "--papers", "sample", "--start", "back"]
SIMULATORS_URL = "http://127.0.0.1:8071"  # the default of settings
READY_WITHIN = 120.0  # seconds from the start of the web server to the first page
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libmagic.so.1": "libmagic1",
}
# Kept on the database itself, so that a half-made sample is told from a finished one and from anybody's own data.
MAKING, MADE = "sample data: being made", "sample data: made"


class Stopped(Exception):
    """Ctrl-C, TERM or HUP came."""


def run(port: int | None) -> int:
    """Run until told to stop. Returns the exit code: 0 after a wished stop, 1 when the portal does not come up.

    Raises EngineError (a sentence, exit code 2) for a busy port or a missing library.
    """
    wanted = port or _port_from_environment()
    _check_libraries()
    _check_port(wanted)
    adopt_orphans()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with attached() as have_engines, _only_demo():
            return _portal(wanted, _environment(wanted), have_engines)
    except Stopped:
        _say("Stopped.")
        return 0


def _portal(port: int, environment: dict[str, str], have_engines: Callable[[], None]) -> int:
    keeper = Keeper(say=_say)
    try:
        _prepare(environment, keeper)
        logs = places().var / "log"
        for name, command in _children(port).items():
            if name not in {child.name for child in keeper.children}:
                keeper.start(_child(name, command, environment, logs))
        _wait_for_first_page(port, keeper)
        _say(f"\nThe portal is ready: {environment['SITE_URL']}/")
        _say("Its first page lists the personas; one click signs in as one of them. Ctrl-C stops everything.")
        while True:
            keeper.tick()
            have_engines()
            time.sleep(0.2)
    finally:
        with _undisturbed():
            keeper.stop()
            # the engines' supervisor may be below us by now; others may need it
            end(descendants(os.getpid(), apart_from=supervisor_of(read_state(places()))))


@contextlib.contextmanager
def _only_demo() -> Iterator[None]:
    """Two demos of one folder would make each other's sample data anew."""
    var = places().var
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("ab") as lock:
        if not try_lock(lock):
            raise EngineError(f"A demo of {var} is running already: stop it, or set BASTAU_VAR to another folder.")
        yield


def _stop(*_: object) -> None:
    raise Stopped


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not cut the stopping short."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    yield


def _say(line: str) -> None:
    print(line, flush=True)


def _port_from_environment() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal():
        raise EngineError(f"PORT is a number between 1 and 65535, not {text!r}.")
    return int(text)


def _check_port(port: int) -> None:
    if not 0 < port < 65536:
        raise EngineError(f"A port is a number between 1 and 65535, not {port}.")
    try:
        _try_port(port)
    except PermissionError:
        raise EngineError(f"Port {port} is for root only: choose another, for example bin/demo --port 8001.")
    except OSError:
        raise EngineError(
            f"Port {port} is in use by another program: stop that one, or choose another port, "
            f"for example bin/demo --port {port + 1 if port < 65535 else 8001}."
        )


def _try_port(port: int) -> int:
    """Bind it for a moment; returns the port (a free one for 0). Raises OSError when it is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(("127.0.0.1", port))
        return line.getsockname()[1]


def _check_libraries() -> None:
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if missing:
        raise EngineError(f"System libraries are missing; type: apt-get install {' '.join(missing)}")


def _environment(port: int) -> dict[str, str]:
    """What every process of the demo gets: addresses are fixed here once, so that all of them agree."""
    own = {
        "DATABASE_URL": os.environ.get("DATABASE_URL") or database_url(),
        "REDIS_URL": os.environ.get("REDIS_URL") or redis_url(),
        "SITE_URL": os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}",
        "SIMULATORS_URL": os.environ.get("SIMULATORS_URL") or _simulators_url(),
        "BASTAU_VAR": str(places().var),
        "PYTHONUNBUFFERED": "1",
    }
    return os.environ | own


def _simulators_url() -> str:
    try:
        _try_port(urlsplit(SIMULATORS_URL).port or 0)
    except OSError:
        return f"http://127.0.0.1:{_try_port(0)}"
    return SIMULATORS_URL


# --- sample data


def _prepare(environment: dict[str, str], keeper: Keeper) -> None:
    """Schema, fixtures and, once, the sample people. What an interrupted start left half-made is made anew."""
    address = environment["DATABASE_URL"]
    mark, empty = _look(address)
    if mark == MAKING:
        _make_anew(address)
        empty = True
    if empty:
        _mark(address, MAKING)
    _say("Preparing the database ...")
    _manage(environment, "migrate", "--noinput", "--verbosity", "0")
    _manage(environment, "seed")
    _manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    logs = places().var / "log"
    keeper.start(_child("simulators", _children(0)["simulators"], environment, logs))
    if empty:
        _say("Making the sample people: this is done once and takes a minute or two ...")
        _manage(environment, *SIMULATE)
        _mark(address, MADE)
    elif mark != MADE:
        _say("The database holds data already: no sample people are added.")


@contextlib.contextmanager
def _cursor(address: str) -> Iterator["psycopg2.extensions.cursor"]:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _look(address: str) -> tuple[str, bool]:
    """The mark on the database, and whether it has no table yet."""
    with _cursor(address) as cursor:
        cursor.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), ''),"
            " NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"
            " FROM pg_database WHERE datname = current_database()"
        )
        mark, empty = cursor.fetchone()
    return mark, empty


def _mark(address: str, text: str) -> None:
    with _cursor(address) as cursor:
        cursor.execute("SELECT quote_ident(current_database())")
        cursor.execute(f"COMMENT ON DATABASE {cursor.fetchone()[0]} IS %s", [text])


def _make_anew(address: str) -> None:
    if address != database_url():
        raise EngineError("The last start was interrupted in its sample data: empty the database of DATABASE_URL.")
    with _cursor(address.removesuffix(f"/{DATABASE}") + "/postgres") as cursor:
        cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")


def _manage(environment: dict[str, str], *words: str) -> None:
    """One management command, its output on the terminal. Raises EngineError when it fails."""
    process = spawn([*MANAGE, *words], output=sys.stdout.fileno(), cwd=ROOT, env=environment)
    try:
        code = process.wait()
    except Stopped:
        process.terminate()
        process.wait()
        raise
    if code != 0:
        raise EngineError(f"manage.py {words[0]} failed with code {code}; its words are above.")


# --- the processes


def _children(port: int) -> dict[str, list[str]]:
    """The command line of each process of the demo."""
    celery = [sys.executable, "-m", "celery", "-A", "bastau.celery"]
    gunicorn = [sys.executable, "-m", "gunicorn", "bastau.wsgi", "--bind", f"127.0.0.1:{port}"]
    schedule = str(places().var / "beat-schedule")
    return {
        "simulators": [*MANAGE, "simulators"],
        "web": [*gunicorn, "--workers", "2", "--threads", "4", "--graceful-timeout", "5"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"],
        "beat": [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "WARNING"],
    }


def _child(name: str, command: list[str], environment: dict[str, str], logs: Path) -> Child:
    """One process with its log. Each leads a session, by which the orphans of a killed one are found and ended."""
    logs.mkdir(exist_ok=True)

    def _start() -> subprocess.Popen[bytes]:
        with (logs / f"{name}.log").open("ab") as log:
            # Orphaned, none may wait for a broker that goes with it: work half done is done anew at the next start.
            return spawn(command, output=log.fileno(), when_orphaned=signal.SIGKILL, cwd=ROOT, env=environment)

    def _end_session(leader: int) -> None:
        end([process for process in descendants(os.getpid()) if _session(process[0]) == leader], patience=2)

    return Child(name, _start, after_death=_end_session)


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def _wait_for_first_page(port: int, keeper: Keeper) -> None:
    """Return when the first page answers. Raises EngineError with the web server's last words when it does not."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        keeper.tick()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10):
                return
        except urllib.error.HTTPError as answer:
            raise EngineError(f"The first page answers {answer.code}; {places().var / 'log' / 'web.log'} says why.")
        except OSError:
            time.sleep(0.2)
    words = last_words(places().var / "log" / "web.log", 5)
    raise EngineError(f"The first page did not answer within {READY_WITHIN:g} s:\n{words}")
