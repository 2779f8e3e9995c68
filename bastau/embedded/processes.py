"""Child processes that do not outlive their parent, known by pid and start time."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

from bastau.embedded.places import Account

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

# A pid alone may by now be somebody else's: the start time (clock ticks since boot) makes it this process.
Identity = tuple[int, int]


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process the signal when its parent ends. To be called after any change of user."""
    if _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def adopt_orphans() -> None:
    """Make grandchildren whose parent was killed children of this process, so that it can find and end them."""
    if _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def started_at(pid: int) -> int | None:
    """Start time of a live process in clock ticks since boot; None when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def identity(pid: int) -> Identity | None:
    started = started_at(pid)
    return None if started is None else (pid, started)


def alive(process: Identity | None) -> bool:
    return process is not None and started_at(process[0]) == process[1]


def send(process: Identity, number: int) -> None:
    """Signal this very process; silent when it has ended, also when its pid has a new owner."""
    try:
        handle = os.pidfd_open(process[0])
    except ProcessLookupError:
        return
    try:
        if alive(process):
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, number)
    finally:
        os.close(handle)


def end(processes: Iterable[Identity], number: int = signal.SIGTERM, patience: float = 5.0) -> None:
    """Ask each process to end, wait `patience` seconds together, then kill what is left and wait for that."""
    waiting = [process for process in processes if alive(process)]
    for process in waiting:
        send(process, number)
    deadline = time.monotonic() + patience
    while waiting and time.monotonic() < deadline:
        time.sleep(0.02)
        waiting = [process for process in waiting if alive(process)]
    for process in waiting:
        send(process, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while any(alive(process) for process in waiting) and time.monotonic() < deadline:
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    """Pids of a process's live children, in no order."""
    found: list[int] = []
    gone = contextlib.suppress(FileNotFoundError, ProcessLookupError)
    with gone:
        for task in list(Path(f"/proc/{pid}/task").iterdir()):
            with gone:
                found += [int(word) for word in (task / "children").read_text().split()]
    return [child for child in found if started_at(child) is not None]


def descendants(pid: int, apart_from: Identity | None = None) -> list[Identity]:
    """All live processes below `pid`, parents before their children; without one of them and what is below it."""
    found: list[Identity] = []
    for child in children_of(pid):
        known = identity(child)
        if known and known != apart_from:
            found += [known, *descendants(child, apart_from)]
    return found


def working_in(folders: Iterable[Path]) -> list[Identity]:
    """Live processes whose working folder is one of these: a server's own, also when its parent was killed."""
    wanted = {str(folder) for folder in folders}
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                folder = os.readlink(entry / "cwd")
            except OSError:  # ended meanwhile, or another user's
                continue
            if folder in wanted and (known := identity(int(entry.name))):
                found.append(known)
    return found


def spawn(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    when_orphaned: int = signal.SIGTERM,
    account: Account | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session (Ctrl-C is for the parent alone) that gets `when_orphaned` if we are killed.

    Call it from the main thread: the kernel sends the signal when the *thread* that forked has ended.
    """
    parent = os.getpid()

    def _in_child() -> None:
        die_with_parent(when_orphaned)
        if os.getppid() != parent:  # the parent was killed before the line above
            os._exit(1)

    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=env,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_in_child,  # runs after the change of user, which clears the parent-death signal
    )
