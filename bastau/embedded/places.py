"""Where the engines' data, sockets and binaries are, and as whom they run. Nothing here starts or writes anything."""

import hashlib
import importlib.util
import os
import pwd
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_PORT = 5433  # only a part of the socket's file name: no TCP port is opened
DATABASE = OWNER = "bastau"
SOCKET_PATH_LIMIT = 107  # bytes of sun_path without its closing zero byte
ELSEWHERE = Path("/var/lib/bastau-engines")


class EngineError(Exception):
    """The engines cannot be had; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The user whom the engine processes run as, when it is not the user who started them."""

    uid: int
    gid: int


def engine_account() -> Account | None:
    """PostgreSQL refuses to run as root: then it is `nobody`; otherwise None (run as the caller)."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EngineError("PostgreSQL does not run as root and there is no user `nobody`: start as an ordinary user.")
    return Account(entry.pw_uid, entry.pw_gid)


def open_to(account: Account | None, path: Path) -> bool:
    """Whether the account may pass through every existing folder on the way to `path`, and enter `path` itself."""
    if account is None:
        return True
    for place in (path, *path.parents):
        try:
            status = place.stat()
        except FileNotFoundError:
            continue
        if status.st_uid == account.uid:
            passes = status.st_mode & 0o100
        elif status.st_gid == account.gid:
            passes = status.st_mode & 0o010
        else:
            passes = status.st_mode & 0o001
        if not passes:
            return False
    return True


@dataclass(frozen=True)
class Places:
    """Every path of one set of engines; `var` is the folder which it serves."""

    var: Path
    account: Account | None

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]

    @cached_property
    def base(self) -> Path:
        """In `var/`; for root below a closed folder (say /root) in a folder of its own, so that none is opened up."""
        return self.var / "engines" if open_to(self.account, self.var) else ELSEWHERE / self.digest

    @cached_property
    def run(self) -> Path:
        """The sockets' folder: short enough for a socket's address."""
        inside = self.base / "run"
        if len(os.fsencode(inside / f".s.PGSQL.{POSTGRES_PORT}")) <= SOCKET_PATH_LIMIT:
            return inside
        return Path(f"/tmp/bastau-{os.geteuid()}-{self.digest}")

    @property
    def postgres_data(self) -> Path:
        return self.base / "postgres18"

    @property
    def redis_data(self) -> Path:
        return self.base / "redis"

    @property
    def redis_socket(self) -> Path:
        return self.run / "redis.sock"

    @property
    def state(self) -> Path:
        return self.base / "state.json"

    @property
    def owner_lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.base / "owner.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every attached process; alone by a supervisor that is stopping."""
        return self.base / "users.lock"

    def log(self, name: str) -> Path:
        """The log of `supervisor`, `PostgreSQL` or `Redis`."""
        return self.base / f"{name.lower()}.log"


def places() -> Places:
    """The places for this process's BASTAU_VAR."""
    var = Path(os.environ.get("BASTAU_VAR") or ROOT / "var").absolute()
    return Places(var, engine_account())


def wheel_folder(package: str) -> Path:
    """The folder of an installed wheel, without running its code. Raises EngineError when it is not installed."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise EngineError(f"The Python package {package} is not installed: run bin/setup.")
    return Path(found.submodule_search_locations[0])


def database_url() -> str:
    """The address of the private PostgreSQL of this BASTAU_VAR; no process is started."""
    return f"postgresql://{OWNER}@{quote(str(places().run), safe='')}:{POSTGRES_PORT}/{DATABASE}"


def redis_url() -> str:
    """The address of the private Redis of this BASTAU_VAR; no process is started."""
    return f"unix://{quote(str(places().redis_socket))}"
