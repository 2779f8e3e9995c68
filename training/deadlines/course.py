"""The machines of the course: modules and the final test. Their term, T-ASSESS, runs on the enrolment."""

from django.utils.translation import gettext_lazy as _

from bastau import flow
from bastau.flow import Event, alarms
from training import signals
from training.models import FinalTest, ModuleProgress
from training.rights import course as rights

MODULE_EVENTS = {
    "open": Event(_("Open the module"), _("Module opened"), "118-p24"),
    "begin": Event(_("Begin the test"), _("Module test begun"), "118-p24"),
    "hand_in": Event(_("Hand in the test"), _("Module test handed in"), "118-p24", signals.module_test_done),
    "void_attempt": Event(_("Void the attempt"), _("Attempt void for a technical fault"), "118-p24"),
}

FINAL_EVENTS = {
    "open": Event(_("Open the final test"), _("Final test opened"), "118-p25"),
    "begin": Event(_("Begin the final test"), _("Final test begun"), "118-p25"),
    "hand_in": Event(_("Hand in the final test"), _("Final test handed in"), "118-p25", signals.final_test_done),
    "void_attempt": Event(_("Void the attempt"), _("Attempt void for a technical fault"), "A-20"),
}

flow.register(flow.Machine(ModuleProgress, rights.may, MODULE_EVENTS, alarm=alarms.alarms))
flow.register(flow.Machine(FinalTest, rights.may, FINAL_EVENTS, alarm=alarms.alarms))
