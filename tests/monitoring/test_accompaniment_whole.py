"""Where accompaniment meets the training: under way, or completed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from bastau import clock
from bastau.people.roles import Role
from monitoring.actions import accompaniment, consultations
from monitoring.models import AccompanimentCase, ConsultationRequest
from monitoring.states import AccompanimentState, ConsultationKind, FinancingSource, Topic
from tests.monitoring import accompaniment_cases as cases
from tests.monitoring.accompaniment_screens import browser, day
from tests.training import course_cases
from tests.training.test_certificates_actions import issued
from tests.training.test_enrolments_actions import assessed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.clause("118-p23")
def test_while_the_training_runs_the_participant_asks_the_trainer_alone() -> None:
    made = course_cases.running()
    with clock.at(made.at(3)):
        by = course_cases.citizen(made.people[0])
        web = browser(by)
        assert "Ask for a consultation" in web.get(reverse("monitoring:enquiries")).content.decode()
        web.post(reverse("monitoring:ask", args=["individual"]), {"key": str(uuid4()), "text": "Жоспар туралы."})
        request = ConsultationRequest.objects.get()
        assert request.consultation_kind == ConsultationKind.INDIVIDUAL_TRAINING
        assert (request.assignee, request.turn) == (made.group.trainer, Role.TRAINER)


@pytest.mark.clause("118-p33-1")
def test_who_completed_the_training_is_accompanied_with_other_financing_too() -> None:
    made = assessed()
    with clock.at(made.after):
        certificate = issued(made)
        consultant = cases.hired(made.chamber.office, Role.PROJECT_CONSULTANT)
        said: dict[str, Any] = {
            "certificate": certificate.number, "source": "microcredit", "project_name": "Наубайхана",
            **day("financed_on", clock.today("Asia/Almaty")),
        }  # fmt: skip
        web = browser(consultant)
        for _ in range(2):
            web.post(reverse("monitoring_office:financing_new"), {**said, "evidence": cases.picture()}, follow=True)
        case = AccompanimentCase.objects.get()
        assert (case.state, case.person) == (AccompanimentState.WAITING_LAUNCH, certificate.person)
        assert case.financing_source == FinancingSource.MICROCREDIT
        # Who trained the person goes on with the business.
        assert case.trainer == made.group.trainer
        case = accompaniment.launch(
            case, by=consultant, launched_on=case.financed_on, category="none", evidence=cases.picture()
        )
        assert case.assignee == consultant.user
        asked = consultations.ask(
            by=course_cases.citizen(made.people[0]), key=uuid4(), text="Қандай салық?", topic=Topic.TAX,
            consultation_kind=ConsultationKind.ACCOMPANIMENT,
        )  # fmt: skip
        assert asked.assignee == consultant.user
