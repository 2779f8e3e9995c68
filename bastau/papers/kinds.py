"""The registry of kinds of papers. A domain app registers its kinds in its `papers.py` when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bastau.papers.models import Paper


LANGUAGES = ("kk", "ru")
"""Languages papers are made in (A-43)."""


def six_digits(series: str, n: int) -> str:
    """Number `n` of a series written with six digits (A-44): `ЖЛ-35-2026-000001`."""
    return f"{series}-{n:06d}"


@dataclass(frozen=True)
class PaperKind:
    """What the mechanism must know of a kind.

    `series` names the series a paper takes its number from when it is rendered, or is None: such a paper shows
    the number of its case (`facts["number"]`). `template` is the path without `.<language>.html`. `signer` names
    who signs first ("director", "citizen", ...) or is None (nobody signs electronically). `signatures` says how many
    signatures make the paper signed; whose, and in which order, is for the action that asks for them.
    `sealed` papers carry the system's own seal (PAdES). An `annullable` one may lose its force after it was issued.
    `public` gives further rows of the check page: label and value, the value a text or one in each language.
    """

    kind: str
    title: Any
    template: str
    series: Callable[[Paper], str] | None = None
    number_format: Callable[[str, int], str] = six_digits
    signer: str | None = None
    signatures: Callable[[Paper], int] = lambda paper: 1
    languages: tuple[str, ...] = LANGUAGES
    sealed: bool = False
    annullable: bool = False
    public: Callable[[Paper], Sequence[tuple[Any, Any]]] = lambda paper: ()


_kinds: dict[str, PaperKind] = {}


def register(kind: PaperKind) -> PaperKind:
    """Make `kind` known. Raises ValueError when another one has its name."""
    if _kinds.get(kind.kind, kind) != kind:
        raise ValueError(f"Paper kind {kind.kind} is registered twice.")
    _kinds[kind.kind] = kind
    return kind


def kind_of(name: str) -> PaperKind:
    """The registered kind called `name`. Raises KeyError when there is none."""
    return _kinds[name]
