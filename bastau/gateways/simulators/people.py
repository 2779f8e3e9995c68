"""Synthetic people: everything about a person follows from the IIN, so that each start tells the same.

The IINs made here have 1 or 2 as their seventh digit (born in the 19th century), so they belong to nobody alive;
the age rule has nothing to say about them. The dates all lie before July 2024, where the samples begin.
"""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
_FIRST_BIRTH, _BIRTHS = date(1860, 1, 1), 14_600
_SERIALS = 10_000
#: A step without a common factor with `_BIRTHS`: neighbours in `n` are born in different years.
_STRIDE = 4_877

#: The last four digits of the serial part that stand for the rare cases.
UNKNOWN_SERIAL, DECEASED_SERIAL = "9999", "9998"

# KATO prefix, sample centre of the region kk and ru (SPEC 6.5).
PLACES = (
    ("10", "Семей қ.", "г. Семей"),
    ("11", "Көкшетау қ.", "г. Кокшетау"),
    ("15", "Ақтөбе қ.", "г. Актобе"),
    ("19", "Қонаев қ.", "г. Конаев"),
    ("23", "Атырау қ.", "г. Атырау"),
    ("27", "Орал қ.", "г. Уральск"),
    ("31", "Тараз қ.", "г. Тараз"),
    ("33", "Талдықорған қ.", "г. Талдыкорган"),
    ("35", "Қарағанды қ.", "г. Караганда"),
    ("39", "Қостанай қ.", "г. Костанай"),
    ("43", "Қызылорда қ.", "г. Кызылорда"),
    ("47", "Ақтау қ.", "г. Актау"),
    ("55", "Павлодар қ.", "г. Павлодар"),
    ("59", "Петропавл қ.", "г. Петропавловск"),
    ("61", "Түркістан қ.", "г. Туркестан"),
    ("62", "Жезқазған қ.", "г. Жезказган"),
    ("63", "Өскемен қ.", "г. Усть-Каменогорск"),
    ("71", "Астана қ.", "г. Астана"),
    ("75", "Алматы қ.", "г. Алматы"),
    ("79", "Шымкент қ.", "г. Шымкент"),
)

_KAZAKH_SURNAMES = (
    ("Ахметов", "Ахметова"), ("Сәрсенов", "Сәрсенова"), ("Оспанов", "Оспанова"), ("Жұмабаев", "Жұмабаева"),
    ("Қасымов", "Қасымова"), ("Ибраев", "Ибраева"), ("Смағұлов", "Смағұлова"), ("Есенов", "Есенова"),
    ("Төлегенов", "Төлегенова"), ("Нұрпейісов", "Нұрпейісова"), ("Бекмұхамбетов", "Бекмұхамбетова"),
    ("Әбдірахманов", "Әбдірахманова"), ("Өтегенов", "Өтегенова"), ("Үсенов", "Үсенова"), ("Қуанышев", "Қуанышева"),
    ("Ғабдуллин", "Ғабдуллина"), ("Серікбай", "Серікбай"), ("Тілеуберді", "Тілеуберді"),
)  # fmt: skip
_KAZAKH_GIVEN = {
    "m": ("Нұрлан", "Ерлан", "Асқар", "Бауыржан", "Дәурен", "Қанат", "Мұрат", "Самат", "Әділ", "Өміржан",
          "Ғалым", "Тимур", "Жандос", "Ілияс", "Үміт"),
    "f": ("Айгүл", "Гүлнар", "Әсел", "Динара", "Жанар", "Қарлығаш", "Сәуле", "Меруерт", "Назгүл",
          "Күнсұлу", "Мөлдір", "Ләззат", "Гауһар", "Бибігүл", "Жаңыл"),
}  # fmt: skip
_KAZAKH_FATHERS = ("Серік", "Болат", "Марат", "Қайрат", "Төлеген", "Жақсылық", "Әбіш", "Ораз", "Ғабит", "Мұхтар",
                   "Нұрғали", "Сейіт", "Өтеген", "Кеңес")  # fmt: skip
