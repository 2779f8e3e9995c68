"""Facts of each kind as its builder gives them, with words full of Kazakh letters."""

from __future__ import annotations

from typing import Any

from referrals.papers import REASONS

CENTRE = {
    "kk": "Қарағанды облысы Теміртау қаласы әкімдігінің халықты жұмыспен қамту орталығы",
    "ru": "Центр занятости населения акимата города Темиртау Карагандинской области",
}
ADDRESS = {
    "kk": "Қарағанды облысы, Теміртау қаласы, Бейбітшілік көшесі, 12-үй, 34-пәтер",
    "ru": "Карагандинская область, город Темиртау, улица Мира, дом 12, квартира 34",
}
NAME = "Өтегенқызы Әсел Ұлықбекқызы"
DIRECTOR = "Қуанышбаев Нұрлан Ғаниұлы"

_APPLICATION: dict[str, Any] = {
    "office": CENTRE,
    "name": NAME,
    "address": ADDRESS,
    "sheets": 3,
    "director": DIRECTOR,
    "number": "",
    "signed_on": "",
}
FACTS: dict[str, dict[str, Any]] = {
    "application_a1": _APPLICATION,
    "acceptance_receipt": _APPLICATION
    | {
        "number": "БО-35-2026-000017",
        "signed_on": "2026-06-05",
        "accepted_on": "2026-06-05",
        "due_on": "2026-06-10",
        "acceptor": {"kk": "Мадина Һасенова, маман", "ru": "Мадина Һасенова, специалист"},
        "place": CENTRE,
    },
    "refusal_a3": {
        "office": CENTRE,
        "name": NAME,
        "number": "БҚ-35-2026-000003",
        "reason": REASONS["ACCEPT_EXPIRED"],
        "details": "Жеке куәлік",
        "centre": CENTRE,
        "issued_on": "2026-06-05",
        "director": DIRECTOR,
        "refused_by": "",
    },
    "service_refusal": {
        "office": CENTRE,
        "name": NAME,
        "reason": REASONS["REFUSE_NOT_CONFORMING"],
        "ground": 2,
        "rule": {"kk": "Қағидалардың 3-тармағы", "ru": "Пункт 3 Правил"},
        "reasons": "Деректер бойынша Сіз тұрақты жұмыс істейсіз.",
        "evidence": "«Еңбек нарығы» ААЖ жауабы.",
        "mend": "Мәртебеңіз өзгерген соң қайта өтініш бере аласыз.",
        "centre": CENTRE,
        "issued_on": "",
        "director": DIRECTOR,
    },
    "referral_a5": {
        "office": CENTRE,
        "centre": CENTRE,
        "name": NAME,
        "address": ADDRESS,
        "status": {"kk": "жұмыссыз", "ru": "безработная"},
        "contacts": ["+7 701 234 56 78", "asel@example.kz"],
        "director": DIRECTOR,
        "seal": True,
        "issued_on": "",
    },
}
