"""Conditions of the transitions of accompaniment and of its visits. Each says why the step waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bastau import clock
from monitoring.conditions import because
from monitoring.states import FamilyCategory

if TYPE_CHECKING:
    from monitoring.models import AccompanimentCase, Visit


def _today(case: Any) -> Any:
    return clock.today(case.office.zone)


@because(_("This business has eighteen months already: the family's category was known at the launch."))
def usual_term(case: AccompanimentCase) -> bool:
    return case.category == FamilyCategory.NONE


@because(_("The twelve months are over, so they cannot be extended any more."))
def still_runs(case: AccompanimentCase) -> bool:
    return case.ends_on is not None and _today(case) <= case.ends_on


@because(_("The accompaniment runs until its end date. Before it, it can only be stopped with a reason."))
def end_has_come(case: AccompanimentCase) -> bool:
    return case.ends_on is not None and _today(case) > case.ends_on


@because(_("Write the final report first."))
def has_report(case: AccompanimentCase) -> bool:
    return bool(case.final_report)


@because(_("Nobody accompanies this business yet. Name the consultant or the trainer first."))
def has_visitor(case: AccompanimentCase) -> bool:
    return case.trainer_id is not None or case.assignee_id is not None


EXTENSION = [usual_term, still_runs]
END_OF_ACCOMPANIMENT = [end_has_come, has_report]


# ------------------------------------------------------------------------------------------------------------- visits


@because(_("This visit costs nothing, so there is nothing to agree."))
def has_cost(visit: Visit) -> bool:
    return visit.cost > 0


@because(_("The day of this visit has passed. Ask for a new one."))
def not_past(visit: Visit) -> bool:
    return _today(visit) <= visit.planned_on


@because(
    _(
        "The participant has not agreed to the cost of this visit. Without agreement beforehand only a visit without"
        " cost, or one online, is possible."
    )
)
def cost_agreed(visit: Visit) -> bool:
    return visit.cost == 0 or visit.agreed_at is not None


ABOUT_COST = [has_cost, not_past]
