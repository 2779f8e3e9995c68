"""One paid grant for all tests of a module: the long way to it is walked once, each test undoes only its own steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils.translation import override

from bastau import clock
from bastau.papers import actions as printer
from grants.models import Payment
from tests.grants.contract_cases import PayingCentre
from tests.monitoring import reports_cases as cases


def printed(paper: Any) -> bytes:
    """Stands in for WeasyPrint: quick, and different for each paper."""
    return f"%PDF-1.7 {paper.code}".encode()


@dataclass
class Granted:
    """The centre and its payment of 20 May 2026."""

    centre: PayingCentre
    payment_id: int

    @property
    def payment(self) -> Payment:
        return Payment.objects.select_related("person", "office", "contract__application").get(pk=self.payment_id)


@pytest.fixture(scope="module")
def granted(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Granted]:
    """A grant of 1 500 000 ₸ executed on 20 May 2026, within a transaction that the module rolls back."""
    kept: Path = tmp_path_factory.mktemp("kept")
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": kept}}
    with django_db_blocker.unblock(), transaction.atomic():
        from django.conf import settings

        with (
            override_settings(STORAGES={**settings.STORAGES, "default": storage}),
            mock.patch.object(printer, "_print", printed),
            override("en"),
            clock.at(cases.PAID),
        ):
            centre = PayingCentre.open()
            payment = cases.paid(centre)
        yield Granted(centre, payment.pk)
        transaction.set_rollback(True)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Papers without WeasyPrint, sentences in English."""
    monkeypatch.setattr(printer, "_print", printed)
    with override("en"):
        yield


@pytest.fixture
def july(granted: Granted, db: None, quick: None) -> Iterator[Granted]:
    """The first quarter of the reports is over: it is 1 July 2026."""
    with clock.at(cases.JULY):
        yield granted
