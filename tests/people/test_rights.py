from io import StringIO

import pytest
from django.core.management import call_command

from bastau.people import rights
from bastau.people.rights import Verdict, register_matrix

#: SPEC 5.1, cell by cell; a role that is not named has no right.
SPEC = {
    "accompaniment_case": {
        "citizen": "R(o)",
        "specialist": "R",
        "unit_head": "R",
        "director": "R",
        "leb_officer": "R(agg)",
        "coordinator": "R",
        "trainer": "RU",
        "project_consultant": "CRU",
        "auditor": "R",
    },
    "certificate": {
        "citizen": "R(o)",
        "specialist": "R",
        "director": "R",
        "leb_officer": "R(agg)",
        "coordinator": "D",
        "trainer": "R(g)",
        "project_consultant": "R",
        "commission_secretary": "R",
        "commission_member": "R",
        "commission_chair": "R",
        "auditor": "R",
    },
    "consultation_request": {
        "citizen": "CR(o)",
        "specialist": "CRU",
        "unit_head": "R",
        "director": "R",
        "leb_officer": "R(agg)",
        "coordinator": "CRU",
        "trainer": "RU",
        "project_consultant": "CRU",
        "auditor": "R",
    },
    "enrolment": {
        "citizen": "CR(o)",
        "specialist": "R",
        "director": "R",
        "leb_officer": "R(agg)",
        "coordinator": "CUD",
        "trainer": "R(g)",
        "project_consultant": "R",
        "auditor": "R",
    },
    "grant_application": {
        "citizen": "CRU(o)",
        "specialist": "R",
        "unit_head": "RA",
        "director": "R",
        "commission_secretary": "RU",
        "commission_member": "R",
        "commission_chair": "R",
        "auditor": "R",
    },
    "monthly_list": {
        "specialist": "CU",
        "unit_head": "R",
        "director": "D",
        "leb_officer": "R(agg)",
        "coordinator": "R",
        "auditor": "R",
    },
    "problem_issue": {
        "citizen": "R(o)",
        "specialist": "R",
        "unit_head": "R",
        "director": "R",
        "leb_officer": "R(agg)",
        "coordinator": "R",
        "trainer": "RU",
        "project_consultant": "CRU",
        "auditor": "R",
    },
    "quarterly_report": {
        "citizen": "CRU(o)",
        "specialist": "RD",
        "unit_head": "RA",
        "director": "R",
        "auditor": "R",
    },
    "recovery": {
        "citizen": "R(o)",
        "specialist": "RU",
        "unit_head": "R",
        "director": "RD",
        "auditor": "R",
    },
    "training_group": {
        "citizen": "R(o)",
        "specialist": "R",
        "director": "R",
        "leb_officer": "R(agg)",
        "coordinator": "CU",
        "trainer": "U(g)",
        "project_consultant": "R",
        "auditor": "R",
    },
    "training_plan": {
        "citizen": "R",
        "specialist": "R",
        "director": "R",
        "leb_officer": "A",
        "coordinator": "CUD",
        "trainer": "R(g)",
        "project_consultant": "R",
        "auditor": "R",
    },
    "referral_application": {
        "citizen": "CRU(o)",
        "sc_operator": "CR",
        "specialist": "CRU",
        "director": "RD",
        "leb_officer": "R(agg)",
        "unit_head": "R",
        "auditor": "R",
    },
    "check_protocol": {"specialist": "CRU", "director": "R", "unit_head": "R", "auditor": "R"},
    "referral_document": {
        "citizen": "R(o)",
        "sc_operator": "R",
        "specialist": "R",
        "director": "D",
        "unit_head": "R",
        "auditor": "R",
    },
    "test_attempt": {"citizen": "CR(o)", "coordinator": "R", "trainer": "R(g)", "auditor": "R"},
    "business_plan": {
        "citizen": "CRU(o)",
        "coordinator": "R",
        "trainer": "R(g)",
        "project_consultant": "R",
        "auditor": "R",
    },
    "stipend_sheet": {
        "citizen": "R",
        "specialist": "CU",
        "unit_head": "R",
        "director": "D",
        "leb_officer": "R(agg)",
        "coordinator": "R",
        "accountant": "RU",
        "auditor": "R",
    },
    "contract": {
        "citizen": "RD(o)",
        "specialist": "RU",
        "unit_head": "R",
        "director": "RD",
        "accountant": "R",
        "auditor": "R",
    },
    "payment": {
        "citizen": "R(o)",
        "specialist": "CR",
        "unit_head": "R",
        "director": "RD",
        "accountant": "CRU",
        "auditor": "R",
    },
    "grant_budget": {
        "unit_head": "R",
        "director": "CRU",
        "commission_secretary": "R",
        "accountant": "RU",
        "auditor": "R",
    },
    "meeting": {
        "citizen": "R",
        "specialist": "R",
        "unit_head": "R",
        "director": "R",
        "commission_secretary": "CU",
        "commission_member": "RD",
        "commission_chair": "RD",
        "auditor": "R",
    },
    "vote": {
        "director": "R",
        "commission_secretary": "R",
        "commission_member": "V(o)",
        "commission_chair": "V(o)",
        "auditor": "R",
    },
    "audit_log": {"citizen": "R", "director": "R", "auditor": "R", "sysadmin": "R"},
    "users": {"director": "R", "sysadmin": "CU"},
}


@pytest.mark.parametrize("entity", SPEC)
@pytest.mark.parametrize("role", rights.COLUMNS)
def test_cell_of_the_matrix_is_that_of_the_specification(entity, role):
    row = next(row for row in rights.matrix() if row.entity == entity)
    cell = row.cell(role)
    shown = cell.letters + (f"({cell.narrowed})" if cell.narrowed else "")
    assert shown == SPEC[entity].get(role, "")


def test_every_entity_of_the_matrix_is_compared_with_the_specification():
    assert {row.entity for row in rights.matrix()} == set(SPEC)


def test_verdict_is_as_true_as_it_is_ok():
    assert Verdict(True)
    assert not Verdict(False, "because")


def test_unknown_role_cannot_be_registered():
    with pytest.raises(KeyError):
        register_matrix("thing", {"emperor": "R"})


def test_cell_with_an_unknown_letter_is_refused():
    with pytest.raises(ValueError, match="not a cell"):
        rights.cell("X")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_command_prints_a_line_for_each_entity(language):
    out = StringIO()
    call_command("rights", lang=language, stdout=out)
    table = [line for line in out.getvalue().splitlines() if line.startswith("|")]
    assert len(table) == len(SPEC) + 2
    assert all(line.count("|") == len(rights.COLUMNS) + 2 for line in table)


def test_command_prints_the_cells():
    out = StringIO()
    call_command("rights", lang="en", stdout=out)
    assert "CRU(o)" in out.getvalue()
    assert "R(agg)" in out.getvalue()
