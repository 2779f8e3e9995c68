"""`manage.py due --office`: the zone of the office and the calendar of the table."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bastau import clock
from bastau.people.models import Office, Region
from bastau.workdays.models import DayException

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def office() -> Office:
    region = Region.objects.create(
        code="47", name_kk="Маңғыстау облысы", name_ru="Мангистауская область", zone="Asia/Aqtau"
    )
    return Office.objects.create(
        code="TEST-47",
        kind="centre",
        region=region,
        kato="471010000",
        bin="110240001235",
        zone="Asia/Aqtau",
        name_kk="Үлгі орталық",
        name_ru="Образцовый центр",
        address_kk="Ақтау",
        address_ru="Актау",
        phone="+77292000000",
    )


def due(code: str, at: str) -> dict:
    out = StringIO()
    call_command("due", "--channel=centre", f"--office={code}", f"--at={at}", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_zone_is_the_office_s(office: Office) -> None:
    assert due(office.code, "2024-02-19T10:00")["total_due"] == "2024-02-22T18:30:00+05:00"


def test_the_calendar_is_that_of_the_table(office: Office) -> None:
    DayException.objects.create(
        day="2026-06-06",
        kind="working",
        name_kk="жұмыс күні",
        name_ru="рабочий день",
        decree="№ 1",
        entered_at=clock.now(),
    )
    assert due(office.code, "2026-06-04T10:00")["total_due"].startswith("2026-06-08")


def test_an_unknown_office_ends_with_two() -> None:
    with pytest.raises(CommandError) as refused:
        due("NOWHERE", "2026-06-04T10:00")
    assert refused.value.returncode == 2
