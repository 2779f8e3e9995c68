"""`python -m bastau.embedded run --demo [--port N]`, `run -- COMMAND ...`, `stop`, `status`."""

import argparse
import os
import signal
import subprocess
import sys
import time

from bastau.embedded import demo
from bastau.embedded.attachment import attached
from bastau.embedded.places import EngineError, database_url, places, redis_url
from bastau.embedded.processes import adopt_orphans, alive, descendants, die_with_parent, end, send
from bastau.embedded.supervisor import read_state, supervise, supervisor_of


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bastau.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="the demo, or one command with the engines running")
    run.add_argument("--demo", action="store_true", help="the whole portal with sample data")
    run.add_argument("--port", type=int, default=None, help="the demo's port (default: PORT, else 8000)")
    run.add_argument("words", nargs="*", metavar="COMMAND", help="after --: the command to run")
    commands.add_parser("stop", help="stop the engines of this BASTAU_VAR, whoever uses them")
    commands.add_parser("status", help="say whether they run and where")
    # started by bastau.embedded.attachment
    commands.add_parser("supervise").add_argument("token")
    return parser


def _run(words: list[str]) -> int:
    """Run a command while attached; TERM and INT go on to it, and what it leaves behind is ended."""
    adopt_orphans()
    with attached():
        parent = os.getpid()

        def _in_child() -> None:
            die_with_parent(signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        with subprocess.Popen(words, preexec_fn=_in_child) as process:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda number, _frame: process.send_signal(number))
            code = process.wait()
        # the engines' supervisor may be below us by now; others may need it
        end(descendants(os.getpid(), apart_from=supervisor_of(read_state(places()))))
    return 128 - code if code < 0 else code


def _stop() -> int:
    supervisor = supervisor_of(read_state(places()))
    if supervisor:
        send(supervisor, signal.SIGTERM)
        while alive(supervisor):
            time.sleep(0.05)
    return 0


def _status() -> int:
    state = read_state(places())
    running = supervisor_of(state) is not None and state["ready"]
    print("running" if running else "not running", database_url(), redis_url())
    return 0 if running else 3


def main() -> int:
    options = _parser().parse_args()
    try:
        match options.command:
            case "supervise":
                if os.fork():
                    return 0  # whoever started it need not wait for it
                return supervise(options.token)
            case "stop":
                return _stop()
            case "status":
                return _status()
            case _ if options.demo:
                return demo.run(options.port)
            case _ if options.words:
                return _run(options.words)
            case _:
                _parser().error("run needs --demo, or -- and a command")
    except EngineError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
