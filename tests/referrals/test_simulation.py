"""The simulator: the same seed tells the same, its invariants hold and notice what breaks them."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bastau.flow.models import Deadline
from bastau.people.seeding import load_places
from referrals.models import ReferralApplication
from referrals.simulation import report, run
from referrals.states import State
from tests.referrals import cases

SIMULATION = Path(run.__file__).parent
START = datetime(2024, 7, 1, tzinfo=UTC)


def _run(seed: int, people: int = 6) -> dict[str, Any]:
    load_places()
    return run.simulate(people=people, months=1, seed=seed, start=START, all_papers=False)


@pytest.mark.django_db
def test_the_same_seed_tells_the_same(django_db_blocker: Any) -> None:
    from django.db import transaction

    figures = []
    for _ in range(2):
        sid = transaction.savepoint()
        figures.append(json.dumps(_run(7), sort_keys=True, ensure_ascii=False))
        transaction.savepoint_rollback(sid)
    assert figures[0] == figures[1]


@pytest.mark.django_db
def test_a_run_keeps_its_invariants() -> None:
    assert set(_run(3)["invariants"].values()) == {0}


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_the_invariants_notice_a_broken_chain() -> None:
    case = cases.in_check(cases.Centre.open())
    Deadline.objects.filter(case_id=case.pk).update(case_id=case.pk + 1000)
    assert report.report()["invariants"]["deadlines without their case"] == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_the_invariants_notice_an_open_deadline_of_a_withdrawn_case() -> None:
    case = cases.in_check(cases.Centre.open())
    # Past perform on purpose: this is what the invariant has to find.
    ReferralApplication._base_manager.filter(pk=case.pk).update(state=State.WITHDRAWN)
    assert report.report()["invariants"]["open deadlines of ended cases"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize("option", [{"people": 0}, {"months": 0}, {"start": "tomorrow"}])
def test_a_wrong_option_is_refused_with_two(option: dict[str, Any]) -> None:
    with pytest.raises(CommandError) as error:
        call_command("simulate", **option)
    assert error.value.returncode == 2


def test_a_live_portal_is_not_simulated(live: Any) -> None:
    with pytest.raises(CommandError) as error:
        call_command("simulate")
    assert error.value.returncode == 2


def test_the_plan_ends_in_every_state_of_the_machine() -> None:
    halts = {wishes.halt for _lead, wishes in run.ENDINGS}
    others = {
        State.ACCEPTANCE_REFUSED: any(wishes.refused_at_counter for _lead, wishes in run.ENDINGS),
        State.WITHDRAWN: any(wishes.withdraws for _lead, wishes in run.ENDINGS),
        State.UNCOLLECTED: any(wishes.collects_after_days is None for _lead, wishes in run.ENDINGS),
    }
    drawn = {State.ISSUED, State.REFUSED, State.HANDED_OVER}
    assert halts | {state for state, planned in others.items() if planned} | drawn >= set(State.values)


def test_the_simulator_writes_nothing_itself() -> None:
    """It may call actions and read; an ORM write of its own would make people the screens could never make."""
    writes = {"create", "bulk_create", "update", "bulk_update", "save", "delete", "get_or_create", "update_or_create"}
    found = []
    for path in sorted(SIMULATION.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []
