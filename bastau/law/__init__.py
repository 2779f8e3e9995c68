"""The acts as data: clauses, terms and values, each with its words in three languages.

Every legal number of the system is read here and stands nowhere else. A term or value is named by its clause
("118-p09-1") or, where a clause has several, by clause and key ("118-p22-3:max"). Loaded once a process.
"""

from datetime import date
from typing import Any

from bastau.law.reading import (
    Act,
    Clause,
    LawIsBroken,
    NotInForce,
    Ruleset,
    Statutes,
    Term,
    UnknownClause,
    Value,
    load,
)

__all__ = [
    "RULESET",
    "Act",
    "Clause",
    "LawIsBroken",
    "NotInForce",
    "Ruleset",
    "Statutes",
    "Term",
    "UnknownClause",
    "Value",
    "clause",
    "reload",
    "ruleset",
    "statutes",
    "term",
    "value",
]

#: The rule set a case is filed under today (A-01).
RULESET = "118-2021+FKA04"

_statutes = load()


def term(id: str, on: date | None = None) -> Term:
    """The term in force on the day `on`; without `on`, the newest. Raises UnknownClause and NotInForce."""
    return _statutes.term(id, on)


def value(id: str, on: date | None = None) -> Any:
    """The number, time, text, switch or list in force on the day `on`; without `on`, the newest.

    Percent, people, hours and tenge are whole numbers. Raises UnknownClause and NotInForce.
    """
    return _statutes.value(id, on)


def clause(id: str) -> Clause:
    """The clause with `.text(lang)` and `.label(lang)`. Raises UnknownClause."""
    return _statutes.clause(id)


def ruleset(name: str = RULESET) -> Ruleset:
    """When a rule set came into force and by what it was repealed. Raises UnknownClause. Clause: A-01, 118-o5."""
    return _statutes.ruleset(name)


def reload() -> None:
    """Read the acts anew; for a process whose law is bent after it has started."""
    global _statutes
    _statutes = load()


def statutes() -> Statutes:
    """Everything loaded, for the checks and the printed page."""
    return _statutes
