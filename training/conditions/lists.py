"""Conditions of the monthly list (118-p12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from referrals.conditions import because

if TYPE_CHECKING:
    from training.models import MonthlyList


@because(_("Every referral of this month is on the list already, so there is nothing to supplement."))
def somebody_missing(case: MonthlyList) -> bool:
    from training import candidates

    return candidates.missing_from_lists(case.office_id, case.month).exists()
