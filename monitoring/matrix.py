"""Rows of SPEC 5.1 for what this app keeps; for the auditor see section 5 (any case, read only)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.rights import cell, register_matrix
from bastau.people.roles import Role

register_matrix(
    "accompaniment_case",
    {
        "citizen": cell("R(o)", pgettext_lazy("right to a visit", "agrees to the cost of a visit")),
        Role.SPECIALIST: "R",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "R",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: cell("R", pgettext_lazy("right to an accompaniment", "names the consultant and the trainer")),
        Role.TRAINER: cell("RU", pgettext_lazy("right to a case", "assigned to him")),
        Role.PROJECT_CONSULTANT: "CRU",
        Role.AUDITOR: "R",
    },
    title=_("Accompaniment of a business, visit"),
)
register_matrix(
    "consultation_request",
    {
        "citizen": "CR(o)",
        Role.SPECIALIST: "CRU",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "R",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: "CRU",
        Role.TRAINER: cell("RU", pgettext_lazy("right to a case", "assigned to him")),
        Role.PROJECT_CONSULTANT: "CRU",
        Role.AUDITOR: "R",
    },
    title=_("Enquiry"),
)
register_matrix(
    "problem_issue",
    {
        "citizen": "R(o)",
        Role.SPECIALIST: "R",
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "R",
        Role.LEB_OFFICER: "R(agg)",
        Role.COORDINATOR: cell(
            "R", pgettext_lazy("right to an issue", "gives it to a trainer, enters the measures of a higher level")
        ),
        Role.TRAINER: cell("RU", pgettext_lazy("right to a case", "assigned to him")),
        Role.PROJECT_CONSULTANT: "CRU",
        Role.AUDITOR: "R",
    },
    title=_("Problem issue"),
)
register_matrix(
    "quarterly_report",
    {
        "citizen": "CRU(o)",
        Role.SPECIALIST: "RD",
        Role.UNIT_HEAD: cell("RA", pgettext_lazy("right to a report", "confirms misuse")),
        Role.DIRECTOR: "R",
        Role.AUDITOR: "R",
    },
    title=_("Quarterly report"),
)
register_matrix(
    "recovery",
    {
        "citizen": cell("R(o)", pgettext_lazy("right to a recovery", "explains")),
        Role.SPECIALIST: cell("RU", pgettext_lazy("right to a recovery", "records the return")),
        Role.UNIT_HEAD: "R",
        Role.DIRECTOR: "RD",
        Role.AUDITOR: "R",
    },
    title=_("Recovery of a misused part of a grant"),
)
