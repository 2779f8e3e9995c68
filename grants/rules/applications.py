"""Pure rules of the grant application: the criteria, the limit, the completeness of the project, its arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from bastau import law
from bastau.workdays.reckoning import add
from grants.states import Category, Criterion, Met, Source

#: Question pages of the project -> the keys of SPEC 2.9 asked there. The estimate has its own rows.
PROJECT_PAGES: dict[str, tuple[str, ...]] = {
    "idea": ("title", "summary", "sector", "place"),
    "product": ("product", "production"),
    "market": ("market", "competitors", "marketing"),
    "operations": ("operations", "team", "jobs"),
    "schedule": ("calendar",),
    "estimate": (),
    "forecast": ("income", "costs", "tax_regime"),
    "risks": ("risks",),
}
MONTHS = 12
#: SPEC 2.9: the summary has 300 to 2000 signs, the title at most 200.
SUMMARY_LEAST, SUMMARY_MOST, TITLE_MOST = 300, 2000, 200


class Line(Protocol):
    """A line of the estimate."""

    quantity: int
    price: int
    grant_part: int


@dataclass(frozen=True)
class Answer:
    """The answer to one criterion: yes, no or unknown, from where, and the code of the reason; `day` goes with it."""

    result: str
    source: str
    code: str
    day: date | None = None


@dataclass(frozen=True)
class Known:
    """All that is known of an applicant when the criteria are checked (FKA04-1.2).

    `certificates` are (kind, day of issue) of the certificates in force; None stands for "not known yet".
    """

    on: date
    certificates: tuple[tuple[str, date], ...] = ()
    skills_issued_on: date | None = None
    category: str = ""
    registered_unemployed: bool | None = None
    entrepreneur_since: date | None = None
    earlier_grant: bool = False
    open_recovery: bool = False


# ------------------------------------------------------------------------------------------------------ the criteria


def protocol(known: Known) -> dict[str, Answer]:
    """The check protocol: an answer to each criterion that the law's list names (FKA04-1.2, A-30)."""
    return {name: JUDGES[name](known) for name in law.value("A-30:criteria")}


def certificate(known: Known) -> Answer:
    """A certificate of an accepted kind, at most three years old on the day of the check (A-30, A-31, FKA04-1.1).

    One of the own register answers at once; a number of skills.enbek.kz waits for the specialist's look.
    """
    accepted = [day for kind, day in known.certificates if kind in law.value("A-31", known.on)]
    newest = max(accepted, default=None)
    if newest is not None and known.on <= certificate_until(newest):
        return Answer(Met.YES, Source.ACADEMY, "certificate_valid", newest)
    if known.skills_issued_on is not None and "SKILLS_ENBEK" in law.value("A-31", known.on):
        if known.on > certificate_until(known.skills_issued_on):
            return Answer(Met.NO, Source.APPLICANT, "certificate_old", known.skills_issued_on)
        return Answer(Met.UNKNOWN, Source.SKILLS, "skills_to_check", known.skills_issued_on)
    if newest is not None:
        return Answer(Met.NO, Source.ACADEMY, "certificate_old", newest)
    if known.certificates:
        return Answer(Met.NO, Source.ACADEMY, "participation_only")
    return Answer(Met.NO, Source.ACADEMY, "no_certificate")


def certificate_until(issued_on: date) -> date:
    """The last day on which a certificate of that day is young enough (A-30)."""
    return add(issued_on, law.term("A-30:certificate"))


def category(known: Known) -> Answer:
    """The category the applicant states (A-30). No register of categories is connected: the specialist looks."""
    if not known.category:
        return Answer(Met.UNKNOWN, Source.APPLICANT, "category_not_stated")
    if known.category == Category.NONE:
        return Answer(Met.NO, Source.APPLICANT, "category_none")
    return Answer(Met.UNKNOWN, Source.APPLICANT, "category_to_check")


