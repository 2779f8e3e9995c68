from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bastau.flow import journal


class Command(BaseCommand):
    help = "journal verify: recompute every chain of the journal; exit 1 where one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(journal.faults())
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} fault(s) in the journal.", returncode=1)
        self.stdout.write("Every chain is sound.")
