"""The specialist's check of the criteria, and the rejection that a head of unit confirms or returns (FKA04-1.2)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import Actor, Refused, perform
from grants.actions.drafts import locked
from grants.models import GrantApplication, Rejection
from grants.states import GrantState, Met, Source


def take(application: GrantApplication, *, by: Actor) -> GrantApplication:
    """A specialist takes the case to decide what no register answered. Raises Refused."""
    return perform(application, "take", by=by)


def answer_criterion(
    application: GrantApplication, *, by: Actor, criterion: str, result: str, reason: str
) -> GrantApplication:
    """Answer a criterion that is not known, or change an answer given by hand, with a written reason.

    What a register answered stands. Raises Refused.
    """
    assert by.user is not None
    if result not in {Met.YES, Met.NO}:
        raise Refused(_("Answer the criterion with “yes” or “no”."))
    if not reason.strip():
        raise Refused(_("Write what you looked at and what you found."))
    with transaction.atomic():
        application = locked(application)
        row = application.checks.filter(criterion=criterion).first()
        if row is None or not (row.manual or row.result == Met.UNKNOWN):
            raise Refused(_("This criterion is answered by a register; only what is not known is answered by hand."))
        application = perform(application, "answer_criterion", by=by, criterion=criterion, result=result)
        row.result, row.source, row.code, row.manual = result, Source.SPECIALIST, "by_hand", True
        row.reason, row.by, row.answered_at = reason.strip(), by.user, clock.now()
        row.save()
    return application


def propose_rejection(application: GrantApplication, *, by: Actor, reason: str) -> GrantApplication:
    """Put a rejection for the criteria before the head of unit. Raises Refused."""
    assert by.user is not None
    if not reason.strip():
        raise Refused(_("Write which criterion is not met and why; the applicant reads it."))
    with transaction.atomic():
        application = locked(application)
        denied = list(application.checks.filter(result=Met.NO).order_by("pk").values_list("criterion", flat=True))
        application = perform(application, "propose_rejection", by=by, denied=denied)
        Rejection.objects.create(
            application=application, reason=reason.strip(), proposed_by=by.user, proposed_at=clock.now()
        )
    return application


def return_rejection(application: GrantApplication, *, by: Actor, comment: str) -> GrantApplication:
    """The head of unit sends the case back to the specialist with a comment. Raises Refused."""
    if not comment.strip():
        raise Refused(_("Write what is still to be checked."))
    with transaction.atomic():
        waiting = _waiting(locked(application))
        application = perform(application, "return_rejection", by=by)
        _close(waiting, by, confirmed=False, comment=comment.strip())
    return application


def reject_criteria(application: GrantApplication, *, by: Actor) -> GrantApplication:
    """The head of unit confirms: a criterion is not met, the application ends here. Raises Refused."""
    with transaction.atomic():
        application = locked(application)
        if application.state == GrantState.REJECTED_CRITERIA:
            return application
        waiting = _waiting(application)
        application = perform(application, "reject_criteria", by=by, rejection=waiting.pk if waiting else None)
        _close(waiting, by, confirmed=True, comment="")
    return application


def _waiting(application: GrantApplication) -> Rejection | None:
    return application.rejections.filter(closed_at=None).first()


def _close(rejection: Rejection | None, by: Actor, *, confirmed: bool, comment: str) -> None:
    assert rejection is not None
    rejection.confirmed, rejection.comment = confirmed, comment
    rejection.closed_by, rejection.closed_at = by.user, clock.now()
    rejection.save()
