"""The only writers of papers: ask, render, void, issue. Signing stands in `bastau.papers.signing`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from bastau import clock
from bastau.papers import numbers, signals
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState
from bastau.papers.numbers import NotInTransaction
from bastau.people.models import Office, Person

# A paper that no worker has taken up by then is queued again.
FIRST_WAIT = timedelta(seconds=10)


class PaperError(RuntimeError):
    """The paper's state does not allow this step."""


class LivePaperExists(PaperError):
    """A paper of this kind, case and language is already in force or being prepared."""


def ask(
    kind: str,
    *,
    case: tuple[str, int],
    language: str,
    facts: dict[str, Any],
    office: Office,
    person: Person | None,
    translation_of: Paper | None = None,
    shown: bool = False,
) -> Paper:
    """Ask for a paper; a worker renders it after the commit.

    `case` is (case_kind, case_id). `facts` are frozen: what the template prints. `translation_of` names the
    Kazakh paper whose number this version carries (A-43). `shown` lets the person see it at once.
    Raises NotInTransaction, ValueError (language the kind has not) and LivePaperExists.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("Ask for a paper inside the transaction that changes its case.")
    if language not in kind_of(kind).languages:
        raise ValueError(f"{kind} has no version in {language}.")
    case_kind, case_id = case
    now = clock.now()
    paper = Paper(
        kind=kind,
        language=language,
        case_kind=case_kind,
        case_id=case_id,
        person=person,
        office=office,
        facts=facts,
        shown_to_person=shown,
        translation_of=translation_of,
        asked_at=now,
        next_at=now + FIRST_WAIT,
    )
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError as error:
        if "paper_one_live" in str(error):
            raise LivePaperExists(f"{kind} of {case_kind} {case_id} exists in {language}.") from error
        raise
    transaction.on_commit(lambda: _queue(paper.pk), robust=True)
    return paper


def render(paper_id: int) -> Paper:
    """Give the paper its number and its bytes: state asked -> ready. A second call changes nothing.

    The number is taken in a transaction of its own, so that the lock on the series is never held while pages are
    laid out; an attempt cut short keeps the number for the next one. Raises Paper.DoesNotExist.
    """
    paper = _begin(paper_id)
    if paper.state != PaperState.ASKED:
        return paper
    name = ""
    try:
        with transaction.atomic():
            paper = Paper.objects.select_for_update(of=("self",)).select_related("office").get(pk=paper_id)
            if paper.state != PaperState.ASKED:
                return paper
            content = _print(paper)
            name = default_storage.save(f"papers/{secrets.token_hex(16)}.pdf", ContentFile(content))
            paper.kept(name, hashlib.sha256(content).hexdigest(), clock.now())
            paper.save(update_fields=["file", "sha256", "rendered_at", "state"])
            signals.rendered.send(sender=Paper, paper=paper)
    except BaseException:
        if name:
            default_storage.delete(name)
        raise
    return paper


def void(paper: Paper) -> Paper:
    """Take the force from a paper that is not issued, and from its translations; the number stays void (A-51).

    Voiding twice changes nothing. Raises PaperError when the paper is issued and its kind cannot be annulled.
    """
    with transaction.atomic():
        paper = _locked(paper)
        if paper.state == PaperState.ISSUED and not kind_of(paper.kind).annullable:
            raise PaperError("An issued paper cannot be voided.")
        if paper.state != PaperState.VOID:
            paper.voided(clock.now())
            paper.save(update_fields=["state", "voided_at"])
        for version in paper.translations.exclude(state=PaperState.VOID).order_by("pk"):
            void(version)
    return paper


def issue(paper: Paper, on: date) -> Paper:
    """Record that the paper is given out on the local date `on` and show it to the person.

    A kind that somebody signs must be signed; issuing twice on the same date changes nothing. Raises PaperError.
    """
    with transaction.atomic():
        paper = _locked(paper)
        if paper.state == PaperState.ISSUED and paper.issued_on == on:
            return paper
        wanted = PaperState.SIGNED if kind_of(paper.kind).signer else PaperState.READY
        if paper.state != wanted:
            raise PaperError(f"A paper that is {paper.state} cannot be issued.")
        paper.issued(on)
        paper.shown_to_person = True
        paper.save(update_fields=["state", "issued_on", "shown_to_person"])
    return paper


def show(paper: Paper) -> None:
    """Let the person the paper is about read it before it is issued: a contract sent to be signed."""
    Paper.objects.filter(pk=paper.pk).exclude(state=PaperState.VOID).update(shown_to_person=True)


def _begin(paper_id: int) -> Paper:
    """Count the attempt and take the number, if the paper still waits for either; the original's goes first."""
    original_id = Paper.objects.values_list("translation_of", flat=True).get(pk=paper_id)
    original = _begin(original_id) if original_id is not None else None
    with transaction.atomic():
        paper = Paper.objects.select_for_update(of=("self",)).select_related("office").get(pk=paper_id)
        if paper.state != PaperState.ASKED:
            return paper
        paper.tried(clock.now())
        if not paper.number:
            paper.numbered(original.number if original else _next_number(paper))
        paper.save(update_fields=["attempts", "next_at", "number"])
    return paper


def _next_number(paper: Paper) -> str:
    kind = kind_of(paper.kind)
    if kind.series is None:
        return ""
    name = kind.series(paper)
    return kind.number_format(name, numbers.take(name))


def _print(paper: Paper) -> bytes:
    # Papers are printed in workers only: a web process never loads WeasyPrint.
    from bastau.papers import seals
    from bastau.papers.printing import to_pdf

    content = to_pdf(paper)
    return seals.seal(content, paper.office) if kind_of(paper.kind).sealed else content


def _locked(paper: Paper) -> Paper:
    return Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)


def _queue(paper_id: int) -> None:
    from bastau.papers.tasks import render as task

    task.delay(paper_id)
