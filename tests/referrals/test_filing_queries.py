"""How many statements the filing and the citizen's page cost. The numbers are promises; more needs a reason."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bastau import clock
from tests.conftest import MONDAY
from tests.factories import CitizenFactory
from tests.referrals import cases
from tests.referrals.cases import Centre
from tests.referrals.walk import filled_in, printed, send, sent, signed_in

pytestmark = pytest.mark.django_db

AT_MOST = 12
FRAME = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK)")


def inside_the_atomic_block(queries: CaptureQueriesContext) -> list[str]:
    """The statements between the first savepoint of the request (its BEGIN) and the last release of it."""
    said = [query["sql"] for query in queries.captured_queries]
    begin = next(n for n, sql in enumerate(said) if sql.startswith("SAVEPOINT"))
    name = said[begin].split()[1]
    end = max(n for n, sql in enumerate(said) if sql == f"RELEASE SAVEPOINT {name}")
    return [sql for sql in said[begin:end] if not FRAME.match(sql)]


@pytest.mark.parametrize("trained_until", [None, "2025-04-30"])
def test_filing_takes_at_most_twelve_statements_in_its_transaction(trained_until: str | None) -> None:
    centre = Centre.open()
    web = signed_in(CitizenFactory(person__email="aigul@demo.example"))
    with clock.at(MONDAY):
        # The first filing of a process also reads what later ones keep: keys, certificates, content types.
        sent(signed_in(CitizenFactory()), centre)
        application = filled_in(web, centre, trained_until=trained_until)
        paper = printed(web, application)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = send(web, application, paper)
    assert response.url.endswith("/done/")
    statements = inside_the_atomic_block(queries)
    assert len(statements) <= AT_MOST, "\n".join(statements)


def test_the_cabinet_takes_as_many_statements_for_three_cases_as_for_one() -> None:
    centre = Centre.open()
    citizen = CitizenFactory()
    web = signed_in(citizen)
    with clock.at(MONDAY):
        cases.decided(centre, person=citizen.person)
        with CaptureQueriesContext(connection) as one:
            web.get("/cabinet/")
        cases.decided(centre, person=citizen.person)
        sent(web, centre)
        with CaptureQueriesContext(connection) as three:
            web.get("/cabinet/")
    assert len(three) == len(one)
    # one statement for each kind of case of the whole chain
    assert len(three) <= 20, "\n".join(query["sql"] for query in three.captured_queries)
