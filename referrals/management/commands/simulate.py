import json
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bastau import clock
from referrals.simulation import run


class Command(BaseCommand):
    help = "Drive synthetic people through the same actions as the screens. The same seed gives the same figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=110)
        parser.add_argument("--months", type=int, default=3)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--start", default="2024-07-01", help="first day, or `back`: so many months before the present instant"
        )
        parser.add_argument(
            "--papers",
            choices=["sample", "all"],
            default="sample",
            help="`sample`: of the papers that nobody signs only a tenth is printed in the run",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not clock.movable():
            raise CommandError("A live portal is not simulated.", returncode=2)
        if options["people"] < 1 or options["months"] < 1:
            raise CommandError("People and months are counted from 1.", returncode=2)
        figures = run.simulate(
            people=options["people"],
            months=options["months"],
            seed=options["seed"],
            start=self._start(options["start"]),
            all_papers=options["papers"] == "all",
        )
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2, sort_keys=True))
        else:
            self._print(figures)
        if broken := [name for name, count in figures["invariants"].items() if count]:
            raise CommandError(f"Broken: {', '.join(broken)}.", returncode=1)

    def _start(self, text: str) -> datetime | None:
        if text == "back":
            return None
        try:
            return datetime.combine(date.fromisoformat(text), time(0), UTC)
        except ValueError as error:
            raise CommandError("--start is a date like 2024-07-01, or `back`.", returncode=2) from error

    def _print(self, figures: dict[str, Any], indent: int = 0) -> None:
        for name, value in figures.items():
            if isinstance(value, dict):
                self.stdout.write(" " * indent + f"{name}:")
                self._print(value, indent + 2)
            else:
                self.stdout.write(" " * indent + f"{name}: {value}")
