"""Kinds of notices: their words in three languages, said by the apps in their `ready`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from string import Formatter
from typing import Any, Literal

from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.translation import override

LANGUAGES = ("kk", "ru", "en")
#: The code of the staff's daily digest, which is a mail only.
DIGEST = "N-STAFF-DIGEST"

Part = Literal["title", "text", "more", "sms"]
Wording = Mapping[str, str]


class UnknownKind(KeyError):
    """No app has registered this code."""


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice. `{names}` in a wording are facts; a variable stands alone, no suffix is glued to it.

    `text` is the official wording; `more` stands below it in mail and cabinet; `sms` is the short form (the text
    where none is given). Each wording has kk, ru and en with the same facts; else ValueError.
    """

    code: str
    title: Wording
    text: Wording
    sms: Wording = field(default_factory=dict)
    more: Wording = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in (self.title, self.text, self.sms, self.more):
            if part and set(part) != set(LANGUAGES):
                raise ValueError(f"{self.code}: a wording is given in {', '.join(LANGUAGES)}, or not at all.")
            if len({frozenset(_names(words)) for words in part.values()}) > 1:
                raise ValueError(f"{self.code}: the languages of one wording do not say the same facts.")
        if not self.title or not self.text:
            raise ValueError(f"{self.code}: a notice has a title and a text.")

    @property
    def facts(self) -> frozenset[str]:
        """The names of all facts that the wordings say."""
        parts = (self.title, self.text, self.sms, self.more)
        return frozenset(name for part in parts for words in part.values() for name in _names(words))

    def words(self, part: Part, language: str, facts: Mapping[str, Any]) -> str:
        """One wording with its facts filled in, on one line a paragraph."""
        wording: Wording = getattr(self, part) or (self.text if part == "sms" else {})
        if not wording:
            return ""
        language = language if language in wording else "kk"
        return wording[language].format_map({name: shown(value, language) for name, value in facts.items()})


_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> NoticeKind:
    """Make a kind known. Another kind with the same code raises ValueError."""
    known = _kinds.setdefault(kind.code, kind)
    if known != kind:
        raise ValueError(f"{kind.code} is registered twice, with different words.")
    return known


def kind(code: str) -> NoticeKind:
    """The kind with this code. Raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(code) from None


def all_kinds() -> list[NoticeKind]:
    """All registered kinds, by code."""
    return [_kinds[code] for code in sorted(_kinds)]


def kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as the row keeps them: text and numbers as they are, a day, an instant in its wall time, or a text in
    three languages (from a lazy translation or a mapping). Raises TypeError for anything else."""
    return {name: _kept(name, value) for name, value in facts.items()}


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, Promise):
        return {language: _said_in(language, value) for language in LANGUAGES}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{name}: an instant needs its offset; give it in the wall time of the office.")
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping) and set(value) >= {"kk", "ru"}:
        return {language: str(value[language]) for language in value if language in LANGUAGES}
    if isinstance(value, str | int | list):
        return value
    raise TypeError(f"{name}: a notice cannot keep {type(value).__name__}.")


def _said_in(language: str, text: Promise) -> str:
    with override(language):
        return str(text)


def shown(value: Any, language: str) -> str:
    """A kept fact as `language` shows it. Days are short (05.06.2026): they stand alone and take no suffix."""
    if isinstance(value, Mapping):
        if "date" in value:
            return _day(date.fromisoformat(value["date"]), language)
        if "at" in value:
            at = datetime.fromisoformat(value["at"])
            return f"{_day(at.date(), language)}, {at:%H:%M}"
        return str(value.get(language) or value["kk"])
    return str(value)


def _day(day: date, language: str) -> str:
    if language != "en":
        return f"{day:%d.%m.%Y}"
    # 05.06.2026 is another day in half of the English-speaking world.
    with override("en"):
        return written(day, "j F Y")


def _names(words: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(words) if name}
