"""Rows of SPEC 5.1 for what this app keeps; for the auditor see section 5 (any case, read only)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.rights import cell, register_matrix
from bastau.people.roles import Role

register_matrix(
    "referral_application",
    {
        "citizen": "CRU(o)",
        Role.SC_OPERATOR: "CR",
        Role.SPECIALIST: "CRU",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "RD",
        Role.LEB_OFFICER: "R(agg)",
        Role.AUDITOR: "R",
    },
    title=_("Application for a referral"),
)
register_matrix(
    "check_protocol",
    {Role.SPECIALIST: "CRU", Role.UNIT_HEAD: "R", Role.DIRECTOR: "R", Role.AUDITOR: "R"},
    title=_("Check protocol"),
)
register_matrix(
    "referral_document",
    {
        "citizen": "R(o)",
        Role.SC_OPERATOR: cell("R", pgettext_lazy("right to a document", "to hand it over")),
        Role.SPECIALIST: "R",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "D",
        Role.AUDITOR: "R",
    },
    title=_("Referral or refusal"),
)
