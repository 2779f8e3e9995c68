"""The papers of an enrolment: annex 4 (118-a4) and the training contract, an offer (SPEC 2.6).

What differs between languages is a pair {"kk": ..., "ru": ...}. Dates are written ISO.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import pgettext_lazy

from bastau import law
from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.papers.models import Paper, PaperState
from referrals.models import ReferralApplication
from referrals.papers import REFERRAL_A5
from referrals.states import StudyForm, TargetStatus
from training.models import Enrolment

QUESTIONNAIRE_A4 = "questionnaire_a4"
OFFER = "offer"
#: The same contract, accepted by an electronic signature.
OFFER_SIGNED = "offer_signed"
#: The version of the offer's text, kept with its acceptance (118-p19). Change it with the words.
OFFER_VERSION = "2026-1"

register(
    PaperKind(
        QUESTIONNAIRE_A4,
        pgettext_lazy("paper", "Application-questionnaire"),
        "papers/questionnaire_a4",
        signer="citizen",
    )
)
register(PaperKind(OFFER, pgettext_lazy("paper", "Training contract (offer)"), "papers/offer"))
register(PaperKind(OFFER_SIGNED, pgettext_lazy("paper", "Training contract (offer)"), "papers/offer", signer="citizen"))
register_cases(Enrolment.kind, Enrolment.objects.visible_to, whole=True)


def both(text: Callable[[str], str]) -> dict[str, str]:
    """What `text` says in each language papers are made in, with that language active."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = text(language)
    return said


def referral_number(referral: ReferralApplication) -> str:
    """The number of the referral itself; that of its application where the paper is not made yet."""
    papers = Paper.objects.filter(case_kind=referral.kind, case_id=referral.pk, kind=REFERRAL_A5)
    live = papers.exclude(state=PaperState.VOID).order_by("language").values_list("number", flat=True)
    return live.first() or referral.number


def questionnaire_facts(enrolment: Enrolment) -> dict[str, Any]:
    """Annex 4: nine rows, seven promises, consents (118-a4)."""
    person, referral, answers = enrolment.person, enrolment.referral, enrolment.questionnaire
    assert enrolment.office is not None
    return {
        "office": both(enrolment.office.name),
        "name": person.full_name,
        "iin": person.iin,
        "birth_date": person.birth_date.isoformat(),
        "address": both(referral.address),
        "status": both(lambda _language: str(TargetStatus(referral.target_status).label)),
        "sector": answers.get("sector", ""),
        "description": answers.get("description", ""),
        "has_collateral": bool(answers.get("collateral")),
        "collateral": answers.get("collateral_text", ""),
        "study_form": answers["study_form"],
        "sheets": referral.sheets,
        "referral_number": referral_number(referral),
        "number": enrolment.number,
        "signed_on": "",
    }


def offer_facts(enrolment: Enrolment) -> dict[str, Any]:
    """The contract as it was accepted: group, dates, hours, and when (SPEC 2.6)."""
    group, office, referral = enrolment.group, enrolment.office, enrolment.referral
    assert group is not None
    assert office is not None
    at = enrolment.offer_accepted_at
    accepted = at.astimezone(ZoneInfo(office.zone)) if at is not None else None
    return {
        "office": both(office.name),
        "name": enrolment.person.full_name,
        "iin": enrolment.person.iin,
        "number": enrolment.number,
        "referral_number": referral_number(referral),
        "referral_date": referral.issued_on.isoformat() if referral.issued_on else "",
        "mode": both(lambda _language: str(StudyForm(group.mode).label)),
        "is_offline": group.mode == StudyForm.OFFLINE,
        "start_on": group.start_on.isoformat(),
        "end_on": group.end_on.isoformat(),
        "hours": hours_of(group),
        "pass_mark": law.value("118-p27-1"),
        "place": both(group.place),
        # Empty where it is accepted by the signature: its time is the time.
        "accepted_on": accepted.date().isoformat() if accepted else "",
        "accepted_time": f"{accepted:%H:%M}" if accepted else "",
        "by_code": enrolment.offer_means == "code",
    }


def hours_of(group: Any) -> int:
    """The academic hours of a group's timetable (118-p22-4)."""
    return sum(group.class_days.filter(booked=True).values_list("hours", flat=True))
