"""The words of notices."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from bastau.notices import NoticeKind, UnknownKind, kind, kinds, register

WORDS = {"kk": "Күні: {date}.", "ru": "Дата: {date}.", "en": "Date: {date}."}


def made(**other) -> NoticeKind:
    return NoticeKind("N-X", **{"title": dict.fromkeys(kinds.LANGUAGES, "X"), "text": WORDS, **other})


def test_a_language_left_out_is_refused():
    with pytest.raises(ValueError):
        made(sms={"kk": "Күні", "ru": "Дата"})


def test_languages_that_say_different_facts_are_refused():
    with pytest.raises(ValueError):
        made(text={**WORDS, "en": "Soon."})


def test_one_code_has_one_wording():
    register(known := made())
    assert register(made()) is known
    with pytest.raises(ValueError):
        register(made(sms=WORDS))


def test_an_unknown_code_raises():
    with pytest.raises(UnknownKind):
        kind("N-NOTHING")


def test_the_text_is_the_sms_where_no_short_form_is_given():
    facts = kinds.kept({"date": date(2026, 6, 5)})
    assert made().words("sms", "ru", facts) == made().words("text", "ru", facts)


@pytest.mark.parametrize(("language", "shown"), [("kk", "05.06.2026"), ("ru", "05.06.2026"), ("en", "5 June 2026")])
def test_a_day_is_short_and_in_english_not_to_be_mistaken(language, shown):
    assert kinds.shown(kinds.kept({"date": date(2026, 6, 5)})["date"], language) == shown


def test_an_instant_is_shown_in_the_wall_time_it_was_given_in():
    due = datetime(2026, 6, 10, 13, 30, tzinfo=UTC).astimezone(ZoneInfo("Asia/Almaty"))
    assert kinds.shown(kinds.kept({"due": due})["due"], "kk") == "10.06.2026, 18:30"


def test_an_instant_without_offset_is_refused():
    with pytest.raises(TypeError):
        kinds.kept({"due": datetime(2026, 6, 10)})  # noqa: DTZ001


def test_a_thing_that_is_no_fact_is_refused():
    with pytest.raises(TypeError):
        kinds.kept({"who": object()})


def test_a_lazy_text_is_kept_in_all_languages():
    assert set(kinds.kept({"what": gettext_lazy("Yes")})["what"]) == {"kk", "ru", "en"}


def test_a_text_in_three_languages_is_shown_in_the_readers():
    ground = kinds.kept({"ground": {"kk": "негіз", "ru": "основание", "en": "ground"}})["ground"]
    assert [kinds.shown(ground, language) for language in kinds.LANGUAGES] == ["негіз", "основание", "ground"]


@given(st.text())
def test_a_fact_is_shown_as_it_is_whatever_it_holds(text):
    words = dict.fromkeys(kinds.LANGUAGES, "№ {no}")
    assert made(text=words).words("text", "kk", kinds.kept({"no": text})) == f"№ {text}"
