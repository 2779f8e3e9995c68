"""The monthly list to the chamber (SPEC 2.7, 118-p12)."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import pgettext_lazy

from bastau.papers.files import register_cases
from bastau.papers.kinds import LANGUAGES, PaperKind, register
from bastau.people.models import Post
from bastau.people.roles import Role
from bastau.portal.figures import iin_masked
from referrals.states import StudyForm, TargetStatus
from training.models import ListLine, MonthlyList
from training.papers.enrolments import both

MONTHLY_LIST = "monthly_list"

MONTHS_KK = (
    "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
    "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
)  # fmt: skip
MONTHS_RU_IN = (
    "январе", "феврале", "марте", "апреле", "мае", "июне",
    "июле", "августе", "сентябре", "октябре", "ноябре", "декабре",
)  # fmt: skip
FORMS = {
    "": {"kk": "", "ru": ""},
    StudyForm.OFFLINE: {"kk": "практикалық", "ru": "практическая"},
    StudyForm.ONLINE: {"kk": "қашықтықтан", "ru": "дистанционная"},
}
LANGUAGE_NAMES = {"kk": {"kk": "қазақ", "ru": "казахский"}, "ru": {"kk": "орыс", "ru": "русский"}}

register(PaperKind(MONTHLY_LIST, pgettext_lazy("paper", "Monthly list"), "papers/monthly_list", signer="director"))
register_cases(MonthlyList.kind, MonthlyList.objects.with_people_for, whole=True)


def list_facts(case: MonthlyList) -> dict[str, Any]:
    """The list as its lines stand now; the IIN is masked on the paper, whole only in the electronic register."""
    assert case.office is not None
    lines = list(case.lines.select_related("referral__person"))
    return {
        "office": both(case.office.name),
        "centre": both(case.office.name),
        "to": both(case.chamber.name),
        "number": case.number,
        "title": {
            "kk": f"{case.month.year} жылғы {MONTHS_KK[case.month.month - 1]} айында оқуға жолдама алған үміткерлердің"
            " тізімі",
            "ru": "Список претендентов, получивших направление на обучение в"
            f" {MONTHS_RU_IN[case.month.month - 1]} {case.month.year} года",
        },
        "part": case.part,
        "lines": {language: [_line(line, language) for line in lines] for language in LANGUAGES},
        "total": len(lines),
        "director": _director(case),
    }


def _line(line: ListLine, language: str) -> dict[str, Any]:
    referral, person = line.referral, line.referral.person
    with translation.override(language):
        status = str(TargetStatus(referral.target_status).label)
    return {
        "name": person.full_name,
        "iin": iin_masked(person.iin),
        "status": status,
        "residence": referral.address(language),
        "phone": referral.phone or person.phone,
        "email": referral.email or person.email,
        "referral": line.referral_number,
        "date": line.referral_date.isoformat(),
        "form": FORMS[referral.study_form][language],
        "language": LANGUAGE_NAMES[referral.language][language],
    }


def _director(case: MonthlyList) -> str:
    posts = Post.objects.in_force().filter(office=case.office, role=Role.DIRECTOR).select_related("user__person")
    post = min(posts, key=lambda post: (post.substitutes_id is not None, post.pk), default=None)
    return post.user.person.full_name if post else ""
