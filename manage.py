#!/usr/bin/env python
"""The portal's commands. Without DATABASE_URL and REDIS_URL they start, or join, the private engines."""

import os
import sys

from bastau.embedded import EngineError, attached

# These work where no engine can run. (`due --zone` reckons from law and calendar alone.)
WITHOUT_ENGINES = {
    "help",
    "version",
    "compilemessages",
    "makemessages",
    "collectstatic",
    "catalogues",
    "law",
    "simulators",
}


def needs_engines(words: list[str]) -> bool:
    """Whether this command line reads the database or sends to Redis."""
    if not words or words[0] in WITHOUT_ENGINES or {"--help", "-h", "--version"} & set(words):
        return False
    return not (words[0] == "due" and any(word.split("=")[0] == "--zone" for word in words))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bastau.settings")
    from django.core.management import execute_from_command_line

    if not needs_engines(sys.argv[1:]):
        execute_from_command_line(sys.argv)
        return
    try:
        with attached():
            execute_from_command_line(sys.argv)
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
