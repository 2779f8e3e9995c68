"""Pure rules of the referral; each names the clause it applies."""

from __future__ import annotations

from datetime import date

from referrals.states import CheckResult, CheckSubject, Ground, TargetStatus

# The rules a refusal may cite, by ground (118-a2-r09): untrue data; not in the target group; other requirements.
REFUSAL_RULES: dict[int, tuple[str, ...]] = {
    Ground.UNTRUE_DATA: ("118-a2-r09-1",),
    Ground.NOT_CONFORMING: ("118-p03", "118-a2-r08-1", "118-a2-r09-2"),
}


def application_number(region: str, day: date, n: int) -> str:
    """The registration number of an application: `БО-35-2026-001487`."""
    return f"{application_series(region, day)}-{n:06d}"


def application_series(region: str, day: date) -> str:
    """The series of application numbers of a region and year."""
    return f"БО-{region}-{day.year}"


def target_group(answer: dict, claimed: str) -> tuple[str, str]:
    """The protocol's line on the target group (118-p03, p09-1): result and answer code.

    The unemployed take part regardless of registration, so a missing registration alone is not a "no"; only a
    status outside the list is. A status other than the one claimed is shown to the specialist as it is.
    """
    status = answer["target_status"]
    if status not in TargetStatus.values:
        return CheckResult.NO, "not_in_target_group"
    if status != claimed:
        return CheckResult.YES, "other_status"
    return CheckResult.YES, "registered" if answer["registered_unemployed"] else "in_target_group"


def identity(answer: dict, *, iin: str, surname: str, given_name: str) -> tuple[str, str]:
    """The protocol's line on identity (118-a2-r08-4): the register's names against those of the application."""
    if answer.get("found") is False:
        return CheckResult.NO, "not_found"
    if not answer.get("alive", True):
        return CheckResult.NO, "not_alive"
    same = (answer["iin"], answer["surname"].casefold(), answer["given_name"].casefold()) == (
        iin,
        surname.casefold(),
        given_name.casefold(),
    )
    return (CheckResult.YES, "matches") if same else (CheckResult.NO, "differs")


def residence(serving: int | None, centre: int) -> tuple[str, str]:
    """The protocol's line on residence in the area of the centre (118-p08-2, a2-r08-1).

    `serving` is the centre that serves the residence in the register, by the same rule that routes applications.
    """
    return (CheckResult.YES, "in_area") if serving == centre else (CheckResult.NO, "outside_area")


REGISTER_SUBJECTS = {
    "person_registry": (CheckSubject.IDENTITY, CheckSubject.RESIDENCE),
    "labour_market": (CheckSubject.TARGET_GROUP,),
}
