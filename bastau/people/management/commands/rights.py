"""Prints the matrix of roles and entities."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from bastau.people import rights


class Command(BaseCommand):
    help = "Prints who may do what to which entity (SPEC 5.1), as a table in Markdown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lang", choices=["kk", "ru", "en"], default="kk", help="language of the table")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["lang"]):
            heads = [_("Entity"), *(str(rights.heading(role)) for role in rights.COLUMNS)]
            lines = [heads, ["---"] * len(heads)]
            for row in rights.matrix():
                lines.append([str(row.title), *(str(row.cell(role)) for role in rights.COLUMNS)])
            for line in lines:
                self.stdout.write("| " + " | ".join(line) + " |")
            self.stdout.write("")
            for mark, words in rights.legend():
                self.stdout.write(f"{mark} {words}")