_RUSSIAN_SURNAMES = (
    ("Иванов", "Иванова"), ("Петров", "Петрова"), ("Кузнецов", "Кузнецова"), ("Соколов", "Соколова"),
    ("Лебедев", "Лебедева"), ("Новиков", "Новикова"), ("Морозов", "Морозова"), ("Ковалевский", "Ковалевская"),
    ("Бондаренко", "Бондаренко"), ("Шевчук", "Шевчук"), ("Зайцев", "Зайцева"), ("Литвиненко", "Литвиненко"),
)  # fmt: skip
_RUSSIAN_GIVEN = {
    "m": ("Александр", "Сергей", "Дмитрий", "Андрей", "Алексей", "Николай", "Игорь", "Павел", "Юрий"),
    "f": ("Елена", "Ольга", "Наталья", "Ирина", "Светлана", "Татьяна", "Мария", "Людмила", "Анна"),
}
_RUSSIAN_FATHERS = (
    ("Иванович", "Ивановна"), ("Сергеевич", "Сергеевна"), ("Николаевич", "Николаевна"), ("Петрович", "Петровна"),
    ("Андреевич", "Андреевна"), ("Ильич", "Ильинична"), ("Юрьевич", "Юрьевна"), ("Дмитриевич", "Дмитриевна"),
    ("Павлович", "Павловна"), ("Игоревич", "Игоревна"),
)  # fmt: skip


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of an IIN; None where both passes give 10."""
    for weights in _WEIGHTS:
        rest = sum(int(digit) * weight for digit, weight in zip(first_eleven, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def make_iin(n: int, *, born: date | None = None, sex: str | None = None) -> str:
    """The n-th synthetic IIN; another `n` is another IIN. `born` (its century is not kept) and `sex` (m, f) bind it.

    Raises ValueError when n is negative or more than the bound serial numbers hold (some 9,000 a day and sex), or
    when `born` is no day of the 19th century (29 February of a year that ends in 00).
    """
    if n < 0:
        raise ValueError("n counts from 0.")
    turn = n
    if sex is None:
        turn, sex = turn // 2, "mf"[turn % 2]
    if born is None:
        turn, day = divmod(turn, _BIRTHS)
        born = _FIRST_BIRTH + timedelta(days=day * _STRIDE % _BIRTHS)
    date(1800 + born.year % 100, born.month, born.day)
    stem = f"{born:%y%m%d}{'1' if sex == 'm' else '2'}"
    for serial in range(int(DECEASED_SERIAL)):
        digit = check_digit(f"{stem}{serial:04}")
        if digit is None:
            continue
        if turn == 0:
            return f"{stem}{serial:04}{digit}"
        turn -= 1
    raise ValueError("Not so many people are born on one day.")


def synthetic(iin: str) -> dict[str, Any] | None:
    """All that the registers tell of the person with `iin`: a persona's fields, with `labour` inside.

    None when nobody can have this IIN, or its serial number is the one that stands for an unknown person.
    """
    born, sex = _birth(iin), _sex(iin)
    if born is None or sex is None or iin[7:11] == UNKNOWN_SERIAL:
        return None
    surname, given_name, patronymic = _name(iin, sex)
    prefix, city_kk, city_ru = PLACES[_roll(iin, "place", len(PLACES))]
    house, flat = 1 + _roll(iin, "house", 90), 1 + _roll(iin, "flat", 60)
    return {
        "iin": iin,
        "surname": surname,
        "given_name": given_name,
        "patronymic": patronymic,
        "birth_date": born.isoformat(),
        "sex": sex,
        "residence": f"{prefix}1000000",
        "address_kk": f"{city_kk}, Үлгі көшесі, {house}-үй, {flat}-пәтер",
        "address_ru": f"{city_ru}, улица Образцовая, дом {house}, квартира {flat}",
        "alive": iin[7:11] != DECEASED_SERIAL,
        "labour": _labour(iin, prefix),
    }


def entrepreneur(iin: str) -> dict[str, Any]:
    """What the tax register tells: four of five synthetic people are individual entrepreneurs, others not yet."""
    if _birth(iin) is None or _roll(iin, "entrepreneur", 5) == 0:
        return {"registered": False, "number": "", "since": None}
    since = date(2023, 9, 1) + timedelta(days=_roll(iin, "since", 300))
    return {"registered": True, "number": f"KZ{_roll(iin, 'notice', 10**8):08}UTN", "since": since.isoformat()}


def load_personas(path: Path) -> dict[str, dict[str, Any]]:
    """The personas of a fixture by IIN; nobody when there is no such file. Raises ValueError for a broken one."""
    if not path.exists():
        return {}
    return {persona["iin"]: persona for persona in json.loads(path.read_text(encoding="utf-8"))}


def _labour(iin: str, prefix: str) -> dict[str, Any]:
    chance = _roll(iin, "status", 100)
    registered = chance < 68
    status = "UNEMPLOYED" if chance < 76 else f"E0{1 + _roll(iin, 'category', 6)}" if chance < 92 else "NONE"
    first = date(2021, 1, 11)
    trained = _roll(iin, "trained", 100) < 8
    return {
        "registered_unemployed": registered,
        "registered_on": (first + timedelta(days=_roll(iin, "registered", 1250))).isoformat() if registered else None,
        "target_status": status,
        "trained_until": (date(2023, 3, 1) + timedelta(days=_roll(iin, "until", 480))).isoformat() if trained else None,
        "card_number": "" if status == "NONE" else f"{prefix}-{_roll(iin, 'card', 10**7):07}",
    }


def _name(iin: str, sex: str) -> tuple[str, str, str]:
    which = 0 if sex == "m" else 1
    none = _roll(iin, "no patronymic", 100) < 5
    if _roll(iin, "nation", 100) < 74:
        surname = _pick(iin, "surname", _KAZAKH_SURNAMES)[which]
        father = _pick(iin, "father", _KAZAKH_FATHERS) + ("ұлы", "қызы")[which]
        given_name = _pick(iin, "given", _KAZAKH_GIVEN[sex])
    else:
        surname = _pick(iin, "surname", _RUSSIAN_SURNAMES)[which]
        father = _pick(iin, "father", _RUSSIAN_FATHERS)[which]
        given_name = _pick(iin, "given", _RUSSIAN_GIVEN[sex])
    return surname, given_name, "" if none else father


def _birth(iin: str) -> date | None:
    if len(iin) != 12 or not iin.isascii() or not iin.isdigit() or check_digit(iin[:11]) != int(iin[11]):
        return None
    try:
        return date(_CENTURIES[iin[6]] + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except (KeyError, ValueError):
        return None


def _sex(iin: str) -> str | None:
    return ("m" if int(iin[6]) % 2 else "f") if iin[6:7] in _CENTURIES else None


def _pick(iin: str, what: str, among: tuple[Any, ...]) -> Any:
    return among[_roll(iin, what, len(among))]


def _roll(iin: str, what: str, sides: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{iin}/{what}".encode()).digest()[:8]) % sides
