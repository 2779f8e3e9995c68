"""The portal's sentences in a language, read from the catalogues which the portal itself reads."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "locale"


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("django", LOCALE, [lang], fallback=True)


def said(msgid: str, lang: str, context: str = "") -> str:
    """`msgid` as the portal says it in `lang`."""
    known = catalogue(lang)
    return known.pgettext(context, msgid) if context else known.gettext(msgid)
