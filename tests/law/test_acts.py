"""The acts as they are loaded."""

from datetime import date, time
from pathlib import Path

import pytest

from bastau import law
from bastau.law import claims
from bastau.law.reading import load

ACT = """
[act]
id = "X"
kk = "акт"
ru = "акт"
en = "act"
[[label]]
pattern = 'X-(\\d+)'
kk = "{0}-тармақ"
ru = "пункт {0}"
en = "item {0}"
[[clause]]
id = "X-1"
kk = "қаз"
ru = "рус"
en = "eng"
"""


def written(folder: Path, more: str) -> Path:
    (folder / "x.toml").write_text(ACT + more, "utf-8")
    return folder


def test_every_requirement_is_a_clause() -> None:
    held = {clause.id for clause in law.statutes().clauses.values() if clause.act != "assumptions"}
    assert held == set(claims.requirements())


def test_every_assumption_of_the_register_is_a_clause() -> None:
    assert all(law.clause(f"A-{n:02}").text("kk") for n in range(1, 52))


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_every_clause_has_its_own_words_in_every_language(lang: str) -> None:
    texts = [clause.texts[lang] for clause in law.statutes().clauses.values()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("id", "kk", "ru"),
    [
        ("118-p06", "Қағидалар, 6-тармақ", "Правила, пункт 6"),
        ("118-p09-2", "Қағидалар, 9-тармақ", "Правила, пункт 9"),
        ("118-p02-s05", "Қағидалар, 2-тармақтың 5) тармақшасы", "Правила, подпункт 5) пункта 2"),
        ("118-a2-r07", "Стандарт, 7-жол", "Стандарт, строка 7"),
        ("118-a2-r09-1", "Стандарт, 9-жол", "Стандарт, строка 9"),
        ("118-a5", "Қағидаларға 5-қосымша", "Приложение 5 к Правилам"),
        ("118-o5", "Бұйрық, 5-тармақ", "Приказ, пункт 5"),
        ("FKA04-2.6", "ФК-А.04, 2.6-қадам", "ФК-А.04, шаг 2.6"),
        ("A-45", "Жүйе ережесі A-45", "Правило системы A-45"),
    ],
)
def test_a_clause_is_cited_as_a_citizen_reads_it(id: str, kk: str, ru: str) -> None:
    clause = law.clause(id)
    assert (clause.label("kk"), clause.label("ru")) == (kk, ru)


def test_a_term_knows_its_length_unit_and_start() -> None:
    term = law.term("118-p06")
    assert (term.id, term.length, term.unit, term.start) == ("118-p06", 3, "wd", "acceptance")


def test_a_clause_with_several_numbers_names_each() -> None:
    assert (law.value("118-p22-3:min"), law.value("118-p22-3:max")) == (15, 70)


def test_a_time_of_day_is_a_time() -> None:
    assert law.value("A-04") == time(18, 30)


@pytest.mark.parametrize("ask", [law.term, law.value, law.clause])
def test_an_unknown_id_is_said_to_be_unknown(ask) -> None:
    with pytest.raises(law.UnknownClause, match="118-p99"):
        ask("118-p99")


def test_a_clause_without_a_term_has_none() -> None:
    with pytest.raises(law.UnknownClause):
        law.term("118-p03")


@pytest.mark.parametrize(
    ("day", "limit"),
    [("2022-03-31", 1_225_200), ("2022-04-01", 1_272_000), ("2026-06-05", 1_730_000)],
)
def test_v32_a_dated_value_is_that_of_its_day(day: str, limit: int) -> None:
    on = date.fromisoformat(day)
    assert law.value("A-41:multiple", on) * law.value("A-41:mci", on) == limit


def test_without_a_day_the_newest_value_is_given() -> None:
    assert law.value("A-41:mci") == law.value("A-41:mci", date(2026, 12, 31))


def test_a_day_no_version_covers_is_refused() -> None:
    with pytest.raises(law.NotInForce, match="2018"):
        law.value("A-41:mci", date(2018, 1, 1))


def test_what_is_loaded_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        law.term("118-p06").length = 4


@pytest.mark.clause("118-o5")
def test_the_rule_set_is_in_force_ten_days_after_publication() -> None:
    assert law.ruleset().effective_from == date(2021, 4, 24)


@pytest.mark.clause("A-01")
def test_the_rule_set_joins_the_order_and_the_map_and_is_still_applied() -> None:
    rules = law.ruleset(law.value("A-01"))
    assert [act.id for act in rules.acts] == ["118-2021", "FKA04"]
    assert rules.id == law.RULESET
    assert rules.effective_to is None


def test_the_order_is_known_to_be_repealed() -> None:
    order = law.ruleset().acts[0]
    assert order.repealed == date(2022, 2, 7)
    assert "№ 47" in order.repealed_by["kk"]


def test_an_unknown_rule_set_is_said_to_be_unknown() -> None:
    with pytest.raises(law.UnknownClause):
        law.ruleset("118-2021+X")


def test_an_override_bends_one_number_and_no_other() -> None:
    bent = load(overrides={"118-p06.length": 4})
    assert (bent.term("118-p06").length, bent.term("118-p09-1").length) == (4, 2)


def test_an_override_of_a_dated_value_bends_that_version_only() -> None:
    bent = load(overrides={"A-41:mci@2022-04-01.value": 3181})
    assert bent.value("A-41:mci", date(2022, 4, 1)) == 3181
    assert bent.value("A-41:mci", date(2022, 3, 31)) == 3063


def test_an_override_that_hits_nothing_is_refused() -> None:
    with pytest.raises(law.LawIsBroken, match="118-p99"):
        load(overrides={"118-p99.length": 4})


def test_a_clause_without_kazakh_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawIsBroken, match="kk"):
        load(written(tmp_path, '[[clause]]\nid = "X-2"\nru = "рус"\nen = "eng"\n'), {})


def test_a_clause_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawIsBroken, match="twice"):
        load(written(tmp_path, '[[clause]]\nid = "X-1"\nkk = "қаз"\nru = "рус"\nen = "eng"\n'), {})


def test_a_clause_no_label_fits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawIsBroken, match="label"):
        load(written(tmp_path, '[[clause]]\nid = "Y-1"\nkk = "қаз"\nru = "рус"\nen = "eng"\n'), {})


def test_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawIsBroken, match="week"):
        load(written(tmp_path, 'terms = [{ length = 1, unit = "week", start = "x" }]\n'), {})


def test_two_versions_in_force_at_once_are_refused(tmp_path: Path) -> None:
    values = "values = [{ value = 1, from = 2020-01-01 }, { value = 2, from = 2021-01-01 }]\n"
    with pytest.raises(law.LawIsBroken, match="at once"):
        load(written(tmp_path, values), {})
