"""The recovery of a misused part: asked to explain, decided, returned or handed over to court (A-40)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law, papers
from bastau.flow import SYSTEM, Actor, Refused, perform
from bastau.papers import numbers
from monitoring.models import MisuseAct, Recovery
from monitoring.notices import recovery as notices
from monitoring.rights import recovery as rights

if TYPE_CHECKING:
    from monitoring.models import QuarterlyReport


def locked(recovery: Recovery) -> Recovery:
    """The recovery, locked, with what its steps need."""
    return (
        Recovery._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "report__payment")
        .get(pk=recovery.pk)
    )


def begin(report: QuarterlyReport, act: MisuseAct) -> Recovery:
    """Open the recovery of a confirmed act and ask the grantee to explain. Once more changes nothing."""
    office = report.office
    assert office is not None
    series = f"ҚӨ-{office.region_id}-{clock.today(office.zone).year}"
    with transaction.atomic():
        recovery, new = Recovery._base_manager.get_or_create(
            report=report,
            defaults={
                "act": act,
                # Taken only where the row is made.
                "number": lambda: f"{series}-{numbers.take(series):06d}",  # type: ignore[misc]
                "amount": act.amount,
                "person": report.person,
                "office": office,
                "ruleset": law.RULESET,
                "created_at": clock.now(),
            },
        )
        if new:
            recovery = perform(recovery, "begin", by=SYSTEM, amount=act.amount)
            notices.tell_asked(recovery)
    return recovery


def explain(recovery: Recovery, *, by: Actor, text: str, file: UploadedFile | None = None) -> Recovery:
    """The grantee explains, with a document if there is one. The second of two clicks changes nothing.

    Raises Refused, papers.UploadRefused.
    """
    if not text.strip():
        raise Refused(_("Write what the money went to and why."))
    assert by.user is not None
    with transaction.atomic():
        recovery = locked(recovery)
        if recovery.explanation == text.strip() and rights.may(recovery, "explain", by).ok:
            return recovery
        recovery = perform(recovery, "explain", by=by, set={"text": text.strip()})
        if file is not None:
            papers.accept_upload(
                file, case=(recovery.kind, recovery.pk), kind="explanation", person=recovery.person,
                office=recovery.office, by=by.user,
            )  # fmt: skip
    return recovery


def close_explained(recovery: Recovery, *, by: Actor, text: str) -> Recovery:
    """The director finds the explanation enough: nothing is returned. Raises Refused."""
    _reason(text)
    with transaction.atomic():
        recovery = perform(recovery, "close_explained", by=by, set={"text": text.strip()}, amount=recovery.amount)
        notices.tell_closed(recovery, text.strip())
        _end(recovery)
    return recovery


def demand(recovery: Recovery, *, by: Actor, text: str) -> Recovery:
    """The director demands the return of the misused part. Raises Refused."""
    _reason(text)
    with transaction.atomic():
        recovery = perform(recovery, "demand", by=by, set={"text": text.strip()}, amount=recovery.amount)
        notices.tell_demanded(recovery, text.strip())
    return recovery


def record_return(recovery: Recovery, *, by: Actor, amount: int, returned_on: date, bank_reference: str) -> Recovery:
    """The specialist records that the whole sum came back, by the bank's answer. Raises Refused."""
    assert recovery.office is not None
    if amount != recovery.amount:
        raise Refused(
            _("The whole demanded sum is to come back before the return is recorded; less stays a demand."),
            code="sum",
        )
    if returned_on > clock.today(recovery.office.zone):
        raise Refused(_("The day of the return is still to come. Record it when the money is there."))
    if not bank_reference.strip():
        raise Refused(_("Write the number of the bank's document."))
    with transaction.atomic():
        recovery = perform(
            recovery, "record_return", by=by,
            set={"returned_on": returned_on, "bank_reference": bank_reference.strip()},
            amount=amount, returned_on=returned_on,
        )  # fmt: skip
        notices.tell_returned(recovery)
        _end(recovery)
    return recovery


def go_to_court(recovery: Recovery, *, by: Actor, court_reference: str) -> Recovery:
    """The director hands the matter over for recovery through court, after the term of the return. Raises Refused."""
    if not court_reference.strip():
        raise Refused(_("Write under which number the claim was handed over."))
    with transaction.atomic():
        recovery = perform(
            recovery, "go_to_court", by=by, set={"court_reference": court_reference.strip()}, amount=recovery.amount
        )
        notices.tell_court(recovery)
        _end(recovery)
    return recovery


def _reason(text: str) -> None:
    if not text.strip():
        raise Refused(_("Write the reasons of the decision; the grantee reads them."))


def _end(recovery: Recovery) -> None:
    # The outcome goes to the report; the head of unit closes it.
    report: Any = recovery.report
    perform(report, "note_recovery_ended", by=SYSTEM, set={"outcome": recovery.state}, outcome=recovery.state)
