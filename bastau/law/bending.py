"""Inside one pytest process: collect the claiming tests once, then run them in a forked child for each bent law.

Started by :mod:`bastau.law.mutants` alone, with a plan on standard input; needs the development tools. A child of its
own for each mutant keeps what a test caches under a bent law away from all the others.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from bastau import law
from bastau.law.reading import OVERRIDE

SLEPT, NOTICED, BROKE = 0, 1, 3


class Bending:
    """A pytest plugin that replaces the loop over the tests by one over the mutants of the plan.

    It writes a line of JSON for each mutant: its place in the plan, and `noticed`, `slept` or `nothing ran`; or,
    when the tests fail under the law as it stands, `straight fails` with the tests.
    """

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The whole loop; says that pytest's own need not run."""
        with os.fdopen(self.plan["report"], "w") as report:
            for line in self._lines(session):
                report.write(json.dumps(line) + "\n")
                report.flush()
        return True

    def _lines(self, session: pytest.Session) -> Iterator[list[Any]]:
        mutants = self.plan["mutants"]
        pure = [self._items(session, one["pure"]) for one in mutants]
        together = list({item.nodeid: item for items in pure for item in items}.values())
        if together and _wait(_child(session, together, {}, whole=False)) != SLEPT:
            yield [-1, "straight fails"]
            return
        waiting = list(enumerate(mutants))
        while waiting:
            batch, waiting = waiting[: self.plan["jobs"]], waiting[self.plan["jobs"] :]
            started = [_child(session, pure[at], one["bent"], whole=False) if pure[at] else None for at, one in batch]
            for (at, one), pid in zip(batch, started, strict=True):
                code = SLEPT if pid is None else _wait(pid)
                heavy = self._items(session, one["heavy"]) if code == SLEPT else []
                # Tests with a database make and drop it: one child at a time, and only for what slept so far.
                if heavy and _wait(_child(session, heavy, {}, whole=True)) != SLEPT:
                    yield [at, "straight fails"]
                    return
                if heavy:
                    code = _wait(_child(session, heavy, one["bent"], whole=True))
                ran = bool(pure[at] or heavy)
                yield [at, "noticed" if code != SLEPT else "slept" if ran else "nothing ran"]

    @staticmethod
    def _items(session: pytest.Session, nodes: list[str]) -> list[pytest.Item]:
        wanted = set(nodes)
        return [item for item in session.items if item.nodeid.partition("[")[0] in wanted]


def _child(session: pytest.Session, items: list[pytest.Item], bent: dict[str, Any], *, whole: bool) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = BROKE
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os.environ[OVERRIDE] = json.dumps(bent)
        law.reload()
        following = [*items[1:], None]
        pairs = zip(items, following, strict=True)
        code = NOTICED if any(_fails(session, item, after) for item, after in pairs) else SLEPT
        if whole:
            session._setupstate.teardown_exact(None)
    finally:
        os._exit(code)


def _fails(session: pytest.Session, item: pytest.Item, following: pytest.Item | None) -> bool:
    # pytest tears down what the next item does not need: what a module made stands while its tests run. After the
    # last one another is named, so that the session's fixtures stay.
    another = following or next((one for one in session.items if one is not item), None)
    return any(report.failed for report in runtestprotocol(item, nextitem=another, log=False))


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> int:
    """Read the plan and run pytest over its tests; pytest's exit code."""
    plan = json.load(sys.stdin)
    nodes = sorted({node for one in plan["mutants"] for node in (*one["pure"], *one["heavy"])})
    quiet = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", plan["marks"]]
    return int(pytest.main([*quiet, *nodes], plugins=[Bending(plan)]))


if __name__ == "__main__":
    sys.exit(main())
