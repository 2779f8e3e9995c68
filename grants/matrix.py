"""Rows of SPEC 5.1 for what this app keeps; for the auditor see section 5 (any case, read only)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.rights import cell, register_matrix
from bastau.people.roles import Role

# The commission.
register_matrix(
    "meeting",
    {
        "citizen": cell("R", pgettext_lazy("right to a meeting", "the own item")),
        Role.SPECIALIST: "R",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "R",
        Role.COMMISSION_SECRETARY: "CU",
        Role.COMMISSION_MEMBER: "RD",
        Role.COMMISSION_CHAIR: "RD",
        Role.AUDITOR: "R",
    },
    title=_("Meeting of the commission, protocol"),
)
register_matrix(
    "vote",
    {
        Role.DIRECTOR: cell("R", pgettext_lazy("right to a vote", "after the item is closed")),
        Role.COMMISSION_SECRETARY: cell("R", pgettext_lazy("right to a vote", "after the item is closed")),
        Role.COMMISSION_MEMBER: "V(o)",
        Role.COMMISSION_CHAIR: "V(o)",
        Role.AUDITOR: cell("R", pgettext_lazy("right to a vote", "after the item is closed")),
    },
    title=_("Vote, score"),
)

# The application.
register_matrix(
    "grant_application",
    {
        "citizen": "CRU(o)",
        Role.SPECIALIST: cell("R", pgettext_lazy("right to a grant application", "the check")),
        Role.UNIT_HEAD: cell("RA", pgettext_lazy("right to a grant application", "a rejection for the criteria")),
        Role.DIRECTOR: "R",
        Role.COMMISSION_SECRETARY: cell("RU", pgettext_lazy("right to a grant application", "the agenda")),
        Role.COMMISSION_MEMBER: cell("R", pgettext_lazy("right to a grant application", "the own agenda")),
        Role.COMMISSION_CHAIR: cell("R", pgettext_lazy("right to a grant application", "the own agenda")),
        Role.AUDITOR: "R",
    },
    title=_("Application for a grant, project"),
)

# Contract, payment, budget.
register_matrix(
    "contract",
    {
        "citizen": "RD(o)",
        Role.SPECIALIST: cell("RU", pgettext_lazy("right to a contract", "the registration, the draft")),
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "RD",
        Role.ACCOUNTANT: cell("R", pgettext_lazy("right to a contract", "in force, to pay it")),
        Role.AUDITOR: "R",
    },
    title=pgettext_lazy("entity", "Grant contract"),
)
register_matrix(
    "payment",
    {
        "citizen": "R(o)",
        Role.SPECIALIST: "CR",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: cell("RD", pgettext_lazy("right to a payment", "never an own order")),
        Role.ACCOUNTANT: cell("CRU", pgettext_lazy("right to a payment", "orders, sending")),
        Role.AUDITOR: "R",
    },
    title=pgettext_lazy("entity", "Payment of a grant"),
)
register_matrix(
    "grant_budget",
    {
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: cell("CRU", pgettext_lazy("right to a budget", "the sum")),
        Role.COMMISSION_SECRETARY: "R",
        Role.ACCOUNTANT: cell("RU", pgettext_lazy("right to a budget", "the account")),
        Role.AUDITOR: "R",
    },
    title=pgettext_lazy("entity", "Budget of grants"),
)
