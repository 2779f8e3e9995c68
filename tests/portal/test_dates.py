from datetime import UTC, date, datetime

import pytest
from django.utils import formats, translation

from bastau.portal import dates

DAY = date(2026, 6, 5)
#: 11 June 2026, 18:30 in Almaty.
DUE = datetime(2026, 6, 11, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "words"), [("kk", "2026 жылғы 5 маусым"), ("ru", "5 июня 2026 года"), ("en", "5 June 2026")]
)
def test_long_date(lang, words):
    assert dates.long_date(DAY, lang=lang) == words


@pytest.mark.parametrize(
    ("lang", "words"), [("kk", "11 маусым, бейсенбі"), ("ru", "11 июня, четверг"), ("en", "Thursday, 11 June")]
)
def test_day_with_weekday(lang, words):
    assert dates.day_with_weekday(DUE, lang=lang) == words


def test_year_stands_bare_in_a_date_although_thousands_are_grouped(kk):
    assert dates.long_datetime(DUE) == "2026 жылғы 11 маусым, 18:30"


def test_instant_is_shown_in_the_offices_zone_of_that_time():
    before_march_2024 = datetime(2024, 2, 28, 18, 30, tzinfo=UTC)
    assert dates.long_datetime(before_march_2024, "Asia/Almaty", "ru") == "29 февраля 2024 года, 00:30"
    assert dates.long_datetime(before_march_2024, "Asia/Aqtobe", "ru") == "28 февраля 2024 года, 23:30"


def test_instant_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        dates.long_date(datetime(2026, 6, 5, 9, 0))  # noqa: DTZ001  (what is refused)


def test_iso_text_is_read_as_the_journal_and_reckonings_keep_it():
    assert dates.clock_time("2026-06-11T13:30:00+00:00") == "18:30"


@pytest.mark.parametrize(("day", "word"), [(9, "кеше"), (10, "бүгін"), (11, "ертең"), (12, "12 маусым")])
def test_near_days_have_words(day, word):
    now = datetime(2026, 6, 10, 20, 0, tzinfo=UTC).replace(hour=8)
    assert dates.near_day(date(2026, 6, day), now, lang="kk") == word


def test_today_begins_at_local_midnight():
    after_midnight_in_almaty = datetime(2026, 6, 10, 19, 30, tzinfo=UTC)
    assert dates.near_day(DUE, after_midnight_in_almaty, lang="kk") == "бүгін"


def test_a_day_of_another_year_is_told_with_its_year():
    assert dates.near_day(date(2027, 1, 8), DUE, lang="ru") == "8 января 2027 года"


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_tables_are_whole(lang):
    assert len(set(dates.MONTHS[lang])) == len(set(dates.MONTHS_ALONE[lang])) == 12
    assert len(set(dates.WEEKDAYS[lang])) == len(set(dates.WEEKDAYS_SHORT[lang])) == 7


@pytest.mark.parametrize(("lang", "words"), [("kk", "2026 жылғы 5"), ("ru", "2026 года"), ("en", "5 June 2026")])
def test_djangos_own_date_format_follows_the_house(lang, words):
    with translation.override(lang):
        assert words in formats.date_format(DAY)


def test_djangos_own_numbers_are_grouped_by_unbreakable_spaces():
    with translation.override("kk"):
        assert formats.number_format(1_730_000) == "1\u202f730\u202f000"