def standing(known: Known) -> Answer:
    """Registered as unemployed, or entrepreneur for at most three years (A-30); being none is no hindrance by itself
    where the person registers as unemployed (question 20 of SPEC 7: the registration as entrepreneur is never asked
    before the contract)."""
    if known.registered_unemployed:
        return Answer(Met.YES, Source.LABOUR_MARKET, "registered_unemployed")
    if known.entrepreneur_since is not None:
        if known.on > entrepreneur_until(known.entrepreneur_since):
            return Answer(Met.NO, Source.APPLICANT, "entrepreneur_too_long", known.entrepreneur_since)
        return Answer(Met.UNKNOWN, Source.APPLICANT, "entrepreneur_to_check", known.entrepreneur_since)
    if known.registered_unemployed is None:
        return Answer(Met.UNKNOWN, Source.LABOUR_MARKET, "register_silent")
    return Answer(Met.NO, Source.LABOUR_MARKET, "not_registered")


def entrepreneur_until(registered_on: date) -> date:
    """The last day on which an entrepreneur registered on that day is new enough (A-30)."""
    return add(registered_on, law.term("A-30:entrepreneur"))


def no_earlier_grant(known: Known) -> Answer:
    """The grant is given once (A-30)."""
    if known.earlier_grant:
        return Answer(Met.NO, Source.PORTAL, "grant_before")
    return Answer(Met.YES, Source.PORTAL, "no_grant_before")


def no_recovery(known: Known) -> Answer:
    """Nobody who owes money of a grant back (A-30)."""
    if known.open_recovery:
        return Answer(Met.NO, Source.PORTAL, "recovery_open")
    return Answer(Met.YES, Source.PORTAL, "no_recovery")


JUDGES = {
    Criterion.CERTIFICATE.value: certificate,
    Criterion.CATEGORY.value: category,
    Criterion.STANDING.value: standing,
    Criterion.NO_EARLIER_GRANT.value: no_earlier_grant,
    Criterion.NO_RECOVERY.value: no_recovery,
}


# --------------------------------------------------------------------------------------------------- limit and sums


def limit_on(day: date) -> int | None:
    """The limit of a grant on `day`: 400 indices of that day, in tenge (A-41). None where its index is not entered."""
    try:
        return law.value("A-41:multiple", day) * law.value("A-41:mci", day)
    except law.NotInForce:
        return None


def sums(lines: Iterable[Line]) -> tuple[int, int]:
    """What an estimate asks of the grant and of the own money."""
    grant = own = 0
    for line in lines:
        grant += line.grant_part
        own += line.quantity * line.price - line.grant_part
    return grant, own


def break_even(income: Sequence[int], costs: Sequence[int]) -> int | None:
    """The first month (from 1) in which all income so far covers all costs so far; None within the forecast."""
    balance = 0
    for month, (came, went) in enumerate(zip(income, costs, strict=True), start=1):
        balance += came - went
        if balance >= 0 and any(income[:month]):
            return month
    return None


# -------------------------------------------------------------------------------------------------- the whole project


def missing(project: Mapping[str, Any], lines: Sequence[Line]) -> list[str]:
    """The pages of a project that lack something, in their order (FKA04-1.3, SPEC 2.9)."""
    found = []
    for page, keys in PROJECT_PAGES.items():
        whole = bool(lines) and sums(lines)[0] > 0 if page == "estimate" else all(_given(project, key) for key in keys)
        if not whole:
            found.append(page)
    return found


def _given(project: Mapping[str, Any], key: str) -> bool:
    value = project.get(key)
    if key == "jobs":
        return isinstance(value, int) and value >= 1
    if key in {"income", "costs"}:
        return isinstance(value, list) and len(value) == MONTHS and all(isinstance(one, int) for one in value)
    if key == "calendar":
        return isinstance(value, list) and bool(value)
    if key == "summary":
        return isinstance(value, str) and SUMMARY_LEAST <= len(value.strip()) <= SUMMARY_MOST
    return isinstance(value, str) and bool(value.strip())
