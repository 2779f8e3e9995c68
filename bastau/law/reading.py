"""Reads the acts of `acts/*.toml` into frozen objects."""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

ACTS = Path(__file__).parent / "acts"
#: One JSON object {address: new value}; how `manage.py law --mutate` bends the law for one process.
OVERRIDE = "BASTAU_LAW_OVERRIDE"
UNITS = ("wd", "cd", "hour", "minute", "month", "year", "monthday")
LANGUAGES = ("kk", "ru", "en")


class UnknownClause(LookupError):
    """No act has a clause, term or value of that id."""


class NotInForce(LookupError):
    """The term or value exists, but no version of it covers the day asked for."""


class LawIsBroken(ValueError):
    """An act cannot be read: a word, a unit or a date is missing or contradicts another."""


@dataclass(frozen=True, slots=True)
class Term:
    """A legal term. `unit`: wd and cd working and calendar days, hour, minute, month, year, monthday (a date of the
    month). `start` names the event it runs from. `since` and `until` (both included) are its life, None is open."""

    id: str
    length: int
    unit: str
    start: str
    since: date | None = None
    until: date | None = None

    @property
    def address(self) -> str:
        """Where an override finds it: the id, and for a dated version its first day."""
        return _address(self.id, self.since)


@dataclass(frozen=True, slots=True)
class Value:
    """A legal value: number, time, text, switch or list of texts; with its life as in :class:`Term`.

    `least` and `most` bound a number that makes no sense outside them, such as a day of the week.
    """

    id: str
    value: Any
    since: date | None = None
    until: date | None = None
    least: int | None = None
    most: int | None = None

    @property
    def address(self) -> str:
        """Where an override finds it: the id, and for a dated version its first day."""
        return _address(self.id, self.since)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of an act with its short text and the label a citizen reads."""

    id: str
    act: str
    texts: Mapping[str, str]
    labels: Mapping[str, str]
    terms: tuple[Term, ...] = ()
    values: tuple[Value, ...] = ()

    def text(self, lang: str) -> str:
        """What the clause says, in kk, ru or en (other tags fall back to kk)."""
        return self.texts.get(lang[:2]) or self.texts["kk"]

    def label(self, lang: str) -> str:
        """How a citizen finds it, such as «Правила, пункт 6»."""
        return self.labels.get(lang[:2]) or self.labels["kk"]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its title, the day it came into force, and its repeal when it has one."""

    id: str
    titles: Mapping[str, str]
    effective_from: date | None
    effective_to: date | None
    repealed: date | None
    repealed_by: Mapping[str, str]

    def title(self, lang: str) -> str:
        """The act's full name in kk, ru or en."""
        return self.titles.get(lang[:2]) or self.titles["kk"]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The acts a case is decided under. `effective_to` is None while the rule set is applied to new cases (A-01),
    even when one of its acts was repealed."""

    id: str
    acts: tuple[Act, ...]
    effective_from: date | None
    effective_to: date | None


class Statutes:
    """All acts of one process, looked up by id."""

    def __init__(self, acts: Mapping[str, Act], clauses: Mapping[str, Clause]) -> None:
        self.acts = dict(acts)
        self.clauses = dict(clauses)
        self._terms: dict[str, list[Term]] = {}
        self._values: dict[str, list[Value]] = {}
        for clause in clauses.values():
            for term in clause.terms:
                self._terms.setdefault(term.id, []).append(term)
            for value in clause.values:
                self._values.setdefault(value.id, []).append(value)

    def clause(self, id: str) -> Clause:
        try:
            return self.clauses[id]
        except KeyError:
            raise UnknownClause(f"No act has a clause {id!r}.") from None

    def term(self, id: str, on: date | None = None) -> Term:
        return _in_force(self._terms, id, on, "term")

    def value(self, id: str, on: date | None = None) -> Any:
        return _in_force(self._values, id, on, "value").value

    def ruleset(self, name: str) -> Ruleset:
        acts = tuple(self.acts[part] for part in name.split("+") if part in self.acts)
        if len(acts) != len(name.split("+")):
            raise UnknownClause(f"No rule set {name!r}.")
        starts = [act.effective_from for act in acts if act.effective_from]
        ends = [act.effective_to for act in acts if act.effective_to]
        return Ruleset(name, acts, max(starts, default=None), min(ends, default=None))

    def in_act(self, act: str) -> list[Clause]:
        """The clauses of an act in the order they stand in it."""
        return [clause for clause in self.clauses.values() if clause.act == act]


def load(folder: Path = ACTS, overrides: Mapping[str, Any] | None = None) -> Statutes:
    """Read every act of `folder`. Raises LawIsBroken when a file cannot be understood."""
    bent = json.loads(os.environ.get(OVERRIDE, "{}")) if overrides is None else overrides
    files = {path: tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))}
    headers = {content["act"]["id"]: content for content in files.values() if "act" in content}
    clauses: dict[str, Clause] = {}
    used: set[str] = set()
    for path, content in files.items():
        act_id = content.get("part_of") or content.get("act", {}).get("id")
        if act_id not in headers:
            raise LawIsBroken(f"{path.name}: names no act.")
        labels = [(re.compile(row["pattern"]), row) for row in headers[act_id].get("label", [])]
        for row in content.get("clause", []):
            clause = _clause(row, act_id, labels, bent, used)
            if clause.id in clauses:
                raise LawIsBroken(f"{clause.id} stands twice.")
            clauses[clause.id] = clause
    if unknown := set(bent) - used:
        raise LawIsBroken(f"{OVERRIDE} names what no act has: {', '.join(sorted(unknown))}.")
    return Statutes({id: _act(content["act"], clauses) for id, content in headers.items()}, _ordered(clauses, headers))


def _clause(row: dict, act: str, labels: list, bent: Mapping[str, Any], used: set[str]) -> Clause:
    id = row["id"]
    if missing := [lang for lang in LANGUAGES if not row.get(lang)]:
        raise LawIsBroken(f"{id}: no text in {', '.join(missing)}.")
    for pattern, words in labels:
        if match := pattern.fullmatch(id):
            label = {lang: words[lang].format(*match.groups()) for lang in LANGUAGES}
            break
    else:
        raise LawIsBroken(f"{id}: no label of the act fits.")
    terms = tuple(_bend(_term(id, part), "length", bent, used) for part in row.get("terms", []))
    values = tuple(_bend(_value(id, part), "value", bent, used) for part in row.get("values", []))
    for versions in (terms, values):
        _check_lives(id, versions)
    return Clause(id, act, {lang: row[lang] for lang in LANGUAGES}, label, terms, values)


def _term(clause: str, part: dict) -> Term:
    if part["unit"] not in UNITS:
        raise LawIsBroken(f"{clause}: unit {part['unit']!r} is not one of {', '.join(UNITS)}.")
    return Term(_key(clause, part), part["length"], part["unit"], part["start"], part.get("from"), part.get("until"))


def _value(clause: str, part: dict) -> Value:
    kept = tuple(part["value"]) if isinstance(part["value"], list) else part["value"]
    bounds = part.get("least"), part.get("most")
    return Value(_key(clause, part), kept, part.get("from"), part.get("until"), *bounds)


def _bend(entry: Any, field: str, bent: Mapping[str, Any], used: set[str]) -> Any:
    # A clause may hold a term and a value of one id: the field in the address tells them apart.
    address = f"{entry.address}.{field}"
    if address not in bent:
        return entry
    used.add(address)
    new = bent[address]
    return replace(entry, **{field: time.fromisoformat(new) if isinstance(getattr(entry, field), time) else new})


def _key(clause: str, part: dict) -> str:
    return f"{clause}:{part['key']}" if part.get("key") else clause


def _address(id: str, since: date | None) -> str:
    return f"{id}@{since.isoformat()}" if since else id


def _check_lives(clause: str, entries: Iterable[Term | Value]) -> None:
    by_id: dict[str, list[Term | Value]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(entry)
    for id, versions in by_id.items():
        for before, after in pairwise(versions):
            if before.until is None or after.since is None or before.until >= after.since:
                raise LawIsBroken(f"{id}: two versions in force at once.")
        if any(one.since and one.until and one.until < one.since for one in versions):
            raise LawIsBroken(f"{clause}: a version ends before it begins.")


def _in_force(kept: Mapping[str, list], id: str, on: date | None, what: str) -> Any:
    versions = kept.get(id)
    if not versions:
        raise UnknownClause(f"No act has a {what} {id!r}.")
    if on is None:
        return versions[-1]
    for one in versions:
        if (one.since is None or one.since <= on) and (one.until is None or on <= one.until):
            return one
    raise NotInForce(f"{id} has no {what} in force on {on.isoformat()}.")


def _act(row: dict, clauses: Mapping[str, Clause]) -> Act:
    start = row.get("published")
    if start and row.get("in_force_term"):
        # "After ten calendar days have passed from the day of publication": the day after the tenth.
        start += timedelta(days=clauses[row["in_force_term"]].terms[0].length + 1)
    return Act(
        id=row["id"],
        titles={lang: row[lang] for lang in LANGUAGES},
        effective_from=start,
        effective_to=row.get("effective_to"),
        repealed=row.get("repealed"),
        repealed_by={lang: row.get(f"repealed_by_{lang}", "") for lang in LANGUAGES},
    )


def _ordered(clauses: Mapping[str, Clause], headers: Mapping[str, Any]) -> dict[str, Clause]:
    def place(clause: Clause) -> tuple:
        numbers = [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", clause.id)]
        kind = "opa".find(clause.id.split("-")[1][0]) if clause.act.startswith("118") else clause.id[0] == "T"
        return list(headers).index(clause.act), int(kind), numbers

    return {clause.id: clause for clause in sorted(clauses.values(), key=place)}
