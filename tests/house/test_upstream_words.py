"""What Django and allauth say: their own Kazakh is partial and allauth's absent; `locale/upstream` fills the gaps."""

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import allauth
import django
import polib
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.contrib.postgres.forms import IntegerRangeField
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import InvalidPage, Paginator
from django.core.validators import MaxLengthValidator
from django.utils import timesince, translation
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

UPSTREAM = Path(__file__).resolve().parents[2] / "locale" / "upstream"
DJANGO = Path(django.__file__).parent
LANGUAGES = ("kk", "ru")
MORNING = datetime(2026, 6, 5, 10, tzinfo=UTC)
#: Folders of the catalogues whose words our pages can show.
SOURCES = (
    DJANGO / "conf",
    DJANGO / "contrib" / "auth",
    DJANGO / "contrib" / "admin",
    DJANGO / "contrib" / "postgres",
    Path(allauth.__file__).parent,
)
#: Where a string comes from that no page of ours shows: languages nobody chose, Django's own start page, pages of
#: Django's admin and of allauth that have no address here, the names of other people's models.
ELSEWHERE = re.compile(
    r"^conf/|/apps\.py$|^views/static\.py|default_urlconf|directory_index"
    r"|contrib/auth/(admin|hashers|models)\.py|contrib/admin/models\.py"
    r"|admin/(auth|registration)/|templates/registration/"
    r"|admin/(delete_\w*confirmation|invalid_setup|login|object_history|popup_response)\.html"
    r"|^(templates/)?(socialaccount|usersessions|idp)/|webauthn|account/(admin|models)\.py|mfa/trust"
    r"|account/(email|email_change|email_confirm|phone_change|signup\w*|login|request_login_code|verif\w+)\.html"
    r"|account/(base_)?confirm\w*\.html|account/snippets/"
    r"|(email|messages)/(account_already|cannot_delete|email_|login_code|phone_|primary_|unknown_|unverified_)"
    r"|mfa/index\.html|allauth/layouts/"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
#: Names of formats and settings, which are written so in every language.
NAMES = re.compile(
    r"<[^>]+>|\b(IPv4|IPv6|IP|UUID|JSON|LDAP|HTTPS|QR|JavaScript|cookie|Control|Command|Mac|a–z|A–Z|True|False|None|last"
    r"|DEBUG|allow_future|allow_empty|Referer|Referrer-Policy|no-referrer)\b"
)


def catalogue(language: str) -> polib.POFile:
    """Our additions in a language."""
    return polib.pofile(str(UPSTREAM / language / "LC_MESSAGES" / "django.po"))


def said(entry: polib.POEntry) -> list[str]:
    """All the words of an entry."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@cache
def theirs(source: Path, language: str) -> list[polib.POEntry]:
    """Entries of another project's catalogue; none where it has no such language."""
    path = source / "locale" / language / "LC_MESSAGES" / "django.po"
    return list(polib.pofile(str(path))) if path.exists() else []


@pytest.fixture
def kazakh() -> Iterator[None]:
    """The reader reads Kazakh."""
    with translation.override("kk"):
        yield


def refusal(check: Callable[[], object]) -> str:
    """The sentence a check refuses with."""
    with pytest.raises(ValidationError) as refused:
        check()
    return " ".join(refused.value.messages)


def no_such_page() -> str:
    """What a list says about a page it does not have."""
    with pytest.raises(InvalidPage) as refused:
        Paginator([1], 1).page(2)
    return str(refused.value)


SENTENCES: dict[str, tuple[Callable[[], str], str]] = {
    "required field": (
        lambda: refusal(lambda: forms.CharField().clean("")),
        "Бұл өрісті толтыру міндетті.",
    ),
    "invalid e-mail": (
        lambda: refusal(lambda: forms.EmailField().clean("ауыл")),
        "Электрондық пошта мекенжайын дұрыс енгізіңіз.",
    ),
    "invalid date": (
        lambda: refusal(lambda: forms.DateField().clean("32.13.2026")),
        "Күнді дұрыс енгізіңіз.",
    ),
    "not one of the choices": (
        lambda: refusal(lambda: forms.ChoiceField(choices=[("1", "бір")]).clean("2")),
        "Ұсынылған нұсқалардың бірін таңдаңыз. Мынадай нұсқа жоқ: 2.",
    ),
    "text too long": (
        lambda: refusal(lambda: MaxLengthValidator(3)("төрт")),
        "Ең көбі 3 таңба енгізуге болады (қазір: 4). Мәтінді қысқартыңыз.",
    ),
    "link without a host": (
        lambda: refusal(lambda: forms.URLField(assume_scheme="https").clean("??")),
        "Сілтемені дұрыс енгізіңіз.",
    ),
    "empty file": (
        lambda: refusal(lambda: forms.FileField().clean(SimpleUploadedFile("өтініш.pdf", b""), None)),
        "Жіберілген файл бос. Басқа файл таңдаңыз.",
    ),
    "range upside down": (
        lambda: refusal(lambda: IntegerRangeField().clean(["5", "1"])),
        "Аралықтың басы оның соңынан аспауға тиіс.",
    ),
    "password too short": (
        lambda: refusal(lambda: MinimumLengthValidator(12).validate("қысқа")),
        "Құпиясөз тым қысқа. Онда кемінде 12 таңба болуға тиіс.",
    ),
    "password too common": (
        lambda: refusal(lambda: CommonPasswordValidator().validate("password")),
        "Бұл құпиясөз тым кең таралған. Басқа құпиясөз ойлап табыңыз.",
    ),
    "wrong TOTP code": (
        lambda: str(DefaultMFAAdapter.error_messages["incorrect_code"]),
        "Код дұрыс емес.",
    ),
    "wrong e-mail or password": (
        lambda: str(DefaultAccountAdapter.error_messages["email_password_mismatch"]),
        "Электрондық пошта мекенжайы немесе құпиясөз дұрыс емес.",
    ),
    "new passwords differ": (
        lambda: gettext("You must type the same password each time."),
        "Екі өріске де бірдей құпиясөз енгізіңіз.",
    ),
    "admin: all": (lambda: gettext("All"), "Барлығы"),
    "admin: home": (lambda: gettext("Home"), "Басты бет"),
    "admin: filter": (lambda: gettext("Filter"), "Сүзгі"),
    "admin: empty value": (lambda: gettext("None"), "Жоқ"),
    "admin: results": (lambda: ngettext("%(counter)s result", "%(counter)s results", 5) % {"counter": 5}, "5 нәтиже"),
    "no such page": (no_such_page, "Бұл бетте ештеңе жоқ"),
    "month inside a date": (lambda: date_format(date(2026, 6, 5)), "2026 жылғы 5 маусым"),
    "weekday inside a date": (lambda: date_format(date(2026, 6, 5), "l, j E"), "жұма, 5 маусым"),
    "time that has passed": (
        lambda: timesince.timesince(MORNING, MORNING + timedelta(hours=3, minutes=5)),
        "3\xa0сағат, 5\xa0минут",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_of_django_or_allauth_is_said_in_kazakh(name: str, kazakh: None) -> None:
    say, expected = SENTENCES[name]
    sentence = say()
    assert sentence == expected
    assert not re.search("[A-Za-z]", sentence)


def test_kazakh_months_are_in_lower_case(kazakh: None) -> None:
    assert [str(name) for name in MONTHS.values()] == [
        *("қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым"),
        *("шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"),
    ]


def test_kazakh_months_inside_a_date_are_the_same_as_alone(kazakh: None) -> None:
    days = [date(2026, month, 1) for month in range(1, 13)]
    assert [date_format(day, "E") for day in days] == [date_format(day, "F") for day in days]


def test_kazakh_weekdays_are_in_lower_case(kazakh: None) -> None:
    assert [str(name) for name in WEEKDAYS.values()] == [
        *("дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"),
    ]


def test_kazakh_short_weekdays_do_not_mix_up_tuesday_and_saturday(kazakh: None) -> None:
    assert [str(name) for name in WEEKDAYS_ABBR.values()] == ["дс", "сс", "ср", "бс", "жм", "сб", "жс"]


def test_russian_words_that_do_not_agree_are_replaced() -> None:
    with translation.override("ru"):
        message = gettext("%(model_name)s with this %(field_label)s already exists.")
    assert message == "Такая запись уже есть: %(model_name)s. Повторяется поле: %(field_label)s."


def test_russian_plurals_of_django_stay_as_they_are() -> None:
    with translation.override("ru"):
        waits = [timesince.timesince(MORNING, MORNING + timedelta(days=days)) for days in (1, 2, 5)]
    assert waits == ["1\xa0день", "2\xa0дня", "5\xa0дней"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_string_that_our_pages_can_show_has_kazakh_words(source: Path) -> None:
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue("kk")}
    for other in SOURCES:
        known |= {(entry.msgctxt, entry.msgid) for entry in theirs(other, "kk") if entry.translated()}
    shown = [
        (entry.msgctxt, entry.msgid)
        for entry in theirs(source, "en")
        if any(not ELSEWHERE.search(place.removeprefix("django/")) for place, _ in entry.occurrences)
    ]
    assert shown
    assert [key for key in shown if key not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_strings_that_django_or_allauth_still_have_are_kept(language: str) -> None:
    asked = {(entry.msgctxt, entry.msgid) for source in SOURCES for entry in theirs(source, "en")}
    assert [entry.msgid for entry in catalogue(language) if (entry.msgctxt, entry.msgid) not in asked] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_empty_or_fuzzy(language: str) -> None:
    faults = [entry.msgid for entry in catalogue(language) if entry.fuzzy or not all(t.strip() for t in said(entry))]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_keeps_its_placeholders(language: str) -> None:
    faults = [
        entry.msgid
        for entry in catalogue(language)
        for text in said(entry)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_word_is_left(language: str) -> None:
    faults = [
        text
        for entry in catalogue(language)
        for text in said(entry)
        if re.search("[A-Za-z]", NAMES.sub("", PLACEHOLDER.sub("", text)))
    ]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_counted_as_django_counts_them(language: str) -> None:
    django_own = polib.pofile(str(DJANGO / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"))
    own = catalogue(language)
    assert own.metadata["Plural-Forms"] == django_own.metadata["Plural-Forms"]
    forms_needed = int(re.search(r"nplurals=(\d)", own.metadata["Plural-Forms"])[1])
    assert {len(entry.msgstr_plural) for entry in own if entry.msgid_plural} == {forms_needed}


@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_accepts_the_catalogue(language: str, tmp_path: Path) -> None:
    source = UPSTREAM / language / "LC_MESSAGES" / "django.po"
    done = subprocess.run(
        ["msgfmt", "--check", "--output-file", str(tmp_path / "out.mo"), str(source)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
