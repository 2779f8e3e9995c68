"""Rows of SPEC 5.1 for what training keeps; for the auditor see section 5 (any case, read only)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.rights import cell, register_matrix
from bastau.people.roles import Role

# ---------------------------------------------------------------------------------------------- lists, plans, groups

register_matrix(
    "monthly_list",
    {
        Role.SPECIALIST: "CU",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "D",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: "R",
        Role.AUDITOR: "R",
    },
    title=_("Monthly list"),
)
register_matrix(
    "training_plan",
    {
        "citizen": cell("R", pgettext_lazy("right to a plan", "what is published")),
        Role.SPECIALIST: "R",
        Role.DIRECTOR: "R",
        Role.LEB_OFFICER: "A",
        Role.COORDINATOR: "CUD",
        Role.TRAINER: "R(g)",
        Role.PROJECT_CONSULTANT: "R",
        Role.AUDITOR: "R",
    },
    title=_("Training plan, schedule"),
)
register_matrix(
    "training_group",
    {
        "citizen": "R(o)",
        Role.SPECIALIST: "R",
        Role.DIRECTOR: "R",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: "CU",
        Role.TRAINER: "U(g)",
        Role.PROJECT_CONSULTANT: "R",
        Role.AUDITOR: "R",
    },
    title=_("Training group, journal"),
)

# ------------------------------------------------------------------------------- course, business plan, stipend
register_matrix(
    "test_attempt",
    {
        "citizen": "CR(o)",
        Role.COORDINATOR: cell("R", pgettext_lazy("right to a test attempt", "voids it for a technical fault")),
        Role.TRAINER: "R(g)",
        Role.AUDITOR: "R",
    },
    title=pgettext_lazy("matrix", "Test attempt"),
)
register_matrix(
    "business_plan",
    {
        "citizen": "CRU(o)",
        Role.COORDINATOR: "R",
        Role.TRAINER: cell("R(g)", pgettext_lazy("right to a business plan", "assesses it")),
        Role.PROJECT_CONSULTANT: "R",
        Role.AUDITOR: "R",
    },
    title=_("Business plan"),
)
register_matrix(
    "stipend_sheet",
    {
        "citizen": cell("R", pgettext_lazy("right to a stipend sheet", "the own line")),
        Role.SPECIALIST: "CU",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "D",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: cell("R", pgettext_lazy("right to a stipend sheet", "attendance")),
        Role.ACCOUNTANT: cell("RU", pgettext_lazy("right to a stipend sheet", "enters the bank's answers")),
        Role.AUDITOR: "R",
    },
    title=_("Stipend sheet"),
)

# -------------------------------------------------------------------------------------------- enrolment, certificate
register_matrix(
    "enrolment",
    {
        "citizen": "CR(o)",
        Role.SPECIALIST: "R",
        Role.DIRECTOR: "R",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: "CUD",
        Role.TRAINER: "R(g)",
        Role.PROJECT_CONSULTANT: "R",
        Role.AUDITOR: "R",
    },
    title=_("Enrolment"),
)
register_matrix(
    "certificate",
    {
        "citizen": "R(o)",
        Role.SPECIALIST: "R",
        Role.DIRECTOR: "R",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: "D",
        Role.TRAINER: "R(g)",
        Role.PROJECT_CONSULTANT: "R",
        Role.COMMISSION_SECRETARY: "R",
        Role.COMMISSION_MEMBER: "R",
        Role.COMMISSION_CHAIR: "R",
        Role.AUDITOR: "R",
    },
    title=_("Certificate"),
)
