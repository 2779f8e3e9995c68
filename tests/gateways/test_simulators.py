"""The stand-ins: a real server, synthetic people, one message for one key."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
import requests
from django.conf import settings as house
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from bastau.gateways import answers
from bastau.gateways.simulators import people
from bastau.gateways.simulators.server import Simulators
from bastau.people import iin as numbers
from bastau.people.iin import validate_iin
from tests.gateways.serving import log

SMS = {"to": "+77010000001", "text": "Өтініш қабылданды"}


def sms(simulators, key="a", **other):
    headers = {"Idempotency-Key": key} if key else {}
    return requests.post(f"{simulators.address}/sms", json={**SMS, **other}, headers=headers, timeout=5)


@given(st.lists(st.integers(0, 10_000_000), min_size=2, max_size=40, unique=True))
def test_another_n_is_another_iin(ns):
    assert len({people.make_iin(n) for n in ns}) == len(ns)


@given(n=st.integers(0, 10_000_000))
def test_a_made_iin_is_valid_and_belongs_to_nobody_alive(n):
    made = people.make_iin(n)
    validate_iin(made)
    assert made[6] in "12"
    assert numbers.birth_date(made).year < 1900


@given(n=st.integers(0, 5000), born=st.dates(date(1801, 1, 1), date(1899, 12, 31)), sex=st.sampled_from("mf"))
def test_a_made_iin_tells_the_birth_and_sex_asked_for(n, born, sex):
    made = people.make_iin(n, born=born, sex=sex)
    assert (numbers.birth_date(made), numbers.sex(made)) == (born, sex)


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_simulators_and_portal_agree_on_the_check_digit(eleven):
    assert people.check_digit(eleven) == numbers.check_digit(eleven)


@given(n=st.integers(0, 1_000_000))
def test_names_follow_the_sex(n):
    iin = people.make_iin(n)
    person = people.synthetic(iin)
    ends = {"m": ("ұлы", "ич"), "f": ("қызы", "на")}[numbers.sex(iin)]
    assert person["patronymic"] == "" or person["patronymic"].endswith(ends)
    assert person["birth_date"] == numbers.birth_date(iin).isoformat()


def test_a_crowd_has_all_sorts_of_people_in_all_regions():
    crowd = [people.synthetic(people.make_iin(n)) for n in range(1500)]
    assert {person["residence"][:2] for person in crowd} == {prefix for prefix, _kk, _ru in people.PLACES}
    statuses = Counter(person["labour"]["target_status"] for person in crowd)
    assert set(statuses) == {"UNEMPLOYED", "E01", "E02", "E03", "E04", "E05", "E06", "NONE"}
    assert sum(person["labour"]["registered_unemployed"] for person in crowd) > 900
    assert 0 < sum(person["labour"]["trained_until"] is not None for person in crowd) < 300


@pytest.mark.parametrize("iin", ["880101390770", "850312400129", "851312400120", "85031240012", "x" * 12, ""])
def test_nobody_lives_under_a_wrong_iin(iin):
    assert people.synthetic(iin) is None


def test_some_serial_numbers_stand_for_the_unknown_and_the_deceased():
    stems = [f"8503122{people.UNKNOWN_SERIAL}", f"8503122{people.DECEASED_SERIAL}"]
    unknown, deceased = (f"{stem}{people.check_digit(stem)}" for stem in stems)
    assert people.synthetic(unknown) is None
    assert people.synthetic(deceased)["alive"] is False


def test_a_persona_comes_before_the_synthetic_person(simulators, persona):
    told = requests.post(f"{simulators.address}/person_registry", json={"iin": persona["iin"]}, timeout=5).json()
    assert (told["surname"], told["alive"]) == ("Үлгібаева", True)
    assert "phone" not in told


def test_a_repeated_message_leaves_once(simulators):
    first, second, other = sms(simulators), sms(simulators), sms(simulators, key="b")
    assert first.json() == second.json() != other.json()
    assert [message["key"] for message in log(simulators)["sms"]] == ["a", "b"]
    assert log(simulators)["repeats"] == 1


@pytest.mark.parametrize(
    ("other", "status"), [({"to": "+71234567890"}, 422), ({"to": "8701"}, 422), ({"text": ""}, 400), ({"key": ""}, 400)]
)
def test_a_message_that_cannot_leave_is_refused(simulators, other, status):
    assert sms(simulators, **other).status_code == status
    assert log(simulators)["sms"] == []


def test_a_fault_lasts_as_many_requests_as_it_was_set_for(simulators, broken):
    broken("sms", "down", times=2)
    assert [sms(simulators).status_code for _ in range(3)] == [503, 503, 202]


@pytest.mark.parametrize(
    ("path", "body"),
    [("/_faults", {"system": "moon", "mode": "down"}), ("/person_registry", {"iin": 5}), ("/person_registry", [])],
)
def test_a_wrong_request_is_answered_400(simulators, path, body):
    assert requests.post(simulators.address + path, json=body, timeout=5).status_code == 400


def test_every_persona_of_the_demo_is_known_to_both_registers():
    shipped = people.load_personas(house.ROOT / "fixtures" / "personas.json")
    assert shipped
    for iin, persona in shipped.items():
        told = {system: Simulators.record(_Known(shipped), system, iin) for system in answers.READERS}
        assert answers.person_registry(iin, told["person_registry"])["surname"] == persona["surname"]
        assert answers.labour_market(iin, told["labour_market"])["iin"] == iin


class _Known(Simulators):
    """The simulators' memory without their socket."""

    def __init__(self, personas):
        self.personas = personas


def test_each_synthetic_person_lives_where_a_sample_centre_serves():
    offices = json.loads((house.ROOT / "fixtures" / "offices.json").read_text(encoding="utf-8"))
    served = {prefix for office in offices if office["kind"] == "centre" for prefix in office["serves"]}
    assert {prefix for prefix, _kk, _ru in people.PLACES} <= served


def test_a_broken_fixture_of_personas_is_told_and_a_missing_one_is_nobody(tmp_path):
    assert people.load_personas(tmp_path / "none.json") == {}
    (tmp_path / "bad.json").write_text("[{")
    with pytest.raises(ValueError):
        people.load_personas(tmp_path / "bad.json")


def command(*arguments: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "django", "simulators", *arguments],
        cwd=house.ROOT,
        env={
            **os.environ,
            # Nobody listens there: the command needs no engine.
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "DJANGO_SETTINGS_MODULE": "bastau.settings",
            "PYTHONPATH": str(house.ROOT),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_serves_without_a_database_until_it_is_told_to_stop():
    with command("--port", "0") as running:
        address = re.search(r"http://127\.0\.0\.1:\d+", running.stdout.readline())[0]
        healthy = requests.get(f"{address}/_health", timeout=10).json()
        running.send_signal(signal.SIGTERM)
        _out, errors = running.communicate(timeout=20)
    assert (healthy, running.returncode, errors) == ({"ok": True}, 0, "")


def test_a_busy_port_gets_a_sentence(simulators):
    with command("--port", simulators.address.rsplit(":")[-1]) as running:
        _out, errors = running.communicate(timeout=30)
    assert running.returncode == 1
    assert "choose another with --port" in errors
    assert "Traceback" not in errors


def test_a_live_portal_runs_no_simulators(live):
    with pytest.raises(CommandError):
        call_command("simulators", port=0)
