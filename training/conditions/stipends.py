"""Conditions of the steps of a stipend sheet (SPEC 4.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from referrals.conditions import because
from training.states import GroupState, LineState

if TYPE_CHECKING:
    from training.models import StipendSheet


@because(_("There is nobody on the sheet."))
def has_lines(case: StipendSheet) -> bool:
    return case.lines.exists()


@because(_("The sheet is approved only when all final results of the group are in."))
def results_are_in(case: StipendSheet) -> bool:
    """A-26: the group is completed, or was broken off after the start."""
    return case.group.state in {GroupState.COMPLETED, GroupState.CANCELLED}


@because(_("No line of the sheet is payable now."))
def something_to_pay(case: StipendSheet) -> bool:
    return case.lines.filter(state=LineState.PAYABLE).exists()
