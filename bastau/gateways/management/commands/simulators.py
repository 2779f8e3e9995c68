import signal
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bastau.gateways.simulators.people import load_personas
from bastau.gateways.simulators.server import Simulators


class Command(BaseCommand):
    """Serve until Ctrl-C or TERM. Reads no database; refused in live mode."""

    help = "Run the stand-ins of the other state systems (demo and test mode)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=urlsplit(settings.SIMULATORS_URL).port or 8071)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LIVE:
            raise CommandError("A live portal asks the real systems; the simulators do not run in live mode.")
        path = settings.ROOT / "fixtures" / "personas.json"
        try:
            personas = load_personas(path)
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} is not a list of personas in JSON: {error}. Mend it and start again.")
        try:
            server = Simulators(options["host"], options["port"], personas)
        except OSError as error:
            raise CommandError(
                f"Port {options['port']} cannot be used ({error.strerror}). Stop what listens there, or choose another "
                "with --port and set SIMULATORS_URL to it."
            )
        signal.signal(signal.SIGTERM, _interrupt)
        self.stdout.write(f"Simulators listen on {server.address}")
        self.stdout.flush()
        with server:
            try:
                server.serve_forever(poll_interval=0.2)
            except KeyboardInterrupt:
                self.stdout.write("Simulators stopped.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
