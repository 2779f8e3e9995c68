"""The journal: append-only, chained, without personal data."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from bastau.flow import journal
from bastau.flow.models import Step
from tests.referrals import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def case() -> cases.ReferralApplication:
    return cases.in_check(cases.Centre.open())


@pytest.mark.engine
@pytest.mark.parametrize("statement", ["UPDATE flow_step SET role = 'x'", "DELETE FROM flow_step"])
def test_the_database_refuses_to_change_an_entry(case: cases.ReferralApplication, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_sound_journal_has_no_faults(case: cases.ReferralApplication) -> None:
    assert list(journal.faults()) == []


def _by_hand(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE flow_step DISABLE TRIGGER flow_step_append_only")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE flow_step ENABLE TRIGGER flow_step_append_only")


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("UPDATE flow_step SET facts = '{}' WHERE sequence = 1", "altered"),
        ("UPDATE flow_step SET at = at - interval '1 day' WHERE sequence = 1", "altered"),
        ("UPDATE flow_step SET previous_hash = 'x' WHERE sequence = 2", "follow"),
        ("DELETE FROM flow_step WHERE sequence = 1", "missing"),
    ],
)
def test_verify_finds_what_was_changed_by_hand(case: cases.ReferralApplication, sql: str, word: str) -> None:
    _by_hand(sql)
    assert any(word in fault for fault in journal.faults())


def test_the_command_says_where_and_ends_with_one(
    case: cases.ReferralApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    _by_hand("UPDATE flow_step SET role = 'director' WHERE sequence = 2")
    with pytest.raises(CommandError) as error:
        call_command("journal", "verify")
    assert error.value.returncode == 1
    assert f"referral/{case.pk}, entry 2" in capsys.readouterr().out


def test_entries_follow_each_other_without_a_gap(case: cases.ReferralApplication) -> None:
    steps = list(Step.objects.filter(case_id=case.pk).order_by("sequence"))
    assert [step.sequence for step in steps] == list(range(1, len(steps) + 1))
    assert [step.previous_hash for step in steps[1:]] == [step.hash for step in steps[:-1]]


def test_facts_hold_no_personal_data() -> None:
    centre = cases.Centre.open()
    case = cases.decided(centre, refusal=True)
    person = case.person
    text = json.dumps(list(Step.objects.filter(case_id=case.pk).values_list("facts", flat=True)), ensure_ascii=False)
    secrets = [person.iin, person.surname, person.given_name, case.address_kk, "Сіз нысаналы топқа"]
    assert [secret for secret in secrets if secret and secret in text] == []
