"""The monthly list: drawn up by the system, signed by the director, sent, acknowledged, supplemented (118-p12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from bastau import clock, law
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.papers import numbers
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Office
from referrals.models import ReferralApplication
from referrals.papers import REFERRAL_A5
from training import candidates
from training.actions import office_papers
from training.models import ListLine, MonthlyList
from training.offices import chamber_of
from training.papers import lists as kinds


def draw_up(centre: Office, month: date) -> MonthlyList | None:
    """The system draws up the list of `month` with its paper, once; None where no chamber works with the centre.

    A month without referrals has its list too: it says that there are no candidates (118-p12-1).
    """
    chamber = chamber_of(centre)
    if chamber is None:
        return None
    with transaction.atomic():
        drawn, new = MonthlyList._base_manager.get_or_create(
            office=centre,
            month=month,
            part=1,
            defaults={"chamber": chamber, "ruleset": law.RULESET, "created_at": clock.now()},
        )
        return _fill(drawn, "draw", SYSTEM) if new else drawn


def redraw(case: MonthlyList, *, by: Actor) -> MonthlyList:
    """Draw the list up anew from the referrals as they stand; its prepared paper is void (A-51). Raises Refused."""
    with transaction.atomic():
        case = locked(case)
        allowed = verdict(case, "redraw", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="redraw")
        office_papers.void(case, kinds.MONTHLY_LIST)
        case.lines.all().delete()
        return _fill(case, "redraw", by)


def sign(case: MonthlyList, *, by: Actor, signatures: Mapping[int, bytes]) -> MonthlyList:
    """The director signs the list: paper id -> CMS for each language version (118-p12-1).

    Raises Refused and papers.SigningRefused, both without any change.
    """
    with transaction.atomic():
        case = locked(case)
        allowed = verdict(case, "sign", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="sign")
        assert case.office is not None
        main = office_papers.sign(
            case, kinds.MONTHLY_LIST, by=by, signatures=signatures, on=clock.today(case.office.zone)
        )
        return perform(case, "sign", by=by, sha256=main.sha256, candidates=case.lines.count())


def send(case: MonthlyList, *, by: Actor) -> MonthlyList:
    """Send the signed list to the chamber, electronically (118-p12-1). Raises Refused."""
    return perform(case, "send", by=by, chamber=case.chamber_id)


def acknowledge(case: MonthlyList, *, by: Actor) -> MonthlyList:
    """The chamber acknowledges the receipt; that of a supplement also covers the list it completes. Raises Refused."""
    with transaction.atomic():
        case = perform(case, "acknowledge", by=by)
        if case.supplements_id is not None:
            MonthlyList._base_manager.filter(pk=case.supplements_id, received_at=None).update(
                received_at=case.received_at, received_by=case.received_by
            )
        return case


def supplement(case: MonthlyList, *, by: Actor) -> MonthlyList:
    """A further list of the month with those who are on none yet; returns it. Raises Refused."""
    with transaction.atomic():
        case = perform(case, "add_supplement", by=by)
        further = MonthlyList._base_manager.create(
            office=case.office,
            chamber=case.chamber,
            month=case.month,
            part=case.part + 1,
            supplements=case,
            ruleset=law.RULESET,
            created_at=clock.now(),
        )
        return _fill(further, "draw", by)


def locked(case: MonthlyList) -> MonthlyList:
    """The list, locked."""
    return MonthlyList._base_manager.select_for_update(of=("self",)).select_related("office", "chamber").get(pk=case.pk)


def _fill(case: MonthlyList, event: str, by: Actor) -> MonthlyList:
    """Number, lines, journal, paper."""
    assert case.office is not None
    if not case.number:
        series = f"АТ-{case.office.region_id}-{clock.today(case.office.zone).year}"
        case.number = f"{series}-{numbers.take(series):06d}"
        case.save(update_fields=["number"])
    missing = candidates.missing_from_lists(case.office_id, case.month)
    lines = [
        ListLine(list=case, referral=one, referral_number=number, referral_date=one.issued_on)
        for one, number in _numbered(list(missing))
        if one.issued_on is not None
    ]
    ListLine.objects.bulk_create(lines)
    case = perform(case, event, by=by, candidates=len(lines), month=case.month)
    office_papers.ask(case, kinds.MONTHLY_LIST, kinds.list_facts(case))
    return case


def _numbered(referrals: list[ReferralApplication]) -> list[tuple[ReferralApplication, str]]:
    """Each with the number of its referral, annex 5."""
    if not referrals:
        return []
    papers = Paper.objects.filter(
        case_kind=ReferralApplication.kind, case_id__in=[one.pk for one in referrals], kind=REFERRAL_A5, language="kk"
    ).exclude(state=PaperState.VOID)
    found = dict(papers.order_by("pk").values_list("case_id", "number"))
    return [(one, found.get(one.pk) or one.number) for one in referrals]


def sign_papers(case: MonthlyList) -> list[Paper]:
    """What the director reads and signs."""
    return office_papers.versions(case, kinds.MONTHLY_LIST)
