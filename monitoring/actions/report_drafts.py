"""The draft of a quarterly report: what the grantee says and proves, kept as it is entered. The only writers of it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import papers
from bastau.flow import Actor, Refused
from bastau.papers.models import Paper, PaperState, Upload
from monitoring.actions.reports import locked, refuse_early
from monitoring.conditions.reports import WHOLE
from monitoring.models import QuarterlyReport, ReportLine
from monitoring.papers import reports as kinds
from monitoring.rights import reports as rights
from monitoring.states import REPORT_EDITABLE, ReportState

ANSWERS = frozenset({"spent", "no_spend_reason", "progress", "jobs", "income", "taxes", "problems", "language"})
#: More documents than a quarter of a small business has; the page stays usable on a phone.
MOST_LINES = 100


def answer(report: QuarterlyReport, *, by: Actor, **answers: Any) -> QuarterlyReport:
    """Keep answers. A paper prepared before is void. Raises Refused; ValueError on a field that is no answer."""
    if unknown := set(answers) - ANSWERS:
        raise ValueError(f"Not an answer of the report: {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        report = _draft(report, by)
        changed = [name for name, value in answers.items() if getattr(report, name) != value]
        if changed:
            for name in changed:
                setattr(report, name, answers[name])
            report.check_fields()
            report.save(update_fields=changed)
            _void(report)
    return report


def answer_faults(report: QuarterlyReport, *, by: Actor, text: str) -> QuarterlyReport:
    """What the grantee mended, in answer to the reasons of the return. Raises Refused."""
    with transaction.atomic():
        report = _draft(report, by)
        last = report.returns.filter(answered_at=None).first()
        if last is None:
            raise Refused(_("This report did not come back, so there is nothing to answer."))
        last.answer = text.strip()
        last.save(update_fields=["answer"])
    return report


def add_line(
    report: QuarterlyReport, *, by: Actor, file: UploadedFile, line: ReportLine | None = None, **said: Any
) -> ReportLine:
    """Keep one document with its file: a new line, or `line` with another file.

    Raises Refused, papers.UploadRefused.
    """
    assert by.user is not None
    with transaction.atomic():
        report = _draft(report, by)
        if line is None and report.lines.count() >= MOST_LINES:
            raise Refused(
                _("%(most)s documents are entered already. Join documents of one purchase into one PDF.")
                % {"most": MOST_LINES}
            )
        upload = papers.accept_upload(
            file,
            case=(report.kind, report.pk),
            kind=said["proof_kind"],
            person=report.person,
            office=report.office,
            by=by.user,
        )
        return _kept(report, line or ReportLine(report=report), {**said, "upload": upload})


def change_line(report: QuarterlyReport, *, by: Actor, line: ReportLine, **said: Any) -> ReportLine:
    """Change what is said of a document and keep its file; it has to be looked at again. Raises Refused."""
    with transaction.atomic():
        return _kept(_draft(report, by), line, said)


def remove_line(report: QuarterlyReport, *, by: Actor, line: ReportLine) -> None:
    """Take a document out. Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        report = _draft(report, by)
        found = report.lines.select_related("upload").filter(pk=line.pk).first()
        if found is None:
            return
        upload = found.upload
        found.delete()
        _forget(report, upload)
        _void(report)


def _kept(report: QuarterlyReport, line: ReportLine, said: dict[str, Any]) -> ReportLine:
    if line.report_id != report.pk:
        raise Refused(_("This document belongs to another report."))
    item = said.get("project_line")
    if item is not None and item.application_id != report.payment.contract.application_id:
        raise Refused(_("Choose an item of your own estimate."))
    same = report.lines.filter(
        proof_kind=said["proof_kind"], proof_number=said["proof_number"], proof_date=said["proof_date"],
        supplier=said["supplier"], amount=said["amount"], project_line=item,
    )  # fmt: skip
    if not said["proof_number"]:
        same = same.filter(upload=said.get("upload"))
    if line.pk is None and (twin := same.first()) is not None:
        # The second of two clicks.
        return twin
    before = line.upload if line.upload_id else None
    for name, value in said.items():
        setattr(line, name, value)
    line.decision, line.decided_at, line.decided_by = "", None, None
    line.save()
    if before is not None and before.pk != line.upload_id:
        _forget(report, before)
    _void(report)
    return line


def _forget(report: QuarterlyReport, upload: Upload) -> None:
    if not report.lines.filter(upload=upload).exists():
        papers.remove_upload(upload)


def _draft(report: QuarterlyReport, by: Actor) -> QuarterlyReport:
    report = locked(report)
    allowed = rights.may(report, "file", by)
    if not allowed.ok:
        raise Refused(str(allowed.reason), code="not_yours")
    if report.state not in REPORT_EDITABLE:
        raise Refused(_("This report was filed already and cannot be changed here."), code="not_draft")
    return report


def prepare(report: QuarterlyReport, *, by: Actor) -> Paper:
    """Have the report printed for signing, or give back the print that says the same. Raises Refused: too early,
    or not whole, with the sentence of what is missing."""
    with transaction.atomic():
        report = _draft(report, by)
        if report.state == ReportState.UPCOMING:
            refuse_early(report)
        if (missing := gap(report)) is not None:
            raise Refused(missing, code="gap")
        live = report_paper(report)
        if live is not None:
            return live
        assert report.office is not None
        return papers.ask(
            kinds.QUARTERLY_REPORT,
            case=(report.kind, report.pk),
            language=report.language,
            facts=kinds.report_facts(report),
            office=report.office,
            person=report.person,
            shown=True,
        )


def gap(report: QuarterlyReport) -> Any:
    """The sentence of the first thing that is missing for filing; None where the report is whole."""
    return next((getattr(one, "reason", "") for one in WHOLE if not one(report)), None)


def report_paper(report: QuarterlyReport) -> Paper | None:
    """The print that waits for the grantee's signature; None where there is none."""
    found = _papers(report).filter(state__in=[PaperState.ASKED, PaperState.READY], language=report.language)
    return found.first()


def _papers(report: QuarterlyReport) -> Any:
    of_report = Paper.objects.filter(case_kind=report.kind, case_id=report.pk, kind=kinds.QUARTERLY_REPORT)
    return of_report.exclude(state=PaperState.VOID).order_by("pk")


def _void(report: QuarterlyReport) -> None:
    # What was signed before the report came back is void too: it says something else now.
    for paper in _papers(report):
        papers.void(paper)
