"""Verdicts with their reasons, and the matrix of SPEC 5.1: who may do what to which entity, said in three languages.

An app that owns entities registers their rows in its module `matrix`; nothing else has to know of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.roles import Role

Text = str | Promise

CITIZEN = "citizen"
COLUMNS: tuple[str, ...] = (CITIZEN, *Role.values)

LETTERS: Mapping[str, Text] = {
    "C": pgettext_lazy("right", "creates"),
    "R": pgettext_lazy("right", "reads"),
    "U": pgettext_lazy("right", "changes before the lock"),
    "D": pgettext_lazy("right", "decides, signs"),
    "V": pgettext_lazy("right", "votes"),
    "A": pgettext_lazy("right", "agrees"),
}
NARROWED: Mapping[str, Text] = {
    "o": pgettext_lazy("right narrowed to", "own only"),
    "g": pgettext_lazy("right narrowed to", "own group only"),
    "m": pgettext_lazy("right narrowed to", "personal data masked"),
    "agg": pgettext_lazy("right narrowed to", "aggregates only"),
}


@dataclass(frozen=True)
class Verdict:
    """Whether something may be done; where not, `reason` is a sentence for the person who asked."""

    ok: bool
    reason: Text = ""

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True)
class Cell:
    """What one role may do to one entity: letters of LETTERS, a key of NARROWED, a note in words."""

    letters: str = ""
    narrowed: str = ""
    note: Text = ""

    def __str__(self) -> str:
        shown = self.letters + (f"({self.narrowed})" if self.narrowed else "")
        return " ".join(part for part in (shown, str(self.note)) if part) or "–"


@dataclass(frozen=True)
class Row:
    """An entity of the matrix with the cells of all columns that have any right."""

    entity: str
    title: Text
    cells: Mapping[str, Cell]

    def cell(self, role: str) -> Cell:
        """The cell of a column; an empty one where the role has no right. Raises KeyError for an unknown role."""
        if role not in COLUMNS:
            raise KeyError(role)
        return self.cells.get(role, Cell())


_rows: dict[str, Row] = {}


def cell(written: str, note: Text = "") -> Cell:
    """A cell as SPEC 5.1 writes it: `CRU(o)`, `R(agg)`, `R`, with a note in words. Raises ValueError."""
    found = re.fullmatch(r"([CRUDVA]+)(?:\((o|g|m|agg)\))?", written)
    if found is None:
        raise ValueError(f"{written!r} is not a cell: letters {''.join(LETTERS)}, then (o), (g), (m) or (agg).")
    return Cell(found[1], found[2] or "", note)


def register_matrix(entity: str, cells: Mapping[str, str | Cell], title: Text = "") -> None:
    """Add the row of `entity`; roles that are not named have no right. Raises KeyError for an unknown role."""
    unknown = set(cells) - set(COLUMNS)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    made = {role: cell(one) if isinstance(one, str) else one for role, one in cells.items()}
    _rows[entity] = Row(entity, title or entity, made)


def matrix() -> list[Row]:
    """All rows, by the names of their entities."""
    autodiscover_modules("matrix")
    return [_rows[entity] for entity in sorted(_rows)]


def heading(role: str) -> Text:
    """The head of a column."""
    return pgettext_lazy("column of the rights matrix", "Citizen") if role == CITIZEN else Role(role).label


def legend() -> list[tuple[str, Text]]:
    """What the letters and brackets of the matrix mean."""
    return [*LETTERS.items(), *((f"({key})", words) for key, words in NARROWED.items()), ("–", _("no right"))]
