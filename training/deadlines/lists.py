"""The term of the monthly list (118-p12-1, A-13) and its machine."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bastau import flow, workdays
from bastau.flow import Event, alarms
from bastau.people.roles import Role
from bastau.workdays import Reckoning
from training import signals
from training.models import MonthlyList
from training.rights import lists as rights


def _due(case: MonthlyList) -> Reckoning | None:
    """By the fifth of the next month; a supplement has no term of its own."""
    assert case.office is not None
    if case.part > 1:
        return None
    return workdays.monthly_list_due(case.month, workdays.current("centre"), case.office.zone)


SPECS = (
    flow.DeadlineSpec(
        "T-MONTHLY-LIST", "118-p12-1", Role.DIRECTOR,
        {Role.DIRECTOR: _("Sign the monthly list"), Role.SPECIALIST: _("Send the monthly list to the chamber")},
        frozenset({"draw"}), frozenset({"send"}), _due, turns={"sign": Role.SPECIALIST},
    ),
)  # fmt: skip

EVENTS = {
    "draw": Event(_("Draw up the list"), _("Monthly list drawn up"), "118-p12-1", signals.list_drawn),
    "redraw": Event(_("Draw up the list anew"), _("Monthly list drawn up anew"), "118-p12-1"),
    "sign": Event(_("Sign the list"), _("Monthly list signed"), "118-p12-1", signals.list_signed),
    "send": Event(_("Send the list to the chamber"), _("Monthly list sent"), "118-p12-1", signals.list_sent),
    "acknowledge": Event(
        _("Acknowledge the receipt"), _("Monthly list received by the chamber"), "118-p12-1", signals.list_received
    ),
    "add_supplement": Event(
        _("Make a supplementary list"), _("Supplementary list made"), "118-p12-1", signals.list_supplemented
    ),
}

flow.register(flow.Machine(MonthlyList, rights.may, EVENTS, SPECS, alarms.alarms, label=_("Monthly list")))
