"""Who answers for a clause: what the check finds, on small trees of its own."""

from pathlib import Path

import pytest

from bastau.law import page
from bastau.law.claims import Claim, Coverage, collect, coverage, gaps, rules
from bastau.law.reading import Statutes, load

ACT = """
[act]
id = "118-2021"
kk = "акт"
ru = "акт"
en = "act"
[[label]]
pattern = '118-p(\\d+)'
kk = "{0}-тармақ"
ru = "пункт {0}"
en = "item {0}"
[[clause]]
id = "118-p01"
kk = "бір"
ru = "один"
en = "one"
terms = [{ length = 3, unit = "wd", start = "x" }]
[[clause]]
id = "118-p02"
kk = "екі"
ru = "два"
en = "two"
"""
NOBODY = Coverage({}, {})


@pytest.fixture
def statutes(tmp_path: Path) -> Statutes:
    (tmp_path / "acts").mkdir()
    (tmp_path / "acts" / "x.toml").write_text(ACT, "utf-8")
    return load(tmp_path / "acts", {})


def claim(clause: str, node: str = "tests/test_x.py::test_a") -> Claim:
    return Claim(clause, node, True, frozenset())


def collected(folder: Path, source: str) -> tuple[list[Claim], list[str]]:
    tests = folder / "tests"
    tests.mkdir()
    (tests / "test_x.py").write_text(source, "utf-8")
    return collect(tests, folder)


def test_a_clause_nobody_claims_is_found(statutes: Statutes) -> None:
    found = gaps(statutes, ["118-p01", "118-p02"], [claim("118-p01")], NOBODY)
    assert found == ["118-p02: claimed by no test, and neither outside nor open."]


def test_a_clause_outside_or_open_needs_no_test(statutes: Statutes) -> None:
    covered = Coverage({"118-p01": "the ministry's own"}, {"118-p02": "training part not built yet"})
    assert gaps(statutes, ["118-p01", "118-p02"], [], covered) == []


def test_a_clause_claimed_and_still_open_is_found(statutes: Statutes) -> None:
    covered = Coverage({}, {"118-p01": "training part not built yet", "118-p02": "training part not built yet"})
    assert gaps(statutes, ["118-p01", "118-p02"], [claim("118-p01")], covered) == [
        "118-p01: claimed by a test, yet still open."
    ]


def test_a_clause_claimed_and_outside_is_found(statutes: Statutes) -> None:
    covered = Coverage({"118-p01": "not ours"}, {"118-p02": "training part not built yet"})
    assert gaps(statutes, ["118-p01", "118-p02"], [claim("118-p01")], covered) == [
        "118-p01: claimed by a test, yet outside the system."
    ]


def test_a_claim_of_a_clause_that_does_not_exist_is_found(statutes: Statutes) -> None:
    found = gaps(statutes, ["118-p01", "118-p02"], [claim("118-p01"), claim("118-p02"), claim("118-p99")], NOBODY)
    assert found == ["118-p99: no act has this clause."]


def test_a_requirement_taken_out_of_the_acts_is_found(statutes: Statutes) -> None:
    claims = [claim("118-p01"), claim("118-p02")]
    assert gaps(statutes, ["118-p01", "118-p02", "118-p03"], claims, NOBODY) == [
        "118-p03: a requirement that no act holds."
    ]


def test_a_mark_is_read_from_function_class_module_and_parameter(tmp_path: Path) -> None:
    source = """
import pytest
pytestmark = pytest.mark.clause("118-p01")
@pytest.mark.clause("118-p02", "118-p03")
def test_a(): ...
@pytest.mark.clause("118-p04")
class TestB:
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.clause("118-p05"))])
    def test_c(self, x): ...
"""
    claims, problems = collected(tmp_path, source)
    assert problems == []
    assert [(one.clause, one.node.partition("::")[2]) for one in claims] == [
        ("118-p01", "TestB::test_c"),
        ("118-p01", "test_a"),
        ("118-p02", "test_a"),
        ("118-p03", "test_a"),
        ("118-p04", "TestB::test_c"),
        ("118-p05", "TestB::test_c"),
    ]


def test_a_mark_that_no_test_carries_is_found(tmp_path: Path) -> None:
    source = 'import pytest\nCASES = [pytest.param(1, marks=pytest.mark.clause("118-p01"))]\n'
    claims, problems = collected(tmp_path, source)
    assert claims == []
    assert len(problems) == 1


def test_a_test_with_a_database_is_known_by_its_mark_or_fixture(tmp_path: Path) -> None:
    source = """
import pytest
@pytest.mark.clause("118-p01")
def test_pure(): ...
@pytest.mark.clause("118-p02")
def test_fixture(db): ...
@pytest.mark.clause("118-p03")
@pytest.mark.django_db
def test_mark(): ...
"""
    claims, _ = collected(tmp_path, source)
    assert [one.pure for one in claims] == [True, False, False]


def test_the_code_that_names_a_clause_is_its_rule(tmp_path: Path, statutes: Statutes) -> None:
    app = tmp_path / "shop"
    app.mkdir()
    (app / "apps.py").write_text("", "utf-8")
    (app / "rules.py").write_text('def price():\n    """Clause: 118-p01."""\n\n\nCITED = "118-p02"\n', "utf-8")
    assert rules(statutes, tmp_path) == {"118-p01": ["shop/rules.py:price"], "118-p02": ["shop/rules.py"]}


def test_the_page_is_stale_when_a_claim_is_added(tmp_path: Path, statutes: Statutes) -> None:
    kept = tmp_path / "law.md"
    page.write(page.printed(statutes, [claim("118-p01")], NOBODY, {}), kept)
    assert not page.is_stale(page.printed(statutes, [claim("118-p01")], NOBODY, {}), kept)
    assert page.is_stale(page.printed(statutes, [claim("118-p01"), claim("118-p02")], NOBODY, {}), kept)


def test_a_page_never_written_is_stale(tmp_path: Path, statutes: Statutes) -> None:
    assert page.is_stale(page.printed(statutes, [], NOBODY, {}), tmp_path / "law.md")


def test_the_page_shows_clause_number_rule_and_test(statutes: Statutes) -> None:
    text = page.printed(statutes, [claim("118-p01")], NOBODY, {"118-p01": ["shop/rules.py:price"]})
    assert "| 118-p01<br>item 01 | one | 3 wd | `shop/rules.py:price` | `tests/test_x.py::test_a` |" in text


def test_the_page_says_why_a_clause_has_no_test(statutes: Statutes) -> None:
    text = page.printed(statutes, [], Coverage({"118-p01": "not ours"}, {"118-p02": "not built yet"}), {})
    assert "outside: not ours" in text
    assert "open: not built yet" in text


def test_every_reason_of_the_coverage_is_given() -> None:
    covered = coverage()
    assert all(reason.strip() for reason in [*covered.outside.values(), *covered.open.values()])
