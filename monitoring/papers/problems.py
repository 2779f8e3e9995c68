"""The register of problem issues for a period (SPEC 2.15; 118-p36). Its words are the form's own, not the screens'."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext_lazy

from bastau import clock
from bastau.flow.models import Deadline
from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.papers.models import Paper
from bastau.people.models import Office, User
from bastau.people.scope import centre_for
from monitoring.models import AccompanimentCase, ConsultationRequest, ProblemIssue, ProblemRegister, Visit
from monitoring.rules.accompaniment import series
from monitoring.states import ProblemCategory, ProblemSource, ProblemState

PROBLEM_REGISTER = "problem_register"

CATEGORIES = {
    ProblemCategory.FINANCE: {"kk": "қаржы", "ru": "финансы"},
    ProblemCategory.TAX: {"kk": "салық", "ru": "налоги"},
    ProblemCategory.SALES: {"kk": "өткізу", "ru": "сбыт"},
    ProblemCategory.PERMITS: {"kk": "рұқсат құжаттары", "ru": "разрешительные документы"},
    ProblemCategory.INFRASTRUCTURE: {"kk": "инфрақұрылым", "ru": "инфраструктура"},
    ProblemCategory.STAFF: {"kk": "кадр", "ru": "кадры"},
    ProblemCategory.LEGAL: {"kk": "құқықтық", "ru": "правовой"},
    ProblemCategory.OTHER: {"kk": "өзге", "ru": "иной"},
}
SOURCES = {
    ProblemSource.MONITORING: {"kk": "мониторинг", "ru": "мониторинг"},
    ProblemSource.REPORT: {"kk": "есеп", "ru": "отчет"},
    ProblemSource.ENQUIRY: {"kk": "өтініш", "ru": "обращение"},
}
RESOLVED = {"kk": "шешілді", "ru": "решен"}
UNRESOLVED = {"kk": "шешілмеді", "ru": "не решен"}
PASSED_UP = {"kk": "жоғары тұрған деңгейге берілді", "ru": "передан на вышестоящий уровень"}
RESULTS = {
    ProblemState.RESOLVED: RESOLVED,
    ProblemState.CONFIRMED: RESOLVED,
    ProblemState.CLOSED: RESOLVED,
    ProblemState.ESCALATED: PASSED_UP,
    ProblemState.CLOSED_UNRESOLVED: UNRESOLVED,
}


def _series(paper: Paper) -> str:
    return series(PROBLEM_REGISTER, paper.office.region_id, clock.today(paper.office.zone))


register(
    PaperKind(
        PROBLEM_REGISTER, pgettext_lazy("paper", "Register of problem issues"), "papers/problem_register",
        series=_series,
    )
)  # fmt: skip
register_cases(ProblemRegister.kind, ProblemRegister.objects.visible_to, whole=True)
# Files of these cases are read by who sees the case.
for model in (AccompanimentCase, Visit, ConsultationRequest, ProblemIssue):
    register_cases(model.kind, model.objects.visible_to, whole=True)  # type: ignore[attr-defined]


def register_facts(printed: ProblemRegister, by: User) -> dict[str, Any]:
    """What the register of a period prints: the rows of SPEC 2.15 as they stand now, in both languages."""
    office = printed.office
    issues = list(
        printed.issues().select_related("person", "accompaniment__centre", "trainer__person").order_by("found_on", "pk")
    )
    due = _due(issues, office)
    districts = _districts(issues)
    rows = {
        language: [_row(n, issue, due, districts, language) for n, issue in enumerate(issues, start=1)]
        for language in LANGUAGES
    }
    return {
        "office": {language: office.name(language) for language in LANGUAGES},
        "since": printed.since.isoformat(),
        "until": printed.until.isoformat(),
        "rows": rows,
        "made_by": by.person.full_name,
        "made_on": clock.today(office.zone).isoformat(),
    }


def _row(
    n: int, issue: ProblemIssue, due: dict[int, date], districts: dict[str, Office | None], language: str
) -> dict[str, Any]:
    project = issue.accompaniment.project_name
    district = issue.accompaniment.centre or districts.get(issue.person.residence)
    state = ProblemState(issue.state)
    day = due.get(issue.pk)
    return {
        "n": n,
        "participant": ", ".join(part for part in (issue.person.full_name, f"«{project}»" if project else "") if part),
        "district": district.name(language) if district else "",
        "category": CATEGORIES[ProblemCategory(issue.category)][language],
        "essence": issue.essence,
        "found_at": f"{issue.found_on:%d.%m.%Y}",
        "source": SOURCES[ProblemSource(issue.source)][language],
        "trainer": issue.trainer.person.full_name if issue.trainer else "",
        "due": f"{day:%d.%m.%Y}" if day else "",
        "measures": issue.measures or issue.unresolved_reason,
        "result": RESULTS[state][language] if state in RESULTS else "",
    }


def _due(issues: list[ProblemIssue], office: Office) -> dict[int, date]:
    """The term of each issue, the last one where it ran anew."""
    rows = Deadline.objects.filter(
        case_kind=ProblemIssue.kind, case_id__in=[issue.pk for issue in issues], name="T-PROBLEM"
    )
    zone = ZoneInfo(office.zone)
    return {row.case_id: row.due_at.astimezone(zone).date() for row in rows.order_by("pk")}


def _districts(issues: list[ProblemIssue]) -> dict[str, Office | None]:
    # Only where the accompaniment names no centre; each place is looked up once.
    places = {issue.person.residence for issue in issues if issue.accompaniment.centre is None}
    return {place: centre_for(place) for place in sorted(places) if place}
