"""Where accompaniment meets the grant: one that was applied for, decided, contracted and paid through the actions."""

from __future__ import annotations

import pytest

from monitoring.models import AccompanimentCase
from monitoring.sweeps import accompaniment as sweeps
from tests.factories import OfficeFactory
from tests.monitoring.granting import Granted, granted, july, quick  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db


@pytest.mark.clause("118-p33-1")
def test_a_grant_that_was_really_paid_is_accompanied(july: Granted) -> None:  # noqa: F811
    payment = july.payment
    assert payment.office is not None
    chamber = OfficeFactory(kind="chamber", region=payment.office.region, serves=[])
    assert [sweeps.open_missing(), sweeps.open_missing()] == [1, 0]
    case = AccompanimentCase.objects.get(payment=payment)
    assert (case.office, case.centre, case.person) == (chamber, payment.office, payment.person)
    assert (case.project_name, case.financed_on) == (payment.contract.application.title, payment.executed_on)
