import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.commands import makemessages
from django.test.utils import override_settings

LANGUAGES = ("kk", "ru")
IGNORED = [".venv/*", "var/*", "tests/*", "bench/*", "build/*", "static/*"]


class Command(BaseCommand):
    help = "catalogues --update collects the strings; --check fails on a missing, empty or fuzzy one in kk or ru."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--update", action="store_true")
        group.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["update"]:
            collect(settings.ROOT / "locale")
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "locale"
            shutil.copytree(settings.ROOT / "locale", copy)
            collect(copy)
            faults = [fault for language in LANGUAGES for fault in self._faults(copy, language)]
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(
                f"{len(faults)} string(s) to translate. Run: manage.py catalogues --update", returncode=1
            )
        self.stdout.write("Both catalogues are complete.")

    def _faults(self, folder: Path, language: str) -> list[str]:
        import polib  # a tool of development, not of running

        faults = []
        for source in sorted(folder.glob(f"**/{language}/LC_MESSAGES/*.po")):
            for entry in polib.pofile(str(source)):
                if entry.obsolete:
                    continue
                said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
                if entry.fuzzy or not said or not all(text.strip() for text in said):
                    faults.append(f"{language}: {entry.msgid!r}" + (" (fuzzy)" if entry.fuzzy else ""))
        return faults


def collect(folder: Path) -> None:
    """Collect the strings of templates and code into the catalogues under `folder`, without places in files."""

    class Into(makemessages.Command):
        """makemessages prefers a `locale` it finds on its way; here all strings go to `folder`."""

        def find_files(self, root: str) -> list[Any]:
            found = super().find_files(root)
            for one in found:
                one.locale_dir = str(folder)
            return found

    with override_settings(LOCALE_PATHS=[folder]):
        call_command(
            Into(),
            locale=list(LANGUAGES),
            ignore_patterns=IGNORED,
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )
