"""The machines of stipend sheets and their lines (SPEC 4.8). The Rules set no term for them."""

from django.utils.translation import gettext_lazy as _

from bastau import flow
from bastau.flow import Event, alarms
from training import signals
from training.models import StipendLine, StipendSheet
from training.rights import stipends as rights

SHEET_EVENTS = {
    "send_to_check": Event(_("Send to the director"), _("Stipend sheet sent to the director"), "118-p31"),
    "send_back": Event(_("Return the sheet"), _("Stipend sheet returned"), "118-p31", signals.stipend_sheet_returned),
    "draw_anew": Event(_("Draw up anew"), _("Stipend sheet drawn up anew"), "118-p31"),
    "approve": Event(_("Approve"), _("Stipend sheet approved"), "118-p31", signals.stipend_sheet_approved),
    "send_to_bank": Event(_("Send to the bank"), _("Stipend sheet sent to the bank"), "118-p31"),
    "execute": Event(_("Enter the bank's answer"), _("Bank's answer entered"), "118-p31"),
}

LINE_EVENTS = {
    "hold": Event(_("Hold"), _("Payment held"), "A-25"),
    "exclude": Event(_("Exclude"), _("Excluded from payment"), "118-p32"),
    "release": Event(_("Release"), _("Made payable"), "118-p31"),
    "pay": Event(_("Enter as paid"), _("Stipend paid"), "118-p31", signals.stipend_line_paid),
    "bank_return": Event(_("Enter as returned"), _("Returned by the bank"), "118-p31", signals.stipend_line_returned),
}

flow.register(flow.Machine(StipendSheet, rights.may, SHEET_EVENTS, alarm=alarms.alarms, label=_("Stipend sheet")))
flow.register(flow.Machine(StipendLine, rights.may_line, LINE_EVENTS, alarm=alarms.alarms))
