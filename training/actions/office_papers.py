"""The papers of a case of an office, in Kazakh and Russian: asked for, voided, signed by one person at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from bastau import papers
from bastau.flow import Actor, Refused
from bastau.papers.kinds import LANGUAGES
from bastau.papers.models import Paper, PaperState


def ask(case: Any, kind: str, facts: dict[str, Any]) -> None:
    """Ask for the paper in Kazakh and, beside it with the same number, in Russian."""
    original = None
    for language in LANGUAGES:
        paper = papers.ask(
            kind,
            case=(case.kind, case.pk),
            language=language,
            facts=facts,
            office=case.office,
            person=None,
            translation_of=original,
        )
        original = original or paper


def versions(case: Any, kind: str) -> list[Paper]:
    """The live papers of that kind, Kazakh first."""
    live = Paper.objects.filter(case_kind=case.kind, case_id=case.pk, kind=kind).exclude(state=PaperState.VOID)
    return list(live.order_by("language"))


def void(case: Any, kind: str) -> None:
    """Take the force from the live papers of that kind."""
    for paper in versions(case, kind):
        if paper.translation_of_id is None:
            papers.void(paper)


def sign(case: Any, kind: str, *, by: Actor, signatures: Mapping[int, bytes], on: date) -> Paper:
    """Sign all versions and give them out; returns the Kazakh one. Raises Refused and papers.SigningRefused."""
    assert by.user is not None
    found = versions(case, kind)
    if not found or any(paper.state != PaperState.READY for paper in found):
        raise Refused(_("The paper is still being prepared. Wait a moment and open it again."), code="not_ready")
    if {paper.pk for paper in found} != set(signatures):
        raise Refused(_("The paper changed since you opened it. Read it again, then sign."), code="stale")
    for paper in found:
        papers.sign(paper, signatures[paper.pk], by=by.user, post=by.post)
        papers.issue(paper, on)
    return found[0]
