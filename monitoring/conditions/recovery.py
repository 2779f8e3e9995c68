"""Conditions of a recovery (SPEC 4.13, A-40)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow.models import Deadline
from monitoring.conditions import because

if TYPE_CHECKING:
    from monitoring.models import Recovery


@because(_("The explanation is here already."))
def not_explained(case: Recovery) -> bool:
    return case.explained_at is None


@because(_("That no explanation came is noted already."))
def silence_not_noted(case: Recovery) -> bool:
    return case.silent_at is None


def _running(case: Recovery, name: str) -> bool:
    terms = Deadline.objects.open().filter(case_kind=case.kind, case_id=case.pk, name=name)
    return terms.filter(due_at__gte=clock.now()).exists()


@because(_("The grantee may still explain."))
def explanation_term_over(case: Recovery) -> bool:
    return not _running(case, "T-MISUSE-EXPLAIN")


@because(_("No explanation has come, so there is none to accept."))
def explained(case: Recovery) -> bool:
    return case.explained_at is not None


@because(_("The grantee may still explain. Wait for the explanation or for the end of its term."))
def explained_or_silent(case: Recovery) -> bool:
    return case.explained_at is not None or case.silent_at is not None


@because(_("That the money did not come is noted already."))
def not_noted_unreturned(case: Recovery) -> bool:
    return case.unreturned_at is None


@because(_("The grantee may still return the money. The court comes after the term of the return."))
def return_term_over(case: Recovery) -> bool:
    return not _running(case, "T-RETURN")
