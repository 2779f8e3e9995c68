"""What several of the actions need: locked rows and the live papers of a case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from bastau import papers
from bastau.flow import Actor, Refused
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Language, Office
from referrals import rights
from referrals.models import ReferralApplication
from referrals.states import Channel, State


def ask_paper(
    application: ReferralApplication, kind: str, facts: dict[str, Any], *, office: Office, shown: bool = False
) -> None:
    """Ask for a paper in Kazakh and, on the citizen's choice, in Russian beside it with the same number (A-43)."""
    case, person = (application.kind, application.pk), application.person
    original = papers.ask(kind, case=case, language="kk", facts=facts, office=office, person=person, shown=shown)
    if application.language == Language.RU:
        papers.ask(
            kind,
            case=case,
            language="ru",
            facts=facts,
            office=office,
            person=person,
            shown=shown,
            translation_of=original,
        )


def void_papers(application: ReferralApplication, of_kinds: list[str]) -> None:
    live = Paper.objects.filter(case_kind=application.kind, case_id=application.pk, kind__in=of_kinds)
    for paper in live.exclude(state=PaperState.VOID).filter(translation_of=None).order_by("pk"):
        papers.void(paper)


def live_paper(application: ReferralApplication, kind: str, language: str) -> Paper | None:
    return (
        Paper.objects.filter(case_kind=application.kind, case_id=application.pk, kind=kind, language=language)
        .exclude(state=PaperState.VOID)
        .first()
    )


def locked(application: ReferralApplication) -> ReferralApplication:
    return (
        ReferralApplication._base_manager.select_for_update(of=("self",))
        .select_related("person", "office", "counter")
        .get(pk=application.pk)
    )


def locked_draft(application: ReferralApplication) -> ReferralApplication:
    draft = locked(application)
    if draft.state != State.DRAFT:
        raise Refused(_("This application was sent already and cannot be changed here."), code="not_draft")
    return draft


def own_draft(application: ReferralApplication, by: Actor) -> ReferralApplication:
    """The locked draft. On the Portal it is changed by its citizen, at a counter by who accepts there.

    Raises Refused for anybody else, and where it is a draft no more.
    """
    draft = locked_draft(application)
    allowed = rights.may(draft, "submit" if draft.channel == Channel.PORTAL else "accept", by)
    if not allowed.ok:
        raise Refused(str(allowed.reason), code="not_yours")
    return draft
