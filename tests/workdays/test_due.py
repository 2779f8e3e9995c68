"""`manage.py due`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from referrals.management.commands import due

HERE = "--zone=Asia/Almaty"


def said(*args: str) -> str:
    out = StringIO()
    call_command(due.Command(), *args, stdout=out)
    return out.getvalue()


def as_json(channel: str, at: str) -> dict:
    return json.loads(said(f"--channel={channel}", HERE, f"--at={at}", "--json"))


def test_the_portal_after_hours_as_json() -> None:
    found = as_json("portal", "2026-06-05T19:10")
    assert found["accepted_on"] == "2026-06-08"
    assert found["check_due"] == "2026-06-10T18:30:00+05:00"
    assert found["total_due"] == "2026-06-11T18:30:00+05:00"
    assert found["sc_return_due"] is None
    assert found["provisional"] is False


def test_the_state_corporation_as_json() -> None:
    found = as_json("sc", "2026-06-03T10:00")
    assert found["sc_return_due"] == "2026-06-05T18:30:00+05:00"
    assert found["sc_check_due"] == "2026-06-04T18:30:00+05:00"


def test_instants_carry_the_offset_of_their_day() -> None:
    found = as_json("centre", "2024-02-23T10:00")
    assert found["check_due"] == "2024-02-27T18:30:00+06:00"


def test_every_day_after_the_acceptance_is_explained() -> None:
    days = as_json("centre", "2026-06-05T10:00")["days"]
    assert [(day["date"], day["counted"]) for day in days] == [
        ("2026-06-06", False),
        ("2026-06-07", False),
        ("2026-06-08", True),
        ("2026-06-09", True),
        ("2026-06-10", True),
    ]
    assert (days[0]["reason_kk"], days[0]["reason_ru"]) == ("Демалыс күні (сенбі)", "Выходной день (суббота)")


def test_a_person_is_told_the_dates_and_the_reasons_in_kazakh_and_russian() -> None:
    text = said("--channel=portal", HERE, "--at=2026-07-06T12:00")
    for expected in ("07.07.2026", "10.07.2026 18:30", "Қағидалар, 6-тармақ", "Правила, пункт 6", "сәрсенбі", "среда"):
        assert expected in text


def test_the_reason_of_a_later_acceptance_is_told() -> None:
    text = said("--channel=portal", HERE, "--at=2026-06-05T19:10")
    assert "05.06.2026 19:10" in text
    assert "поступившее на Портал в 18.30 по местному времени или позже" in text


def test_who_files_in_working_time_is_told_no_reason() -> None:
    assert "A-04" not in said("--channel=portal", HERE, "--at=2026-06-05T10:00")


def test_a_closed_counter_ends_with_two() -> None:
    with pytest.raises(CommandError) as refused:
        said("--channel=centre", HERE, "--at=2026-06-05T18:30")
    assert refused.value.returncode == 2
    assert "09:00–18:30" in str(refused.value)


def test_an_unknown_zone_ends_with_two() -> None:
    with pytest.raises(CommandError) as refused:
        said("--channel=portal", "--zone=Asia/Nowhere", "--at=2026-06-05T18:30")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("at", ["yesterday", "2026-06-05T18:30+05:00", "2026-02-30T10:00"])
def test_what_is_not_a_local_time_is_refused(at: str) -> None:
    with pytest.raises(CommandError, match="--at"):
        said("--channel=portal", HERE, f"--at={at}")


def test_zone_and_office_together_are_refused() -> None:
    with pytest.raises(CommandError):
        said("--channel=portal", HERE, "--office=C35", "--at=2026-06-05T18:30")
