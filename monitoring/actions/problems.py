"""Problem issues: found, given to a trainer, resolved, confirmed, passed on; and the register printed (118-p36)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, papers
from bastau.flow import Actor, Refused, perform
from bastau.papers import numbers
from bastau.papers.models import Paper
from bastau.people.models import Post, User
from bastau.people.posts import holds
from bastau.people.roles import Role
from monitoring.models import (
    AccompanimentCase,
    ConsultationRequest,
    MonitoringCard,
    ProblemIssue,
    ProblemNote,
    ProblemRegister,
    ReportLine,
)
from monitoring.papers import problems as kinds
from monitoring.rules import accompaniment as rules
from monitoring.states import ProblemSource


def find(
    case: AccompanimentCase,
    *,
    by: Actor,
    key: UUID,
    category: str,
    essence: str,
    found_on: date,
    source: str = ProblemSource.MONITORING,
    card: MonitoringCard | None = None,
    enquiry: ConsultationRequest | None = None,
    report_line: ReportLine | None = None,
) -> ProblemIssue:
    """The consultant enters an issue, from monitoring, a report line or an enquiry (118-p36).

    The same `key` sent twice gives back the first. Raises Refused.
    """
    assert case.office is not None
    assert by.user is not None
    if not essence.strip():
        raise Refused(_("Write what hinders the business."))
    if found_on > clock.today(case.office.zone):
        raise Refused(_("An issue cannot be found on a day that lies ahead."))
    now, office = clock.now(), case.office
    with transaction.atomic():
        AccompanimentCase._base_manager.select_for_update(of=("self",)).get(pk=case.pk)
        found = ProblemIssue._base_manager.filter(key=key).first()
        if found is not None:
            return found
        case = perform(case, "enter_issue", by=by)
        issue = ProblemIssue(
            accompaniment=case, person=case.person, office=office, key=key, category=category,
            essence=essence.strip(), found_on=found_on, source=source, card=card, enquiry=enquiry,
            report_line=report_line, consultant=by.user, assignee=by.user, runs_from=now,
            ruleset=case.ruleset, created_at=now,
        )  # fmt: skip
        name = rules.series("problem", office.region_id, clock.today(office.zone))
        issue.number = f"{name}-{numbers.take(name):06d}"
        issue.save()
        return perform(issue, "find", by=by, number=issue.number, category=category, source=source)


def assign(issue: ProblemIssue, *, by: Actor, trainer: User) -> ProblemIssue:
    """Give the issue to a business trainer of the chamber (118-p36). Raises Refused."""
    posts = Post.objects.in_force().filter(user=trainer, office=issue.office, role=Role.TRAINER, user__is_active=True)
    if not posts.exists():
        raise Refused(_("This person is no business trainer of the chamber now. Choose another."))
    if trainer.person_id == issue.person_id:
        raise Refused(_("Nobody resolves an issue of their own business. Choose another trainer."))
    return perform(issue, "assign", by=by, set={"trainer": trainer}, user=trainer.pk)


def start_work(issue: ProblemIssue, *, by: Actor) -> ProblemIssue:
    """The trainer takes the issue up. Raises Refused."""
    return perform(issue, "start_work", by=by)


def resolve(issue: ProblemIssue, *, by: Actor, measures: str) -> ProblemIssue:
    """What was done about it: by the trainer, or at the higher level it was passed to (118-p36). Raises Refused."""
    if not measures.strip():
        raise Refused(_("Write what was done."))
    return _noted(issue, "resolve", by, measures, {"measures": measures.strip()})


def reject(issue: ProblemIssue, *, by: Actor, text: str) -> ProblemIssue:
    """The consultant does not find it resolved: back to the trainer, whose term runs anew. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write what still hinders the business."))
    return _noted(issue, "reject", by, text, {})


def confirm(issue: ProblemIssue, *, by: Actor) -> ProblemIssue:
    """The consultant confirms the measures. Raises Refused."""
    return perform(issue, "confirm", by=by)


def close(issue: ProblemIssue, *, by: Actor) -> ProblemIssue:
    """Close a confirmed issue. Raises Refused."""
    return perform(issue, "close", by=by)


def escalate(issue: ProblemIssue, *, by: Actor, level: str, text: str) -> ProblemIssue:
    """Outside the trainer's power: to the chamber or the local executive body. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write why the trainer cannot resolve it."))
    return _noted(issue, "escalate", by, text, {"level": level}, level=level)


def give_up(issue: ProblemIssue, *, by: Actor, reason: str) -> ProblemIssue:
    """Closed without being resolved, with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write why it could not be resolved."))
    return _noted(issue, "give_up", by, reason, {"reason": reason.strip()})


def _noted(issue: ProblemIssue, event: str, by: Actor, text: str, said: dict[str, Any], **facts: Any) -> ProblemIssue:
    with transaction.atomic():
        issue = perform(issue, event, by=by, set=said, **facts)
        assert by.user is not None
        ProblemNote.objects.create(issue=issue, event=event, text=text.strip(), by=by.user, at=clock.now())
    return issue


def print_register(*, by: Actor, since: date, until: date, language: str, key: UUID) -> ProblemRegister:
    """Ask for the register of the issues found in a period, in Kazakh and, where asked, beside it in Russian.

    The same `key` sent twice gives back the first. Raises Refused.
    """
    assert by.user is not None
    if by.post is None or by.role not in PRINTERS or holds(by.user, by.role, by.post.office_id) is None:
        raise Refused(_("Your post does not include this step."))
    if since > until:
        raise Refused(_("The period ends before it begins. Check both days."))
    office = by.post.office
    with transaction.atomic():
        register, made = ProblemRegister.objects.get_or_create(
            key=key, defaults={"office": office, "since": since, "until": until, "by": by.user, "at": clock.now()}
        )
        if made:
            facts = kinds.register_facts(register, by.user)
            case = (ProblemRegister.kind, register.pk)
            ask = partial(papers.ask, kinds.PROBLEM_REGISTER, case=case, facts=facts, office=office, person=None)
            original = ask(language="kk")
            if language == "ru":
                ask(language="ru", translation_of=original)
    return register


PRINTERS = (Role.PROJECT_CONSULTANT, Role.COORDINATOR)


def papers_of(registers: list[ProblemRegister]) -> dict[int, list[Paper]]:
    """The language versions of each printing, Kazakh first: id of the printing -> papers."""
    found: dict[int, list[Paper]] = {}
    ids = [register.pk for register in registers]
    for paper in Paper.objects.filter(case_kind=ProblemRegister.kind, case_id__in=ids).order_by("language"):
        found.setdefault(paper.case_id, []).append(paper)
    return found
