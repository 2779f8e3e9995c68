"""Rows of SPEC 5.1 for what this app and the journal keep."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.rights import cell, register_matrix
from bastau.people.roles import Role

register_matrix(
    "audit_log",
    {
        "citizen": cell("R", pgettext_lazy("which records one reads", "accesses to one's own data")),
        Role.DIRECTOR: cell("R", pgettext_lazy("which records one reads", "of the own centre")),
        Role.AUDITOR: cell("R"),
        Role.SYSADMIN: cell("R", pgettext_lazy("which records one reads", "technical ones")),
    },
    title=_("Audit log"),
)
register_matrix(
    "users",
    {
        Role.DIRECTOR: cell("R", pgettext_lazy("which records one reads", "users of the own centre")),
        Role.SYSADMIN: cell("CU", _("with dual control")),
    },
    title=_("Users, classifiers, calendars"),
)
