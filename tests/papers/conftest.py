"""Papers to work with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from bastau import papers
from bastau.papers.models import Paper
from bastau.people.models import Office, User
from bastau.people.roles import Role
from tests.factories import CitizenFactory, OfficeFactory, StaffFactory
from tests.papers.facts import FACTS


@pytest.fixture
def kept_files(tmp_path: Path) -> Path:
    """Where the storage of this test keeps papers and uploads."""
    return tmp_path / "kept"


@pytest.fixture
def office(db: None) -> Office:
    return OfficeFactory(has_seal=True)


@pytest.fixture
def citizen(db: None) -> User:
    return CitizenFactory()


@pytest.fixture
def director(office: Office) -> User:
    return StaffFactory(role=Role.DIRECTOR, office=office)


@pytest.fixture
def asked(office: Office, citizen: User) -> Callable[..., Paper]:
    """Asks for a paper of the citizen's case 1."""

    def ask(kind: str = "referral_a5", *, language: str = "kk", case: int = 1, **more: Any) -> Paper:
        with transaction.atomic():
            return papers.ask(
                kind,
                case=("referral", case),
                language=language,
                facts=FACTS[kind] | more.pop("facts", {}),
                office=office,
                person=citizen.person,
                **more,
            )

    return ask


@pytest.fixture
def ready(asked: Callable[..., Paper]) -> Callable[..., Paper]:
    """A rendered paper."""

    def make(*args: Any, **more: Any) -> Paper:
        return papers.render(asked(*args, **more).pk)

    return make
