"""Bending the law: which numbers are bent, and that a test which does not look is found out."""

from pathlib import Path

import pytest

from bastau.law import mutants
from bastau.law.claims import ROOT, Claim, Coverage
from bastau.law.reading import LawIsBroken, Statutes, load

NOBODY = Coverage({}, {})
TESTS = "tests/law/test_acts.py"
LOOKS = f"{TESTS}::test_a_term_knows_its_length_unit_and_start"
SLEEPS = f"{TESTS}::test_a_time_of_day_is_a_time"


@pytest.fixture
def statutes() -> Statutes:
    return load(overrides={})


def claim(clause: str, node: str = LOOKS) -> Claim:
    return Claim(clause, node, True, frozenset())


def bent(statutes: Statutes, clause: str, covered: Coverage = NOBODY) -> list[tuple[str, str]]:
    return [(one.address, str(one.after)) for one in mutants.mutants(statutes, [claim(clause)], covered)]


def test_a_term_is_bent_both_ways(statutes: Statutes) -> None:
    assert bent(statutes, "118-p06") == [("118-p06.length", "2"), ("118-p06.length", "4")]


def test_a_time_is_bent_by_a_minute(statutes: Statutes) -> None:
    assert bent(statutes, "A-04") == [("A-04.value", "18:29:00"), ("A-04.value", "18:31:00")]


def test_a_day_of_the_week_stays_one(statutes: Statutes) -> None:
    found = [after for address, after in bent(statutes, "118-a2-r07") if address == "118-a2-r07:centre.first_day.value"]
    assert found == ["2"]


def test_words_and_switches_are_not_bent(statutes: Statutes) -> None:
    assert bent(statutes, "A-02") == bent(statutes, "A-03") == []


def test_what_no_test_claims_is_not_bent(statutes: Statutes) -> None:
    assert mutants.mutants(statutes, [], NOBODY) == []


def test_what_is_open_is_not_bent(statutes: Statutes) -> None:
    assert bent(statutes, "118-p06", Coverage({}, {"118-p06": "not built yet"})) == []


def test_a_test_that_looks_notices_and_one_that_sleeps_does_not() -> None:
    mutant = mutants.Mutant("118-p06", "118-p06.length", 3, 4)
    claims = [claim("118-p06"), claim("118-p09-1", SLEEPS)]
    other = mutants.Mutant("118-p09-1", "118-p09-1.length", 2, 3)
    outcomes = list(mutants.hunt([mutant, other], claims, marks="not engine and not journey", jobs=2))
    assert [one.killed for one in outcomes] == [True, False]


def test_claiming_tests_that_cannot_be_run_are_said_so() -> None:
    mutant = mutants.Mutant("118-p06", "118-p06.length", 3, 4)
    claims = [claim("118-p06", f"{TESTS}::test_no_such_test")]
    with pytest.raises(LawIsBroken, match="could not be run"):
        list(mutants.hunt([mutant], claims, marks="not engine and not journey", jobs=1))


def test_the_law_stands_where_the_tests_are_run() -> None:
    assert (Path(ROOT) / TESTS).is_file()
