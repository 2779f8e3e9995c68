"""The papers of a referral: annex 1 with its tear-off, annex 3, the reasoned refusal, annex 5.

Each builder returns the facts of all language versions, frozen with the paper: what differs between languages is
a pair {"kk": ..., "ru": ...}. Dates are local dates of the office, written ISO. What is not known stays empty and
is printed as the blank line of the form. A date of issue is left blank on what is signed electronically: the date
is then the signature's, and the check page of the paper shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import pgettext_lazy

from bastau import clock, law, workdays
from bastau.flow import Actor
from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.papers.models import Paper
from bastau.people.models import Office, OfficeKind, Post
from bastau.people.roles import Role
from referrals import dates
from referrals.models import Proposal, ReferralApplication
from referrals.states import TargetStatus

APPLICATION_A1 = "application_a1"
ACCEPTANCE_RECEIPT = "acceptance_receipt"
REFUSAL_A3 = "refusal_a3"
SERVICE_REFUSAL = "service_refusal"
REFERRAL_A5 = "referral_a5"

# SPEC 2.3. The first two are refusals to accept (118-p07-1), the others the grounds of the standard (118-a2-r09).
REASONS: dict[str, dict[str, str]] = {
    "ACCEPT_INCOMPLETE": {
        "kk": "Құжаттар топтамасы толық ұсынылмады",
        "ru": "Представлен неполный пакет документов",
    },
    "ACCEPT_EXPIRED": {
        "kk": "Қолданылу мерзімі өтіп кеткен құжат ұсынылды",
        "ru": "Представлен документ с истекшим сроком действия",
    },
    "REFUSE_UNTRUE": {
        "kk": ("Ұсынылған құжаттардың және (немесе) олардағы деректердің (мәліметтердің) анық еместігі анықталды"),
        "ru": ("Установлена недостоверность представленных документов и (или) данных (сведений), содержащихся в них"),
    },
    "REFUSE_NOT_CONFORMING": {
        "kk": (
            "Көрсетілетін қызметті алушы және (немесе) ұсынылған материалдар, объектілер, деректер мен мәліметтер "
            "Қағидаларда белгіленген талаптарға сәйкес келмейді"
        ),
        "ru": (
            "Услугополучатель и (или) представленные материалы, объекты, данные и сведения не соответствуют "
            "требованиям, установленным Правилами"
        ),
    },
}
GROUNDS = {1: "REFUSE_UNTRUE", 2: "REFUSE_NOT_CONFORMING"}


def _series(prefix: str) -> Callable[[Paper], str]:
    """The yearly series of a region (A-44): `ЖЛ-35-2026`."""

    def name(paper: Paper) -> str:
        return f"{prefix}-{paper.office.region_id}-{clock.today(paper.office.zone).year}"

    return name


def _referral_number(series: str, n: int) -> str:
    return f"{series}-{n:0{law.value('A-44:referral_digits')}d}"


register(PaperKind(APPLICATION_A1, pgettext_lazy("paper", "Application"), "papers/application_a1", signer="citizen"))
register(
    PaperKind(
        ACCEPTANCE_RECEIPT, pgettext_lazy("paper", "Application with acceptance receipt"), "papers/acceptance_receipt"
    )
)
# Annex 3 carries the number under which the refusal to accept is registered.
register(PaperKind(REFUSAL_A3, pgettext_lazy("paper", "Receipt of refusal to accept documents"), "papers/refusal_a3"))
register(
    PaperKind(
        SERVICE_REFUSAL,
        pgettext_lazy("paper", "Reasoned refusal"),
        "papers/service_refusal",
        series=_series("БТ"),
        signer="director",
    )
)
register(
    PaperKind(
        REFERRAL_A5,
        pgettext_lazy("paper", "Referral for training"),
        "papers/referral_a5",
        series=_series("ЖЛ"),
        number_format=_referral_number,
        signer="director",
    )
)


register_cases(ReferralApplication.kind, ReferralApplication.objects.visible_to)


def application_facts(application: ReferralApplication) -> dict[str, Any]:
    """Annex 1 (118-a1), with its consents."""
    office = _centre(application)
    return {
        "office": _both(office.name),
        "name": application.person.full_name,
        "address": _both(application.address),
        "sheets": application.sheets,
        "director": _director(office),
        "number": application.number,
        "signed_on": "",
    }


def receipt_facts(application: ReferralApplication, by: Actor) -> dict[str, Any]:
    """Annex 1 with its tear-off for an application just accepted at a counter (118-p07-1, A-47)."""
    assert by.user is not None
    assert application.accepted_on is not None
    centre = _centre(application)
    counter = application.counter or centre
    due = dates.dates_from(application.channel, application.accepted_on, centre.zone, workdays.current).total
    acceptor = by.user.person
    named = " ".join(part for part in (acceptor.given_name, acceptor.patronymic, acceptor.surname) if part)
    return application_facts(application) | {
        "signed_on": application.accepted_on.isoformat(),
        "accepted_on": application.accepted_on.isoformat(),
        "due_on": due.due_on.isoformat(),
        "acceptor": _with_position(named, by.post),
        "place": _both(lambda language: f"{counter.name(language)}, {counter.address(language)}"),
    }


def acceptance_refusal_facts(application: ReferralApplication, by: Actor) -> dict[str, Any]:
    """Annex 3, refusal to accept (118-p07-1, 118-a3).

    At the State Corporation the director's line stays empty and the person who refused signs below (A-07).
    """
    assert by.user is not None
    counter = application.counter or _centre(application)
    at_sc = counter.kind == OfficeKind.SC
    return {
        "office": _both(counter.name),
        "name": application.person.full_name,
        "number": application.number,
        "reason": REASONS[application.acceptance_refusal],
        "details": application.acceptance_refusal_text,
        # The form asks for a centre; the State Corporation may not know which one it would have been.
        "centre": _both(application.office.name if application.office else counter.name),
        "issued_on": clock.today(counter.zone).isoformat(),
        "director": "" if at_sc else _director(counter),
        "refused_by": _with_position(by.user.person.full_name, by.post) if at_sc else "",
    }


def service_refusal_facts(application: ReferralApplication, proposal: Proposal) -> dict[str, Any]:
    """Reasoned refusal on the form of annex 3 (118-p09-2, 118-a2-r09, A-07): ground, rule, reasons, what to mend."""
    assert proposal.ground is not None
    office = _centre(application)
    rule = law.clause(proposal.rule)
    return {
        "office": _both(office.name),
        "name": application.person.full_name,
        "reason": REASONS[GROUNDS[proposal.ground]],
        "ground": proposal.ground,
        "rule": _both(lambda language: f"{rule.label(language)}. {rule.text(language)}"),
        "reasons": proposal.reasons,
        "evidence": proposal.evidence,
        "mend": proposal.remedy,
        "centre": _both(office.name),
        "issued_on": "",
        "director": _director(office),
    }


def referral_facts(application: ReferralApplication) -> dict[str, Any]:
    """Annex 5 (118-a5), both parts from one record."""
    office = _centre(application)
    return {
        "office": _both(office.name),
        "centre": _both(office.name),
        "name": application.person.full_name,
        "address": _both(application.address),
        "status": _both(lambda _: str(TargetStatus(application.target_status).label)),
        "contacts": [contact for contact in (application.phone, application.email) if contact],
        "director": _director(office),
        "seal": office.has_seal,
        "issued_on": "",
    }


def _both(text: Callable[[str], str]) -> dict[str, str]:
    """What `text` says in each language papers are made in, with that language active."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = text(language)
    return said


def _centre(application: ReferralApplication) -> Office:
    assert application.office is not None
    return application.office


def _director(office: Office) -> str:
    """Full name of the office's director, the own post before a substitution; empty when there is none."""
    posts = Post.objects.in_force().filter(office=office, role=Role.DIRECTOR).select_related("user__person")
    post = min(posts, key=lambda post: (post.substitutes_id is not None, post.pk), default=None)
    return post.user.person.full_name if post else ""


def _with_position(name: str, post: Post | None) -> dict[str, str]:
    return _both(lambda _: f"{name}, {post.get_role_display()}" if post else name)
