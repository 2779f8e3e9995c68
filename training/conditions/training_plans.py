"""Conditions of the training plan (118-p13, p14, p22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau import law
from referrals.conditions import because

if TYPE_CHECKING:
    from training.models import TrainingPlan


@because(
    _("The plan needs its modules, with public speaking among them, and not more academic hours than the Rules allow.")
)
def has_content(case: TrainingPlan) -> bool:
    """118-p22-4, p23: hours of group training within the limit, the pitch training among them (A-18)."""
    codes = {one["code"] for one in case.modules}
    return "pitch" in codes and 0 < case.hours <= law.value("118-p22-4:total")
