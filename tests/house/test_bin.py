"""The commands of the house: what they say when something is missing, and what they leave behind."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import pytest

import manage
from bastau.embedded import processes
from bastau.embedded.demo import LIBRARIES
from bastau.embedded.places import Places, engine_account
from bastau.embedded.processes import Identity
from bastau.embedded.supervisor import read_state, supervisor_of

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path for path in (ROOT / "bin").iterdir() if path.is_file())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DATABASE_URL", "REDIS_URL", "PORT", "SITE_URL", "SIMULATORS_URL"}
    and not name.startswith("BASTAU_")
}


def names(lines: list[str]) -> set[str]:
    """Names of distributions, as pip writes them."""
    return {re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=~!;]", line, maxsplit=1)[0]).lower() for line in lines}


def pins(path: Path) -> list[str]:
    """Each requirement of a compiled file as one line with its hashes."""
    return path.read_text().replace("\\\n", " ").strip().splitlines()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_each_script_is_an_executable_of_plain_sh(script: Path) -> None:
    assert script.read_text().startswith("#!/bin/sh\n")
    assert script.stat().st_mode & stat.S_IXUSR
    subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_a_version_and_hashes_and_no_address(name: str) -> None:
    for line in pins(ROOT / name):
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line
        assert "://" not in line


def test_compiled_requirements_hold_each_dependency_of_the_project() -> None:
    compiled = names(pins(ROOT / "requirements.txt"))
    assert names(PROJECT["project"]["dependencies"]) <= compiled
    assert names(PROJECT["dependency-groups"]["dev"]) | compiled <= names(pins(ROOT / "requirements-dev.txt"))


def test_tests_and_demo_run_on_the_same_versions() -> None:
    def versions(name: str) -> set[str]:
        return {re.split(r"\s", line, maxsplit=1)[0] for line in pins(ROOT / name)}

    assert versions("requirements.txt") <= versions("requirements-dev.txt")


def test_set_up_names_the_missing_packages_and_the_line_to_type(tmp_path: Path) -> None:
    for name, body in {"ldconfig": "exit 0", "id": "echo 1000", "sudo": "exit 1"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    environment = CLEAN | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([ROOT / "bin/setup"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert re.search(r"as root, type: apt-get install .*libpango-1\.0-0", done.stderr)


def test_set_up_installs_every_library_that_the_demo_asks_for() -> None:
    script = (ROOT / "bin/setup").read_text()
    for library, package in LIBRARIES.items():
        assert f'library {library} || packages="$packages {package}"' in script


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["migrate"], True),
        (["due", "--office", "X"], True),
        (["due", "--zone", "Asia/Almaty"], False),
        (["due", "--zone=Asia/Almaty"], False),
        (["law", "--check"], False),
        (["migrate", "--help"], False),
        ([], False),
    ],
)
def test_a_command_starts_the_engines_only_when_it_uses_them(words: list[str], needed: bool) -> None:
    assert manage.needs_engines(words) is needed


def test_a_busy_port_gets_a_sentence_that_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "bastau.embedded", "run", "--demo", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, env=CLEAN, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.fullmatch(rf"Port {port} is in use by another program: .*bin/demo --port \d+\.\n", done.stderr)


def test_a_port_that_is_no_number_gets_a_sentence() -> None:
    command = [sys.executable, "-m", "bastau.embedded", "run", "--demo"]
    environment = CLEAN | {"PORT": "http"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "PORT is a number between 1 and 65535, not 'http'.\n")


# --- the demo itself, with few people: one folder, started several times


@dataclass
class Demo:
    program: subprocess.Popen[bytes]
    place: Places
    port: int
    output: Path

    def everything(self) -> dict[str, Identity]:
        """Every live process of the demo, by what it is."""
        state = read_state(self.place)
        found = {"engines' supervisor": supervisor_of(state)}
        found |= {name: (pid, started) for name, (pid, started) in state["engines"].items()}
        for known in processes.descendants(self.program.pid):
            try:
                words = Path(f"/proc/{known[0]}/cmdline").read_text().split("\0")
            except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
                continue
            kind = next((name for name in ("simulators", "gunicorn", "worker", "beat") if name in words), "other")
            spares = [kind, f"{kind}'s child", *(f"{kind}'s child {number}" for number in range(2, 20))]
            found[next(name for name in spares if name not in found)] = known
        return {name: known for name, known in found.items() if known and processes.alive(known)}

    def whole(self) -> dict[str, Identity]:
        """Every live process, as soon as none is missing."""
        seen: dict[str, Identity] = {}

        def complete() -> bool:
            seen.clear()
            seen.update(self.everything())
            return set(seen) >= ALL

        wait_for(complete)
        return seen

    def first_page_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


ALL = {"engines' supervisor", "PostgreSQL", "Redis", "simulators", "gunicorn", "gunicorn's child"} | {
    "worker",
    "worker's child",
    "beat",
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="bst-demo-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    rmtree(path)


@pytest.fixture
def demo(folder: Path) -> Iterator[Demo]:
    port = free_port()
    environment = CLEAN | {"BASTAU_VAR": str(folder / "var"), "BASTAU_DEMO_PEOPLE": "3", "BASTAU_MODE": "demo"}
    output = folder / "output"
    command = [sys.executable, "-m", "bastau.embedded", "run", "--demo", "--port", str(port)]
    with (
        output.open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as program,
    ):
        running = Demo(program, Places(folder / "var", engine_account()), port, output)
        try:
            wait_for(lambda: program.poll() is not None or b"The portal is ready" in output.read_bytes(), 400)
            assert program.poll() is None, output.read_text()
            running.whole()
            yield running
        finally:
            program.terminate()
            program.wait(60)


def wait_for(fact, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)


def left_of(known: dict[str, Identity]) -> list[str]:
    return [name for name, process in known.items() if processes.alive(process)]


def test_ctrl_c_ends_everything_and_a_second_demo_of_the_same_folder_was_refused(demo: Demo) -> None:
    environment = CLEAN | {"BASTAU_VAR": str(demo.place.var)}
    command = [sys.executable, "-m", "bastau.embedded", "run", "--demo", "--port", str(free_port())]
    second = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (second.returncode, "is running already" in second.stderr) == (2, True), second.stderr
    known = demo.everything()
    assert demo.first_page_answers()
    demo.program.send_signal(signal.SIGINT)
    assert demo.program.wait(40) == 0
    assert left_of(known) == []


def test_what_is_killed_comes_back_and_nothing_is_left_after_the_stop(demo: Demo) -> None:
    seen = set(demo.everything().values())
    for name in sorted(ALL):
        killed = demo.whole()[name]
        processes.send(killed, signal.SIGKILL)
        wait_for(lambda killed=killed: not processes.alive(killed))
        wait_for(lambda killed=killed: killed not in demo.whole().values())
        seen |= set(demo.everything().values())
    demo.whole()
    wait_for(demo.first_page_answers)
    demo.program.terminate()
    assert demo.program.wait(40) == 0
    assert [process for process in seen if processes.alive(process)] == []


def test_nothing_is_left_when_all_parents_were_killed_just_before_the_stop(demo: Demo) -> None:
    known = demo.everything()
    for name in ("engines' supervisor", "gunicorn", "worker", "PostgreSQL"):
        processes.send(known[name], signal.SIGKILL)
    demo.program.terminate()
    assert demo.program.wait(60) == 0
    assert left_of(known) == []


def test_a_killed_demo_leaves_nothing_running(demo: Demo) -> None:
    known = demo.everything()
    demo.program.kill()
    wait_for(lambda: left_of(known) == [], 60)
